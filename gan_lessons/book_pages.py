"""A Sphinx extension: the built pages carry less and come sooner than the notebooks do.

A cell's output holds everything it needs, so that it works in Jupyter, in Colab and in a saved
file. In the book, what is heavy moves out of the page into files beside it: pictures, which a
browser fetches when they come near, and the data of widgets, which ``book/_templates/layout.html``
fetches when the widget comes near. Equations are drawn here. No more than before leaves the
reader's machine, and pages open from ``file://`` as they did.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from pathlib import Path
from typing import Any

from gan_lessons import equations
from gan_lessons.fragment import WEIGHTS, styles

PICTURE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\bsrc="([^"]*)"')
WIDGET = re.compile(
    r'(<section class="gl-w [^>]*)(>(?:(?!<script).)*)'
    r'<script type="application/json">([^<]*)</script><script>(.*?)</script></section>',
    re.DOTALL,
)
PLAYGROUND_NAME = re.compile(r"\bganp-[0-9a-f]{12}\b")
PLAYGROUND = re.compile(
    r'(<div class="ganp" [^>]*)(>(?:(?!<script).)*</div>)<script>(.*?)</script>', re.DOTALL
)
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
MATHJAX = "vendor/mathjax/tex-svg-small.js"
SMALL = 4096  # characters: a picture below that stays where it is
MOST = 155  # characters of a description that a list of found pages shows


class Shelf:
    """The files that a page's heavy parts go to, each named by what it holds.

    Args:
        folder: where they are written.
        address: the same folder, as the page names it.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address

    def put(self, content: bytes, ending: str) -> str:
        """Write a file once; its address."""
        name = hashlib.sha256(content).hexdigest()[:16] + ending
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / name).exists():
            (self.folder / name).write_bytes(content)
        return f"{self.address}/{name}"


def numbered(body: str) -> str:
    """Name the playgrounds of a page by their order: their random names would change each build."""
    names: dict[str, str] = {}
    return PLAYGROUND_NAME.sub(
        lambda found: names.setdefault(found[0], f"ganp-{len(names) + 1}"), body
    )


def _holder(kind: str, text: str, place: str, **marks: str) -> bytes:
    """A program that puts a script element of text back into the page."""
    data = "".join(f"s.dataset.{name}={json.dumps(value)};" for name, value in marks.items())
    return (
        f'{{const s=document.createElement("script");s.type="{kind}";{data}'
        f"s.textContent={json.dumps(text)};{place}}}\n"
    ).encode()


def without_weights(body: str, shelf: Shelf) -> str:
    """Move the widgets' weights, data and programs out; the page keeps their still pictures.

    Args:
        body: a page's HTML.
        shelf: where the parts go.
    """
    weights = {}
    for block, digest in WEIGHTS.findall(body):
        text = block[block.index(">") + 1 : block.rindex("<")]
        holder = _holder("text/plain", text, "document.head.append(s);", glWeights=digest)
        weights[digest] = shelf.put(holder, ".js")
        body = body.replace(block, "")

    def lighter(found: re.Match[str]) -> str:
        section, still, data, program = found.groups()
        needed = [address for digest, address in weights.items() if digest in data]
        mark = hashlib.sha256(data.encode()).hexdigest()[:16]
        place = (
            f"for (const w of document.querySelectorAll('[data-gl-data=\"{mark}\"]'))"
            "if (!w.querySelector('script')) w.append(s.cloneNode(true));"
        )
        needed.append(shelf.put(_holder("application/json", data, place), ".js"))
        needed.append(shelf.put(program.encode(), ".js"))
        return (
            f'{section} data-gl-data="{mark}" data-gl-parts="{" ".join(needed)}"{still}</section>'
        )

    def without_program(found: re.Match[str]) -> str:
        start, still, program = found.groups()
        return f'{start} data-gl-parts="{shelf.put(program.encode(), ".js")}"{still}'

    return PLAYGROUND.sub(without_program, WIDGET.sub(lighter, body))


def later_pictures(body: str, shelf: Shelf, sources: dict[str, Path]) -> str:
    """Pictures say their size and are fetched when they come near; large ones become files.

    Args:
        body: a page's HTML.
        shelf: where pictures that stand in the page itself go.
        sources: by file name, where the others lie now.
    """
    from PIL import Image

    def later(found: re.Match[str]) -> str:
        tag = found[0]
        address = SOURCE.search(tag)
        if address is None or "loading=" in tag:
            return tag
        kind = re.match(r"data:image/(png|jpeg|webp|gif);base64,", address[1])
        content: Any = sources.get(address[1].rpartition("/")[2])
        if kind:
            if len(address[1]) < SMALL:
                return tag
            raw = base64.b64decode(address[1][kind.end() :])
            content = io.BytesIO(raw)
            moved = shelf.put(raw, f".{kind[1]}")
            tag = tag.replace(address[1], moved)
        marks = ' loading="lazy"'
        if content and (kind or Path(content).suffix != ".svg") and " width=" not in tag:
            with Image.open(content) as image:
                marks += f' width="{image.width}" height="{image.height}"'
        return "<img" + marks + tag[4:]

    return PICTURE.sub(later, body)


def description(body: str) -> str:
    """What a page is about, for a list of found pages: the beginning of its first paragraph."""
    for paragraph in PARAGRAPH.findall(body):
        words = html.unescape(re.sub(r"<[^>]*>|\\[()]", "", paragraph)).split()
        if len(words) < 8:
            continue
        text = ""
        for word in words:
            if len(text) + len(word) > MOST:
                return text.rstrip(",;:. ") + " …"
            text += f"{word} "
        return text.strip()
    return ""


def valid(body: str) -> str:
    """Mend what the parts of the theme write that HTML or WCAG does not allow.

    A summary holds no paragraphs. It is named by its words, not "Toggle hidden content" (WCAG
    2.5.3).
    """
    body = body.replace(' aria-label="Toggle hidden content"', "")
    return re.sub(
        r'<p class="((?:collapsed|expanded) admonition-title)">(.*?)</p>',
        r'<span class="\1">\2</span>',
        body,
    )


def change(app: Any, pagename: str, templatename: str, context: dict[str, Any], tree: Any) -> None:
    """What Sphinx calls before it writes a page."""
    body = context.get("body")
    if not body or tree is None:
        return
    root = "../" * pagename.count("/")
    images = {name: Path(app.srcdir) / path for path, name in app.builder.images.items()}
    shelf = Shelf(Path(app.outdir) / "_parts", root + "_parts")
    context["summary"] = description(body)
    body, context["widget_styles"] = styles(numbered(valid(body)))
    body = later_pictures(without_weights(body, shelf), shelf, images)
    if equations.node():
        body, context["equations"] = equations.draw(body, Path(app.srcdir) / MATHJAX)
    context["body"] = body


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx's build."""
    from gan_lessons.book_sliders import LatentSliders

    app.add_directive("latent-sliders", LatentSliders)
    app.connect("html-page-context", change)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
