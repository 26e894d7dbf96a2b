"""Figures of the inside of a generator: its stages, its feature maps, its stamps.

Each function returns a matplotlib ``Figure`` for ``plots.show`` or a ``Diagram``; everything in
them is computed from what is given.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gan_lessons import anatomy
from gan_lessons.diagrams import FAKE, Diagram
from gan_lessons.errors import InputError

INKS = ("#38a169", "#805ad5", "#d69e2e", "#319795", "#b83280")  # neither blue nor orange


# ------------------------------------------------------------------ the stages as a diagram


def stages(generator: Any) -> Diagram:
    """The way from the latent vector to the picture: one block for each size on the way.

    Args:
        generator: a built Keras model from latents to pictures, a chain of layers.

    Raises:
        InputError: when it paints no pictures.
    """
    table = anatomy.layers(generator)
    blocks = [row.shape for row in table if len(row.shape) == 3]
    if not blocks or blocks[-1][2] != 3:
        raise InputError(f"{table.title!r} paints no pictures: give a generator of pictures.")
    blocks = [b for i, b in enumerate(blocks) if i + 1 == len(blocks) or blocks[i + 1] != b]
    latent_dim = int(generator.input_shape[-1])
    slot, high = 560 / (len(blocks) + 0.75), 150
    body = _latent(slot * 0.3, latent_dim)
    for i, (height, width, channels) in enumerate(blocks):
        last = i + 1 == len(blocks)
        side = 16 + (min(slot * 0.62, 92) - 16) * math.log2(height) / math.log2(blocks[-1][0])
        middle = slot * (i + 1.2)
        body += _sheets(middle, high / 2 + 12, side, channels, FAKE if last else "currentColor")
        names = (f"{height} × {width}", "3 colours" if last else f"{channels} channels")
        body += "".join(
            f'<text x="{middle:.0f}" y="{high + 8 + 18 * k}" text-anchor="middle" '
            f'font-weight="{600 - 200 * k}" font-size="{15 - 2 * k}">{html.escape(name)}</text>'
            for k, name in enumerate(names)
        )
    sizes = ", then ".join(f"{h} by {w} with {c}" for h, w, c in blocks)
    return Diagram(
        "From a latent vector to a picture",
        f"{latent_dim} random numbers become {sizes} channels; the last three are red, green and "
        "blue. The sheets get larger and fewer.",
        body,
        (560, high + 36),
    )


def _latent(x: float, count: int) -> str:
    cells = "".join(
        f'<rect x="{x - 7:.0f}" y="{22 + 9 * i}" width="14" height="9" fill="currentColor" '
        f'fill-opacity="{0.08 + 0.6 * ((7 * i) % 5) / 4:.2f}" stroke="currentColor" '
        'stroke-width="0.8"/>'
        for i in range(12)
    )
    return (
        f'{cells}<text x="{x:.0f}" y="158" text-anchor="middle" font-weight="600">z</text>'
        f'<text x="{x:.0f}" y="176" text-anchor="middle" font-size="13">{count}</text>'
    )


def _sheets(x: float, y: float, side: float, channels: int, colour: str) -> str:
    """A pile of sheets: the more channels, the more sheets."""
    count = 3 if channels == 3 else max(3, min(9, round(math.log2(channels)) + 1))
    step = 3
    left, top = x - side / 2 - step * (count - 1) / 2, y - side / 2 + step * (count - 1) / 2
    parts = [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="{colour}" fill-opacity="0.16" stroke="{colour}" stroke-width="1.2"/>'
    ]
    for k in range(1, count):  # of the sheets behind only the edges are in sight
        parts.append(
            f'<path d="M{left + step * k:.1f} {top - step * (k - 1):.1f}v{-step}h{side:.1f}'
            f'v{side:.1f}h{-step}" fill="none" stroke="{colour}" stroke-width="1.2"/>'
        )
    return "".join(parts)


# ------------------------------------------------------------------ feature maps


def feature_maps(generator: Any, z: np.ndarray, *, count: int = 4) -> Figure:
    """What one latent vector is at each stage: a few channels after each LeakyReLU.

    Of each stage it shows the channels that vary most over the picture. Each map has its own
    scale, dark for low and bright for high; the picture and its three colours stand last.

    Args:
        generator: a Keras model from latents to pictures, with LeakyReLU after each stage.
        z: float32 ``(latent_dim,)``.
        count: channels of each stage.
    """
    z = np.asarray(z, np.float32)[None]
    hidden = [a[0] for a in anatomy.outputs(generator, z, "LeakyReLU").values() if a.ndim == 4]
    picture = np.asarray(generator(z, training=False))[0]
    names = [_size(a) for a in hidden]
    figure = Figure(figsize=(1.45 * (len(hidden) + 1), 1.36 * count + 0.4), layout="constrained")
    axes = figure.subplots(count, len(hidden) + 1, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for column, maps in enumerate(hidden):
        spread = maps.std((0, 1))  # (c,)
        for row, channel in enumerate(np.argsort(spread)[::-1][:count]):
            axes[row, column].imshow(maps[..., channel], cmap="gray", interpolation="nearest")
        axes[0, column].set_title(names[column], fontsize=9)
    axes[0, -1].imshow((picture + 1) / 2, interpolation="nearest")
    axes[0, -1].set_title("the picture", fontsize=9)
    for row, name in enumerate(("red", "green", "blue")[: count - 1]):
        axes[row + 1, -1].imshow(picture[..., row], cmap="gray", vmin=-1, vmax=1)
        axes[row + 1, -1].set_title(name, fontsize=9)
    figure.alt = (  # type: ignore[attr-defined]
        f"Columns of grey maps, {count} for each stage: {'; '.join(names)}. From left to right "
        "they grow from coarse blocks to fine shapes. The last column is the finished picture and "
        "its three colours."
    )
    return figure


def _size(maps: np.ndarray) -> str:
    return " × ".join(map(str, maps.shape))


# ------------------------------------------------------------------ transposed convolution


def stamp(values: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The stamps of a transposed convolution on a line, not yet added up.

    Number ``i`` presses the kernel, times itself, onto the line from place ``i * stride``. Their
    sum is the transposed convolution (Dumoulin and Visin, "A guide to convolution arithmetic for
    deep learning", 2016, chapter 4).

    Args:
        values: ``(n,)``.
        kernel: ``(k,)``.
        stride: places from one stamp to the next, at least 1.

    Returns:
        ``(n, (n - 1) * stride + k)``: one stamp a row.
    """
    values, kernel = np.asarray(values, float), np.asarray(kernel, float)
    if values.ndim != 1 or kernel.ndim != 1 or not values.size or not kernel.size:
        raise InputError(
            f"The values have shape {values.shape} and the kernel {kernel.shape}: give two rows of "
            "numbers."
        )
    if stride < 1:
        raise InputError(f"stride is {stride!r}: a stamp moves on by at least 1.")
    line = np.zeros((len(values), (len(values) - 1) * stride + len(kernel)))
    for i, value in enumerate(values):
        line[i, i * stride : i * stride + len(kernel)] = value * kernel
    return line


def stamps(values: Sequence[float], kernel: Sequence[float], stride: int, crop: int = 0) -> Figure:
    """A transposed convolution of a few numbers, drawn: the numbers, their stamps, the sum.

    Args:
        values, kernel, stride: as for ``stamp``; none of them negative, since stamps are piled.
        crop: places cut off at each end, drawn pale.
    """
    line = stamp(np.array(values), np.array(kernel), stride)
    if line.min() < 0:
        raise InputError("Stamps are drawn as piles: give numbers and a kernel of 0 and more.")
    total, places = line.sum(0), np.arange(line.shape[1])
    kept = np.where((places >= crop) & (places < len(places) - crop), 1.0, 0.3)
    figure = Figure(figsize=(5.4, 3.9), layout="constrained")
    top, below = figure.subplots(2, 1, height_ratios=(1, 2))
    for axis in (top, below):
        axis.spines[["top", "right"]].set_visible(False)
    for i, value in enumerate(values):
        ink = INKS[i % len(INKS)]
        top.bar(i, value, color=ink, width=0.8)
        top.text(i, value, f"{value:g}", ha="center", va="bottom", fontsize=9)
        for place in np.flatnonzero(line[i]):
            below.bar(
                place, line[i, place], bottom=line[:i, place].sum(), color=ink,
                alpha=kept[place], width=0.8,
            )  # fmt: skip
    for place, height in zip(places, total, strict=True):
        below.text(place, height, f"{height:g}", ha="center", va="bottom", fontsize=9)
    top.set(
        title="what goes in", ylabel="value", xticks=range(len(values)), ylim=(0, 1.3 * max(values))
    )
    top.set(xlim=(-(len(places) - len(values)) / 2 - 0.6, (len(places) + len(values)) / 2 - 0.4))
    below.set(title="the stamps, piled up: the number on top is their sum", ylabel="value")
    below.set(
        ylim=(0, 1.15 * total.max()), xlabel="place", xticks=places, xlim=(-0.6, len(places) - 0.4)
    )
    figure.alt = (  # type: ignore[attr-defined]
        f"Above, bars for the numbers {_list(values)}. Below, each has become a stamp, the kernel "
        f"{_list(kernel)} times that number, {stride} places further on than the one before; where "
        f"stamps overlap they add up to {_list(total)}."
        + (f" The outer {crop} at each end are cut off." if crop else "")
    )
    return figure


def overlap(kernels: Sequence[int], stride: int = 2, size: int = 8) -> Figure:
    """How many stamps meet at each pixel, for square kernels of several sizes.

    Args:
        kernels: their widths in pixels.
        stride: pixels from one stamp to the next.
        size: stamps in each direction; five pixels each way are shown.
    """
    counts = {k: _meetings(k, stride, size) for k in kernels}
    figure = Figure(figsize=(2.1 * len(counts), 2.5), layout="constrained")
    for axis, (k, count) in zip(
        np.atleast_1d(figure.subplots(1, len(counts))), counts.items(), strict=True
    ):
        axis.imshow(count, cmap="viridis", vmin=0, vmax=max(c.max() for c in counts.values()))
        for (y, x), n in np.ndenumerate(count):
            axis.text(
                x, y, str(n), ha="center", va="center", fontsize=11,
                color="w" if n < 6 else "k",
            )  # fmt: skip
        axis.set_title(f"kernel {k}, stride {stride}", fontsize=9)
        axis.set(xticks=[], yticks=[])
    listed = "; ".join(f"kernel {k}: {_list(sorted(set(c.flat)))}" for k, c in counts.items())
    figure.alt = f"How many stamps meet at a pixel in the middle of the picture. {listed}."  # type: ignore[attr-defined]
    return figure


def _meetings(kernel: int, stride: int, size: int) -> np.ndarray:
    """The count in the middle of the picture, where the edge is not felt: int ``(5, 5)``."""
    line = stamp(np.ones(size), np.ones(kernel), stride).sum(0)
    inner = line[kernel - 1 : len(line) - kernel + 1].astype(int)[:5]
    if len(inner) < 5:
        raise InputError(f"{size} stamps are too few to overlap fully: take a larger size.")
    return np.outer(inner, inner)


def _list(numbers: Sequence[Any] | np.ndarray) -> str:
    return ", ".join(f"{n:g}" for n in numbers)
