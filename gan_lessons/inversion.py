"""From a picture back to a latent vector: find the z whose forgery looks like a given picture.

There is no formula for this, but there is a gradient: start from the random vectors whose
pictures come nearest, and let an optimizer walk z (not the network) downhill. Source: Zhu,
Krähenbühl, Shechtman and Efros, "Generative visual manipulation on the natural image manifold"
(2016), section 3.1, equation 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons import distances, latent
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images


@dataclass(frozen=True)
class Inversion:
    """What came of it, for ``n`` pictures.

    Attributes:
        latents: float32 ``(n, latent_dim)``.
        pictures: the generator's pictures of them.
        errors: float ``(n,)``: root mean square difference of pixels (of 2, the whole range).
        history: float ``(steps, n)``: the error of each picture's best start before each step.
    """

    latents: np.ndarray
    pictures: np.ndarray
    errors: np.ndarray
    history: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """The lengths of the latents, ``(n,)``; random ones are about the root of latent_dim."""
        return np.linalg.norm(self.latents, axis=1)


def invert(
    generator: Any,
    pictures: np.ndarray,
    *,
    prior: float = 0.0,
    steps: int = 200,
    starts: int = 3,
    pool: int = 500,
    learning_rate: float = 0.1,
    seed: int = 0,
) -> Inversion:
    """Find latent vectors whose pictures look like the given ones.

    Minimises, for each picture x, ``mean((G(z) - x)²) + prior (|z| / √d - 1)²`` with Adam, whose
    learning rate falls to nearly 0 along half a cosine. The second term keeps z as long as the
    random vectors are that the generator was trained on; without it z may leave them.

    Args:
        generator: a Keras model from latents ``(B, d)`` to pictures ``(B, H, W, 3)``.
        pictures: float32 ``(n, H, W, 3)`` in [-1, 1].
        prior: the weight of the second term, at least 0.
        steps: of Adam, at least 1.
        starts: how many starting points each picture gets; the best end is kept.
        pool: how many random vectors to choose the starting points from.
        learning_rate: of Adam, at first.
        seed: of the random vectors.

    Raises:
        InputError: for pictures that this generator cannot make, or impossible numbers.
    """
    import keras
    import tensorflow as tf

    pictures = check_images(pictures)
    if pictures.shape[1:] != tuple(generator.output_shape[1:]):
        raise InputError(
            f"The pictures have shape {pictures.shape[1:]} but this generator makes "
            f"{tuple(generator.output_shape[1:])}: load them with that image_size."
        )
    if steps < 1 or not 1 <= starts <= pool or prior < 0:
        raise InputError(
            f"steps={steps}, starts={starts}, pool={pool}, prior={prior}: give at least 1 step, "
            "from 1 to pool starts, and a prior of at least 0."
        )
    n, dim = len(pictures), int(generator.input_shape[-1])
    candidates = latent.vectors(pool, dim, seed)
    painted = latent.generate(generator, candidates)
    table = distances.pairwise(pictures.reshape(n, -1), painted.reshape(pool, -1))
    nearest = np.argsort(table, axis=1)[:, :starts].reshape(-1)  # (n, pool) -> (n starts,)
    z = tf.Variable(candidates[nearest])
    goal = tf.repeat(tf.constant(pictures), starts, axis=0)
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, steps, alpha=0.01)
    optimizer = keras.optimizers.Adam(schedule)
    optimizer.build([z])

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(z)
            squares = tf.reduce_mean((generator(z, training=False) - goal) ** 2, (1, 2, 3))
            length = tf.norm(z, axis=1) / dim**0.5
            loss = squares + prior * (length - 1) ** 2
        # each row's loss depends on its own z alone, so the gradient of the sum serves all
        optimizer.apply_gradients([(tape.gradient(loss, z), z)])
        return tf.stack([squares, loss])  # (2, n starts)

    rows = np.stack([np.asarray(step()) for _ in range(steps)])
    ends = z.numpy()
    final = latent.generate(generator, ends)
    squares = ((final - goal.numpy()) ** 2).mean((1, 2, 3))
    loss = squares + prior * (np.linalg.norm(ends, axis=1) / dim**0.5 - 1) ** 2
    best = loss.reshape(n, starts).argmin(1) + starts * np.arange(n)
    return Inversion(ends[best], final[best], np.sqrt(squares[best]), np.sqrt(rows[:, 0, best]))
