"""Checks for chapter 12, Forgeries in the world."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import number, recognise


@check("12.1", "Two experts must agree")
def check_two_agree(two_agree: Any) -> str:
    """``two_agree(rarity, caught, false_alarms)``: the share of true alarms, when both ring."""
    for rarity, caught, alarm in ((0.001, 0.9, 0.02), (0.3, 0.6, 0.1)):
        r, c, f = rarity, caught, alarm
        right = r * c**2 / (r * c**2 + (1 - r) * f**2)
        either = [1 - (1 - x) ** 2 for x in (c, f)]

        def share(c: float, f: float, r: float = r) -> float:
            return r * c / (r * c + (1 - r) * f)

        recognise(
            number(call(two_agree, rarity, caught, alarm)), right,
            (
                share(c, f), "one expert", "This is the share of true alarms with one expert.",
                "When does the newspaper's alarm ring?",
                "It rings if both do. How likely is that for a forgery, and for an original?",
            ),
            (
                100 * right, "per cent", "This is in per cent.",
                "What does `detection.true_alarms` return, per cent or a share?",
                "A share, from 0 to 1.",
            ),
            (
                1 - right, "false instead of true", "This is the share of *false* alarms.",
                "Which alarms stand above the line?",
                "The true ones: those that a forgery has raised.",
            ),
            (
                share(*either), "one of the two is enough",
                "Here the alarm rings if one of the two rings.",
                "Is it \"this one *or* that one\", or \"this one *and* that one\"?",
                "Both together: the shares are multiplied.",
            ),
            (
                share(c, f**2), "catches of one",
                "A forgery must be caught by both, too.",
                "Of the forgeries that the first one catches, does the second one catch all?",
                "Square both shares, that of the catches as well.",
            ),
            (
                share(c**2, f), "false alarms of one",
                "For the originals you count one expert's false alarms.",
                "How often do two independent experts both err about the same original?",
                "Square both shares, that of the false alarms as well.",
            ),
            (
                c**2 / (c**2 + f**2), "base rate forgotten",
                "How rare the forgeries are plays no part.",
                "From how many pictures do the false alarms come, and from how many the true?",
                "Weigh with the share of forgeries, and with the share of originals.",
            ),
            (
                r * c**2 / (r * c**2 + f**2), "originals not weighed",
                "The false alarms should come from the originals only.",
                "What share of all pictures are originals?",
                "1 minus the share of forgeries.",
            ),
            (
                share(c, f) ** 2, "share squared", "The share of one expert has been squared.",
                "Whose alarms are independent: those about one picture, or the shares?",
                "Square what each expert catches and errs in, and put both into the formula.",
            ),
            (
                r * c**2, "true alarms among all pictures",
                "This is the share of *all pictures* that are forged and ring.",
                "Of how many alarms is this the true part?",
                "Divide it by all alarms: the true and the false ones.",
            ),
            (
                r * c**2 / ((1 - r) * f**2), "true for each false",
                "This is how many true alarms there are for each false one.",
                "If there are as many true alarms as false ones, what share is true?",
                "Divide by true and false alarms together.",
            ),
            (
                c**2, "share caught", "This is the share of the forgeries that both catch.",
                "Is the question about forgeries, or about alarms?",
                "Divide the true alarms by all alarms.",
            ),
            (
                True, "another number", "It is another number.",
                "Take 100,000 pictures, and count: forgeries that ring, originals that ring.",
                "True alarms divided by all alarms, each with the square of an expert's share.",
            ),
        )  # fmt: skip
    return "An original rings far more rarely now, if the two experts really err independently."


@check("12.2", "A limit for one alarm in a hundred")
def check_limit_for(limit_for: Any) -> str:
    """``limit_for(logits, share)``: the highest limit with at most this share of false alarms."""
    random = np.random.default_rng(12)
    for share, n, moved in ((0.01, 200, 3.0), (0.05, 400, -4.0)):
        logits = np.round(random.normal(moved, 2.0, n), 6)
        limit = number(call(limit_for, logits, share), "The limit")
        _check_limit(limit, logits, share)
    return "No more false alarms than allowed, and as many catches as that allows."


def _check_limit(limit: float, logits: np.ndarray, share: float) -> None:
    allowed = round(share * len(logits))
    rising = np.sort(logits)
    alarms = int((logits <= limit).sum())
    said = f"With your limit {alarms} of {len(logits)} originals ring, and {allowed} may."
    if alarms == allowed:
        return
    if rising[-allowed - 1] <= limit <= rising[-allowed] + 1e-9:
        raise Wrong(
            "other end", said + " It lies at the top of the originals' logits.",
            "On which side of the limit does the alarm ring?",
            "The alarm rings at or below the limit: look among the lowest logits.",
        )  # fmt: skip
    if alarms == allowed + 1:
        raise Wrong(
            "one too many", said + " That is one too many.",
            "If the limit is the logit of an original, does that original ring?",
            "Places are counted from 0, and the alarm rings at the limit, too.",
        )  # fmt: skip
    if np.isclose(limit, np.percentile(logits, share), atol=1e-6):
        raise Wrong(
            "per cent for a share", said + " The share has been taken for per cent.",
            "What does `np.percentile` expect for one in a hundred?",
            "`np.quantile` takes a share, `np.percentile` a hundred times as much.",
        )  # fmt: skip
    if limit == 0:
        raise Wrong(
            "old limit", said + " It is the limit that he had from the start.",
            "Where do the logits of your originals lie now?",
            "Sort them, and count from the lowest.",
        )  # fmt: skip
    if np.isclose(limit, logits.mean() - 2 * logits.std(), rtol=1e-2) or np.isclose(
        limit, share, atol=1e-9
    ):
        raise Wrong(
            "not counted", said + " The limit does not come from counting.",
            "Do the logits have to be a bell curve? And is a share a logit?",
            "Sort the logits; the limit lies after so many of the lowest as may ring.",
        )  # fmt: skip
    if alarms > allowed:
        raise Wrong(
            "too many alarms", said,
            "How many of the originals may ring at most?",
            "The share times their number; sort them, and count from the lowest.",
        )  # fmt: skip
    raise Wrong(
        "too careful", said + " So the limit could be higher, and more forgeries be caught.",
        "How many of the originals may ring at most?",
        "The share times their number. Raise the limit until as many do.",
    )  # fmt: skip
