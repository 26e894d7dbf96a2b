"""Write book/_style/icons.css: the few icons that the pages show, out of the theme's Font Awesome.

The theme draws its icons with a script of 1.5 MB or with web fonts, which a browser may refuse a
page that was opened from file://. Here each is a picture inside the style sheet, a few hundred
bytes. ``python tools/icons.py`` writes the file anew when the theme shows another icon.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STYLES = ROOT / "book" / "_style" / "icons.css"
ICONS = (
    "angle-left", "angle-right", "arrow-up", "bars", "circle-half-stroke", "download", "file",
    "file-pdf", "github", "list", "magnifying-glass", "moon", "outdent", "rocket", "sun", "xmark",
)  # fmt: skip
HEAD = """\
/* Font Awesome Free 6.5.2 by @fontawesome, https://fontawesome.com, icons CC BY 4.0; made by tools/icons.py */
i:is(.fas, .fab, .fa-solid, .fa-brands), span:is(.fas, .fab, .fa-solid, .fa-brands) {
  display: inline-block; width: 1.25em; height: 1em; vertical-align: -.125em; background-color: currentColor;
  -webkit-mask: var(--gl-icon) center / contain no-repeat; mask: var(--gl-icon) center / contain no-repeat; }
:is(i, span):is(.fas, .fab, .fa-solid, .fa-brands)::before { content: none; }
@media (forced-colors: active) { :is(i, span):is(.fas, .fab, .fa-solid, .fa-brands) { forced-color-adjust: none; background-color: ButtonText; } }
a.reference.download::before { content: ""; font-family: inherit; display: inline-block; width: 1.5em; height: .8em; padding: 0;
  background-color: var(--pst-color-text-muted); mask: var(--gl-icon) center / contain no-repeat;
  -webkit-mask: var(--gl-icon) center / contain no-repeat; }
.bd-header-article .btn i { width: 1.3rem; }
.search-button-field > i { display: inline-block !important; flex: none; }
"""  # noqa: E501


def drawings() -> str:
    """The theme's script with all of Font Awesome's drawings.

    Raises:
        ValueError: when the theme is not installed, or brings no such script.
    """
    theme = importlib.util.find_spec("pydata_sphinx_theme")
    place = "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
    path = Path(theme.origin or "").parent / place if theme else None
    if path is None or not path.is_file():
        raise ValueError("icons: needs pydata_sphinx_theme with its fontawesome.js.")
    return path.read_text("utf-8")


def rule(name: str, text: str) -> str:
    """One icon's line of CSS.

    Args:
        name: the icon's, such as ``"file-pdf"``.
        text: what ``drawings`` returned.

    Raises:
        ValueError: when Font Awesome has no such icon.
    """
    found = re.search(rf'[{{,]"?{name}"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]+)"\]', text)
    if not found:
        raise ValueError(f"icons: Font Awesome has no icon {name!r}.")
    width, height, path = found.groups()
    drawing = (
        f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'%3E"
        f"%3Cpath d='{path}'/%3E%3C/svg%3E"
    )
    names = f".fa-{name}" + (", a.reference.download" if name == "download" else "")
    return f'{names} {{ --gl-icon: url("data:image/svg+xml,{drawing}"); }}\n'


def styles() -> str:
    """The whole style sheet."""
    text = drawings()
    return HEAD + "".join(rule(name, text) for name in ICONS)


def main() -> None:
    """Write the style sheet."""
    STYLES.write_text(styles(), "utf-8")
    print(f"{STYLES}: {STYLES.stat().st_size} bytes, {len(ICONS)} icons")


if __name__ == "__main__":
    main()
