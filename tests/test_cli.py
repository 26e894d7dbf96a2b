"""The command line: what it does, and one sentence and exit code 2 for what it cannot do."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from gan_lessons import cli, metrics


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


def refused(capsys, *arguments):
    """The one sentence on standard error."""
    assert cli.main([str(a) for a in arguments]) == 2
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("gan-lessons: ")
    return lines[0]


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


def test_bad_input_writes_nothing(array, tmp_path, capsys):
    run = tmp_path / "run"
    cases = {
        "does not exist": ["--data", "nowhere"],
        "power of two": ["--data", "sketch", "--image-size", "33"],
        "--steps is -5": ["--data", "sketch", "--steps", "-5"],
        "batch_size is 0": ["--data", "sketch", "--batch-size", "0"],
        "seed is -1": ["--data", "sketch", "--seed", "-1"],
        "article's networks": ["--data", array, "--recipe", "article", "--image-size", "8"],
    }
    for sentence, options in cases.items():
        assert sentence in refused(capsys, "train", "--run", run, *options)
        assert not run.exists()


def test_batch_larger_than_the_data(array, tmp_path, capsys):
    sentence = refused(
        capsys, "train", "--data", array, "--run", tmp_path / "run", "--image-size", "8",
        "--batch-size", "1000", "--quiet",
    )  # fmt: skip
    assert "batch size is 1000" in sentence and not (tmp_path / "run").exists()


def test_run_of_another_recipe_and_other_data(array, tmp_path, capsys):
    run = tmp_path / "run"
    train(array, run, "--steps", "2")
    assert "recipe 'course', not 'article'" in refused(
        capsys, "train", "--run", run, "--recipe", "article"
    )
    np.save(array.parent / "other.npy", np.load(array)[::-1])
    assert "was started with data" in refused(
        capsys, "train", "--run", run, "--data", array.parent / "other.npy"
    )
    # the same name with other pictures behind it
    original = array.read_bytes()
    np.save(array, np.load(array)[::-1])
    try:
        assert "data_sha256" in refused(capsys, "train", "--run", run)
    finally:
        array.write_bytes(original)


def test_checkpoint_cut_short(array, tmp_path, capsys):
    train(array, tmp_path / "run", "--steps", "2")
    (path,) = (tmp_path / "run" / "checkpoints").glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:500])
    assert "damaged" in refused(
        capsys, "sample", "--run", tmp_path / "run", "--out", tmp_path / "x.png"
    )
    assert "damaged" in refused(capsys, "train", "--run", tmp_path / "run", "--quiet")
    assert not (tmp_path / "x.png").exists()


def test_targets_and_runs_that_cannot_be(tmp_path, capsys):
    assert "holds no run" in refused(
        capsys, "sample", "--run", tmp_path, "--out", tmp_path / "x.png"
    )
    assert "does not end in .png" in refused(
        capsys, "sample", "--run", tmp_path, "--out", tmp_path / "x.txt"
    )
    assert "does not exist" in refused(
        capsys, "sample", "--run", tmp_path, "--out", tmp_path / "no" / "x.png"
    )
    assert "not the address" in refused(capsys, "publish-to", "nonsense", "--root", tmp_path)


def test_doctor_says_what_there_is(capsys):
    assert cli.main(["doctor"]) == 0
    printed = capsys.readouterr().out
    for word in ("tensorflow", "oneDNN", "cores", "GFLOP/s", "sketch", "10,000 steps take"):
        assert word in printed
    assert float(printed.split("one step")[1].split()[0]) > 0


def test_importing_is_light():
    """No TensorFlow, nothing printed, no state changed, nothing downloaded."""
    program = """
import os, sys
before = dict(os.environ)
import gan_lessons, gan_lessons.data, gan_lessons.latent, gan_lessons.plots, gan_lessons.cli
import gan_lessons.recipes, gan_lessons.pretrained, gan_lessons.metrics, gan_lessons.diagrams
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
assert dict(os.environ) == before
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_report_reads_well():
    d = metrics.Distance(0.012, 0.001, 0.0001)
    report = metrics.Report(d, d, d, 0.5, 0.4, 0.3, 0.9, 1.1, 100, 50)
    text = str(report)
    assert "12 ± 1 (real against real: 0.1)" in text and "100 forgeries against 50" in text
    assert report.as_dict()["kernel"]["value"] == 0.012
