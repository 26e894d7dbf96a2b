"""Figures of walks: what they say to those who do not see them, and what they refuse."""

import numpy as np
import pytest

from gan_lessons import plots, walk_plots
from gan_lessons.errors import InputError

PICTURES = np.zeros((3, 8, 8, 3), np.float32)


def test_strips_name_their_rows():
    figure = walk_plots.strips({"size": PICTURES, "night": PICTURES}, columns=["−3", "0", "3"])
    assert "size; night" in plots.alt_text(figure)
    assert [axis.get_ylabel() for axis in figure.axes] == ["size", "night"]
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["−3", "0", "3"]
    for rows, columns in (({"a": PICTURES, "b": PICTURES[:2]}, []), ({"a": PICTURES}, ["one"])):
        with pytest.raises(InputError, match="as many of each"):
            walk_plots.strips(rows, columns=columns)


def test_a_table_speaks_its_largest_numbers():
    values = np.array([[2.0, -0.1], [0.3, -4]])
    figure = walk_plots.table(values, ["a", "b"], ["x", "y"], unit="change (spreads)")
    assert "a: +2.0 on x; b: -4.0 on y" in plots.alt_text(figure)
    assert {t.get_text() for t in figure.axes[0].texts} == {"2.0", "-0.1", "0.3", "-4.0"}
    assert figure.axes[0].images[0].get_clim() == (-4, 4)
    same = walk_plots.table(values / 2, ["a", "b"], ["x", "y"], unit="", top=4)
    assert same.axes[0].images[0].get_clim() == (-4, 4)
    with pytest.raises(InputError, match="one name for each"):
        walk_plots.table(values, ["a"], ["x", "y"], unit="")


def test_lengths_speak_their_middles():
    figure = walk_plots.lengths({"d = 2": np.array([1.0, 2]), "d = 9": np.array([3.0, 3])})
    assert "d = 2: 1.5 on average" in plots.alt_text(figure)
