"""Equations of the book, drawn while it is built: a reader's browser has nothing left to compute.

MathJax, the vendored selection that ``tools/build_mathjax.mjs`` made, runs once a page in Node.js:
the machine's own, or the one that comes inside Playwright. Each drawing keeps its MathML for screen
readers beside it.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

MATH = re.compile(
    r'(<(span|div) class="(?:[^"]* )?math [^"]*"[^>]*>)\s*'
    r"(?:\\\((.*?)\\\)|\\\[(.*?)\\\]|(\\begin\{.*?))\s*(</\2>)",
    re.DOTALL,
)
PROGRAM = """
globalThis.MathJax = { startup: { typeset: false } };
require(process.argv[1]);
MathJax.startup.promise.then(() => {
  const { adaptor } = MathJax.startup;
  const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const drawn = asked.map(([tex, display]) => adaptor.outerHTML(MathJax.tex2svg(tex, { display })));
  console.log(JSON.stringify({ drawn, style: adaptor.textContent(MathJax.svgStylesheet()) }));
});
"""


def node() -> str | None:
    """Where Node.js is, or None."""
    own = shutil.which("node")
    if own:
        return own
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        return None
    return str(compute_driver_executable()[0])


def svg(texts: Sequence[tuple[str, bool]], mathjax: Path) -> tuple[list[str], str]:
    """Draw equations.

    Args:
        texts: TeX, and whether it stands in a line of its own.
        mathjax: the program.

    Returns:
        HTML for each, and the style that all need.

    Raises:
        ValueError: for TeX that MathJax cannot read, naming it.
    """
    done = subprocess.run(
        [node() or "node", "-e", PROGRAM, str(mathjax.resolve())],
        input=json.dumps(list(texts)), capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    found = json.loads(done.stdout)
    for (tex, _), drawing in zip(texts, found["drawn"], strict=True):
        if 'data-mml-node="merror"' in drawing:
            raise ValueError(f"MathJax cannot read the equation {tex!r}.")
    # an attribute of old browsers that HTML does not know; and the keyboard scrolls what is wide
    drawn = [
        drawing.replace(' focusable="false"', "").replace(
            ' display="true"', ' display="true" tabindex="0"', 1
        )
        for drawing in found["drawn"]
    ]
    return drawn, re.sub(r"\s+", " ", found["style"]).strip()


def draw(body: str, mathjax: Path) -> tuple[str, str]:
    """Draw every equation of a page.

    Args:
        body: a page's HTML, with TeX where Sphinx leaves it.
        mathjax: the program.

    Returns:
        The page and the style that its equations need, empty where there are none.
    """
    texts = [
        (html.unescape(inline or line or block), not inline)
        for _, _, inline, line, block, _ in MATH.findall(body)
    ]
    if not texts:
        return body, ""
    drawn, style = svg(texts, mathjax)
    each = iter(drawn)
    return MATH.sub(lambda found: found[1] + next(each) + found[6], body), style
