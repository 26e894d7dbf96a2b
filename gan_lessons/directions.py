"""Directions in latent space that mean something, found without labels.

Each of the latent vector's numbers changes little, and a bit of everything. GANSpace (Härkönen and
others, "GANSpace: discovering interpretable GAN controls", 2020, section 2.2) looks instead at what
the generator makes of many random vectors: principal component analysis (PCA) finds the few ways in
which its results differ most, and a regression tells which way to move the vector for each.
GANSpace looks at the activations of an early layer; a small generator can be watched at its end,
the pictures themselves, which needs no choice of a layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons import latent
from gan_lessons.errors import InputError


@dataclass(frozen=True)
class Direction:
    """One way to move a latent vector.

    Attributes:
        vector: float32 ``(latent_dim,)`` of length 1.
        low, high: what the pictures look like at its two ends, in a word or two.
        share: how much of all pictures' variance its principal component holds, in [0, 1]; NaN
            for a direction that was not found by components.
    """

    vector: np.ndarray
    low: str
    high: str
    share: float

    @property
    def name(self) -> str:
        """Both ends in words."""
        return f"{self.low} – {self.high}"


def principal(
    generator: Any, count: int = 8, *, samples: int = 1000, seed: int = 0
) -> list[Direction]:
    """The directions along which a generator's pictures change most.

    Paint ``samples`` random vectors Z; take the pictures' first principal components and each
    picture's coordinates C in them; regress Z on C, column by column; make the resulting
    directions perpendicular, so that moving along one leaves the others alone.

    Args:
        generator: a Keras model from latents to pictures.
        count: how many directions, at most ``latent_dim``.
        samples: how many pictures to look at, more than ``count``.
        seed: makes the sample reproducible.

    Returns:
        The directions, the strongest first.

    Raises:
        InputError: for impossible numbers, or when all pictures are the same.
    """
    dim = int(generator.input_shape[-1])
    if not 1 <= count <= dim or samples <= count:
        raise InputError(
            f"{count} directions from {samples} pictures: choose from 1 to {dim} directions, and "
            "more pictures than directions."
        )
    z = latent.vectors(samples, dim, seed)
    pictures = latent.generate(generator, z)
    x = pictures.reshape(samples, -1)
    x = x - x.mean(0)
    # The pictures' inner products hold the same components as their covariance and are smaller.
    variance, coordinates = np.linalg.eigh(x @ x.T)
    order = np.argsort(variance)[::-1][:count]
    if not variance[order[0]] > 1e-9:
        raise InputError("All pictures of this generator are the same: train it first.")
    c = coordinates[:, order] * np.sqrt(np.maximum(variance[order], 0))  # (samples, count)
    steps = z.T @ coordinates[:, order]  # regression of z on each coordinate, up to its length
    q, r = np.linalg.qr(steps)
    vectors = (q * np.sign(np.diag(r))).T.astype(np.float32)  # (count, dim)
    shares = (c**2).sum(0) / np.trace(x @ x.T)
    found, taken = [], set[str]()
    for vector, share in zip(vectors, shares, strict=True):
        words, sign = _describe(generator, vector, z[:64], taken)
        taken.add(words[0])
        taken.add(words[1])
        found.append(Direction(vector * np.float32(sign), *words, float(share)))
    return found


def _measures(pictures: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
    """What the eye sees in pictures, each a number a picture."""
    light = pictures.mean(-1)
    h, w = light.shape[1:]
    top, bottom = light[:, : h // 2].mean((1, 2)), light[:, h // 2 :].mean((1, 2))
    left, right = light[:, :, : w // 2].mean((1, 2)), light[:, :, w // 2 :].mean((1, 2))
    middle = light[:, h // 4 : -h // 4, w // 4 : -w // 4].mean((1, 2))
    red, green, blue = (pictures[..., i].mean((1, 2)) for i in range(3))
    return {
        ("darker", "lighter"): light.mean((1, 2)),
        ("cooler", "warmer"): red - blue,
        ("pinker", "greener"): green - (red + blue) / 2,
        ("lighter below", "lighter above"): top - bottom,
        ("lighter left", "lighter right"): right - left,
        ("darker middle", "lighter middle"): middle - light.mean((1, 2)),
        ("flatter", "more contrast"): light.std((1, 2)),
        ("greyer", "more colourful"): pictures.std(-1).mean((1, 2)),
    }


def _describe(
    generator: Any, vector: np.ndarray, z: np.ndarray, taken: set[str]
) -> tuple[tuple[str, str], float]:
    """The words whose measure moves most along a direction, against its usual spread."""
    base = z - np.outer(z @ vector, vector)
    down, up = (_measures(latent.generate(generator, base + s * 2 * vector)) for s in (-1, 1))
    spread = _measures(latent.generate(generator, z))
    best, score = ("one way", "the other way"), 0.0
    for words, values in up.items():
        if words[0] in taken:
            continue
        change = float((values - down[words]).mean() / (spread[words].std() + 1e-6))
        if abs(change) > abs(score):
            best, score = words, change
    return best, -1.0 if score < 0 else 1.0
