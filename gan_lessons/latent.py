"""Latent space: from seeds to vectors to pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.counts import whole
from gan_lessons.errors import InputError


def vectors(n: int, latent_dim: int, seed: int | None = None) -> np.ndarray:
    """``n`` standard normal latent vectors.

    Args:
        n: how many, at least 1.
        latent_dim: length of each.
        seed: the same seed gives the same vectors, and the first k of n do not depend on n.

    Returns:
        float32 ``(n, latent_dim)``.

    Raises:
        InputError: for an ``n`` or ``latent_dim`` below 1, or a negative seed.
    """
    shape = whole("n", n), whole("latent_dim", latent_dim)
    random = np.random.default_rng(None if seed is None else whole("seed", seed, 0))
    return random.standard_normal(shape, dtype=np.float32)


def generate(generator: Any, latents: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """Run a Keras generator over many latents, a batch at a time, without training it.

    Args:
        generator: a Keras model.
        latents: float32 ``(n, latent_dim)``.
        batch_size: how many at once.

    Returns:
        float32 pictures ``(n, H, W, 3)`` in [-1, 1] (or points).

    Raises:
        InputError: for latents of another shape, none at all, or NaN.
    """
    latents = np.asarray(latents, np.float32)
    if latents.ndim != 2 or not len(latents) or latents.shape[1] != generator.input_shape[-1]:
        raise InputError(
            f"The latents have shape {latents.shape}: this generator takes "
            f"(n, {generator.input_shape[-1]}), n at least 1."
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
    a, b = _ends(a, b)
    t = np.linspace(0, 1, whole("steps", steps, 2), dtype=np.float32)[:, None]
    return (1 - t) * a + t * b


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
    a, b = (end.astype(np.float32) for end in _ends(a, b))
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    if length_a == 0 or length_b == 0:
        raise InputError("A vector of length 0 has no direction: choose another end.")
    angle = float(np.arccos(np.clip(a @ b / (length_a * length_b), -1, 1)))
    if np.sin(angle) < 1e-6:  # same or opposite direction: the arc is not defined
        return lerp(a, b, steps)
    t = np.linspace(0, 1, whole("steps", steps, 2), dtype=np.float32)[:, None]
    arc = np.sin((1 - t) * angle) * (a / length_a) + np.sin(t * angle) * (b / length_b)
    return arc / np.sin(angle) * ((1 - t) * length_a + t * length_b)


def _ends(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 1 or a.shape != b.shape:
        raise InputError(
            f"The ends have shapes {a.shape} and {b.shape}: give two vectors (latent_dim,)."
        )
    return a, b
