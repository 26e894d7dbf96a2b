"""The system of the article that this course grew from, exactly, and trained rightly today.

The article (in Chinese, 2019, reprinted 2024) trains a DCGAN on CIFAR-10's frogs with Keras 2.
Its discriminator answers with a probability, and it is the probability of *forged*: forged
pictures are labelled 1 and real ones 0. Everywhere else in this package it is a logit of *real*.

Its code stops under Keras 3. Mended so far that it runs, its discriminator never
learns: Keras 2 remembered which weights a model might train when it was compiled, Keras 3 looks
when the train step is traced, and by then the article has set ``discriminator.trainable = False``.
``ClassicPair`` keeps that form (``freeze="once"``) as a demonstration and mends it by toggling
(``freeze="toggle"``); ``ArticleGAN`` mends it with explicit steps.

One thing differs on purpose: pictures are in [-1, 1], what tanh can paint; the article scales
them to [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan_lessons import gan as game
from gan_lessons import mixed_precision, replicas
from gan_lessons.errors import InputError

LATENT_DIM = 32
BATCH_SIZE = 20
STEPS = 10_000
SAVE_EVERY = 100
LABEL_NOISE = 0.05
D_LEARNING_RATE, G_LEARNING_RATE = 8e-4, 4e-4


def _glorot(seed: int | None, layer: int) -> Any:
    return keras.initializers.GlorotUniform(None if seed is None else seed * 1000 + layer)


@mixed_precision.policy("float32")  # as in 2019
def generator(*, seed: int | None = None) -> keras.Model:
    """The article's painter: latents ``(B, 32)`` to pictures ``(B, 32, 32, 3)`` in [-1, 1].

    6,264,579 parameters; more than four fifths of its work is done at full size by two 5 x 5
    convolutions.
    """
    z = keras.Input((LATENT_DIM,), name="latent")
    x = layers.Dense(128 * 16 * 16, kernel_initializer=_glorot(seed, 0))(z)  # (B, 32768)
    x = layers.LeakyReLU(negative_slope=0.3)(x)
    x = layers.Reshape((16, 16, 128))(x)  # (B, 32768) -> (B, 16, 16, 128)
    x = layers.Conv2D(256, 5, padding="same", kernel_initializer=_glorot(seed, 1))(x)
    x = layers.LeakyReLU(negative_slope=0.3)(x)
    x = layers.Conv2DTranspose(
        256, 4, strides=2, padding="same", kernel_initializer=_glorot(seed, 2)
    )(x)  # (B, 16, 16, 256) -> (B, 32, 32, 256)
    x = layers.LeakyReLU(negative_slope=0.3)(x)
    for i in (3, 4):
        x = layers.Conv2D(256, 5, padding="same", kernel_initializer=_glorot(seed, i))(x)
        x = layers.LeakyReLU(negative_slope=0.3)(x)
    x = layers.Conv2D(3, 7, padding="same", activation="tanh", kernel_initializer=_glorot(seed, 5))(
        x
    )
    return keras.Model(z, x, name="article_generator")


@mixed_precision.policy("float32")
def discriminator(*, dropout: float = 0.4, seed: int | None = None) -> keras.Model:
    """The article's dealer: pictures ``(B, 32, 32, 3)`` to the probability of *forged* ``(B, 1)``.

    790,913 parameters.
    """
    x = picture = keras.Input((32, 32, 3), name="picture")
    x = layers.Conv2D(128, 3, kernel_initializer=_glorot(seed, 0))(x)  # (B, 30, 30, 128)
    x = layers.LeakyReLU(negative_slope=0.3)(x)
    for i in (1, 2, 3):  # 30 -> 14 -> 6 -> 2 pixels
        x = layers.Conv2D(128, 4, strides=2, kernel_initializer=_glorot(seed, i))(x)
        x = layers.LeakyReLU(negative_slope=0.3)(x)
    x = layers.Flatten()(x)  # (B, 2, 2, 128) -> (B, 512)
    x = layers.Dropout(dropout, seed=seed)(x)
    x = layers.Dense(1, activation="sigmoid", kernel_initializer=_glorot(seed, 4))(x)
    return keras.Model(picture, x, name="article_discriminator")


def optimizer(learning_rate: float) -> keras.optimizers.Optimizer:
    """The article's ``RMSprop(lr=..., clipvalue=1.0, decay=1e-8)``, in today's words.

    Keras 2's ``decay`` divided the learning rate by ``1 + decay * updates``; today that is a
    schedule. Each component of the gradient is clipped to [-1, 1].
    """
    schedule = keras.optimizers.schedules.InverseTimeDecay(
        learning_rate, decay_steps=1, decay_rate=1e-8
    )
    return keras.optimizers.RMSprop(schedule, clipvalue=1.0)


def combined(generator: keras.Model, discriminator: keras.Model) -> keras.Model:
    """Painter and dealer in a row: latents in, the dealer's verdict on the forgery out."""
    z = keras.Input(generator.input_shape[1:])
    return keras.Model(z, discriminator(generator(z)), name="combined")


# ------------------------------------------------------------------ the article's own way


class ClassicPair:
    """Both networks and the combined model, compiled and trained as the article does.

    Args:
        freeze: ``"toggle"`` sets ``discriminator.trainable`` before each of the two updates, which
            is right in every version of Keras. ``"once"`` sets it to False before the combined
            model is compiled and never again: the article's way, under which, in Keras 3, the
            discriminator never learns.
        dropout: the discriminator's dropout; the article has 0.4.
        networks: a generator of 32 numbers and a discriminator to play with instead of the
            article's own, which take seconds a step; it answers with the probability of *forged*.
        seed: makes the initial weights and every random draw reproducible.
    """

    def __init__(
        self,
        *,
        freeze: str = "toggle",
        dropout: float = 0.4,
        networks: tuple[keras.Model, keras.Model] | None = None,
        seed: int | None = None,
    ) -> None:
        if freeze not in ("toggle", "once"):
            raise InputError(f"freeze is {freeze!r}: choose 'toggle' (right) or 'once' (broken).")
        self.freeze = freeze
        self.random = np.random.default_rng(seed)
        self.generator, self.discriminator = networks or (
            generator(seed=seed), discriminator(dropout=dropout, seed=seed)
        )  # fmt: skip
        self.discriminator.compile(
            optimizer(D_LEARNING_RATE), "binary_crossentropy", jit_compile=False
        )
        self.discriminator.trainable = False
        self.combined = combined(self.generator, self.discriminator)
        self.combined.compile(optimizer(G_LEARNING_RATE), "binary_crossentropy", jit_compile=False)

    def step(self, real: np.ndarray) -> tuple[float, float]:
        """One round of the article's loop.

        Args:
            real: float32 ``(B, 32, 32, 3)`` in [-1, 1].

        Returns:
            The discriminator's loss and the generator's.
        """
        n = len(real)
        forged = np.asarray(self.generator(self._latents(n), training=False))
        pictures = np.concatenate([forged, real])
        labels = np.concatenate([np.ones((n, 1)), np.zeros((n, 1))])
        labels += LABEL_NOISE * self.random.random(labels.shape)
        if self.freeze == "toggle":
            self.discriminator.trainable = True
        d_loss = _loss_of_one(self.discriminator, pictures, labels)
        if self.freeze == "toggle":
            self.discriminator.trainable = False
        g_loss = _loss_of_one(self.combined, self._latents(n), np.zeros((n, 1)))
        return d_loss, g_loss

    def _latents(self, n: int) -> np.ndarray:
        return self.random.standard_normal((n, LATENT_DIM), dtype=np.float32)


def _loss_of_one(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """Learn from one batch; its loss, which some versions of Keras average with those before."""
    model.reset_metrics()
    return float(model.train_on_batch(x, y))


def in_order(images: np.ndarray, batch_size: int = BATCH_SIZE) -> Iterator[np.ndarray]:
    """The article's batches: one after the other, never shuffled, and at the end from the start."""
    start = 0
    while True:
        yield images[start : start + batch_size]
        start += batch_size
        if start > len(images) - batch_size:
            start = 0


def train(
    images: np.ndarray,
    folder: str | Path,
    *,
    steps: int = STEPS,
    batch_size: int = BATCH_SIZE,
    save_every: int = SAVE_EVERY,
    freeze: str = "toggle",
    seed: int | None = 0,
    report: Callable[[str], None] = print,
) -> ClassicPair:
    """The article's loop, line for line: every 100 steps it saves weights and two pictures.

    For a run that can be stopped and continued use ``gan-lessons train --recipe article``.

    Args:
        images: the real pictures, float32 ``(N, 32, 32, 3)`` in [-1, 1].
        folder: gets ``gan.weights.h5``, ``generated_frogN.png`` and ``real_frogN.png``.
        steps, batch_size, save_every: 10,000, 20 and 100 in the article.
        freeze: see ``ClassicPair``.
        seed: makes it reproducible.
        report: is given one line each time something is saved.

    Returns:
        The trained pair.
    """
    from PIL import Image

    from gan_lessons.data import to_uint8

    if steps < 1 or batch_size < 1 or save_every < 1:
        raise InputError("steps, batch_size and save_every must each be at least 1.")
    if len(images) < batch_size:
        raise InputError(f"{len(images)} pictures do not fill one batch of {batch_size}.")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pair = ClassicPair(freeze=freeze, seed=seed)
    for step, real in zip(range(steps), in_order(images, batch_size), strict=False):
        d_loss, g_loss = pair.step(real)
        if step % save_every == 0:
            pair.combined.save_weights(folder / "gan.weights.h5")
            forged = np.asarray(pair.generator(pair._latents(1), training=False))
            Image.fromarray(to_uint8(forged)[0]).save(folder / f"generated_frog{step}.png")
            Image.fromarray(to_uint8(real)[0]).save(folder / f"real_frog{step}.png")
            report(f"step {step}: discriminator loss {d_loss:.3f}, adversarial loss {g_loss:.3f}")
    return pair


# ------------------------------------------------------------------ the same, with explicit steps


class ArticleGAN(game.GAN):
    """The article's recipe as a variant of ``GAN``: only what the two players are told differs.

    The discriminator looks at forged and real pictures in one batch, answers with the probability
    of *forged* and is told noisy labels; forgeries for it are made in inference mode, as
    ``predict`` does. There is no averaged generator: the article samples the trained one.
    """

    def __init__(
        self, *, dropout: float = 0.4, label_noise: float = LABEL_NOISE, seed: int | None = None
    ) -> None:
        super().__init__(
            generator(seed=seed), discriminator(dropout=dropout, seed=seed), ema_decay=0, seed=seed
        )
        self.label_noise = label_noise

    def compile(
        self,
        d_optimizer: keras.optimizers.Optimizer | None = None,
        g_optimizer: keras.optimizers.Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        """Compile with the article's optimizers unless others are given."""
        super().compile(
            d_optimizer or optimizer(D_LEARNING_RATE),
            g_optimizer or optimizer(G_LEARNING_RATE),
            **kwargs,
        )

    def discriminator_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """Forged pictures are 1, real ones 0, and each label gets some noise on top."""
        step, n = self.d_optimizer.iterations, tf.shape(real)[0]
        forged = self.generator(self.latents(n, game.D_LATENT, step), training=False)
        labels = tf.concat([tf.ones((n, 1)), tf.zeros((n, 1))], axis=0)
        noise = replicas.draw(
            tf.random.stateless_uniform, (2, n, 1), self.draw_seed(game.LABELS, step), axis=1
        )
        labels += self.label_noise * tf.reshape(noise, (-1, 1))  # (2, B, 1) -> (2 B, 1)
        with tf.GradientTape() as tape:
            verdicts = self.discriminator(tf.concat([forged, real], axis=0), training=True)
            loss = tf.reduce_mean(keras.losses.binary_crossentropy(labels, verdicts))
            share = loss / replicas.count()
        variables = self.discriminator.trainable_variables
        gradients = tape.gradient(share, variables)
        self.d_optimizer.apply_gradients(zip(gradients, variables, strict=True))
        logits = _logit_of_real(verdicts)
        return replicas.mean(
            d_loss=loss,
            real_logit=tf.reduce_mean(logits[n:]),
            fake_logit=tf.reduce_mean(logits[:n]),
        )

    def generator_loss(self, fake_logits: tf.Tensor) -> tf.Tensor:
        """The generator wants the verdict 0, "real"; what it gets here are probabilities."""
        return tf.reduce_mean(
            keras.losses.binary_crossentropy(tf.zeros_like(fake_logits), fake_logits)
        )


def _logit_of_real(probability_of_forged: tf.Tensor) -> tf.Tensor:
    p = tf.clip_by_value(probability_of_forged, 1e-7, 1 - 1e-7)
    return tf.math.log((1 - p) / p)
