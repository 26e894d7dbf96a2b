"""What happens to a picture on its way through the world: saved, resized, cut, roughened.

Every function takes float32 pictures ``(n, H, W, 3)`` in [-1, 1] and returns as many of the same
size. All of them pass through 8 bits a colour, as a file would.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images, from_uint8, to_uint8


def _each(images: np.ndarray, change: Callable[[Any], Any]) -> np.ndarray:
    pictures = to_uint8(check_images(images))
    return from_uint8(np.stack([np.asarray(change(Image.fromarray(p))) for p in pictures]))


def jpeg(images: np.ndarray, quality: int) -> np.ndarray:
    """Save as JPEG and open again.

    Args:
        images: pictures.
        quality: Pillow's scale, 1 (tiny file) to 95 (large file).
    """
    if not 1 <= quality <= 95:
        raise InputError(f"quality is {quality!r}: give 1 to 95.")

    def saved(picture: Any) -> Any:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=int(quality))
        return Image.open(file)

    return _each(images, saved)


def resized(images: np.ndarray, size: int) -> np.ndarray:
    """Shrink or enlarge to ``size`` x ``size`` pixels, at least 4, and back again."""
    if size < 4:
        raise InputError(f"size is {size!r}: give at least 4 pixels.")
    smooth = Image.Resampling.BILINEAR
    return _each(images, lambda p: p.resize((size, size), smooth).resize(p.size, smooth))


def cropped(images: np.ndarray, margin: int) -> np.ndarray:
    """Cut ``margin`` pixels off each side, and enlarge to the old size."""
    side = min(check_images(images).shape[1:3])
    if not 0 <= margin < side // 2:
        raise InputError(f"margin is {margin!r}: give 0 to {side // 2 - 1} pixels.")

    def cut(p: Any) -> Any:
        inside = (margin, margin, p.width - margin, p.height - margin)
        return p.crop(inside).resize(p.size, Image.Resampling.BILINEAR)

    return _each(images, cut)


def noisy(images: np.ndarray, deviation: float, seed: int = 0) -> np.ndarray:
    """Add grain: normal noise of this deviation, in units of pixel value (the range is 2)."""
    if deviation < 0:
        raise InputError(f"deviation is {deviation!r}: give 0 or more.")
    grain = np.random.default_rng(seed).normal(0, deviation, np.shape(images))
    return from_uint8(to_uint8(check_images(images) + grain))


def everyday(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each picture as it is, saved as JPEG, resized or cropped, by chance; for ``teach``.

    After the augmentation of Wang et al., "CNN-generated images are surprisingly easy to spot...
    for now" (2020), section 4.1, which blurs and saves as JPEG at random.

    Args:
        images: pictures of at least 8 x 8 pixels.
        random: decides what happens to which.
    """
    images = check_images(images)
    side = images.shape[1]
    done = images.copy()
    for i, what in enumerate(random.integers(0, 4, len(images))):
        one = images[i : i + 1]
        if what == 1:
            done[i : i + 1] = jpeg(one, int(random.integers(20, 96)))
        elif what == 2:
            done[i : i + 1] = resized(one, int(random.integers(side // 2, 2 * side + 1)))
        elif what == 3:
            done[i : i + 1] = cropped(one, int(random.integers(1, side // 8)))
    return done
