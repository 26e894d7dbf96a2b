"""Write LICENSES/third-party.md, whose works the course uses: ``python tools/licences.py``.

It reads the pins, the manifest of vendored files and what the installed packages say of
themselves, and asks no network.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tools.sbom import licences, python_parts  # noqa: E402

PAGE = ROOT / "LICENSES" / "third-party.md"
HEAD = """# Works of others

Made by `tools/licences.py` from the pins, `vendor/manifest.json` and the packages' own metadata.

"""
# what the theme and its helpers put into the built pages
IN_PAGES = (
    ("Bootstrap 5.3", "pydata-sphinx-theme", "MIT"),
    ("Font Awesome Free 6.5.2: icons, in `book/_style/icons.css`", "pydata-sphinx-theme",
     "CC-BY-4.0"),
    ("Font Awesome Free 6.5.2: web fonts, copied and not loaded", "pydata-sphinx-theme",
     "OFL-1.1"),
    ("Font Awesome Free 6.5.2: code, copied and not loaded", "pydata-sphinx-theme", "MIT"),
    ("clipboard.js", "sphinx-copybutton", "MIT"),
    ("search and highlighting", "Sphinx", "BSD-2-Clause"),
)  # fmt: skip
# pins that this system does not install, whose metadata names no licence, or whose versions for one
# Python and the next name it in different words; read at their source
KNOWN = {"appnope": "BSD-2-Clause", "cffi": "MIT-0", "colorama": "BSD-3-Clause",
         "contourpy": "BSD-3-Clause",
         "namex": "Apache-2.0", "pycparser": "BSD-3-Clause", "pywinpty": "MIT"}  # fmt: skip


def licence(name: str) -> str:
    """What an installed package says of its licence, in few words.

    Args:
        name: the distribution's.

    Raises:
        ValueError: when it is not installed or says nothing, and ``KNOWN`` does not name it.
    """
    if name in KNOWN:
        return KNOWN[name]
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise ValueError(f"{name} is not installed: add its licence to KNOWN.") from None
    if "License-Expression" in said:
        return said["License-Expression"]
    classes = [c.split(" :: ")[-1] for c in said.get_all("Classifier") or [] if "License ::" in c]
    classes = [c for c in classes if c != "OSI Approved"]
    if classes:
        return ", ".join(classes)
    text = said["License"].strip() if "License" in said else ""
    if not text or "\n" in text or len(text) > 60:
        raise ValueError(f"{name} names no licence in few words: add it to KNOWN.")
    return text


def page(root: Path = ROOT) -> str:
    """The whole page, Markdown, for the checkout in ``root``."""
    lines = ["## In the built pages and the repository", "", "| what | from | licence |",
             "|---|---|---|"]  # fmt: skip
    manifest = json.loads((root / "vendor" / "manifest.json").read_text("utf-8"))
    lines += [f"| `{p}` | {e['source']} | {e['licence']} |" for p, e in sorted(manifest.items())]
    lines += [f"| {what} | {source} | {name} |" for what, source, name in IN_PAGES]
    lines += ["", "## Python packages", "", "| package | version | licence |", "|---|---|---|"]
    for part in python_parts((root / "requirements.txt").read_text("utf-8")):
        lines.append(f"| {part['name']} | {part['version']} | {licence(part['name'])} |")
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE}: {len(licences(PAGE.read_text('utf-8')))} packages")


if __name__ == "__main__":
    main()
