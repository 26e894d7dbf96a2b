"""The timeline's frames: what a painter makes of the same sixteen latent vectors at any time.

Each frame is one sheet of 4 x 4 pictures, a PNG named after the round.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_lessons import checkpoints
from gan_lessons.errors import InputError, StorageError
from gan_lessons.pixels import to_uint8

FRAME_LATENTS = 16
MAX_PIXELS = FRAME_LATENTS * 1024**2  # of a sheet: sixteen of the largest that a run makes


@dataclass(frozen=True)
class Frames:
    """What the painter made of the same latent vectors at different times.

    Attributes:
        steps: int ``(F,)``.
        images: uint8 ``(F, 16, H, W, 3)``.
    """

    steps: np.ndarray
    images: np.ndarray


def is_frame_step(step: int) -> bool:
    """Whether a frame is saved after this round: often at first, then ever more seldom.

    The steps grow by an eighth: 0, 10, 11, 13, 14, 16 ... 1,000 ... 10,000: sixty frames in all.
    """
    if step < 10:
        return step == 0
    k = round(math.log(step / 10, 1000) * 58)
    return step == round(10 * 1000 ** (k / 58))


def paths(folder: Path) -> list[Path]:
    """The frames in a folder, oldest first."""
    return checkpoints.numbered(folder, "step-*.png")


def save(folder: Path, step: int, images: np.ndarray) -> None:
    """Write sixteen pictures ``(16, H, W, 3)`` in [-1, 1] as the frame of ``step``, atomically."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(join_grid(to_uint8(images))).save(buffer, "PNG")
    checkpoints.write_atomically(folder / f"step-{step:08d}.png", buffer.getvalue())


def load(folder: Path) -> Frames:
    """All frames in a folder.

    Raises:
        InputError: when there are none.
        StorageError: when one cannot be read.
    """
    from PIL import Image

    found = paths(folder)
    if not found:
        raise InputError(f"There are no frames in {folder}: train the run first.")
    images = []
    for path in found:
        try:
            with Image.open(path, formats=["PNG"]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValueError(f"{picture.width} x {picture.height} pixels are too many")
                images.append(split_grid(np.asarray(picture.convert("RGB"))))
            if images[-1].shape != images[0].shape:
                raise ValueError("its size is not that of the frames before it")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise StorageError(
                f"The frame {path} cannot be read: delete it; the others will do."
            ) from error
    return Frames(np.array([checkpoints.step_of(p) for p in found]), np.stack(images))


def join_grid(images: np.ndarray) -> np.ndarray:
    """Sixteen pictures ``(16, H, W, 3)`` as one sheet ``(4 H, 4 W, 3)``, row by row."""
    n, h, w, c = images.shape
    side = math.isqrt(n)
    grid = images.reshape(side, side, h, w, c).swapaxes(1, 2)  # (4, 4, h, w, c) -> (4, h, 4, w, c)
    return grid.reshape(side * h, side * w, c)


def split_grid(grid: np.ndarray) -> np.ndarray:
    """The sixteen pictures of a sheet: the inverse of ``join_grid``."""
    side = math.isqrt(FRAME_LATENTS)
    h, w = grid.shape[0] // side, grid.shape[1] // side
    return grid.reshape(side, h, side, w, 3).swapaxes(1, 2).reshape(-1, h, w, 3)
