"""Every notebook: tidy, and it runs from top to bottom (nbval, in quick mode)."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("notebooks", ROOT / "tools" / "notebooks.py")
tools = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tools)
NOTEBOOKS = tools.notebooks()
CHAPTERS = [path for path in NOTEBOOKS if path.parent.name == "book"]
EXERCISES = [path for path in NOTEBOOKS if path.parent.name == "exercises"]
SOLUTIONS = [path for path in NOTEBOOKS if path.parent.name == "solutions"]
label = lambda path: path.stem if path in CHAPTERS else f"{path.parent.name}-{path.stem[:2]}"
names = pytest.mark.parametrize("path", NOTEBOOKS, ids=label)
run = pytest.mark.parametrize("path", CHAPTERS + SOLUTIONS, ids=label)


def test_there_are_notebooks_and_the_toc_names_each():
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    assert CHAPTERS and len(CHAPTERS + EXERCISES + SOLUTIONS) == len(NOTEBOOKS)
    for path in CHAPTERS:
        assert str(path.relative_to(ROOT).with_suffix("")) in toc


@names
def test_tidy(path):
    """One set-up cell, no outputs, stable ids: `make notebooks` puts it right."""
    assert path.read_text("utf-8") == tools.tidy(path, tools.setup_cell())


@names
def test_the_text_is_plain_markdown(path):
    """What Colab would not show: MyST directives and roles."""
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"^:::|^```\{|\{[a-z:-]+\}`", cell.source, re.M), cell.source[:80]


@names
def test_code_cells_are_short(path):
    for i, cell in enumerate(nbformat.read(path, 4).cells):
        if cell.cell_type == "code" and i > 1:
            assert len(cell.source.splitlines()) <= 18, cell.source


FOLDED = {"hide-input", "hide-cell", "remove-input"}
WIDTH = 92  # a laptop's page shows 94 characters


@pytest.mark.parametrize("path", CHAPTERS, ids=label)
def test_a_laptop_shows_every_line_of_code_whole(path):
    """The page cuts a longer one off, and the reader must scroll."""
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            shown = "\n".join(re.findall(r"^ *```.*?^ *```", cell.source, re.M | re.S))
        else:
            shown = "" if FOLDED & {*cell.metadata.get("tags", [])} else cell.source
        assert max(map(len, shown.splitlines()), default=0) <= WIDTH, shown


@names
def test_every_link_to_another_page_is_there(path):
    text = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
    for target in re.findall(r"\]\(([\w./-]+\.(?:md|ipynb))", text):
        assert (path.parent / target).exists(), target


@run
def test_it_runs(path, play):
    """A failing cell or assertion fails it: nbval, in quick mode."""
    played = play(path)
    assert played.passed, played.said


STUDENT = """
import sys
from IPython.core.interactiveshell import InteractiveShell
import nbformat
import gan_lessons.checks as checks
shell = InteractiveShell.instance()
for path in sys.argv[1:]:
    shell.reset()
    checks.reset()
    asked = 0
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            result = shell.run_cell(cell.source)
            result.raise_error()
            if isinstance(result.result, checks.Outcome):
                assert result.result.state == "not written yet", (path, result.result)
                asked += 1
    assert asked >= 3, path
"""


def test_exercises_run_from_top_to_bottom_with_nothing_written():
    """All in one process: a notebook for each would take longer than the cells do."""
    environment = os.environ | {"GAN_LESSONS_QUICK": "1", "GAN_LESSONS_DATA": "sketch"}
    done = subprocess.run(
        [sys.executable, "-c", STUDENT, *map(str, EXERCISES)],
        capture_output=True, text=True, env=environment, cwd=EXERCISES[0].parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "not written yet" in done.stdout


def test_a_failing_cell_fails_nbval(tmp_path, play):
    """The check itself: it must be able to fail."""
    cells = map(nbformat.v4.new_code_cell, ["print(1)", "assert 1 == 2"])
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    played = play(tmp_path / "bad.ipynb")
    assert not played.passed
    assert "1 failed, 1 passed" in played.said
    shown = nbformat.read(played.copy, 4).cells
    assert shown[0].outputs[0].text == "1\n"
    assert shown[1].outputs[0].ename == "AssertionError"


def test_the_set_up_cell_without_an_address(tmp_path):
    """Where the package is missing and the repository is still a placeholder: one sentence."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", tools.setup_cell()],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Set REPOSITORY to the address of the course's repository, then run this again."
    )


def test_the_set_up_cell_is_silent_where_the_package_is_installed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", tools.setup_cell()], capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_publish_to_names_the_repository_everywhere(tmp_path):
    import shutil

    from gan_lessons.errors import InputError
    from gan_lessons.publish import publish_to

    for name in ("_config.yml", "README.md", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "book", tmp_path / "book")
    url = "https://example.org/somebody/forgers"
    changed = publish_to(url + ".git", tmp_path)
    assert tmp_path / "_config.yml" in changed
    assert "OWNER" not in (tmp_path / "_config.yml").read_text("utf-8")
    setup = tools.setup_cell(tmp_path)
    for path in tools.notebooks(tmp_path):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        first = next(c for c in cells if c["cell_type"] == "code")
        assert "".join(first["source"]) == setup and url in setup
    for wrong in ("nonsense", "http://x.y/z", "https://example.org/only"):
        with pytest.raises(InputError, match="not the address"):
            publish_to(wrong, tmp_path)
    with pytest.raises(InputError, match=r"no _config\.yml"):
        publish_to(url, tmp_path / "book")
