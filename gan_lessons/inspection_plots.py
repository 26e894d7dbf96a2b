"""Figures that compare sets of pictures, or what was measured of them, for ``plots.show``.

Each function returns a matplotlib ``Figure`` with alt text. The first group is the real one, and
blue; the second is the forged one, and orange.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure

from gan_lessons.errors import InputError
from gan_lessons.plots import FAKE, REAL, tile

COLOURS = (REAL, FAKE, "#805ad5", "#38a169")


def sheets(
    groups: Mapping[str, np.ndarray],
    *,
    columns: int = 8,
    across: int = 1,
    title: str = "",
    alt: str = "",
    scale: float = 0.6,
) -> Figure:
    """Sheets of pictures, each under its name, in a grid.

    Args:
        groups: name to float32 ``(n, H, W, 3)`` in [-1, 1].
        columns: pictures in a row of each sheet.
        across: sheets side by side.
        title: what they are and which data they come from.
        alt: what there is to see; the names when left out.
        scale: inches a picture.

    Raises:
        InputError: when there is no sheet.
    """
    if not groups:
        raise InputError("There are no sheets to show: give at least one group of pictures.")
    rows = math.ceil(max(len(images) for images in groups.values()) / columns)
    down = math.ceil(len(groups) / across)
    figure = Figure(
        figsize=(
            (scale * columns + 0.15) * across,
            (scale * rows + 0.32) * down + 0.3 * bool(title),
        ),
        layout="constrained",
    )
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for axis in axes:
        axis.set_axis_off()
    for axis, (name, images) in zip(axes, groups.items(), strict=False):
        axis.imshow(tile(images, columns), interpolation="nearest")
        axis.set_title(name, fontsize=10, loc="left" if across == 1 else "center")
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt or f"{title or 'Sheets of pictures'}: {'; '.join(groups)}"  # type: ignore[attr-defined]
    return figure


def distributions(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    *,
    xlabel: str,
    title: str = "",
    alt: str = "",
    bins: int = 40,
    share_y: bool = True,
) -> Figure:
    """How often each value occurs, panel beside panel on a common axis.

    Args:
        panels: name of the panel to the name of a group to values ``(n,)``; at most four groups.
        xlabel: what is measured, with its unit.
        title: what is shown.
        alt: what there is to see; middle and spread of each group when left out.
        bins: how many bars from the smallest value to the largest.
        share_y: whether heights may be compared between panels.

    Raises:
        InputError: when there is no value to draw.
    """
    groups = [(p, name, np.ravel(v)) for p, g in panels.items() for name, v in g.items()]
    if not groups or not all(values.size for _, _, values in groups):
        raise InputError("There is nothing to draw: give at least one value in each group.")
    if not alt:
        said = "; ".join(
            f"{panel.replace(chr(10), ', ')}: "
            + " and ".join(
                f"{name} around {np.median(v):.2g}, spread {np.std(v):.2g}"
                for name, v in members.items()
            )
            for panel, members in panels.items()
        )
        alt = f"{title or xlabel}, histograms. {said}."
    everything = np.concatenate([values for _, _, values in groups])
    edges = np.linspace(everything.min(), everything.max() + 1e-9, bins + 1)
    figure = Figure(figsize=(max(6.4, 2.5 * len(panels)), 3.1), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False, sharex=True, sharey=share_y)[0]
    for axis, (panel, members) in zip(axes, panels.items(), strict=True):
        for (name, values), colour in zip(members.items(), COLOURS, strict=False):
            share = np.full(np.size(values), 100 / np.size(values))
            axis.hist(np.ravel(values), edges, weights=share, alpha=0.6, label=name, color=colour)
        axis.set_title(panel, fontsize=10)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    axes[len(axes) // 2].set_xlabel(xlabel)
    axes[0].set_ylabel("share of the group (%)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=len(labels), frameon=False, fontsize=9
    )
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def by_size(
    sizes: Sequence[int],
    panels: Mapping[str, Mapping[str, np.ndarray]],
    *,
    xlabel: str = "pictures in each set",
    title: str = "",
    alt: str = "",
) -> Figure:
    """Repeated measurements at several sizes: their means, with two standard deviations.

    Groups stand a little beside each other, so that their bars can be told apart.

    Args:
        sizes: ``(s,)``, growing.
        panels: name of the panel, which is also what its axis measures, to the name of a group to
            values ``(s, repeats)``.
        xlabel: what grows.
        title: what is shown.
        alt: what there is to see; the ends of each line when left out.

    Raises:
        InputError: when a group has not one row of values for each size.
    """
    for panel, groups in panels.items():
        for name, values in groups.items():
            if np.ndim(values) != 2 or len(values) != len(sizes):
                raise InputError(
                    f"{panel}, {name} has shape {np.shape(values)} for {len(sizes)} sizes: give "
                    "one row of repeated values for each size."
                )
    if not alt:
        ends = "; ".join(
            f"{panel}, {name}: from {v[0].mean():.3g} at {sizes[0]} to {v[-1].mean():.3g} at "
            f"{sizes[-1]}"
            for panel, groups in panels.items()
            for name, v in groups.items()
        )
        alt = f"{title or 'Distances by size'}. {ends}."
    figure = Figure(figsize=(3.6 * len(panels), 3.3), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axis, (panel, groups) in zip(axes, panels.items(), strict=True):
        beside = 1.06 ** (np.arange(len(groups)) - (len(groups) - 1) / 2)
        for (name, values), colour, shift in zip(groups.items(), COLOURS, beside, strict=False):
            middle, spread, x = values.mean(1), 2 * values.std(1), np.array(sizes) * shift
            axis.errorbar(x, middle, spread, marker="o", ms=4, capsize=3, c=colour, label=name)
        axis.axhline(0, c="#718096", lw=0.8)
        axis.set_xscale("log")
        axis.set_xticks(list(sizes), [str(size) for size in sizes])
        axis.minorticks_off()
        axis.set(xlabel=xlabel, ylabel=panel)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    axes[0].legend(frameon=False, fontsize=9)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def neighbourhoods(
    real: np.ndarray,
    panels: Mapping[str, np.ndarray],
    *,
    k: int = 5,
    limit: float = 1.6,
    title: str = "",
    alt: str = "",
) -> Figure:
    """Real and forged points on discs, each as wide as the way to the k-th neighbour of its kind.

    Above, the discs belong to the real points: forgeries in them count for precision. Below, they
    belong to the forgeries: real points in them count for recall.

    Args:
        real: points ``(M, 2)``, M above k.
        panels: name to forged points ``(N, 2)``, N above k.
        k: the neighbour whose distance is the radius, as in ``metrics.precision_recall``.
        limit: half the side of the visible square.
        title: what is shown.
        alt: what there is to see; the names when left out.

    Raises:
        InputError: when there are too few points.
    """
    figure = Figure(figsize=(3.1 * len(panels) + 0.3, 6.6), layout="constrained")
    axes = figure.subplots(2, len(panels), squeeze=False, sharex=True, sharey=True)
    for column, (name, points) in zip(axes.T, panels.items(), strict=True):
        groups = (np.asarray(real, np.float64), np.asarray(points, np.float64))
        for axis, owners, colour in zip(column, groups, (REAL, FAKE), strict=True):
            radii = _radii(owners, k)
            discs = EllipseCollection(
                2 * radii, 2 * radii, np.zeros(len(owners)), units="xy", offsets=owners,
                offset_transform=axis.transData, facecolor=colour, alpha=0.13,
            )  # fmt: skip
            axis.add_collection(discs)
            axis.scatter(*groups[1].T, s=6, c=FAKE, label="forgery")
            axis.scatter(*groups[0].T, s=2, c=REAL, label="original")
            axis.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
            axis.spines[["top", "right"]].set_visible(False)
        column[0].set_title(name, fontsize=10)
        column[1].set_xlabel("first coordinate")
    for axis, whose in zip(axes[:, 0], ("originals", "forgeries"), strict=True):
        axis.set_ylabel(f"discs around {whose}\nsecond coordinate")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt or (  # type: ignore[attr-defined]
        f"Points in the plane on discs, those of originals above and those of forgeries below: "
        f"{'; '.join(panels)}."
    )
    return figure


def _radii(points: np.ndarray, k: int) -> np.ndarray:
    """The distance of each point ``(N, 2)`` to its k-th nearest other point."""
    if points.ndim != 2 or len(points) <= k:
        raise InputError(
            f"There are points of shape {points.shape}: give (N, 2) with more than {k} points."
        )
    between = np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1))  # (N, N)
    return np.partition(between, k, axis=1)[:, k]
