"""The faults of ``benchmarks/faults`` in little: nothing is lost, and the run goes on exactly."""

import contextlib
import errno
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from gan_lessons import checkpoints, cifar, cli, recorder
from gan_lessons.errors import StorageError

FOLDER = Path(__file__).parents[1] / "benchmarks" / "faults"


@pytest.fixture(scope="module")
def faults():
    """The benchmark's modules by name."""
    sys.path.insert(0, str(FOLDER))
    try:
        import downloads
        import measure
        import trial
        import victim

        yield {"downloads": downloads, "measure": measure, "trial": trial, "victim": victim}
    finally:
        sys.path.remove(str(FOLDER))
        for name in ("downloads", "measure", "trial", "victim"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def whole(faults, tmp_path_factory):
    """A trial that was left alone."""
    folder = tmp_path_factory.mktemp("faults")
    trial = faults["trial"]
    found = trial.Trial(folder / "whole", trial.make_pictures(folder / "frogs.npy"), 60)
    assert here(found) == 0
    return found


@pytest.fixture
def halfway(faults, whole, tmp_path):
    """A copy of a run that lost its newest checkpoint: its last frames are newer than the rest."""
    trial = faults["trial"].Trial(tmp_path / "run", whole.pictures, 60)
    shutil.copytree(whole.folder, trial.folder)
    (trial.folder / "checkpoints" / "step-00000060.safetensors").unlink()
    assert (
        trial.newest() == 40
        and max(checkpoints.step_of(p) for p in (trial.folder / "frames").glob("*.png")) > 40
    )
    return trial


def here(trial):
    """Train it in this process: the exit code."""
    return cli.main(trial.arguments())


def refused(trial, capsys):
    capsys.readouterr()
    assert here(trial) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("gan-lessons: ")
    return line


def assert_goes_on(trial, whole):
    assert trial.newest() >= 40
    assert here(trial) == 0
    assert trial.bytes() == whole.bytes()


def test_killed_again_and_again(faults, whole, tmp_path):
    """Real processes: one killed at some moment, one in a write; then to the end."""
    found = faults["measure"].killed(whole, tmp_path, 2, seed=3, fork=False)
    assert found["kills"] == 2 and found["in_a_write"] == 1
    assert found["checkpoints_lost"] == 0
    assert found["identical"] == found["runs"] >= 1


def test_a_lost_or_changed_checkpoint_would_be_counted(halfway, whole):
    assert halfway.bytes() != whole.bytes()
    path = halfway.folder / "checkpoints" / "step-00000040.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StorageError, match="damaged"):
        halfway.newest()
    path.unlink()
    assert halfway.newest() == 0  # the last two are kept, and there were two
    (halfway.folder / "history.csv").write_text("step,d_loss,g_loss,real_logit,fake_logit\n1,2")
    with pytest.raises(AssertionError):
        halfway.newest()


@contextlib.contextmanager
def closed(*folders):
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.fixture
def modes(faults):
    """Root passes by the modes of files: not here."""
    if sys.platform != "linux":
        pytest.skip("modes are minded by Linux alone")
    kept = faults["victim"].obey_modes()
    yield
    faults["victim"].set_rights(kept)


def test_folders_that_may_only_be_read(halfway, modes, capsys):
    kept = "checkpoints/step-00000040.safetensors"
    before = halfway.bytes()[kept]
    for names in ([".", "checkpoints", "frames"], ["frames"], ["."]):
        with closed(*(halfway.folder / name for name in names)):
            said = refused(halfway, capsys)
        assert "may not be written to" in said and "nothing that was saved" in said
    assert halfway.newest() == 40 and halfway.bytes()[kept] == before


def test_folder_closed_while_it_trains(halfway, whole, modes, capsys, monkeypatch):
    end, places = recorder.Recorder.on_train_batch_end, ("checkpoints", "frames")

    def close_at_50(self, batch, logs=None):
        end(self, batch, logs)
        if self.step == 50:
            for name in places:
                (halfway.folder / name).chmod(0o555)

    monkeypatch.setattr(recorder.Recorder, "on_train_batch_end", close_at_50)
    said = refused(halfway, capsys)
    monkeypatch.undo()
    for name in places:
        (halfway.folder / name).chmod(0o755)
    assert "may not be written to" in said and "nothing that was saved" in said
    assert_goes_on(halfway, whole)


def test_full_disk(halfway, whole, capsys, monkeypatch):
    replace = os.replace
    for code, file, newest in (
        (errno.ENOSPC, "step-00000060.safetensors", 40),
        (errno.EDQUOT, "history.csv", 40),  # written anew at the start, too
        (errno.ENOSPC, "progress.json", 60),
    ):

        def full(source, target, code=code, file=file):
            if os.path.basename(target) == file:
                raise OSError(code, os.strerror(code))
            replace(source, target)

        monkeypatch.setattr(os, "replace", full)
        assert "the disk is full" in refused(halfway, capsys)
        monkeypatch.undo()
        assert halfway.newest() == newest and not list(halfway.folder.rglob("*.partial"))
    assert_goes_on(halfway, whole)


def test_no_memory_left(halfway, whole, capsys, monkeypatch):
    def none(self):
        raise MemoryError

    monkeypatch.setattr(recorder.Recorder, "save_checkpoint", none)
    said = refused(halfway, capsys)
    monkeypatch.undo()
    assert "not enough memory" in said and "what was saved before is kept" in said
    assert "a smaller --n, or in another folder a smaller --batch-size" in said
    assert_goes_on(halfway, whole)


def test_second_process(halfway, capsys):
    before = halfway.bytes()
    with checkpoints.lock(halfway.folder):
        assert "Another process is training" in refused(halfway, capsys)
    assert halfway.bytes() == before


def test_clock_that_runs_backwards(halfway, whole, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600 * time.perf_counter())
    for path in halfway.folder.rglob("*"):
        os.utime(path, (now + 1e6, now + 1e6))  # what is there comes from the future
    halfway.options = []  # with the progress bar, which looks at the clock
    assert_goes_on(halfway, whole)


def test_downloads(faults, tmp_path):
    found = faults["downloads"].downloads(tmp_path, kills=1)
    assert found["half_written"] == 0 and found["whole"] == 3
    assert found["cuts_refused"] == found["part_right"] == found["went_on_where_cut"] == 9
    assert found["wrong_bytes_refused"] == 10
    assert found["part_right_after_kill"] == found["kills"] == 1


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(errno.EDQUOT, "no space"), (errno.EROFS, "may not be written to")],
)
def test_cache_that_refuses_is_not_taken_for_the_network(code, sentence, tmp_path, monkeypatch):
    def refuse(self, *arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setenv("GAN_LESSONS_CACHE", str(tmp_path))
    monkeypatch.setattr(cifar._Resuming, "__call__", refuse)
    with pytest.raises(StorageError, match=sentence) as caught:
        cifar.fetch()
    assert "network" not in str(caught.value)


def test_cache_that_may_only_be_read(tmp_path, modes, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_CACHE", str(tmp_path))
    with closed(tmp_path), pytest.raises(StorageError, match="may not be written to"):
        cifar.fetch()
