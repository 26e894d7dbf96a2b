"""Points in the plane: data sets small enough to see the whole game at once."""

from __future__ import annotations

import numpy as np

from gan_lessons.counts import whole
from gan_lessons.errors import InputError


def ring_centres(modes: int = 8) -> np.ndarray:
    """The centres of ``ring``: float32 ``(modes, 2)``, evenly on the circle of radius 1."""
    modes = whole("modes", modes)
    angles = 2 * np.pi * np.arange(modes) / modes
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def grid_centres(side: int = 5) -> np.ndarray:
    """The centres of ``grid``: float32 ``(side ** 2, 2)``, evenly in [-1, 1] x [-1, 1]."""
    ticks = np.linspace(-1, 1, whole("side", side, 2))
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2).astype(np.float32)


def _random(n: int, seed: int, sigma: float) -> np.random.Generator:
    """Where the numbers of ``n`` points come from, if there can be such points."""
    whole("n", n)
    if not 0 <= sigma < np.inf:
        raise InputError(f"sigma is {sigma!r}: give a finite number of at least 0.")
    return np.random.default_rng(seed)


def _around(centres: np.ndarray, n: int, seed: int, sigma: float) -> np.ndarray:
    random = _random(n, seed, sigma)
    which = random.integers(0, len(centres), n)
    return (centres[which] + sigma * random.standard_normal((n, 2))).astype(np.float32)


def ring(n: int, seed: int = 0, *, modes: int = 8, sigma: float = 0.05) -> np.ndarray:
    """Clouds of normally distributed points (deviation ``sigma``) around a circle.

    Returns:
        float32 ``(n, 2)``; the centres are ``ring_centres(modes)``.

    Raises:
        InputError: for an ``n`` or ``modes`` below 1, or a negative ``sigma``.
    """
    return _around(ring_centres(modes), n, seed, sigma)


def grid(n: int, seed: int = 0, *, side: int = 5, sigma: float = 0.03) -> np.ndarray:
    """Clouds of normally distributed points around a square grid.

    Returns:
        float32 ``(n, 2)``; the centres are ``grid_centres(side)``.

    Raises:
        InputError: for an ``n`` below 1, a ``side`` below 2, or a negative ``sigma``.
    """
    return _around(grid_centres(side), n, seed, sigma)


def moons(n: int, seed: int = 0, *, sigma: float = 0.05) -> np.ndarray:
    """Two interleaved half circles with normal noise of deviation ``sigma``.

    Returns:
        float32 ``(n, 2)`` within about [-1, 1].

    Raises:
        InputError: for an ``n`` below 1 or a negative ``sigma``.
    """
    random = _random(n, seed, sigma)
    angle = np.pi * random.random(n)
    lower = random.random(n) < 0.5
    x = np.where(lower, 1 - np.cos(angle), np.cos(angle)) - 0.5
    y = np.where(lower, 0.5 - np.sin(angle), np.sin(angle)) - 0.25
    noise = sigma * random.standard_normal((n, 2))
    return (np.stack([x, y], axis=1) / 1.5 + noise).astype(np.float32)
