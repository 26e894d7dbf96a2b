"""What a picture is in this package: float32 ``(H, W, 3)`` in [-1, 1]; checks and conversion."""

from __future__ import annotations

import numpy as np

from gan_lessons.counts import is_whole
from gan_lessons.errors import InputError


def from_uint8(images: np.ndarray) -> np.ndarray:
    """uint8 0 to 255 to float32 -1 to 1."""
    return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Floats in [-1, 1] to uint8 0 to 255, rounded; what lies outside is clipped."""
    return np.clip(np.round((np.asarray(images, np.float32) + 1) * 127.5), 0, 255).astype(np.uint8)


def check_size(image_size: int) -> None:
    """Refuse a size that the networks cannot paint.

    Raises:
        InputError: for anything but a power of two from 8 up.
    """
    if not is_whole(image_size) or image_size < 8 or image_size & (image_size - 1):
        raise InputError(
            f"The image size is {image_size!r}, but the networks double 4 pixels again and again: "
            "choose a power of two from 8 up, such as 32 or 64."
        )


def check_range(images: np.ndarray, name: str = "The array of pictures") -> np.ndarray:
    """``images`` themselves, if all of them are finite and in [-1, 1].

    Raises:
        InputError: for NaN, infinity, or values outside; ``name`` says whose they are.
    """
    if not np.isfinite(images).all():
        raise InputError(f"{name} holds NaN or infinity: mend those pictures first.")
    if images.size and abs(images).max() > 1.001:
        raise InputError(
            f"{name} reaches from {images.min():.3g} to {images.max():.3g}: scale it to [-1, 1], "
            "as data.from_uint8 does with bytes, or save uint8."
        )
    return images


def check_images(images: np.ndarray) -> np.ndarray:
    """Pictures as float32 ``(N, H, W, 3)`` in [-1, 1], or a sentence.

    Raises:
        InputError: for another shape, kind or range, or no picture at all.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[3] != 3 or len(images) == 0:
        raise InputError(
            f"The pictures have shape {images.shape}: give at least one, as (N, H, W, 3)."
        )
    if not np.issubdtype(images.dtype, np.floating):
        raise InputError(
            f"The pictures are {images.dtype}: convert them to floats in [-1, 1] with "
            "data.from_uint8."
        )
    return check_range(images).astype(np.float32, copy=False)
