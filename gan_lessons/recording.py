"""What is worth keeping of a run once it is over: its frames, its history, its scores.

A run's folder holds checkpoints, many megabytes that only training needs. A recording holds what
a reader looks at, in one small safetensors file, and has the ``frames`` and ``history`` of a run,
so that ``page.timeline`` and ``widgets.timeline`` take either.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_lessons.errors import StorageError
from gan_lessons.frames import Frames, join_grid, split_grid
from gan_lessons.recorder import LOGGED
from gan_lessons.runs import Run

UNREADABLE = (KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError)
QUALITY = 92  # of the frames' JPEG, with full colour resolution


@dataclass(frozen=True)
class Recording:
    """A run to look at.

    Attributes:
        folder: where it came from, for messages.
        scores: name to float32 ``(K,)``: what was measured at some steps. ``step`` says when;
            ``kernel``, ``kernel_error``, ``kernel_floor`` (see ``metrics.kernel_distance``);
            ``precision``, ``recall``, ``coverage``, ``diversity``, ``colour`` (see
            ``metrics.Report``).
    """

    folder: Path
    scores: Mapping[str, np.ndarray]
    _frames: Frames
    _history: Mapping[str, np.ndarray]

    def frames(self) -> Frames:
        """Sixteen fixed latent vectors, painted at different steps."""
        return self._frames

    def history(self) -> dict[str, np.ndarray]:
        """Losses and mean logits of every round, by name."""
        return dict(self._history)

    @property
    def distance(self) -> dict[int, float]:
        """Kernel distance by step, where it was measured: what a timeline shows."""
        pairs = zip(self.scores["step"], self.scores["kernel"], strict=True)
        return {int(step): float(value) for step, value in pairs}


def pack(run: Run | Recording, scores: Mapping[str, np.ndarray]) -> bytes:
    """A run as the bytes of a recording.

    Args:
        run: a run with frames and a checkpoint, or a recording.
        scores: see ``Recording.scores``.
    """
    from PIL import Image
    from safetensors.numpy import save

    frames, history = run.frames(), run.history()
    kept = frames.steps <= len(history["d_loss"])
    pictures = []
    for images in frames.images[kept]:
        buffer = io.BytesIO()
        picture = Image.fromarray(join_grid(images))
        picture.save(buffer, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
        pictures.append(buffer.getvalue())
    arrays: dict[str, np.ndarray] = {
        "frames/step": frames.steps[kept].astype(np.int32),
        "frames/bytes": np.array([len(p) for p in pictures], np.int32),
        "frames/jpeg": np.frombuffer(b"".join(pictures), np.uint8),
    }
    arrays |= {f"history/{name}": history[name].astype(np.float16) for name in LOGGED}
    arrays |= {f"scores/{name}": np.asarray(v, np.float32) for name, v in scores.items()}
    return save(arrays)


def unpack(data: bytes, folder: Path) -> Recording:
    """The recording that ``pack`` made.

    Args:
        data: its bytes.
        folder: what to call it in messages.

    Raises:
        StorageError: for bytes that are no recording.
    """
    from PIL import Image
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(data)
        sizes = arrays["frames/bytes"]
        ends = np.cumsum(sizes)
        jpeg = arrays["frames/jpeg"].tobytes()
        sheets = [
            np.asarray(
                Image.open(io.BytesIO(jpeg[end - size : end]), formats=["JPEG"]).convert("RGB")
            )
            for size, end in zip(sizes, ends, strict=True)
        ]
        frames = Frames(arrays["frames/step"], np.stack([split_grid(s) for s in sheets]))
        history = {name: arrays[f"history/{name}"].astype(np.float32) for name in LOGGED}
    except (*UNREADABLE, SafetensorError, Image.DecompressionBombError) as error:
        raise StorageError(
            f"The recording of {folder} cannot be read ({error}): install the package again."
        ) from error
    scores = {
        name.removeprefix("scores/"): value
        for name, value in arrays.items()
        if name.startswith("scores/")
    }
    return Recording(folder, scores, frames, history)
