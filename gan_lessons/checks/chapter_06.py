"""Checks for chapter 6, From noise to frogs."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import check
from gan_lessons.checks.values import close, exact, finite, number, recognise, row


def _frames(seed: int) -> np.ndarray:
    """Four frames of sixteen small pictures, uint8 ``(4, 16, 6, 6, 3)``."""
    random = np.random.default_rng(seed)
    frames = random.integers(0, 256, (16, 6, 6, 3))[None].repeat(4, 0)
    for f in range(1, 4):
        step = random.normal(0, random.uniform(2, 60, 16)[:, None, None, None], (16, 6, 6, 3))
        frames[f] = np.clip(frames[f - 1] + step + random.normal(0, 8, (16, 1, 1, 1)), 0, 255)
    return frames.astype(np.uint8)


SEEDS = (23, 41)  # here every mistake below points at another picture

_BYTES = (
    "bytes wrap around",
    "Bytes were subtracted from bytes: 3 − 5 is 254 then, and a small change looks enormous.",
    "What is `np.uint8(3) - np.uint8(5)`?",
    "Make `float` of the frames before you subtract.",
)
_SIGNED = (
    "signs cancel",
    "Brighter and darker cancel here: a picture may change a lot and be as bright as before.",
    "If one half gets brighter and the other darker, how much has the picture changed?",
    "Take the absolute value of each difference before the mean.",
)


@check("6.1", "The most restless picture")
def check_most_changed(most_changed: Any) -> str:
    """``most_changed(images)``: which picture changes most between the last two frames."""
    for seed in SEEDS:
        images = _frames(seed)
        whole = images.astype(float)
        by = lambda a, b: abs(b - a).mean((1, 2, 3)).argmax()
        wrapped = (images[-1] - images[-2]).mean((1, 2, 3)).argmax()
        exact(
            number(call(most_changed, images)), by(whole[-2], whole[-1]),
            (wrapped, *_BYTES),
            ((whole[-1] - whole[-2]).mean((1, 2, 3)).argmax(), *_SIGNED),
            (
                abs(whole[-1] - whole[-2]).mean((1, 2, 3)).argmin(), "least instead of most",
                "This is the picture that changes least.",
                "`argmin` or `argmax`?",
                "The largest of sixteen mean changes.",
            ),
            (
                by(whole[0], whole[-1]), "first and last frame",
                "This compares the first frame with the last.",
                "Which two frames does the task name?",
                "Negative indices count from the end: -1 is the last, -2 the one before.",
            ),
            (
                by(whole[0], whole[1]), "first two frames",
                "This compares the first two frames.",
                "Which two frames does the task name?",
                "Negative indices count from the end: -1 is the last, -2 the one before.",
            ),
            (
                abs(np.diff(whole, axis=0)).mean((0, 2, 3, 4)).argmax(), "all frames",
                "This is the picture that changes most over all frames.",
                "Which two frames does the task name?",
                "Two frames, sixteen numbers, one place.",
            ),
            (
                True, "another number",
                "It is another picture.",
                "Print the sixteen mean changes: is yours the place of the largest?",
                "The mean goes over rows, columns and colours; the axis of the sixteen stays.",
            ),
        )  # fmt: skip
    return "The largest mean absolute change, with numbers that can be negative."


@check("6.2", "Does he come to rest?")
def check_movement(movement: Any) -> str:
    """``movement(images)``: the mean absolute difference from each frame to the next."""
    images = _frames(2)
    whole = images.astype(float)
    steps = np.diff(whole, axis=0)
    wrapped = np.diff(images, axis=0)
    right = abs(steps).mean((1, 2, 3, 4))
    found = finite(call(movement, images))
    if found.size == 4 and close(found.ravel()[1:], right) and found.ravel()[0] == 0:
        found = found.ravel()[1:]  # a 0 for the first frame does no harm
    recognise(
        row(found, 3), right,
        (wrapped.mean((1, 2, 3, 4)), *_BYTES),
        (steps.mean((1, 2, 3, 4)), *_SIGNED),
        (abs(steps.mean((1, 2, 3, 4))), *_SIGNED),
        (abs(steps.mean((2, 3, 4))).mean(1), *_SIGNED),
        (
            abs(whole[1:] - whole[0]).mean((1, 2, 3, 4)), "from the first frame",
            "This is the distance from the first frame, not from the one before.",
            "A walk of a hundred steps may end near its beginning. Which length is asked?",
            "Each frame is compared with its neighbour: `images[1:]` and `images[:-1]`.",
        ),
        (
            np.sqrt((steps**2).mean((1, 2, 3, 4))), "root mean square",
            "These are root mean squares; mean absolute differences are asked.",
            "Both are fair measures. Which one does the task name?",
            "Absolute values instead of squares, and no root.",
        ),
        (
            True, "another number",
            "It is another curve.",
            "Take two frames and compute their mean absolute difference by hand.",
            "Differences along the first axis, absolute values, and a mean over all others.",
        ),
    )  # fmt: skip
    return "One number for each pair of neighbours, with signs that cannot cancel."


@check("6.4", "A line into the night")
def check_extended(extended: Any) -> str:
    """``extended(rounds, distances, target)``: the line over log rounds, continued."""
    rounds = np.array([500.0, 1000.0, 2000.0, 4000.0])
    distances, target = 0.9 - 0.08 * np.log(rounds), 40_000
    line = np.polyfit(rounds, distances, 1)
    power = np.polyfit(np.log(rounds), np.log(distances), 1)
    recognise(
        number(call(extended, rounds, distances, target)), 0.9 - 0.08 * np.log(target),
        (
            np.polyval(line, target), "rounds instead of their logarithm",
            "This line runs over the rounds themselves, and shoots far below 0.",
            "Over what shall the distance be drawn?",
            "Take the logarithm of the rounds first, and of the target, too.",
        ),
        (
            0.9 - 0.08 * target, "target without logarithm",
            "The line runs over the logarithm, but the target was put in as it is.",
            "On which axis does the target lie?",
            "What was done with the rounds has to be done with the target.",
        ),
        (
            np.exp(np.polyval(power, np.log(target))), "logarithm of the distance, too",
            "Here both axes are logarithmic: another line, with another end.",
            "Which of the two axes is logarithmic in the task?",
            "The distances stay as they are.",
        ),
        (
            distances[-1], "not continued",
            "This is the last distance that was measured.",
            "What would the line say further on?",
            "`np.polyfit(x, y, 1)` finds a line, `np.polyval` continues it.",
        ),
        (
            True, "another number",
            "The measured points lie exactly on a line here, and yours ends elsewhere.",
            "Draw the distances over the logarithm of the rounds: where does the line lead?",
            "How much does the distance fall when the rounds double? And how many doublings are "
            "there to the target?",
        ),
    )  # fmt: skip
    return "The same fall for each doubling. Nobody promises that it goes on like this."
