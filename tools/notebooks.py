"""Keep the notebooks alike: one set-up cell, no outputs, stable cell ids.

usage: python tools/notebooks.py            say what differs (exit code 1 if anything does)
       python tools/notebooks.py --write    put it right
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parent.parent

SETUP = """\
# Set-up: on Colab this installs the course's package; elsewhere it is installed already.
import importlib.util
import subprocess
import sys

REPOSITORY = "{repository}"
if importlib.util.find_spec("gan_lessons") is None:
    if "OWNER" in REPOSITORY:
        sys.exit("Set REPOSITORY to the address of the course's repository, then run this again.")
    archive = f"{{REPOSITORY}}/archive/refs/heads/{branch}.zip"
    subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "--no-deps", archive])"""


def setup_cell(root: Path = ROOT) -> str:
    """The first code cell of every notebook; the repository is named once, in _config.yml."""
    repository = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["repository"]
    return SETUP.format(repository=repository["url"], branch=repository["branch"])


def notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook of the book."""
    return sorted(
        p for p in (root / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts
    )


def tidy(path: Path, setup: str) -> str:
    """What the notebook should be, as text."""
    return tidied(nbformat.read(path, as_version=4), setup)


def tidied(notebook: nbformat.NotebookNode, setup: str) -> str:
    """The same for a notebook that was read already, which is changed."""
    first = True
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"c{i:02d}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata = {k: v for k, v in cell.metadata.items() if k == "tags"}
            if first:  # a reader of the page need not look at it: folded away there
                cell.source, cell.metadata, first = setup, {"tags": ["hide-input"]}, False
        else:
            cell.metadata = {}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def main() -> int:
    """Compare, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    setup, wrong = setup_cell(), 0
    for path in notebooks():
        text = tidy(path, setup)
        if text != path.read_text("utf-8"):
            wrong += 1
            print(f"{path.relative_to(ROOT)} {'is put right' if options.write else 'differs'}")
            if options.write:
                path.write_text(text, "utf-8")
    return 0 if options.write else min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
