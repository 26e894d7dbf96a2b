"""The networks: a DCGAN pair for pictures of any power-of-two size, and a small pair for points.

After Radford, Metz and Chintala, "Unsupervised representation learning with deep convolutional
generative adversarial networks" (2016): strides instead of pooling, no dense layer in the middle,
batch normalisation in the generator, LeakyReLU, tanh at the end. The discriminator has no batch
normalisation: it costs a third of a small network's step on a CPU, and it lets the discriminator
compare pictures within a batch instead of judging each one.

Under Keras's policy ``mixed_bfloat16`` the hidden layers compute in bfloat16; pictures and logits
are float32 always, for in bfloat16 a picture has 128 steps between 0.5 and 1 and a loss no more.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

from gan_lessons import mixed_precision, replicas
from gan_lessons import worlds as side_by_side
from gan_lessons.counts import whole
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_size

SMALLEST = 4  # both networks meet the latent vector at 4 x 4 pixels
SLOPE = 0.2  # LeakyReLU's slope below zero, as in DCGAN


def _stages(image_size: int) -> int:
    """How many times 4 pixels must be doubled to make ``image_size``."""
    check_size(image_size)
    return int(image_size).bit_length() - SMALLEST.bit_length()


def _seed(seed: int | None) -> int | None:
    return None if seed is None else whole("seed", seed, 0)


def _normal(seed: int | None, layer: int) -> Any:
    """DCGAN's weights: normal with deviation 0.02, a different stream for each layer."""
    return keras.initializers.RandomNormal(
        stddev=0.02, seed=None if seed is None else seed * 1000 + layer
    )


def generator(
    latent_dim: int = 64, image_size: int = 32, width: int = 32, *, seed: int | None = None
) -> keras.Model:
    """The painter: a latent vector in, a picture out.

    Args:
        latent_dim: length of the latent vector, at least 1.
        image_size: height and width of the picture in pixels, a power of two from 8 up.
        width: channels of the last hidden stage; earlier stages have up to four times as many.
        seed: makes the initial weights reproducible.

    Returns:
        A model from float32 ``(B, latent_dim)``, standard normal, to float32
        ``(B, image_size, image_size, 3)`` in [-1, 1].

    Raises:
        InputError: for a size that is no power of two, other numbers below 1, or a negative seed.
    """
    latent_dim, width, seed = whole("latent_dim", latent_dim), whole("width", width), _seed(seed)
    stages = _stages(image_size)
    channels = [width * min(4, 2 ** (stages - 1 - i)) for i in range(stages)]
    everyone = replicas.count() > 1  # the statistics of the whole batch, on several devices too

    z = keras.Input((latent_dim,), name="latent")  # (B, latent_dim)
    x = layers.Dense(4 * 4 * channels[0], use_bias=False, kernel_initializer=_normal(seed, 0))(z)
    x = layers.Reshape((4, 4, channels[0]))(x)  # (B, 16c) -> (B, 4, 4, c)
    for i, c in enumerate(channels):
        if i:  # (B, s, s, 2c) -> (B, 2s, 2s, c)
            x = layers.Conv2DTranspose(
                c, 4, 2, "same", use_bias=False, kernel_initializer=_normal(seed, i)
            )(x)
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, synchronized=everyone)(x)
        x = layers.LeakyReLU(negative_slope=SLOPE)(x)
    x = layers.Conv2DTranspose(
        3, 4, 2, "same", activation="tanh", kernel_initializer=_normal(seed, stages),
        dtype="float32", name="picture",
    )(x)  # (B, size/2, size/2, w) -> (B, size, size, 3)  # fmt: skip
    return keras.Model(z, x, name="generator")


def discriminator(
    image_size: int = 32,
    width: int = 32,
    *,
    dropout: float = 0.0,
    spectral_norm: bool = False,
    seed: int | None = None,
) -> keras.Model:
    """The dealer: a picture in, one logit out; larger means "more likely real".

    Args:
        image_size: height and width of the picture in pixels, a power of two from 8 up.
        width: channels of the first stage; later stages have up to four times as many.
        dropout: share of features hidden before the verdict, in [0, 1).
        spectral_norm: divide each kernel by its largest singular value, so that the logit cannot
            change much faster than the picture (Miyato et al., 2018), by Keras's layer: one step
            of power iteration each time it is used in training, and the kernel stays divided.
        seed: makes the initial weights and the dropout reproducible.

    Returns:
        A model from float32 ``(B, image_size, image_size, 3)`` in [-1, 1] to logits ``(B, 1)``.

    Raises:
        InputError: for a size that is no power of two, or numbers out of range.
    """
    width, seed = whole("width", width), _seed(seed)
    _share(dropout)
    stages = _stages(image_size)

    def limited(layer: layers.Layer) -> layers.Layer:
        return layers.SpectralNormalization(layer, dtype="float32") if spectral_norm else layer

    picture = keras.Input((image_size, image_size, 3), name="picture")
    x = picture
    for i in range(stages):  # (B, 2s, 2s, c) -> (B, s, s, 2c)
        c = width * min(4, 2**i)
        x = limited(layers.Conv2D(c, 4, 2, "same", kernel_initializer=_normal(seed, i)))(x)
        x = layers.LeakyReLU(negative_slope=SLOPE)(x)
    x = layers.Flatten()(x)  # (B, 4, 4, c) -> (B, 16c)
    if dropout:
        x = layers.Dropout(dropout, seed=seed)(x)
    logit = layers.Dense(1, kernel_initializer=_normal(seed, stages), name="logit", dtype="float32")
    return _seeded(keras.Model(picture, limited(logit)(x), name="discriminator"), seed)


def _share(dropout: float) -> None:
    if not 0 <= dropout < 1:
        raise InputError(f"dropout is {dropout!r}: give a share from 0 up to, not including, 1.")


def _seeded(model: keras.Model, seed: int | None) -> keras.Model:
    """Let the seed decide where Keras's power iterations begin, which takes none itself."""
    for i, layer in enumerate(model.layers):
        if seed is not None and isinstance(layer, layers.SpectralNormalization):
            random = np.random.default_rng([seed, i])
            layer.vector_u.assign(random.standard_normal(layer.vector_u.shape))
    return model


@mixed_precision.policy("float32")  # so small that fewer bits would save nothing
def _point_network(
    name: str,
    inputs: int,
    outputs: int,
    hidden: int,
    depth: int,
    seed: int | None,
    *,
    slope: float,
    worlds: int,
    dropout: float = 0.0,
    spectral_norm: bool = False,
) -> keras.Model:
    hidden, depth, worlds = whole("hidden", hidden), whole("depth", depth), whole("worlds", worlds)
    seed = _seed(seed)

    def dense(units: int, i: int) -> layers.Layer:
        seeds = [None if seed is None else (seed + w) * 1000 + i for w in range(worlds)]
        if worlds > 1:
            return side_by_side.Dense(units, seeds, spectral_norm=spectral_norm)
        one = layers.Dense(units, kernel_initializer=keras.initializers.GlorotUniform(seeds[0]))
        return layers.SpectralNormalization(one) if spectral_norm else one

    x = first = keras.Input((inputs,))
    for i in range(depth):
        x = layers.LeakyReLU(negative_slope=slope)(dense(hidden, i)(x))
        if dropout:
            x = layers.Dropout(dropout, seed=None if seed is None else seed * 1000 + i)(x)
    return _seeded(keras.Model(first, dense(outputs, depth)(x), name=name), seed)


def point_generator(
    latent_dim: int = 8,
    hidden: int = 64,
    depth: int = 2,
    *,
    slope: float = SLOPE,
    worlds: int = 1,
    seed: int | None = None,
) -> keras.Model:
    """A painter of points: latent ``(B, latent_dim)`` to points ``(B, 2)`` in the plane.

    Args:
        latent_dim: length of the latent vector.
        hidden: units of each hidden layer.
        depth: how many hidden layers.
        slope: LeakyReLU's slope below zero; 0 makes it ReLU.
        worlds: so many painters side by side, see ``worlds``; B is then a multiple of it.
        seed: makes the initial weights reproducible; world w begins as the one of ``seed + w``.

    Raises:
        InputError: for numbers below 1 or a negative seed.
    """
    return _point_network(
        "point_generator", whole("latent_dim", latent_dim), 2, hidden, depth, seed,
        slope=slope, worlds=worlds,
    )  # fmt: skip


def point_discriminator(
    hidden: int = 64,
    depth: int = 2,
    *,
    slope: float = SLOPE,
    dropout: float = 0.0,
    spectral_norm: bool = False,
    worlds: int = 1,
    seed: int | None = None,
) -> keras.Model:
    """A dealer of points: ``(B, 2)`` to logits ``(B, 1)``; larger means "more likely real".

    Args:
        hidden, depth, slope, worlds, seed: as for ``point_generator``.
        dropout: share of the units of each hidden layer that are hidden in training, in [0, 1).
        spectral_norm: as for ``discriminator``.

    Raises:
        InputError: for numbers out of range.
    """
    _share(dropout)
    return _point_network(
        "point_discriminator", 2, 1, hidden, depth, seed,
        slope=slope, worlds=worlds, dropout=dropout, spectral_norm=spectral_norm,
    )  # fmt: skip
