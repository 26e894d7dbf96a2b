"""Pieces of a page that carry everything they need: style, program, data and a still picture."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons.checkpoints import write_atomically


class Fragment:
    """Self-contained HTML: the last line of a cell shows it, ``save`` makes it a page of its own.

    Args:
        body: HTML without ``<html>``.
        title: what the saved page is called.
    """

    def __init__(self, body: str, title: str = "") -> None:
        self.body, self.title = body, title

    def _repr_html_(self) -> str:
        return self.body

    def __add__(self, other: Fragment) -> Fragment:
        body = other.body
        for block, digest in WEIGHTS.findall(body):  # what stands there already is not repeated
            if f'data-gl-weights="{digest}"' in self.body:
                body = body.replace(block, "", 1)
        return Fragment(self.body + body, self.title or other.title)

    def save(self, path: str | Path, title: str | None = None) -> Path:
        """Write a page that opens with a double click, offline.

        Args:
            path: where to, such as ``frogs.html``.
            title: the page's title; None takes the fragment's own.

        Returns:
            The path.

        Raises:
            StorageError: when the disk refuses; a page that was there before stays whole.
        """
        title = html.escape(self.title if title is None else title) or "GAN lessons"
        body, style = styles(self.body)
        text = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title><style>{PAGE_STYLE}{style}</style></head>"
            f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
        )
        if self.body.count('<section class="gl-w') == 1:  # the heading says it already
            text = text.replace("</style></head>", "main .gl-title{display:none}</style></head>")
        write_atomically(Path(path).absolute(), text.encode("utf-8", "replace"))
        return Path(path)


PAGE_STYLE = (
    "html{color-scheme:light dark}body{margin:0;background:#f3f7f9;"
    "font-family:system-ui,sans-serif}main{max-width:64rem;margin:0 auto;padding:1rem .6rem}"
    "h1{font-size:1.5rem;margin:.4rem 0;color:#1d2b33}"
    "@media(prefers-color-scheme:dark){body{background:#0e1418}h1{color:#e8eff3}}"
)


WEIGHTS = re.compile(r'(<script type="text/plain" data-gl-weights="(\w+)">[^<]*</script>)')


STYLE = re.compile(r'(<(?:section class="gl-w|div class="ganp")[^>]*>)<style>([^<]*)</style>')


def styles(body: str) -> tuple[str, str]:
    """Take the widgets' styles out, for the head of the page; each once.

    Args:
        body: HTML without ``<html>``.

    Returns:
        The rest, and the styles.
    """
    found = dict.fromkeys(style for _, style in STYLE.findall(body))
    return STYLE.sub(r"\1", body), "\n".join(found)


def weights(digest: str, text: str) -> str:
    """A network's weights in base64, where every widget of the page finds them."""
    return f'<script type="text/plain" data-gl-weights="{digest}">{text}</script>'


def read(name: str) -> str:
    """A file of ``gan_lessons/web``."""
    return (resources.files("gan_lessons") / "web" / name).read_text("utf-8")


def wasm(name: str) -> str:
    """A script that lays an assembled WebAssembly module ready, as base64."""
    raw = (resources.files("gan_lessons") / "web" / name).read_bytes()
    return f'globalThis.GanLessons.gemm = "{base64.b64encode(raw).decode()}";'


def widget(
    kind: str,
    data: dict[str, Any],
    *,
    styles: list[str],
    scripts: list[str],
    still: str,
    alt: str,
    label: str,
) -> str:
    """Put a widget's parts together.

    Args:
        kind: the name under which its script finds it.
        data: what its script gets, ready for JSON.
        styles: CSS texts.
        scripts: JavaScript texts, in order; they must bear being run more than once on a page.
        still: address of the picture for print and where there is no JavaScript.
        alt: its description.
        label: what a screen reader calls the widget.
    """
    # "<" never stands in the data, so no text in it can end the script or begin another.
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    program = "\n".join(scripts).replace("</script", "<\\/script")
    style = "\n".join(styles)
    return (
        f'<section class="gl-w gl-{kind}" data-gl="{kind}" '
        f'aria-label="{html.escape(label, quote=True)}"><style>{style}</style>'
        f'<img class="gl-still" src="{still}" alt="{html.escape(alt, quote=True)}">'
        f'<script type="application/json">{text}</script><script>{program}</script></section>'
    )


def picture(images: np.ndarray, columns: int) -> str:
    """Pictures ``(N, H, W, 3)`` in [-1, 1] side by side, as a ``data:`` address of a JPEG.

    A page shows it large, each pixel as a square.
    """
    from PIL import Image

    from gan_lessons import data

    n, h, w, _ = images.shape
    sheet = np.full((-(-n // columns) * h, columns * w, 3), 255, np.uint8)
    for i, image in enumerate(data.to_uint8(images)):
        y, x = divmod(i, columns)
        sheet[y * h : (y + 1) * h, x * w : (x + 1) * w] = image
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "JPEG", quality=95, subsampling=0, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
