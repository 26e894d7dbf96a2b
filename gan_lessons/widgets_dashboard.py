"""Watching a training while it runs: a Keras callback that draws into the notebook."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_lessons import widgets_draw
from gan_lessons.errors import InputError

if TYPE_CHECKING:
    import keras

POINTS = 400  # of each line; beyond that every second one is dropped


def training_dashboard(
    *, seconds: float = 2.0, n: int = 16, seed: int = 0
) -> keras.callbacks.Callback:
    """A callback for ``GAN.fit`` that shows forgeries and both losses while they change.

    A loss that is no longer a number stops the training with a sentence.

    Args:
        seconds: between two pictures, at least.
        n: how many forgeries, from latent vectors that stay the same.
        seed: of those vectors.

    Returns:
        ``fit(..., callbacks=[training_dashboard()])``; its ``box`` is the ipywidgets box.

    Raises:
        InputError: for a number of pictures or seconds that makes no sense.
    """
    import ipywidgets
    import keras

    if seconds < 0 or n < 1:
        raise InputError(f"seconds is {seconds}, n is {n}: give at least 0 seconds, 1 forgery.")

    class Dashboard(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.rows: list[tuple[int, float, float]] = []
            self.every, self.step, self.due = 1, 0, 0.0
            self.view, self.words = ipywidgets.HTML(), ipywidgets.HTML()
            self.chart = ipywidgets.HTML()
            self.box = ipywidgets.HBox(
                [ipywidgets.VBox([self.view, self.words]), self.chart],
                layout={"flex_flow": "row wrap"},
            )

        def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
            from IPython.display import display

            self.due = 0.0
            display(self.box)  # type: ignore[no-untyped-call]

        def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
            logs = logs or {}
            self.step = int(self.model.g_optimizer.iterations)
            row = self.step, float(logs["d_loss"]), float(logs["g_loss"])
            if not (math.isfinite(row[1]) and math.isfinite(row[2])):
                self.model.stop_training = True
                self.words.value = (
                    f"Stopped at round {self.step:,}: a loss is no longer a number (NaN). Lower "
                    "a learning rate, or add a penalty, and begin again."
                )
                return
            if self.step >= self.every * len(self.rows):
                self.rows.append(row)
            if len(self.rows) > POINTS:
                self.rows, self.every = self.rows[::2], 2 * self.every
            if time.monotonic() >= self.due:
                self.draw()
                self.due = time.monotonic() + seconds

        def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
            if not self.words.value.startswith("Stopped"):  # the last good picture stays
                self.draw()

        def draw(self) -> None:
            self.view.value = forgeries(self.model.sample(n, seed), self.step)
            self.words.value = f"<b>Round {self.step:,}</b>"
            steps, d, g = zip(*self.rows, strict=True) if self.rows else ((), (), ())
            self.chart.value = widgets_draw.chart("Losses", steps, {"painter": g, "dealer": d})

    return Dashboard()


def forgeries(made: np.ndarray, step: int) -> str:
    """Pictures ``(n, H, W, 3)`` or points ``(n, 2)`` as HTML."""
    from gan_lessons import plots

    alt = f"{len(made)} forgeries after {step:,} rounds"
    if made.ndim == 2:
        return widgets_draw.points(made, alt)
    return widgets_draw.picture(plots.tile(made), alt)
