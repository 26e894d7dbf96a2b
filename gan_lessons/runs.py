"""A run on disk: train, be interrupted at any moment, go on as if nothing had happened.

    run/settings.json        what the run is; a run never goes on with other settings
    run/checkpoints/         step-00000500.safetensors ...: the whole state, the last two kept
    run/frames/              step-00000100.png ...: sixteen fixed latent vectors, 4 x 4
    run/history.csv          losses and mean logits of every round, for spreadsheets
    run/progress.json        seconds spent so far

A checkpoint alone is the truth: weights of both networks, both optimizers, the averaged
generator, and the history. Random numbers and the place in the data are functions of the seed and
the number of rounds (see ``gan`` and ``data.batches``), so there is nothing else to save.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from gan_lessons import checkpoints, data, latent
from gan_lessons.errors import InputError, StorageError, TrainingError
from gan_lessons.gan import GAN
from gan_lessons.recipes import Settings

FRAME_LATENTS = 16
CHECKPOINT_EVERY = 500
LOGGED = ("d_loss", "g_loss", "real_logit", "fake_logit")


def is_frame_step(step: int) -> bool:
    """Whether a frame is saved after this round: often at first, then ever more seldom.

    The steps grow by an eighth: 0, 10, 11, 13, 14, 16 ... 1,000 ... 10,000: sixty frames in all.
    """
    if step < 10:
        return step == 0
    k = round(math.log(step / 10, 1000) * 58)
    return step == round(10 * 1000 ** (k / 58))


@dataclass(frozen=True)
class Frames:
    """What the painter made of the same latent vectors at different times.

    Attributes:
        steps: int ``(F,)``.
        images: uint8 ``(F, 16, H, W, 3)``.
    """

    steps: np.ndarray
    images: np.ndarray


class Run:
    """A folder that holds a run, to look at or to go on with.

    Args:
        folder: an existing run.

    Raises:
        InputError: when the folder holds no run.
        StorageError: when its files cannot be read.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        path = self.folder / "settings.json"
        try:
            values = json.loads(path.read_text("utf-8"))
            self.settings = Settings(**values)
        except FileNotFoundError as error:
            raise InputError(
                f"{self.folder} holds no run: give the folder that `gan-lessons train --run` made."
            ) from error
        except (OSError, ValueError, TypeError) as error:
            raise StorageError(
                f"The settings {path} cannot be read ({error}): restore that file or start a new "
                "run in another folder."
            ) from error

    @classmethod
    def create(cls, folder: str | Path, settings: Settings) -> Run:
        """Make the folder, or open it if it holds a run with the very same settings."""
        folder = Path(folder)
        if (folder / "settings.json").exists():
            run = cls(folder)
            run._refuse_other_settings(settings)
        else:
            _make_folder(folder)
            text = json.dumps(dataclasses.asdict(settings), indent=2) + "\n"
            checkpoints.write_atomically(folder / "settings.json", text.encode())
            run = cls(folder)
        _make_folder(run._checkpoints)
        _make_folder(run._frames)
        return run

    def _refuse_other_settings(self, settings: Settings) -> None:
        ours, given = dataclasses.asdict(self.settings), dataclasses.asdict(settings)
        for name, value in given.items():
            if ours[name] != value:
                raise InputError(
                    f"The run in {self.folder} was started with {name} {ours[name]!r}, not "
                    f"{value!r}: give the same settings to go on with it, or another folder to "
                    "start anew."
                )

    @property
    def _checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def _frames(self) -> Path:
        return self.folder / "frames"

    @property
    def step(self) -> int:
        """Rounds played up to the newest checkpoint; 0 when there is none."""
        paths = checkpoints.list_checkpoints(self._checkpoints)
        return checkpoints.step_of(paths[-1]) if paths else 0

    @property
    def kept_steps(self) -> list[int]:
        """The steps whose checkpoints are still there, oldest first."""
        return [checkpoints.step_of(p) for p in checkpoints.list_checkpoints(self._checkpoints)]

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return float(json.loads((self.folder / "progress.json").read_text())["seconds"])
        return 0.0

    def gan(self, step: int | None = None) -> GAN:
        """The game as it was at the newest checkpoint, or at the kept one of ``step``."""
        gan = self.settings.build()
        self._restore(gan, step)
        return gan

    def history(self) -> dict[str, np.ndarray]:
        """Losses and mean logits of every round up to the newest checkpoint, by name."""
        arrays = self._load(None)
        return {name: arrays[f"history/{name}"] for name in LOGGED}

    def frames(self) -> Frames:
        """The frames saved so far."""
        from PIL import Image

        paths = sorted(self._frames.glob("step-*.png"))
        if not paths:
            raise InputError(f"The run in {self.folder} has no frames yet: train it first.")
        images = [split_grid(np.asarray(Image.open(path).convert("RGB"))) for path in paths]
        return Frames(np.array([checkpoints.step_of(p) for p in paths]), np.stack(images))

    # ---------------------------------------------------------------- saving and restoring

    def _load(self, step: int | None) -> dict[str, np.ndarray]:
        paths = checkpoints.list_checkpoints(self._checkpoints)
        if step is not None:
            paths = [path for path in paths if checkpoints.step_of(path) == step]
        if not paths:
            raise InputError(
                f"The run in {self.folder} has no checkpoint"
                + ("" if step is None else f" of step {step} (it has {self.kept_steps})")
                + ": train it first or choose another."
            )
        return checkpoints.load_checkpoint(paths[-1])[1]

    def _restore(self, gan: GAN, step: int | None) -> dict[str, np.ndarray]:
        arrays = self._load(step)
        state = _state(gan)
        missing = [
            name
            for name, variable in state.items()
            if name not in arrays or arrays[name].shape != tuple(variable.shape)
        ]
        if missing:
            raise StorageError(
                f"The checkpoint in {self._checkpoints} does not fit these networks ({missing[0]} "
                "differs): it was made by another version of the package."
            )
        for name, variable in state.items():
            variable.assign(arrays[name])
        return arrays

    def train(
        self,
        images: np.ndarray,
        steps: int,
        *,
        checkpoint_every: int = CHECKPOINT_EVERY,
        keep_every: int | None = None,
        progress: bool = True,
        report: Callable[[str], None] = print,
    ) -> GAN:
        """Train until ``steps`` rounds are played in all, going on where the run stands.

        Ctrl-C or SIGTERM end it after the round in hand, with a checkpoint.

        Args:
            images: the real pictures, float32 ``(N, H, W, 3)`` in [-1, 1].
            steps: rounds in all, counted from the very start.
            checkpoint_every: rounds between checkpoints.
            keep_every: keep the checkpoints at multiples of this for good; None keeps only the
                last two.
            progress: show a progress bar.
            report: is given a line for each event.

        Returns:
            The trained game.

        Raises:
            InputError: for impossible numbers.
            StorageError: when the disk refuses; the checkpoints before stay.
            TrainingError: when a loss is no longer a number; the checkpoints before stay.
        """
        if steps < 1 or checkpoint_every < 1 or (keep_every is not None and keep_every < 1):
            raise InputError(
                f"steps is {steps}, checkpoint_every {checkpoint_every} and keep_every "
                f"{keep_every}: give whole numbers of at least 1."
            )
        with checkpoints.lock(self.folder):
            checkpoints.remove_partial_files(self.folder)
            checkpoints.remove_partial_files(self._checkpoints)
            checkpoints.remove_partial_files(self._frames)
            gan = self.settings.build()
            recorder = _Recorder(self, gan, steps, checkpoint_every, keep_every)
            if self.step:
                recorder.resume(self._restore(gan, None))
                report(f"Going on from step {recorder.step:,} of {steps:,} in {self.folder}.")
            else:
                recorder.save_frame()
            if recorder.step < steps:
                self._fit(gan, images, steps, recorder, progress)
            if recorder.stopped:
                report(
                    f"Stopped after step {recorder.step:,} of {steps:,}: all is saved; run the "
                    "same command to go on."
                )
        return gan

    def _fit(
        self, gan: GAN, images: np.ndarray, steps: int, recorder: _Recorder, progress: bool
    ) -> None:
        s = self.settings
        dataset = data.batches(
            images,
            s.batch_size,
            s.seed,
            start=recorder.step,
            shuffle=s.recipe != "article",
            mirror=s.mirror,
        )
        callbacks: list[keras.callbacks.Callback] = [recorder]
        if progress:
            callbacks.append(_ProgressBar(recorder.step, steps))
        with _stop_politely(recorder):
            gan.fit(dataset, steps_per_epoch=steps - recorder.step, callbacks=callbacks, verbose=0)


def _state(gan: GAN) -> dict[str, Any]:
    """Every variable that decides how the game goes on, by name."""
    parts = {
        "generator": gan.generator.variables,
        "discriminator": gan.discriminator.variables,
        "ema_generator": gan.ema_generator.variables,
        "g_optimizer": gan.g_optimizer.variables,
        "d_optimizer": gan.d_optimizer.variables,
    }
    return {f"{part}/{i:03d}": v for part, vs in parts.items() for i, v in enumerate(vs)}


class _Recorder(keras.callbacks.Callback):
    """Writes down what happens: history, frames, checkpoints."""

    def __init__(
        self, run: Run, gan: GAN, steps: int, checkpoint_every: int, keep_every: int | None
    ) -> None:
        super().__init__()
        self.run, self.gan, self.steps = run, gan, steps
        self.checkpoint_every, self.keep_every = checkpoint_every, keep_every
        self.step = 0
        self.rows: list[list[float]] = []
        self.latents = latent.vectors(FRAME_LATENTS, gan.latent_dim, run.settings.seed)
        self.seconds, self.clock = run.seconds, time.monotonic()
        self.stopped = False

    def resume(self, arrays: dict[str, np.ndarray]) -> None:
        columns = [arrays[f"history/{name}"] for name in LOGGED]
        self.rows = [list(row) for row in zip(*columns, strict=True)]
        self.step = len(self.rows)
        for path in self.run._frames.glob("step-*.png"):  # from after the checkpoint
            if checkpoints.step_of(path) > self.step:
                path.unlink()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        row = [float((logs or {})[name]) for name in LOGGED]
        self.step += 1
        if not all(map(math.isfinite, row)):
            raise TrainingError(
                f"At step {self.step:,} a loss is no longer a number "
                f"({', '.join(f'{n} {v:g}' for n, v in zip(LOGGED, row, strict=True))}): the "
                f"checkpoint of step {self.run.step:,} is kept; lower the learning rates, or look "
                "at the data."
            )
        self.rows.append(row)
        if is_frame_step(self.step):
            self.save_frame()
        if self.stopped:
            self.gan.stop_training = True
        if self.step % self.checkpoint_every == 0 or self.step == self.steps or self.stopped:
            self.save_checkpoint()

    def save_frame(self) -> None:
        from PIL import Image

        pictures = data.to_uint8(latent.generate(self.gan.ema_generator, self.latents))
        buffer = io.BytesIO()
        Image.fromarray(join_grid(pictures)).save(buffer, "PNG")
        path = self.run._frames / f"step-{self.step:08d}.png"
        checkpoints.write_atomically(path, buffer.getvalue())

    def save_checkpoint(self) -> None:
        now = time.monotonic()
        self.seconds, self.clock = self.seconds + now - self.clock, now
        arrays = {name: np.asarray(variable) for name, variable in _state(self.gan).items()}
        columns = np.asarray(self.rows, np.float32).T
        arrays |= {f"history/{n}": c for n, c in zip(LOGGED, columns, strict=True)}
        checkpoints.save_checkpoint(self.run._checkpoints, self.step, arrays)
        for path in checkpoints.list_checkpoints(self.run._checkpoints)[:-2]:
            if not self.keep_every or checkpoints.step_of(path) % self.keep_every:
                path.unlink()
        lines = [",".join(("step", *LOGGED))]
        lines += [f"{i + 1}," + ",".join(f"{v:.9g}" for v in r) for i, r in enumerate(self.rows)]
        folder = self.run.folder
        checkpoints.write_atomically(folder / "history.csv", ("\n".join(lines) + "\n").encode())
        text = json.dumps({"step": self.step, "seconds": round(self.seconds, 1)}) + "\n"
        checkpoints.write_atomically(folder / "progress.json", text.encode())


class _ProgressBar(keras.callbacks.Callback):
    """Step, losses, speed and time left, on one line."""

    def __init__(self, start: int, steps: int) -> None:
        super().__init__()
        self.start, self.steps = start, steps

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        from tqdm.auto import tqdm

        self.bar = tqdm(initial=self.start, total=self.steps, unit="step", desc="training")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        losses = {k: f"{v:.3f}" for k, v in (logs or {}).items() if k.endswith("loss")}
        self.bar.set_postfix(losses, refresh=False)
        self.bar.update()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self.bar.close()


@contextlib.contextmanager
def _stop_politely(recorder: _Recorder) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end training after the round in hand."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: object) -> None:
        recorder.stopped = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def fingerprint(images: np.ndarray) -> str:
    """SHA-256 of pictures as bytes and shape."""
    digest = hashlib.sha256(str(images.shape).encode())
    digest.update(np.ascontiguousarray(images).tobytes())
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made ({error.strerror}): choose a place that you may "
            "write to."
        ) from error


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
