"""The parts of the checks' core one by one: limits, kinds, and what is said."""

import dataclasses
import datetime
import sys
import threading
from collections import Counter

import numpy as np
import pytest

from gan_lessons import checks
from gan_lessons.checks import guard, outcome, record, values
from gan_lessons.checks.outcome import Outcome, Wrong
from gan_lessons.errors import InputError


@pytest.fixture(autouse=True)
def _forget():
    record.reset()
    yield
    record.reset()


def kind(function, *arguments):
    """What kind of mistake is raised; None when none is."""
    try:
        function(*arguments)
    except Wrong as wrong:
        return wrong.kind
    return None


# ------------------------------------------------------------------ values


def test_numbers_from_whatever_holds_them():
    class Torch:
        def detach(self):
            return np.array([1.0, 2.0])

    for value in ([1, 2], (x for x in (1, 2)), map(int, "12"), filter(None, (1, 2)), Torch()):
        np.testing.assert_array_equal(values.array(value), [1.0, 2.0])
    assert [p for (p,) in values.array(zip([1, 2], strict=True))] == [1.0, 2.0]
    assert values.array(np.float32(1)).dtype == np.float64
    for value in (True, 1, np.uint8(1), 1.0):
        assert values.array(value) == 1.0
    assert kind(values.array, None) == "nothing"
    assert kind(values.array, "6") == kind(values.array, ["a"]) == kind(values.array, 1j) == "type"


def test_shapes_that_pass_and_shapes_that_do_not():
    for one in (0.5, [0.5], np.full((1, 1), 0.5)):
        assert values.number(one) == 0.5
    assert kind(values.number, [1, 2]) == "shape" and kind(values.number, []) == "shape"
    assert kind(values.number, np.inf) == kind(values.row, [np.nan, 1], 2) == "not finite"
    for three in ([1, 2, 3], [[1, 2, 3]], [[1], [2], [3]]):
        np.testing.assert_array_equal(values.row(three, 3), [1, 2, 3])
    assert kind(values.row, np.ones((2, 3)), 6) == "shape"
    assert kind(values.row, [1, 2], 3) == kind(values.row, 1.0, 1) == "shape"
    assert values.table(np.ones((2, 3)), (2, 3)).shape == (2, 3)
    assert kind(values.table, np.ones((3, 2)), (2, 3)) == "shape"
    with pytest.raises(Wrong, match=r"The loss should be one number, and it is an array of shape"):
        values.number([1, 2], "The loss")
    with pytest.raises(Wrong, match="it is a single number"):
        values.row(1.0, 3)


def test_several_things_from_a_tuple_a_dictionary_or_an_array():
    assert values.several((1, 2), 2, "a and b") == [1, 2]
    assert values.several({"a": 1, "b": 2}, 2, "a and b") == [1, 2]
    assert list(values.several(np.array([1, 2]), 2, "a and b")) == [1, 2]
    assert kind(values.several, (1, 2, 3), 2, "a and b") == "type"
    assert kind(values.several, "ab", 2, "a and b") == kind(values.several, 3, 2, "a") == "type"
    assert kind(values.several, 3, 0, "nothing") is None
    assert kind(values.several, None, 2, "a and b") == "nothing"


def test_close_forgives_rounding_and_no_more():
    assert values.close(1.0, 1.0019) and not values.close(1.0, 1.0025)
    assert values.close(0.0, 0.9e-5) and not values.close(0.0, 1.1e-5)
    assert not values.close([1.0, 1.0], 1.0) and values.close([1, 2], [1.0, 2.0])


def test_the_first_mistake_that_fits_is_named():
    mistakes = [(3.0, "first", "m", "h"), (True, "last", "m", "h")]
    for test in (values.recognise, values.exact):
        assert kind(test, 2.0, 2.0, *mistakes) is None
        assert kind(test, 3.0, 2.0, *mistakes) == "first"
        assert kind(test, 7.0, 2.0, *mistakes) == "last"
        assert kind(test, 7.0, 2.0, mistakes[0]) is None
    assert kind(values.exact, 2.4, 2.0, *mistakes) is None
    assert kind(values.exact, 2.5, 2.0, mistakes[1]) == "last"
    assert kind(values.exact, 3.4, 2.0, *mistakes) == "first"
    assert kind(values.exact, 3.5, 2.0, *mistakes) == "last"
    assert kind(values.exact, 1_000_001.0, 1_000_000.0, *mistakes) == "last"


# ------------------------------------------------------------------ outcomes


def test_each_state_has_its_mark_and_colour():
    for state, passed, what, mark, colour in (
        ("passed", True, "", "✓", "#2f855a"),
        ("not yet", False, "type", "✗", "#b7791f"),
        ("not written yet", False, outcome.STUB, "○", "#718096"),
    ):
        found = Outcome("0.2", "Title", passed, "", kind=what)
        assert (found.state, bool(found)) == (state, passed)
        assert repr(found) == f"{mark} 0.2 Title: {state}."
        assert colour in found._repr_html_() and "Hint" not in found._repr_html_()
    hinted = Outcome("0.2", "Title", False, "Why.", "Look.", "type")
    assert repr(hinted) == "✗ 0.2 Title: not yet.\n    Why.\n    Hint: Look."
    assert "<strong>Hint.</strong> Look.</p></div>" in hinted._repr_html_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        hinted.passed = True


def test_hints_one_after_the_other_and_none_where_there_is_none():
    wrong = Wrong("k", "m", "one", "two")
    assert [record.next_hint("0.2", wrong) for _ in range(4)] == ["one", "two", "two", "two"]
    assert record.next_hint("0.3", wrong) == "one"
    three = Wrong("three", "m", "one", "two", "three")
    assert [record.next_hint("0.2", three) for _ in range(4)] == ["one", "two", "three", "three"]
    assert record.next_hint("0.2", Wrong("other", "m", "one")) == "one"
    assert record.next_hint("0.2", Wrong("none", "m")) == ""
    record.reset()
    assert record.next_hint("0.2", wrong) == "one"


# ------------------------------------------------------------------ reports


@pytest.fixture
def exercises(monkeypatch):
    monkeypatch.setattr(record, "EXERCISES", {"7.10": "Tenth", "7.2": "Second <i>", "8.1": "Other"})


def tried(exercise, passed=False, what="type"):
    record.keep(Outcome(exercise, "t", passed, "m", kind="" if passed else what))


def test_a_report_lists_the_chapter_that_was_tried(exercises, tmp_path):
    assert [line.exercise for line in checks.report().lines] == ["7.2", "7.10", "8.1"]
    for what in ("type", "shape", "type", outcome.STUB):
        tried("7.2", what=what)
    tried("7.2", passed=True)
    tried("7.10")
    found = checks.report("Ada")
    assert [dataclasses.astuple(line) for line in found.lines] == [
        ("7.2", "Second <i>", True, 4, ("type", "shape")), ("7.10", "Tenth", False, 1, ("type",)),
    ]  # fmt: skip
    said = repr(found).splitlines()
    assert said[0] == f"Ada: 1 of 2 exercises passed ({found.made})"
    assert said[1:] == [
        "  7.2  passed   4 tries   Second <i>", "  7.10 not yet  1 try     Tenth",
    ]  # fmt: skip
    made = datetime.datetime.fromisoformat(found.made)
    assert made.utcoffset() == datetime.timedelta(0) and made.microsecond == 0
    assert abs((datetime.datetime.now(datetime.UTC) - made).total_seconds()) < 60

    kept = found.as_dict()
    assert list(kept) == ["format", "version", "package", "name", "made", "passed", "exercises"]
    assert (kept["format"], kept["version"]) == ("gan-lessons-progress", 1)
    assert kept["exercises"][0] == {
        "exercise": "7.2", "title": "Second <i>", "passed": True, "tries": 4,
        "kinds": ["type", "shape"],
    }  # fmt: skip
    assert found.as_json().endswith("}\n") and '\n  "name": "Ada"' in found.as_json()
    accented = checks.report("Zoë").save(tmp_path / "zoe.JSON")
    assert "Zoë" in accented.read_text("utf-8")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "Bob"
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.lines[0].passed = False


def test_a_name_that_no_file_can_hold_is_kept_as_far_as_it_goes(exercises, tmp_path):
    tried("7.2")
    half = "Ada \ud83d"  # one half of a pair, as a broken form sends it
    for name in ("a.json", "a.html"):
        assert "Ada ?" in checks.report(half).save(tmp_path / name).read_text("utf-8")


def test_a_report_of_untried_exercises(exercises):
    tried("7.10")
    found = checks.report()
    assert repr(found).splitlines()[1:] == ["  7.10 not yet  1 try     Tenth"]
    assert repr(found).startswith("0 of 2 exercises passed (")
    page = found.as_page()
    second, tenth = page.split("<tr>")[-2:]
    assert "<title>Exercises</title>" in page
    assert ">not tried<" in second and ">✗ not yet<" in tenth
    assert all(f">{head}</th>" in page for head in ("exercise", "state", "tries"))
    assert "Second &lt;i&gt;" in page and ">–</td>" in page and ">1</td>" in page
    tried("7.10", passed=True)
    assert "✓ passed" in checks.report().as_page()
    tried("7.2", what=outcome.STUB)
    assert [line.tries for line in checks.report().lines] == [0, 2]


def test_passed_needs_a_passing_answer_to_this_exercise(exercises):
    tried("7.10", passed=True)
    assert checks.passed("7.10") and not checks.passed("7.2")
    tried("7.2")
    assert not checks.passed("7.2")
    record.reset()
    assert not checks.passed("7.10")
    with pytest.raises(InputError, match=r"no check for '9': choose 7.10, 7.2, 8.1"):
        checks.passed("9")


# ------------------------------------------------------------------ the guard


def test_a_call_gets_copies_and_gives_the_value_back():
    given = {"a": [np.zeros(2), 1], "b": (np.ones(1),)}
    got = guard.call(lambda x: x, given)
    assert got is not given and got["a"][0] is not given["a"][0]
    marker = object()
    assert guard.call(lambda x: x, marker) is marker
    assert guard.call(lambda x: np.isnan(x).sum(), np.array([np.nan, 1.0])) == 1
    assert guard.call(lambda x: x[0], np.array(["a", "b"])) == "a"
    nan = [np.float64("nan"), float("nan"), np.float32("nan"), 2]
    assert guard.call(len, nan) == 4


def put(x, value):
    x[0] = value


@pytest.mark.parametrize(
    ("function", "given"),
    [(lambda x: put(x, 5), np.zeros(2)), (lambda x: put(x, 5), [1, 2]),
     (lambda x: x.append(3), [1, 2]), (lambda x: x.pop("a"), {"a": 1}),
     (lambda x: put(x["a"], 5), {"a": np.zeros(1), "b": 2}),
     (lambda x: put(x["b"], 5), {"a": 2, "b": np.zeros(1)}),
     (lambda x: put(x[0], 5), ([0], 2)), (lambda x: put(x[1], 5), (2, [0])),
     (lambda x: put(x, 5), np.zeros(2, int)), (lambda x: put(x, 5), [np.float32(1)]),
     (lambda x: put(x, np.ones(2)), [1]), (lambda x: put(x, 5), [np.nan]),
     (lambda x: put(x, 5.0), [float("nan")]), (lambda x: put(x, float("nan")), [5.0])],
)  # fmt: skip
def test_what_a_function_changes_is_noticed(function, given):
    assert kind(guard.call, function, given) == "mutated"


def test_a_second_argument_that_is_changed():
    assert kind(guard.call, lambda x, y: put(y, 5), np.zeros(1), np.zeros(1)) == "mutated"


def test_how_many_arguments_are_said():
    for given, said in (((), "no arguments"), ((1,), "1 argument"), ((1, 2), "2 arguments")):
        with pytest.raises(Wrong, match=rf"`f\(a, b, c\)` cannot be called with {said}\."):
            guard.call(lambda a, b, c: 0, *given, name="f")
    assert kind(guard.call, lambda a, b, c: 0, 1) == "signature"
    assert guard.call(max, 1, 2) == 2  # a compiled function tells no signature


def test_names_of_what_is_called():
    class Model:
        def __call__(self):
            return 1

    assert guard.callable_name(Model()) == "Model" and guard.callable_name(put) == "put"
    for nothing in (None, ..., NotImplemented):
        assert kind(guard.callable_name, nothing) == outcome.STUB
    assert kind(guard.callable_name, 3) == "not callable"
    with pytest.raises(Wrong, match="`other` raised"):
        guard.call(lambda: 1 / 0, name="other")


def test_what_is_raised_is_said_in_one_line():
    def long():
        raise ValueError("x" * 300 + "\nend")

    def wrong():
        raise Wrong("mine", "as it is")

    def bare():
        raise KeyError

    def deeper():
        return deeper()

    with pytest.raises(Wrong) as caught:
        guard.call(long)
    assert ": " + "x" * 159 + "…," in caught.value.message and "\n" not in caught.value.message
    assert caught.value.kind == "raised" and len(caught.value.hints) == 2
    assert kind(guard.call, wrong) == "mine" and kind(guard.call, deeper) == "endless"
    with pytest.raises(Wrong, match=r"raised KeyError, at the line `raise KeyError`\.$"):
        guard.call(bare)
    assert guard._short("x" * 160) == "x" * 160 and guard._short("abcd", 3) == "ab…"


def test_the_line_named_is_the_readers_own():
    def inside_numpy():
        return np.linalg.inv(np.zeros((2, 3)))

    def inside_the_package():
        return checks.passed("9.99")

    for function, line in (
        (inside_numpy, "return np.linalg.inv(np.zeros((2, 3)))"),
        (inside_the_package, 'return checks.passed("9.99")'),
    ):
        with pytest.raises(Wrong) as caught:
            guard.call(function)
        assert caught.value.message.endswith(f", at the line `{line}`.")


def test_how_a_value_is_described():
    class Shy:
        def __repr__(self):
            raise ValueError

    assert guard.describe(None) == "None"
    assert guard.describe(np.zeros((2, 3))) == "an array of shape (2, 3)"
    assert guard.describe(np.float64(2)).startswith("float64 ")
    assert guard.describe(6) == "int 6"
    assert guard.describe(Shy()) == "Shy something that cannot be printed"


def test_an_answer_runs_in_a_thread_that_does_not_hold_python_back():
    assert guard.SECONDS >= 1
    thread = guard.call(threading.current_thread)
    assert thread.daemon and thread is not threading.main_thread()


@pytest.fixture
def unheard(monkeypatch):
    """What a thread did not catch."""
    seen = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    return seen


@pytest.mark.parametrize(
    ("ends", "lines", "what"), [(lambda: 5, 1, None), (lambda: 1 / 0, 3, "raised")]
)
def test_a_stop_that_comes_late_is_swallowed_wherever_it_comes(ends, lines, what, unheard):
    """Raise it at each line that the thread still has when the answer has ended, in turn."""
    raised = []

    def stopped(line):
        """An answer whose thread is stopped so many lines after its end."""

        def answer():
            around = sys._getframe(1)
            passed = iter(range(line))

            def trace(frame, event, argument):
                if frame is around and event == "line" and next(passed, None) is None:
                    sys.settrace(None)
                    raised.append(line)
                    raise guard._TimeIsUp
                return trace if frame is around else None

            around.f_trace = trace
            sys.settrace(trace)
            return ends()

        return answer

    for line in range(6):
        assert kind(guard.call, stopped(line)) == what
    assert len(raised) >= lines and raised == list(range(len(raised))) and not unheard


def test_nothing_is_sent_to_a_thread_whose_answer_has_ended(unheard):
    go, box, sending = threading.Event(), {}, threading.Lock()
    thread = threading.Thread(target=go.wait, args=(30,), daemon=True)
    thread.start()
    box["value"] = 5
    assert not guard._stop(thread, box, sending)
    go.set()
    thread.join(30)
    assert not unheard
    assert guard._stop(thread, {}, sending)


def test_every_exercise_and_its_title_are_registered():
    assert all(n.count(".") == 1 and t for n, t in outcome.EXERCISES.items())
    assert Counter(outcome.EXERCISES.values()).most_common(1)[0][1] == 1
    assert checks.check_losses.exercise in checks.EXERCISES
