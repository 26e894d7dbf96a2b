"""The page of benchmarks says what the result files say."""

import json
import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def tables():
    return runpy.run_path(str(FOLDER / "table.py"))


def test_the_page_is_current(tables):
    assert tables["page"]() == (FOLDER / "README.md").read_text("utf-8")


def test_a_changed_result_is_noticed(tables, tmp_path, monkeypatch):
    found = json.loads((FOLDER / "frogs" / "evaluate.json").read_text("utf-8"))
    before = tables["frogs"](found)
    found["recall"] += 0.01
    assert tables["frogs"](found) != before
    stale = tmp_path / "README.md"
    stale.write_text("# What was measured\n", "utf-8")
    main = tables["main"]
    monkeypatch.setitem(main.__globals__, "PAGE", stale)
    monkeypatch.setattr(sys, "argv", ["table.py", "--check"])
    with pytest.raises(SystemExit, match="run python benchmarks/table"):
        main()


def test_every_result_file_has_its_place(tables):
    placed = {path for _, path, _ in tables["SECTIONS"]}
    kept = set(FOLDER.glob("*/*.json")) | set(
        (FOLDER.parent / "gan_lessons" / "measured").glob("*.json")
    )
    assert kept and kept <= placed
