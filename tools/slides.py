"""Make the teacher's slides: one page, no dependency, with the very figures of the chapters.

The words stand in `tools/slides.md`. A line `{figure 01: The dealer's landscape: Before}` takes
from chapter 1 the first figure whose description begins so; `{playground}` is the live playground.
Figures come from the built book (`_build/jupyter_execute`). A chapter that was not built, or whose
code has changed since, is run.

usage: python tools/slides.py [--out FILE]
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TEXT = ROOT / "tools" / "slides.md"
BUILT = ROOT / "_build" / "jupyter_execute" / "book"
STYLE = """
:root { --ink: #1b262c; --soft: #f3f7f9; --accent: #21607f }
* { box-sizing: border-box }
html { scroll-snap-type: y proximity }
body { margin: 0; font: 22px/1.5 system-ui, sans-serif; color: var(--ink); background: #fff }
.slide { min-height: 100vh; scroll-snap-align: start; display: flex; flex-direction: column;
  justify-content: center; align-items: center; padding: 3vh 6vw; position: relative }
.body { width: min(100%, 1080px) } .body > p { max-width: 46em }
.live { font-size: 15px; line-height: 1.4 }
h1 { font-size: 2.1em; line-height: 1.15 } h2 { font-size: 1.5em; margin: 0 0 .4em }
h1, h2 { color: var(--accent) } li { margin: .35em 0 }
.slide p:has(> img) { text-align: center }
.slide img.gl-figure { display: block; margin: 0 auto; max-height: 62vh; width: auto !important }
.slide svg.gl-diagram { display: block; margin: 0 auto }
.number { position: absolute; right: 2vw; bottom: 1.5vh; font-size: .7em; color: #56646d }
blockquote { display: none; margin: 1em 0 0; padding: .6em 1em; background: var(--soft);
  border-left: 5px solid var(--accent); font-size: .75em }
.notes blockquote { display: block }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media (max-width: 700px) { body { font-size: 17px } html { scroll-snap-type: none }
  .slide { padding: 2rem 1rem } }
@page { size: A4 landscape; margin: 0 }
@media print { html { scroll-snap-type: none } body { font-size: 17px }
  .slide { height: 209mm; min-height: 0; overflow: hidden; break-after: page; padding: 8mm 16mm }
  .slide:last-of-type { break-after: auto } .slide img.gl-figure { max-height: 120mm } }
"""
TURN = """
const slides = [...document.querySelectorAll(".slide")];
const here = () => slides.reduce((best, s, i) => Math.abs(s.getBoundingClientRect().top) <
  Math.abs(slides[best].getBoundingClientRect().top) ? i : best, 0);
const go = i => slides[Math.max(0, Math.min(slides.length - 1, i))].scrollIntoView();
addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest && event.target.closest(".live, input, select, button, a")) return;
  const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
  if (step) { event.preventDefault(); go(here() + step); }
  else if (event.key === "Home") { event.preventDefault(); go(0); }
  else if (event.key === "End") { event.preventDefault(); go(slides.length - 1); }
  else if (event.key === "n" || event.key === "N") document.body.classList.toggle("notes");
});
"""
FIGURE = re.compile(r"\{figure (\d\d): (.+?)\}")


class NoFigureError(Exception):
    """A slide asks for a figure that its chapter does not show."""


def sources(notebook: nbformat.NotebookNode) -> list[str]:
    """The code of a notebook."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def executed(chapter: str, built: Path = BUILT) -> nbformat.NotebookNode:
    """A chapter with what its cells showed: from the built book if that is current, else run now.

    Args:
        chapter: its number, such as "01".
        built: where the book's executed notebooks lie.
    """
    path = next((ROOT / "book").glob(f"{chapter}-*.ipynb"))
    notebook = nbformat.read(path, 4)
    there = built / path.name
    if there.exists():
        played = nbformat.read(there, 4)
        if sources(played) == sources(notebook):
            return played
    print(f"running {path.name}, which the built book does not hold as it is now", flush=True)
    from nbclient import NotebookClient

    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=900, kernel_name="python3", resources=folder).execute()
    return notebook


def shown(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The figures of an executed notebook: what each shows, in words, and its HTML."""
    found: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            words = re.search(r'(?:\balt|aria-label)="([^"]+)"', page)
            if words:
                found.setdefault(html.unescape(words.group(1)), page)
    return found


def figure(chapter: str, begins: str, figures: Callable[[str], dict[str, str]]) -> str:
    """The HTML of one figure.

    Raises:
        NoFigureError: when no figure's description begins so.
    """
    there = figures(chapter)
    for words, page in there.items():
        if words.startswith(begins):
            return page
    listed = "\n  ".join(words[:90] for words in there)
    raise NoFigureError(f"Chapter {chapter} has no figure {begins!r}. It has:\n  {listed}")


def playground() -> str:
    """The live playground."""
    from gan_lessons import page

    return page.playground()._repr_html_()


def render(text: str, figures: Callable[[str], dict[str, str]]) -> str:
    """The page of slides.

    Args:
        text: the words, slides divided by lines of three hyphens.
        figures: gives for a chapter's number its figures: description to HTML.
    """
    markdown, slides = MarkdownIt(), re.split(r"\n---\n", text)
    body = []
    for number, slide in enumerate(slides, 1):
        pieces: list[str] = []

        def keep(piece: str, pieces: list[str] = pieces) -> str:
            pieces.append(f'<div class="live">{piece}</div>')
            return f"\n\nPIECE{len(pieces) - 1}\n\n"

        slide = FIGURE.sub(lambda m, keep=keep: keep(figure(m[1], m[2], figures)), slide)
        slide = slide.replace("{playground}", keep(playground()) if "{playground}" in slide else "")
        page = markdown.render(slide)
        for i, piece in enumerate(pieces):
            page = page.replace(f"<p>PIECE{i}</p>", piece)
        label = f"Slide {number} of {len(slides)}"
        body.append(f'<section class="slide" aria-label="{label}"><div class="body">{page}</div>'
                    f'<div class="number">{number} / {len(slides)}</div></section>')  # fmt: skip
    title = re.search(r"^# (.+)$", text, re.M)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title.group(1) if title else 'Slides'}</title><style>{STYLE}</style></head>"
        f'<body><main>{"".join(body)}</main><script>(() => {{ "use strict"; {TURN} }})();</script>'
        "</body></html>\n"
    )


def main() -> None:
    """Write the slides."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "slides.html")
    parser.add_argument("--built", type=Path, default=BUILT, help="the executed chapters' folder")
    options = parser.parse_args()
    figures = cache(lambda chapter: shown(executed(chapter, options.built)))
    try:
        page = render(TEXT.read_text("utf-8"), figures)
    except NoFigureError as problem:
        sys.exit(str(problem))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page, "utf-8")
    count = page.count('<section class="slide"')
    print(f"{options.out}: {count} slides, {len(page) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
