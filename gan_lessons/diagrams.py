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


def _arrow(
    x1: int,
    y1: int,
    x2: int,
    y2: int,
    colour: str = PLAIN,
    *,
    dashed: bool = False,
    head: bool = True,
) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = (x2 - 9 * dx, y2 - 9 * dy) if head else (x2, y2)
    dash = ' stroke-dasharray="6 5"' if dashed else ""
    line = (
        f'<line x1="{x1}" y1="{y1}" x2="{bx:.1f}" y2="{by:.1f}" stroke="{colour}" '
        f'stroke-width="2"{dash}/>'
    )
    tip = f"{x2},{y2} {bx - 5 * dy:.1f},{by + 5 * dx:.1f} {bx + 5 * dy:.1f},{by - 5 * dx:.1f}"
    return line + (f'<polygon points="{tip}" fill="{colour}"/>' if head else "")


def _note(x: int, y: int, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="13">{html.escape(text)}</text>'


def game_flow() -> Diagram:
    """One round of the game: who makes what, who sees what, and which way the lesson flows."""
    body = (
        _box(50, 110, 130, 52, ("an original",), REAL)
        + _box(250, 10, 160, 56, ("noise", "a random vector"))
        + _box(250, 98, 160, 64, ("the painter", "generator G"), FAKE)
        + _box(270, 196, 120, 46, ("a forgery",), FAKE)
        + _box(130, 276, 190, 62, ("the dealer", "discriminator D"))
        + _box(130, 372, 190, 56, ("verdict", "how likely real?"))
        + _arrow(330, 66, 330, 98)
        + _arrow(330, 162, 330, 196, FAKE)
        + _arrow(310, 242, 270, 276, FAKE)
        + _arrow(115, 162, 180, 276, REAL)
        + _arrow(225, 338, 225, 372)
        + _arrow(130, 400, 100, 400, dashed=True, head=False)
        + _arrow(100, 400, 100, 307, dashed=True, head=False)
        + _arrow(100, 307, 130, 307, dashed=True)
        + _arrow(320, 307, 440, 307, dashed=True, head=False)
        + _arrow(440, 307, 440, 130, dashed=True, head=False)
        + _arrow(440, 130, 410, 130, dashed=True)
        + _note(92, 350, "his mistakes:", "end")
        + _note(92, 368, "he improves", "end")
        + _note(333, 330, "what gave", "start")
        + _note(333, 348, "it away: the", "start")
        + _note(333, 366, "painter improves", "start")
    )
    return Diagram(
        "One round of the game",
        "A random vector goes to the painter, the generator G, who makes a forgery of it. The "
        "dealer, the discriminator D, is shown forgeries and originals and says how likely each "
        "is real. His mistakes teach the dealer; what gave a forgery away flows back through the "
        "dealer and teaches the painter. The painter never sees an original.",
        body,
        (450, 438),
    )


def _held(x: int, y: int, w: int, h: int, lines: tuple[str, ...], colour: str = PLAIN) -> str:
    """A box whose content may not change: a dashed frame and a padlock at its corner."""
    frame = _box(x, y, w, h, lines, colour).replace("/>", ' stroke-dasharray="5 4"/>', 1)
    cx, cy = x + w - 17, y + 9
    return (
        f'{frame}<path d="M{cx + 2} {cy + 6} v-3 a4 4 0 0 1 8 0 v3" fill="none" '
        f'stroke="currentColor" stroke-width="1.6"/><rect x="{cx}" y="{cy + 6}" width="12" '
        'height="9" rx="1.5" fill="currentColor"/>'
    )


def combined_model() -> Diagram:
    """The two steps of a round: who learns, who holds still, which way the gradient goes."""
    body = (
        '<text x="6" y="22" font-weight="600">1. The dealer’s step</text>'
        + _box(6, 42, 124, 42, ("originals",), REAL)
        + _held(6, 104, 124, 42, ("forgeries",), FAKE)
        + _box(186, 58, 104, 72, ("dealer D", "learns"))
        + _box(350, 58, 126, 72, ("dealer’s loss", "told the truth"))
        + _arrow(130, 63, 186, 82, REAL)
        + _arrow(130, 125, 186, 106, FAKE)
        + _arrow(290, 80, 350, 80)
        + _arrow(350, 108, 290, 108, dashed=True)
        + '<line x1="6" y1="172" x2="476" y2="172" stroke="currentColor" stroke-opacity="0.25"/>'
        + '<text x="6" y="202" font-weight="600">2. The painter’s step: the combined model</text>'
        + _box(6, 232, 60, 72, ("noise", "z"))
        + _box(92, 222, 100, 92, ("painter G", "learns"), FAKE)
        + _held(222, 222, 100, 92, ("dealer D", "held still"))
        + _box(350, 222, 126, 92, ("painter’s loss", "target: “real”"))
        + _arrow(66, 256, 92, 256)
        + _arrow(192, 244, 222, 244, FAKE)
        + _arrow(322, 244, 350, 244)
        + '<path d="M350 304 H322" stroke="currentColor" stroke-width="2" stroke-dasharray="6 5"/>'
        + '<path d="M322 304 H222" stroke="currentColor" stroke-width="2" stroke-dasharray="6 5" '
        'stroke-opacity="0.55"/>'
        + _arrow(222, 304, 192, 304, dashed=True)
        + _note(
            468, 338, "the gradient passes through the dealer and changes nothing in him", "end"
        )
    )
    return Diagram(
        "The two steps of a round",
        "First, the dealer's step: originals and forgeries go to the dealer, he is told the truth, "
        "and the gradient of his loss goes back to him and no further: he learns, the forgeries "
        "stay as they are. Second, the painter's step, the combined model: noise goes to the "
        "painter, his forgery goes straight on to the dealer, and the loss compares the verdict "
        "with the target 'real'. The gradient passes back through the dealer, who is held still, "
        "to the painter, who learns.",
        body,
        (482, 350),
    )
