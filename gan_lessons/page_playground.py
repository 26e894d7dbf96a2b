"""The playground: a GAN on points in the plane that trains in the page, without Python."""

from __future__ import annotations

import html
import json
import math
import random
import secrets
from typing import Any

from gan_lessons.errors import InputError
from gan_lessons.fragment import Fragment, read

_CORE = ("rng", "kernel", "mlp", "optimisers", "losses", "data", "gan", "metrics", "views")
_PAGE = (
    "share", "paint", "chart", "run", "presets", "parts", "words", "settings", "side", "drawing",
    "surroundings", "ui",
)  # fmt: skip
_RATES = (5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
#: what each setting may be; web/playground/share.js holds the same, and a test compares them
ALLOWED: dict[str, tuple[Any, ...]] = {
    "data": ("ring", "grid", "line", "moons", "blobs", "drawing"),
    "loss": ("non_saturating", "saturating", "least_squares", "hinge", "wasserstein"),
    "optimiser": ("adam", "sgd"),
    "noise": ("normal", "uniform"),
    "activation": ("leaky", "tanh"),
    "dSteps": (1, 2, 3, 5),
    "batch": (32, 64, 128, 256),
    "layersD": (1, 2, 3, 4),
    "layersG": (1, 2, 3, 4),
    "widthD": (4, 8, 16, 32, 64),
    "widthG": (4, 8, 16, 32, 64),
    "noiseDim": (1, 2, 4, 8),
    "gp": (0, 0.1, 1, 10),
    "r1": (0, 0.1, 1, 10),
    "lrD": _RATES,
    "lrG": _RATES,
}


def _check(key: str, value: Any) -> None:
    if key == "seed":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
            raise InputError(f"seed is {value!r}: give a whole number from 0 to 999999999.")
    elif key not in ALLOWED:
        raise InputError(f"The playground has no setting {key!r}: it has {', '.join(ALLOWED)}.")
    elif value not in ALLOWED[key]:
        known = ", ".join(map(str, ALLOWED[key]))
        raise InputError(f"{key} is {value!r}: choose from {known}.")


def _script_safe(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _wrap(css: str, script: str) -> str:
    """The root element, its style, a still picture for print and no JavaScript, and its script."""
    identity = f"ganp-{secrets.token_hex(6)}"  # two playgrounds on one page never clash
    return (
        f'<div class="ganp" id="{identity}" role="region" aria-label="GAN playground">'
        f'<style>{css}</style><div class="ganp-still">{_still()}</div>'
        "<noscript><p>This part moves only with JavaScript; above is a still picture of it.</p>"
        "</noscript>"
        '</div><script>(() => { "use strict"; '
        f'const root = document.getElementById("{identity}"); '
        f"if (!root || root.dataset.started) return; root.dataset.started = 1;\n{script}\n"
        "})();</script>"
    )


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
            exists stands in ``ALLOWED``, and ``seed``.

    Returns:
        A ``Fragment`` of about 140 kB that needs no network.

    Raises:
        InputError: for a setting or a value that does not exist, or a name that is not one word.
    """
    for key, value in settings.items():
        _check(key, value)
    if not (name.isascii() and name.isalnum()):
        raise InputError(f"name is {name!r}: give one word of letters and digits.")
    core = "\n".join(read(f"playground/{part}.js") for part in _CORE)
    source = '"use strict";\n' + core + "\n" + read("playground/worker.js")
    script = "\n".join(
        [
            core,
            *(read(f"playground/{part}.js") for part in _PAGE),
            f"playground(root, {_script_safe(source)}, "
            f"{_script_safe({'name': name, 'settings': settings})});",
        ]
    )
    return Fragment(_wrap(read("playground/style.css"), script), "GAN playground")
