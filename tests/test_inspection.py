"""The line-up's alarms on made-up reports, and its figures."""

import numpy as np
import pytest

from gan_lessons import inspection, inspection_plots, plots
from gan_lessons.errors import InputError
from gan_lessons.metrics import Distance, Report

RANDOM = np.random.default_rng(0)
START = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def _the_same_draws_in_whatever_order():
    """A test alone draws what it draws among the others."""
    RANDOM.bit_generator.state = START


def report(**changes):
    near = Distance(0.01, 0.02, 0.0)
    usual = dict(
        kernel=near, frechet=Distance(3.0, 0.5, 6.0), colour=near, precision=0.98, recall=0.97,
        coverage=0.96, diversity=1.0, nearest=1.0, samples=10, reference=10,
    )  # fmt: skip
    return Report(**(usual | changes))


@pytest.fixture
def line_up():
    return inspection.LineUp(
        {
            "new": report(),
            "newer": report(kernel=Distance(0.03, 0.02, 0.0), nearest=0.9),
            "copied": report(nearest=0.1),
            "collapsed": report(recall=0.1, coverage=0.2, kernel=Distance(0.08, 0.02, 0.0)),
            "nearly <bad>": report(kernel=Distance(0.069, 0.02, 0.0), recall=0.78, nearest=0.73),
        },
        honest=("new", "newer"),
    )


def test_alarms_are_what_no_honest_set_comes_near(line_up):
    assert line_up.alarms("new") == line_up.alarms("newer") == ()
    assert line_up.alarms("copied") == ("nearest",)
    assert line_up.alarms("collapsed") == ("kernel", "recall", "coverage")
    assert line_up.alarms("nearly <bad>") == ()  # within two errors, and above four fifths


def test_blind_are_all_others(line_up):
    everything = {*inspection.DISTANCES, *inspection.SHARES}
    for name in line_up.reports:
        assert {*line_up.alarms(name), *line_up.blind(name)} == everything
        assert not {*line_up.alarms(name)} & {*line_up.blind(name)}


def test_the_table_says_alarm_in_words_and_escapes_names(line_up):
    table = line_up._repr_html_()
    assert table.count('aria-label="alarm"') == 4
    assert "nearly &lt;bad&gt;" in table and "<bad>" not in table
    assert table.count("<tr>") == 6 and table.count('scope="col"') == 10
    assert ">80 ± 20" in table


def test_wrong_names(line_up):
    with pytest.raises(InputError, match="no set 'other'"):
        line_up.alarms("other")
    for honest in ((), ("other",)):
        with pytest.raises(InputError, match="at least one set"):
            inspection.LineUp(line_up.reports, honest)


# ------------------------------------------------------------------ figures


def test_sheets_lie_in_a_grid_under_their_names():
    images = RANDOM.uniform(-1, 1, (5, 8, 8, 3)).astype(np.float32)
    figure = inspection_plots.sheets(
        {"A": images, "B": images, "C": images}, columns=3, across=2, title="Three sheets"
    )
    assert figure.get_suptitle() == "Three sheets"
    assert [axis.get_title() for axis in figure.axes] == ["A", "B", "C", ""]
    assert figure.axes[0].images[0].get_array().shape == (17, 26, 3)
    assert "A; B; C" in plots.alt_text(figure)
    with pytest.raises(InputError, match="no sheets"):
        inspection_plots.sheets({})


def test_distributions_share_their_axes_and_add_up_to_100():
    panels = {"one": {"real": RANDOM.normal(size=50)}, "two": {"forged": RANDOM.normal(9, 1, 70)}}
    figure = inspection_plots.distributions(panels, xlabel="x (no unit)", bins=7, title="Two")
    assert figure.get_suptitle() == "Two"
    for axis in figure.axes:
        assert sum(bar.get_height() for bar in axis.patches) == pytest.approx(100)
        assert len(axis.patches) == 7
    assert figure.axes[0].patches[0].get_x() == figure.axes[1].patches[0].get_x()
    assert "two: forged around 9" in plots.alt_text(figure)
    folded = inspection_plots.distributions(
        {"a\nb": {"x": np.ones(3), "y": np.zeros(3)}}, xlabel="x"
    )
    assert "a, b: x around 1, spread 0 and y around 0, spread 0." in plots.alt_text(folded)
    with pytest.raises(InputError, match="nothing to draw"):
        inspection_plots.distributions({"one": {"real": np.empty(0)}}, xlabel="x")


def test_by_size_draws_means_and_says_the_ends():
    values = np.array([[4.0, 6.0], [1.0, 3.0]])
    figure = inspection_plots.by_size([10, 100], {"distance": {"real": values}}, title="Sizes")
    assert figure.get_suptitle() == "Sizes"
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), [5, 2])
    assert "from 5 at 10 to 2 at 100" in plots.alt_text(figure)
    pair = inspection_plots.by_size([10, 100], {"distance": {"real": values, "forged": values}})
    left, right = (line.get_xdata() for line in pair.axes[0].lines[:6:3])
    assert (left < right).all() and (abs(np.log(right / [10, 100])) < 0.05).all()
    with pytest.raises(InputError, match="one row"):
        inspection_plots.by_size([10], {"distance": {"real": values}})


def test_neighbourhoods_discs_reach_the_kth_neighbour_of_their_kind():
    line = np.stack([np.arange(4.0), np.zeros(4)], 1)
    figure = inspection_plots.neighbourhoods(line, {"a": 3 * line, "b": line}, k=2, title="Discs")
    assert figure.get_suptitle() == "Discs"
    widths = [axis.collections[0].get_widths() for axis in figure.axes]
    np.testing.assert_allclose(widths, [[4, 2, 2, 4], [4, 2, 2, 4], [12, 6, 6, 12], [4, 2, 2, 4]])
    assert "originals" in figure.axes[0].get_ylabel()
    assert "forgeries" in figure.axes[2].get_ylabel()
    for real, forged in ((line, np.tile(line, (2, 1))), (np.tile(line, (2, 1)), line)):
        with pytest.raises(InputError, match="more than 5"):
            inspection_plots.neighbourhoods(real, {"a": forged})
