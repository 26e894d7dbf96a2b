"""Figures of a race say what they show."""

import numpy as np
import pytest

from gan_lessons import plots, race_plots
from gan_lessons.distances import Distance
from gan_lessons.errors import InputError
from gan_lessons.measured import Race, Row


def race():
    def row(minute, kernel):
        d = Distance(kernel, 0.02, 0.0)
        return Row(d, d, d, 0.5, 0.5, 0.5, 0.25, 1.0, 1000, 500, minutes=minute + 0.01, step=10)

    rows = {
        "course": {m: row(m, 0.3 / m) for m in (1, 2, 25, 30)},
        "article": {m: row(m, v) for m, v in ((1, 5.0), (2, 0.01))},
    }
    colours = np.random.default_rng(0).integers(0, 255, (16, 1, 1, 3), np.uint8)
    many = np.broadcast_to(colours, (16, 32, 32, 3))
    sheets = {"course": dict.fromkeys((1, 2, 25, 30), many), "article": {1: 0 * many, 2: 0 * many}}
    return Race({}, rows, sheets)


def test_distances_on_logarithmic_axes():
    figure = race_plots.distances(race(), title="frogs")
    (axis,) = figure.axes
    assert axis.get_xscale() == axis.get_yscale() == "log"
    assert [t.get_text() for t in axis.get_xticklabels()] == ["1", "2", "30"]
    assert "minutes" in axis.get_xlabel() and "no unit" in axis.get_ylabel()
    alt = plots.alt_text(figure)
    assert "course from 0.3 at minute 1 to 0.01 at minute 30" in alt and "article from 5" in alt
    plots.show(figure)._repr_html_()  # an error as large as its value is no trouble


def test_sheets_say_how_varied_they_are():
    figure = race_plots.sheets(race(), [1, 2], title="Who is ahead?")
    assert figure.get_suptitle() == "Who is ahead?"
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == [f"{n}, minute {m}" for m in (1, 2) for n in ("course", "article")]
    course, article = plots.alt_text(figure).split("the article's", 1)
    assert "25% of the originals' variety" in course and "several colours" in course
    assert "dark, nearly all of one colour" in article
    with pytest.raises(InputError, match="at least one"):
        race_plots.sheets(race(), [])
    with pytest.raises(InputError, match="minute 30"):
        race_plots.sheets(race(), [30])
