"""Make the exercise notebooks from the solutions: `book/solutions/` is the source.

A code cell tagged `solution` keeps the heads and docstrings of its functions, and their bodies
become `raise NotImplementedError`. Code cells tagged `solution-only` and Markdown cells that begin
with `<!-- solution -->` are left out. All other cells are the same in both.

usage: python tools/exercises.py            write book/exercises/
       python tools/exercises.py --check    say what differs (exit code 1 if anything does)
"""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools import notebooks  # noqa: E402

STUB = 'raise NotImplementedError("your turn")'
Definition = ast.FunctionDef | ast.ClassDef


def stub(source: str) -> str:
    """A solution's functions and classes, without what is in them.

    Raises:
        ValueError: when there is anything else in the cell, which would give the solution away.
    """
    lines, tree = source.splitlines(), ast.parse(source)
    parts = []
    for node in tree.body:
        if not isinstance(node, Definition):
            raise ValueError(
                f"A solution cell holds functions and classes only, not: {lines[node.lineno - 1]}"
            )
        parts.append("\n".join(_head(node, lines)))
    return "\n\n".join(parts)


def _head(node: Definition, lines: list[str]) -> list[str]:
    """Decorators, name, arguments and docstring, and the stub in place of the rest."""
    first, *rest = node.body
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    end = (first.end_lineno or 0) if documented else first.lineno - 1
    kept = lines[start - 1 : end]
    while kept and kept[-1].strip().startswith("#"):
        kept.pop()
    if isinstance(node, ast.ClassDef):
        for method in rest if documented else node.body:
            if isinstance(method, Definition):
                kept += ["", *_head(method, lines)]
        return kept
    return [*kept, " " * (node.col_offset + 4) + STUB]


def exercise(solution: Path, setup: str) -> str:
    """The exercise notebook of a solution notebook, as text."""
    notebook = nbformat.read(solution, as_version=4)
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "solution-only" in tags or cell.source.startswith("<!-- solution -->"):
            continue
        if "solution" in tags:
            cell.source = stub(cell.source)
            cell.metadata["tags"] = [t for t in tags if t != "solution"]
            if not cell.metadata["tags"]:
                del cell.metadata["tags"]
        cells.append(cell)
    notebook.cells = cells
    return notebooks.tidied(notebook, setup)


def main() -> int:
    """Compare, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    setup, wrong = notebooks.setup_cell(), 0
    sources = sorted((ROOT / "book" / "solutions").glob("*.ipynb"))
    target = ROOT / "book" / "exercises"
    target.mkdir(exist_ok=True)
    made = {
        target / path.name.replace("solutions", "exercises"): exercise(path, setup)
        for path in sources
    }
    for path in {*made, *target.glob("*.ipynb")} - set(made):
        wrong += 1
        print(f"{path.relative_to(ROOT)} has no solution: delete it or write one")
    for path, text in made.items():
        if not path.exists() or path.read_text("utf-8") != text:
            wrong += 1
            print(f"{path.relative_to(ROOT)} {'differs' if options.check else 'is written'}")
            if not options.check:
                path.write_text(text, "utf-8")
    return min(wrong, 1) if options.check else 0


if __name__ == "__main__":
    sys.exit(main())
