"""Figures: each function returns a matplotlib ``Figure`` that carries its own alt text.

Show one with ``plots.show(figure)``: the picture goes into the notebook together with its
description, which a screen reader speaks and the built book keeps.
"""

from __future__ import annotations

import base64
import html
import io
import itertools
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from gan_lessons.errors import InputError, StorageError

REAL, FAKE, NEUTRAL = "#2b6cb0", "#dd6b20", "#718096"  # blue is real, orange is forged, always
PAINTER, DEALER = "#7a3e9d", "#4a5568"  # so the players' own curves are neither
#: curves of anything else, told apart by lightness too: green, magenta, black, lime
OTHERS = ("#2f855a", "#d53f8c", "#1a202c", "#a3b818")
#: the ground below points, pale enough to see them: forged, undecided, real
GROUND = LinearSegmentedColormap.from_list("ground", ["#eeb184", "#faf7f2", "#8fbce0"])


class Shown:
    """A figure as a notebook output: a picture with alt text."""

    def __init__(self, figure: Figure) -> None:
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=144, bbox_inches="tight")
        self.picture = base64.b64encode(buffer.getvalue()).decode()
        self.alt = alt_text(figure)
        self.width = round(figure.get_figwidth() * 96)

    def _repr_html_(self) -> str:
        alt = html.escape(self.alt, quote=True)
        return (
            f'<img class="gl-figure" alt="{alt}" src="data:image/png;base64,{self.picture}" '
            f'style="width:{self.width}px;max-width:100%;height:auto;background:#fff;'
            'border-radius:6px">'
        )


def show(figure: Figure) -> Shown:
    """The figure with its alt text, as the last line of a notebook cell."""
    return Shown(figure)


def alt_text(figure: Figure) -> str:
    """The description that a figure carries."""
    return str(getattr(figure, "alt", ""))


def _figure(alt: str, width: float, height: float, columns: int = 1) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure, axes if columns > 1 else axes[0]


def tile(images: np.ndarray, columns: int | None = None, gap: int = 1) -> np.ndarray:
    """Pictures side by side on white.

    Args:
        images: float32 ``(n, H, W, 3)`` in [-1, 1].
        columns: how many in a row; None makes it nearly square.
        gap: white pixels between them.

    Returns:
        uint8 ``(rows (H + gap) - gap, columns (W + gap) - gap, 3)``.
    """
    from gan_lessons.data import to_uint8

    images = np.asarray(images)
    if images.ndim != 4 or images.shape[3] != 3 or not len(images):
        raise InputError(
            f"The pictures have shape {images.shape}: give (n, H, W, 3), n at least 1."
        )
    pictures = to_uint8(images)
    n, h, w, _ = pictures.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    sheet = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, 3), 255, np.uint8)
    for i, picture in enumerate(pictures):
        y, x = i // columns * (h + gap), i % columns * (w + gap)
        sheet[y : y + h, x : x + w] = picture
    return sheet


def save_grid(images: np.ndarray, path: str | Path, *, columns: int | None = None) -> None:
    """Write pictures ``(n, H, W, 3)`` in [-1, 1] as one PNG, four times enlarged.

    Raises:
        InputError: for a name that does not end in .png, or what are no pictures.
        StorageError: when the disk refuses.
    """
    from PIL import Image

    from gan_lessons.checkpoints import write_atomically

    sheet = np.kron(tile(images, columns), np.ones((4, 4, 1), np.uint8))
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise InputError(f"{path} does not end in .png: name a .png file to write.")
    if not os.path.isdir(path.absolute().parent):
        raise StorageError(f"The folder of {path} does not exist: make it first.")
    write_atomically(path, buffer.getvalue())


def pictures(
    images: np.ndarray, *, columns: int = 8, title: str = "", alt: str = "", scale: float = 0.85
) -> Figure:
    """Pictures in rows.

    Args:
        images: float32 ``(n, H, W, 3)`` in [-1, 1].
        columns: how many in a row.
        title: what they are and which data they come from.
        alt: what there is to see; the title and the number when left out.
        scale: inches a picture.
    """
    rows = math.ceil(len(images) / columns)
    alt = alt or f"{len(images)} small pictures in rows of {columns}: {title}"
    figure, axis = _figure(alt, scale * columns, scale * rows + 0.3)
    axis.imshow(tile(images, columns), interpolation="nearest")
    axis.set_title(title, fontsize=10)
    axis.set_axis_off()
    return figure


def side_by_side(
    groups: Mapping[str, np.ndarray], *, columns: int = 4, alt: str = "", scale: float = 0.8
) -> Figure:
    """Groups of pictures next to each other, each under its name.

    Args:
        groups: name to float32 ``(n, H, W, 3)`` in [-1, 1].
        columns: pictures in a row of each group.
        alt: what there is to see.
        scale: inches a picture.
    """
    alt = alt or "Groups of small pictures side by side: " + "; ".join(groups)
    rows = max(math.ceil(len(images) / columns) for images in groups.values())
    figure, axes = _figure(
        alt, (scale * columns + 0.3) * len(groups), scale * rows + 0.4, len(groups)
    )
    for axis, (name, images) in zip(np.atleast_1d(axes), groups.items(), strict=True):
        axis.imshow(tile(images, columns), interpolation="nearest")
        axis.set_title(name, fontsize=10)
        axis.set_axis_off()
    return figure


def points(
    groups: Mapping[str, np.ndarray], *, title: str = "", alt: str = "", limit: float | None = None
) -> Figure:
    """Clouds of points in the plane; "real" is blue, "fake" or "forged" is orange.

    Args:
        groups: name to float ``(n, 2)``.
        title: what is shown.
        alt: what there is to see.
        limit: half the side of the visible square; None fits it.
    """
    alt = alt or f"Points in the plane, {' and '.join(groups)}: {title}"
    figure, axis = _figure(alt, 4.6, 4.4)
    spare = iter((NEUTRAL, "#38a169", "#805ad5"))
    for name, cloud in groups.items():
        known = {"real": REAL, "fake": FAKE, "forged": FAKE}
        axis.scatter(
            *np.asarray(cloud).T, s=7, alpha=0.55, label=name, c=known.get(name) or next(spare)
        )
    axis.set(title=title, xlabel="first coordinate", ylabel="second coordinate", aspect="equal")
    if limit:
        axis.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axis.legend(frameon=False)
    return figure


def landscape(
    discriminator: Any,
    groups: Mapping[str, np.ndarray],
    *,
    limit: float = 1.6,
    title: str = "",
    alt: str = "",
) -> Figure:
    """What a discriminator of points answers everywhere: its probability of "real".

    Args:
        discriminator: a Keras model from ``(n, 2)`` to logits ``(n, 1)``.
        groups: clouds of points to draw on top, as for ``points``.
        limit: half the side of the visible square.
        title, alt: as for ``points``.
    """
    figure = points(groups, title=title, alt=alt or f"The dealer's landscape: {title}", limit=limit)
    axis = figure.axes[0]
    ticks = np.linspace(-limit, limit, 81, dtype=np.float32)
    places = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)  # (81, 81, 2) -> (6561, 2)
    logits = np.asarray(discriminator(places, training=False)).reshape(81, 81)
    image = axis.contourf(
        ticks, ticks, 1 / (1 + np.exp(-logits)), levels=np.linspace(0, 1, 11), cmap=GROUND,
        zorder=-1,
    )  # fmt: skip
    figure.colorbar(image, ax=axis, shrink=0.75, label="probability of real (no unit)")
    return figure


def curves(
    series: Mapping[str, Sequence[float] | np.ndarray],
    *,
    x: Sequence[float] | np.ndarray | None = None,
    xlabel: str = "step",
    ylabel: str = "",
    title: str = "",
    alt: str = "",
    smooth: int = 1,
    level: tuple[float, str] | None = None,
) -> Figure:
    """Lines over a common axis.

    Args:
        series: name to values ``(n,)``. "real", "fake", "d_loss" and "g_loss", also as in
            "dealer (d_loss)", have colours of their own; other lines are neither blue nor orange.
        x: where the values stand; 1, 2, 3 ... when left out.
        xlabel, ylabel: with units.
        title: what is shown.
        alt: what there is to see; the ends of each line when left out.
        smooth: width of a running mean, in values; the raw values stay behind, pale.
        level: a height to mark and its name.
    """
    if not alt:
        ends = "; ".join(f"{k} goes from {v[0]:.3g} to {v[-1]:.3g}" for k, v in series.items())
        alt = f"{title or ylabel} over {xlabel}: {ends}."
    figure, axis = _figure(alt, 6.4, 3.4)
    colours = {"real": REAL, "fake": FAKE, "d_loss": DEALER, "g_loss": PAINTER}
    spare = itertools.cycle(OTHERS)
    for name, values in series.items():
        values = np.asarray(values, float)
        xs = np.arange(1, len(values) + 1) if x is None else np.asarray(x)
        colour = colours.get(name.split("(")[-1].rstrip(")")) or next(spare)
        width = min(smooth, len(values))
        if width > 1:
            axis.plot(xs, values, alpha=0.2, lw=0.8, c=colour)
            kernel = np.ones(width) / width
            axis.plot(xs[width - 1 :], np.convolve(values, kernel, "valid"), label=name, c=colour)
        else:
            axis.plot(xs, values, label=name, c=colour)
    if level:
        axis.axhline(level[0], ls="--", c=NEUTRAL, lw=1, label=level[1])
    axis.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axis.legend(frameon=False)
    return figure


def measured(
    x: Sequence[float] | np.ndarray,
    values: Sequence[float] | np.ndarray,
    errors: Sequence[float] | np.ndarray,
    *,
    xlabel: str,
    ylabel: str,
    title: str = "",
    alt: str = "",
    level: tuple[float, str] | None = None,
) -> Figure:
    """Measurements with their standard errors.

    Args:
        x, values, errors: ``(n,)`` each.
        xlabel, ylabel: with units.
        title: what is measured, on which data.
        alt: what there is to see; both ends when left out.
        level: a height to mark and its name.
    """
    values = np.asarray(values, float)
    alt = alt or f"{title or ylabel} over {xlabel}: from {values[0]:.3g} to {values[-1]:.3g}."
    figure, axis = _figure(alt, 6.4, 3.4)
    axis.errorbar(x, values, yerr=errors, fmt="o-", ms=4, lw=1, capsize=3, c=FAKE)
    if level:
        axis.axhline(level[0], ls="--", c=NEUTRAL, lw=1, label=level[1])
        axis.legend(frameon=False)
    axis.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axis.set_ylim(bottom=min(0, level[0] if level else 0))
    return figure


def bars(
    results: Mapping[str, tuple[float, float]], *, xlabel: str, title: str = "", alt: str = ""
) -> Figure:
    """Results with their spread, one bar a row.

    Args:
        results: name to (value, spread); a spread of 0 is not known and not drawn.
        xlabel: what is measured, with its unit.
        title: what is compared, on which data.
        alt: what there is to see; the numbers when left out.
    """
    if not alt:
        rows = "; ".join(
            f"{name} {v:.3g}" + (f" plus or minus {e:.2g}" if e else "")
            for name, (v, e) in results.items()
        )
        alt = f"{title or xlabel}: {rows}."
    figure, axis = _figure(alt, 6.4, 0.42 * len(results) + 1.0)
    names = list(results)
    values, errors = np.array([results[name] for name in names], float).T
    axis.barh(
        names,
        values,
        xerr=np.where(errors > 0, errors, np.nan),
        color=REAL,
        alpha=0.75,
        ecolor=NEUTRAL,
        capsize=3,
    )
    axis.invert_yaxis()
    axis.set(xlabel=xlabel, title=title)
    return figure
