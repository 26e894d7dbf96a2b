"""Figures of what was ordered and what was delivered, and of how sharp it is.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from gan_lessons import sharpness
from gan_lessons.errors import InputError
from gan_lessons.plots import FAKE, OTHERS, REAL


def confusion(
    tables: Mapping[str, np.ndarray], names: Sequence[str], *, title: str = "", alt: str = ""
) -> Figure:
    """What was ordered, and what an expert recognised, in percent of each order.

    Args:
        tables: name to counts ``(K, K)``: rows are orders, columns what was recognised.
        names: of the K classes.
        title: whose expert, which pictures.
        alt: what there is to see; the share on the diagonal and the worst row when left out.

    Raises:
        InputError: for tables of another size than there are names, or an order never given.
    """
    k = len(names)
    shares = {}
    for name, table in tables.items():
        table = np.asarray(table, float)
        if table.shape != (k, k) or not table.sum(1).all():
            raise InputError(
                f"The table {name!r} has shape {table.shape} for {k} classes: give one row and one "
                "column for each, and at least one order of each class."
            )
        shares[name] = 100 * table / table.sum(1, keepdims=True)
    if not alt:
        words = "; ".join(
            f"{name}: {np.trace(s) / k:.0f} % on the diagonal, least for {names[i]} "
            f"({s[i, i]:.0f} %)"
            for name, s, i in ((n, s, int(np.diag(s).argmin())) for n, s in shares.items())
        )
        alt = f"{title or 'What was ordered and what was recognised'}. {words}."
    figure = Figure(figsize=(0.45 * k * len(tables) + 2.0, 0.36 * k + 1.7), layout="constrained")
    axes = figure.subplots(1, len(tables), squeeze=False, sharey=True)[0]
    for axis, (name, s) in zip(axes, shares.items(), strict=True):
        image = axis.imshow(s, cmap="Purples", vmin=0, vmax=100)
        for (i, j), value in np.ndenumerate(s):
            if value >= 0.5:
                colour = "white" if value > 60 else "black"
                axis.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=8, color=colour)
        axis.set_xticks(range(k), names, rotation=45, ha="right", fontsize=8)
        axis.set_title(name, fontsize=10)
        axis.set_xlabel("recognised as")
    axes[0].set_yticks(range(k), names, fontsize=8)
    axes[0].set_ylabel("ordered")
    figure.colorbar(image, ax=axes.tolist(), label="pictures of the order (%)", shrink=0.8)
    if title:
        figure.suptitle(title, fontsize=10)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def spectra(groups: Mapping[str, np.ndarray], *, title: str = "", alt: str = "") -> Figure:
    """How much energy the pictures of each group have in long and in short waves.

    Args:
        groups: name to pictures ``(n, S, S, 3)``; the first group is the real one, and blue, the
            second the forger's, and orange.
        title: which pictures.
        alt: what there is to see; the shares of fine detail when left out.
    """
    if not alt:
        words = "; ".join(
            f"{name} {100 * sharpness.fine_detail(images).mean():.2g} %"
            for name, images in groups.items()
        )
        alt = f"{title or 'Spectra'}. Energy in waves shorter than 4 pixels: {words}."
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axis = figure.subplots()
    for (name, images), colour in zip(groups.items(), (REAL, FAKE, *OTHERS), strict=False):
        waves, energy = sharpness.spectrum(images)
        axis.loglog(waves, energy, label=name, c=colour)
    size = images.shape[1]
    periods = [p for p in (32, 16, 8, 4, 2) if p <= size]
    axis.set_xticks([size / p for p in periods], [str(p) for p in periods])
    axis.minorticks_off()
    axis.set(xlabel="length of the wave (pixels)", ylabel="energy (squared pixel values)")
    axis.set_title(title, fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.legend(frameon=False)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
