"""What was tried and what passed: in memory, and on disk only when asked."""

from __future__ import annotations

import datetime
import html
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_lessons import __version__
from gan_lessons.checks.outcome import EXERCISES, STUB, Outcome, Wrong
from gan_lessons.errors import InputError

FORMAT = "gan-lessons-progress"

_outcomes: list[Outcome] = []
_hinted: Counter[tuple[str, str]] = Counter()


def next_hint(exercise: str, wrong: Wrong) -> str:
    """The first hint at the first failure of this kind, the second at the next, and so on."""
    if not wrong.hints:
        return ""
    shown = _hinted[exercise, wrong.kind]
    _hinted[exercise, wrong.kind] += 1
    return wrong.hints[min(shown, len(wrong.hints) - 1)]


def keep(outcome: Outcome) -> Outcome:
    """Remember an outcome for the report."""
    _outcomes.append(outcome)
    return outcome


def reset() -> None:
    """Forget all outcomes and hints."""
    _outcomes.clear()
    _hinted.clear()


def passed(exercise: str) -> bool:
    """Whether an answer to this exercise, such as ``"1.5"``, has passed.

    Raises:
        InputError: when no exercise with a check has this number.
    """
    if exercise not in EXERCISES:
        raise InputError(f"There is no check for {exercise!r}: choose {', '.join(EXERCISES)}.")
    return any(o.passed for o in _outcomes if o.exercise == exercise)


@dataclass(frozen=True)
class Line:
    """One exercise in a report.

    Attributes:
        exercise: its number.
        title: what it is about.
        passed: whether an answer has passed.
        tries: how many answers were checked, stubs not counted.
        kinds: what was wrong with the answers that failed, each kind once, in order.
    """

    exercise: str
    title: str
    passed: bool
    tries: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """A report of all exercises; as a cell's last line, a table.

    Attributes:
        name: who did them, or empty.
        made: when the report was made, ISO 8601 in UTC.
        lines: one for each exercise of the chapters that were tried.
    """

    name: str
    made: str
    lines: tuple[Line, ...]

    @property
    def passed(self) -> int:
        """How many exercises have passed."""
        return sum(line.passed for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; ``gan-lessons report`` reads it."""
        return {
            "format": FORMAT,
            "version": 1,
            "package": __version__,
            "name": self.name,
            "made": self.made,
            "passed": self.passed,
            "exercises": [
                {
                    "exercise": line.exercise, "title": line.title, "passed": line.passed,
                    "tries": line.tries, "kinds": list(line.kinds),
                }
                for line in self.lines
            ],
        }  # fmt: skip

    def as_json(self) -> str:
        """The report as text."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def save(self, path: str | Path) -> Path:
        """Write the report: ``.json`` to hand in, ``.html`` to read.

        Raises:
            InputError: for any other ending, or a folder that does not exist.
        """
        path = Path(path)
        if path.suffix.lower() not in (".json", ".html") or not path.absolute().parent.is_dir():
            raise InputError(
                f"The report cannot be written to {path}: name a .json or .html file in a folder "
                "that exists."
            )
        page = path.suffix.lower() == ".html"
        path.write_text(self.as_page() if page else self.as_json(), "utf-8", errors="replace")
        return path

    def as_page(self) -> str:
        """A page of its own."""
        who = html.escape(self.name) or "Exercises"
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width"><title>{who}</title><style>:root{{color-scheme:light '
            "dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;"
            f"padding:0 1rem}}</style><h1>{who}</h1>{self._repr_html_()}</html>\n"
        )

    def __repr__(self) -> str:
        lines = [f"{self._summary()} ({self.made})"]
        for line in self.lines:
            if line.passed or line.tries:
                state = "passed" if line.passed else "not yet"
                lines.append(f"  {line.exercise:<5}{state:<9}{_tries(line):<10}{line.title}")
        return "\n".join(lines)

    def _summary(self) -> str:
        who = f"{self.name}: " if self.name else ""
        return f"{who}{self.passed} of {len(self.lines)} exercises passed"

    def _repr_html_(self) -> str:
        cell = 'style="text-align:left;padding:.2rem .6rem;border-bottom:1px solid #8884"'
        head = "".join(
            f'<th scope="col" {cell}>{h}</th>' for h in ("", "exercise", "state", "tries")
        )
        rows = "".join(
            f'<tr><th scope="row" {cell}>{html.escape(line.exercise)}</th>'
            f"<td {cell}>{html.escape(line.title)}</td><td {cell}>{_state(line)}</td>"
            f"<td {cell}>{line.tries or '–'}</td></tr>"
            for line in self.lines
        )
        return (
            '<table class="gl-progress" style="border-collapse:collapse;font-size:.9em">'
            '<caption style="caption-side:top;text-align:left;color:inherit"><strong>'
            f"{html.escape(self._summary())}</strong> ({html.escape(self.made)})</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def _tries(line: Line) -> str:
    return f"{line.tries} {'try' if line.tries == 1 else 'tries'}"


def _state(line: Line) -> str:
    return "✓ passed" if line.passed else "✗ not yet" if line.tries else "not tried"


def _place(entry: tuple[str, str]) -> list[int]:
    return [int(part) for part in entry[0].split(".")]


def report(name: str = "") -> Progress:
    """What has been tried and what has passed since the notebook was started.

    It lists the exercises of the chapters that were tried, or all if none was.

    Args:
        name: who did it; it stands in the report and nowhere else.
    """
    lines, chapters = [], {o.exercise.split(".")[0] for o in _outcomes}
    for exercise, title in sorted(EXERCISES.items(), key=_place):
        if chapters and exercise.split(".")[0] not in chapters:
            continue
        tried = [o for o in _outcomes if o.exercise == exercise and o.kind != STUB]
        kinds = tuple(dict.fromkeys(o.kind for o in tried if not o.passed))
        lines.append(Line(exercise, title, any(o.passed for o in tried), len(tried), kinds))
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Progress(str(name), now, tuple(lines))
