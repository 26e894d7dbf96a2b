"""Make nbgrader's source notebooks from the course's solutions, for a class that marks with it.

In cells tagged `solution` the body of each function stands between nbgrader's marks, which it cuts
out for the students. The check below becomes a locked cell with points, which fails unless the
answer passes. nbgrader itself is not needed here; `book/teach/room.md` says how to go on.

usage: python tools/nbgrader.py --out COURSE [--chapter 11 ...] [--points 2]
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools import exercises  # noqa: E402

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "painter-and-forger"
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your turn")'}
c.ExecutePreprocessor.timeout = 180
"""
Function = ast.FunctionDef


def marked(source: str) -> str:
    """A solution cell with nbgrader's marks around the body of each function.

    Raises:
        ValueError: when there is anything but functions and classes in the cell.
    """
    exercises.stub(source)
    lines = source.splitlines()
    for function in sorted(_functions(ast.parse(source)), key=lambda f: -f.lineno):
        first, *rest = function.body
        documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        body = rest if documented else function.body
        if not body:
            continue
        indent = " " * body[0].col_offset
        start = (first.end_lineno or 0) if documented else body[0].lineno - 1
        lines.insert(function.end_lineno or len(lines), indent + END)
        lines.insert(start, indent + BEGIN)
    return "\n".join(lines)


def _functions(tree: ast.Module) -> list[Function]:
    """Functions at the top of a cell, and the methods of its classes."""
    holders = [tree.body, *(n.body for n in tree.body if isinstance(n, ast.ClassDef))]
    return [node for body in holders for node in body if isinstance(node, Function)]


def assignment(solution: Path, points: float) -> nbformat.NotebookNode:
    """A source notebook for nbgrader.

    Args:
        solution: a notebook of `book/solutions/`.
        points: for each check that passes.
    """
    notebook = nbformat.read(solution, as_version=4)
    cells, asked = [], ""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "solution-only" in tags or cell.source.startswith("<!-- solution -->"):
            continue
        if found := re.match(r"## (\d+\.\d+) ", cell.source):
            asked = found[1]
        if "solution" in tags:
            cell.source = marked(cell.source)
            cell.metadata.pop("tags")
            cell.metadata["nbgrader"] = _nbgrader(f"answer-{_name(asked)}-{cell.id}", solution=True)
        elif cell.source.startswith("checks.check_"):
            cell.source = (
                f"outcome = {cell.source}\ndisplay(outcome)\nassert outcome, outcome.message"
            )
            cell.metadata["nbgrader"] = _nbgrader(f"check-{_name(asked)}", points=points)
        cells.append(cell)
    notebook.cells = cells
    return notebook


def _name(number: str) -> str:
    return number.replace(".", "-")


def _nbgrader(name: str, *, solution: bool = False, points: float = 0) -> dict[str, Any]:
    """A cell's entry, as nbgrader 0.9 writes it (its schema, version 3)."""
    kind = {"grade": not solution, "locked": not solution, "solution": solution, "task": False}
    worth = {} if solution else {"points": points}
    return {"schema_version": 3, "grade_id": name, **kind, **worth}


def main() -> int:
    """Read the command line, and write a course folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the course's folder")
    parser.add_argument("--chapter", type=int, action="append", help="left out: every chapter")
    parser.add_argument("--points", type=float, default=2, help="for each check that passes")
    options = parser.parse_args()
    made = 0
    for path in sorted((ROOT / "book" / "solutions").glob("*.ipynb")):
        chapter = path.name[:2]
        if options.chapter and int(chapter) not in options.chapter:
            continue
        target = options.out / "source" / f"chapter-{chapter}" / f"{chapter}-exercises.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(path, options.points), target)
        print(target)
        made += 1
    if not made:
        sys.exit("No chapter with this number has checked exercises.")
    config = options.out / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
