"""Figures of tricks, with and without; ``comparison.py`` and ``dirac.py`` compute what they show.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gan_lessons import comparison
from gan_lessons.errors import InputError
from gan_lessons.plots import NEUTRAL, REAL

COLOURS = {comparison.HELPED: "#2f855a", comparison.NOTHING: NEUTRAL, comparison.HURT: "#c53030"}
MARKS = {comparison.HELPED: "o", comparison.NOTHING: "s", comparison.HURT: "X"}


def _rows(names: list[str], alt: str, width: float = 5.6) -> tuple[Figure, Any]:
    if not names:
        raise InputError("There is nothing to draw: give at least one row.")
    figure = Figure(figsize=(width, 0.42 * len(names) + 1.1), layout="constrained")
    axis = figure.subplots()
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.set_yticks(range(len(names)), names, fontsize=10.5)
    axis.set_ylim(len(names) - 0.5, -0.5)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure, axis


def tries(
    results: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    title: str = "",
    alt: str = "",
    level: tuple[float, str] | None = None,
) -> Figure:
    """Every try as a dot, the mean of each row as a line; the first row is the comparison.

    Args:
        results: name to results ``(n,)``, one for each try.
        xlabel: what is measured, with its unit.
        title: what is compared, on which data.
        alt: what there is to see; means and spreads when left out.
        level: a value to mark and its name.
    """
    values = {name: np.ravel(np.asarray(v, float)) for name, v in results.items()}
    if not alt:
        rows = "; ".join(
            f"{k} {v.mean():.3g}, from {v.min():.3g} to {v.max():.3g}" for k, v in values.items()
        )
        alt = f"{title or xlabel}, a dot for each try: {rows}."
    figure, axis = _rows(list(values), alt)
    for row, found in enumerate(values.values()):
        colour = NEUTRAL if row == 0 else REAL
        axis.plot(found, np.full(len(found), row), "o", ms=6, alpha=0.55, c=colour, mec="none")
        axis.plot([found.mean()] * 2, [row - 0.3, row + 0.3], lw=2.5, c=colour)
    first = next(iter(values.values()))
    axis.axvspan(first.min(), first.max(), color=NEUTRAL, alpha=0.12, lw=0)
    if level:
        axis.axvline(level[0], ls="--", lw=1, c=NEUTRAL, label=level[1])
        axis.legend(frameon=False, fontsize=9)
    axis.set_xlim(left=min(0, *(v.min() for v in values.values())))
    axis.set(xlabel=xlabel, title=title)
    return figure


def effects(
    comparisons: Mapping[str, tuple[np.ndarray, np.ndarray]], *, title: str = "", alt: str = ""
) -> Figure:
    """All tricks in one figure: how much better each made the result, in spreads.

    Args:
        comparisons: name to the results with the trick and without it; smaller is better.
        title: what is compared, on which data.
        alt: what there is to see; every effect and verdict when left out.
    """
    found = {
        name: (comparison.effect(*pair), comparison.verdict(*pair))
        for name, pair in comparisons.items()
    }
    found = dict(sorted(found.items(), key=lambda item: -item[1][0]))
    if not alt:
        rows = "; ".join(f"{name}: {d:+.1f} spreads, {v}" for name, (d, v) in found.items())
        alt = f"{title or 'All tricks'}, the best first: {rows}."
    figure, axis = _rows(list(found), alt)
    axis.axvline(0, c=NEUTRAL, lw=1)
    for kind, colour in COLOURS.items():
        places = [(d, row) for row, (d, v) in enumerate(found.values()) if v == kind]
        if places:
            x, y = np.array(places).T
            axis.hlines(y, 0, x, color=colour, lw=2)
            axis.plot(x, y, MARKS[kind], ms=8, c=colour, label=kind, ls="none")
    axis.legend(frameon=False, loc="lower right")
    axis.set_xscale("symlog", linthresh=3, linscale=1.5)
    ticks = [
        t
        for t in (-30, -10, -3, 0, 3, 10, 30)
        if abs(t) <= 1.1 * max(3, *map(abs, axis.get_xlim()))
    ]
    axis.set_xticks(ticks, [f"{t}" for t in ticks])
    axis.minorticks_off()
    axis.set(xlabel="worse ← effect in spreads (compressed beyond 3) → better", title=title)
    return figure


def orbits(paths: Mapping[str, np.ndarray], *, title: str = "", alt: str = "") -> Figure:
    """The ways of the smallest game (``dirac.play``), a panel each; the cross is the fair draw.

    Args:
        paths: name to ``(rounds + 1, 2)``: the painter's and the dealer's number.
        title: what is shown.
        alt: what there is to see; where each way begins and ends when left out.
    """
    if not paths:
        raise InputError("There is nothing to draw: give at least one path.")
    lengths = {name: np.hypot(*np.asarray(path).T) for name, path in paths.items()}
    if not alt:
        ends = "; ".join(
            f"{k}: {r[0]:.2g} at first, {r[-1]:.2g} at last" for k, r in lengths.items()
        )
        alt = f"{title or 'Ways through the smallest game'}. Distance from the fair draw: {ends}."
    columns = 2 if len(paths) > 1 else 1
    rows = -(-len(paths) // columns)
    figure = Figure(figsize=(3.1 * columns, 3.0 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis, (name, path) in zip(axes, paths.items(), strict=False):
        theta, psi = np.asarray(path).T
        axis.plot(theta, psi, lw=0.9, c=REAL, alpha=0.8)
        axis.plot(theta[0], psi[0], "o", ms=6, c=NEUTRAL)
        axis.plot(theta[-1], psi[-1], "o", ms=7, c=REAL)
        axis.plot(0, 0, "+", ms=12, mew=2, c="black")
        reach = 1.08 * lengths[name].max()
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        axis.set_title(f"{name}: {lengths[name][-1]:.2f} from the draw", fontsize=9.5)
        axis.set_xlabel("the painter's number (no unit)", fontsize=8)
        axis.set_ylabel("the dealer's (no unit)", fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    for axis in axes[len(paths) :]:
        axis.set_axis_off()
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
