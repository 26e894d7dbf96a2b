"""Checks for chapter 9, Walking through latent space."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, close, recognise, row, table


@check("9.1", "Along the arc")
def check_arc(arc: Any) -> str:
    """``arc(a, b, t)``: the place at time t on the arc between two vectors of equal length."""
    random = np.random.default_rng(9)
    a, b = random.standard_normal((2, 6))
    a, b = 3 * a / np.linalg.norm(a), 3 * b / np.linalg.norm(b)
    cosine = a @ b / 9
    angle = np.arccos(cosine)

    def place(t: float) -> np.ndarray:
        found = array(call(arc, a, b, t))
        if np.isnan(found).any():
            raise Wrong(
                "no such angle",
                f"At t = {t:g} yours holds NaN, which is no number.",
                "Of what do you take the arccosine? There is one from −1 to 1 only.",
                "The cosine of θ is the product of a and b, divided by both lengths.",
            )
        return row(found, 6)

    for t, right in ((0.0, a), (1.0, b)):
        found = place(t)
        if close(found, right / 3):
            raise Wrong(
                "length lost",
                f"At t = {t:g} yours has the length 1, and the vectors given have 3.",
                "Did you scale a and b to find the angle, and go on with the scaled ones?",
                "The formula multiplies a and b themselves; their lengths matter to θ alone.",
            )  # fmt: skip
        if close(found, b if t == 0 else a):
            raise Wrong(
                "ends swapped", "At t = 0 yours is at b, and at t = 1 at a.",
                "Which of the two factors is 1 when t is 0?",
                "The factor with (1 − t) belongs to the vector where the walk begins.",
            )  # fmt: skip
        if not close(found, right):
            raise Wrong(
                "ends missed",
                f"At t = {t:g} yours is not at {'a' if t == 0 else 'b'}.",
                "Put t = 0 into the formula: what is left?",
                "Is the angle the one between a and b, from their product and both lengths?",
            )
    t = 0.3
    straight = (1 - t) * a + t * b

    def by(theta: float) -> np.ndarray:
        return (np.sin((1 - t) * theta) * a + np.sin(t * theta) * b) / np.sin(theta)

    right = by(angle)
    recognise(
        place(t), right,
        (
            straight, "straight", "This is the straight way.",
            "How long is your vector half way, and how long are a and b?",
            "On the arc the length stays; the chapter's formula has three sines.",
        ),
        (
            3 * straight / np.linalg.norm(straight), "uneven pace",
            "Yours is on the arc, but too far or not far enough: a straight way, stretched.",
            "Is a third of the time also a third of the angle?",
            "The sines of (1 − t) θ and t θ make the pace even.",
        ),
        (
            np.sqrt(1 - t) * a + np.sqrt(t) * b, "roots for sines",
            "This keeps the length only where a and b stand at a right angle, and has another "
            "pace.",
            "What angle do your a and b make?",
            "The chapter's formula has three sines.",
        ),
        (
            right * np.sin(angle), "not divided",
            "The length is not kept.",
            "By what does the formula divide?",
            "Put in t = 0: the sine of θ should go.",
        ),
        (
            by(np.pi / 2), "always a right angle",
            "This is right only where a and b stand at a right angle.",
            "Are these two vectors at a right angle?",
            "Find θ from a and b: their product, divided by both lengths, is its cosine.",
        ),
        (
            by(cosine), "cosine for the angle",
            "The number in your sines is the cosine of the angle, and not the angle.",
            "Which function leads from a cosine back to its angle?",
            "`np.arccos`.",
        ),
        (
            by(np.degrees(angle)), "degrees",
            "The sines are given degrees.",
            "What does `np.sin(90)` say?",
            "`np.sin` takes radians, and `np.arccos` answers in radians.",
        ),
        (
            by(np.arccos(np.clip(a @ b, -1, 1))), "lengths left out of the angle",
            "The product of a and b is taken for a cosine, and cut off where it leaves −1 to 1.",
            "The product of two long vectors is large. What would make it a cosine?",
            "Divide it by both lengths before `np.arccos`.",
        ),
        (
            True, "another number", "At t = 0.3 yours is elsewhere.",
            "How long is your vector? And what angle does it make with a?",
            "Its length should be that of a and b, and its angle with a three tenths of θ.",
        ),
    )  # fmt: skip
    return "It begins at a, ends at b, keeps its length, and turns at an even pace."


@check("9.2", "Adding a meaning")
def check_add_meaning(add_meaning: Any) -> str:
    """``add_meaning(z, with_it, without_it)``: z plus the average difference of two groups."""
    random = np.random.default_rng(10)
    z = random.standard_normal((4, 6))
    these, those = random.standard_normal((3, 6)) + 1, random.standard_normal((5, 6)) - 1
    step = these.mean(0) - those.mean(0)
    found = table(call(add_meaning, z, these, those), (4, 6))
    recognise(
        found, z + step,
        (
            z - step, "reversed", "Yours takes the meaning away.",
            "Towards which group should z move?",
            "Plus the average with it, minus the average without it.",
        ),
        (
            np.broadcast_to(step, z.shape), "start forgotten",
            "This is the direction alone: all pictures come out the same.",
            "Where is the picture that is to be changed?",
            "Begin with z, and add.",
        ),
        (
            z + these.mean(0), "company not subtracted",
            "The average of the group brings everything with it that its pictures have in common.",
            "What do both groups share, which should not be added?",
            "Subtract the average of those without it.",
        ),
        (
            z + these.sum(0) - those.sum(0), "sums instead of averages",
            "The more examples, the further yours goes: these are sums.",
            "The groups need not be equally large. What makes them comparable?",
            "Averages over the examples of each group.",
        ),
        (
            z + these[0] - those[0], "one example each",
            "This uses the first example of each group and leaves out the others.",
            "What would another first example do?",
            "Average over the examples: which axis is theirs?",
        ),
        (
            z + these.mean() - those.mean(), "averaged over everything",
            "All the numbers of a vector are moved by the same amount.",
            "How many numbers should the average of a group have?",
            "As many as a latent vector: only the axis of the examples goes.",
        ),
        (
            True, "another number", "It is another vector.",
            "Give it one example in each group: then it should be z + one − other.",
            "Three parts: z, the average of one group, the average of the other.",
        ),
    )  # fmt: skip
    return "z, plus the average of those that have it, minus the average of those that do not."


class _Toy:
    """A painter whose pictures are his latent vectors."""

    input_shape = (None, 3)
    output_shape = (None, 3)

    def __call__(self, z: Any, training: bool = False) -> np.ndarray:
        return np.array(z, float)

    predict = predict_on_batch = __call__


def _reader(pictures: Any) -> np.ndarray:
    x = np.asarray(pictures, float)
    return np.stack([x[:, 0] * x[:, 1], x[:, 2] ** 2 + x[:, 0]], axis=1)


@check("9.3", "Changes that do not cancel")
def check_absolute_effects(absolute_effects: Any) -> str:
    """``absolute_effects(generator, reader, directions, z, reach)``: mean absolute changes."""
    random = np.random.default_rng(11)
    z = random.standard_normal((40, 3)).astype(np.float32)
    ways = np.array([[1, 0, 0], [0, 0.6, 0.8], [0, 0, 1]], np.float32)
    reach = 1.2  # not what the exercise has for a default

    def average(change: Any, of: Any = np.abs, reach: float = reach) -> np.ndarray:
        rows = []
        for d in ways:
            base = z - np.outer(z @ d, d)
            rows.append(change(z, base, reach * d, of))
        return np.stack(rows)

    def both(_: Any, base: Any, step: Any, of: Any) -> np.ndarray:
        return of(_reader(base + step) - _reader(base - step)).mean(0)

    found = table(call(absolute_effects, _Toy(), _reader, ways, z, reach), (3, 2))
    recognise(
        found, average(both),
        (
            average(both, lambda x: x), "signed",
            "These are signed averages, those of `steering.effects`: a reading that rises for one "
            "picture and falls for the next seems to stay.",
            "Where do the signs cancel?",
            "Take the absolute value of each picture's change before the mean.",
        ),
        (
            abs(average(both, lambda x: x)), "absolute value too late",
            "The absolute value comes after the mean, when the signs have cancelled already.",
            "In which order do the mean and the absolute value stand?",
            "First the absolute value of each picture's change, then the mean.",
        ),
        (
            average(lambda z, _, s, of: of(_reader(z + s) - _reader(z - s)).mean(0)),
            "start not removed",
            "Your walks begin where each picture is, and not at −reach and +reach.",
            "What does `steering.effects` do with z before it walks?",
            "It takes z's own part along the direction away, so that all walks are alike.",
        ),
        (
            average(lambda z, b, s, of: of(_reader(b + s) - _reader(b)).mean(0)), "half the way",
            "Yours goes from the middle to one end.",
            "From where to where does `steering.effects` walk?",
            "From −reach to +reach.",
        ),
        (
            np.sqrt(average(both, np.square)), "root mean square",
            "These are root mean squares; mean absolute changes are asked.",
            "Both are fair measures. Which one does the task name?",
            "Absolute values instead of squares, and no root.",
        ),
        (
            average(both) / (2 * reach), "by the length of the way",
            "Yours is the change for each unit of the way.",
            "Does the task divide by how far you went?",
            "From −reach to +reach, and no division.",
        ),
        (
            average(both, reach=1.5), "reach ignored",
            f"Yours goes 1.5 each way, and was told to go {reach:g}.",
            "What does your function do with its last argument?",
            "`reach` says how far; the 1.5 in the first line holds when it is left out.",
        ),
        (
            True, "another number", "It is another table.",
            "Begin with a copy of `steering.effects`: which line averages?",
            "One row for each direction, one column for each reading.",
        ),
    )  # fmt: skip
    return "No entry can be smaller in size than that of the signed table."
