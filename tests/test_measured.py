"""What the benchmarks found is read as it was written."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from gan_lessons import measured
from gan_lessons.errors import InputError


def row(minutes, step, kernel):
    distance = {"value": kernel, "error": 0.01, "floor": -0.001}
    shares = dict.fromkeys(("precision", "recall", "coverage", "diversity", "nearest"), 0.5)
    return shares | {
        "minutes": minutes, "step": step, "kernel": distance, "frechet": distance,
        "colour": distance, "verdict": 0.7, "samples": 1000, "reference": 500,
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two contestants; the second has got as far as minute 10, its third sheet has no row yet."""
    found = {
        "data": "frogs", "clock": "CPU", "machine": "m", "threads": 2,
        "contestants": {
            "course": [row(1.01, 590, 0.3), row(2.0, 1200, 0.2), row(10.1, 6000, 0.02)],
            "article": [row(1.05, 11, 0.9), row(10.0, 110, 0.4)],
        },
    }  # fmt: skip
    (tmp_path / "time_to_quality.json").write_text(json.dumps(found))
    keys = ("course/1", "course/10", "course/2", "article/1", "article/10", "article/15")
    sheets = {key: np.full((16, 32, 32, 3), i, np.uint8) for i, key in enumerate(keys)}
    save_file(sheets, tmp_path / "time_to_quality.safetensors")
    monkeypatch.setattr(measured, "_folder", lambda: tmp_path)
    return tmp_path


def test_rows_and_sheets_belong_together(folder):
    race = measured.time_to_quality()
    assert race.about["data"] == "frogs" and "contestants" not in race.about
    assert list(race.rows["course"]) == [1, 2, 10] and race.minutes == [1, 10]
    assert race.at("course", 10).step == 6000 and race.at("course", 10).kernel.value == 0.02
    assert race.at("article", 10).kernel.error == 0.01
    assert race.sheets["course"][10][0, 0, 0, 0] == 1  # not in the order of their names
    sheet = race.sheet("article", 10)
    assert sheet.shape == (16, 32, 32, 3) and sheet.dtype == np.float32
    assert sheet[0, 0, 0, 0] == pytest.approx(4 / 127.5 - 1)


def test_what_is_refused(folder):
    race = measured.time_to_quality()
    with pytest.raises(InputError, match="course or article"):
        race.at("somebody", 1)
    with pytest.raises(InputError, match="choose one of 1, 10"):
        race.sheet("article", 15)
    assert measured.names() == ["time_to_quality"]
    with pytest.raises(InputError, match="time_to_quality"):
        measured.read("speed")


def test_one_who_ran_alone(folder):
    about = json.loads((folder / "time_to_quality.json").read_text())
    rows = [row(1.02, 900, 1.5), row(3.91, 3700, 0.1), row(20.6, 19_700, 0.03)]
    (folder / "narrow.json").write_text(json.dumps(about | {"contestants": {"narrow": rows}}))
    alone = measured.alone("narrow")
    assert list(alone) == [1, 4, 20] and alone[4].step == 3700 and alone[4].kernel.value == 0.1
    with pytest.raises(InputError, match="no measured 'wide'"):
        measured.alone("wide")
    with pytest.raises(InputError, match="in a race with others"):
        measured.alone("time_to_quality")


def test_the_package_has_it():
    race = measured.time_to_quality()
    assert {"course", "article"} <= set(race.rows)
    for name in ("default", "narrow", "compact"):
        assert race.minutes[-1] in measured.alone(name)
