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


PAGE = (
    '<div class="cell docutils"><div class="cell_output"><p>{loss}</p></div></div>'
    '<div class="cell tag_{tag} docutils"><div class="cell_input"><p>{code}</p></div>'
    '<div class="cell_output"><p>{rounds} rounds</p><img src="../_parts/{picture}.png"></div></div>'
)


@pytest.mark.parametrize("tag", ["clock", "rounding"])
def test_what_a_tagged_cell_puts_out_may_differ_and_its_code_may_not(tool, tmp_path, tag):
    def prints(folder, picture, **words):
        words["tag"] = tag
        (tmp_path / folder / "_parts").mkdir(parents=True)
        (tmp_path / folder / "_parts" / f"{picture}.png").write_bytes(picture.encode())
        (tmp_path / folder / "a.html").write_text(PAGE.format(picture=picture, **words), "utf-8")
        return tool.prints(tmp_path / folder, True)

    one = prints("one", "aa", loss=1, code="x", rounds=180)
    assert tool.differing(one, prints("two", "bb", loss=1, code="x", rounds=190)) == []
    assert tool.differing(one, prints("three", "aa", loss=2, code="x", rounds=180)) == ["a.html"]
    assert tool.differing(one, prints("four", "aa", loss=1, code="y", rounds=180)) == ["a.html"]
    assert "_parts/aa.png" in tool.prints(tmp_path / "one", False)


def test_only_numbers_of_the_search_index_may_differ(tool, tmp_path):
    def prints(folder, words):
        (tmp_path / folder).mkdir()
        text = "Search.setIndex(" + tool.json.dumps({"terms": words}) + ")"
        (tmp_path / folder / "searchindex.js").write_text(text, "utf-8")
        return tool.prints(tmp_path / folder, True)

    one = prints("one", {"frog": 1, "180": 5, "": 2})
    assert tool.differing(one, prints("two", {"190": 5, "frog": 1, "": 2})) == []
    assert tool.differing(one, prints("three", {"frog": 2, "": 2})) == ["searchindex.js"]
