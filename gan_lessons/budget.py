"""Training by the clock: so much computing, and no more, for whatever has a ``fit``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from gan_lessons.errors import InputError


@dataclass(frozen=True)
class Spent:
    """What a training by the clock came to.

    Attributes:
        rounds: training steps.
        cpu_seconds: of the processor, summed over its cores, without the warm-up.
        history: name to values, one for every ``every`` rounds.
    """

    rounds: int
    cpu_seconds: float
    history: dict[str, np.ndarray]


class _Clock(keras.callbacks.Callback):
    def __init__(self, cpu_seconds: float) -> None:
        super().__init__()
        self.limit, self.start, self.used = cpu_seconds, 0.0, 0.0

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if epoch == 0:  # the first rounds compile the step: they are free
            self.start = time.process_time()
        self.used = time.process_time() - self.start
        self.model.stop_training = self.used >= self.limit


def fit_for(model: Any, stream: Any, cpu_seconds: float, *, every: int = 20) -> Spent:
    """Fit a compiled model until the processor has worked for so long.

    It counts the processor's seconds, not the wall's, so that a busy machine favours nobody; the
    number of rounds therefore differs from run to run.

    Args:
        model: a compiled ``GAN`` or ``VAE``.
        stream: endless, from ``data.batches``.
        cpu_seconds: above 0.
        every: rounds between two looks at the clock; the first so many are not counted as time.
    """
    if not cpu_seconds > 0 or every < 1:
        raise InputError(
            f"cpu_seconds={cpu_seconds!r} and every={every!r}: give a time above 0 and at least "
            "1 round between looks at the clock."
        )
    clock = _Clock(cpu_seconds)
    rows = model.fit(
        stream, steps_per_epoch=every, epochs=10**6, verbose=0, callbacks=[clock]
    ).history
    history = {name: np.array(values) for name, values in rows.items()}
    return Spent(every * len(next(iter(history.values()))), clock.used, history)
