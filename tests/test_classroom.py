"""`gan-lessons report`: a class's files in one table; nothing in them is believed."""

import json

import pytest

from gan_lessons import cli
from gan_lessons.checks import classroom, record
from gan_lessons.errors import InputError


def report(name="Ada", **exercises):
    listed = [
        {"exercise": number.replace("_", ".")[1:], "title": "x", "passed": passed, "tries": tries,
         "kinds": kinds}
        for number, (passed, tries, kinds) in exercises.items()
    ]  # fmt: skip
    return {"format": record.FORMAT, "version": 1, "name": name, "exercises": listed}


def save(folder, file, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, "utf-8")


def test_a_class_in_one_table(tmp_path, capsys):
    save(tmp_path, "ada.json", report("Ada", e1_1=(True, 2, ["sign"]), e10_1=(False, 1, ["odds"])))
    save(tmp_path, "ada-later.json", report("Ada", e1_1=(False, 1, ["order"]), e2_1=(True, 1, [])))
    save(tmp_path, "late/bob.json", report("", e1_1=(False, 3, ["sign"]), e2_1=(False, 0, [])))
    found = classroom.read(tmp_path)
    assert list(found.students) == ["Ada", "bob"]
    assert found.exercises == ["1.1", "2.1", "10.1"]
    assert (found.passed("Ada"), found.passed("bob")) == (2, 0)
    assert found.misconceptions()[0] == ("1.1", "sign", 2)

    assert cli.main(["report", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["student", "1.1", "2.1", "10.1", "passed"]
    assert lines[2].split() == ["Ada", "✓", "✓", "✗", "2"]
    assert lines[3].split() == ["bob", "✗", "·", "·", "0"]
    assert "Ada" in (tmp_path / "class.html").read_text("utf-8")


def test_what_a_notebook_saves_can_be_read(tmp_path):
    record.reset()
    record.report("Ada").save(tmp_path / "ada.json")
    assert classroom.read(tmp_path).students["Ada"]["1.1"].passed is False


BROKEN = {
    "text.json": ("no json", "cannot be read as JSON"),
    "list.json": ([1, 2], "no report of this course"),
    "other.json": ({"format": "other"}, "no report of this course"),
    "version.json": (report() | {"version": 9}, "another version"),
    "nameless.json": (report() | {"name": 7}, "is missing"),
    "entries.json": (report() | {"exercises": {}}, "is missing"),
    "entry.json": (report() | {"exercises": ["x"]}, "not as it should be"),
    "number.json": (report(e1_1=("yes", 1, [])), "not as it should be"),
    "path.json": (report(e1_x=(True, 1, [])), "not as it should be"),
    "huge.json": (" " * 300_000, "larger than"),
    "deep.json": ("[" * 50_000, "cannot be read as JSON"),
}


def test_broken_files_are_named_in_one_sentence_and_the_rest_is_shown(tmp_path):
    save(tmp_path, "good.json", report(e1_1=(True, 1, [])))
    for file, (content, _) in BROKEN.items():
        save(tmp_path, file, content)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    found = classroom.read(tmp_path)
    assert list(found.students) == ["Ada"] and len(found.broken) == len(BROKEN) + 1
    for file, (_, sentence) in BROKEN.items():
        (one,) = (line for line in found.broken if line.startswith(f"{file} is left out"))
        assert sentence in one and one.endswith(".")
        assert one in str(found)


def test_hostile_names_are_harmless(tmp_path):
    hostile = "<script>alert(1)</script>\x1b[31m\n" + "x" * 500
    save(tmp_path, "a.json", report(hostile, e1_1=(False, 1, ["<img src=x onerror=alert(1)>"])))
    save(tmp_path, "<b>.json", "broken")
    found = classroom.read(tmp_path)
    page, text = found.as_page(), str(found)
    assert "<script>" not in page and "<img" not in page and "<b>" not in page
    assert "\x1b" not in text and max(map(len, text.splitlines())) < 200
    assert len(next(iter(found.students))) <= classroom.LONGEST


def test_a_folder_without_reports(tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"no \.json files"):
            classroom.read(folder)
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "no .json files" in capsys.readouterr().err
    save(tmp_path, "a.json", report())
    assert cli.main(["report", str(tmp_path), "--out", str(tmp_path / "x.txt")]) == 2
