"""Whole numbers that somebody gives: how many, how wide, which seed."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from gan_lessons.errors import InputError


def is_whole(value: Any) -> bool:
    """Whether ``value`` is a whole number of Python's or NumPy's; True and 2.0 are none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def whole(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """``value`` as Python's int, NumPy's whole numbers included.

    Args:
        name: what the number is called where it was given.
        value: what was given.
        least, most: the smallest and the largest that will do, both included; None is no limit.

    Raises:
        InputError: for anything else, True and 2.0 included.
    """
    try:
        number = least - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = least - 1
    if number < least or (most is not None and number > most):
        reach = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise InputError(f"{name} is {value!r}: give a whole number {reach}.")
    return number
