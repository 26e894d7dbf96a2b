"""Checks for chapter 7, How good is a forgery?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import number, recognise, several


@check("7.1", "Two distances by hand")
def check_two_distances(by_hand: Any) -> str:
    """``by_hand()`` returns the distance by pairing and by the formula, for 4 and 4 numbers."""
    real, forged = np.array([2.0, 4, 6, 8]), np.array([4.0, 4, 6, 6])
    parts = several(call(by_hand), 2, "by pairing and by the formula")
    pairing, formula = (
        number(part, name)
        for part, name in zip(parts, ("By pairing", "By the formula"), strict=True)
    )
    steps = real - forged
    right = (real.std() - forged.std()) ** 2
    if np.allclose([formula, pairing], [2, right], rtol=5e-3):
        raise Wrong(
            "order", "These are the right two numbers, in the other order.",
            "Which of them pairs the pictures?",
            "By pairing first, by the formula second.",
        )  # fmt: skip
    recognise(
        pairing, (steps**2).mean(),
        (
            (steps**2).sum(), "sum instead of mean",
            "The squared changes are added up; their average is meant.",
            "Would twice as many pictures of the same kind be twice as far apart?",
            "Divide by the number of pairs.",
        ),
        (
            abs(steps).mean(), "not squared",
            "This is the average change; the average squared change is meant.",
            "What is done with each change before the average?",
            "The changes are −2, 0, 0 and 2. What are their squares?",
        ),
        (
            np.sqrt((steps**2).mean()), "root taken",
            "This is the root of what is meant.",
            "Is there a root in the chapter's `by_pairing`?",
            "The average squared change, and nothing after it.",
        ),
        (
            True, "another number", "By pairing it is another number.",
            "Hang both sets in order and write the four changes below each other.",
            "Darkest with darkest, and so on: 2 with 4, 4 with 4, 6 with 6, 8 with 6.",
        ),
    )  # fmt: skip
    recognise(
        round(formula, 2), round(right, 2),
        (
            round((real.std(ddof=1) - forged.std(ddof=1)) ** 2, 2), "n − 1",
            "Your spreads divide by 3, one less than the number of pictures.",
            "By what does `np.std` divide, if it is not told otherwise?",
            "The spread here is the root of the average squared distance from the mean.",
        ),
        (
            (real.var() - forged.var()) ** 2, "variances instead of spreads",
            "This compares the variances; the formula compares the spreads.",
            "What is s in the formula: the standard deviation, or its square?",
            "Take the root of each variance before you subtract.",
        ),
        (
            real.var() - forged.var(), "difference of squares",
            "This is the difference of the squares, not the square of the difference.",
            "First subtract, then square.",
            "5 − 1 is not the square of the difference of their roots.",
        ),
        (
            0, "means only", "The means agree, but the spreads do not.",
            "The formula has two terms.",
            "How far do the originals lie from their mean, and how far the forgeries?",
        ),
        (
            round(float(np.sqrt(right)), 2), "root taken", "This is the root of what is meant.",
            "Is there a root in the chapter's `by_formula`?",
            "The difference of the spreads, squared.",
        ),
        (
            True, "another number", "By the formula it is another number.",
            "Mean and spread of each set first: what are they?",
            "The variance of the originals is 5, that of the forgeries 1.",
        ),
    )  # fmt: skip
    return "They differ, since the formula supposes that both sets are bell curves."


@check("7.3", "From where on the alarm rings")
def check_alarm_from(alarm_from: Any) -> str:
    """``alarm_from(amounts, values, errors, honest)``: from which amount on all are alarms."""
    amounts = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    honest = 1.2
    cases = {
        "a clear rise": ([1.1, 1.3, 1.5, 2.5, 3.0, 4.0], [0.5] * 6, 0.6),
        "one alarm by chance": ([1.0, 2.4, 1.3, 1.4, 2.9, 4.0], [0.5] * 6, 0.8),
        "one value far below": ([1.1, 1.3, 1.2, 0.1, 2.9, 4.0], [0.5] * 6, 0.8),
        "larger errors": ([1.2, 1.35, 2.2, 2.7, 3.2, 4.0], [0.1, 0.3, 1.1, 0.9, 0.9, 0.9], 0.8),
        "no alarm at all": ([1.2, 1.3, 1.4, 1.5, 1.6, 1.7], [0.5] * 6, None),
    }
    for name, (values, errors, right) in cases.items():
        found = call(
            alarm_from, np.array(amounts), np.array(values), np.array(errors), honest
        )  # fmt: skip
        if right is None:
            if found is None:
                continue
            raise Wrong(
                "alarm without cause",
                f"No value is clearly above the honest one, and yours says {describe(found)}.",
                "What should come back when the alarm never rings?",
                "Return None when there is no such amount.",
            )
        if found is None:
            raise Wrong(
                "no alarm found",
                f"In a case with {name}, None came back, and the alarm rings from {right} on.",
                "Is your function left before it has looked at all amounts?",
                "Print for each amount whether its value raises the alarm.",
            )
        loud = np.array(values) > honest + 2 * np.array(errors)
        at = lambda mask: amounts[int(np.argmax(mask))]
        v, e = np.array(values), np.array(errors)
        recognise(
            number(found), right,
            (
                at(loud) if loud.any() else -1.0, "first alarm",
                "Your function stops at the first alarm, but after it the alarm falls silent "
                "again.",
                "Can a single value be high by chance?",
                "From which amount on does every larger one raise the alarm as well?",
            ),
            (
                _last(v > honest + e, amounts), "one error",
                "Your alarm rings one error above the honest value.",
                "By how many errors does a value have to exceed the honest one?",
                "Twice its own error, as in the chapter's line-up.",
            ),
            (
                _last(v > honest, amounts), "error ignored",
                "Your alarm takes no notice of the error.",
                "Would the honest set itself raise it, by chance?",
                "A value has to exceed the honest one by twice its own error.",
            ),
            (
                _last(v > 2 * e, amounts), "honest value ignored",
                "Your alarm compares with 0 instead of the honest value.",
                "What does a set of new originals get?",
                "More than the honest value plus two errors.",
            ),
            (
                _last(abs(v - honest) > 2 * e, amounts), "below as well as above",
                "A value far below the honest one raises your alarm as well.",
                "A set that is nearer than new originals: is that a reason for an alarm?",
                "Leave out the absolute value: only what exceeds the honest value counts.",
            ),
            (
                _last(v > honest + 2 * e[0], amounts), "one error for all",
                "Your alarm takes one error for all values; each has its own.",
                "What stands in `errors[3]`, and to which value does it belong?",
                "Compare `values[i]` with `errors[i]`, or the two arrays as they are.",
            ),
            (
                amounts[amounts.index(right) - 1], "last silent amount",
                "This is the last amount that does not raise the alarm.",
                "Does the value at the amount that you return exceed the honest one?",
                "The amount that comes right after it is asked.",
            ),
            (
                float(amounts.index(right)), "place instead of amount",
                "This is the place in the list; the amount that stands there is asked.",
                "What do you return: i, or amounts[i]?",
                "The answer is a number from `amounts`.",
            ),
            (
                True, "another number",
                f"In a case with {name} the alarm rings from {right} on, and yours says "
                f"{number(found):g}.",
                "Print for each amount whether its value raises the alarm.",
                "The last silent amount decides: what comes right after it?",
            ),
        )  # fmt: skip
    return "It looks at the honest value and the errors, and does not fall for a single alarm."


def _last(loud: np.ndarray, amounts: list[float]) -> float:
    """The smallest amount from which on all are loud; -1 if there is none."""
    silent = np.flatnonzero(~loud)
    first = int(silent[-1]) + 1 if silent.size else 0
    return amounts[first] if first < len(amounts) else -1.0


@check("7.5", "A likeness without powers")
def check_fair_distance(fair_distance: Any) -> str:
    """``fair_distance(a, b, width)``: the unbiased kernel distance with a bell as the likeness."""
    random = np.random.default_rng(7)
    a, b, width = random.normal(0, 1, 6), random.normal(1, 2, 8), 0.7
    right = _mmd(a, b, width)
    found = number(call(fair_distance, a, b, width))
    cross = _bell(a, b, width).mean()
    recognise(
        found, right,
        (
            _mmd(a, b, width, fair=(False, False)), "itself not left out",
            "Each picture is compared with itself, too, and nothing is more alike.",
            "Two small sets from one urn would seem to differ. Why?",
            "Leave out the diagonal, in the sum and in the number of pairs.",
        ),
        (
            _mmd(a, b, width, count="all"), "pairs miscounted",
            "The diagonal is left out of the sum, but still counted.",
            "How many pairs of two different pictures are there among n?",
            "n (n − 1), and not n².",
        ),
        (
            right + cross, "cross term once",
            "The likeness between the sets is subtracted once only.",
            "If both sets were the same, three averages would be equal. What makes it 0?",
            "There is a factor in front of the mixed average.",
        ),
        (
            right + 4 * cross, "cross term added",
            "The likeness between the sets is added.",
            "Should sets that are more alike be further apart?",
            "Likeness within minus likeness between.",
        ),
        (
            _mmd(a, b, 1.0), "width ignored",
            "The width plays no part.",
            "What is `width` for?",
            "In the exponent the squared difference is divided by twice the squared width.",
        ),
        (
            _mmd(a, b, np.sqrt(width)), "width not squared",
            "The width is not squared.",
            "The formula has 2 w² below the line.",
            "With a width of 10, a difference of 10 should count as a difference of 1 does now.",
        ),
        (
            _mmd(a, b, width / np.sqrt(2)), "2 forgotten",
            "The 2 below the line is missing.",
            "The formula has 2 w² below the line.",
            "Check `2 * width**2`, and its brackets.",
        ),
        (
            _mmd(a, b, 1 / width), "brackets",
            "The squared width multiplies, and should divide.",
            "In which order does Python compute `x / 2 * width**2`?",
            "Write brackets: `/ (2 * width**2)`.",
        ),
        (
            _mmd(a, b, width, power=1), "difference not squared",
            "The difference is not squared.",
            "A bell falls off with the square of the distance.",
            "What stands above the line in the exponent?",
        ),
        (
            np.sqrt(abs(right)), "root taken",
            "This is the root of what is meant.",
            "Is there a root in the chapter's `fair`?",
            "An unbiased estimate may fall below 0, and then it has no root.",
        ),
        (
            -right, "sign turned",
            "This is the distance with its sign turned.",
            "Should sets that are more alike be further apart?",
            "Likeness within minus likeness between.",
        ),
        (
            _mmd(a, b, width, sign=1), "minus forgotten",
            "Your likeness grows with the difference of two numbers.",
            "How alike should two numbers be that are far apart?",
            "There is a minus in the exponent.",
        ),
        (
            _mmd(a, b, width, likeness=_powers), "powers",
            "This is the distance with the chapter's likeness, (x y + 1)³.",
            "Where does your function use the width?",
            "Replace the product by the difference, and the cube by the bell.",
        ),
        (
            _mmd(a, b, width, fair=(True, False)), "one set mended",
            "Each picture of the second set is still compared with itself.",
            "Which sets have a diagonal of pictures with themselves?",
            "Do to `b` what you have done to `a`.",
        ),
        (
            True, "another number",
            "It is another number.",
            "Three averages: within a, within b, between. Print each of them.",
            "Take the chapter's `fair`, and replace its likeness by the bell.",
        ),
    )  # fmt: skip
    like = np.arange(4.0)  # each with a twin a tenth away: nearer than by chance, so below 0
    right = _mmd(like, like + 0.1, width)
    recognise(
        number(call(fair_distance, like, like + 0.1, width)), right,
        (
            0, "cut off at 0",
            f"For two sets that agree very well it should be {right:.3f}, and yours is 0.",
            "What was the price of leaving out each picture's likeness to itself?",
            "If values below 0 are cut off, what is the average over many pairs of like sets?",
        ),
        (
            -right, "made positive",
            f"For two sets that agree very well it should be {right:.3f}, and yours is above 0.",
            "What was the price of leaving out each picture's likeness to itself?",
            "Leave out the absolute value: an unbiased estimate falls on either side of 0.",
        ),
        (
            True, "another number",
            f"For two sets that agree very well it should be {right:.3f}, and yours is another "
            "number.",
            "Three averages: within a, within b, between. Print each of them.",
            "Does your function do something special when the result is below 0?",
        ),
    )  # fmt: skip
    return "Unbiased, and with a width that says which differences matter."


def _bell(a: np.ndarray, b: np.ndarray, width: float, power: int = 2, sign: int = -1) -> np.ndarray:
    return np.exp(sign * abs(a[:, None] - b[None]) ** power / (2 * width**2))


def _powers(a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """The chapter's likeness, which has no width."""
    return (a[:, None] * b[None] + 1) ** 3


def _mmd(
    a: np.ndarray,
    b: np.ndarray,
    width: float,
    *,
    fair: tuple[bool, bool] = (True, True),
    count: str = "",
    likeness: Callable[..., np.ndarray] = _bell,
    **options: int,
) -> float:
    def within(x: np.ndarray, mended: bool) -> float:
        alike = likeness(x, x, width, **options)
        if not mended:
            return float(alike.mean())
        pairs = len(x) ** 2 if count else len(x) * (len(x) - 1)
        return float((alike.sum() - np.trace(alike)) / pairs)

    between = float(likeness(a, b, width, **options).mean())
    return within(a, fair[0]) + within(b, fair[1]) - 2 * between
