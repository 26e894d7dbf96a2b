"""Whole numbers, and what is none."""

import numpy as np
import pytest

from gan_lessons import counts, data
from gan_lessons.errors import InputError
from gan_lessons.recipes import Settings


def test_whole_numbers_become_pythons_own():
    for given in (3, np.int64(3), np.uint8(3)):
        assert type(counts.whole("n", given)) is int and counts.whole("n", given) == 3
    assert counts.whole("n", 0, 0) == 0 and counts.whole("n", 5, 1, 5) == 5


@pytest.mark.parametrize("bad", [0, 1.5, 2.0, True, "3", None, float("nan")])
def test_what_is_no_whole_number_is_named(bad):
    with pytest.raises(
        InputError, match=r"^n is .*: give a whole number of at least 1\."
    ) as caught:
        counts.whole("n", bad)
    assert repr(bad) in str(caught.value)
    with pytest.raises(InputError, match="from 1 to 2,000"):
        counts.whole("n", 2001, 1, 2000)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"modes": 2.5}, "modes is 2.5"),  # three centres on a part of the circle
        ({"modes": "a"}, "modes is 'a'"),
        ({"sigma": -1.0}, "sigma is -1.0"),
        ({"sigma": float("nan")}, "sigma is nan"),
    ],
)
def test_points_that_cannot_be(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        data.ring(3, **wrong)
    for cloud in (data.grid, data.moons):
        with pytest.raises(InputError, match="sigma"):
            cloud(3, sigma=-1.0)
    with pytest.raises(InputError, match=r"side is 2\.5"):
        data.grid(3, side=2.5)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"class_name": 3}, r"class_name is 3: give a word \(a str\) or None"),
        ({"data_sha256": 3}, "data_sha256 is 3"),
        ({"seed": np.int64(3)}, r"seed is .*: give a whole number \(an int\)"),
        ({"seed": 2_147_483}, "from 0 to 2,147,482"),
        ({"mirror": 1}, "mirror is 1: give True or False"),
    ],
)
def test_settings_that_no_file_could_hold(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        Settings(**wrong)
