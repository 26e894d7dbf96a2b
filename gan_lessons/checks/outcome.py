"""What a check says: passed or not, why, and a hint; and how it looks in a notebook."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: What every kind of wrong answer has in common with others of its kind, whatever the exercise.
STUB = "stub"


class Wrong(Exception):
    """An answer is wrong, and it is known in which way.

    Args:
        kind: a few words that name the misconception, for the report and for tests.
        message: what was seen, for the student.
        hints: the first is shown at the first failure of this kind, the second at the next.
    """

    def __init__(self, kind: str, message: str, *hints: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.hints = kind, message, hints


@dataclass(frozen=True)
class Outcome:
    """What a check found; true in an ``if`` or an ``assert`` when the answer passed.

    Attributes:
        exercise: its number in the book, such as ``"1.2"``.
        title: what it is about.
        passed: whether the answer has all the properties that were tested.
        message: what was seen.
        hint: what to think about next; empty when passed.
        kind: the misconception behind a wrong answer, in a few words; empty when passed.
    """

    exercise: str
    title: str
    passed: bool
    message: str
    hint: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return self.passed

    @property
    def state(self) -> str:
        """``passed``, ``not yet``, or ``not written yet``."""
        return "passed" if self.passed else "not written yet" if self.kind == STUB else "not yet"

    def __repr__(self) -> str:
        lines = [f"{_MARKS[self.state]} {self.exercise} {self.title}: {self.state}."]
        lines += [self.message] if self.message else []
        return "\n    ".join([*lines, f"Hint: {self.hint}"] if self.hint else lines)

    def _repr_html_(self) -> str:
        colour = _COLOURS[self.state]
        hint = (
            f'<p style="margin:.4rem 0 0"><strong>Hint.</strong> {_text(self.hint)}</p>'
            if self.hint
            else ""
        )
        # the text keeps the colour of the page; only the edge and a breath of the ground are ours
        return (
            f'<div class="gl-check" role="status" style="border:1px solid {colour};border-left:'
            f"6px solid {colour};border-radius:6px;background:{colour}1a;padding:.5rem .9rem;"
            'margin:.4rem 0;max-width:46rem;line-height:1.5;overflow-wrap:anywhere">'
            f'<p style="margin:0"><strong><span aria-hidden="true">{_MARKS[self.state]}</span> '
            f"{html.escape(self.exercise)} {_text(self.title)}: {self.state}.</strong> "
            f"{_text(self.message)}</p>{hint}</div>"
        )


_MARKS = {"passed": "✓", "not yet": "✗", "not written yet": "○"}
_COLOURS = {"passed": "#2f855a", "not yet": "#b7791f", "not written yet": "#718096"}


def _text(text: str) -> str:
    """As HTML: escaped, and what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


#: Every check there is: the number of its exercise to its title, in the order of the book.
EXERCISES: dict[str, str] = {}


def check(exercise: str, title: str) -> Callable[[Callable[..., str]], Callable[..., Outcome]]:
    """Make a check of a function that returns praise or raises ``Wrong``.

    Args:
        exercise: its number in the book.
        title: what it is about.
    """
    EXERCISES[exercise] = title

    def decorate(judge: Callable[..., str]) -> Callable[..., Outcome]:
        @functools.wraps(judge)
        def asked(*answers: Any) -> Outcome:
            from gan_lessons.checks import record

            try:
                outcome = Outcome(exercise, title, True, judge(*answers))
            except Wrong as wrong:
                hint = record.next_hint(exercise, wrong)
                outcome = Outcome(exercise, title, False, wrong.message, hint, wrong.kind)
            return record.keep(outcome)

        asked.exercise = exercise  # type: ignore[attr-defined]
        return asked

    return decorate
