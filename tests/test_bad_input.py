"""Bad input on the command line: one clear sentence, exit code 2, and nothing half-written."""

import errno
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_lessons import cli, pictures

SMALL = ["--image-size", "8", "--width", "4", "--latent-dim", "8", "--batch-size", "8", "--quiet"]


def refused(capsys, *arguments):
    """The one sentence on standard error."""
    capsys.readouterr()
    assert cli.main([str(a) for a in arguments]) == 2
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("gan-lessons: "), captured.err
    return lines[0]


def png(colour=(255, 0, 0), size=(8, 8)):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def array(first=0.0):
    images = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 3)).astype(np.float32)
    images[0, 0, 0, 0] = first
    return images


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with every kind of bad source in it; the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("GAN_LESSONS_DATA", "GAN_LESSONS_CLASS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "empty").mkdir()
    for name, content in {"corrupt": b"no picture", "zero": b"", "cut": png()[:40]}.items():
        (tmp_path / name / "frog").mkdir(parents=True)
        for k in range(20):
            (tmp_path / name / "frog" / f"{k:02}.png").write_bytes(png((9 * k,) * 3))
        (tmp_path / name / "frog" / "07.png").write_bytes(content)
    for name, entry in {"outside": "../../evil.png", "good": "frog/0.png"}.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(entry, png())
    (tmp_path / "short.zip").write_bytes((tmp_path / "good.zip").read_bytes()[:-30])
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(pictures.MAX_BYTES + 1))
    (tmp_path / "large").mkdir()
    Image.new("1", (9000, 9000)).save(tmp_path / "large" / "1.png")
    np.save("shape.npy", np.zeros((40, 8, 8), np.float32))
    np.save("size.npy", np.zeros((40, 16, 16, 3), np.float32))
    np.save("nan.npy", array(first=np.nan))
    np.save("range.npy", array() * 255)
    np.save("objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save("good.npy", array())
    (tmp_path / "notes.txt").write_text("hello")
    return tmp_path


TRAIN = {
    "unknown source": (["--data", "nowhere"], "does not exist"),
    "unknown kind": (["--data", "notes.txt"], "not a kind of file"),
    "empty folder": (["--data", "empty"], "empty holds no pictures"),
    "corrupt picture": (["--data", "corrupt"], "frog/07.png"),
    "zero bytes": (["--data", "zero"], "frog/07.png in zero cannot be read (it is empty)"),
    "picture cut short": (["--data", "cut"], "frog/07.png"),
    "unknown class": (["--data", "zero", "--class", "newt"], "it has frog"),
    "class of an array": (["--data", "good.npy", "--class", "frog"], "no classes"),
    "path outside": (["--data", "outside.zip"], "points outside it ('../../evil.png')"),
    "bomb in a zip": (["--data", "bomb.zip"], "more than is reasonable"),
    "bomb of pixels": (["--data", "large"], "9000 x 9000 pixels are too many"),
    "zip cut short": (["--data", "short.zip"], "not a whole zip archive"),
    "wrong shape": (["--data", "shape.npy"], "has shape (40, 8, 8)"),
    "wrong size": (["--data", "size.npy"], "(40, 16, 16, 3): give one of (N, 8, 8, 3), or its own"),
    "NaN": (["--data", "nan.npy"], "holds NaN"),
    "wrong range": (["--data", "range.npy"], "scale it to [-1, 1]"),
    "pickled objects": (["--data", "objects.npy"], "without Python objects"),
    "no power of two": (["--data", "sketch", "--image-size", "33"], "power of two"),
    "too small": (["--data", "sketch", "--image-size", "4"], "power of two"),
    "huge picture": (["--data", "sketch", "--image-size", str(2**20)], "from 8 to 1,024"),
    "huge network": (["--data", "good.npy", "--width", "100000"], "width is 100000"),
    "huge latents": (["--data", "good.npy", "--latent-dim", "9999"], "from 1 to 4,096"),
    "negative steps": (["--data", "good.npy", "--steps", "-5"], "--steps: '-5' was given"),
    "no steps": (["--data", "good.npy", "--steps", "0"], "at least 1"),
    "steps in words": (["--data", "good.npy", "--steps", "many"], "'many' was given"),
    "no batch": (["--data", "good.npy", "--batch-size", "0"], "--batch-size"),
    "large batch": (["--data", "good.npy", "--batch-size", "1000"], "batch size is 1000 but"),
    "negative seed": (["--data", "good.npy", "--seed", "-1"], "--seed"),
    "huge seed": (["--data", "good.npy", "--seed", "99999999"], "seed is 99999999"),
    "checkpoints never": (["--data", "good.npy", "--checkpoint-every", "0"], "checkpoint-every"),
    "unknown recipe": (["--data", "good.npy", "--recipe", "soup"], "soup"),
    "article, 8 pixels": (["--data", "good.npy", "--recipe", "article"], "article's networks"),
    "unknown option": (["--data", "good.npy", "--speed", "9"], "--speed 9"),
}


@pytest.mark.parametrize("case", TRAIN)
def test_training_that_cannot_be(case, place, capsys):
    options, sentence = TRAIN[case]
    before = {p for p in place.rglob("*")}
    said = refused(capsys, "train", "--run", "deep/run", *SMALL, *options)
    assert sentence in said
    assert set(place.rglob("*")) == before  # not even a folder
    assert not (place.parent / "evil.png").exists()


@pytest.mark.parametrize("name", ["corrupt", "zero", "cut"])
def test_bad_pictures_are_skipped_only_when_asked(name, place, capsys):
    assert (
        cli.main(["train", "--data", name, "--run", "r", "--steps", "1", *SMALL, "--skip-bad"]) == 0
    )
    captured = capsys.readouterr()
    assert "17 pictures" in captured.out  # of nine tenths of twenty
    assert captured.err.startswith("gan-lessons: 1 unreadable picture was left out: frog/07.png")


def test_no_network(place, capsys, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_CACHE", str(place / "cache"))
    monkeypatch.setenv("GAN_LESSONS_CIFAR10_URL", "http://127.0.0.1:9/a,http://127.0.0.1:9/b")
    said = refused(capsys, "train", "--run", "run", "--data", "cifar10", "--quiet")
    assert "no connection" in said and "--data sketch" in said
    assert not (place / "run").exists()
    assert not list((place / "cache").glob("[!.]*"))  # nothing but the lock


# ------------------------------------------------------------------ an existing run


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "good.npy", array())
    np.save(folder / "other.npy", array()[::-1])
    assert cli.main(["train", "--data", str(folder / "good.npy"), "--run", str(folder / "run"),
                     "--steps", "3", *SMALL]) == 0  # fmt: skip
    return folder


@pytest.fixture
def run(finished, tmp_path, monkeypatch):
    """A fresh copy of a finished run beside its data."""
    shutil.copytree(finished, tmp_path / "there")
    settings = tmp_path / "there" / "run" / "settings.json"
    settings.write_text(settings.read_text().replace(str(finished), str(tmp_path / "there")))
    monkeypatch.chdir(tmp_path / "there")
    return tmp_path / "there" / "run"


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


RUNS = {
    "another recipe": (["train", "--recipe", "article"], "recipe 'course', not 'article'"),
    "another size": (["train", "--image-size", "16"], "image_size 8, not 16"),
    "other data": (["train", "--data", "other.npy"], "other pictures than these"),
    "no such step": (["evaluate", "--step", "2"], "no checkpoint of step 2 (it has [3])"),
    "not a picture": (["sample", "--out", "x.txt"], "does not end in .png"),
    "no such folder": (["sample", "--out", "no/x.png"], "does not exist"),
    "no forgeries": (["sample", "--out", "x.png", "--n", "0"], "at least 1"),
    "negative seed": (["sample", "--out", "x.png", "--seed", "-1"], "--seed"),
    "not a page": (["page", "--out", "x.txt"], "does not end in .html"),
    "few held-out pictures": (["evaluate", "--n", "50"], "There are 4 held-out pictures: judging"),
    "few forgeries": (
        ["evaluate", "--n", "3"],
        "There are 3 forgeries: judging takes at least 20,",
    ),
}


@pytest.mark.parametrize("case", RUNS)
def test_runs_are_left_alone(case, run, capsys):
    (command, *options), sentence = RUNS[case]
    before = contents(run.parent)
    assert sentence in refused(capsys, command, "--run", run, *options)
    assert contents(run.parent) == before


def test_the_same_name_with_other_pictures_behind_it(run, capsys):
    shutil.copy("other.npy", "good.npy")
    before = contents(run)
    assert "other pictures than these" in refused(capsys, "train", "--run", run)
    assert contents(run) == before


def test_the_same_pictures_in_another_place(run, capsys):
    Path("good.npy").rename("moved.npy")
    assert "does not exist" in refused(capsys, "train", "--run", run)
    assert (
        cli.main(["train", "--run", str(run), "--data", "moved.npy", "--steps", "4", "--quiet"])
        == 0
    )


@pytest.mark.parametrize("command", ["train", "sample", "evaluate", "page"])
def test_checkpoint_cut_short(command, run, capsys):
    (path,) = (run / "checkpoints").glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:500])
    before = contents(run.parent)
    out = {"sample": ["--out", "x.png"], "page": ["--out", "x.html"], "train": ["--quiet"]}
    said = refused(capsys, command, "--run", run, *out.get(command, []))
    assert str(path) in said and "damaged" in said and "delete this file" in said
    assert contents(run.parent) == before


@pytest.mark.parametrize("command", ["sample", "evaluate", "page"])
def test_no_run(command, place, capsys):
    out = {"sample": ["--out", "x.png"], "page": ["--out", "x.html"]}.get(command, [])
    for folder in ("empty", "nowhere", "notes.txt"):
        assert "holds no run" in refused(capsys, command, "--run", folder, *out)


def test_settings_that_are_gone(run, capsys):
    (run / "settings.json").unlink()
    before = contents(run)
    said = refused(capsys, "train", "--run", run, "--data", "good.npy", *SMALL)
    assert "checkpoints but no settings.json" in said
    assert contents(run) == before


def test_settings_cut_short(run, capsys):
    (run / "settings.json").write_text("{")
    assert "cannot be read" in refused(capsys, "train", "--run", run)


# ------------------------------------------------------------------ the disk


def full(handle):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_space_at_the_start_leaves_no_trace(place, capsys, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    said = refused(capsys, "train", "--run", "deep/run", "--data", "good.npy", *SMALL)
    assert "the disk is full" in said
    assert not (place / "deep").exists()


def test_no_space_for_a_checkpoint_keeps_the_one_before(run, capsys, monkeypatch):
    before = contents(run / "checkpoints")
    monkeypatch.setattr(os, "fsync", full)
    assert "the disk is full" in refused(capsys, "train", "--run", run, "--steps", "5", "--quiet")
    assert contents(run / "checkpoints") == before
    said = refused(capsys, "sample", "--run", run, "--out", "x.png")
    assert "the disk is full" in said and not Path("x.png").exists()


def test_a_limit_on_the_size_of_files(run, capsys):
    """A real refusal by the system, in the middle of a checkpoint."""
    resource = pytest.importorskip("resource")
    before = contents(run / "checkpoints")
    size = max(map(len, before.values()))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, limits[1]))
    try:
        said = refused(capsys, "train", "--run", run, "--steps", "5", "--quiet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "allows no file of that size" in said
    assert contents(run / "checkpoints") == before
    assert not list(run.rglob("*.partial"))
    assert cli.main(["train", "--run", str(run), "--steps", "5", "--quiet"]) == 0


@pytest.fixture
def nobody(run):
    """As a user who may read everything here and write nothing."""
    if os.name != "posix":
        pytest.skip("needs the permissions of POSIX")
    modes = {p: p.stat().st_mode for p in (run.parent, *run.parent.rglob("*"))}
    above = {p: p.stat().st_mode for p in run.parents if "pytest" in str(p)}  # for root alone
    for path, mode in above.items():
        path.chmod(mode | 0o055)
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)
    for path, mode in (modes | above).items():
        path.chmod(mode)


def test_unwritable_folder(run, nobody, capsys):
    before = contents(run.parent)
    for folder in ("run", "new"):
        said = refused(capsys, "train", "--run", folder, "--data", run.parent / "good.npy", *SMALL)
        assert "may not be written to" in said or "may write to" in said
    said = refused(capsys, "sample", "--run", "run", "--out", "x.png")
    assert "may not be written to" in said
    assert contents(run.parent) == before


def test_a_file_where_the_run_should_be(place, capsys):
    for folder in ("notes.txt", "notes.txt/run"):
        said = refused(capsys, "train", "--run", folder, "--data", "good.npy", *SMALL)
        assert "cannot be made" in said
    assert (place / "notes.txt").read_text() == "hello"


def test_names_that_are_too_long(place, run, capsys):
    """Of these, too, Path.is_dir and Path.exists raise; and of folders that are locked away."""
    long = "x" * 300
    said = refused(capsys, "train", "--run", long, "--data", "good.npy", *SMALL)
    assert "cannot be made" in said
    said = refused(capsys, "sample", "--run", run, "--out", f"{long}/x.png")
    assert "does not exist" in said
    assert "does not exist" in refused(capsys, "report", long)


REAL = {
    "train --run run --data zero": "The picture frog/07.png in zero cannot be read",
    "sample --run empty --out x.png": "empty holds no run",  # after importing TensorFlow
    "sample --run": "Argument --run: expected one argument",
}


@pytest.mark.parametrize("command", REAL)
def test_as_a_real_command(command, place):
    """Exit code and one line as a shell sees them: no traceback, no notes of TensorFlow."""
    done = subprocess.run(
        [sys.executable, "-m", "gan_lessons.cli", *command.split()], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("gan-lessons: " + REAL[command])


def test_publish_to_nonsense(place, capsys):
    assert "not the address" in refused(capsys, "publish-to", "nonsense", "--root", place)


def test_publish_to_keeps_the_ends_of_lines(tmp_path):
    """They are Windows' where Git made them so; each line would count as changed."""
    config = tmp_path / "_config.yml"
    config.write_bytes(b"repository:\r\n  url: https://github.com/you/old\r\n")
    url = "https://github.com/you/new"
    assert cli.main(["publish-to", url, "--root", str(tmp_path)]) == 0
    assert config.read_bytes() == b"repository:\r\n  url: https://github.com/you/new\r\n"
