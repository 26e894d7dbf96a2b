"""A check for chapter 10: the price of a postcard, by drawing from its cloud."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import close, number, recognise


@check("10.5", "The price, by drawing")
def check_price_by_drawing(price_by_drawing: Any) -> str:
    """``price_by_drawing(mean, log_variance, noise)``: the divergence as an average over draws."""
    random = np.random.default_rng(6)
    for n, d in ((400, 3), (250, 5)):
        mean, log_variance = random.normal(0, 1.5, d), random.normal(-1.5, 0.6, d)
        noise = random.standard_normal((n, d))
        found = number(call(price_by_drawing, mean, log_variance, noise), "The price")
        _recognise(found, mean, log_variance, noise)
    return "The average agrees with the formula, but for chance: both are one price."


def _recognise(found: float, mean: np.ndarray, log_variance: np.ndarray, noise: np.ndarray) -> None:
    n, d = noise.shape
    spread, half = np.exp(log_variance / 2), d / 2 * np.log(2 * np.pi)

    def log_cloud(z: np.ndarray, s: np.ndarray = spread, log_s: Any = None) -> np.ndarray:
        log_s = np.log(s) if log_s is None else log_s
        return (-((z - mean) ** 2) / (2 * s**2) - log_s).sum(1) - half

    def log_standard(z: np.ndarray) -> np.ndarray:
        return -(z**2).sum(1) / 2 - half

    def price(s: np.ndarray) -> float:
        z = mean + s * noise
        return float((log_cloud(z, s) - log_standard(z)).mean())

    z = mean + spread * noise
    right = price(spread)
    formula = 0.5 * (mean**2 + spread**2 - log_variance - 1).sum()
    middle = np.broadcast_to(mean, z.shape)
    if close(found, right):
        return
    recognise(
        found, right,
        (
            -right, "sign", "The sign is the other way round.",
            "Can a postcard have a negative price?",
            "The logarithm of the cloud's density minus that of the standard normal one.",
        ),
        (
            price(spread**2), "variance for spread",
            "Your cloud has its variance for a spread.",
            "What does the encoder give: the logarithm of s, or of s²?",
            "The spread is `np.exp(log_variance / 2)`.",
        ),
        (
            (log_cloud(mean + spread**2 * noise) - log_standard(mean + spread**2 * noise)).mean(),
            "variance for spread", "You draw with the variance for a spread.",
            "What does the encoder give: the logarithm of s, or of s²?",
            "The spread is `np.exp(log_variance / 2)`.",
        ),
        (
            price(np.exp(log_variance * 2)), "variance for spread",
            "Your spread is the square of the variance.",
            "What does the encoder give: the logarithm of s, or of s²?",
            "The spread is `np.exp(log_variance / 2)`.",
        ),
        (
            (log_cloud(noise) - log_standard(noise)).mean(), "drawn from the standard one",
            "You use the noise itself, which is drawn from the standard normal distribution.",
            "From which cloud should z come?",
            "From the postcard's: its mean, plus its spread times the noise.",
        ),
        (
            (log_standard(noise) - log_cloud(noise)).mean(), "drawn from the standard one",
            "You use the noise itself, which is drawn from the standard normal distribution.",
            "From which cloud should z come?",
            "From the postcard's: its mean, plus its spread times the noise.",
        ),
        (
            (log_cloud(middle) - log_standard(middle)).mean(), "noise not used",
            "You ask at the middle of the cloud only.",
            "What is the noise for?",
            "z = mean + spread × noise: one vector for each row of the noise.",
        ),
        (
            right / d, "mean over the numbers of a vector",
            "The numbers of a vector are averaged.",
            "Does a postcard with twice as many lines cost the same?",
            "Add up over the numbers of a vector, and average over the draws.",
        ),
        (
            right * n, "sum over the draws", "The more draws, the dearer yours gets.",
            "What is averaged over the rows of the noise?",
            "Add up over the numbers of a vector, and average over the draws.",
        ),
        *((-log_standard(z).mean() - constant, *(
            "own density left out", "How dense the cloud itself is at z plays no part.",
            "A wide cloud and a narrow one around 0: which one says more?",
            "The price compares two densities: the logarithm of one minus that of the other.",
        )) for constant in (0, half)),
        *((log_cloud(z).mean() + constant, *(
            "standard one left out", "The standard normal density plays no part.",
            "How far from what is the cloud to be?",
            "The price compares two densities: the logarithm of one minus that of the other.",
        )) for constant in (0, half)),
        (
            (log_cloud(z, log_s=0) - log_standard(z)).mean(), "height forgotten",
            "The cloud's density misses its 1 / s.",
            "A bell half as wide is twice as high. Where does that stand in your density?",
            "log q = −(z − m)² / 2s² − log s − log √(2π), for each number.",
        ),
        (
            2 * right + (np.log(spread)).sum(), "half forgotten",
            "Both squares in your exponents should be halved.",
            "What does the task divide (z − m)² by, besides s²?",
            "log q = −(z − m)² / 2s² − log s − log √(2π), and log p has −z² / 2.",
        ),
        (
            (log_cloud(z, s=spread**0.5, log_s=np.log(spread)) - log_standard(z)).mean(),
            "spread for variance", "In your exponent the square is divided by 2s, not by 2s².",
            "By how many spreads is z away from the mean?",
            "log q = −(z − m)² / 2s² − log s − log √(2π), for each number.",
        ),
        (
            (log_cloud(2 * mean - z) - log_standard(2 * mean - z)).mean(), "noise taken away",
            "You draw on the other side of the mean.",
            "Is the noise added or taken away?",
            "z = mean + spread × noise, so that whoever repeats it finds the same number.",
        ),
        (
            (log_cloud(z, log_s=log_variance) - log_standard(z)).mean(), "height forgotten",
            "The cloud's density is divided by s², where it should be s.",
            "A bell half as wide is twice as high, and not four times.",
            "log q = −(z − m)² / 2s² − log s − log √(2π), for each number.",
        ),
        *((right + sign * half, *(
            "one constant of two", "One of the two densities has the 2π, the other has not.",
            "In which of your two formulas does log √(2π) stand?",
            "It stands in both, or, as it cancels, in neither.",
        )) for sign in (1, -1)),
        *((right / np.log(base), *(
            "other logarithm", "This is in another unit than nats.",
            "Which logarithm do you take?",
            "`np.log` is the natural one.",
        )) for base in (2, 10)),
        (
            formula, "formula", "This is the formula's answer, to the digit, and no average over "
            "draws.",
            "Does your answer change if the noise does?",
            "Draw z with the noise, and average the difference of the two logarithms.",
        ),
    )  # fmt: skip
    scatter = (log_cloud(z) - log_standard(z)).std() / np.sqrt(n)
    if abs(found - formula) < 4 * scatter:
        raise Wrong(
            "own draws", "The price is right, but for chance: you have drawn noise of your own.",
            "What is `noise` for?",
            "Use the rows that are given, so that whoever repeats it finds the same number.",
        )  # fmt: skip
    raise Wrong(
        "another number", f"It is {found:.4g}; these draws give {right:.4g}.",
        "Take one number with mean 0 and spread 1. Then both densities are the same. And yours?",
        "Three lines: z, the logarithms of both densities at z, the average of their difference.",
    )  # fmt: skip
