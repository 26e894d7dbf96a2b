"""How sharp pictures are: how much of what changes in them changes within a few pixels.

A picture is a sum of waves. A blur takes away the short ones and leaves the long ones, so the
spectrum, the energy of each length, shows it: how much, and from which size of detail on. Noise
has more short waves than any real picture, so *more* is not better: the originals' share is right.
"""

from __future__ import annotations

import numpy as np

from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images


def _power(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Energy ``(n, S, S // 2 + 1)`` of each wave of the grey pictures; how many waves, per place.

    The borders are faded out (Hann window), since the jump from the right border to the left one
    would otherwise count as an edge.
    """
    images = check_images(images)
    size = images.shape[1]
    if images.shape[2] != size:
        raise InputError(f"The pictures are {size} x {images.shape[2]}: give square ones.")
    grey = images.mean(3, dtype=np.float64)
    fade = np.hanning(size + 2)[1:-1]
    fade = fade[:, None] * fade
    # less the mean as the window weighs it, so that wave 0 is empty
    grey -= (grey * fade).sum((1, 2), keepdims=True) / fade.sum()
    power = abs(np.fft.rfft2(grey * fade)) ** 2
    power[:, :, 1 : (size + 1) // 2] *= 2  # the other half of the plane mirrors these
    down, across = np.fft.fftfreq(size, 1 / size), np.fft.rfftfreq(size, 1 / size)
    return power, np.hypot(down[:, None], across)


def fine_detail(images: np.ndarray, shortest: float = 4.0) -> np.ndarray:
    """The share of each picture's energy in waves shorter than ``shortest`` pixels.

    Args:
        images: float32 ``(n, S, S, 3)`` in [-1, 1].
        shortest: in pixels, above 2, which is the shortest wave that pixels can hold.

    Returns:
        float ``(n,)`` in [0, 1]; 0 for a picture of one colour.
    """
    if not shortest > 2:
        raise InputError(f"shortest is {shortest!r}: give a length above 2 pixels.")
    power, waves = _power(images)
    fine = power[:, waves > power.shape[1] / shortest].sum(1)
    return fine / np.maximum(power.sum((1, 2)), 1e-12)


def spectrum(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The energy of all waves of about the same length, on average over the pictures.

    Args:
        images: float32 ``(n, S, S, 3)`` in [-1, 1].

    Returns:
        How many waves lie across the picture, 1 to S/2, and the energy at each, in squared pixel
        values: their sum is the variance, as the window weighs it, but for the still shorter
        waves that lie aslant.
    """
    power, waves = _power(images)
    size = power.shape[1]
    fade = np.hanning(size + 2)[1:-1]
    scale = size**2 * ((fade**2).sum()) ** 2  # Parseval: energy is the weighted variance
    rings = np.arange(1, size // 2 + 1)
    mean = power.mean(0) / scale
    return rings, np.array([mean[np.round(waves) == ring].sum() for ring in rings])
