"""Latent space: from seeds to vectors to pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.errors import InputError


def vectors(n: int, latent_dim: int, seed: int | None = None) -> np.ndarray:
    """``n`` standard normal latent vectors.

    Args:
        n: how many, at least 1.
        latent_dim: length of each.
        seed: the same seed gives the same vectors, and the first k of n do not depend on n.

    Returns:
        float32 ``(n, latent_dim)``.
    """
    if isinstance(n, bool) or int(n) != n or n < 1:
        raise InputError(f"n is {n!r}: ask for a whole number of pictures, at least 1.")
    if seed is not None and seed < 0:
        raise InputError(f"The seed is {seed}: give a whole number of at least 0, or None.")
    return np.random.default_rng(seed).standard_normal((int(n), latent_dim), dtype=np.float32)


def generate(generator: Any, latents: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """Run a Keras generator over many latents, a batch at a time, without training it.

    Args:
        generator: a Keras model.
        latents: float32 ``(n, latent_dim)``.
        batch_size: how many at once.

    Returns:
        float32 pictures ``(n, H, W, 3)`` in [-1, 1] (or points).
    """
    latents = np.asarray(latents, np.float32)
    if latents.ndim != 2 or latents.shape[1] != generator.input_shape[-1]:
        raise InputError(
            f"The latents have shape {latents.shape}; this generator takes "
            f"(n, {generator.input_shape[-1]})."
        )
    if not np.isfinite(latents).all():
        raise InputError("The latents hold NaN or infinity: give finite numbers.")
    parts = [
        np.asarray(generator(latents[i : i + batch_size], training=False))
        for i in range(0, len(latents), batch_size)
    ]
    return np.concatenate(parts)


def lerp(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """``steps`` points on the straight line from ``a`` to ``b``, both ends included.

    Args:
        a, b: vectors of the same shape ``(latent_dim,)``.
        steps: at least 2.

    Returns:
        ``(steps, latent_dim)``.
    """
    t = np.linspace(0, 1, _steps(steps), dtype=np.float32)[:, None]
    return (1 - t) * np.asarray(a) + t * np.asarray(b)


def slerp(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """``steps`` points on the arc from ``a`` to ``b``, both ends included.

    The length of the vectors changes evenly, so the way stays in the shell where a normal
    distribution has its mass; a straight line cuts through its empty middle. Source: White,
    "Sampling generative networks" (2016), section 2.1.

    Args:
        a, b: vectors of the same shape ``(latent_dim,)``, neither of them zero.
        steps: at least 2.

    Returns:
        ``(steps, latent_dim)``.
    """
    a, b = np.asarray(a, np.float32), np.asarray(b, np.float32)
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    if length_a == 0 or length_b == 0:
        raise InputError("A vector of length 0 has no direction: choose another end.")
    angle = float(np.arccos(np.clip(a @ b / (length_a * length_b), -1, 1)))
    if np.sin(angle) < 1e-6:  # same or opposite direction: the arc is not defined
        return lerp(a, b, steps)
    t = np.linspace(0, 1, _steps(steps), dtype=np.float32)[:, None]
    arc = np.sin((1 - t) * angle) * (a / length_a) + np.sin(t * angle) * (b / length_b)
    return arc / np.sin(angle) * ((1 - t) * length_a + t * length_b)


def _steps(steps: int) -> int:
    if steps < 2:
        raise InputError(f"steps is {steps!r}: a way needs its two ends, so at least 2.")
    return steps
