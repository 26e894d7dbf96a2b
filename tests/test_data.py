"""Pictures from everywhere, and every kind of bad input refused with a sentence."""

import concurrent.futures
import errno
import functools
import gzip
import hashlib
import http.server
import io
import os
import pickle
import shutil
import tarfile
import threading
import time
import unicodedata
import warnings
import zipfile
from pathlib import Path, PureWindowsPath

import numpy as np
import pytest
from PIL import Image

from gan_lessons import cifar, classes, data, pictures
from gan_lessons.errors import InputError, StorageError

SHARED = Path(os.environ.get("GAN_LESSONS_SHARED", Path(__file__).parents[2] / "shared"))


def png(colour=(255, 0, 0), size=(40, 40), mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, options.pop("format", "PNG"), **options)
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path):
    """Two classes of ten pictures each; frog k is grey 10 k."""
    for name in ("frog", "toad"):
        (tmp_path / "all" / name).mkdir(parents=True)
        for k in range(10):
            (tmp_path / "all" / name / f"{k}.png").write_bytes(png((10 * k,) * 3))
    return tmp_path / "all"


def pack(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, file.relative_to(folder.parent))
    return path


# ------------------------------------------------------------------ the drawn frogs


def test_sketches_are_in_shape_seeded_and_prefixes():
    images, factors = data.sketch_frogs(70, seed=3)
    assert images.shape == (70, 32, 32, 3) and images.dtype == np.float32
    assert -1 <= images.min() < -0.5 and 0.5 < images.max() <= 1
    again, _ = data.sketch_frogs(65, seed=3)
    np.testing.assert_array_equal(images[:65], again)
    assert len(factors) == 70 and set(np.unique(factors.species)) == set(range(8))
    assert not np.array_equal(images, data.sketch_frogs(70, seed=4)[0])


def test_every_species_comes_equally_often():
    from gan_lessons.sketch import random_factors

    factors, _ = random_factors(4000, seed=0)
    assert np.bincount(factors.species, minlength=8).min() > 400
    assert np.bincount(factors.background, minlength=4).min() > 900


def test_species_can_be_told_apart_and_look_different():
    images, factors = data.sketch_frogs(800, seed=0)
    flat = images[:, 8:28, 8:24].reshape(800, -1)
    centres = np.stack([flat[:500][factors.species[:500] == s].mean(0) for s in range(8)])
    guess = ((flat[500:, None] - centres[None]) ** 2).sum(-1).argmin(1)
    assert (guess == factors.species[500:]).mean() > 0.6  # chance is 1/8


def test_edges_are_antialiased():
    image = data.sketch_frogs(1, seed=1, image_size=64)[0][0]
    small = data.sketch_frogs(1, seed=1, image_size=32)[0][0]
    averaged = image.reshape(32, 2, 32, 2, 3).mean((1, 3))
    assert abs(averaged - small).mean() < 0.05  # the same frog at every size


def test_factors_move_the_frog():
    from gan_lessons.sketch import draw, random_factors

    factors, spots = random_factors(1, seed=5)
    for name, by in (("x", 0.1), ("size", 0.1), ("light", -0.1), ("gaze", 0.5), ("hue", 0.02)):
        moved = type(factors)(**(factors.__dict__ | {name: getattr(factors, name) + by}))
        little = type(factors)(**(factors.__dict__ | {name: getattr(factors, name) + by / 100}))
        far = abs(draw(moved, spots) - draw(factors, spots)).mean()
        near = abs(draw(little, spots) - draw(factors, spots)).mean()
        assert far > 1e-4, name
        assert near < far / 5, name  # smooth: a small change is a small change


def test_five_thousand_frogs_take_less_than_ten_seconds():
    start = time.thread_time()
    images = data.load_images("sketch")
    assert len(images) == 5000 and time.thread_time() - start < 10
    assert len(np.unique(images.reshape(5000, -1)[:, ::97], axis=0)) == 5000  # no frog twice


@pytest.mark.parametrize("n", [0, -1, 2.5, True])
def test_impossible_numbers_of_frogs(n):
    with pytest.raises(InputError, match="at least 1"):
        data.sketch_frogs(n)


def test_sketch_source_has_two_different_splits():
    train = data.load_images("sketch", limit=40)
    test = data.load_images("sketch", "test", limit=40)
    assert train.shape == test.shape == (40, 32, 32, 3)
    assert not np.array_equal(train, test)
    every = data.load_images("sketch", "all", limit=40)
    np.testing.assert_array_equal(every, train)
    toads = data.load_images("sketch", "test", class_name="toad")
    assert 80 < len(toads) < 180


# ------------------------------------------------------------------ points


@pytest.mark.parametrize("cloud", [data.ring, data.grid, data.moons])
def test_points(cloud):
    points = cloud(500, seed=1)
    assert points.shape == (500, 2) and points.dtype == np.float32
    assert 0.5 < abs(points).max() < 1.5
    np.testing.assert_array_equal(points, cloud(500, seed=1))
    with pytest.raises(InputError):
        cloud(0)


def test_centres():
    assert data.ring_centres(8).shape == (8, 2) and data.grid_centres(5).shape == (25, 2)
    np.testing.assert_allclose(np.linalg.norm(data.ring_centres(), axis=1), 1, rtol=1e-6)
    pairs = [
        (data.ring(2000), data.ring_centres()),
        (data.grid(2000), data.grid_centres()),
    ]
    for points, centres in pairs:
        nearest = np.linalg.norm(points[:, None] - centres[None], axis=-1).min(1)
        assert np.quantile(nearest, 0.99) < 0.2
    with pytest.raises(InputError):
        data.ring_centres(0)
    with pytest.raises(InputError):
        data.grid_centres(1)


# ------------------------------------------------------------------ conversion


def test_bytes_and_back():
    values = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    floats = data.from_uint8(values)
    assert floats.min() == -1 and floats.max() == 1
    np.testing.assert_array_equal(data.to_uint8(floats), values)
    np.testing.assert_array_equal(data.to_uint8(np.array([-9.0, 9.0])), [0, 255])


# ------------------------------------------------------------------ folders and archives


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_folder_and_zip(folder, tmp_path, kind):
    source = folder if kind == "folder" else pack(folder, tmp_path / "a.zip")
    frogs = data.load_images(source, class_name="frog")
    assert frogs.shape == (9, 32, 32, 3)
    np.testing.assert_allclose(frogs[:, 0, 0, 0], np.arange(9) * 10 / 127.5 - 1, atol=1e-6)
    held_out = data.load_images(source, "test", class_name="frog")
    np.testing.assert_allclose(held_out, 90 / 127.5 - 1, atol=1e-6)
    assert len(data.load_images(source, "all")) == 20
    assert len(data.load_images(source, "test")) == 2  # one of each class
    assert len(data.load_images(source, limit=3)) == 3


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_what_macos_lays_beside_a_file_is_no_picture(folder, tmp_path, kind):
    (folder / "frog" / "._3.png").write_bytes(b"\x00\x05\x16\x07")
    source = folder if kind == "folder" else pack(folder, tmp_path / "a.zip")
    assert len(data.load_images(source, "all")) == 20


def test_pictures_come_in_the_same_order_on_windows():
    """Whose own order does not tell capitals from small letters."""

    class Folder(PureWindowsPath):
        def rglob(self, pattern):
            return [File(self / name) for name in ("a.png", "B/z.PNG", "B/C.png", "b.png", "n.txt")]

    class File(PureWindowsPath):
        def is_file(self):
            return True

        def read_bytes(self):
            return b""

    found = list(map(str, pictures._in_folder(Folder("D:/frogs"))))
    assert found == sorted(found) == ["B/C.png", "B/z.PNG", "a.png", "b.png"]


def test_a_colon_in_a_zip_is_no_drive(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("12:30:01.png", png())
    assert len(data.load_images(tmp_path / "a.zip", "all")) == 1


MODES = {
    "palette": lambda: Image.new("RGB", (50, 60), (200, 10, 10)).quantize(4),
    "rgba": lambda: Image.new("RGBA", (50, 60), (200, 10, 10, 255)),
    "transparent": lambda: Image.new("RGBA", (50, 60), (0, 0, 0, 0)),
    "grey": lambda: Image.new("L", (7, 9), 128),
    "grey alpha": lambda: Image.new("LA", (33, 90), (128, 255)),
    "one bit": lambda: Image.new("1", (33, 33), 1),
    "sixteen bits": lambda: Image.fromarray(np.full((40, 50), 32768, np.uint16)),
}


@pytest.mark.parametrize("name", MODES)
def test_any_size_and_mode(tmp_path, name):
    MODES[name]().save(tmp_path / "x.png")
    image = data.load_images(tmp_path, "all")[0]
    expected = {
        "palette": (200, 10, 10), "rgba": (200, 10, 10), "transparent": (255,) * 3,
        "grey": (128,) * 3, "grey alpha": (128,) * 3, "one bit": (255,) * 3,
        "sixteen bits": (127,) * 3,
    }[name]  # fmt: skip
    np.testing.assert_allclose(data.to_uint8(image)[16, 16], expected, atol=2)


def test_cmyk_jpeg_animation_and_rotation(tmp_path):
    Image.new("CMYK", (40, 40), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    frames = [Image.new("RGB", (32, 32), c) for c in ("blue", "red")]
    frames[0].save(tmp_path / "b.gif", save_all=True, append_images=frames[1:])
    picture = Image.new("RGB", (32, 32), "black")
    picture.paste("white", (0, 0, 32, 16))  # the upper half
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    picture.save(tmp_path / "c.png", exif=exif)
    a, b, c = data.to_uint8(data.load_images(tmp_path, "all"))
    assert a[16, 16, 0] > 200 and a[16, 16, 2] < 60
    assert tuple(b[16, 16]) == (0, 0, 255)
    assert c[4].max() == 0 and c[28].min() == 255


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_picture_of_floats_that_are_none(tmp_path, value):
    """One such pixel would make the whole picture black."""
    pixels = np.full((16, 16), 0.5, np.float32)
    pixels[3, 3] = value
    Image.fromarray(pixels).save(tmp_path / "x.tif")
    refused("x.tif .*NaN or infinity", tmp_path, "all")


def test_middle_square(tmp_path):
    picture = Image.new("RGB", (96, 32), "black")
    picture.paste("white", (32, 0, 64, 32))
    picture.save(tmp_path / "wide.png")
    assert data.load_images(tmp_path, "all").min() == 1


@pytest.mark.parametrize("size", [8, 16, 64])
def test_other_sizes(folder, size):
    assert data.load_images(folder, image_size=size).shape[1:] == (size, size, 3)


# ------------------------------------------------------------------ bad input


def refused(match, *arguments, **options):
    with pytest.raises((InputError, StorageError), match=match) as caught:
        data.load_images(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_books_source_and_class(folder, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_DATA", str(folder))
    assert len(data.load_images()) == 18
    monkeypatch.setenv("GAN_LESSONS_CLASS", "toad")
    assert data.source_class() == "toad" and len(data.load_images()) == 9
    assert len(data.load_images(folder)) == 18  # who names a source names its class
    monkeypatch.delenv("GAN_LESSONS_CLASS")
    monkeypatch.setenv("GAN_LESSONS_DATA", "")
    assert data.source() == "sketch" and data.source_class() is None


def test_sources_that_cannot_be(tmp_path, folder):
    assert "sketch, cifar10" in refused("does not exist", "no-such-thing")
    (tmp_path / "x.txt").write_text("hello")
    refused("not a kind of file", tmp_path / "x.txt")
    (tmp_path / "empty").mkdir()
    refused("holds no pictures", tmp_path / "empty")
    assert "frog, toad" in refused("no class 'newt'", folder, class_name="newt")
    refused("no class 'newt'", "sketch", class_name="newt")
    refused("no class 'newt'", "cifar10", class_name="newt")
    for nowhere in ("", "~no-such-user/x", "x" * 300, "a\0b"):
        refused("does not exist", nowhere)
        with pytest.raises(InputError):
            classes.load(nowhere or "nowhere")
    refused("no split", "sketch", "dev")
    refused("power of two", "sketch", image_size=33)
    refused("power of two", "sketch", image_size=-32)
    for limit in (0, 2.5, "5"):
        refused(f"limit is {limit!r}: give a whole number", "sketch", limit=limit)
    assert len(refused("type ndarray.* needs no loading", np.zeros((9, 8, 8, 3)))) < 120


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_letters_that_macos_writes_otherwise(tmp_path, kind):
    """It writes an ö as an o and two dots, so nothing that a keyboard types would be found."""
    kept = tmp_path / unicodedata.normalize("NFD", "Kröten") / "nah"
    kept.mkdir(parents=True)
    for k in range(3):
        (kept / f"{k}.png").write_bytes(png())
    if kind == "zip":
        shutil.make_archive(str(tmp_path / "x"), "zip", tmp_path, kept.parent.name)
        tmp_path = tmp_path / "x.zip"
    assert len(data.load_images(tmp_path, "all", class_name="Kröten")) == 3
    said = refused("no class 'newt'", tmp_path, class_name="newt")
    assert unicodedata.normalize("NFC", said).endswith("it has Kröten, nah.")  # at any depth
    (classes_of,) = pictures.read_classes(tmp_path, "all", 8, None)
    assert classes_of == "nah"


@pytest.mark.parametrize("content", [b"", b"not a picture", png()[:60]])
def test_bad_picture_is_named_and_skipped_only_when_asked(folder, content):
    (folder / "frog" / "3.png").write_bytes(content)
    assert "skip" in refused(r"frog/3\.png", folder, class_name="frog")
    with pytest.warns(UserWarning, match="1 unreadable picture was left out"):
        assert len(data.load_images(folder, class_name="frog", skip_bad=True)) == 8


def test_nothing_readable(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.warns(UserWarning, match="unreadable"):
        refused("None of the 1 pictures", tmp_path, "all", skip_bad=True)


def test_too_few_for_a_test_split(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    refused("too few", tmp_path, "test")


@pytest.mark.parametrize(
    "name", ["../evil.png", "/abs.png", "a/../../b.png", "C:/x.png", "..\\x.png"]
)
def test_archive_that_points_outside(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("ok/1.png", png())
        archive.writestr(zipfile.ZipInfo(name), png())
    refused("points outside", tmp_path / "a.zip")


def test_decompression_bombs(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(pictures.MAX_BYTES + 1))
    refused("more than is reasonable", tmp_path / "a.zip")
    (tmp_path / "big").mkdir()
    Image.new("1", (9000, 9000)).save(tmp_path / "big" / "1.png")
    refused("too many", tmp_path / "big", "all")


def test_zip_that_lies_about_its_sizes(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", png() + bytes(1000))
    raw = path.read_bytes()
    size = (len(png()) + 1000).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, (10).to_bytes(4, "little")))
    refused(r"1\.png", path, "all")


def test_a_bomb_in_an_array_file(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros((200, 32, 32, 3), np.float32))
    monkeypatch.setattr(pictures, "MAX_TOTAL", 1 << 20)
    refused("more than is reasonable", tmp_path / "a.npz")


def test_truncated_zip(folder, tmp_path):
    path = pack(folder, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-100])
    refused("not a whole zip", path)


def test_arrays(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (20, 32, 32, 3)).astype(np.float32)
    np.save(tmp_path / "a.npy", images)
    np.savez(tmp_path / "a.npz", images=data.to_uint8(images))
    np.testing.assert_array_equal(data.load_images(tmp_path / "a.npy"), images[:18])
    np.testing.assert_allclose(data.load_images(tmp_path / "a.npz", "test"), images[18:], atol=0.01)


def test_an_array_from_0_to_1_is_doubted(tmp_path):
    images = np.random.default_rng(0).random((20, 32, 32, 3), np.float32)
    np.save(tmp_path / "a.npy", images)
    with pytest.warns(UserWarning, match="darker than middle grey"):
        np.testing.assert_array_equal(data.load_images(tmp_path / "a.npy", "all"), images)
    np.save(tmp_path / "a.npy", 2 * images - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data.load_images(tmp_path / "a.npy", "all")


class Evil:
    def __reduce__(self):
        return (os.system, ("touch pwned",))


BAD_ARRAYS = {
    "shape": (np.zeros((5, 32, 32)), "shape"),
    "size": (np.zeros((5, 16, 16, 3), np.float32), "shape"),
    "empty": (np.zeros((0, 32, 32, 3), np.float32), "shape"),
    "kind": (np.zeros((5, 32, 32, 3), np.int32), "int32"),
    "nan": (np.full((5, 32, 32, 3), np.nan, np.float32), "NaN"),
    "range": (np.full((5, 32, 32, 3), 200.0, np.float32), "scale it"),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_bad_arrays(tmp_path, name):
    array, match = BAD_ARRAYS[name]
    np.save(tmp_path / "a.npy", array)
    refused(match, tmp_path / "a.npy")


def test_arrays_are_never_unpickled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save(tmp_path / "a.npy", np.array([Evil()], dtype=object), allow_pickle=True)
    refused("cannot be read as NumPy", tmp_path / "a.npy")
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Evil()))
    refused("cannot be read as NumPy", tmp_path / "b.npy")
    refused("no classes", tmp_path / "b.npy", class_name="frog")
    np.savez(tmp_path / "c.npz", a=np.zeros(3), b=np.zeros(3))
    refused("holds a, b", tmp_path / "c.npz")
    assert not (tmp_path / "pwned").exists()


# ------------------------------------------------------------------ batches


def test_batches_depend_on_seed_and_number_alone():
    images = np.arange(10, dtype=np.float32)[:, None] / 10
    first = [b.numpy() for b in data.batches(images, 3, seed=1).take(8)]
    for start in (1, 3, 5):
        later = [b.numpy() for b in data.batches(images, 3, seed=1, start=start).take(8 - start)]
        np.testing.assert_array_equal(first[start:], later)
    a_pass = np.concatenate(first[:3]).ravel()
    assert len(set(a_pass.tolist())) == 9  # no picture twice in a pass
    assert not np.array_equal(first[0], first[3])  # a new order in the next
    in_order = [b.numpy().ravel() for b in data.batches(images, 3, shuffle=False).take(4)]
    np.testing.assert_allclose(in_order[0], [0, 0.1, 0.2])
    np.testing.assert_allclose(in_order[3], [0, 0.1, 0.2])


def test_mirror_turns_half_of_them():
    images, _ = data.sketch_frogs(64)
    (batch,) = data.batches(images, 64, seed=2, mirror=True, shuffle=False).take(1)
    same = [np.array_equal(a, b) for a, b in zip(images, batch.numpy(), strict=True)]
    turned = [np.array_equal(a[:, ::-1], b) for a, b in zip(images, batch.numpy(), strict=True)]
    assert all(a or b for a, b in zip(same, turned, strict=True))
    assert 16 < sum(turned) < 48


def test_bad_batches():
    images = np.zeros((4, 8, 8, 3), np.float32)
    for size in (0, 5, -1, 2.0, True):
        with pytest.raises(InputError, match="batch size"):
            data.batches(images, size)
    with pytest.raises(InputError, match="size is '2' but"):
        data.batches(images, "2")
    with pytest.raises(InputError, match="no pictures to make batches of"):
        data.batches(images[:0], 1)
    for wrong in (data.ring(4), images[..., 0]):  # of the second it made (2, 8, 8, 8)
        with pytest.raises(InputError, match="leave mirror out"):
            data.batches(wrong, 2, mirror=True)
    with pytest.raises(InputError, match="NaN"):
        data.batches(images * np.nan, 2)
    for wrong in (images + 255, np.full(images.shape, 200, np.uint8)):
        with pytest.raises(InputError, match=r"scale it.*data\.from_uint8"):
            data.batches(wrong, 2)


# ------------------------------------------------------------------ CIFAR-10


def batch_file(n=20, seed=0):
    random = np.random.default_rng(seed)
    return pickle.dumps(
        {
            b"data": random.integers(0, 256, (n, 3072), np.uint8),
            b"labels": [i % 10 for i in range(n)],
            b"filenames": [b"x.png"] * n,
        },
        protocol=2,
    )


def archive(files=None):
    names = [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]
    files = files or {name: batch_file(seed=i) for i, name in enumerate(names)}
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0)


class Server(http.server.BaseHTTPRequestHandler):
    """Serves one file with ranges; ``mode`` says how it misbehaves."""

    def do_GET(self):
        state = self.server.state
        body, begin = state["body"], 0
        state["requests"].append((self.path, self.headers.get("Range")))
        if self.path.startswith("/missing"):
            return self.send_error(404)
        if self.path.startswith("/wrong"):
            body = b"X" + body[1:]
        if self.path.startswith("/portal"):
            body = b"<html>Log in to the hotel's network</html>"
        if (wanted := self.headers.get("Range")) and state["ranges"]:
            begin = int(wanted.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body) - begin))
        self.end_headers()
        end = len(body)
        if self.path.startswith("/cut") and state["cuts"]:
            end = state["cuts"].pop(0)
        if self.path.startswith("/stall") and state["stalls"]:
            end = 100_000
        self.wfile.write(body[begin:end])
        if self.path.startswith("/stall") and state["stalls"]:
            state["stalls"].pop().wait(10)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    body = archive()
    monkeypatch.setattr(cifar, "SHA256", hashlib.sha256(body).hexdigest())
    monkeypatch.setattr(cifar, "SIZE", len(body))
    monkeypatch.setenv("GAN_LESSONS_CACHE", str(tmp_path / "cache"))
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    service.state = {"body": body, "requests": [], "ranges": True, "cuts": [], "stalls": []}
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()

    def use(*paths):
        address = f"http://127.0.0.1:{service.server_port}"
        monkeypatch.setenv("GAN_LESSONS_CIFAR10_URL", ",".join(address + p for p in paths))

    service.use = use
    use("/good")
    yield service
    service.shutdown()
    service.server_close()


def test_cifar_is_downloaded_once_and_read(server):
    train = data.load_images("cifar10")
    assert train.shape == (10, 32, 32, 3)  # two frogs in each of five batches
    assert data.load_images("cifar10", "test").shape == (2, 32, 32, 3)
    assert data.load_images("cifar10", "all", class_name="cat", image_size=16).shape[0] == 12
    assert len(server.state["requests"]) == 1
    raw = pickle.loads(batch_file(seed=0), encoding="bytes")[b"data"][6]
    np.testing.assert_array_equal(
        data.to_uint8(train[0]), raw.reshape(3, 32, 32).transpose(1, 2, 0)
    )


@pytest.mark.parametrize("ranges", [True, False])
def test_download_goes_on_where_it_broke_off(server, ranges):
    server.use("/cut")
    server.state.update(cuts=[100_000], ranges=ranges)
    refused(r"broke off after 9\d,\d\d\d of", "cifar10")
    assert not list(cifar.cache_folder().glob(cifar.FILE))
    assert len(data.load_images("cifar10")) == 10
    wanted = server.state["requests"][-1][1]
    assert 90_000 < int(wanted.removeprefix("bytes=").rstrip("-")) <= 100_000


def test_second_address_and_wrong_bytes(server):
    server.use("/wrong", "/good")
    assert len(data.load_images("cifar10")) == 10
    assert [path for path, _ in server.state["requests"]] == ["/wrong", "/good"]


def test_wrong_bytes_everywhere(server):
    server.use("/wrong", "/wrong2")
    refused("SHA-256 is not the published one", "cifar10")
    assert not list(cifar.cache_folder().glob(f"*{cifar.FILE}"))
    assert not list(cifar.cache_folder().glob(".*.part"))


def test_a_server_that_falls_silent(server, monkeypatch):
    """The time-out; what had come is kept, and the second address is asked for the rest."""
    assert 1 < cifar.TIMEOUT <= 60
    monkeypatch.setattr(cifar, "TIMEOUT", 1)
    silence = threading.Event()
    server.use("/stall", "/good")
    server.state["stalls"] = [silence]
    try:
        assert len(data.load_images("cifar10")) == 10
    finally:
        silence.set()
    (first, _), (second, wanted) = server.state["requests"]
    assert (first, second) == ("/stall", "/good") and wanted.startswith("bytes=9")


def test_a_page_instead_of_the_archive_does_not_cost_what_has_come(server):
    server.use("/cut", "/portal", "/missing")
    server.state["cuts"] = [100_000]
    sentence = refused("what it offers has 42 bytes", "cifar10")
    assert "404" in sentence and "no answer" not in sentence
    server.use("/good")
    assert len(data.load_images("cifar10")) == 10
    assert server.state["requests"][-1][1].startswith("bytes=9")


@pytest.mark.parametrize("extra", [0, 1])
def test_a_part_that_is_whole_or_longer(server, extra):
    cifar.cache_folder().mkdir()
    (cifar.cache_folder() / f".{cifar.FILE}.part").write_bytes(server.state["body"] + b"x" * extra)
    assert len(data.load_images("cifar10")) == 10
    assert len(server.state["requests"]) == extra  # whole: nothing is asked for


def test_two_processes_take_turns(server):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: len(data.load_images("cifar10")), range(4)))
    assert found == [10] * 4 and len(server.state["requests"]) == 1


def test_an_archive_that_was_put_there_needs_no_network(server):
    server.use("/missing")
    cifar.cache_folder().mkdir()
    (cifar.cache_folder() / cifar.FILE).write_bytes(server.state["body"])
    assert len(data.load_images("cifar10")) == 10
    assert not server.state["requests"]


def test_a_damaged_archive_is_fetched_again(server):
    cifar.cache_folder().mkdir()
    (cifar.cache_folder() / cifar.FILE).write_bytes(server.state["body"][:1000])
    assert len(data.load_images("cifar10")) == 10


def test_no_space_for_the_download(server, monkeypatch):
    def full(self, *arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cifar._Resuming, "__call__", full)
    refused("no space for CIFAR-10", "cifar10")


def test_no_network(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_CACHE", str(tmp_path))
    monkeypatch.setenv("GAN_LESSONS_CIFAR10_URL", "http://127.0.0.1:9/a,http://127.0.0.1:9/b")
    assert "--data sketch" in refused("no connection", "cifar10")


def test_cache_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_LESSONS_CACHE", str(tmp_path / "file" / "cache"))
    refused("could not be downloaded", "cifar10")


def test_two_public_addresses_are_named():
    assert len(set(cifar.ADDRESSES)) == 2
    assert all(a.startswith("https://") and a.endswith(cifar.FILE) for a in cifar.ADDRESSES)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_batches_can_build_arrays_and_nothing_else(tmp_path, monkeypatch, protocol):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageError, match="no place in a picture archive"):
        cifar.read_batch(pickle.dumps({b"data": Evil()}, protocol=protocol))
    with pytest.raises(StorageError):
        cifar.read_batch(pickle.dumps(functools.partial(print, 1), protocol=protocol))
    with pytest.raises(StorageError):
        cifar.read_batch(b"garbage")
    assert not (tmp_path / "pwned").exists()


# ------------------------------------------------------------------ the real input


@pytest.mark.skipif(
    not (SHARED / "data" / "cifar10-train-jpeg.zip").exists(),
    reason="needs the development data (GAN_LESSONS_SHARED names its folder)",
)
def test_real_frogs():
    source = SHARED / "data" / "cifar10-train-jpeg.zip"
    train = data.load_images(source, class_name="frog")
    test = data.load_images(source, "test", class_name="frog")
    assert train.shape == (4500, 32, 32, 3) and test.shape == (500, 32, 32, 3)
    assert -1 <= train.min() < -0.9 and 0.9 < train.max() <= 1
