"""Every number on every set: which faults raise an alarm, and which number is blind to which.

A number raises the alarm on a set when it is clearly worse than on sets of new originals, by rules
that are the same for all sets. What is drawn about it is in ``inspection_plots.py``.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gan_lessons.errors import InputError
from gan_lessons.metrics import Report

DISTANCES = ("kernel", "colour", "frechet")  # larger is worse
SHARES = ("precision", "recall", "coverage", "diversity", "nearest")  # smaller is worse
ERRORS = 2.0  # a distance raises the alarm beyond so many of its standard errors
SHARE = 0.8  # a share raises the alarm below so much of the lowest honest one

_HEADS = {
    "kernel": "kernel × 1000", "colour": "colour × 1000", "frechet": "Fréchet",
    "verdict": "verdict",
}  # fmt: skip


@dataclass(frozen=True)
class LineUp:
    """Sets of pictures that were judged by the same numbers against the same originals.

    Attributes:
        reports: name of the set to its report, from ``metrics.evaluate``.
        honest: names of the sets that are new originals; they say what is normal.

    Raises:
        InputError: when an honest set was not judged, or none is named.
    """

    reports: Mapping[str, Report]
    honest: Sequence[str]

    def __post_init__(self) -> None:
        missing = [name for name in self.honest if name not in self.reports]
        if missing or not self.honest:
            raise InputError(
                f"The honest sets are {', '.join(self.honest) or 'none'}, but reports are there of "
                f"{', '.join(self.reports) or 'none'}: name at least one set that was judged."
            )

    def alarms(self, name: str) -> tuple[str, ...]:
        """The numbers that notice something wrong with a set.

        A distance does when it exceeds the largest honest one by more than twice its own standard
        error. A share (precision, recall, coverage, diversity, nearness) does when it is below
        four fifths of the lowest honest one.

        Args:
            name: of a set that was judged.

        Returns:
            Names from ``DISTANCES`` and ``SHARES``, in that order.

        Raises:
            InputError: for a set that was not judged.
        """
        if name not in self.reports:
            raise InputError(f"There is no set {name!r}: choose {', '.join(self.reports)}.")
        report, honest = self.reports[name], [self.reports[h] for h in self.honest]
        found = []
        for key in DISTANCES:
            distance = getattr(report, key)
            worst = max(getattr(h, key).value for h in honest)
            if distance.value > worst + ERRORS * distance.error:
                found.append(key)
        for key in SHARES:
            if getattr(report, key) < SHARE * min(getattr(h, key) for h in honest):
                found.append(key)
        return tuple(found)

    def blind(self, name: str) -> tuple[str, ...]:
        """The numbers that notice nothing: all that are not among ``alarms``."""
        alarms = self.alarms(name)
        return tuple(key for key in (*DISTANCES, *SHARES) if key not in alarms)

    def _repr_html_(self) -> str:
        numbers = (*DISTANCES, *SHARES, "verdict")
        cell = "padding:.25rem .4rem;text-align:right;border-bottom:1px solid #8884"
        # the names stay in sight when the table is scrolled sideways
        name_cell = (
            f"{cell};text-align:left;white-space:nowrap;position:sticky;left:0;"
            "background:var(--pst-color-background, var(--jp-layout-color0, Canvas))"
        )
        heads = "".join(
            f'<th scope="col" style="{cell}">{_HEADS.get(key, key)}</th>' for key in numbers
        )
        rows = []
        for name, report in self.reports.items():
            alarms = self.alarms(name)
            row = f'<th scope="row" style="{name_cell}">{html.escape(name)}</th>'
            for key in numbers:
                shown, colour = _text(report, key), ""
                if key in alarms:
                    colour = ";background:rgba(221,107,32,.28);font-weight:600"
                    shown += ' <span role="img" aria-label="alarm">●</span>'
                row += f'<td style="{cell};white-space:nowrap{colour}">{shown}</td>'
            rows.append(f"<tr>{row}</tr>")
        return (
            '<table class="gl-line-up" style="border-collapse:collapse;font-size:.82em" '
            'tabindex="0" aria-label="Every number on every set; alarms are marked">'
            f'<thead><tr><th scope="col" style="{name_cell}">set</th>{heads}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
            '<p style="font-size:.85em">● alarm: clearly worse than new originals. Distances: '
            "smaller is better. All others but the verdict: 1 is as good as real.</p>"
        )


def _text(report: Report, key: str) -> str:
    """A report's number as the table shows it."""
    if key in ("kernel", "colour"):
        distance = getattr(report, key)
        return f"{1000 * distance.value:.0f} ± {1000 * distance.error:.0f}".replace("-", "−")
    if key == "frechet":
        return f"{report.frechet.value:.1f} ± {report.frechet.error:.1f}"
    return f"{getattr(report, key):.2f}".replace("-", "−")
