"""Interactive parts of the lessons that live in the page and need no Python once they are made.

Each function returns a ``Fragment``: a notebook shows it, the built book keeps it, and
``fragment.save("name.html")`` writes it as one file that works offline from a double click.
"""

from __future__ import annotations

import html
import json
import math
import os
import random
import secrets
from importlib import resources
from pathlib import Path
from typing import Any

from gan_lessons.errors import InputError, StorageError

_CORE = "rng kernel mlp optimisers losses data gan metrics views".split()
_PAGE = "share paint run presets parts settings ui".split()


class Fragment:
    """A self-contained piece of HTML: its style, scripts and data are inside.

    Args:
        body: the HTML.
        title: what it is, for the saved page's title.
    """

    def __init__(self, body: str, title: str) -> None:
        self.body = body
        self.title = title

    def _repr_html_(self) -> str:
        return self.body

    def save(self, path: str | os.PathLike[str], title: str | None = None) -> Path:
        """Write one HTML file that works offline and from a double click.

        Args:
            path: where to; an existing file is replaced.
            title: the page's title and heading.

        Returns:
            The path.

        Raises:
            StorageError: when the file cannot be written.
        """
        name = html.escape(title or self.title)
        page = (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{name}</title><meta name="color-scheme" content="light dark">'
            "<style>body{margin:0 auto;padding:8px;max-width:1200px;"
            "font-family:system-ui,sans-serif}h1{font-size:1.4rem;font-weight:600;margin:.6rem 0}"
            f"</style></head><body><main><h1>{name}</h1>\n{self.body}\n</main></body></html>\n"
        )
        target = Path(path)
        try:
            target.write_text(page, encoding="utf-8")
        except OSError as error:
            raise StorageError(
                f"Cannot write the page to {target}: {error.strerror}. Give a file in an existing "
                "folder."
            ) from error
        return target


def _web(folder: str, name: str) -> str:
    """The text of one of the package's JavaScript or CSS files."""
    return (resources.files("gan_lessons") / "web" / folder / name).read_text(encoding="utf-8")


def _script_safe(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _fragment(title: str, css: str, script: str, still: str, kind: str) -> Fragment:
    """One root element, its style, a still picture for print and no JavaScript, and its script.

    Args:
        title: names the region for screen readers.
        css: the style sheet; all its selectors begin with the root's class.
        script: JavaScript that finds its root element in ``root``; wrapped so that nothing leaks.
        still: SVG with its own alternative text.
        kind: the root's class.
    """
    identity = f"{kind}-{secrets.token_hex(6)}"  # two fragments on one page never clash
    name = html.escape(title, quote=True)
    body = (
        f'<div class="{kind}" id="{identity}" role="region" aria-label="{name}">'
        f'<style>{css}</style><div class="{kind}-still">{still}</div>'
        f"<noscript><style>.{kind}-still{{display:block!important}}</style>"
        "<p>This part moves only with JavaScript; here is a still picture of it.</p></noscript>"
        f'</div><script>(() => {{ "use strict"; const root = document.getElementById("{identity}"); '
        f"if (!root || root.dataset.started) return; root.dataset.started = 1;\n{script}\n"
        "})();</script>"
    )
    return Fragment(body, title)


def _still() -> str:
    """The playground at rest: eight clouds of real points, and forgeries on six of them."""
    draw = random.Random(5)
    marks = []
    for mode in range(8):
        angle = math.pi * mode / 4
        for i in range(14):
            x = 160 + 100 * math.cos(angle) + draw.gauss(0, 7)
            y = 160 - 100 * math.sin(angle) + draw.gauss(0, 7)
            style = 'fill="none" stroke="#1b5e86"' if i % 2 or mode in (2, 5) else 'fill="#b3471d"'
            marks.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" {style}/>')
    alt = (
        "Eight clouds of real points, drawn as rings, on a circle; the generator's forgeries, "
        "drawn as discs, have reached six of them and miss two."
    )
    return (
        f'<svg viewBox="0 0 320 320" role="img" aria-label="{html.escape(alt)}">'
        f'<rect width="320" height="320" rx="12" fill="#f7f4ee"/>{"".join(marks)}</svg>'
    )


def playground(*, name: str = "play", **settings: Any) -> Fragment:
    """A GAN on points in the plane that trains live in the reader's browser.

    Args:
        name: the word that its share links begin with, after the ``#``; letters and digits.
        settings: where to begin, e.g. ``data="moons", loss="hinge", lrD=0.001, seed=3``; what
            exists stands in ``web/playground/gan.js`` under ``DEFAULTS``.

    Returns:
        A ``Fragment`` of about 80 kB that needs no network.

    Raises:
        InputError: for a setting that does not exist, or a name that is not one word.
    """
    known = (
        "seed data drawing loss gp r1 optimiser lrD lrG dSteps layersD widthD layersG widthG "
        "noise noiseDim batch activation"
    ).split()
    for key in settings:
        if key not in known:
            raise InputError(f"The playground has no setting {key!r}: it has {', '.join(known)}.")
    if not (name.isascii() and name.isalnum()):
        raise InputError(f"name is {name!r}: give one word of letters and digits.")
    core = "\n".join(_web("playground", f"{part}.js") for part in _CORE)
    source = '"use strict";\n' + core + "\n" + _web("playground", "worker.js")
    script = "\n".join(
        [
            core,
            *(_web("playground", f"{part}.js") for part in _PAGE),
            f"playground(root, {_script_safe(source)}, "
            f"{_script_safe({'name': name, 'settings': settings})});",
        ]
    )
    css = _web("playground", "style.css")
    return _fragment("GAN playground", css, script, _still(), "ganp")
