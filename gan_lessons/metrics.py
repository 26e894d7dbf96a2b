"""How good is a forgery? Distances on what a small CIFAR-10 network and the colours say.

A distance on one layer of a classifier does not see everything: a set in nearly one colour can
score better than a colourful one. So the features here come from three depths of the network and
from the colours themselves. Numbers of other networks, such as Inception's FID, are on another
scale and cannot be compared with these.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons.distances import (
    Distance,
    PrecisionRecall,
    frechet_distance,
    kernel_distance,
    pairwise,
    precision_recall,
    spread,
)
from gan_lessons.errors import InputError

__all__ = [
    "Coverage", "Distance", "NearestReal", "PrecisionRecall", "Report", "colour_distance",
    "colour_features", "diversity", "evaluate", "features", "frechet_distance",
    "kernel_distance", "mode_coverage", "nearest_real", "precision_recall", "species_coverage",
]  # fmt: skip

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
    images = _resized(feature_network.check_images(images), 32)
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
        real: the reference, ``(M, H, W, 3)``, M at least 3.
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
    """
    if space not in ("pixels", "features"):
        raise InputError(f"There is no space {space!r}: choose 'pixels' or 'features'.")
    if samples.shape[1:] != real.shape[1:]:
        raise InputError(
            f"The forgeries have shape {samples.shape[1:]} and the real pictures {real.shape[1:]}: "
            "give both at the same size."
        )
    both = np.concatenate([real, real[:, :, ::-1]])
    if space == "pixels":
        a, b = (x.reshape(len(x), -1) for x in (samples, both))
        table = pairwise(a, b) / np.sqrt(a.shape[1])
    else:
        table = pairwise(features(samples), features(both))
    best = table.argmin(1)
    return NearestReal(best % len(real), table[np.arange(len(best)), best])


def diversity(samples: np.ndarray, real: np.ndarray) -> float:
    """How different the samples are from each other, in units of how different real ones are.

    The mean distance between two forgeries' features divided by that between two real pictures':
    1 is as varied as reality, 0 is one picture again and again.
    """
    return spread(features(samples)) / spread(features(real))


@dataclass(frozen=True)
class Coverage:
    """Which modes were found.

    Attributes:
        counts: int ``(modes,)``: samples on each mode.
        covered: modes with at least a tenth of their fair share.
        on_modes: share of the samples that are on any mode.
    """

    counts: np.ndarray
    covered: int
    on_modes: float


def _coverage(nearest: np.ndarray, modes: int, total: int) -> Coverage:
    counts = np.bincount(nearest, minlength=modes)
    return Coverage(counts, int((counts >= 0.1 * total / modes).sum()), len(nearest) / total)


def mode_coverage(points: np.ndarray, centres: np.ndarray, radius: float = 0.15) -> Coverage:
    """Which modes of a ring or a grid a cloud of points covers.

    Args:
        points: ``(N, 2)``.
        centres: ``(modes, 2)``, from ``data.ring_centres`` or ``data.grid_centres``.
        radius: how near counts as on the mode; three deviations of the ring's clouds.
    """
    points, centres = _pair_of_points(points, centres)
    table = pairwise(points, centres)
    return _coverage(table.argmin(1)[table.min(1) <= radius], len(centres), len(points))


def _pair_of_points(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    points, centres = np.asarray(points), np.asarray(centres)
    if points.ndim != 2 or centres.ndim != 2 or points.shape[1] != centres.shape[1]:
        raise InputError(
            f"The points have shape {points.shape} and the centres {centres.shape}: give (N, 2) "
            "and (modes, 2)."
        )
    if not len(points) or not np.isfinite(points).all():
        raise InputError("There are no points, or some are NaN: give finite ones.")
    return points, centres


@functools.cache
def _species_examples() -> tuple[np.ndarray, np.ndarray, float]:
    """Features and species of drawn frogs, and the distance that a drawn frog seldom exceeds."""
    from gan_lessons.data import sketch_frogs

    images, factors = sketch_frogs(1600, seed=77)
    known, fresh = features(images[:1200]), features(images[1200:])
    limit = float(np.quantile(pairwise(fresh, known).min(1), 0.99))
    return known, factors.species[:1200], limit


def species_coverage(images: np.ndarray) -> Coverage:
    """Which of the eight drawn species a set of pictures covers.

    Each picture gets the species of its nearest neighbours (five vote) among 1,200 drawings; one
    that is further from all of them than 99 % of new drawings are is on no mode.

    Args:
        images: float32 ``(N, H, W, 3)`` in [-1, 1].
    """
    known, species, limit = _species_examples()
    table = pairwise(features(images), known)
    votes = species[np.argpartition(table, 5, axis=1)[:, :5]]  # (N, 5)
    winners = np.array([np.bincount(row, minlength=8).argmax() for row in votes])
    return _coverage(winners[table.min(1) <= limit], 8, len(images))


@dataclass(frozen=True)
class Report:
    """The verdict on a set of forgeries.

    Attributes:
        kernel: kernel distance on all features, colours included. Alone it is no verdict: it
            forgives six frogs again and again more easily than a mild blur.
        frechet: Fréchet distance on the deep features.
        colour: kernel distance on the colours alone.
        precision, recall, coverage: see ``PrecisionRecall``.
        diversity: see ``diversity``.
        nearest: median distance of a forgery to the nearest training picture, in pixels, divided
            by the same for held-out real pictures: far below 1 means copies.
        samples, reference: how many pictures were compared.
    """

    kernel: Distance
    frechet: Distance
    colour: Distance
    precision: float
    recall: float
    coverage: float
    diversity: float
    nearest: float
    samples: int
    reference: int

    @property
    def verdict(self) -> float:
        """One number to rank sets by, smaller is better: ``1 - F1 + colour``.

        F1 is the harmonic mean of precision and recall, so that neither believable nor varied
        forgeries suffice alone; the colour distance orders sets that fail in both. It puts real
        before blurred before collapsed sets (few modes, one colour, noise). Among collapsed sets
        its order is not reliable: for horses, cats and trucks it contradicts the eye.
        """
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        return 1 - f1 + self.colour.value

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        return {**dataclasses.asdict(self), "verdict": self.verdict}

    def __str__(self) -> str:
        def scaled(d: Distance) -> str:
            return str(Distance(*(1000 * v for v in (d.value, d.error, d.floor))))

        return "\n".join(
            [
                f"verdict {self.verdict:.3f} (smaller is better)",
                f"kernel distance x 1000   {scaled(self.kernel)}",
                f"of colours alone x 1000  {scaled(self.colour)}",
                f"Frechet distance         {self.frechet}",
                f"precision {self.precision:.2f}   recall {self.recall:.2f}   "
                f"coverage {self.coverage:.2f}   diversity {self.diversity:.2f} (real: 1)",
                f"nearest training picture {self.nearest:.2f} (held-out real pictures: 1)",
                f"({self.samples} forgeries against {self.reference} held-out pictures)",
            ]
        )


def evaluate(samples: np.ndarray, test: np.ndarray, train: np.ndarray) -> Report:
    """Judge forgeries against pictures that the training never saw.

    Args:
        samples: forgeries, float32 ``(N, H, W, 3)`` in [-1, 1], N at least 20.
        test: held-out real pictures, at least 20.
        train: the pictures trained on, to look for copies among.
    """
    fake, real = features(samples), features(test)
    colours, deep = slice(-51, None), slice(-51 - 192, -51)
    neighbours = precision_recall(fake, real)
    few = slice(0, 200)
    copies = np.median(nearest_real(samples[few], train).distances)
    fresh = np.median(nearest_real(test[few], train).distances)
    return Report(
        kernel=kernel_distance(fake, real),
        frechet=frechet_distance(fake[:, deep], real[:, deep]),
        colour=kernel_distance(fake[:, colours], real[:, colours]),
        precision=neighbours.precision,
        recall=neighbours.recall,
        coverage=neighbours.coverage,
        diversity=spread(fake) / spread(real),
        nearest=float(copies / fresh),
        samples=len(samples),
        reference=len(test),
    )
