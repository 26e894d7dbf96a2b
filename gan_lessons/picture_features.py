"""What a picture is described by before it is compared: numbers from a network and its colours.

A distance on one layer of a classifier does not see everything: a set in nearly one colour can
score better than a colourful one. So the features here come from three depths of the network and
from the colours themselves. Numbers of other networks, such as Inception's FID, are on another
scale and cannot be compared with these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan_lessons.distances import Distance, kernel_distance, pairwise, relative_spread
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images

AT_ONCE = 2000  # real pictures that are compared with all forgeries at a time
PARTS = ("shallow", "middle", "deep", "colour")


def features(
    images: np.ndarray, *, parts: tuple[str, ...] = PARTS, batch_size: int = 250
) -> np.ndarray:
    """Describe each picture by a vector.

    Args:
        images: float32 ``(N, H, W, 3)`` in [-1, 1]; sizes other than 32 are averaged down or
            repeated up to it.
        parts: which of ``"shallow"`` (64 numbers), ``"middle"`` (96) and ``"deep"`` (192), the
            pooled activations at three depths, and ``"colour"`` (51, see ``colour_features``).
            Each depth is scaled to a mean square of 1 in each picture, so that no depth drowns
            the others.
        batch_size: pictures at once.

    Returns:
        float32 ``(N, F)``.

    Raises:
        InputError: for another shape or range, NaN, or an unknown part.
    """
    from gan_lessons import feature_network

    unknown = [part for part in parts if part not in PARTS]
    if unknown or not parts:
        raise InputError(f"There is no part {unknown or parts!r}: choose from {', '.join(PARTS)}.")
    images = _resized(check_images(images), 32)
    network = feature_network.load()
    rows = []
    for i in range(0, len(images), batch_size):
        batch = images[i : i + batch_size]
        depths = dict(zip(PARTS, network(batch, training=False)[:3], strict=False))
        found = {name: _unit(np.asarray(value)) for name, value in depths.items()}
        found["colour"] = colour_features(batch)
        rows.append(np.concatenate([found[part] for part in parts], axis=1))
    return np.concatenate(rows)


def _unit(x: np.ndarray) -> np.ndarray:
    return x / (np.sqrt((x**2).mean(1, keepdims=True)) + 1e-6)


def _resized(images: np.ndarray, size: int) -> np.ndarray:
    n, h, w, _ = images.shape
    if h != w or max(h, size) % min(h, size):
        raise InputError(
            f"The pictures are {h} x {w}: give square ones with a power of two as their side."
        )
    if h > size:
        f = h // size
        return images.reshape(n, size, f, size, f, 3).mean((2, 4))
    return images.repeat(size // h, axis=1).repeat(size // h, axis=2)


def colour_features(images: np.ndarray) -> np.ndarray:
    """Colours alone: the picture at 4 x 4 pixels and the contrast of each channel.

    Args:
        images: float32 ``(N, H, W, 3)`` in [-1, 1].

    Returns:
        float32 ``(N, 51)``: 48 mean values and three standard deviations, all doubled, so that
        their mean square is near that of the other parts.
    """
    small = _resized(np.asarray(images, np.float32), 4).reshape(len(images), -1)
    return 2 * np.concatenate([small, np.asarray(images).std((1, 2))], axis=1, dtype=np.float32)


def colour_distance(samples: np.ndarray, real: np.ndarray) -> Distance:
    """The kernel distance on ``colour_features``: colours and coarse layout, no network.

    Args:
        samples: forgeries, float32 ``(N, H, W, 3)`` in [-1, 1], N at least 3.
        real: the reference, ``(M, H, W, 3)``, M at least 6.
    """
    return kernel_distance(features(samples, parts=("colour",)), features(real, parts=("colour",)))


@dataclass(frozen=True)
class NearestReal:
    """For each forgery, the real picture that is nearest.

    Attributes:
        indices: int ``(N,)`` into the real pictures.
        distances: float ``(N,)``: root mean square difference of pixels (of 2, the whole range),
            or Euclidean distance of features.
    """

    indices: np.ndarray
    distances: np.ndarray


def nearest_real(samples: np.ndarray, real: np.ndarray, space: str = "pixels") -> NearestReal:
    """Find out whether forgeries are copies.

    Args:
        samples: forgeries, float32 ``(N, H, W, 3)`` in [-1, 1].
        real: the training pictures, ``(M, H, W, 3)``; their mirror images are tried as well.
        space: ``"pixels"`` or ``"features"``.

    Raises:
        InputError: for pictures of another shape or range, none at all, or an unknown space.
    """
    samples, real = check_images(samples), check_images(real)
    if space not in ("pixels", "features"):
        raise InputError(f"There is no space {space!r}: choose 'pixels' or 'features'.")
    if samples.shape[1:] != real.shape[1:]:
        raise InputError(
            f"The forgeries have shape {samples.shape[1:]} and the real pictures {real.shape[1:]}: "
            "give both at the same size."
        )
    describe: Callable[[np.ndarray], np.ndarray] = _flat if space == "pixels" else features
    scale = np.sqrt(samples[0].size) if space == "pixels" else 1.0
    described = describe(samples)
    indices, distances = np.zeros(len(samples), int), np.full(len(samples), np.inf)
    for mirror in (1, -1):
        for start in range(0, len(real), AT_ONCE):  # all of them would not fit into memory
            table = pairwise(described, describe(real[start : start + AT_ONCE, :, ::mirror]))
            best = table.argmin(1)
            found = table[np.arange(len(best)), best] / scale
            closer = found < distances
            indices[closer], distances[closer] = start + best[closer], found[closer]
    return NearestReal(indices, distances)


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)  # (N, H, W, 3) -> (N, 3 H W)


def diversity(samples: np.ndarray, real: np.ndarray) -> float:
    """How different the samples are from each other, in units of how different real ones are.

    The mean distance between two forgeries' features divided by that between two real pictures':
    1 is as varied as reality, 0 is one picture again and again.

    Args:
        samples: forgeries, float32 ``(N, H, W, 3)`` in [-1, 1], N at least 2.
        real: real pictures, ``(M, H, W, 3)``, M at least 2.

    Raises:
        InputError: for fewer, or real pictures that are all the same.
    """
    return relative_spread(features(samples), features(real))
