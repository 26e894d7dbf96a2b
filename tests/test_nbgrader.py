"""The notebooks for nbgrader: what it cuts out is the solution, and each check has its points.

nbgrader is not among the pinned requirements: `book/teach/room.md` says with which version the
export was tried.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from gan_lessons import checks

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tools import exercises, nbgrader  # noqa: E402

SOLUTIONS = sorted((ROOT / "book" / "solutions").glob("*.ipynb"))


def cut(source):
    """As nbgrader's ClearSolutions does it: the stub in place of what stands between the marks."""
    between = rf"( *){re.escape(nbgrader.BEGIN)}\n.*?{re.escape(nbgrader.END)}"
    return re.sub(between, rf"\1{exercises.STUB}", source, flags=re.S)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_nothing_of_a_solution_is_left_outside_the_marks(path):
    told = [c for c in nbformat.read(path, 4).cells if "solution" in c.metadata.get("tags", [])]
    assert told
    for cell in told:
        marked = nbgrader.marked(cell.source)
        assert ast.dump(ast.parse(marked)) == ast.dump(ast.parse(cell.source))
        assert ast.dump(ast.parse(cut(marked))) == ast.dump(ast.parse(exercises.stub(cell.source)))


def test_every_check_has_points_and_every_cell_a_name_of_its_own():
    graded = []
    for path in SOLUTIONS:
        notebook = nbgrader.assignment(path, 2)
        nbformat.validate(notebook)
        entries = [c.metadata["nbgrader"] for c in notebook.cells if "nbgrader" in c.metadata]
        names = [entry["grade_id"] for entry in entries]
        assert len(names) == len(set(names))
        for entry in entries:
            assert entry["grade"] == entry["locked"] != entry["solution"]
        graded += [e["grade_id"] for e in entries if e["grade"] and e["points"] == 2]
        text = "".join(c.source for c in notebook.cells)
        assert "<!-- solution -->" not in text
    assert sorted(graded) == sorted(f"check-{n.replace('.', '-')}" for n in checks.EXERCISES)


def test_a_folder_for_nbgrader_keeps_settings_that_are_there(tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "nbgrader.py"), "--out", str(tmp_path)]
    (tmp_path / "nbgrader_config.py").write_text("mine", "utf-8")
    subprocess.run([*command, "--chapter", "12"], check=True, capture_output=True)
    made = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    assert made == ["nbgrader_config.py", "source/chapter-12/12-exercises.ipynb"]
    assert (tmp_path / "nbgrader_config.py").read_text("utf-8") == "mine"
    none = subprocess.run([*command, "--chapter", "99"], capture_output=True, text=True)
    assert none.returncode == 1 and none.stderr.strip().startswith("No chapter with this number")
