"""Differentiable augmentation: show both players' pictures to the dealer slightly changed.

With few pictures the discriminator learns them by heart. If every picture that it sees, real or
fake, is shifted and recoloured a little, it cannot; and as the changes are differentiable, the
generator still learns through them. Source: Zhao et al., "Differentiable augmentation for
data-efficient GAN training" (2020). No cut-out: on small data its holes leak into the samples.
"""

from __future__ import annotations

import tensorflow as tf

from gan_lessons import replicas
from gan_lessons.errors import InputError


def translate(images: tf.Tensor, seed: tf.Tensor, share: float = 0.125) -> tf.Tensor:
    """Shift each picture by up to ``share`` of its size, filling with zeros (grey).

    Args:
        images: float32 ``(B, H, W, C)``.
        seed: two integers, shape ``(2,)``; the same seed gives the same shifts.
        share: the largest shift as a share of height and width, in [0, 1].

    Returns:
        Pictures of the same shape.

    Raises:
        InputError: for a share outside.
    """
    if not 0 <= share <= 1:
        raise InputError(f"share is {share!r}: give a number from 0 to 1.")
    batch, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    seeds = tf.random.split(seed, 2)

    def selector(size: int, seed: tf.Tensor) -> tf.Tensor:
        most = int(size * share + 0.5)
        shift = replicas.draw(
            tf.random.stateless_uniform, (batch, 1), seed, -most, most + 1, tf.int32
        )
        # row i of the new picture is row i - shift of the old one; outside is all zeros
        return tf.one_hot(tf.range(size)[None] - shift, size, dtype=images.dtype)  # (B, size, size)

    # a shift is a product with a matrix of zeros and ones: quick, and so is its gradient
    rows, columns = selector(height, seeds[0]), selector(width, seeds[1])
    channels = images.shape[3]
    x = tf.matmul(rows, tf.reshape(images, (-1, height, width * channels)))
    x = tf.reshape(x, (-1, height, width, channels))  # (B, H, W C) -> (B, H, W, C)
    return tf.einsum("bvw,bhwc->bhvc", columns, x)


def colour(images: tf.Tensor, seed: tf.Tensor, strength: float = 0.5) -> tf.Tensor:
    """Change brightness, saturation and contrast of each picture at random.

    Args:
        images: float32 ``(B, H, W, 3)``.
        seed: two integers, shape ``(2,)``.
        strength: 1 is the strength of the paper; 0 changes nothing.

    Returns:
        Pictures of the same shape; colours may leave [-1, 1].
    """
    shape = (3, tf.shape(images)[0], 1, 1, 1)
    draws = replicas.draw(tf.random.stateless_uniform, shape, seed, -0.5, 0.5, axis=1)
    brightness, saturation, contrast = tf.unstack(draws * strength)
    x = images + brightness
    grey = tf.reduce_mean(x, axis=3, keepdims=True)
    x = grey + (x - grey) * (1 + 2 * saturation)
    mean = tf.reduce_mean(x, axis=(1, 2, 3), keepdims=True)
    return mean + (x - mean) * (1 + contrast)


def translate_and_colour(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Both changes with their default strengths: what the default recipe uses.

    Args:
        images: float32 ``(B, H, W, 3)`` in [-1, 1].
        seed: two integers, shape ``(2,)``.

    Returns:
        Pictures of the same shape; colours may leave [-1, 1] a little.
    """
    seeds = tf.random.split(seed, 2)
    return translate(colour(images, seeds[0]), seeds[1])
