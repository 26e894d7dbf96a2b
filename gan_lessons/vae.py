"""The copyist: a variational autoencoder (VAE), beside the forger, from the same parts.

The encoder is the discriminator's trunk, the decoder is the generator. There is no game: both
learn together to make one loss small. Source: Kingma and Welling, "Auto-encoding variational
Bayes" (2013); equations and sections below are of that paper.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan_lessons import classes, latent, mixed_precision, models, replicas
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images

PIXEL_NOISE = 0.8  # of 2, the whole range: loose, so that samples are frogs; see ``VAE``
NOISE = 200  # the purpose of the draws of the encoder's noise


def encoder(
    latent_dim: int = 32, image_size: int = 32, width: int = 32, *, seed: int | None = None
) -> keras.Model:
    """The discriminator's trunk, which answers with a cloud of latents instead of a verdict.

    Args:
        latent_dim: length of the latent vector.
        image_size, width, seed: as for ``models.discriminator``.

    Returns:
        A model from pictures ``(B, H, W, 3)`` to ``(B, 2 latent_dim)``: the means of the latent
        numbers, and the logarithms of their variances.
    """
    trunk = models.discriminator(image_size, width, seed=seed)
    start = keras.initializers.RandomNormal(stddev=0.02, seed=None if seed is None else seed + 7)
    features = trunk.layers[-2].output  # (B, 16c), before the verdict
    cloud = layers.Dense(2 * latent_dim, kernel_initializer=start, name="cloud", dtype="float32")(
        features
    )
    return keras.Model(trunk.input, cloud, name="encoder")


def kl_divergence(mean: tf.Tensor, log_variance: tf.Tensor) -> tf.Tensor:
    """How far each cloud is from the standard normal one, in nats (appendix B).

    ``1/2 sum(mean^2 + variance - log variance - 1)`` over the latent numbers.

    Args:
        mean, log_variance: ``(B, latent_dim)``.

    Returns:
        ``(B,)``, at least 0.
    """
    parts = mean**2 + tf.exp(log_variance) - log_variance - 1
    return 0.5 * tf.reduce_sum(parts, axis=1)


def reconstruction_loss(
    pictures: tf.Tensor, painted: tf.Tensor, pixel_noise: float = PIXEL_NOISE
) -> tf.Tensor:
    """Minus the log density of pictures around what was painted, in nats.

    Each pixel value is normal around the painted one with deviation s:
    ``sum((x - painted)^2) / (2 s^2) + n/2 log(2 pi s^2)``, a squared error in other units.

    Args:
        pictures, painted: ``(B, H, W, 3)``.
        pixel_noise: s, above 0.

    Returns:
        ``(B,)``.
    """
    squares = tf.reduce_sum((pictures - painted) ** 2, axis=[1, 2, 3])
    numbers = math.prod(pictures.shape[1:])
    return squares / (2 * pixel_noise**2) + numbers / 2 * math.log(2 * math.pi * pixel_noise**2)


class VAE(keras.Model):
    """An encoder and a decoder that learn together to rebuild pictures from noisy latents.

    Args:
        encoder: pictures to means and log variances, ``(B, 2 latent_dim)``.
        decoder: latents, and after them the one-hot order if there are classes, to pictures.
        n_classes: how many kinds can be ordered; 0 for none, then ``fit`` takes pictures alone.
        names: what the classes are called, or None.
        pixel_noise: how exactly a picture must be rebuilt; the smaller, the less the latents may
            overlap, and the worse become samples of vectors that no picture was encoded to.
        seed: makes every random draw reproducible; None chooses one.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        n_classes: int = 0,
        names: Sequence[str] | None = None,
        pixel_noise: float = PIXEL_NOISE,
        seed: int | None = None,
    ) -> None:
        super().__init__(name="vae", dtype="float32")
        mixed_precision.check(encoder=encoder, decoder=decoder)
        self.latent_dim = encoder.output_shape[-1] // 2
        if decoder.input_shape[-1] != self.latent_dim + n_classes:
            raise InputError(
                f"The decoder takes {decoder.input_shape[-1]} numbers, but the encoder gives "
                f"{self.latent_dim} and the order {n_classes}: build it for their sum."
            )
        if not pixel_noise > 0:
            raise InputError(f"pixel_noise is {pixel_noise!r}: give a number above 0.")
        self.encoder, self.decoder = encoder, decoder
        self.n_classes, self.names = n_classes, None if names is None else tuple(names)
        self.pixel_noise = float(pixel_noise)
        self.seed = secrets.randbits(31) if seed is None else int(seed)
        self.built = True

    def compile(self, optimizer: Any = None, **kwargs: Any) -> None:
        """Adam at 1e-3 unless told otherwise; no game, so its usual beta_1 is fine."""
        options = {"jit_compile": False} | kwargs
        super().compile(optimizer=optimizer or keras.optimizers.Adam(1e-3), **options)
        self.optimizer.build(self.trainable_variables)

    def fit(self, x: Any, *args: Any, shuffle: bool = False, **kwargs: Any) -> Any:
        """Keras's ``fit``; ``data.batches`` has shuffled already."""
        return super().fit(x, *args, shuffle=shuffle, **kwargs)

    def train_step(self, batch: Any) -> dict[str, tf.Tensor]:
        """Encode, add noise, paint; make the loss smaller (the paper's equation 10)."""
        pictures, orders = self._split(batch)
        with tf.GradientTape() as tape:
            cloud = self.encoder(pictures, training=True)  # (B, 2 latent_dim)
            mean, log_variance = tf.split(cloud, 2, axis=1)
            z = mean + tf.exp(0.5 * log_variance) * self._noise(tf.shape(mean))
            painted = self.decoder(tf.concat([z, *orders], axis=1), training=True)
            rebuilt = reconstruction_loss(pictures, painted, self.pixel_noise)
            kl = kl_divergence(mean, log_variance)
            loss = tf.reduce_mean(rebuilt + kl)
            share = loss / replicas.count()
        variables = self.trainable_variables
        gradient = tape.gradient(share, variables)
        self.optimizer.apply_gradients(zip(gradient, variables, strict=True))
        kl, rebuilt = tf.reduce_mean(kl), tf.reduce_mean(rebuilt)
        return replicas.mean(loss=loss, reconstruction=rebuilt, kl=kl)

    def _split(self, batch: Any) -> tuple[tf.Tensor, list[tf.Tensor]]:
        labelled = isinstance(batch, tuple | list)
        if labelled != bool(self.n_classes):
            raise InputError(
                f"The batches hold pictures {'and' if labelled else 'without'} labels, but "
                f"n_classes is {self.n_classes}: give both or neither."
            )
        if not labelled:
            return batch, []
        return batch[0], [tf.one_hot(batch[1], self.n_classes)]

    def _noise(self, shape: tf.Tensor) -> tf.Tensor:
        seed = tf.random.experimental.stateless_fold_in(
            tf.constant([self.seed, NOISE], tf.int32), tf.cast(self.optimizer.iterations, tf.int32)
        )
        return replicas.draw(tf.random.stateless_normal, shape, seed)

    # ---------------------------------------------------------------- after training

    def encode(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The cloud of each picture ``(n, H, W, 3)``: means and deviations ``(n, latent_dim)``."""
        cloud = self.encoder.predict(check_images(pictures), verbose=0, batch_size=256)
        mean, log_variance = np.split(cloud, 2, axis=1)
        return mean, np.exp(0.5 * log_variance)

    def paint(self, latents: np.ndarray, label: Any = None) -> np.ndarray:
        """Latents ``(n, latent_dim)`` to pictures; ``label`` as for ``ConditionalGAN.sample``."""
        if self.n_classes:
            orders = classes.one_hot(label, len(latents), self.n_classes, self.names)
            latents = np.concatenate([latents, orders], axis=1)
        return latent.generate(self.decoder, latents)

    def reconstruct(self, pictures: np.ndarray, label: Any = None) -> np.ndarray:
        """Each picture, encoded to the middle of its cloud and painted from there."""
        return self.paint(self.encode(pictures)[0], label)

    def sample(self, n: int, seed: int | None = None, *, label: Any = None) -> np.ndarray:
        """``n`` new pictures; arguments and result as for ``ConditionalGAN.sample``."""
        return self.paint(latent.vectors(n, self.latent_dim, seed), label)
