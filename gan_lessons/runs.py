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
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gan_lessons import checkpoints, data
from gan_lessons import frames as timeline
from gan_lessons.counts import whole
from gan_lessons.errors import InputError, StorageError
from gan_lessons.frames import Frames
from gan_lessons.gan import GAN
from gan_lessons.recipes import Settings
from gan_lessons.recorder import LOGGED, Recorder, progress_bar, state, stop_politely

CHECKPOINT_EVERY = 500


class Run:
    """A folder that holds a run, to look at or to go on with.

    Args:
        folder: of the run.
        settings: of a run that does not exist yet; None reads those of one that does.

    Raises:
        InputError: when the folder holds no run.
        StorageError: when its files cannot be read.
    """

    def __init__(self, folder: str | Path, settings: Settings | None = None) -> None:
        self.folder = Path(folder)
        self.settings = settings or self._read_settings()

    def _read_settings(self) -> Settings:
        path = self.folder / "settings.json"
        try:
            return Settings(**json.loads(path.read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise InputError(
                f"{self.folder} holds no run: give the folder that `gan-lessons train --run` made."
            ) from error
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise StorageError(
                f"The settings {path} cannot be read ({error}): restore that file or start a new "
                "run in another folder."
            ) from error

    @classmethod
    def create(cls, folder: str | Path, settings: Settings) -> Run:
        """A run to train: a new one, or the one in the folder if its settings are the same.

        Nothing is written before ``train`` has found nothing to complain of.

        Raises:
            InputError: when the folder holds a run with other settings.
        """
        if os.path.exists(Path(folder) / "settings.json"):  # False where we may not look
            run = cls(folder)
            run.refuse_other_settings(settings)
            return run
        run = cls(folder, settings)
        if run.kept_steps:
            raise InputError(
                f"{folder} holds checkpoints but no settings.json: restore that file, or choose "
                "another folder."
            )
        return run

    def refuse_other_settings(self, settings: Settings) -> None:
        """Raise an InputError that names the first setting in which ``settings`` differ.

        Where the pictures lie may change, if they are the same.
        """
        ours, given = dataclasses.asdict(self.settings), dataclasses.asdict(settings)
        if ours["data_sha256"]:
            del given["data"]
        for name, value in given.items():
            if ours[name] != value:
                what = f"{name} {ours[name]!r}, not {value!r}"
                if name == "data_sha256":
                    what = "other pictures than these (their SHA-256 differs)"
                raise InputError(
                    f"The run in {self.folder} was started with {what}: give the same to go on "
                    "with it, or another folder to start anew."
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
        return (self.kept_steps or [0])[-1]

    @property
    def kept_steps(self) -> list[int]:
        """The steps whose checkpoints are still there, oldest first."""
        return [checkpoints.step_of(p) for p in checkpoints.list_checkpoints(self._checkpoints)]

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        with contextlib.suppress(
            OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError
        ):
            return float(json.loads((self.folder / "progress.json").read_text())["seconds"])
        return 0.0

    def gan(self, step: int | None = None) -> GAN:
        """The game as it was at the newest checkpoint, or at the kept one of ``step``.

        Raises:
            InputError: when there is no such checkpoint.
            StorageError: when it cannot be read, or does not fit.
        """
        gan = self.settings.build()
        self._restore(gan, step)
        return gan

    def history(self) -> dict[str, np.ndarray]:
        """Losses and mean logits of every round up to the newest checkpoint, by name."""
        return self._columns(self._load(None))

    def _columns(self, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        found = {name: arrays.get(f"history/{name}", np.zeros(())) for name in LOGGED}
        if any(v.ndim != 1 or v.dtype.kind != "f" for v in found.values()) or (
            len({len(v) for v in found.values()}) != 1
        ):
            raise StorageError(
                f"The newest checkpoint in {self._checkpoints} has no history of losses: it was "
                "made by another version of the package or changed; restore it."
            )
        return found

    def frames(self) -> Frames:
        """The frames saved so far."""
        return timeline.load(self._frames)

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
        variables = state(gan)
        missing = [
            name
            for name, variable in variables.items()
            if name not in arrays or arrays[name].shape != tuple(variable.shape)
        ]
        if missing:
            raise StorageError(
                f"The checkpoint in {self._checkpoints} does not fit these networks ({missing[0]} "
                "differs): it was made by another version of the package."
            )
        for name, variable in variables.items():
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
            InputError: for impossible numbers, or pictures that do not fit the run; then nothing
                was written.
            StorageError: when the disk refuses; the checkpoints before stay.
            TrainingError: when a loss is no longer a number; the checkpoints before stay.
        """
        check_numbers(steps, checkpoint_every, keep_every)
        gan = self._fitting(images)
        with checkpoints.hold(self.folder, self._checkpoints, self._frames):
            self._make_settings()
            recorder = Recorder(
                self.folder, gan, steps, seed=self.settings.seed, seconds=self.seconds,
                checkpoint_every=checkpoint_every, keep_every=keep_every,
            )  # fmt: skip
            if self.step:
                recorder.resume(self._columns(self._restore(gan, None)))
                if recorder.step < steps:
                    report(f"Going on from step {recorder.step:,} of {steps:,} in {self.folder}.")
                else:
                    report(f"{self.folder} is at step {recorder.step:,} already: nothing to do.")
            else:
                recorder.begin()
            if recorder.step < steps:
                self._play(recorder, images, progress)
        return gan

    def _play(self, recorder: Recorder, images: np.ndarray, progress: bool) -> None:
        s, left = self.settings, recorder.steps - recorder.step
        dataset = data.batches(
            images,
            s.batch_size,
            s.seed,
            start=recorder.step,
            shuffle=s.recipe != "article",
            mirror=s.mirror,
        )
        with (
            stop_politely(recorder),
            progress_bar(recorder.step, recorder.steps, progress) as bars,
        ):
            callbacks = [recorder, *bars]
            recorder.gan.fit(dataset, steps_per_epoch=left, callbacks=callbacks, verbose=0)

    def _fitting(self, images: np.ndarray) -> GAN:
        """The untrained game, if it can be played with these pictures."""
        data.check_batches(images, self.settings.batch_size)
        if self.settings.data_sha256:
            self.refuse_other_settings(self.settings.replace(data_sha256=fingerprint(images)))
        gan = self.settings.build()
        if images.shape[1:] != tuple(gan.discriminator.input_shape[1:]):
            raise InputError(
                f"The pictures have shape {images.shape[1:]} but this run is for "
                f"{tuple(gan.discriminator.input_shape[1:])}: give pictures of that size."
            )
        return gan

    def _make_settings(self) -> None:
        path = self.folder / "settings.json"
        if path.exists():  # also when another process began this run a moment ago
            Run(self.folder).refuse_other_settings(self.settings)
            return
        text = json.dumps(dataclasses.asdict(self.settings), indent=2) + "\n"
        checkpoints.write_atomically(path, text.encode())


def check_numbers(steps: int, checkpoint_every: int = 1, keep_every: int | None = None) -> None:
    """Refuse a number of rounds that is not whole, or below 1.

    Raises:
        InputError: names the number.
    """
    numbers = {"steps": steps, "checkpoint_every": checkpoint_every, "keep_every": keep_every}
    for name, number in numbers.items():
        if number is not None:
            whole(name, number)


def fingerprint(images: np.ndarray) -> str:
    """SHA-256 of the shape and the bytes of pictures, as float32: so training takes them."""
    digest = hashlib.sha256(str(images.shape).encode())
    digest.update(np.ascontiguousarray(images, np.float32).tobytes())
    return digest.hexdigest()
