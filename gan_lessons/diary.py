"""What is kept of a short game: every round's losses and logits; now and then, the forgeries.

``failures.py`` plays the games.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from gan_lessons import data, latent, metrics
from gan_lessons.distances import spread
from gan_lessons.frames import FRAME_LATENTS, Frames
from gan_lessons.recorder import LOGGED
from gan_lessons.recording import Recording

MOMENTS = (50, 150, 300, 500, 700)  # rounds after which the forgeries are looked at
SIZE, LATENT_DIM = 16, 32  # pixels, and numbers a latent vector
SAMPLES = 300  # forgeries, and new originals to measure them by

Sample = Callable[[Any, np.ndarray], np.ndarray]


class Diary(keras.callbacks.Callback):
    """Keeps losses and logits of every round, and looks at the forgeries at ``MOMENTS``.

    Args:
        game: whatever ``sample`` takes.
        sample: ``(game, latents) -> pictures``, ``(n, 32)`` to ``(n, 16, 16, 3)``.
        rounds: how many there will be.
        samples: forgeries that are measured each time, at least 16.
    """

    def __init__(self, game: Any, sample: Sample, rounds: int, samples: int) -> None:
        super().__init__()
        self.game, self.sample, self.rows = game, sample, list[list[float]]()
        self.moments = [m for m in MOMENTS if m < rounds] + [rounds]
        self.latents = latent.vectors(samples, LATENT_DIM, seed=1)
        self.pictures, self.scores = list[np.ndarray](), list[dict[str, float]]()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Keras's word for: one round is over."""
        self.note(logs or {})

    def note(self, logs: dict[str, float]) -> None:
        """One round is over; ``logs`` holds what ``recorder.LOGGED`` names."""
        self.rows.append([float(logs[name]) for name in LOGGED])
        if len(self.rows) in self.moments:
            forged = self.sample(self.game, self.latents)
            self.pictures.append(data.to_uint8(forged[:FRAME_LATENTS]))
            self.scores.append({"step": len(self.rows), **score(forged)})

    def recording(self, name: str) -> Recording:
        """All of it, under a name."""
        scores = {k: np.array([s[k] for s in self.scores], np.float32) for k in self.scores[0]}
        columns = np.array(self.rows, np.float32).T
        frames = Frames(np.array(self.moments), np.stack(self.pictures))
        return Recording(Path(name), scores, frames, dict(zip(LOGGED, columns, strict=True)))


@functools.cache
def reference() -> np.ndarray:
    """Features of new originals, which no dealer has seen: float32 ``(300, F)``."""
    return metrics.features(data.sketch_frogs(SAMPLES, 9, image_size=SIZE)[0])


def score(forged: np.ndarray) -> dict[str, float]:
    """What is measured of forgeries ``(n, 16, 16, 3)``: see ``play``."""
    seen = metrics.features(forged)
    apart = metrics.kernel_distance(seen, reference())
    return {
        "kernel": apart.value, "kernel_error": apart.error, "kernel_floor": apart.floor,
        "diversity": spread(seen) / spread(reference()),
        "squares": float(grey_square(forged).mean()),
    }  # fmt: skip


def grey_square(images: np.ndarray, side: int = 5, tolerance: float = 0.12) -> np.ndarray:
    """Which pictures have a grey square: all pixels of some square near 0, on average.

    Args:
        images: float32 ``(n, H, W, 3)`` in [-1, 1].
        side: of the square, in pixels.
        tolerance: the mean distance from 0, of each pixel's farthest channel.

    Returns:
        bool ``(n,)``.
    """
    off = np.abs(np.asarray(images, float)).max(-1)  # (n, H, W)
    total = np.pad(off.cumsum(1).cumsum(2), ((0, 0), (1, 0), (1, 0)))
    sums = (
        total[:, side:, side:] - total[:, :-side, side:]
        - total[:, side:, :-side] + total[:, :-side, :-side]
    )  # fmt: skip
    return sums.min((1, 2)) / side**2 < tolerance
