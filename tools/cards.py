"""Draw the cards of the game on paper: a page to print, from the rules in book/teach/unplugged.md.

usage: python tools/cards.py            write book/teach/cards.html
       python tools/cards.py --check    say whether it is current (exit code 1 if not)
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.paper_game import DECK, FACES, ROUNDS, START, Square, name  # noqa: E402

TEXT = ROOT / "book" / "teach" / "unplugged.md"
PAGE = ROOT / "book" / "teach" / "cards.html"
SPOTS = ((0, -9), (-0.45, 2), (0.45, 2), (0, 13), (-0.5, -14), (0.5, -14))  # x in half-widths
STYLE = """
@page { size: A4; margin: 12mm }
* { box-sizing: border-box }
body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; margin: 0 auto;
  max-width: 186mm }
section { break-after: page; padding: 6mm 0 }
section:last-child { break-after: auto }
h1 { font-size: 17pt; margin: 0 0 3mm } p, li { margin: 0 0 2mm }
table { border-collapse: collapse; width: 100%; margin: 0 0 5mm }
th, td { border: .3mm solid #000; text-align: center; padding: 1mm; height: 9mm }
.cards { display: grid; grid-template-columns: repeat(3, 1fr) }
.card { border: .2mm dashed #555; height: 63mm; padding: 3mm; text-align: center;
  break-inside: avoid }
.card b { font-size: 20pt; line-height: 1 } .card small { display: block }
svg { display: block; margin: 0 auto } .card svg { height: 37mm }
.note { font-size: 9.5pt }
@media screen { section { border-bottom: 1px solid #999 } }
@media print { section { padding: 0 } }
"""


def drawing(square: Square) -> str:
    """A frog as SVG elements around (0, 0), as broad and with as many spots as its square says."""
    half = 11 + 4 * square[0]
    line = 'fill="#fff" stroke="#000" stroke-width="1.6"'
    parts = [
        f'<ellipse cx="{side * (half + 3)}" cy="20" rx="8" ry="4" {line}/>' for side in (-1, 1)
    ]
    parts.append(f'<ellipse rx="{half}" ry="24" {line}/>')
    for side in (-1, 1):
        x = side * min(half * 0.6, 14)
        parts.append(f'<circle cx="{x:.1f}" cy="-24" r="5" {line}/>')
        parts.append(f'<circle cx="{x:.1f}" cy="-24" r="2"/>')
    for x, y in SPOTS[: square[1] + 1]:
        parts.append(f'<circle cx="{x * half:.1f}" cy="{y}" r="2.6"/>')
    return "".join(parts)


def frog(square: Square) -> str:
    """The frog of a square as a picture of its own."""
    label = f"Frog {name(square)}"
    return f'<svg viewBox="-44 -32 88 60" role="img" aria-label="{label}">{drawing(square)}</svg>'


def card(square: Square) -> str:
    """One original."""
    broad, spots = name(square)[0], name(square)[1]
    return (
        f'<div class="card"><b>{broad}{spots}</b>{frog(square)}'
        f"<small>original · breadth {broad}, spots {spots}</small></div>"
    )


def chart() -> str:
    """The dealer's board, with frogs at its edges to show what the axes mean."""
    side, left, top = 25, 26, 4
    parts = []
    for column in range(6):
        for row in range(6):
            x, y = left + side * column, top + side * (5 - row)
            parts.append(
                f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="none" '
                f'stroke="#000" stroke-width=".3"/>'
                f'<text x="{x + 1.2}" y="{y + 4}" font-size="3.4">{name((column, row))}</text>'
            )
    for i in range(6):
        below = (left + side * (i + 0.5), top + 6 * side + 11.0)
        across = (12.0, top + side * (5.5 - i))
        for (at, to), square in ((below, (i, 2)), (across, (2, i))):
            parts.append(f'<g transform="translate({at} {to}) scale(.26)">{drawing(square)}</g>')
    size = f"0 0 {left + 6 * side + 1} {top + 6 * side + 22}"
    label = "Board of six by six squares, A1 below left to F6 above right"
    return (
        f'<svg viewBox="{size}" width="100%" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def rules(text: str) -> str:
    """The section "A round" of the page, as HTML."""
    section = text.split("## A round\n")[1].split("\n## ")[0]
    return MarkdownIt().render(section)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table to write into."""
    line = lambda cells, tag: "<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in cells) + "</tr>"
    return f"<table>{line(head, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def page(text: str) -> str:
    """The whole page: rules, chart, tables, two sheets of cards."""
    numbers = [str(i + 1) for i in range(ROUNDS)]
    hand = table(
        ["die", "start", *(f"after {n}" for n in numbers)],
        [[str(face + 1), name(START), *[""] * ROUNDS] for face in range(FACES)],
    )
    score = table(["round", *numbers], [["right, of 12", *[""] * ROUNDS]])
    half = len(DECK) // 2
    sheets = "".join(
        f'<section><div class="cards">{"".join(map(card, part))}</div></section>'
        for part in (DECK[:half], DECK[half:])
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The painter and the dealer: cards</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><main>
<section><h1>The painter and the dealer: a round</h1>
{rules(text)}</section>
<section><h1>The dealer's chart</h1>
<p class="note">Breadth from A to F, spots from 1 to 6. Circles (originals) in pen, crosses
(forgeries of the last round) in pencil. The painter must not see this page.</p>
{chart()}</section>
<section><h1>The painter's table</h1>
<p class="note">Which frog he paints for each face of the die. The dealer must not see it.</p>
{hand}
<h1>The clerk's score sheet</h1>
<p class="note">How many of the twelve verdicts were right? Six is a coin toss.</p>
{score}
<p class="note">Villages found at the end (of three): ______</p></section>
{sheets}
</main></body></html>
"""


def main() -> int:
    """Write the page, or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    made = page(TEXT.read_text("utf-8"))
    if parser.parse_args().check:
        current = PAGE.exists() and PAGE.read_text("utf-8") == made
        print("current" if current else f"{PAGE.name} differs: run `python tools/cards.py`")
        return int(not current)
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
