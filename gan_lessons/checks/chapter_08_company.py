"""A check for chapter 8: a test that finds a forgotten training flag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array

Paint = Callable[[Any], np.ndarray]


def _paint(change: Callable[[np.ndarray], np.ndarray]) -> Paint:
    """A painter of toy pictures (n, 4, 4, 3); ``change`` says what company does to his numbers."""
    weights = np.random.default_rng(4).standard_normal((3, 48)) / 3

    def paint(z: Any) -> np.ndarray:
        z = np.asarray(z, float)
        if z.ndim != 2 or z.shape[1] != 3 or not len(z):
            raise Wrong(
                "batch axis",
                f"`paint` takes vectors of shape (n, 3), and yours has given it {z.shape}.",
                "What is the shape of `z[0]`, and what that of `z[:1]`?",
                "A batch of one is `z[:1]`, or `z[i : i + 1]`.",
            )
        alone = np.stack([one @ weights for one in z])  # one by one: company changes no digit
        return np.tanh(change(alone)).reshape(-1, 4, 4, 3)  # (n, 48) -> (n, 4, 4, 3)

    return paint


def _normalised(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3)


def _half_and_half(x: np.ndarray) -> np.ndarray:
    """One half of the picture gets darker with more company, the other as much lighter."""
    x = np.tile(x[:, :24], 2)
    return np.concatenate([x[:, :24] + 0.3 / len(x), -(x[:, 24:] + 0.3 / len(x))], axis=1)


def _one_pixel(x: np.ndarray) -> np.ndarray:
    """One pixel is a little lighter alone than in company."""
    x = x.copy()
    x[:, 21:24] = np.arctanh(np.clip(np.tanh(x[:, 21:24]), -0.9, 0.9) + 0.015 / len(x))
    return x


_HONEST = (
    (_paint(lambda x: x), "a painter in inference mode"),
    (_paint(lambda x: x + 1e-6 * len(x)), "a painter who rounds a little differently in company"),
)
_FLAGGED = (
    (_paint(_normalised), "a painter in training mode"),
    (_paint(_half_and_half), "a painter who in company makes one half lighter, the other darker"),
    (_paint(lambda x: x + 0.03 / len(x)), "a painter to whom company does little"),
    (_paint(_one_pixel), "a painter of whose picture company changes a single pixel"),
)


@check("8.4", "Alone and in company")
def check_depends_on_company(depends_on_company: Any) -> str:
    """``depends_on_company(paint, z)``: whether a vector's picture depends on its batch."""
    z = np.random.default_rng(8).standard_normal((6, 3))

    def said(paint: Paint) -> bool:
        return _yes_or_no(call(depends_on_company, paint, z))

    honest = [said(paint) for paint, _ in _HONEST]
    flagged = [said(paint) for paint, _ in _FLAGGED]
    if all(honest) and not any(flagged):
        raise Wrong(
            "the other way round", "Yes and no are exchanged.",
            "When does the answer say that something is wrong?",
            "True means: the picture depends on its company.",
        )  # fmt: skip
    if all(honest + flagged):
        raise Wrong(
            "always yes", "Yours says yes of every painter, also of one in inference mode.",
            "Do you compare pictures of *the same* vector?",
            "Painted alone, `z[:1]` gives one picture. Which one of `paint(z)` belongs beside it?",
        )  # fmt: skip
    if not any(honest + flagged):
        raise Wrong(
            "always no", "Yours says no of every painter, also of one in training mode.",
            "Does each vector have *other* company in your second batch?",
            "The same batch again, or in another order, has the same mean and spread. Paint a "
            "vector alone, and with others.",
        )  # fmt: skip
    if honest == [False, True]:
        raise Wrong(
            "rounding", f"Of {_HONEST[1][1]}, yours says yes.",
            "By how much must two pictures differ until somebody would see it?",
            "Allow for rounding: `np.allclose(a, b, atol=1e-3)` instead of `==`.",
        )  # fmt: skip
    if flagged[:3] == [True, False, True]:
        raise Wrong(
            "differences cancel", f"Of {_FLAGGED[1][1]}, yours says no.",
            "What is the mean of the differences +0.2 and −0.2?",
            "Compare pixel by pixel: take absolute values, then the largest.",
        )  # fmt: skip
    if flagged[0] and not flagged[2]:
        raise Wrong(
            "too generous", f"Of {_FLAGGED[2][1]}, yours says no.",
            "From which difference on does yours say yes?",
            "Pixels go from −1 to 1; a difference of 0.01 is far above rounding, and so is −0.01: "
            "take absolute values.",
        )  # fmt: skip
    if flagged == [True, True, True, False]:
        raise Wrong(
            "averaged away", f"Of {_FLAGGED[3][1]}, yours says no.",
            "How much is left of one pixel in the mean of a whole picture?",
            "Take the *largest* absolute difference.",
        )  # fmt: skip
    for (_, who), found, right in zip(
        (*_HONEST, *_FLAGGED), honest + flagged, [False] * 2 + [True] * 4, strict=True
    ):
        if found != right:
            raise Wrong(
                "another answer", f"Of {who}, yours says {'yes' if found else 'no'}.",
                "Which two pictures do you compare, and how?",
                "The picture of a vector alone, with that of the same vector among all others.",
            )  # fmt: skip
    return "It finds the flag, also where it does little, and believes an honest painter."


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, str):
        raise Wrong(
            "type",
            f"True or False should come back, and it is {describe(value)}.",
            "Is there a difference between the word and the value?",
            "Return the comparison itself, such as `difference > 1e-3`.",
        )
    found = array(value)
    if found.size != 1 or found.reshape(()) not in (0, 1):
        raise Wrong(
            "not yes or no",
            f"True or False should come back, and it is {describe(value)}.",
            "You have measured a difference. Is it more than rounding?",
            "Return a comparison, such as `difference > 1e-3`.",
        )
    return bool(found.reshape(()))
