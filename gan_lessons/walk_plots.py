"""Figures of walks through latent space: strips of pictures, tables of effects, lengths.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.figure import Figure

from gan_lessons.errors import InputError
from gan_lessons.plots import NEUTRAL, tile

COLOURS = (NEUTRAL, "#38a169", "#805ad5")  # blue and orange stand for real and forged


def strips(
    rows: Mapping[str, np.ndarray],
    *,
    columns: Sequence[str] = (),
    title: str = "",
    alt: str = "",
    scale: float = 0.62,
) -> Figure:
    """Rows of pictures, each with its name at its left.

    Args:
        rows: name to float32 ``(n, H, W, 3)`` in [-1, 1], the same n in each.
        columns: n words above the columns.
        title: what changes along the rows, and which generator painted.
        alt: what there is to see; the names when left out.
        scale: inches a picture.
    """
    counts = {len(pictures) for pictures in rows.values()}
    if len(counts) != 1 or (columns and len(columns) not in counts):
        raise InputError(
            f"The rows have {sorted(counts)} pictures and there are {len(columns)} words above "
            "them: give as many of each."
        )
    (n,) = counts
    alt = alt or f"{title or 'Rows of pictures'}. From top to bottom: {'; '.join(rows)}."
    figure = Figure(
        figsize=(scale * n + 1.3, scale * len(rows) + 0.3 * bool(title) + 0.2),
        layout="constrained",
    )
    axes = figure.subplots(len(rows), 1, squeeze=False)[:, 0]
    for axis, (name, pictures) in zip(axes, rows.items(), strict=True):
        sheet = tile(pictures, n)
        axis.imshow(sheet, interpolation="nearest")
        axis.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
        axis.spines[:].set_visible(False)
        axis.set(xticks=[], yticks=[])
    if columns:
        width = pictures.shape[2]
        axes[0].set_xticks([(i + 0.5) * (width + 1) - 1 for i in range(n)], columns, fontsize=9)
        axes[0].tick_params(top=True, bottom=False, labeltop=True, labelbottom=False, length=0)
    if title:
        figure.suptitle(title, fontsize=10)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def table(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    unit: str,
    title: str = "",
    alt: str = "",
    top: float | None = None,
) -> Figure:
    """A table of signed numbers, each cell coloured by its number.

    Args:
        values: ``(R, C)``.
        rows, columns: their names.
        unit: of the values, such as "change (spreads)".
        title: what was moved, and what was read.
        alt: what there is to see; each row's largest number when left out.
        top: the number, with either sign, that has the strongest colour, so that two tables can be
            compared; the largest when left out.
    """
    values = np.asarray(values, float)
    if values.shape != (len(rows), len(columns)):
        raise InputError(
            f"The values have shape {values.shape} but there are {len(rows)} rows and "
            f"{len(columns)} columns: give one name for each."
        )
    if not alt:
        best = abs(values).argmax(1)
        largest = "; ".join(
            f"{name}: {values[i, k]:+.1f} on {columns[k]}"
            for i, (name, k) in enumerate(zip(rows, best, strict=True))
        )
        alt = f"{title or unit}. The largest number of each row: {largest}."
    figure = Figure(
        figsize=(0.62 * len(columns) + 2.4, 0.36 * len(rows) + 1.5), layout="constrained"
    )
    axis = figure.subplots()
    top = top or abs(values).max() or 1
    image = axis.imshow(values, cmap="PRGn", vmin=-top, vmax=top, aspect="auto")
    for (i, k), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.7 * top else "black"
        axis.text(
            k, i, f"{round(value, 1) + 0:.1f}", ha="center", va="center", fontsize=8, color=colour
        )
    axis.set_xticks(range(len(columns)), columns, rotation=40, ha="right", fontsize=9)
    axis.set_yticks(range(len(rows)), rows, fontsize=9)
    axis.set_title(title, fontsize=10)
    figure.colorbar(image, ax=axis, label=unit)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def lengths(groups: Mapping[str, np.ndarray], *, title: str = "", alt: str = "") -> Figure:
    """How long vectors are, one histogram for each group.

    Args:
        groups: name to lengths ``(n,)``.
        title: of which vectors.
        alt: what there is to see; the middle and the spread of each group when left out.
    """
    if not alt:
        middles = "; ".join(
            f"{name}: {np.mean(v):.1f} on average, give or take {np.std(v):.1f}"
            for name, v in groups.items()
        )
        alt = f"{title or 'Lengths'}: histograms. {middles}."
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    axis = figure.subplots()
    top = max(np.max(v) for v in groups.values())
    for (name, values), colour in zip(groups.items(), cycle(COLOURS)):
        share = np.full(len(values), 100 / len(values))
        axis.hist(
            values,
            np.linspace(0, top, 61).tolist(),
            weights=share,
            alpha=0.7,
            label=name,
            color=colour,
        )
    axis.spines[["top", "right"]].set_visible(False)
    axis.set(xlabel="length of the vector |z| (no unit)", ylabel="vectors (%)", title=title)
    axis.legend(frameon=False)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
