"""Checks for chapter 1, The painter and the forger."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, number, recognise, row, several

REAL = np.array([0.9, 0.6, 0.75, 0.8], np.float32)
FAKE = np.array([0.1, 0.45, 0.3, 0.2], np.float32)


@check("1.1", "Both losses by hand")
def check_losses(both_losses: Any) -> str:
    """``both_losses(D_real, D_fake)`` returns L_D and L_G, from probabilities of "real"."""
    answer = call(both_losses, REAL, FAKE)
    if isinstance(answer, dict):
        raise Wrong(
            "dictionary",
            "A dict came back; two numbers, in order, are asked.",
            "`return a, b` returns two numbers.",
            "Who writes `L_D, L_G = both_losses(...)` would get the keys of your dict.",
        )
    parts = several(answer, 2, "L_D and L_G")
    found = [number(part, f"{name}") for part, name in zip(parts, ("L_D", "L_G"), strict=True)]
    trust, doubt, lie = (-np.log(x, dtype=float) for x in (REAL, 1 - FAKE, FAKE))
    L_D, L_G = trust.mean() + doubt.mean(), lie.mean()
    mean_trust, mean_doubt, mean_lie = (-np.log(x.mean()) for x in (REAL, 1 - FAKE, FAKE))
    if np.allclose(found, [L_G, L_D], rtol=1e-3):
        raise Wrong(
            "order",
            "These are the right two numbers, in the other order.",
            "Which of the two belongs to the dealer?",
            "The task says which comes first: look at the line with `return`.",
        )
    recognise(
        found[0], L_D,
        *_scales(L_D, "L_D"),
        (mean_trust + mean_doubt, *_LOG_OF_MEAN),
        (mean_trust + doubt.mean(), *_LOG_OF_MEAN),
        (trust.mean() + mean_doubt, *_LOG_OF_MEAN),
        (trust.sum() + doubt.sum(), *_SUM),
        (
            (trust.mean() + doubt.mean()) / 2, "halved",
            "L_D is half of what it should be: the two halves are averaged here.",
            "Look at the formula once more: what stands between its two sums?",
            "A dealer who tosses a coin pays 2 log 2 in this course. What does yours pay?",
        ),
        (
            trust.mean() + lie.mean(), "forgeries taken for originals",
            "In L_D the forgeries are treated like originals: this dealer is rewarded for "
            "believing them.",
            "What does the dealer want D to be for a forgery: 0 or 1?",
            "If D is the probability of real, what is the probability of forged?",
        ),
        (
            -np.log(1 - REAL).mean() + lie.mean(), "labels swapped",
            "In L_D originals and forgeries have changed places.",
            "D is the probability of real. For which of the two should it be near 1?",
            "Put in a perfect dealer, D_real near 1 and D_fake near 0: he should pay nearly 0.",
        ),
        (
            trust.mean(), "originals only",
            "L_D looks at the originals only.",
            "A dealer who always says real would pay nothing. What is missing?",
            "There are two sums in the formula, one for each heap on his desk.",
        ),
        (True, *_other("L_D", "one sum over the originals and one over the forgeries")),
    )  # fmt: skip
    recognise(
        found[1], L_G,
        *_scales(L_G, "L_G"),
        (mean_lie, *_LOG_OF_MEAN),
        (lie.sum(), *_SUM),
        (
            doubt.mean(), "painter wants to be caught",
            "This L_G is small when the dealer sees through the forgeries.",
            "What does the painter want D to be for his forgeries?",
            "Put in D_fake near 1, the best that can happen to him: he should pay nearly 0.",
        ),
        (
            -doubt.mean(), "saturating",
            "This is the dealer's own term with the sign turned round. It is a painter's loss, "
            "too, the saturating one of chapter 4, but not the one of this chapter.",
            "Compare with the formula for L_G in the chapter: which logarithm is in it?",
            "The painter asks for being believed; yours asks for not being doubted.",
        ),
        (
            trust.mean() + lie.mean(), "painter sees originals",
            "The originals enter this L_G.",
            "Which pictures does the painter's loss know about?",
            "What the dealer says about originals is none of the painter's business.",
        ),
        (True, *_other("L_G", "the logarithm of what the dealer gave to the lie")),
    )  # fmt: skip
    return "Both losses agree with the formulas. A coin toss would cost 2 log 2 and log 2."


def _scales(right: float, name: str) -> list[tuple[float, str, str, str, str]]:
    base = (
        "base of the logarithm",
        f"{name} is right but for a constant factor: this is another kind of logarithm.",
        "Which logarithm is meant in this course?",
        "The unit is the nat: natural logarithms, neither base 2 nor base 10.",
    )
    sign = (
        "sign",
        f"{name} has the wrong sign: the better the player, the larger it grows.",
        "The logarithm of a probability is negative. What does the formula put before the sums?",
        "A loss should be 0 when all goes well, and grow when it does not.",
    )
    return [(-right, *sign), (right / np.log(10), *base), (right / np.log(2), *base)]


_SUM = (
    "sum instead of mean",
    "This loss grows with the size of the batch: it is a sum where a mean is meant.",
    "What does the 1/n in the formula do?",
    "Twice as many pictures of the same kind should cost the same.",
)


_LOG_OF_MEAN = (
    "logarithm of the mean",
    "This is the logarithm of the mean where the mean of the logarithms is meant.",
    "What comes first in the formula: the logarithm of each D, or the average of them all?",
    "Work it out for two originals, D = 0.9 and D = 0.5: the mean of the logarithms is -0.40, the "
    "logarithm of the mean is -0.36.",
)


def _other(name: str, idea: str) -> tuple[str, str, str, str]:
    return (
        "another number",
        f"{name} is another number than the formula gives.",
        f"Go through the formula of the chapter once more: it has {idea}.",
        "Work it out with pencil and paper for two originals, D = 0.9 and D = 0.5, and two "
        "forgeries, D = 0.2 and D = 0.4, and compare.",
    )


@check("1.5", "The best possible dealer")
def check_best_dealer(best_dealer: Any) -> str:
    """``best_dealer(p, q)`` returns D, from the densities of originals and of forgeries."""
    p = np.array([0.30, 0.05, 0.20, 0.40], np.float32)
    q = np.array([0.10, 0.35, 0.20, 0.30], np.float32)
    found = row(call(best_dealer, p, q), 4, "D")
    recognise(
        found, p / (p + q),
        (
            q / (p + q), "probability of forged",
            "This is the probability of forged: it is near 1 where forgeries are crowded.",
            "In this course, larger means more likely real. Where should D be near 1?",
            "What stands above the line: the density of originals, or that of forgeries?",
        ),
        (
            p / q, "odds",
            "These are odds (3 to 1), not probabilities: they go beyond 1.",
            "Of 4 works like this one 3 are real. What is the share of real ones?",
            "The share of originals among all works like this one: what is all?",
        ),
        (
            np.log(p / q), "logit",
            "This is the logit of the best dealer; D is asked, the probability.",
            "Between which two numbers does a probability lie?",
            "The sigmoid turns a logit into a probability; the formula of the task gives it "
            "directly.",
        ),
        (
            p > q, "hard verdict",
            "This dealer says 0 or 1 and nothing in between.",
            "Where p and q are nearly equal, can he be certain?",
            "He should answer with a share, such as 3 of 4, not with the likelier verdict.",
        ),
        (
            p, "forgeries forgotten",
            "This is the density of originals alone: the forgeries do not enter.",
            "A place may be full of originals and fuller of forgeries. What then?",
            "Compare how common the work is among originals with how common it is at all.",
        ),
        (
            p - q, "difference",
            "A difference of densities is no probability: it can be negative.",
            "Of all the works like this one, which share is real?",
            "A share is a part divided by the whole. What is the whole here?",
        ),
        (
            True, "another number",
            "D is not the share of originals among works like this one.",
            "If p is 0.3 and q is 0.1, of 4 such works 3 are real. What do you return?",
            "Compare with the formula in the task, term by term.",
        ),
    )  # fmt: skip
    ends = array(call(best_dealer, np.array([0.2, 0.0]), np.array([0.0, 0.2])), "D")
    if not np.allclose(ends.ravel(), [1, 0], atol=1e-6):
        raise Wrong(
            "edges",
            "Where there are only originals, or only forgeries, your dealer does not say 1 or 0.",
            "What does he say at a place with q = 0?",
            "Does something of yours divide by p, or by q, alone?",
        )
    return "One half where both are equally crowded, 1 where there are only originals."
