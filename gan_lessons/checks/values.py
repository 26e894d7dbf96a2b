"""What a student's function returned, as plain arrays: NumPy, TensorFlow, Keras, lists, floats."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from gan_lessons.checks.guard import describe
from gan_lessons.checks.outcome import Wrong

RTOL, ATOL = 2e-3, 1e-5  # 32 bits are enough, and so are three digits of a hand's computing


def array(value: Any, what: str = "The answer") -> np.ndarray:
    """Whatever holds numbers, as float64.

    Args:
        value: an array or tensor of any library, a list, a number.
        what: how to speak of it, at the beginning of a sentence.

    Raises:
        Wrong: when there are no numbers in it.
    """
    if value is None:
        raise Wrong(
            "nothing",
            f"{what} is None: the function returned nothing.",
            "Does it print its result, where it should return it?",
            "A function without `return`, or with a `return` that is never reached, returns None.",
        )
    if inspect.isgenerator(value) or isinstance(value, (map, filter, zip)):
        value = list(value)
    if hasattr(value, "detach"):  # PyTorch
        value = value.detach()
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biuf":
            found = np.array([np.asarray(v) for v in value])
            assert found.dtype.kind in "biuf"
        return found.astype(np.float64)
    except Exception:
        raise Wrong(
            "type",
            f"{what} should be made of numbers, and it is {describe(value)}.",
            "Compare what your function returns with what the task asks for.",
            "Print `type(...)` of what you return: is it a text, a set, a function, a dictionary?",
        ) from None


def finite(value: Any, what: str = "The answer") -> np.ndarray:
    """As ``array``, with numbers only, neither NaN nor infinity."""
    found = array(value, what)
    if not np.isfinite(found).all():
        raise Wrong(
            "not finite",
            f"{what} holds NaN or infinity.",
            "Where could it divide by 0, or take the logarithm of 0?",
            "Print the numbers on the way, and find the first that is not finite.",
        )
    return found


def number(value: Any, what: str = "The answer") -> float:
    """One number, in whatever shape it comes: 0.5, ``[0.5]``, a tensor of shape ``(1, 1)``."""
    found = finite(value, what)
    if found.size != 1:
        raise Wrong(
            "shape",
            f"{what} should be one number, and it is {_numbers(found)}.",
            "One number for the whole batch: what makes one out of many?",
            "Take the mean, or the sum, as the task says, before you return it.",
        )
    return float(found.reshape(()))


def row(value: Any, n: int, what: str = "The answer") -> np.ndarray:
    """``(n,)``, from ``(n,)``, ``(n, 1)`` or ``(1, n)``."""
    found = finite(value, what)
    if found.size != n or max(found.shape, default=0) != n:
        raise Wrong(
            "shape",
            f"{what} should be {n} numbers, and it is {_numbers(found)}.",
            "Print the shape of what you return.",
            "Which axes should be gone, and which should be left? `axis=` says which are averaged.",
        )
    return found.reshape(n)


def table(value: Any, shape: tuple[int, ...], what: str = "The answer") -> np.ndarray:
    """An array of exactly this shape."""
    found = finite(value, what)
    if found.shape != shape:
        raise Wrong(
            "shape",
            f"{what} should have the shape {shape}, and it is {_numbers(found)}.",
            "Print the shape of what you return.",
            "Which step of yours adds an axis or takes one away?",
        )
    return found


def several(value: Any, count: int, names: str) -> list[Any]:
    """The parts of a tuple, a list or an array of ``count`` things.

    Args:
        value: what was returned.
        count: how many.
        names: what they are, such as ``"L_D and L_G"``.
    """
    if value is None:
        array(value)
    try:
        parts = list(value.values()) if isinstance(value, dict) else list(value)
    except Exception:
        parts = []
    if isinstance(value, str) or len(parts) != count:
        raise Wrong(
            "type",
            f"The function should return {count} things, {names}, and it returned "
            f"{describe(value)}.",
            "`return a, b` returns two things.",
            f"Return them in the order of the task: {names}.",
        )
    return parts


def close(a: Any, b: Any) -> bool:
    """Whether two arrays agree, but for rounding."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=RTOL, atol=ATOL))


def recognise(found: Any, right: Any, *mistakes: tuple[Any, str, str, str, str]) -> None:
    """Nothing when the answer is right; otherwise raise the mistake that explains it.

    Args:
        found: the student's numbers.
        right: what they should be.
        mistakes: what they are under each misconception (or True, which fits everything, as the
            last one does), its kind, the message, and two hints.

    Raises:
        Wrong: the first that fits.
    """
    if close(found, right):
        return
    for value, *wrong in mistakes:
        if value is True or close(found, value):
            raise Wrong(*wrong)


def exact(found: float, right: float, *mistakes: tuple[Any, str, str, str, str]) -> None:
    """As ``recognise``, for whole numbers, where no digit may differ."""
    if abs(found - right) < 0.5:
        return
    for value, *wrong in mistakes:
        if value is True or abs(found - value) < 0.5:
            raise Wrong(*wrong)


def _numbers(found: np.ndarray) -> str:
    return "a single number" if not found.shape else f"an array of shape {found.shape}"
