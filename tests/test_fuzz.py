"""Hostile input of every kind ends in a result or in one sentence of the package's own.

``make test`` plays a few hundred cases, the same ones each time. ``GAN_LESSONS_FUZZ=10000`` plays
that many, drawn with the seed ``GAN_LESSONS_FUZZ_SEED``; see ``benchmarks/fuzz/measure.py``.
"""

import io
import json
import math
import os
import pickle
import struct
import tempfile
import unicodedata
import warnings
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from gan_lessons import checkpoints, data, fragment, recording
from gan_lessons.checks import classroom, record
from gan_lessons.errors import LessonError
from gan_lessons.frames import Frames
from gan_lessons.recipes import Settings
from gan_lessons.recorder import LOGGED
from gan_lessons.runs import Run

ASKED = os.environ.get("GAN_LESSONS_FUZZ")
SEED = int(os.environ.get("GAN_LESSONS_FUZZ_SEED", "7"))
CASES = int(ASKED or 350)
#: kind of input to its share of the cases
SHARES = {"pictures": 3, "zips": 3, "arrays": 3, "checkpoints": 2, "recordings": 2, "runs": 3,
          "reports": 3, "fragments": 3}  # fmt: skip
count: Counter = Counter()
outcomes: Counter = Counter()
#: how much one case took at most, without Hypothesis's own memory; only where it is asked for
most: Counter = Counter()
WEIGH = os.path.exists("/proc/self/clear_refs") and "GAN_LESSONS_FUZZ_OUT" in os.environ


def cases(kind):
    """Play this kind's share of the cases, the same ones unless many are asked for."""
    each = math.ceil(CASES * SHARES[kind] / sum(SHARES.values()))

    def wrap(test):
        test = settings(
            max_examples=each, derandomize=not ASKED, database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )(test)  # fmt: skip
        return seed(SEED)(test) if ASKED else test

    return wrap


@pytest.fixture(scope="module", autouse=True)
def tally():
    """How many cases of each kind were played, for ``measure.py``."""
    yield
    if out := os.environ.get("GAN_LESSONS_FUZZ_OUT"):
        found = {"cases": count, "outcomes": outcomes, "most_mib": most}
        Path(out).write_text(json.dumps(found), "utf-8")


def memory(which):
    """MiB of this process, now (VmRSS) or at most since ``forget_peak`` (VmHWM)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) / 1024


def forget_peak():
    Path("/proc/self/clear_refs").write_text("5", "utf-8")


def met(kind, call, *arguments, **options):
    """The result of a call, or None after one clear sentence; anything else is a fault."""
    count[kind] += 1
    if WEIGH:
        forget_peak()
        before = memory("VmRSS")
    try:
        return _met(kind, call, *arguments, **options)
    finally:
        if WEIGH:
            most[kind] = max(most[kind], round(memory("VmHWM") - before))


def _met(kind, call, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = call(*arguments, **options)
        except LessonError as error:
            outcomes[f"{kind}: refused"] += 1
            sentence = str(error)
            assert sentence.isprintable() and len(sentence) > 30, sentence
            assert sentence.endswith(".") and ":" in sentence, sentence  # what was wrong: the cure
            return None
    outcomes[f"{kind}: used"] += 1
    return result


# ------------------------------------------------------------------ how to spoil bytes

HUGE = [b"\xff" * 8, b"\0" * 8, struct.pack("<Q", 1 << 40), struct.pack(">I", 0x7FFFFFFF), b"-1"]
NAMES = st.sampled_from([
    "../../evil.png", "/evil.png", "C:/evil.png", "..\\evil.png", "a\nb.png", "\x1b[31m.png",
    "</script><script>bad()</script>.png", "\u202egnp.png", "frog/" * 40 + "1.png",
    "é\U0001f438.png",
])  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(), max_size=5),  # lone surrogates, too
    st.sampled_from([
        "</script><script>bad()</script>", "<!--<script>", "\"'><img src=x onerror=bad()>",
        "\u2028",
        "</title><svg onload=bad()>", "</style><script>bad()</script>", "]]>", "\ud800", "\0",
        "&lt;",
        "javascript:bad()", "' onmouseover='bad()", "</SCRIPT\n>", "\u202e<b>",
    ]),
)  # fmt: skip


@st.composite
def spoiled(draw, valid):
    """Valid bytes with up to four changes: flipped, cut, inserted, repeated or forged."""
    content = bytearray(draw(st.sampled_from(valid)))
    for _ in range(draw(st.integers(0, 4))):
        # headers stand at the start or at the end: go there as often as anywhere
        at = draw(st.one_of(st.integers(0, 80), st.integers(0, max(0, len(content) - 1)),
                            st.integers(max(0, len(content) - 80), len(content))))  # fmt: skip
        how = draw(st.sampled_from(["flip", "cut", "insert", "repeat", "forge"]))
        if how == "flip" and at < len(content):
            content[at] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del content[at : at + draw(st.sampled_from([1, 4, 30, 10**6]))]
        elif how == "insert":
            content[at:at] = draw(st.binary(min_size=1, max_size=12))
        elif how == "repeat":
            content[at:at] = content[at : at + draw(st.integers(1, 200))]
        elif how == "forge":
            huge = draw(st.sampled_from(HUGE))
            content[at : at + len(huge)] = huge
    return bytes(content)


# ------------------------------------------------------------------ pictures, zips, arrays


def picture(kind, mode="RGB", size=(13, 9), **options):
    values = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 4), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(values, "RGBA").convert("RGB").convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def animated(kind):
    rest = [Image.new("RGB", (9, 9), (40 * k, 0, 0)) for k in range(3)]
    return picture(kind, save_all=True, append_images=rest)


def deep(kind):
    """Sixteen bits a pixel."""
    buffer = io.BytesIO()
    Image.fromarray(np.arange(99, dtype=np.uint16).reshape(9, 11) * 600).save(buffer, kind)
    return buffer.getvalue()


#: Pillow hands this to Ghostscript, an interpreter, unless it is told what it may open
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n%%EOF\n"
PICTURES = [
    picture("PNG"), picture("PNG", "P"), picture("PNG", "1"), picture("PNG", "LA"),
    picture("JPEG"), picture("JPEG", "CMYK"), picture("BMP"), picture("PPM"), picture("WEBP"),
    picture("TIFF"), picture("TIFF", "F"), picture("TIFF", "CMYK", compression="tiff_lzw"),
    picture("GIF"), animated("GIF"), animated("PNG"), animated("TIFF"), deep("PNG"), deep("TIFF"),
    POSTSCRIPT, b"",
]  # fmt: skip
BOMB = picture("PNG", "1", (9000, 9000))


def right(images):
    """Whatever was read is what the package promises."""
    if images is not None:
        assert images.dtype == np.float32 and images.shape[1:] == (8, 8, 3) and len(images)
        assert np.isfinite(images).all() and abs(images).max() <= 1.001


@cases("pictures")
@given(content=spoiled(PICTURES), ending=st.sampled_from([".png", ".jpg", ".tif", ".gif"]))
@example(content=BOMB, ending=".png")
@example(content=POSTSCRIPT, ending=".jpg")
def test_pictures(content, ending):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"frog{ending}").write_bytes(content)
        right(met("pictures", data.load_images, folder, image_size=8))


def test_no_interpreter_is_started_for_a_picture(tmp_path, monkeypatch):
    from PIL import EpsImagePlugin

    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *a, **k: started.append(a))
    (tmp_path / "frog.png").write_bytes(POSTSCRIPT)
    with pytest.raises(LessonError, match="it is no picture"):
        data.load_images(tmp_path, image_size=8)
    assert not started


def zipped(*entries, how=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", how) as archive:
        warnings.simplefilter("ignore")  # of entries with the same name
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry


GOOD = [(f"frog/{k}.png", PICTURES[k % 4]) for k in range(3)]
ZIPS = [zipped(*GOOD), zipped(*GOOD, how=zipfile.ZIP_STORED), zipped(*GOOD, how=zipfile.ZIP_LZMA),
        zipped((link("frog/1.png"), "/etc/passwd")), zipped(("bomb.png", bytes(5 << 20))),
        zipped(("é/ü.png", PICTURES[0])), zipped(*GOOD[:1], *GOOD[:1])]  # fmt: skip


#: an entry whose name has no letters at all: what was its name is an empty extra field
NAMELESS = zipped(("abcd", b"")).replace(b"abcd", b"\x01\x02\0\0")
_at = NAMELESS.index(b"PK\x01\x02") + 28
NAMELESS = NAMELESS[:_at] + struct.pack("<HH", 0, 4) + NAMELESS[_at + 4 :]


@cases("zips")
@given(content=spoiled(ZIPS), extra=st.one_of(st.none(), NAMES))
@example(content=zipped(*GOOD).replace(b"PK\x01\x02\x14\x03\x14\0", b"PK\x01\x02\x14\x03\xff\0"),
         extra=None)  # a version of zip that is not known  # fmt: skip
@example(content=zipped(("é.png", PICTURES[0])).replace("é".encode(), b"\xff\xfe"), extra=None)
@example(content=NAMELESS, extra=None)
def test_zips(content, extra):
    if extra is not None:
        content = zipped((extra, PICTURES[0]), *GOOD)
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / "a" / "b"
        inner.mkdir(parents=True)
        (inner / "x.zip").write_bytes(content)
        right(met("zips", data.load_images, inner / "x.zip", image_size=8))
        found = [p.name for p in Path(folder).rglob("*") if p.is_file()]
        assert found == ["x.zip"]  # nothing was unpacked, there or anywhere above


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


PLACE = Path(tempfile.gettempdir()) / f"gan-lessons-unpickled-{os.getpid()}"


def numpy_file(*arrays, names=(), pickled=False):
    buffer = io.BytesIO()
    if names:
        np.savez(buffer, **dict(zip(names, arrays, strict=True)))
    else:
        np.save(buffer, arrays[0], allow_pickle=pickled)
    return buffer.getvalue()


PLAIN = np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 3))
POISON = np.array([Payload(PLACE)] * 12, dtype=object)
ARRAYS = [
    numpy_file(PLAIN), numpy_file(PLAIN.astype(np.float16)), numpy_file(PLAIN * 1e300),
    numpy_file((PLAIN * 99).astype(np.uint8)), numpy_file(PLAIN + 1j), numpy_file(np.array(7)),
    numpy_file(PLAIN, names=["images"]), numpy_file(PLAIN, PLAIN[0], names=["images", "b"]),
    numpy_file(POISON, pickled=True), numpy_file(POISON, names=["images"]),
    numpy_file(np.zeros(3, [("a", "f4")])), pickle.dumps(Payload(PLACE)),
    numpy_file(PLAIN).replace(b"(12, 8, 8, 3)", b"(9999999999, 8, 8, 3)"),
    zipped(("images.npy", b"")), zipped(("a\nb\x1b[2J.npy", b"1"), ("c.npy", b"2")),
]  # fmt: skip


@cases("arrays")
@given(content=spoiled(ARRAYS), ending=st.sampled_from([".npy", ".npz"]))
@example(content=ARRAYS[8], ending=".npy")
@example(content=ARRAYS[9], ending=".npz")
@example(content=ARRAYS[11], ending=".npy")
@example(content=ARRAYS[13], ending=".npz")  # NumPy gives its bytes, no array
@example(content=ARRAYS[14], ending=".npz")
def test_arrays(content, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"frogs{ending}"
        path.write_bytes(content)
        right(met("arrays", data.load_images, path, image_size=8))
    assert not PLACE.exists()  # nothing was unpickled


def test_the_payload_is_live(tmp_path):
    pickle.loads(pickle.dumps(Payload(tmp_path / "made")))
    assert (tmp_path / "made").is_dir()


# ------------------------------------------------------------------ runs


def checkpoint(arrays):
    with tempfile.TemporaryDirectory() as folder:
        return checkpoints.save_checkpoint(Path(folder), 3, arrays).read_bytes()


def header(content, **changes):
    """Safetensors with another header: wrong kinds, overlapping places, wrong sizes."""
    (n,) = struct.unpack("<Q", content[:8])
    about = json.loads(content[8 : 8 + n]) | changes
    text = json.dumps(about).encode()
    return struct.pack("<Q", len(text)) + text + content[8 + n :]


def entry(dtype="F32", shape=(3,), places=(0, 12)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(places)}


LOSSES = {f"history/{name}": np.ones(3) for name in LOGGED}
WHOLE = checkpoint(LOSSES)
ABOUT = "history/" + LOGGED[0]
SAFETENSORS = [
    WHOLE, checkpoint({}), checkpoint({ABOUT: np.ones(3)}),
    checkpoint(LOSSES | {ABOUT: np.ones(2)}),
    checkpoint(LOSSES | {ABOUT: np.ones((3, 2))}), checkpoint(LOSSES | {ABOUT: np.array(3)}),
    header(WHOLE, **{ABOUT: entry("F8_E4M3", (24,), (0, 24))}), header(WHOLE, x=entry("BF16",
    (6,))),
    header(WHOLE, **{ABOUT: entry("F64", (3,), (8, 32))}), header(WHOLE, **{ABOUT: entry("Q9")}),
    header(WHOLE, **{ABOUT: entry("F64", (1 << 60,), (0, 24))}),
    header(WHOLE, __metadata__={"checkpoint": '{"step": Infinity, "sha256": ""}'}),
    header(WHOLE, __metadata__={"checkpoint": "[" * 5000}), header(WHOLE, __metadata__={}),
    header(WHOLE, __metadata__={"checkpoint": "[]"}), struct.pack("<Q", 1 << 62) + b"{}",
]  # fmt: skip


@cases("checkpoints")
@given(content=spoiled(SAFETENSORS))
@example(content=SAFETENSORS[-5])
@example(content=SAFETENSORS[-4])
def test_checkpoints(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step-00000003.safetensors"
        path.write_bytes(content)
        met("checkpoints", checkpoints.load_checkpoint, path)


def jpegs(**changes):
    sheet = picture("JPEG", size=(32, 32))
    arrays = {
        "frames/step": np.array([0, 3], np.int32),
        "frames/bytes": np.array([len(sheet)] * 2, np.int32),
        "frames/jpeg": np.frombuffer(sheet * 2, np.uint8),
        "scores/step": np.array([0.0], np.float32), "scores/kernel": np.array([1.0], np.float32),
    }  # fmt: skip
    arrays |= {name: value.astype(np.float16) for name, value in LOSSES.items()}
    return save(arrays | {name.replace("_", "/"): np.array(v) for name, v in changes.items()})


RECORDINGS = [
    jpegs(), jpegs(frames_bytes=[-5, 7]), jpegs(frames_bytes=3), jpegs(frames_bytes=[1.5, 2.5]),
    jpegs(frames_bytes=[[1], [2]]), jpegs(frames_bytes=[2**62, 2**62]), jpegs(frames_step=[1]),
    jpegs(frames_jpeg=np.frombuffer(BOMB, np.uint8), frames_bytes=[len(BOMB)]), save({}),
]  # fmt: skip


@cases("recordings")
@given(content=spoiled(RECORDINGS))
@example(content=RECORDINGS[2])
@example(content=RECORDINGS[3])
def test_recordings(content):
    met("recordings", recording.unpack, content, Path("frogs"))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS,
              st.sampled_from([0, -1, 8, 32, 10**40, 1e308, float("nan"), "32", "sketch"])),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=5,
)  # fmt: skip
SETTINGS = {"recipe": "course", "image_size": 8, "latent_dim": 4, "width": 4, "batch_size": 4}
FILES = st.sampled_from([
    "step-00000003.safetensors", "step-abc.safetensors", "step-.safetensors", "step--1.safetensors",
    "step-9" + "9" * 60 + ".safetensors", "step-\n3.safetensors", "step-²3.safetensors",
])  # fmt: skip
SHEETS = [picture("PNG", size=(32, 32)), picture("PNG", size=(64, 64)), picture("PNG", size=(3, 3)),
          picture("JPEG", size=(32, 32)), BOMB]  # fmt: skip


def look(folder):
    """All that a run's folder is asked for before networks are built."""
    run = Run(folder)
    assert run.kept_steps == sorted(run.kept_steps) and isinstance(run.seconds, float)
    assert isinstance(run.settings.image_size, int) and isinstance(run.settings.seed, int)
    history = run.history()
    assert len({v.shape for v in history.values()}) == 1
    frames = run.frames()
    assert isinstance(frames, Frames) and len(frames.steps) == len(frames.images)
    return run


@cases("runs")
@given(
    about=st.one_of(st.just(SETTINGS), JSON, st.fixed_dictionaries(
        {}, optional=dict.fromkeys((*SETTINGS, "data", "class_name", "mirror", "seed"), JSON)
    )),
    progress=JSON, name=FILES, state=spoiled(SAFETENSORS), first=spoiled(SHEETS),
    second=st.sampled_from(SHEETS), raw=st.booleans(),
)  # fmt: skip
@example(SETTINGS, {"seconds": 10**400}, "step-abc.safetensors", WHOLE, SHEETS[0], SHEETS[0], False)
@example(SETTINGS, {}, "step-3.safetensors", SAFETENSORS[1], SHEETS[0], SHEETS[0], False)
@example(SETTINGS, {}, "step-3.safetensors", WHOLE, SHEETS[0], SHEETS[1], False)
@example(SETTINGS, {}, "step-3.safetensors", WHOLE, BOMB, SHEETS[0], False)
@example(SETTINGS | {"seed": 1.5}, {}, "step-3.safetensors", WHOLE, SHEETS[0], SHEETS[0], False)
@example(SETTINGS | {"width": float("nan")}, {}, "step-3.safetensors", WHOLE, b"", b"", False)
@example(SETTINGS, {}, "step-3.safetensors", WHOLE, b"", b"", True)
def test_runs(about, progress, name, state, first, second, raw):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        text = "[" * 100_000 if raw else json.dumps(about)
        (folder / "settings.json").write_text(text, "utf-8")
        (folder / "progress.json").write_text(text if raw else json.dumps(progress), "utf-8")
        for inside in ("checkpoints", "frames"):
            (folder / inside).mkdir()
        (folder / "checkpoints" / name).write_bytes(state)
        (folder / "frames" / "step-00000000.png").write_bytes(first)
        (folder / "frames" / "step-00000003.png").write_bytes(second)
        (folder / "frames" / name.replace("safetensors", "png")).write_bytes(second)
        met("runs", look, folder)


def test_what_nobody_spoiled_is_used(tmp_path):
    """Else a package that refuses everything would pass here."""
    for k, content in enumerate([*PICTURES[:18], *ZIPS[:3], ARRAYS[0], ARRAYS[1], ARRAYS[6]]):
        ending = ("png", "zip", "npy", "npz")[(k > 17) + (k > 20) + (k > 22)]
        (tmp_path / str(k)).mkdir()
        path = tmp_path / str(k) / f"frog.{ending}"
        path.write_bytes(content)
        found = data.load_images(path.parent if k < 18 else path, "all", image_size=8)
        right(found)
    (tmp_path / "step-00000003.safetensors").write_bytes(WHOLE)
    step, arrays = checkpoints.load_checkpoint(tmp_path / "step-00000003.safetensors")
    assert step == 3 and set(arrays) == set(LOSSES)
    assert recording.unpack(RECORDINGS[0], Path("frogs")).frames().steps.tolist() == [0, 3]


def test_settings_of_the_wrong_kind_are_named():
    for change in ({"seed": 1.5}, {"width": True}, {"mirror": "no"}, {"data": 5}):
        with pytest.raises(LessonError, match=f"{next(iter(change))} is .*: give"):
            Settings(**change)


# ------------------------------------------------------------------ what becomes HTML


class Reader(HTMLParser):
    """Counts elements; keeps attributes and scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.scripts = Counter(), [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements[tag] += 1
        self.attributes += [name for name, _ in attributes]
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, text):
        if self.cdata_elem == "script":
            self.scripts[-1] += text


@st.composite
def reports(draw):
    """A student's report, or something like it."""
    exercise = {"exercise": draw(st.sampled_from(["1.1", "4.5", "99.99"]) | TEXTS),
                "passed": draw(st.booleans()), "tries": draw(st.integers(-3, 10**30)),
                "kinds": draw(st.lists(TEXTS, max_size=4)), "title": draw(TEXTS)}  # fmt: skip
    whole = {"format": record.FORMAT, "version": 1, "name": draw(TEXTS), "exercises": [exercise]}
    for _ in range(draw(st.integers(0, 1))):
        at = draw(st.sampled_from(["whole", "exercise"]))
        target = whole if at == "whole" else exercise
        target[draw(st.sampled_from(list(target)))] = draw(JSON)
    return json.dumps(whole).encode()


@cases("reports")
@given(content=st.one_of(reports(), reports().flatmap(lambda c: spoiled([c]))),
       name=NAMES.map(lambda n: n.replace("/", "_")[:60]))  # fmt: skip
@example(content=b"[" * 100_000, name="deep")
@example(content=b'{"a": ' + b"9" * 5000 + b"}", name="long")
def test_reports(content, name):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.json").write_bytes(content)
        found = met("reports", classroom.read, folder)
    text, page = str(found), found.as_page()
    assert page.encode() and "\x1b" not in page
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in text)
    read = Reader(page)
    assert set(read.elements) <= {
        "html", "meta", "title", "style", "h1", "h2", "p", "div", "table", "thead", "tbody", "tr",
        "th", "td", "span", "ul", "li", "strong",
    }  # fmt: skip
    assert not [name for name in read.attributes if name.startswith("on")]


def piece(text):
    """A widget that carries a text in each place where one may stand."""
    body = fragment.widget(
        "test", {"title": text, text: [text]}, styles=["p{}"], scripts=["ours()"],
        still="data:,", alt=text, label=text,
    )  # fmt: skip
    whole = fragment.Fragment(body, text)
    with tempfile.TemporaryDirectory() as folder:
        return whole.save(Path(folder) / "page.html").read_text("utf-8")


@cases("fragments")
@given(text=TEXTS)
@example(text="\ud800")
def test_fragments(text):
    read = Reader(met("fragments", piece, text))
    expected = Reader(piece("plain"))
    assert read.elements == expected.elements and read.attributes == expected.attributes
    data_of, program = read.scripts
    assert json.loads(data_of) == {"title": text, text: [text]} and program == "ours()"

    line = record.Line("1.1", text, True, 1, (text,))
    progress = record.Progress(text, "now", (line,))
    with tempfile.TemporaryDirectory() as folder:
        page = progress.save(Path(folder) / "page.html").read_text("utf-8")
        handed_in = progress.save(Path(folder) / "in.json").read_text("utf-8")
    plain = record.Progress("plain", "now", (record.Line("1.1", "t", True, 1, ()),)).as_page()
    assert Reader(page).elements == Reader(plain).elements
    assert isinstance(json.loads(handed_in)["name"], str)
