"""Read off a picture what it shows: its place, its size, its background.

Nobody knows the factors of a forgery: the generator was never told of any. But the drawn frogs
come with theirs, so a regression can learn to read factors off drawings, and then read forgeries.
How well it reads drawings it has not seen is measured; how well it reads forgeries is not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gan_lessons import metrics, sketch
from gan_lessons.errors import InputError

BACKGROUNDS = ("pond", "meadow", "soil", "night")
NUMBERS = ("x", "y", "size", "turn", "gaze", "spots", "light", "hue")
#: Every factor that can be read: numbers, and questions answered 1 (yes) or 0 (no).
NAMES = (*NUMBERS, *BACKGROUNDS, *sketch.SPECIES)

PENALTY = 30.0  # of the ridge: small against 3,000 drawings, enough for features that go together


def values(factors: sketch.Factors, names: Sequence[str]) -> np.ndarray:
    """The factors of drawn frogs as numbers.

    Args:
        factors: of ``n`` frogs, as ``data.sketch_frogs`` returns them.
        names: which, from ``NAMES``; a background or a species counts 1 where it is and else 0.

    Returns:
        float64 ``(n, len(names))``.

    Raises:
        InputError: for a name that is not in ``NAMES``.
    """
    columns = []
    for name in names:
        if name in NUMBERS:
            columns.append(np.asarray(getattr(factors, name), float))
        elif name in BACKGROUNDS:
            columns.append((factors.background == BACKGROUNDS.index(name)).astype(float))
        elif name in sketch.SPECIES:
            columns.append((factors.species == sketch.SPECIES.index(name)).astype(float))
        else:
            raise InputError(f"There is no factor {name!r}: choose from {', '.join(NAMES)}.")
    if not columns:
        raise InputError(f"No factor is named: choose from {', '.join(NAMES)}.")
    return np.stack(columns, 1)


def described(pictures: np.ndarray) -> np.ndarray:
    """What the reader looks at: ``metrics.features`` and the picture at 8 x 8 pixels.

    Args:
        pictures: float32 ``(n, 32, 32, 3)`` in [-1, 1], or another power of two from 8 up.

    Returns:
        float32 ``(n, 595)``.
    """
    features = metrics.features(pictures)  # checks them, too
    n, side = pictures.shape[:2]
    small = pictures.reshape(n, 8, side // 8, 8, side // 8, 3).mean((2, 4))
    return np.concatenate([features, small.reshape(n, -1)], 1)


def ridge(x: np.ndarray, y: np.ndarray, penalty: float = 0.0) -> np.ndarray:
    """The linear regression of ``y`` on ``x``, with a constant.

    Args:
        x: ``(n, p)``.
        y: ``(n, q)``.
        penalty: how much the sum of squared slopes counts against the fit; the constant is free.

    Returns:
        ``(p + 1, q)``: the slopes, and in the last row the constants.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    mean_x, mean_y = x.mean(0), y.mean(0)
    centred = x - mean_x
    slopes = np.linalg.solve(
        centred.T @ centred + penalty * np.eye(x.shape[1]), centred.T @ (y - mean_y)
    )
    return np.concatenate([slopes, (mean_y - mean_x @ slopes)[None]])


def explained(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """R², the share of each column's variance that a guess explains.

    1 is a perfect guess, 0 is no better than always guessing the mean, below 0 is worse.

    Args:
        truth, guess: ``(n, q)``.

    Returns:
        ``(q,)``.
    """
    return 1 - ((truth - guess) ** 2).mean(0) / truth.var(0)


@dataclass(frozen=True)
class Reader:
    """Reads factors off pictures.

    A reading is in spreads: 0 is an average drawing, +1 one standard deviation of all drawings
    more. So the readings of different factors can be compared.

    Attributes:
        names: the factors, K of them.
        r2: ``(K,)``: R² on drawings that it had not learnt from.
        centre, spread: ``(F,)``, of the features.
        weights: ``(F + 1, K)``, of the regression.
    """

    names: tuple[str, ...]
    r2: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    weights: np.ndarray

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Readings ``(n, K)`` of pictures ``(n, H, W, 3)`` in [-1, 1]."""
        return (described(pictures) - self.centre) / self.spread @ self.weights[:-1] + self.weights[
            -1
        ]

    def only(self, least: float) -> Reader:
        """A reader of those factors alone whose R² is at least ``least``."""
        kept = np.flatnonzero(self.r2 >= least)
        if not len(kept):
            raise InputError(
                f"No factor is read with R² {least} or more: the best has {self.r2.max():.2f}."
            )
        return dataclasses.replace(
            self,
            names=tuple(self.names[i] for i in kept),
            r2=self.r2[kept],
            weights=self.weights[:, kept],
        )


def learn_to_read(names: Sequence[str], *, drawings: int = 4000, seed: int = 21) -> Reader:
    """Learn to read factors off drawn frogs.

    Args:
        names: which factors, from ``NAMES``.
        drawings: how many to draw, at least 40; a quarter of them is held out for R².
        seed: of the drawings; not one of those that ``load_images`` uses (0 and 1).
    """
    if drawings < 40:
        raise InputError(f"{drawings} drawings are too few to learn from: give at least 40.")
    pictures, factors = sketch.sketch_frogs(drawings, seed)
    truth = values(factors, names)
    known = slice(0, drawings - drawings // 4)
    held_out = slice(known.stop, None)
    truth = (truth - truth[known].mean(0)) / (truth[known].std(0) + 1e-9)
    x = described(pictures)
    centre, spread = x[known].mean(0), x[known].std(0) + 1e-6
    x = (x - centre) / spread
    weights = ridge(x[known], truth[known], PENALTY)
    guess = x[held_out] @ weights[:-1] + weights[-1]
    return Reader(tuple(names), explained(truth[held_out], guess), centre, spread, weights)
