"""Was it better, or was it luck? Results with a trick against results without it.

Results are numbers where smaller is better, one for each try. The rule is fixed before anything is
tried: nine pairings in ten must agree.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np

SURE = 0.9  # share of pairings that a trick must win (or lose) to be called helpful (or harmful)
HELPED, NOTHING, HURT = "helped", "no effect seen", "hurt"


def wins(with_trick: np.ndarray, without: np.ndarray) -> float:
    """In what share of all pairings the try with the trick is better.

    Args:
        with_trick: results ``(n,)``, smaller is better.
        without: results ``(m,)``. Equal results count half.
    """
    a = np.asarray(with_trick, float)[:, None]  # (n, 1)
    b = np.asarray(without, float)[None]  # (1, m)
    return float(np.mean((a < b) + 0.5 * (a == b)))


def verdict(with_trick: np.ndarray, without: np.ndarray) -> str:
    """``"helped"`` if nine pairings in ten are won, ``"hurt"`` if as many are lost."""
    share = wins(with_trick, without)
    return HELPED if share >= SURE else HURT if share <= 1 - SURE else NOTHING


def effect(with_trick: np.ndarray, without: np.ndarray) -> float:
    """By how many spreads the trick lowers the result; negative if it raises it.

    The difference of the means, divided by the root of the mean of the two variances (Cohen's d).
    """
    a, b = np.asarray(with_trick, float), np.asarray(without, float)
    spread = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    return float((b.mean() - a.mean()) / (spread + 1e-12))


def table(comparisons: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """Comparisons as lines of text: both means with their spreads, wins, effect, verdict.

    Args:
        comparisons: name to the results with the trick and without it; smaller is better.
    """
    wide = max((len(name) for name in comparisons), default=0)
    lines = [f"{'':{wide}}     with        without     wins  effect  verdict"]
    for name, pair in comparisons.items():
        middle = "  ".join(_middle(values) for values in pair)
        share, by = wins(*pair), effect(*pair)
        lines.append(f"{name:{wide}}  {middle}  {share:4.0%}  {by:+6.1f}  {verdict(*pair)}")
    return "\n".join(lines)


def _middle(values: np.ndarray) -> str:
    values = np.asarray(values, float)
    mean, spread = values.mean(), values.std(ddof=1)
    digits = 2 if abs(mean) < 10 else 0
    return f"{mean:.{digits}f} ± {spread:.{digits}f}".center(11)


def by_luck(n: int, m: int) -> float:
    """How often a trick that does nothing would be called helpful or harmful.

    Counted: which ``n`` of the ``n + m`` results, put in order, belong to the trick is then mere
    luck, so each choice is as likely as any other.
    """
    choices = list(itertools.combinations(range(n + m), n))
    called = 0
    for chosen in choices:
        others = np.setdiff1d(np.arange(n + m), chosen)
        called += verdict(np.array(chosen), others) != NOTHING
    return called / len(choices)
