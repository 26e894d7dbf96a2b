"""Diagrams as inline SVG: in the colours of the page, light or dark, and readable aloud."""

from __future__ import annotations

import html


class Diagram:
    """An inline SVG that a notebook shows and the book keeps.

    Args:
        title: what it is, in a few words.
        description: what a reader who cannot see it should know.
        body: SVG elements; ``currentColor`` is the colour of the text around.
        size: width and height of the drawing's own units.
    """

    def __init__(self, title: str, description: str, body: str, size: tuple[int, int]) -> None:
        self.title, self.description, self.body, self.size = title, description, body, size

    def _repr_html_(self) -> str:
        width, height = self.size
        label = html.escape(f"{self.title}. {self.description}", quote=True)
        return (
            f'<svg class="gl-diagram" role="img" aria-label="{label}" '
            f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" '
            f'style="width:100%;max-width:{width}px;height:auto"'
            f' font-family="system-ui, sans-serif" font-size="15" fill="currentColor">{self.body}'
            "</svg>"
        )


REAL, FAKE, PLAIN = "#3b82c4", "#dd7a2b", "currentColor"


def _box(x: int, y: int, w: int, h: int, lines: tuple[str, ...], colour: str = PLAIN) -> str:
    parts = [
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="10" fill="{colour}" '
        f'fill-opacity="0.12" stroke="{colour}" stroke-width="1.6"/>'
    ]
    top = y + h / 2 + 5 - 10 * (len(lines) - 1)
    for i, line in enumerate(lines):
        weight = "600" if i == 0 else "400"
        parts.append(
            f'<text x="{x + w / 2}" y="{top + 20 * i}" text-anchor="middle" '
            f'font-weight="{weight}">{html.escape(line)}</text>'
        )
    return "".join(parts)


def _arrow(x1: int, y1: int, x2: int, y2: int, colour: str = PLAIN, *, dashed: bool = False) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - 9 * dx, y2 - 9 * dy
    head = f"{x2},{y2} {bx - 5 * dy:.1f},{by + 5 * dx:.1f} {bx + 5 * dy:.1f},{by - 5 * dx:.1f}"
    dash = ' stroke-dasharray="6 5"' if dashed else ""
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{bx:.1f}" y2="{by:.1f}" stroke="{colour}" '
        f'stroke-width="2"{dash}/><polygon points="{head}" fill="{colour}"/>'
    )


def _note(x: int, y: int, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="13">{html.escape(text)}</text>'


def game_flow() -> Diagram:
    """One round of the game: who makes what, who sees what, and which way the lesson flows."""
    body = (
        _box(10, 150, 112, 56, ("noise", "a random vector"))
        + _box(168, 143, 130, 70, ("the painter", "generator G"), FAKE)
        + _box(344, 150, 108, 56, ("a forgery",), FAKE)
        + _box(344, 30, 108, 56, ("an original",), REAL)
        + _box(500, 83, 130, 70, ("the dealer", "discriminator D"))
        + _box(556, 210, 164, 56, ("verdict", "how likely real?"))
        + _arrow(122, 178, 168, 178)
        + _arrow(298, 178, 344, 178, FAKE)
        + _arrow(452, 170, 500, 136, FAKE)
        + _arrow(452, 62, 500, 100, REAL)
        + _arrow(590, 153, 618, 210)
        + _arrow(556, 248, 236, 248, dashed=True)
        + _arrow(236, 248, 236, 213, dashed=True)
        + _arrow(690, 210, 690, 118, dashed=True)
        + _arrow(690, 118, 630, 118, dashed=True)
        + _note(396, 270, "what gave the forgery away: the painter improves")
        + _note(638, 70, "his mistakes: the dealer improves")
    )
    return Diagram(
        "One round of the game",
        "A random vector goes to the painter, the generator G, who makes a forgery of it. The "
        "dealer, the discriminator D, is shown forgeries and originals and says how likely each "
        "is real. His mistakes teach the dealer; what gave a forgery away flows back through the "
        "dealer and teaches the painter. The painter never sees an original.",
        body,
        (730, 285),
    )
