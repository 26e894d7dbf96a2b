"""What a dealer says, and what he looks at: logits, counts, slopes and occlusion.

Everything here asks a discriminator in inference mode and changes nothing in it. Logits follow
``losses.py``: larger means "more likely real". ``verdict_plots.py`` draws the results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons.counts import whole
from gan_lessons.errors import InputError


def probability(logits: np.ndarray | float) -> np.ndarray:
    """Logits to probabilities of "real": ``1 / (1 + exp(-logit))``, without overflow.

    Args:
        logits: any shape.

    Returns:
        float64 of the same shape, in [0, 1].
    """
    logits = np.asarray(logits, np.float64)
    small = np.exp(-np.abs(logits))  # never overflows
    return np.where(logits >= 0, 1, small) / (1 + small)


def _checked(discriminator: Any, images: np.ndarray) -> np.ndarray:
    images = np.asarray(images, np.float32)
    shape = tuple(discriminator.input_shape[1:])
    if images.shape[1:] != shape or not len(images):
        raise InputError(
            f"The pictures have shape {images.shape}, but this discriminator looks at "
            f"(n, {', '.join(map(str, shape))}), n at least 1."
        )
    if tuple(discriminator.output_shape[1:]) != (1,):
        raise InputError(
            f"The discriminator {discriminator.name!r} answers with shape "
            f"{tuple(discriminator.output_shape[1:])}: give one that answers with one number."
        )
    return images


def _parts(images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
    return (images[i : i + batch_size] for i in range(0, len(images), batch_size))


def judge(discriminator: Any, images: np.ndarray, *, batch_size: int = 250) -> np.ndarray:
    """A dealer's answers: one number a picture.

    Args:
        discriminator: a Keras model from ``(n, ...)`` to ``(n, 1)``.
        images: float32 ``(n, ...)``, pictures in [-1, 1] or points.
        batch_size: how many at once.

    Returns:
        float32 ``(n,)``: logits, or whatever the model's last layer makes of them.

    Raises:
        InputError: for pictures of another shape, or a model with more than one answer.
    """
    images = _checked(discriminator, images)
    answers = [np.asarray(discriminator(b, training=False)) for b in _parts(images, batch_size)]
    return np.concatenate(answers)[:, 0]


def accuracy(real_logits: np.ndarray, fake_logits: np.ndarray) -> float:
    """The share of right verdicts, originals and forgeries counting one half each.

    Args:
        real_logits, fake_logits: ``(n,)`` each, at least one; 0 itself counts as "forged".
    """
    real_logits, fake_logits = np.asarray(real_logits), np.asarray(fake_logits)
    if not real_logits.size or not fake_logits.size:
        raise InputError("There are no verdicts on one side: give at least one logit of each kind.")
    return float((real_logits > 0).mean() + (fake_logits <= 0).mean()) / 2


@dataclass(frozen=True)
class Calibration:
    """Predicted probabilities against counted shares, one entry for each bin that is not empty.

    Attributes:
        predicted: mean probability of "real" that was given, ``(k,)``.
        observed: the share of these pictures that were real, ``(k,)``.
        count: how many pictures there are in the bin, ``(k,)``.
    """

    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray

    @property
    def error(self) -> float:
        """The mean distance between both, weighted by count (expected calibration error)."""
        return float(np.average(abs(self.predicted - self.observed), weights=self.count))

    @property
    def spread(self) -> np.ndarray:
        """One standard deviation of ``observed`` if the predictions were exactly right."""
        return np.sqrt(self.predicted * (1 - self.predicted) / self.count)


def calibration(real_logits: np.ndarray, fake_logits: np.ndarray, *, bins: int = 10) -> Calibration:
    """Of the pictures that were given about 70 %, are 70 % real? Count.

    Give as many originals as forgeries if the dealer was taught with as many. Source: Guo et al.,
    "On calibration of modern neural networks" (2017), section 2.

    Args:
        real_logits, fake_logits: ``(n,)`` and ``(m,)``, together at least one.
        bins: equal parts of [0, 1], at least 2.
    """
    whole("bins", bins, 2)
    given = probability(np.concatenate([np.ravel(real_logits), np.ravel(fake_logits)]))
    if not given.size:
        raise InputError("There are no verdicts to count: give at least one logit.")
    is_real = np.arange(len(given)) < np.size(real_logits)
    which = np.minimum((given * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    full = count > 0
    predicted = np.bincount(which, given, bins)[full] / count[full]
    observed = np.bincount(which, is_real, bins)[full] / count[full]
    return Calibration(predicted, observed, count[full])


def slopes(discriminator: Any, images: np.ndarray, *, batch_size: int = 250) -> np.ndarray:
    """How the answer changes with every number of the picture: its gradient.

    Source: Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks: visualising image
    classification models and saliency maps" (2014), section 3.1.

    Args:
        discriminator, images, batch_size: as for ``judge``.

    Returns:
        float32 ``(n, ...)``, the shape of ``images``: logit per unit of pixel value, whose whole
        range from -1 to 1 is 2 units.
    """
    import tensorflow as tf

    found = []
    for batch in _parts(_checked(discriminator, images), batch_size):
        pixels = tf.constant(batch)
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            answer = discriminator(pixels, training=False)
        found.append(np.asarray(tape.gradient(answer, pixels)))
    return np.concatenate(found)


def lengths(vectors: np.ndarray) -> np.ndarray:
    """The Euclidean length of each entry: ``(n, ...)`` to ``(n,)``."""
    return np.sqrt((np.asarray(vectors, np.float64).reshape(len(vectors), -1) ** 2).sum(1))


def strength(gradient: np.ndarray) -> np.ndarray:
    """One number a pixel: the length of its three slopes, ``(n, H, W, 3)`` to ``(n, H, W)``."""
    return np.sqrt((np.asarray(gradient) ** 2).sum(-1))


def occlusion(
    discriminator: Any,
    images: np.ndarray,
    *,
    patch: int = 5,
    fill: float | None = None,
    batch_size: int = 500,
) -> np.ndarray:
    """Hide one place after the other, and see what that changes in the answer.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014),
    section 4.2.

    Args:
        discriminator: as for ``judge``.
        images: float32 ``(n, H, W, 3)`` in [-1, 1].
        patch: side of the hidden square in pixels, odd, so that it has a middle.
        fill: the value that hides, in [-1, 1]; None takes the picture's own mean colour.
        batch_size: how many at once.

    Returns:
        float32 ``(n, H, W)``: the logit of the whole picture minus the logit with the square around
        this pixel hidden. Positive: this place spoke for "real". Negative: it gave a forgery away.
    """
    images = _checked(discriminator, images)
    if images.ndim != 4:
        raise InputError(f"The pictures have shape {images.shape}: give (n, H, W, 3).")
    _, height, width, _ = images.shape
    if patch % 2 == 0 or not 1 <= patch <= min(height, width):
        raise InputError(
            f"patch is {patch!r}: give an odd number of pixels from 1 to {min(height, width)}."
        )
    whole = judge(discriminator, images)
    maps = np.empty(images.shape[:3], np.float32)
    half = patch // 2
    for i, image in enumerate(images):
        cover = image.mean((0, 1)) if fill is None else np.float32(fill)
        hidden = np.repeat(image[None], height * width, axis=0)  # (H W, H, W, 3)
        for k in range(height * width):
            y, x = divmod(k, width)
            hidden[k, max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1] = cover
        without = judge(discriminator, hidden, batch_size=batch_size)
        maps[i] = whole[i] - without.reshape(height, width)
    return maps
