"""The checks' core: whatever a student hands in, the answer is one friendly sentence."""

import importlib.util
import json
import re
import threading
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import checks
from gan_lessons.checks import guard, outcome, record, values
from gan_lessons.errors import InputError

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _forget():
    record.reset()
    yield
    record.reset()


def double(x):
    return 2 * x


@outcome.check("0.1", "Twice <b>as</b> much")
def check_double(answer):
    x = np.arange(3.0)
    values.recognise(
        values.row(guard.call(answer, x), 3),
        2 * x,
        (x + 2, "adds", "It adds 2.", "first `hint`", "second hint"),
        (True, "other", "Something else.", "one", "two"),
    )
    return "Twice."


TITLE = outcome.EXERCISES.pop("0.1")  # listed while this file is tested, and not for others


@pytest.fixture(autouse=True, scope="module")
def _registered():
    outcome.EXERCISES["0.1"] = TITLE
    yield
    del outcome.EXERCISES["0.1"]


def test_a_right_answer_passes_in_whatever_form():
    for form in (
        lambda x: 2 * x,
        lambda x: (2 * x).reshape(-1, 1),
        lambda x: (2 * x).astype("float32"),
        lambda x: list(2 * x),
        lambda x: tf.constant(2 * x),
        lambda x: tf.Variable(2 * x)[:, None],
        lambda x: keras.ops.convert_to_tensor(2 * x),
        lambda x: keras.Variable(2 * x),
        lambda x: [tf.constant(v) for v in 2 * x],
        lambda x: (2 * v for v in x),
        double,
    ):
        found = check_double(form)
        assert found and found.passed and found.state == "passed" and not found.hint, found


def endless(x):
    while True:
        pass


def stubborn(x):
    for _ in range(3):
        try:
            while True:
                pass
        except:  # noqa: E722
            pass
    while True:
        pass


def recursive(x):
    return recursive(x)


def stub(x):
    raise NotImplementedError("your turn")


def mutating(x):
    x *= 2
    return x


def broken(x):
    return x / undefined  # noqa: F821


def leaving(x):
    raise SystemExit


def printing(x):
    print(2 * x)


STRANGE = {
    "stub": (stub, "raise NotImplementedError"),
    "endless": (endless, "did not come to an end"),
    "endless, catching everything": (stubborn, "so the check stopped it"),
    "recursive": (recursive, "calls itself again and again"),
    "mutated": (mutating, "changes the arrays"),
    "raised": (broken, "NameError"),
    "leaving": (leaving, "SystemExit"),
    "nothing": (printing, "returned nothing"),
    "a text": (lambda x: "6", "should be made of numbers"),
    "a dictionary": (lambda x: {"a": x}, "should be made of numbers"),
    "a function": (lambda x: double, "should be made of numbers"),
    "ragged": (lambda x: [[1], [1, 2]], "should be made of numbers"),
    "complex": (lambda x: x * 1j, "should be made of numbers"),
    "too few": (lambda x: x[:2], "should be 3 numbers"),
    "one number": (lambda x: 2.0, "a single number"),
    "nan": (lambda x: x * np.nan, "NaN"),
    "not a function": (np.ones(3), "needs your function itself"),
    "other arguments": (lambda: 3, "cannot be called with 1 argument"),
    "None": (None, "nothing to check"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_whatever_it_does_the_student_gets_one_sentence(name, monkeypatch):
    if name.startswith("endless"):  # the others get the time they need on a busy machine
        monkeypatch.setattr(guard, "SECONDS", 0.3)
    answer, sentence = STRANGE[name]
    found = check_double(answer)
    assert not found and sentence in found.message, found
    assert found.state == ("not written yet" if found.kind == "stub" else "not yet")
    if found.kind == "stub":
        assert not found.hint
    else:
        assert found.hint and check_double(answer).hint not in ("", found.hint)


def test_an_endless_answer_leaves_no_thread_behind(monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 0.2)
    before = set(threading.enumerate())
    assert check_double(endless).kind == "endless"
    assert not set(threading.enumerate()) - before


def test_a_busy_machine_is_waited_for(monkeypatch):
    import itertools
    import types

    monkeypatch.setattr(guard, "SECONDS", 0.2)
    go = threading.Event()
    for each_look, waited in ((0.0, 0.6), (0.05, 0.4), (1.0, 0.2)):  # CPU seconds that we got
        used = itertools.count(0, each_look)
        clock = types.SimpleNamespace(process_time=lambda used=used: next(used))
        monkeypatch.setattr(guard, "time", clock)
        said = check_double(lambda x: go.wait(60)).message
        assert f"within {waited:g} seconds" in said
    monkeypatch.setattr(guard.time, "process_time", lambda: 0.0)
    late = threading.Timer(0.3, go.set)
    go.clear()
    late.start()
    assert check_double(lambda x: (go.wait(60), 2 * x)[1])


def test_what_cannot_be_stopped_is_said(monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 0.1)
    go = threading.Event()  # whoever waits for it hears nothing, however slow the machine is
    try:
        assert "restart the kernel" in check_double(lambda x: go.wait(60)).message
    finally:
        go.set()


def test_the_line_that_raised_is_named():
    assert "at the line `return x / undefined" in check_double(broken).message


def test_errors_that_say_little_have_hints_of_their_own():
    def cut(x):
        w = keras.Variable(x)
        keras.optimizers.SGD().apply_gradients([(None, w)])

    def unbound(x):
        x = y  # noqa: F821, F841
        y = 2  # noqa: F841

    assert check_double(broken).hint.startswith("Is it misspelt, is `self.` missing")
    assert "the learner's weights?" in check_double(cut).hint
    assert check_double(cut).hint.startswith("A NumPy function")
    assert check_double(unbound).hint.startswith("Call it yourself")


def test_a_failure_inside_a_library_is_no_stub():
    def through_keras(x):
        return keras.layers.Layer().compute_output_shape((1, 2))

    found = check_double(through_keras)
    assert found.kind == "raised" and "through_keras" in found.message


def test_the_first_hint_then_the_second_and_each_kind_has_its_own():
    adds, other = (lambda x: x + 2), (lambda x: x - 1)
    assert check_double(adds).hint == "first `hint`"
    assert check_double(other).hint == "one"
    assert check_double(adds).hint == "second hint"
    assert check_double(adds).hint == "second hint"


def test_what_an_outcome_looks_like():
    found = check_double(lambda x: x + 2)
    assert repr(found).splitlines() == [
        "✗ 0.1 Twice <b>as</b> much: not yet.", "    It adds 2.", "    Hint: first `hint`",
    ]  # fmt: skip
    page = found._repr_html_()
    assert "Twice &lt;b&gt;as" in page and "<code>hint</code>" in page
    assert 'role="status"' in page and "color:#" not in page.replace("border", "")

    def hostile(x):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in check_double(hostile)._repr_html_()


def test_a_report_counts_tries_and_names_misconceptions(tmp_path):
    check_double(stub)
    check_double(lambda x: x + 2)
    check_double(double)
    found = checks.report("Ada <b>")
    line = next(line for line in found.lines if line.exercise == "0.1")
    assert (line.passed, line.tries, line.kinds) == (True, 2, ("adds",))
    assert found.passed == 1 and "1 of 1 exercises" in repr(found)
    assert "Ada &lt;b&gt;" in found.as_page() and "<b>as" not in found.as_page()
    assert list(tmp_path.iterdir()) == []

    saved = json.loads(found.save(tmp_path / "ada.json").read_text("utf-8"))
    assert saved["name"] == "Ada <b>" and saved["passed"] == 1
    assert [e["exercise"] for e in saved["exercises"]] == ["0.1"]
    assert found.save(tmp_path / "ada.html").read_text("utf-8").startswith("<!doctype html>")
    for bad in (tmp_path / "ada.txt", tmp_path / "nowhere" / "ada.json"):
        with pytest.raises(InputError, match="cannot be written"):
            found.save(bad)


def test_without_a_try_the_report_lists_every_exercise_in_order():
    listed = [line.exercise for line in checks.report().lines]
    assert set(listed) == set(outcome.EXERCISES)
    assert listed == sorted(listed, key=lambda e: [int(n) for n in e.split(".")])


def test_passed_says_whether():
    assert not checks.passed("0.1")
    check_double(double)
    assert checks.passed("0.1")
    with pytest.raises(InputError, match="There is no check for"):
        checks.passed("9.99")


def test_importing_the_checks_is_light():
    import subprocess
    import sys

    code = "import sys, gan_lessons.checks; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_every_part_of_the_package_is_packed():
    import tomllib

    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    folders = {p.parent.name for p in (ROOT / "gan_lessons").glob("*/__init__.py")}
    assert {f"gan_lessons.{name}" for name in folders} <= set(packed["packages"])


def test_the_page_of_exercises_lists_each_check_and_nothing_else():
    page = (ROOT / "book" / "exercises.md").read_text("utf-8")
    listed = re.findall(r"^- \*\*([\d.]+)\*\* (.+?) \(\d+ minutes", page, re.M)
    assert dict(listed) == {n: t for n, t in outcome.EXERCISES.items() if n != "0.1"}
    for folder in ("exercises", "solutions"):
        paths = list((ROOT / "book" / folder).glob("*.ipynb"))
        assert paths
        for path in paths:
            assert f"<{folder}/{path.name}>" in page


# ------------------------------------------------------------------ exercises from solutions

spec = importlib.util.spec_from_file_location("exercises", ROOT / "tools" / "exercises.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def test_a_stub_keeps_heads_and_docstrings_and_nothing_else():
    source = '''# how it works
@decorated
def f(x, y=(1, 2)):
    """Say
    what."""
    return x + y  # secret

class A(B):
    """A game."""

    secret = 3

    def g(self):
        # secret
        return [secret for _ in range(3)]
'''
    assert (
        tool.stub(source)
        == '''@decorated
def f(x, y=(1, 2)):
    """Say
    what."""
    raise NotImplementedError("your turn")

class A(B):
    """A game."""

    def g(self):
        raise NotImplementedError("your turn")'''
    )
    with pytest.raises(ValueError, match="functions and classes only, not: answer = 42"):
        tool.stub("answer = 42")


def test_the_exercises_are_made_from_the_solutions():
    """No drift: `python tools/exercises.py` puts it right."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "exercises.py"), "--check"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
