"""Run a student's function so that whatever it does ends in one friendly sentence.

The function runs in a thread of its own, since that is the one way to limit its time that works
in Jupyter on every system: an alarm signal does not exist on Windows and reaches the main thread
only, and a process of its own would not know the functions of a notebook. A thread cannot be
killed from outside, but Python can be asked to raise an exception in it
(``PyThreadState_SetAsyncExc``), which stops a loop that is written in Python. What waits inside
compiled code, or catches every exception, goes on in the background; then the student is told to
restart the kernel.
"""

from __future__ import annotations

import contextvars
import copy
import ctypes
import inspect
import linecache
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons.checks.outcome import STUB, Wrong

SECONDS = 20.0  # generous: the first call of TensorFlow is slow
PATIENCE = 3  # so many times as long where the processor, busy with other things, gave us no half
_PACKAGE = str(Path(__file__).parents[1])


class _TimeIsUp(BaseException):
    """Raised inside a function that takes too long."""


def call(function: Any, *arguments: Any, name: str = "") -> Any:
    """Call a student's function on copies of the arguments.

    Args:
        function: what the student handed in.
        name: how to speak of it, when not by its own name.
        arguments: numbers, arrays, and lists, tuples and dictionaries of them are copied and
            compared afterwards; everything else is passed as it is.

    Returns:
        What it returned, whatever that is.

    Raises:
        Wrong: when it is no function, takes other arguments, is still the stub, raises, does not
            end, or changes what it was given.
    """
    name = name or callable_name(function)
    _fits(function, name, arguments)
    given = [_copy(a) for a in arguments]
    value = _run(function, name, given)
    if not all(_same(a, b) for a, b in zip(arguments, given, strict=True)):
        raise Wrong(
            "mutated",
            f"`{name}` changes the arrays that it is given. Whoever calls it would find his own "
            "data altered.",
            "Look for `+=`, `*=`, `.sort()`, or an assignment to `something[...]`.",
            "Make a copy first, with `x = x.copy()`, or write `x = x + 1` where there is `x += 1`.",
        )
    return value


def callable_name(function: Any) -> str:
    """The name of a function, to speak of it.

    Raises:
        Wrong: when it cannot be called.
    """
    if function is NotImplemented or function is None or function is ...:
        raise Wrong(STUB, "There is nothing to check yet.")
    if not callable(function):
        raise Wrong(
            "not callable",
            f"The check was given {describe(function)}, and it needs your function itself.",
            "Write the name of your function without brackets: `check(f)`, not `check(f(x))`.",
            "With brackets Python calls the function first, and hands the check its result.",
        )
    return getattr(function, "__name__", type(function).__name__)


def _fits(function: Any, name: str, arguments: tuple[Any, ...]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some compiled functions do not tell
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        count = f"{len(arguments)} argument{'s' if len(arguments) != 1 else ''}"
        raise Wrong(
            "signature",
            f"`{name}{signature}` cannot be called with {count if arguments else 'no arguments'}.",
            "Compare the first line of your function with the one in the task.",
            f"The check calls it with {count}, in the order of the task; further ones need a "
            "default value.",
        ) from None


def _run(function: Any, name: str, arguments: list[Any]) -> Any:
    box: dict[str, Any] = {}
    sending = threading.Lock()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            try:
                box["value"] = context.run(function, *arguments)
            except BaseException as error:  # SystemExit as well
                box["error"] = error
            while sending.locked():  # the box is full: nothing more is sent to this thread,
                pass  # and what is on its way arrives here
        except _TimeIsUp:
            if not box:
                box["error"] = _TimeIsUp()

    thread = threading.Thread(target=work, daemon=True)
    started, waited = time.process_time(), 0.0
    thread.start()
    try:
        for _ in range(PATIENCE):
            thread.join(SECONDS)
            waited += SECONDS
            if not thread.is_alive() or time.process_time() - started >= SECONDS / 2:
                break
    finally:  # also when the reader presses "interrupt"
        late = thread.is_alive()
        stopped = late and _stop(thread, box, sending)
    if late:
        raise Wrong(
            "endless",
            f"`{name}` did not come to an end within {waited:g} seconds, so the check stopped "
            + ("it." if stopped else "waiting; it still runs: restart the kernel."),
            "Is there a loop whose condition never becomes false, or a function that calls itself?",
            "Print the loop's variable in each turn: does it come nearer to the end?",
        )
    if "error" in box:
        raise _about(box["error"], name) from None
    return box["value"]


def _stop(thread: threading.Thread, box: dict[str, Any], sending: threading.Lock) -> bool:
    """Interrupt a thread until it ends, but only as long as its box is empty.

    What reached it later would be raised in Python's own code around it.
    """
    identity = ctypes.c_ulong(thread.ident or 0)
    for _ in range(5):  # an `except:` may swallow the first ones
        with sending:
            if not box:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(_TimeIsUp))
        thread.join(0.2)
        if not thread.is_alive():
            return True
    return False


def _about(error: BaseException, name: str) -> Wrong:
    """The sentence for what a function raised."""
    if isinstance(error, Wrong):  # raised by what the check handed to the function
        return error
    frames = traceback.extract_tb(error.__traceback__)[1:]
    installed = bool(frames) and "site-packages" in frames[-1].filename
    if isinstance(error, NotImplementedError) and not installed:
        return Wrong(STUB, f"Replace the line `raise NotImplementedError` in `{name}`.")
    if isinstance(error, RecursionError):
        return Wrong(
            "endless",
            f"`{name}` calls itself again and again and never ends.",
            "When should it stop calling itself?",
            "Write the case in which it returns without a further call first.",
        )
    own = [
        f for f in frames if not f.filename.startswith(_PACKAGE) and "site-pack" not in f.filename
    ]
    line = (linecache.getline(own[-1].filename, own[-1].lineno or 0) if own else "").strip()
    where = f", at the line `{_short(line)}`" if line else ""
    what = _short(str(error).strip().replace("\n", " "))
    kind, *hints = _hints(error)
    return Wrong(
        kind,
        f"`{name}` raised {type(error).__name__}{': ' + what if what else ''}{where}.",
        *hints,
    )


def _hints(error: BaseException) -> list[str]:
    """A kind, and what to think about: errors that say little to a beginner have their own."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return [
            "unknown name",
            "Is it misspelt, is `self.` missing, or is it private to the package?",
            "Restart the kernel and run all cells from the top: is the name still known?",
        ]
    if "No gradients provided for any variable" in str(error):
        return [
            "no gradients",
            "Is everything between the weights and the loss computed inside the `with`, with tf "
            "functions, and are these the learner's weights?",
            "A NumPy function, `float` or `.numpy()` cuts the way from the loss back to the "
            "weights; so does whatever was computed before the `with`.",
        ]
    return [
        "raised",
        "Call it yourself with small numbers, and look at the last line of the error.",
        "Print the shapes of what the line works with, just before it.",
    ]


def describe(value: Any) -> str:
    """A value in a few words, safe to print."""
    if value is None:
        return "None"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"an array of shape {tuple(shape)}"
    try:
        text = repr(value)
    except Exception:
        text = "something that cannot be printed"
    return f"{type(value).__name__} {_short(text)}"


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


_PLAIN = (np.ndarray, list, tuple, dict)


def _copy(value: Any) -> Any:
    return copy.deepcopy(value) if isinstance(value, _PLAIN) else value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(v, after[k]) for k, v in before.items())
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, (int, float, complex, str, np.generic)):
        if type(before) is not type(after):
            return False
        return bool(before == after or (before != before and after != after))  # two NaN
    return True
