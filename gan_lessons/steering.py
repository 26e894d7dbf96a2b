"""Directions that change one factor of a picture, and how cleanly they do.

A regression of readings (``factors``) on latent vectors gives each factor a direction. Directions
that change one factor and leave the others alone are called disentangled, and that is measured.

Sources: Shen, Gu, Tang and Zhou, "Interpreting the latent space of GANs for semantic face
editing" (2020), section 3, for directions from labels and for keeping them apart; Eastwood and
Williams, "A framework for the quantitative evaluation of disentangled representations" (2018),
for measuring by a table of codes against factors.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_lessons import latent, sketch
from gan_lessons.directions import Direction
from gan_lessons.errors import InputError
from gan_lessons.factors import BACKGROUNDS, NUMBERS, Reader, ridge

#: What a low and a high reading look like; "day" stands for the three other backgrounds.
ENDS = {
    "x": ("left", "right"), "y": ("higher", "lower"), "size": ("smaller", "larger"),
    "turn": ("leaning left", "leaning right"), "gaze": ("looking left", "looking right"),
    "spots": ("faint spots", "strong spots"), "light": ("dimmer", "brighter"),
    "hue": ("hue down", "hue up"), "night": ("day", "night"),
}  # fmt: skip


def slopes(z: np.ndarray, readings: np.ndarray) -> np.ndarray:
    """How much each reading rises when one number of the latent vector rises by 1.

    Args:
        z: latents ``(n, latent_dim)``, n well above ``latent_dim``.
        readings: of their pictures, ``(n, K)``.

    Returns:
        ``(K, latent_dim)``, from a linear regression of the readings on z.
    """
    if len(z) != len(readings) or len(z) < 2 * z.shape[1]:
        raise InputError(
            f"{len(z)} latents and {len(readings)} readings: give as many of both, and at least "
            f"{2 * z.shape[1]}, twice as many as a latent vector has numbers."
        )
    return ridge(z, readings)[:-1].T


def steepest(slopes: np.ndarray) -> np.ndarray:
    """For each factor the direction in which its reading rises fastest, whatever else moves.

    Args:
        slopes: ``(K, latent_dim)``.

    Returns:
        float32 ``(K, latent_dim)``, each of length 1.
    """
    return _unit(slopes)


def apart(slopes: np.ndarray) -> np.ndarray:
    """For each factor the shortest step that, to first order, moves no other reading.

    Written as columns, the steps are the pseudo-inverse of the slopes: slopes @ steps = 1,
    so the k-th step raises the k-th reading by one and the others by zero.

    Args:
        slopes: ``(K, latent_dim)``, K at most ``latent_dim``.

    Returns:
        float32 ``(K, latent_dim)``, each of length 1.
    """
    return _unit(np.linalg.pinv(slopes).T)


def named(reader: Reader, directions: np.ndarray) -> list[Direction]:
    """Directions with words for both ends, for ``page.latent_sliders(..., along=...)``.

    Args:
        reader: K factors.
        directions: ``(K, latent_dim)``, each of length 1.
    """
    ends = [ENDS.get(name, (f"no {name}", name)) for name in reader.names]
    return [
        Direction(vector, low, high, float("nan"))
        for vector, (low, high) in zip(directions, ends, strict=True)
    ]


def walk(z: np.ndarray, direction: np.ndarray, places: Sequence[float] | np.ndarray) -> np.ndarray:
    """One latent vector at several places along a direction, all else unchanged.

    Args:
        z: ``(latent_dim,)``.
        direction: ``(latent_dim,)`` of length 1.
        places: what ``z @ direction`` shall be, P numbers.

    Returns:
        float32 ``(P, latent_dim)``.
    """
    by = np.asarray(places, np.float32)[:, None] - z @ direction
    return (z + by * direction).astype(np.float32)


def _unit(x: np.ndarray) -> np.ndarray:
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def effects(
    generator: Any,
    reader: Reader,
    directions: np.ndarray,
    *,
    reach: float = 1.5,
    samples: int = 100,
    seed: int = 5,
) -> np.ndarray:
    """What a walk along each direction does to each reading.

    Each of ``samples`` random vectors is set to -reach and to +reach along a direction; both
    pictures are read, and the change is averaged.

    Args:
        generator: from latents to pictures.
        reader: K factors.
        directions: ``(M, latent_dim)``, each of length 1.
        reach: how far to go each way.
        samples: how many pictures to start from.
        seed: of those pictures.

    Returns:
        ``(M, K)``, in spreads of the drawings.
    """
    z = latent.vectors(samples, directions.shape[1], seed)
    rows = []
    for d in directions:
        base = z - np.outer(z @ d, d)
        low, high = (reader(latent.generate(generator, base + s * reach * d)) for s in (-1, 1))
        rows.append((high - low).mean(0))
    return np.stack(rows)


def drawn_effects(reader: Reader, *, samples: int = 200, seed: int = 6) -> np.ndarray:
    """The same table for the drawing program, which moves one factor and nothing else.

    Each drawing is made twice, with the factor at the lowest and at the highest quarter of its
    range, or without and with the background or species. What shows beside the diagonal is the
    reader's mistake, or one background taking the place of another; so this is about the best
    table that the reader could show of any generator.

    Returns:
        ``(K, K)``, in spreads of the drawings.
    """
    factors, spots = sketch.random_factors(samples, seed)
    rows = []
    for name in reader.names:
        low, high = (reader(sketch.draw(f, spots)) for f in _two_ends(factors, name))
        rows.append((high - low).mean(0))
    return np.stack(rows)


def _two_ends(factors: sketch.Factors, name: str) -> tuple[sketch.Factors, sketch.Factors]:
    if name in NUMBERS:
        low, high = np.quantile(getattr(factors, name), (0.25, 0.75))
        ends = np.full(len(factors), low), np.full(len(factors), high)
        field = name
    else:
        field, kinds = (
            ("background", BACKGROUNDS) if name in BACKGROUNDS else ("species", sketch.SPECIES)
        )
        this = kinds.index(name)
        others = getattr(factors, field)
        ends = (
            np.where(others == this, (this + 1) % len(kinds), others),
            np.full(len(factors), this),
        )
    return tuple(dataclasses.replace(factors, **{field: end}) for end in ends)  # type: ignore


def own_share(table: np.ndarray) -> np.ndarray:
    """How clean each direction is: its effect on its own factor as a share of all its effects.

    Args:
        table: ``(K, K)``, the k-th row for the direction of the k-th factor.

    Returns:
        ``(K,)`` from 0 to 1; 1 moves its own factor alone, 1/K all factors alike.
    """
    table = np.abs(table)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise InputError(f"The table has shape {table.shape}: give one row for each factor.")
    return np.diag(table) / table.sum(1)
