"""Which modes of a distribution a set of points or pictures covers: mode collapse, counted."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from gan_lessons.distances import pairwise
from gan_lessons.errors import InputError
from gan_lessons.picture_features import features
from gan_lessons.sketch import sketch_frogs


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
