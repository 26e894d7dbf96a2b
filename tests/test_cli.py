"""The command line: what it does. What it refuses is in ``test_bad_input.py``."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_lessons import cli, doctor, metrics, options, recorder, runs


@pytest.fixture(scope="module")
def array(tmp_path_factory):
    """Forty 8-pixel pictures as .npy."""
    path = tmp_path_factory.mktemp("data") / "small.npy"
    images = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 3)).astype(np.float32)
    np.save(path, images)
    return path


def train(array, run, *extra):
    return cli.main(
        ["train", "--data", str(array), "--run", str(run), "--image-size", "8", "--width", "4",
         "--latent-dim", "8", "--batch-size", "8", "--quiet", *extra]
    )  # fmt: skip


def test_train_goes_on_sample_and_evaluate(array, tmp_path, capsys):
    run = tmp_path / "run"
    assert train(array, run, "--steps", "4") == 0
    assert cli.main(["train", "--run", str(run), "--steps", "6", "--quiet"]) == 0
    assert "Going on from step 4" in capsys.readouterr().out
    picture = tmp_path / "grid.png"
    assert cli.main(["sample", "--run", str(run), "--n", "9", "--out", str(picture)]) == 0
    assert Image.open(picture).size == (4 * 26, 4 * 26)
    again = tmp_path / "again.png"
    cli.main(["sample", "--run", str(run), "--n", "9", "--out", str(again)])
    assert picture.read_bytes() == again.read_bytes()
    page = tmp_path / "run.html"
    assert cli.main(["page", "--run", str(run), "--out", str(page)]) == 0
    assert "</html>" in page.read_text("utf-8")


def test_letters_are_not_mirrored_where_one_says_so(array, tmp_path, capsys):
    run = tmp_path / "run"
    assert train(array, run, "--steps", "1", "--no-mirror") == 0
    assert runs.Run(run).settings.mirror is False
    assert cli.main(["train", "--run", str(run), "--steps", "2", "--quiet"]) == 0
    assert train(array, run, "--steps", "3", "--mirror") == 2
    assert "mirror" in capsys.readouterr().err
    assert train(array, tmp_path / "other", "--steps", "1") == 0
    assert runs.Run(tmp_path / "other").settings.mirror is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_was_stopped_is_no_success(array, tmp_path, capsys, monkeypatch, number):
    """So that ``train && evaluate`` does not judge half a run."""
    play = recorder.Recorder.on_train_batch_end

    def then_stop(self, batch, logs=None):
        if self.step == 2:
            signal.raise_signal(number)  # in the third round
        play(self, batch, logs)

    monkeypatch.setattr(recorder.Recorder, "on_train_batch_end", then_stop)
    run = tmp_path / "run"
    assert train(array, run, "--steps", "6") == 130
    said = capsys.readouterr()
    assert "Step 3 is saved" in said.out
    assert said.err == "gan-lessons: Stopped before step 6; the same command goes on.\n"
    assert train(array, run, "--steps", "6") == 0


def test_evaluate_prints_and_writes(tmp_path, capsys, array):
    # the metrics need more than the four held-out pictures of the small set
    images = np.random.default_rng(1).uniform(-1, 1, (300, 8, 8, 3)).astype(np.float32)
    np.save(tmp_path / "more.npy", images)
    train(tmp_path / "more.npy", tmp_path / "run", "--steps", "2")
    out = tmp_path / "figures.json"
    run = ["evaluate", "--run", str(tmp_path / "run"), "--n", "60", "--out", str(out)]
    assert cli.main(run) == 0
    printed = capsys.readouterr().out
    assert "kernel distance x 1000" in printed and "real against real" in printed
    figures = json.loads(out.read_text())
    assert figures["samples"] == 60 and figures["reference"] == 30 and figures["step"] == 2
    assert np.isfinite(figures["kernel"]["value"]) and figures["kernel"]["error"] > 0


def test_the_processor_has_a_name_where_the_system_tells_it(monkeypatch, tmp_path):
    told = "processor\t: 0\nmodel name\t: Abacus 2000\nprocessor\t: 1\nmodel name\t: Abacus 2000\n"
    (tmp_path / "cpuinfo").write_text(told, "utf-8")
    monkeypatch.setattr(doctor, "Path", lambda _: tmp_path / "cpuinfo")
    assert doctor.processor() == "Abacus 2000"
    monkeypatch.setattr(doctor, "Path", lambda _: tmp_path / "nothing")
    monkeypatch.setattr(doctor.platform, "processor", lambda: "")
    monkeypatch.setattr(doctor.platform, "machine", lambda: "x86_64")
    assert doctor.processor() == "x86_64"


def test_doctor_says_what_there_is(capsys, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_DATA", "no/such/folder")
    assert cli.main(["doctor"]) == 0
    printed = capsys.readouterr().out
    for word in (
        "tensorflow",
        "keras",
        "oneDNN",
        "cores",
        "sketch",
        "cifar10",
        "10,000 steps take",
    ):
        assert word in printed
    assert "no/such/folder: NOT FOUND" in printed
    step, speed = (float(printed.split(w)[1].split()[0]) for w in ("one step", "\nspeed"))
    minutes = float(printed.split("take about")[1].split()[0])
    assert speed > 1 and step > 0
    assert minutes == pytest.approx(step * 10_000 / 60, abs=0.5 + 10_000 / 60 * 0.0005)


def test_importing_is_light():
    """No TensorFlow, nothing printed, no state changed, nothing downloaded."""
    program = """
import os, sys
before, asked = dict(os.environ), []
network = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"}
sys.addaudithook(lambda event, arguments: asked.append(event) if event in network else None)
import gan_lessons, gan_lessons.data, gan_lessons.latent, gan_lessons.plots, gan_lessons.cli
import gan_lessons.recipes, gan_lessons.pretrained, gan_lessons.metrics, gan_lessons.diagrams
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
assert dict(os.environ) == before and not asked
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_report_reads_well():
    d = metrics.Distance(0.012, 0.001, 0.0001)
    report = metrics.Report(d, d, d, 0.5, 0.4, 0.3, 0.9, 1.1, 100, 50)
    text = str(report)
    assert "12 ± 1 (real against real: 0.1)" in text and "100 forgeries against 50" in text
    assert report.as_dict()["kernel"]["value"] == 0.012


def test_a_terminal_that_cannot_print_every_letter(monkeypatch, tmp_path):
    """Such is a file that Windows writes: half the world's code pages have no é."""
    monkeypatch.setattr(cli, "COMMANDS", {"report": lambda options: print(options.folder.name)})
    with io.TextIOWrapper(io.BytesIO(), "cp932") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert cli.main(["report", str(tmp_path / "Fréchet")]) == 0
        out.flush()
        assert out.buffer.getvalue().strip() == rb"Fr\xe9chet"


def test_the_home_folder_is_known_where_no_shell_fills_it_in():
    found = options.parser().parse_args(["sample", "--run=~/frogs", "--out=~/x.png"])
    assert (found.run, found.out) == (Path.home() / "frogs", Path.home() / "x.png")
