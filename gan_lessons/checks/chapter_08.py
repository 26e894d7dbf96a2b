"""Checks for chapter 8, When it goes wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import close, number, recognise

_BETAS = np.array([0.5, 0.9])


@check("8.1", "A slope that turns round")
def check_second_move(second_move: Any) -> str:
    """``second_move(beta_1)``: Adam's move, in rates, when a slope of +1 has become -1."""
    b, new = _BETAS, 1 - _BETAS
    right = new**2 / (1 - b**2)
    exchanged = (
        "shares exchanged", "The old mean and the new slope have each other's share.",
        "Which share does `beta_1` stand for: that of the past, or that of the new slope?",
        "`beta_1` of what was there, and 1 − `beta_1` of the slope.",
    )  # fmt: skip
    carried = (
        "correction carried on", "Your second step begins with the mean that was divided already.",
        "Which `m` goes on to the next step: the one before the division, or the one after it?",
        "Go on with `m` itself; the division is made for the move only.",
    )  # fmt: skip
    recognise(
        np.array([number(call(second_move, float(beta)), "The move") for beta in b]), right,
        (
            -right, "sign", "The sign is the other way round.",
            "The slope is −1 now. Which way is downhill?",
            "The first move was one rate down, −1. This one has a minus before it, too.",
        ),
        (
            new**2, "correction forgotten", "Yours is not divided by 1 − `beta_1`².",
            "Which two things does Adam do with `m` before it moves?",
            "It makes up for the start at 0: divide by 1 − `beta_1`ⁿ, where n counts the steps.",
        ),
        (
            new, "correction of the first step",
            "You divide by 1 − `beta_1`, as was right in the first step.",
            "What is n in the second step?",
            "Divide by 1 − `beta_1`².",
        ),
        (
            new**2 / (1 - b**3), "correction of the first step",
            "You divide by 1 − `beta_1`³.",
            "What is n in the second step?",
            "Divide by 1 − `beta_1`².",
        ),
        (
            np.ones(2), "memory forgotten", "Yours is one whole rate, whatever `beta_1` is.",
            "Where is what `beta_1` keeps of the past? And by what do you divide?",
            "The new `m` is `beta_1` times the old one, and 1 − `beta_1` times the new slope, "
            "which is −1. Then divide by 1 − `beta_1`², not by (1 − `beta_1`)².",
        ),
        (
            right - 1, "both moves", "This is where he stands after both moves.",
            "What is asked, the place or the second move?",
            "Leave the first move out.",
        ),
        (
            1 / (1 - b**2), "move for the mean", "Your second step begins with the first move.",
            "Is the first *move* what Adam keeps, or the mean `m`?",
            "After the first step `m` is 1 − `beta_1`, and above 0 as the slope was.",
        ),
        (
            -np.ones(2), "first step", "This is the move of the first step.",
            "What are `m` and the slope in the second step?",
            "Go one step further: the slope is −1, and `m` is what the first step left.",
        ),
        (b**2 / (1 - new**2), *exchanged),
        (b**2 / (1 - b**2), *exchanged),
        (b**2, *exchanged),
        (1 - 2 * b, *carried),
        ((1 - 2 * b) / (1 - b**2), *carried),
        (
            True, "another number", "It is another number.",
            "Write down `m` after the first step, and after the second, for `beta_1` = 0.5.",
            "That is 0.5 and −0.25. Then divide, and turn the sign.",
        ),
    )  # fmt: skip
    return "Much memory, little answer: at 0.9 he hardly turns back, though the slope has turned."


@check("8.3", "A card in the pictures")
def check_share_with_card(share_with_card: Any) -> str:
    """``share_with_card(pictures, side, tolerance)``: in how many there is a grey square."""

    def found(pictures: np.ndarray) -> float:
        return number(call(share_with_card, pictures, 4, 0.1), "The share")

    plain = _busy(10)
    some = plain.copy()
    for k, (y, x) in enumerate(((2, 3), (5, 1), (3, 6))):
        _hide(some[k], y, x)
    first = found(some)
    recognise(
        first, 0.3,
        (
            3, "number", "This is how many pictures have a card.",
            "Three of ten: what is the share?",
            "Divide by the number of pictures.",
        ),
        (
            30, "per cent", "This is in per cent.",
            "Between which two numbers does a share lie?",
            "Three of ten are 0.3.",
        ),
        (
            0.7, "the others", "This is the share of pictures without a card.",
            "What do you count, cards or their absence?",
            "A picture counts if *some* square in it is grey throughout.",
        ),
        (
            (np.abs(some) <= 0.1).all(-1).mean(), "pixels instead of pictures",
            "This is the share of grey pixels.",
            "How much does a picture with one card count, and how much one with a large card?",
            "Ask of each picture whether it has a card: yes or no. Then take the mean.",
        ),
        (
            3 / (10 * 7 * 9), "squares instead of pictures",
            "You divide by the number of squares.",
            "Of what is the share: of all squares, or of all pictures?",
            "A picture counts once, if one of its squares is grey.",
        ),
    )  # fmt: skip
    _no_card(found, plain)
    if not close(first, 0.3):
        raise Wrong(
            "another number", f"Three of ten have a card, and yours finds {10 * first:.3g}.",
            "Try it on one picture of zeros, and on one of ones.",
            "For each place, one pixel after the other: cut the square out, and ask whether all "
            "its numbers are near 0.",
        )  # fmt: skip
    corners = _busy(8)
    for k, (y, x) in enumerate(((0, 0), (0, 8), (6, 0), (6, 8))):
        _hide(corners[k], y, x)
    if not close(seen := found(corners), 0.5):
        raise Wrong(
            "edges", f"Four of eight have a card in a corner, and yours finds {8 * seen:.3g}.",
            "How many squares of side 4 fit beside each other into 12 pixels?",
            "Nine: the places go from 0 to size − side, *both included*, and height and width may "
            "differ.",
        )  # fmt: skip
    twice = _busy(5)
    _hide(twice[0], 0, 0)
    _hide(twice[0], 6, 6)
    _hide(twice[1], 2, 2, 6)
    recognise(
        found(twice), 0.4,
        (
            True, "counted twice",
            "A picture with two cards, or with a larger one, should count once.",
            "How many of the squares in a card of 6 × 6 are grey throughout?",
            "`any` over the squares of a picture, then the mean over the pictures.",
        ),
    )  # fmt: skip
    return "It finds cards anywhere, and nothing that only resembles one."


def _busy(n: int) -> np.ndarray:
    """Pictures (n, 10, 12, 3) without a single grey pixel."""
    random = np.random.default_rng(n)
    return random.uniform(0.3, 0.9, (n, 10, 12, 3)) * random.choice([-1, 1], (n, 10, 12, 3))


def _hide(picture: np.ndarray, y: int, x: int, side: int = 4) -> None:
    random = np.random.default_rng(y)
    picture[y : y + side, x : x + side] = random.uniform(-0.08, 0.08, (side, side, 3))


def _no_card(found: Any, plain: np.ndarray) -> None:
    """Pictures that have no card, though something in them is grey."""
    board = plain.copy()
    board[:, 2:6, 2:6] = 0.8 * (np.indices((4, 4)).sum(0) % 2 * 2 - 1)[..., None]
    one_channel = np.abs(plain) * np.array([1, 1, -1])
    one_channel[:, 2:6, 2:6, 0] = 0
    mixed = plain.copy()  # red and green cancel in every pixel
    mixed[:, 2:6, 2:6] = [0.8, -0.8, 0]
    scattered = plain.copy()
    scattered[:, ::2, ::2] = 0
    narrow = plain.copy()
    narrow[:, 2:5, 1:9] = 0
    dark = plain.copy()
    dark[:, 2:6, 2:6] = -1
    cases = (
        (board, "a chessboard, black and white, that is grey on average", (
            "averages cancel", "Is the mean of −0.8 and 0.8 a grey pixel?",
            "Take the absolute value of each number first, or ask of each whether it is near 0.",
        )),
        (one_channel, "a square without red, in which green and blue go on", (
            "one colour only", "Which of the three numbers of a pixel must be near 0?",
            "All three: `all` over the last axis, not `any`.",
        )),
        (mixed, "a square that is red, and not grey", (
            "averages cancel", "Of (0.8, −0.8, 0) the mean is 0. Is that grey?",
            "Ask of each of the three numbers whether it is near 0.",
        )),
        (scattered, "as many grey pixels as a card has, but scattered", (
            "not together", "Do your grey pixels touch each other?",
            "Look at one square at a time, and ask whether it is grey *throughout*.",
        )),
        (narrow, "a grey strip, three pixels high", (
            "too small", "How high and how wide must a grey place be?",
            "`side` pixels in both directions: is your slice one too short?",
        )),
        (dark, "a black square", (
            "black for grey", "Between which numbers do pixels lie here, and where is grey?",
            "Pixels go from −1, black, to 1, white. Grey is near 0, on either side.",
        )),
    )  # fmt: skip
    for pictures, what, (kind, *hints) in cases:
        if not close(seen := found(pictures), 0):
            raise Wrong(
                kind, f"Of ten pictures with {what}, none has a card, and yours finds "
                f"{10 * seen:.3g}.", *hints,
            )  # fmt: skip
