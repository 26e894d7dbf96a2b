"""Does a trick help? The same game with it and without it, several times each.

Two test beds: points on a ring, eight games at once (see ``worlds``), and small drawn frogs, one
game after the other. A trick is a difference: keyword arguments that change what they name.
``comparison.py`` judges what comes out.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_lessons import data, gan, latent, metrics, models
from gan_lessons.errors import InputError

RATE = 2e-3  # of both players: quick, so that a few hundred rounds show something
FEW = 20  # rounds that are not worth compiling for


def adam(rate: float, beta_1: float = gan.BETA_1) -> keras.optimizers.Optimizer:
    """The optimizer of both players unless a trick says otherwise."""
    return keras.optimizers.Adam(rate, beta_1=beta_1)


# ---------------------------------------------------------------- the ring


def play(
    *,
    worlds: int = 8,
    rounds: int = 1500,
    batch_size: int = 64,
    samples: int = 1000,
    game: type[gan.GAN] = gan.GAN,
    painter: Mapping[str, Any] | None = None,
    dealer: Mapping[str, Any] | None = None,
    optimizer: Callable[[float], keras.optimizers.Optimizer] = adam,
    painter_rate: float = RATE,
    dealer_rate: float = RATE,
    seed: int = 0,
    **options: Any,
) -> np.ndarray:
    """Play the game on the ring in several worlds and show what their painters make at the end.

    Args:
        worlds: independent games, at least 2.
        rounds: of each.
        batch_size: originals in a round, in each world.
        samples: points that each painter makes at the end.
        game: ``GAN`` or a variant of it.
        painter, dealer: what differs in ``models.point_generator`` and ``point_discriminator``.
        optimizer: a function of the learning rate.
        painter_rate, dealer_rate: the learning rates.
        seed: the first world's; the others follow.
        options: what differs in ``GAN``. The averaged painter is judged; by default
            ``ema_decay`` is 0, which makes him the last one.

    Returns:
        float32 ``(worlds, samples, 2)``.
    """
    if worlds < 2 or rounds < 1:
        raise InputError(f"worlds is {worlds} and rounds {rounds}: give at least 2 and 1.")
    size: dict[str, Any] = {"hidden": 32, "worlds": worlds}
    made = game(
        models.point_generator(**size, **(painter or {}), seed=seed),
        models.point_discriminator(**size, **(dealer or {}), seed=seed + 100),
        **{"ema_decay": 0.0, "seed": seed, **options},
    )
    made.compile(
        optimizer(dealer_rate), optimizer(painter_rate),
        steps_per_execution=math.gcd(rounds, 100), run_eagerly=rounds < FEW,
    )  # fmt: skip
    originals = data.batches(data.ring(4096, seed), batch_size * worlds, seed)
    made.fit(originals, steps_per_epoch=rounds, verbose=0)
    z = latent.vectors(worlds * samples, made.latent_dim, seed)
    points = np.asarray(made.ema_generator(z, training=False))
    return points.reshape(worlds, samples, 2)  # (w s, 2) -> (w, s, 2)


def misplaced(points: np.ndarray) -> np.ndarray:
    """The share of points that would have to move to give each cloud of the ring its fair share.

    Args:
        points: ``(n, 2)``, or ``(worlds, n, 2)``.

    Returns:
        A number from 0 (an eighth on each of the eight clouds) to 1 (no point on any), or one for
        each world.
    """
    points = np.asarray(points)
    if points.ndim == 3:
        return np.array([misplaced(world) for world in points])
    centres = data.ring_centres()
    shares = metrics.mode_coverage(points, centres).counts / len(points)
    return np.maximum(1 / len(centres) - shares, 0).sum()


def ring(**trick: Any) -> np.ndarray:
    """The misplaced share in each world, shape ``(worlds,)``; arguments as for ``play``."""
    return misplaced(play(**trick))


# ---------------------------------------------------------------- small frogs


@dataclass(frozen=True)
class FrogScores:
    """What came out: one number a try, and some pictures of the last try.

    Attributes:
        distance: kernel distance x 1000 of the averaged painter's pictures to new drawings.
        last: the same for the last painter.
        memory: by how much the dealer's mean logit for the originals that he learnt from exceeds
            that for new ones: 0 if he judges, large if he knows them by heart.
        known: the originals of the last try, float32 ``(n, size, size, 3)``.
        averaged_sheet, last_sheet: up to 16 forgeries of the averaged and of the last painter, from
            the same latent vectors.
    """

    distance: np.ndarray
    last: np.ndarray
    memory: np.ndarray
    known: np.ndarray
    averaged_sheet: np.ndarray
    last_sheet: np.ndarray


class _Again(gan.GAN):
    """A game that starts again without being compiled again: its seed is a variable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn = keras.Variable(0, dtype="int32", trainable=False)

    def draw_seed(self, purpose: int, step: Any) -> tf.Tensor:
        seed = super().draw_seed(purpose, step)
        return tf.random.experimental.stateless_fold_in(seed, self.turn.value)

    def compile(self, *args: Any, **kwargs: Any) -> None:
        super().compile(*args, **kwargs)
        self._blank = [variable.numpy() for variable in self.memories()]

    def memories(self) -> list[Any]:
        return [*self.d_optimizer.variables, *self.g_optimizer.variables]

    def start(self, generator: keras.Model, discriminator: keras.Model, turn: int) -> None:
        """Take over weights, forget what the optimizers remember, draw other random numbers."""
        pairs = [
            (self.generator, generator),
            (self.ema_generator, generator),
            (self.discriminator, discriminator),
        ]
        for own, other in pairs:
            for variable, value in zip(own.variables, other.variables, strict=True):
                variable.assign(value)
        for variable, value in zip(self.memories(), self._blank, strict=True):
            variable.assign(value)
        self.turn.assign(turn)


@functools.cache
def _new_frogs(n: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    images = data.sketch_frogs(n, 9, image_size=size)[0]
    return images, metrics.features(images)


def frogs(
    *,
    tries: int = 4,
    rounds: int = 300,
    pictures: int = 20,
    batch_size: int = 16,
    samples: int = 300,
    size: int = 16,
    width: int = 16,
    rate: float = RATE,
    dealer: Mapping[str, Any] | None = None,
    **options: Any,
) -> FrogScores:
    """Play the game on a few small drawn frogs, several times, each time on others.

    Args:
        tries: how often.
        rounds: of each try.
        pictures: originals in each try.
        samples: forgeries to judge, and new drawings to judge them by.
        batch_size, size, rate: of the game, its pictures and both optimizers.
        width: the painter's; the dealer's is twice as large, so that he can learn by heart.
        dealer: what differs in ``models.discriminator``.
        options: what differs in ``GAN``.
    """
    if tries < 1 or rounds < 1:
        raise InputError(f"tries is {tries} and rounds {rounds}: give at least 1 of each.")
    new, reference = _new_frogs(samples, size)
    rows: list[list[float]] = []
    for turn in range(tries):
        pair = (
            models.generator(32, size, width, seed=2 * turn),
            models.discriminator(size, 2 * width, seed=2 * turn + 1, **(dealer or {})),
        )
        if not turn:
            made = _Again(*pair, **{"ema_decay": 0.99, "seed": 0, **options})
            made.compile(
                adam(rate), adam(rate),
                steps_per_execution=math.gcd(rounds, 50), run_eagerly=rounds < FEW,
            )  # fmt: skip
        made.start(*pair, turn)
        known = data.sketch_frogs(pictures, 1000 + turn, image_size=size)[0]
        made.fit(data.batches(known, batch_size, turn), steps_per_epoch=rounds, verbose=0)
        z = latent.vectors(len(new), made.latent_dim, turn)
        forged = [latent.generate(g, z) for g in (made.ema_generator, made.generator)]
        apart = [
            1000 * metrics.kernel_distance(metrics.features(x), reference).value for x in forged
        ]
        verdicts = [float(np.mean(made.discriminator(x, training=False))) for x in (known, new)]
        rows.append([*apart, verdicts[0] - verdicts[1]])
    distance, last, memory = np.array(rows).T
    return FrogScores(distance, last, memory, known, forged[0][:16], forged[1][:16])
