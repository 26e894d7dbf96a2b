"""With a trick against without it: how it is judged and drawn."""

import itertools

import numpy as np
import pytest

from gan_lessons import comparison, plots, trick_plots
from gan_lessons.errors import InputError


def test_wins_and_verdict_by_hand():
    assert comparison.wins([1, 2], [3, 2]) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    better, worse = np.arange(8.0), np.arange(8.0) + 7.5
    assert comparison.verdict(better, worse) == "helped"
    assert comparison.verdict(worse, better) == "hurt"
    assert comparison.verdict(better, better) == "no effect seen"
    assert comparison.verdict(better, better + 1) == "no effect seen"


def test_effect_is_cohens_d():
    without, with_trick = np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0])
    assert comparison.effect(with_trick, without) == pytest.approx(3)
    assert comparison.effect(without, with_trick) == pytest.approx(-3)


def test_the_table_says_what_was_found():
    without = np.array([0.5, 0.6, 0.7])
    lines = comparison.table({"a trick": (without - 0.4, without), "frogs": (without * 1e3,) * 2})
    head, first, second = lines.splitlines()
    assert head.split() == ["with", "without", "wins", "effect", "verdict"]
    assert first == "a trick  0.20 ± 0.10  0.60 ± 0.10  100%    +4.0  helped"
    assert "600 ± 100" in second and second.endswith("no effect seen")


def test_luck_is_counted_as_it_falls():
    """Against the distribution of the Mann-Whitney statistic, counted another way."""
    n = 4
    called = 0
    for order in itertools.permutations(range(2 * n), n):
        rest = [i for i in range(2 * n) if i not in order]
        smaller = sum(a < b for a in order for b in rest)
        called += smaller >= 0.9 * n * n or smaller <= 0.1 * n * n
    total = len(list(itertools.permutations(range(2 * n), n)))
    assert comparison.by_luck(n, n) == pytest.approx(called / total)
    assert comparison.by_luck(3, 3) == pytest.approx(2 / 20)
    assert comparison.by_luck(8, 8) < 0.01


def test_figures_say_what_they_show():
    without, with_trick = np.array([0.5, 0.6, 0.7]), np.array([0.1, 0.2, 0.3])
    figure = trick_plots.tries(
        {"no trick": without, "trick": with_trick}, xlabel="share", title="On the ring",
        level=(0.03, "floor"),
    )  # fmt: skip
    alt = plots.alt_text(figure)
    assert "no trick 0.6, from 0.5 to 0.7" in alt and "trick 0.2" in alt
    axis = figure.axes[0]
    np.testing.assert_allclose(axis.lines[0].get_xdata(), without)
    np.testing.assert_allclose(axis.lines[3].get_xdata(), [0.2, 0.2])

    figure = trick_plots.effects({"bad": (without, with_trick), "good": (with_trick, without)})
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["good", "bad"]
    assert "good: +4.0 spreads, helped; bad: -4.0 spreads, hurt" in plots.alt_text(figure)

    way = np.array([[3.0, 4.0], [0.0, 1.0]])
    figure = trick_plots.orbits({"a": way, "b": way, "c": way})
    assert "a: 5 at first, 1 at last" in plots.alt_text(figure)
    assert [axis.get_title() for axis in figure.axes if axis.axison] == [
        f"{k}: 1.00 from the draw" for k in "abc"
    ]
    for draw in (trick_plots.effects, trick_plots.orbits):
        with pytest.raises(InputError, match="nothing to draw"):
            draw({})
    with pytest.raises(InputError, match="nothing to draw"):
        trick_plots.tries({}, xlabel="share")
