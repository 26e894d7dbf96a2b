"""A decision list as an upright drawing that fits a phone: questions one below the other.

Each question that is answered with yes leads to a box of its own; no leads on to the next.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from gan_lessons.diagrams import Diagram
from gan_lessons.errors import InputError

WIDTH, INDENT, LINE, PAD = 372, 64, 19, 7
FIT = {"question": 45, "leaf": 37, "bold": 31}  # characters a line


def upright(
    questions: Sequence[tuple[Sequence[str], Sequence[str]]],
    last: Sequence[str],
    *,
    title: str,
    description: str,
) -> Diagram:
    """Draw the list.

    Args:
        questions: for each, the lines of the question, and those of what yes leads to.
        last: the lines of what is left when every answer is no.
        title, description: what is said instead of the drawing.

    Raises:
        InputError: for a line that would not fit.
    """
    parts, y, bottom = [], 4, 0
    for i, (question, leaf) in enumerate(questions):
        if i:
            parts.append(_arrow(28, bottom, y) + _word(36, y - 10, "no"))
        parts.append(_box(4, y, WIDTH - 8, question, "question"))
        bottom = y + _height(question)
        leaf_top = bottom + 22
        parts.append(_arrow(INDENT + 60, bottom, leaf_top))
        parts.append(_word(INDENT + 70, leaf_top - 7, "yes"))
        parts.append(_box(INDENT, leaf_top, WIDTH - INDENT - 4, leaf, "leaf"))
        y = leaf_top + _height(leaf) + 15
    parts.append(_arrow(28, bottom, y) + _word(36, y - 10, "no"))
    parts.append(_box(4, y, WIDTH - 8, last, "question"))
    return Diagram(title, description, "".join(parts), (WIDTH, y + _height(last) + 4))


def _height(lines: Sequence[str]) -> int:
    return LINE * len(lines) + 2 * PAD


def _box(x: int, y: int, w: int, lines: Sequence[str], kind: str) -> str:
    parts = [
        f'<rect x="{x}" y="{y}" width="{w}" height="{_height(lines)}" rx="8" fill="currentColor" '
        f'fill-opacity="{0.03 if kind == "question" else 0.13}" stroke="currentColor" '
        'stroke-width="1.3"/>'
    ]
    for i, line in enumerate(lines):
        bold = kind == "leaf" and i == 0
        limit = FIT["bold" if bold else kind]
        if len(line) > limit:
            raise InputError(f"The line {line!r} has {len(line)} characters: at most {limit} fit.")
        parts.append(
            f'<text x="{x + 11}" y="{y + PAD + LINE * i + 14}" '
            f'font-weight="{600 if bold else 400}">{html.escape(line)}</text>'
        )
    return "".join(parts)


def _word(x: int, y: int, word: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="13" font-style="italic">{word}</text>'


def _arrow(x: int, top: int, bottom: int) -> str:
    return (
        f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom - 8}" stroke="currentColor" '
        f'stroke-width="1.6"/><polygon points="{x},{bottom} {x - 5},{bottom - 9} '
        f'{x + 5},{bottom - 9}" fill="currentColor"/>'
    )
