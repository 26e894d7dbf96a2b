"""Figures of games that go wrong, each beside one that does not; see ``failures.py``.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gan_lessons import data, inspection_plots
from gan_lessons.plots import DEALER, FAKE, NEUTRAL, OTHERS, PAINTER, REAL
from gan_lessons.recording import Recording

SICK, WELL = OTHERS[1], OTHERS[0]
WINDOW = 20  # rounds of the thick lines' running mean, as in ``diagnosis.swing``
_LOSSES = {"d_loss": ("dealer", DEALER, "-"), "g_loss": ("painter", PAINTER, (0, (3, 1)))}
_LOGITS = {"real_logit": ("originals", REAL, "-"), "fake_logit": ("forgeries", FAKE, "-")}
#: What is drawn: its name, its lines, and where they lie if the dealer tosses a coin.
_ROWS: tuple[tuple[str, dict[str, Any], tuple[float, ...]], ...] = (
    ("loss (nats)", _LOSSES, (2 * np.log(2), np.log(2))),
    ("mean logit (no unit)", _LOGITS, (0.0,)),
)
_SCORES = {"diversity": ("diversity (1 = originals)", 1), "kernel": ("kernel dist. × 1,000", 1000)}
_BELOW: dict[str, Any] = {"loc": "outside lower center", "frameon": False, "fontsize": 8.5}


def charts(
    sick: Recording,
    healthy: Recording,
    *,
    name: str = "the sick game",
    beside: str = "the healthy game",
    own_scales: bool = False,
    title: str = "",
    alt: str = "",
) -> Figure:
    """Losses, logits, diversity and distance of two games, on the same axes.

    Losses and logits twice: thin in every round, thick as a mean over ``WINDOW`` rounds, without
    which the curve that trembles more would hide the other one.

    Args:
        sick, healthy: two recordings; they need not be as long.
        name, beside: what they are called in the figure.
        own_scales: gives each game's losses and logits a scale of their own.
        title: what is shown.
        alt: what there is to see; how both games end when left out.
    """
    figure = Figure(figsize=(5.6, 7.2), layout="constrained")
    rows: Any = figure.subfigures(3, 1)
    for part, (ylabel, lines, coin) in zip(rows, _ROWS, strict=False):
        axes: Any = part.subplots(1, 2, sharey=not own_scales)
        for axis, run, called in zip(axes, (sick, healthy), (name, beside), strict=True):
            history = run.history()
            for key, (label, colour, style) in lines.items():
                at, values = _rounds(history[key]), history[key]
                axis.plot(at, values, lw=0.6, c=colour, alpha=0.35)
                axis.plot(at, _smooth(values), lw=1.7, c=colour, ls=style, label=label, zorder=3)
            for level in coin:
                axis.axhline(level, ls=":", lw=1.2, c=NEUTRAL, label=_coin(coin))
            axis.set_title(called, fontsize=10)
            _tidy(axis)
        _tidy(axes[0], ylabel)
        handles, labels = axes[0].get_legend_handles_labels()
        part.legend(handles[:3], labels[:3], **_BELOW, ncols=3)
    axes = rows[2].subplots(1, 2)
    for axis, (key, (ylabel, factor)) in zip(axes, _SCORES.items(), strict=True):
        for run, called, colour, style in (
            (sick, name, SICK, "o-"), (healthy, beside, WELL, "s--"),
        ):  # fmt: skip
            values = factor * run.scores[key]
            axis.plot(run.scores["step"], values, style, ms=4, lw=1.2, c=colour, label=called)
        axis.set_ylim(bottom=0)
        _tidy(axis, ylabel)
    rows[2].legend(*axes[0].get_legend_handles_labels(), **_BELOW, ncols=2)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt or f"{title or 'Two games'}. {_end(name, sick)} {_end(beside, healthy)}"  # type: ignore[attr-defined]
    return figure


def _tidy(axis: Any, ylabel: str = "") -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.tick_params(labelsize=8)
    axis.set_xlabel("round", fontsize=9)
    if ylabel:
        axis.set_ylabel(ylabel, fontsize=9)


def _rounds(values: np.ndarray) -> np.ndarray:
    return np.arange(1, len(values) + 1)


def _smooth(values: np.ndarray) -> np.ndarray:
    """The mean over ``WINDOW`` rounds around each, over fewer at both ends."""
    window = np.ones(min(WINDOW, len(values)))
    inside = np.ones(len(values))
    return np.convolve(values, window, "same") / np.convolve(inside, window, "same")


def _coin(levels: tuple[float, ...]) -> str:
    return "a coin toss: " + " and ".join(f"{round(level, 2):g}" for level in levels)


def late(run: Recording, key: str) -> np.ndarray:
    """The last fifth of a history: losses or logits ``(rounds / 5,)``."""
    values = run.history()[key]
    return values[-max(1, len(values) // 5) :]


def _end(name: str, run: Recording) -> str:
    ends = {key: float(late(run, key).mean()) for _, lines, _ in _ROWS for key in lines}
    low, high = late(run, "g_loss").min(), late(run, "g_loss").max()
    return (
        f"{name[:1].upper()}{name[1:]}: in the end the dealer's loss is {ends['d_loss']:.2f}, "
        f"the painter's {ends['g_loss']:.2f} (from {low:.1f} to {high:.1f}), the mean logit of "
        f"originals {ends['real_logit']:+.1f}, of forgeries {ends['fake_logit']:+.1f}; diversity "
        f"{run.scores['diversity'][-1]:.2f}, kernel distance x 1,000 "
        f"{1000 * run.scores['kernel'][-1]:.0f}."
    )


def forgeries(
    sick: Recording,
    healthy: Recording,
    *,
    name: str = "the sick game",
    beside: str = "the healthy game",
    title: str = "",
    alt: str = "",
) -> Figure:
    """Three sheets of a game, early, midway and at the end, and the last one of another.

    Args:
        sick, healthy, name, beside, title, alt: as for ``charts``.
    """
    frames = sick.frames()
    chosen = sorted({0, len(frames.steps) // 2, len(frames.steps) - 1})
    groups: dict[str, Any] = {f"{name}, round {frames.steps[i]}": frames.images[i] for i in chosen}
    last = healthy.frames()
    groups[f"{beside}, round {last.steps[-1]}"] = last.images[-1]
    return inspection_plots.sheets(
        {label: data.from_uint8(images) for label, images in groups.items()},
        columns=4, across=2, scale=0.62, title=title,
        alt=alt or f"Sheets of sixteen forgeries. {title}: {'; '.join(groups)}.",
    )  # fmt: skip
