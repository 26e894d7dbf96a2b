"""Two builds are compared file by file."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("twice", ROOT / "tools" / "twice.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def pair(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.html").write_text("a picture")
    (tmp_path / "one" / "a.html").write_text("<f at 0x7f00aa11bb22> took 1.2 s, loss 0.5")
    (tmp_path / "two" / "a.html").write_text("<f at 0x7f99aa11bb22> took 3.4 s, loss 0.5")
    return tmp_path / "one", tmp_path / "two"


def test_what_differs_is_named(tool, pair):
    one, two = (tool.prints(folder, False) for folder in pair)
    assert tool.differing(one, two) == ["a.html"]
    (pair[1] / "more.png").write_bytes(b"1")
    assert tool.differing(one, tool.prints(pair[1], False)) == ["a.html", "more.png"]


def test_times_and_places_in_memory_may_differ_and_numbers_may_not(tool, pair):
    one, two = (tool.prints(folder, True) for folder in pair)
    assert tool.differing(one, two) == []
    (pair[1] / "a.html").write_text("<f at 0x7f99aa11bb22> took 3.4 s, loss 0.6")
    assert tool.differing(one, tool.prints(pair[1], True)) == ["a.html"]
