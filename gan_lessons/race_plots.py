"""Figures of contestants at equal minutes; ``measured.time_to_quality`` reads what they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gan_lessons.errors import InputError
from gan_lessons.measured import Race
from gan_lessons.plots import PAINTER, tile

#: both paint forgeries, so neither is blue or orange; dash and mark differ for eyes and printers
#: that see no colour
LOOKS: dict[str, dict[str, Any]] = {
    "course": {"c": PAINTER, "marker": "o", "ls": "-"},
    "article": {"c": "#2f855a", "marker": "s", "ls": "--"},
}


def distances(race: Race, *, title: str = "", alt: str = "") -> Figure:
    """Kernel distance over minutes, on logarithmic axes, with standard errors.

    Args:
        race: what was measured.
        title: which data.
        alt: what there is to see; the ends of each line when left out.
    """
    if not alt:
        ends = [
            f"{name} from {rows[min(rows)].kernel.value:.3g} at minute {min(rows)} to "
            f"{rows[max(rows)].kernel.value:.3g} at minute {max(rows)}"
            for name, rows in race.rows.items()
            if rows
        ]
        alt = f"Kernel distance to held-out originals over minutes: {'; '.join(ends)}."
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axis = figure.subplots()
    for name, rows in race.rows.items():
        found = list(rows.values())
        axis.errorbar(
            [row.minutes for row in found],
            [row.kernel.value for row in found],
            yerr=[row.kernel.error for row in found],
            ms=5, lw=1.4, capsize=3, label=f"the {name}'s recipe",
            **LOOKS.get(name, {"marker": "^"}),
        )  # fmt: skip
    axis.set_xscale("log")
    axis.set_yscale("log", nonpositive="clip")
    ticks = sorted({minute for rows in race.rows.values() for minute in rows})
    ticks = [t for t in ticks if t in (1, 2, 4, 7, 10, 15, 20, 30)]
    axis.set_xticks(ticks, [str(t) for t in ticks])
    axis.minorticks_off()
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.set(
        xlabel="minutes of training on two cores", ylabel="kernel distance (no unit)", title=title
    )
    axis.legend(frameon=False)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def sheets(
    race: Race, minutes: Sequence[int], *, count: int = 16, title: str = "", alt: str = ""
) -> Figure:
    """Forgeries at equal minutes: a column for each contestant, a row for each minute.

    Two contestants beside each other are still to be seen on a phone.

    Args:
        race: what was measured.
        minutes: some of ``race.minutes``, at least one.
        count: pictures a sheet, at most 16.
        title: which data.
        alt: what there is to see; how varied each sheet is when left out.

    Raises:
        InputError: for a minute at which not all were judged, or none.
    """
    if not minutes:
        raise InputError("There is no minute to show: give at least one of race.minutes.")
    found = [
        (name, minute, race.sheet(name, minute), race.at(name, minute))
        for name in race.rows
        for minute in minutes
    ]
    if not alt:
        said = "; ".join(
            f"the {name}'s at minute {minute}: {row.diversity:.0%} of the originals' variety, "
            f"{_brightness(sheet)}"
            for name, minute, sheet, row in found
        )
        alt = f"Sheets of {count} small forgeries at equal minutes: {said}."
    rows, columns = len(minutes), len(race.rows)
    figure = Figure(figsize=(2.3 * columns, 2.5 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for axis, (name, minute, sheet, _) in zip(axes.T.ravel(), found, strict=True):
        axis.imshow(tile(sheet[:count]), interpolation="nearest")
        axis.set_title(f"{name}, minute {minute}", fontsize=10)
        axis.set_axis_off()
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def _brightness(pictures: np.ndarray) -> str:
    """In words, from dark to bright, and whether the colours of the pictures differ at all."""
    mean = (np.asarray(pictures).mean() + 1) / 2
    word = "dark" if mean < 0.3 else "bright" if mean > 0.7 else "of middle brightness"
    spread = np.asarray(pictures).mean((1, 2)).std(0).mean()
    return f"{word}, {'nearly all of one colour' if spread < 0.1 else 'of several colours'}"
