"""Figures of a detector: its bargains, what others' forgeries and everyday life do to it, spectra.

Each function returns a matplotlib ``Figure`` with alt text, for ``plots.show``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from gan_lessons.detection import Examination, Share, roc
from gan_lessons.errors import InputError
from gan_lessons.plots import DEALER, FAKE, NEUTRAL, PAINTER

COLOURS = (FAKE, PAINTER, "#2f855a", DEALER)
STYLES = ("-", "--", "-.", ":")


def rocs(
    real_logits: np.ndarray, fakes: Mapping[str, np.ndarray], *, title: str = "", alt: str = ""
) -> Figure:
    """ROC curves of one detector, one for each heap of forgeries, against the same originals.

    Args:
        real_logits: of the originals ``(m,)``.
        fakes: name to logits ``(n,)``; at most four.
        title: whose detector, which pictures.
        alt: what there is to see; the share caught at 1 % false alarms when left out.
    """
    curves = {name: roc(real_logits, logits) for name, logits in fakes.items()}
    if not 1 <= len(curves) <= len(COLOURS):
        raise InputError(f"There are {len(curves)} heaps of forgeries: give one to four.")
    if not alt:
        told = "; ".join(
            f"{name}: {100 * caught[alarms <= 0.01][-1]:.0f} % caught"
            for name, (alarms, caught) in curves.items()
        )
        alt = f"{title or 'ROC curves'}. At 1 % false alarms: {told}."
    figure = Figure(figsize=(5.4, 4.6), layout="constrained")
    axis = figure.subplots()
    for (name, (alarms, caught)), colour, style in zip(
        curves.items(), COLOURS, STYLES, strict=False
    ):
        axis.plot(100 * alarms, 100 * caught, label=name, c=colour, ls=style)
    axis.plot([0, 100], [0, 100], c=NEUTRAL, lw=1, ls=(0, (1, 3)), label="tossing a coin")
    axis.set(
        xlim=(-2, 102), ylim=(-2, 102), aspect="equal", title=title,
        xlabel="originals that raise the alarm (%)", ylabel="forgeries that raise it (%)",
    )  # fmt: skip
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    axis.legend(frameon=False, loc="lower right", fontsize=9)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def over_quality(
    qualities: Sequence[int],
    results: Mapping[str, Sequence[Examination]],
    *,
    title: str = "",
    alt: str = "",
) -> Figure:
    """Right verdicts and the area under the ROC curve over JPEG quality, with two errors.

    Args:
        qualities: of the files, in any order.
        results: name of a detector to one examination for each quality; at most four.
        title: which pictures.
        alt: what there is to see; both ends of each line when left out.
    """
    for name, rows in results.items():
        if len(rows) != len(qualities):
            raise InputError(
                f"{name} has {len(rows)} examinations for {len(qualities)} qualities: give one "
                "for each."
            )
    if not alt:
        told = "; ".join(
            f"{name}: right {100 * rows[0].accuracy.value:.0f} % at quality {qualities[0]}, "
            f"{100 * rows[-1].accuracy.value:.0f} % at {qualities[-1]}; area "
            f"{rows[0].area.value:.2f} and {rows[-1].area.value:.2f}"
            for name, rows in results.items()
        )
        alt = f"{title or 'A detector and JPEG'}. {told}."
    figure = Figure(figsize=(5, 5.6), layout="constrained")  # one above the other, for phones
    axes = figure.subplots(2, 1, sharex=True)
    for (name, rows), colour, style in zip(results.items(), COLOURS, STYLES, strict=False):
        for axis, what, scale in zip(axes, ("accuracy", "area"), (100, 1), strict=True):
            shares: list[Share] = [getattr(row, what) for row in rows]
            axis.errorbar(
                qualities, [scale * s.value for s in shares], [2 * scale * s.error for s in shares],
                marker="o", ms=4, capsize=3, c=colour, ls=style, label=name,
            )  # fmt: skip
    for axis, chance, label in zip(
        axes, (50, 0.5), ("right verdicts (%)", "AUC (no unit)"), strict=True
    ):
        axis.axhline(chance, c=NEUTRAL, lw=1, ls=(0, (1, 3)), label="tossing a coin")
        axis.set(ylabel=label, ylim=(0.9 * chance, 2.04 * chance))
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
    axes[1].set_xlabel("JPEG quality (Pillow's scale)")
    axes[0].invert_xaxis()
    axes[0].legend(frameon=False, loc="center left")
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def shares_table(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    row_label: str = "",
    column_label: str = "",
    title: str = "",
    alt: str = "",
) -> Figure:
    """A table of shares, each cell the darker the larger its share.

    Args:
        values: ``(R, C)`` in [0, 1].
        rows, columns: their names.
        row_label, column_label: what rows and columns are.
        title: what is counted.
        alt: what there is to see; every row when left out.
    """
    values = np.asarray(values, float)
    if values.shape != (len(rows), len(columns)):
        raise InputError(
            f"The values have shape {values.shape} but there are {len(rows)} rows and "
            f"{len(columns)} columns: give one name for each."
        )
    if not alt:
        told = "; ".join(
            f"{row}: "
            + ", ".join(f"{c} {100 * v:.0f} %" for c, v in zip(columns, line, strict=True))
            for row, line in zip(rows, values, strict=True)
        )
        alt = f"{title or 'A table of shares'}. {told}."
    figure = Figure(
        figsize=(1.15 * len(columns) + 2.2, 0.55 * len(rows) + 1.6), layout="constrained"
    )
    axis = figure.subplots()
    axis.imshow(values, cmap="Purples", vmin=0, vmax=1.15, aspect="auto")
    for (i, k), value in np.ndenumerate(values):
        colour = "white" if value > 0.6 else "black"
        axis.text(k, i, f"{100 * value:.0f} %", ha="center", va="center", color=colour)
    axis.set_xticks(range(len(columns)), columns, fontsize=9)
    axis.set_yticks(range(len(rows)), rows, fontsize=9)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(xlabel=column_label, ylabel=row_label)
    axis.set_title(title, fontsize=10)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def spectra(
    real: np.ndarray, forged: Mapping[str, np.ndarray], *, title: str = "", alt: str = ""
) -> Figure:
    """How much more (orange) or less (blue) of each frequency forgeries have than originals.

    Args:
        real: ``(S, S)``, from ``spectra.log_spectrum``.
        forged: name to ``(S, S)``.
        title: which pictures.
        alt: what there is to see; the corner of each panel, the chessboard, when left out.
    """
    from gan_lessons.verdict_plots import SIGNED

    if not forged or any(np.shape(power) != np.shape(real) for power in forged.values()):
        raise InputError("Give at least one spectrum of forgeries, of the originals' shape.")
    differences = {name: np.asarray(power) - real for name, power in forged.items()}
    if not alt:
        told = "; ".join(
            f"{name}: {10 ** d[0, 0]:.2g} times the originals' power in the corner"
            for name, d in differences.items()
        )
        alt = f"{title or 'Spectra of forgeries minus those of originals'}. {told}."
    half = len(real) // 2
    columns = min(2, len(differences))  # three beside each other are too small on a phone
    rows = -(-len(differences) // columns)
    figure = Figure(figsize=(2.5 * columns + 0.4, 2.8 * rows + 0.4), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    used, spare = np.split(axes.ravel(), [len(differences)])
    for axis, (name, difference) in zip(used, differences.items(), strict=True):
        image = axis.imshow(
            difference, cmap=SIGNED.reversed(), vmin=-2, vmax=2,
            extent=(-half - 0.5, half - 0.5, half - 0.5, -half - 0.5),
        )  # fmt: skip
        corner = axis.scatter(-half, -half, 90, "none", clip_on=False, lw=1.2)
        corner.set_edgecolor("black")  # the chessboard
        axis.set_title(name, fontsize=10)
        axis.set(xlabel="waves across", ylabel="waves down")
    for axis in spare:
        axis.set_axis_off()
    scale = {"cax": spare[0].inset_axes([0.05, 0.5, 0.9, 0.08])} if len(spare) else {}
    bar = figure.colorbar(
        image, **(scale or {"ax": list(used)}), orientation="horizontal", ticks=range(-2, 3)
    )
    bar.set_label("power / originals', log10")
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
