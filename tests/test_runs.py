"""Runs survive: killed at any moment, they end with the bits of a run never interrupted."""

import contextlib
import errno
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
import safetensors.numpy

from gan_lessons import checkpoints, data, frames, runs
from gan_lessons.errors import InputError, StorageError, TrainingError
from gan_lessons.recipes import MOST, Settings

SMALL = Settings(image_size=8, latent_dim=8, width=4, batch_size=8, seed=1)
STEPS = 24


def pictures(n=32):
    return np.random.default_rng(0).uniform(-1, 1, (n, 8, 8, 3)).astype(np.float32)


def train(folder, steps=STEPS, settings=SMALL, **options):
    run = runs.Run.create(folder, settings)
    options = {"checkpoint_every": 5, "progress": False, "report": lambda line: None} | options
    run.train(pictures(), steps, **options)
    return run


def contents(folder):
    """Everything but seconds and the lock, byte by byte."""
    skip = {"progress.json", ".lock"}
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(Path(folder).rglob("*"))
        if p.is_file() and p.name not in skip
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that was never interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    train(folder)
    return folder


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A run that was stopped after ten rounds; ``copy_of`` makes a fresh one."""
    folder = tmp_path_factory.mktemp("started") / "run"
    train(folder, 10)
    return folder


def copy_of(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "run"))


def assert_same(a, b):
    a, b = contents(a), contents(b)
    last = max(name for name in a if name.startswith("checkpoints"))
    assert a[last] == b[last]  # weights, optimizers, EMA, history: the same bytes
    for name in a:
        if not name.startswith("checkpoints"):
            assert a[name] == b[name], name
    others = [{n for n in c if not n.startswith("checkpoints")} for c in (a, b)]
    assert others[0] == others[1] and len(a) - 2 <= len(b) <= len(a) + 2


@pytest.mark.parametrize("stop", [1, 5, 7, 23])
def test_continued_run_is_bit_identical(whole, tmp_path, stop):
    train(tmp_path / "run", stop)
    train(tmp_path / "run")
    assert_same(whole, tmp_path / "run")


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from test_runs import train
print("ready", flush=True)
train({folder!r})
print("done", flush=True)
"""


def test_killed_at_random_moments(whole, tmp_path):
    """SIGKILL, some of them while a file is being written, until the run is complete."""
    folder = tmp_path / "run"
    program = PROGRAM.format(tests=str(Path(__file__).parent), folder=str(folder))
    moments = random.Random(7)
    for kill in (True, True, True, False):
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout.readline().strip() == "ready"
        if kill:
            # wait for some sign of life, then a random moment more
            before = set(folder.rglob("*"))
            while process.poll() is None and not set(folder.rglob("*")) - before:
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 1.5))
            process.send_signal(signal.SIGKILL)
            process.wait()
        else:
            assert process.wait() == 0
        process.stdout.close()
    assert_same(whole, folder)


#: One death after another: in the writing of which file, when, and the newest checkpoint then.
DEATHS = [
    ("settings.json", "half written", 0),
    ("step-00000005.safetensors", "before the rename", 0),
    ("step-00000010.safetensors", "half written", 5),
    ("step-00000011.png", "half written", 10),
    ("step-00000015.safetensors", "after the rename", 15),
    ("step-00000024.safetensors", "after the rename", 24),  # nothing is left to play
]
DIE = """
import os, sys
sys.path.insert(0, {tests!r})
import test_runs
replace = os.replace
def die(source, target):
    if str(target).endswith({file!r}):
        if {moment!r} == "half written":
            os.truncate(source, os.path.getsize(source) // 2)
        if {moment!r} == "after the rename":
            replace(source, target)
        os.kill(os.getpid(), 9)
    replace(source, target)
os.replace = die
test_runs.train({folder!r})
"""


def test_killed_while_writing(whole, tmp_path):
    """The process dies inside ``write_atomically``, is started again, and dies in the next one."""
    folder, tests = tmp_path / "run", str(Path(__file__).parent)
    for file, moment, step in DEATHS:
        program = DIE.format(tests=tests, file=file, moment=moment, folder=str(folder))
        died = subprocess.run([sys.executable, "-c", program], capture_output=True)
        assert died.returncode == -signal.SIGKILL, (file, died.stderr.decode()[-1000:])
        assert runs.Run(folder, SMALL).step == step, file
        if moment == "after the rename" and step == STEPS:
            assert len((folder / "history.csv").read_text().splitlines()) < STEPS  # stale
    train(folder)
    assert_same(whole, folder)
    assert not list(folder.rglob("*.partial"))


def test_full_disk_loses_nothing(whole, started, tmp_path, monkeypatch):
    folder = copy_of(started, tmp_path)
    before = contents(folder / "checkpoints")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="the disk is full") as caught:
        train(folder)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert contents(folder / "checkpoints") == before
    train(folder)
    assert_same(whole, folder)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device of Linux")
def test_a_really_full_device(tmp_path):
    link = tmp_path / ".x.partial"
    link.symlink_to("/dev/full")
    with pytest.raises(StorageError, match="the disk is full"):
        checkpoints.write_atomically(tmp_path / "x", b"0" * 100_000)
    assert not (tmp_path / "x").exists()


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot be made"):
        train(tmp_path / "file" / "run")


def test_nothing_is_written_before_all_is_well(tmp_path):
    run = runs.Run.create(tmp_path / "run", SMALL)
    for images, sentence in ((pictures(4), "batch size"), (pictures()[:, ::2], "this run is for")):
        with pytest.raises(InputError, match=sentence):
            run.train(images, 3, progress=False)
    with pytest.raises(InputError, match="SHA-256"):
        runs.Run.create(tmp_path / "run", SMALL.replace(data_sha256="0")).train(pictures(), 3)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("cut", [0, 7, 100, -1])
def test_checkpoint_cut_short(started, tmp_path, cut):
    folder = copy_of(started, tmp_path)
    path = folder / "checkpoints" / "step-00000010.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    before = contents(folder)
    with pytest.raises(StorageError, match=re.escape(str(path)) + ".*damaged.*delete this file"):
        train(folder)
    assert contents(folder) == before


def test_going_on_without_the_damaged_checkpoint(whole, started, tmp_path):
    folder = copy_of(started, tmp_path)
    (folder / "checkpoints" / "step-00000010.safetensors").unlink()  # as the sentence says
    train(folder)
    assert_same(whole, folder)


@pytest.mark.parametrize("place", [300, -1000, -1])
def test_checkpoint_with_one_wrong_bit(started, tmp_path, place):
    folder = copy_of(started, tmp_path)
    path = folder / "checkpoints" / "step-00000010.safetensors"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        train(folder)


def test_another_recipe_is_refused(started, tmp_path):
    folder = copy_of(started, tmp_path)
    before = contents(folder)
    for name, value in {"recipe": "article", "seed": 2, "width": 8, "data": "elsewhere"}.items():
        with pytest.raises(InputError, match=f"was started with {name}"):
            runs.Run.create(folder, SMALL.replace(**{name: value}))
    assert contents(folder) == before


def test_second_process_is_refused(started, tmp_path):
    run = runs.Run(copy_of(started, tmp_path))
    with (
        checkpoints.lock(run.folder),
        pytest.raises(StorageError, match="Another process is training"),
    ):
        run.train(pictures(), 12, progress=False)
    train(run.folder, 10)  # let go again


def test_a_loss_that_is_no_number_stops_with_a_sentence(started, tmp_path, monkeypatch):
    run = runs.Run(copy_of(started, tmp_path))
    before = contents(run.folder)
    build = Settings.build

    def runaway(settings):
        gan = build(settings)
        gan.compile(keras.optimizers.SGD(1e30), keras.optimizers.SGD(1e30))
        return gan

    monkeypatch.setattr(Settings, "build", runaway)
    monkeypatch.setattr(runs.Run, "_restore", lambda self, gan, step: self._load(step))
    with pytest.raises(TrainingError, match=r"no longer a number.*step 10 is kept") as caught:
        run.train(pictures(), 20, progress=False, report=lambda line: None)
    assert "\n" not in str(caught.value) and run.step == 10
    after = contents(run.folder)
    assert before == {name: after[name] for name in before}


def test_progress_bar_shows_step_losses_speed_and_time_left(started, tmp_path, capsys):
    train(copy_of(started, tmp_path), 14, progress=True)
    last = capsys.readouterr().err.split("\r")[-1]
    assert re.search(r"14/14 \[\d\d:\d\d<\d\d:\d\d, +[\d.]+(step/s|s/step)", last), last
    assert re.search(r"d_loss=\d\.\d{3}, g_loss=\d\.\d{3}", last), last
    assert last.endswith("\n")  # closed


def test_polite_stop(tmp_path):
    """SIGTERM ends training after the round in hand, with a checkpoint."""
    folder = tmp_path / "run"
    program = PROGRAM.format(tests=str(Path(__file__).parent), folder=str(folder)).replace(
        "train(", "train(steps=100_000, folder=", 1
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        while process.poll() is None and not list(folder.rglob("step-*.safetensors")):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=120)
    finally:
        process.kill()  # a run that does not listen would go on for an hour
    assert process.returncode == 0, err[-1000:]
    run = runs.Run(folder)
    assert 5 <= run.step < 100_000 and len(run.history()["d_loss"]) == run.step


def test_a_run_that_lost_its_checkpoints_begins_anew(started, tmp_path):
    """With the frames and the seconds of rounds that it has not played."""
    folder = copy_of(started, tmp_path)
    shutil.rmtree(folder / "checkpoints")
    run = train(folder, 3)
    assert run.step == 3 and run.frames().steps.tolist() == [0]
    (folder / "progress.json").write_text('{"step": 10, "seconds": 9999.0}')
    shutil.rmtree(folder / "checkpoints")
    assert train(folder, 3).seconds < 9999


@pytest.mark.parametrize("marks", [None, {"step": "10"}])
def test_a_checkpoint_of_another_version_is_not_to_be_deleted(started, tmp_path, marks):
    folder = copy_of(started, tmp_path)
    path = folder / "checkpoints" / "step-00000010.safetensors"
    path.write_bytes(safetensors.numpy.save(checkpoints.load_checkpoint(path)[1], marks))
    with pytest.raises(StorageError, match="another version of the package wrote it") as caught:
        train(folder)
    assert "delete" not in str(caught.value)


def test_a_checkpoint_without_its_history(started, tmp_path):
    folder = copy_of(started, tmp_path)
    step, arrays = checkpoints.load_checkpoint(folder / "checkpoints/step-00000010.safetensors")
    kept = {name: array for name, array in arrays.items() if name != "history/d_loss"}
    checkpoints.save_checkpoint(folder / "checkpoints", step, kept)
    before = contents(folder)
    with pytest.raises(StorageError, match="has no history of losses"):
        train(folder)
    assert contents(folder) == before


def test_history_and_frames(whole):
    run = runs.Run(whole)
    history = run.history()
    assert set(history) == {"d_loss", "g_loss", "real_logit", "fake_logit"}
    assert all(len(v) == STEPS and np.isfinite(v).all() for v in history.values())
    rows = (whole / "history.csv").read_text().splitlines()
    assert rows[0] == "step,d_loss,g_loss,real_logit,fake_logit" and len(rows) == STEPS + 1
    there = run.frames()
    assert there.images.shape == (len(there.steps), 16, 8, 8, 3)
    assert there.images.dtype == np.uint8
    assert there.steps.tolist() == [s for s in range(STEPS + 1) if frames.is_frame_step(s)]


def test_frames_of_the_largest_pictures_that_settings_allow(tmp_path):
    size = MOST["image_size"]
    frames.save(tmp_path, 0, np.zeros((16, size, size, 3), np.float32))
    assert frames.load(tmp_path).images.shape == (1, 16, size, size, 3)


def test_a_history_that_a_spreadsheet_holds_open_does_not_end_the_run(whole, tmp_path, monkeypatch):
    """Windows then refuses to put another file in its place."""
    replace = os.replace

    def held(source, target):
        if os.path.basename(target) == "history.csv":
            code = errno.EACCES
            raise OSError(code, os.strerror(code), str(source), None, str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    train(tmp_path / "run")
    assert not (tmp_path / "run" / "history.csv").exists()
    monkeypatch.undo()
    train(tmp_path / "run")
    assert_same(whole, tmp_path / "run")


@pytest.mark.parametrize(("code", "stops"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_that_cannot_force_folders_to_the_disk(tmp_path, monkeypatch, code, stops):
    fsync = os.fsync

    def files_only(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", files_only)
    with pytest.raises(StorageError) if stops else contextlib.nullcontext():
        checkpoints.write_atomically(tmp_path / "x", b"0")


def test_the_same_pictures_as_other_floats_are_the_same(tmp_path):
    settings = SMALL.replace(data_sha256=runs.fingerprint(pictures()))
    run = runs.Run.create(tmp_path / "run", settings)
    said = []
    for steps in (1, 2, 2):
        run.train(pictures().astype(np.float64), steps, progress=False, report=said.append)
    going_on, nothing = said
    assert going_on.startswith("Going on from step 1 of 2")
    assert nothing.endswith("is at step 2 already: nothing to do.")


def test_last_frame_is_the_restored_painters(tmp_path):
    step = max(s for s in range(30) if frames.is_frame_step(s))
    run = train(tmp_path / "run", step)
    there = run.frames()
    assert there.steps[-1] == step
    np.testing.assert_array_equal(there.images[-1], data.to_uint8(run.gan().sample(16, SMALL.seed)))


def test_about_sixty_frames_in_ten_thousand_steps():
    steps = [s for s in range(10_001) if frames.is_frame_step(s)]
    assert steps[0] == 0 and steps[-1] == 10_000 and 55 <= len(steps) <= 62


def test_two_checkpoints_and_the_wanted_ones_are_kept(tmp_path):
    run = train(tmp_path / "run", 14, checkpoint_every=2, keep_every=6)
    assert run.kept_steps == [6, 12, 14]
    assert int(run.gan(12).g_optimizer.iterations) == 12
    with pytest.raises(InputError, match="no checkpoint of step 13"):
        run.gan(13)


def test_article_recipe_runs_and_resumes(tmp_path):
    settings = Settings(recipe="article", latent_dim=32, batch_size=1, mirror=False, seed=1)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 32, 32, 3)).astype(np.float32)
    quiet = {"progress": False, "report": lambda line: None}
    once = runs.Run.create(tmp_path / "once", settings)
    once.train(images, 2, **quiet)
    twice = runs.Run.create(tmp_path / "twice", settings)
    twice.train(images, 1, **quiet)
    twice.train(images, 2, **quiet)
    assert_same(once.folder, twice.folder)


def test_not_a_run(tmp_path):
    with pytest.raises(InputError, match="holds no run"):
        runs.Run(tmp_path)
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(StorageError, match="cannot be read"):
        runs.Run(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [{"steps": 0}, {"steps": -3}, {"steps": 5.5}, {"checkpoint_every": 0}, {"keep_every": True}],
)
def test_impossible_numbers(tmp_path, wrong):
    with pytest.raises(InputError, match="at least 1"):
        train(tmp_path / "run", **wrong)
    assert not (tmp_path / "run").exists()
