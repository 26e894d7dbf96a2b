"""Points in the plane: data sets small enough to see the whole game at once."""

from __future__ import annotations

import numpy as np

from gan_lessons.errors import InputError


def _generator(n: int, seed: int) -> np.random.Generator:
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise InputError(f"n is {n!r}: ask for a whole number of points, at least 1.")
    return np.random.default_rng(seed)


def ring_centres(modes: int = 8) -> np.ndarray:
    """The centres of ``ring``: float32 ``(modes, 2)``, evenly on the circle of radius 1."""
    if modes < 1:
        raise InputError(f"modes is {modes!r}: a ring needs at least 1.")
    angles = 2 * np.pi * np.arange(modes) / modes
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def grid_centres(side: int = 5) -> np.ndarray:
    """The centres of ``grid``: float32 ``(side ** 2, 2)``, evenly in [-1, 1] x [-1, 1]."""
    if side < 2:
        raise InputError(f"side is {side!r}: a grid needs at least 2.")
    ticks = np.linspace(-1, 1, side)
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2).astype(np.float32)


def _around(centres: np.ndarray, n: int, seed: int, sigma: float) -> np.ndarray:
    random = _generator(n, seed)
    which = random.integers(0, len(centres), n)
    return (centres[which] + sigma * random.standard_normal((n, 2))).astype(np.float32)


def ring(n: int, seed: int = 0, *, modes: int = 8, sigma: float = 0.05) -> np.ndarray:
    """Clouds of normally distributed points (deviation ``sigma``) around a circle.

    Returns:
        float32 ``(n, 2)``; the centres are ``ring_centres(modes)``.
    """
    return _around(ring_centres(modes), n, seed, sigma)


def grid(n: int, seed: int = 0, *, side: int = 5, sigma: float = 0.03) -> np.ndarray:
    """Clouds of normally distributed points around a square grid.

    Returns:
        float32 ``(n, 2)``; the centres are ``grid_centres(side)``.
    """
    return _around(grid_centres(side), n, seed, sigma)


def moons(n: int, seed: int = 0, *, sigma: float = 0.05) -> np.ndarray:
    """Two interleaved half circles with normal noise of deviation ``sigma``.

    Returns:
        float32 ``(n, 2)`` within about [-1, 1].
    """
    random = _generator(n, seed)
    angle = np.pi * random.random(n)
    lower = random.random(n) < 0.5
    x = np.where(lower, 1 - np.cos(angle), np.cos(angle)) - 0.5
    y = np.where(lower, 0.5 - np.sin(angle), np.sin(angle)) - 0.25
    noise = sigma * random.standard_normal((n, 2))
    return (np.stack([x, y], axis=1) / 1.5 + noise).astype(np.float32)
