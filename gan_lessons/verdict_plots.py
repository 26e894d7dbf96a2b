"""Figures of what a dealer says and where he looks; ``verdicts.py`` computes what they show.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``. Blue is real and
orange is forged, also in the maps: a blue place spoke for "real", an orange one gave it away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from gan_lessons.errors import InputError
from gan_lessons.plots import FAKE, NEUTRAL, REAL
from gan_lessons.verdicts import Calibration

SIGNED = LinearSegmentedColormap.from_list("forged_to_real", [FAKE, "#ffffff", REAL])
_COLOURS = {"real": REAL, "forged": FAKE, "fake": FAKE}


def histograms(
    panels: Mapping[str, Mapping[str, np.ndarray]], *, title: str = "", alt: str = ""
) -> Figure:
    """How often each logit was given, one panel for each set of pictures, on common axes.

    Args:
        panels: name of the panel to the name of a group, "real" or "forged", to logits ``(n,)``.
        title: what is shown.
        alt: what there is to see; the middle of each group when left out.
    """
    groups = {
        f"{name} ({panel})": np.ravel(v) for panel, g in panels.items() for name, v in g.items()
    }
    if not groups or not all(values.size for values in groups.values()):
        raise InputError("There are no logits to draw: give at least one in each group.")
    if not alt:
        middles = "; ".join(f"{k} around {np.median(v):.2g}" for k, v in groups.items())
        alt = f"{title or 'Logits'}: histograms. {middles}."
    everything = np.concatenate(list(groups.values()))
    edges = np.linspace(min(everything.min(), -1), max(everything.max(), 1), 41)
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
    for axis, (panel, members) in zip(axes, panels.items(), strict=True):
        for name, values in members.items():
            values = np.ravel(values)
            share = np.full(values.size, 100 / values.size)
            axis.hist(
                values, edges, weights=share, alpha=0.65, label=name, color=_COLOURS.get(name)
            )
        axis.axvline(0, c=NEUTRAL, ls="--", lw=1)
        axis.spines[["top", "right"]].set_visible(False)
        axis.set(xlabel="logit (no unit)", title=panel)
    axes[0].set_ylabel("pictures of the group (%)")
    axes[0].legend(frameon=False)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def reliability(counted: Calibration, *, title: str = "", alt: str = "") -> Figure:
    """Probabilities that were given against shares that were counted.

    Args:
        counted: from ``verdicts.calibration``.
        title: whose verdicts, on which pictures.
        alt: what there is to see; the points when left out.
    """
    if not alt:
        points = "; ".join(
            f"said {100 * p:.0f} %, counted {100 * o:.0f} % of {n}"
            for p, o, n in zip(counted.predicted, counted.observed, counted.count, strict=True)
        )
        alt = f"{title or 'Said and counted'}, points near the diagonal are honest: {points}."
    figure = Figure(figsize=(4.8, 4.4), layout="constrained")
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1], ls="--", c=NEUTRAL, lw=1, label="says what he finds")
    axis.errorbar(
        counted.predicted, counted.observed, yerr=2 * counted.spread, fmt="none", ecolor=NEUTRAL,
        capsize=3,
    )  # fmt: skip
    axis.scatter(
        counted.predicted, counted.observed, s=12 + 300 * counted.count / counted.count.sum(),
        c=REAL, label="one bin; area: how many pictures", zorder=3,
    )  # fmt: skip
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.set(
        xlim=(-0.03, 1.06), ylim=(-0.03, 1.06), aspect="equal", title=title,
        xlabel="probability of real that he gave (no unit)",
        ylabel="share that was real (no unit)",
    )  # fmt: skip
    axis.legend(frameon=False, loc="upper left", fontsize=9)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def on_a_line(
    x: np.ndarray,
    p: np.ndarray,
    q: np.ndarray,
    answers: Mapping[str, np.ndarray],
    *,
    title: str = "",
    alt: str = "",
) -> Figure:
    """Works of art on a line: both densities above, dealers' answers below.

    Args:
        x: places ``(n,)``.
        p, q: densities of originals and forgeries there, ``(n,)``.
        answers: name to probabilities of real, ``(n,)``.
        title: what is shown.
        alt: what there is to see; where each answer crosses one half when left out.
    """
    if not alt:
        crossings = "; ".join(
            f"{name} crosses one half at "
            + (
                ", ".join(f"{(x[i] + x[i + 1]) / 2:.2g}" for i in np.flatnonzero(np.diff(v > 0.5)))
                or "no place"
            )
            for name, v in answers.items()
        )
        alt = f"{title or 'Dealers on a line'}. {crossings}."
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    for density, colour, name in ((p, REAL, "originals, p"), (q, FAKE, "forgeries, q")):
        above.plot(x, density, c=colour, label=name)
        above.fill_between(x, density, color=colour, alpha=0.2)
    above.set(ylabel="density (1 per unit of x)", title=title, ylim=(0, None))
    styles: tuple[dict[str, Any], ...] = (
        {"c": NEUTRAL, "lw": 4, "alpha": 0.5},
        {"c": "#1a202c", "lw": 1.4},
        {"ls": "--"},
    )
    for (name, values), style in zip(answers.items(), styles, strict=False):
        below.plot(x, values, label=name, **style)
    below.axhline(0.5, ls=":", c=NEUTRAL, lw=1)
    below.set(xlabel="place of the work x (no unit)", ylabel="probability of real", ylim=(0, 1))
    for axis in (above, below):
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
        axis.legend(frameon=False, fontsize=9)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def maps(
    images: np.ndarray,
    slope: np.ndarray,
    hidden: np.ndarray,
    names: Sequence[str],
    *,
    title: str = "",
    alt: str = "",
) -> Figure:
    """Pictures, and below each where a dealer's answer came from, in two ways.

    Args:
        images: float32 ``(n, H, W, 3)`` in [-1, 1].
        slope: from ``verdicts.strength``, ``(n, H, W)``; every map is scaled to its own largest.
        hidden: from ``verdicts.occlusion``, ``(n, H, W)``; scaled to the largest of them all.
        names: what each picture is, ``n`` of them.
        title: whose dealer, which pictures.
        alt: what there is to see; the place of each map's extreme when left out.
    """
    from gan_lessons.data import to_uint8

    n = len(images)
    if not n or slope.shape != images.shape[:3] or hidden.shape != slope.shape or len(names) != n:
        raise InputError(
            f"There are {n} pictures, maps of shape {slope.shape} and {hidden.shape} and "
            f"{len(names)} names: give one map of each kind and one name for each picture."
        )
    if not alt:
        places = "; ".join(
            f"{name}: strongest at row {k // images.shape[2]}, column {k % images.shape[2]}, where "
            f"hiding changes the logit by {-h.ravel()[k]:+.2g}"
            for name, h, k in (
                (a, h, int(abs(h).argmax())) for a, h in zip(names, hidden, strict=True)
            )
        )
        alt = f"{title or 'Where the dealer looks'}. {places}."
    figure = Figure(figsize=(1.35 * n + 1.1, 4.5), layout="constrained")
    axes = figure.subplots(3, n, squeeze=False)
    top = abs(hidden).max() or 1
    for i in range(n):
        axes[0, i].imshow(to_uint8(images[i]), interpolation="nearest")
        axes[0, i].set_title(names[i], fontsize=9)
        steep = axes[1, i].imshow(slope[i] / (slope[i].max() or 1), cmap="Greys", vmin=0, vmax=1)
        spoke = axes[2, i].imshow(hidden[i], cmap=SIGNED, vmin=-top, vmax=top)
    for axis in axes.ravel():
        axis.set(xticks=[], yticks=[])
    figure.colorbar(steep, ax=axes[1].tolist(), label="slope\n(share of largest)", aspect=9)
    figure.colorbar(spoke, ax=axes[2].tolist(), label="what it added\nto the logit", aspect=9)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
