"""What happens beside the rounds of a run: history, frames, checkpoints, the progress bar."""

from __future__ import annotations

import contextlib
import json
import math
import signal
import threading
import time
import typing
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

from gan_lessons import checkpoints, frames, latent
from gan_lessons.errors import StorageError, TrainingError

if typing.TYPE_CHECKING:
    from gan_lessons.gan import GAN

LOGGED = ("d_loss", "g_loss", "real_logit", "fake_logit")


def state(gan: GAN) -> dict[str, typing.Any]:
    """Every variable that decides how the game goes on, by name."""
    parts = {
        "generator": gan.generator.variables,
        "discriminator": gan.discriminator.variables,
        "ema_generator": gan.ema_generator.variables,
        "g_optimizer": gan.g_optimizer.variables,
        "d_optimizer": gan.d_optimizer.variables,
    }
    return {f"{part}/{i:03d}": v for part, vs in parts.items() for i, v in enumerate(vs)}


class Recorder(keras.callbacks.Callback):
    """Writes down what happens in a run's folder.

    Args:
        folder: the run's; its subfolders exist.
        gan: the game.
        steps: rounds in all.
        seed: of the frames' latent vectors.
        checkpoint_every: rounds between checkpoints.
        keep_every: keep the checkpoints at multiples of this; None keeps only the last two.
        seconds: spent so far.
    """

    def __init__(
        self,
        folder: Path,
        gan: GAN,
        steps: int,
        *,
        seed: int,
        checkpoint_every: int,
        keep_every: int | None,
        seconds: float,
    ) -> None:
        super().__init__()
        self.folder, self.gan, self.steps = folder, gan, steps
        self.checkpoint_every, self.keep_every = checkpoint_every, keep_every
        self.step = self.saved = 0
        self.rows: list[list[float]] = []
        self.latents = latent.vectors(frames.FRAME_LATENTS, gan.latent_dim, seed)
        self.seconds, self.clock = seconds, time.monotonic()
        self.stopped = False

    def begin(self) -> None:
        """Begin at the beginning, whatever a run without checkpoints has left behind."""
        self.seconds = 0.0
        self._forget_frames()
        self.save_frame()

    def resume(self, history: dict[str, np.ndarray]) -> None:
        """Go on from a checkpoint's history, by name; what came after it is forgotten."""
        columns = [history[name] for name in LOGGED]
        self.rows = [list(row) for row in zip(*columns, strict=True)]
        self.step = self.saved = len(self.rows)
        self._forget_frames()
        self._tidy()  # whoever wrote the checkpoint may have been killed before he did

    def _forget_frames(self) -> None:
        """Remove the frames of rounds that are to be played again."""
        for path in frames.paths(self.folder / "frames"):
            if checkpoints.step_of(path) > self.step:
                checkpoints.remove(path)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Keep the losses; save what is due."""
        row = [float((logs or {})[name]) for name in LOGGED]
        self.step += 1
        if not all(map(math.isfinite, row)):
            values = ", ".join(f"{n} {v:g}" for n, v in zip(LOGGED, row, strict=True))
            raise TrainingError(
                f"At step {self.step:,} a loss is no longer a number ({values}): the checkpoint of "
                f"step {self.saved:,} is kept; lower the learning rates, or look at the data."
            )
        self.rows.append(row)
        if frames.is_frame_step(self.step):
            self.save_frame()
        if self.stopped:
            self.gan.stop_training = True
        if self.step % self.checkpoint_every == 0 or self.step == self.steps or self.stopped:
            self.save_checkpoint()

    def save_frame(self) -> None:
        """What the averaged generator makes of the fixed latents now."""
        pictures = latent.generate(self.gan.ema_generator, self.latents)
        frames.save(self.folder / "frames", self.step, pictures)

    def save_checkpoint(self) -> None:
        """The whole state; then what can be made from it."""
        now = time.monotonic()
        self.seconds, self.clock = self.seconds + now - self.clock, now
        arrays = {name: np.asarray(variable) for name, variable in state(self.gan).items()}
        columns = np.asarray(self.rows, np.float32).T
        arrays |= {f"history/{n}": c for n, c in zip(LOGGED, columns, strict=True)}
        checkpoints.save_checkpoint(self.folder / "checkpoints", self.step, arrays)
        self.saved = self.step
        text = json.dumps({"step": self.step, "seconds": round(self.seconds, 1)}) + "\n"
        checkpoints.write_atomically(self.folder / "progress.json", text.encode())
        self._tidy()

    def _tidy(self) -> None:
        """Remove checkpoints that are no longer wanted; write the history for spreadsheets."""
        for path in checkpoints.list_checkpoints(self.folder / "checkpoints")[:-2]:
            if not self.keep_every or checkpoints.step_of(path) % self.keep_every:
                checkpoints.remove(path)
        lines = [",".join(("step", *LOGGED))]
        lines += [f"{i + 1}," + ",".join(f"{v:.9g}" for v in r) for i, r in enumerate(self.rows)]
        text = "\n".join(lines) + "\n"
        try:
            checkpoints.write_atomically(self.folder / "history.csv", text.encode())
        except StorageError as error:
            # Windows replaces no file that a spreadsheet holds open: the next checkpoint will try
            refused = error.__cause__
            if not (isinstance(refused, PermissionError) and refused.filename2):
                raise


class ProgressBar(keras.callbacks.Callback):
    """Step, losses, speed and time left, on one line.

    Args:
        bar: a tqdm bar; whoever made it closes it.
    """

    def __init__(self, bar: typing.Any) -> None:
        super().__init__()
        self.bar = bar

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """One step further."""
        losses = {k: f"{v:.3f}" for k, v in (logs or {}).items() if k.endswith("loss")}
        self.bar.set_postfix(losses, refresh=False)
        self.bar.update()


@contextlib.contextmanager
def progress_bar(start: int, steps: int, shown: bool) -> Iterator[list[ProgressBar]]:
    """The callback that shows progress, or none; the bar is closed whatever happens."""
    if not shown:
        yield []
        return
    from tqdm.auto import tqdm

    with tqdm(initial=start, total=steps, unit="step", desc="training") as bar:
        yield [ProgressBar(bar)]


@contextlib.contextmanager
def stop_politely(recorder: Recorder) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end training after the round in hand."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: object) -> None:
        recorder.stopped = True

    # None is a handler that is not Python's, as of a program around it: it could not be put back
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not None]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
