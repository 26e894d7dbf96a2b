"""The game itself: one class, two short steps, and Keras does the rest.

``GAN`` is a ``keras.Model`` whose ``train_step`` is ``discriminator_step`` followed by
``generator_step``; ``fit``, callbacks, progress bars and ``tf.distribute`` are Keras's own.

Every random number is a function of the seed, of what it is for and of how many updates the
player's optimizer has made. So a run continued from its weights and optimizers draws exactly the
numbers that it would have drawn without the break: there is no other random state to save.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, NoReturn

import keras
import numpy as np
import tensorflow as tf

from gan_lessons import latent, losses, mixed_precision, refusals, replicas
from gan_lessons.counts import whole
from gan_lessons.errors import InputError

LEARNING_RATE = 1e-3  # at the 2e-4 of DCGAN these small networks need three times as many rounds
BETA_1 = 0.5  # Adam's memory of past gradients: at its usual 0.9 the two players oscillate

#: What a random draw is for: each purpose has its own stream of numbers.
D_LATENT, G_LATENT, D_REAL, D_FAKE, G_FAKE, PENALTY, LABELS = range(7)


class GAN(keras.Model):
    """A generator and a discriminator that train against each other.

    Args:
        generator: maps latents ``(B, latent_dim)`` to pictures (or points).
        discriminator: maps pictures (or points) to logits ``(B, 1)``, larger for "real".
        loss: the game, one of ``gan_lessons.losses``.
        augment: a differentiable ``(images, seed) -> images`` that both players' pictures pass
            before the discriminator sees them, or None.
        penalty: ``losses.gradient_penalty()`` or ``losses.r1_penalty()``, or None.
        ema_decay: how slowly ``ema_generator`` follows the generator, in [0, 1); 0 copies it.
            Early on it follows faster, so that it is never a memory of the first noise.
        seed: makes every random draw reproducible, from 0 to 2**31 - 1; None chooses one and keeps
            it in ``seed``.

    Raises:
        InputError: for networks that do not fit each other, or what is none of the above.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        loss: losses.Loss = losses.non_saturating,
        augment: Callable[[tf.Tensor, tf.Tensor], tf.Tensor] | None = None,
        penalty: losses.Penalty | None = None,
        ema_decay: float = 0.999,
        seed: int | None = None,
    ) -> None:
        super().__init__(name="gan", dtype="float32")  # latents keep all their digits
        if not 0 <= ema_decay < 1:
            raise InputError(
                f"ema_decay is {ema_decay!r}: give a number from 0 up to, not incl., 1."
            )
        refusals.check_networks(generator, discriminator)
        refusals.check_functions(loss, augment, penalty)
        mixed_precision.check(generator=generator, discriminator=discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.ema_generator = mixed_precision.clone_in_float32(generator)  # its pictures are kept
        self.ema_generator.trainable = False
        self.gan_loss, self.augment, self.penalty = loss, augment, penalty
        self.ema_decay = float(ema_decay)
        self.seed = secrets.randbits(31) if seed is None else whole("seed", seed, 0, 2**31 - 1)
        self.built = True

    @property
    def latent_dim(self) -> int:
        """Length of the latent vector."""
        return self.generator.input_shape[-1]

    def compile(
        self,
        d_optimizer: keras.optimizers.Optimizer | None = None,
        g_optimizer: keras.optimizers.Optimizer | None = None,
        *,
        jit_compile: bool = False,  # XLA made these convolutions no faster on a CPU
        **kwargs: Any,
    ) -> None:
        """Give each player an optimizer of its own.

        Args:
            d_optimizer, g_optimizer: an optimizer or its name; None is Adam(1e-3, beta_1=0.5).
            jit_compile, kwargs: Keras's own, such as ``steps_per_execution``.

        Raises:
            InputError: for one optimizer for both, or what the game would not look at: its loss
                belongs to ``GAN(loss=...)``, and it has no metrics.
        """
        refusals.check_compile(d_optimizer, g_optimizer, kwargs)
        self.d_optimizer = keras.optimizers.get(d_optimizer or _adam())
        self.g_optimizer = keras.optimizers.get(g_optimizer or _adam())
        super().compile(optimizer=self.g_optimizer, jit_compile=jit_compile, **kwargs)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.g_optimizer.build(self.generator.trainable_variables)

    def fit(self, x: Any, y: Any = None, *args: Any, shuffle: bool = False, **kwargs: Any) -> Any:
        """Keras's ``fit``; ``data.batches`` has shuffled already, so it does not.

        Args:
            x: batches of float32 ``(B, ...)``, pictures in [-1, 1] or points; or an array of them.
            y: labels, for a game that takes some.
            shuffle: give an array a new order in each epoch.
            args, kwargs: Keras's own.

        Raises:
            InputError: for bytes, pictures of another size, an array that leaves [-1, 1], labels
                that this game has no use for, pictures to validate with, or batches that cannot
                be shared evenly among several devices.
        """
        if kwargs.get("validation_data") is not None or kwargs.get("validation_split"):
            self.evaluate()
        devices = self.distribute_strategy.num_replicas_in_sync
        refusals.check_batches(x, y, self.discriminator, devices)
        return super().fit(x, y, *args, shuffle=shuffle, **kwargs)

    def evaluate(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: neither loss says how good the forgeries are, on no pictures.

        Raises:
            InputError: always; it says what judges them.
        """
        raise InputError(
            "The losses of a game do not say how good its forgeries are, so there is nothing to "
            "validate: judge them with metrics.evaluate(game.sample(n), test, train)."
        )

    def get_config(self) -> dict[str, Any]:
        """Refused: a loss, an augmentation and a penalty are functions, which no file can hold.

        Raises:
            InputError: always; it says what can be saved.
        """
        raise InputError(
            "A whole game cannot be saved in one file, for its loss, augmentation and penalty are "
            "functions: save game.ema_generator, which paints, or save_weights of the game, or "
            "train it as a runs.Run."
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keras's ``save``; but ``get_config`` may refuse before the file is opened, not after."""
        self.get_config()
        super().save(*args, **kwargs)

    # ---------------------------------------------------------------- one round of the game

    def train_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """One round: the dealer learns, then the painter."""
        logs = self.discriminator_step(real)
        return logs | self.generator_step(_count(real))

    def discriminator_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """Teach the discriminator to tell ``real`` ``(B, ...)`` from as many forgeries.

        Returns:
            ``d_loss``, and the mean logits ``real_logit`` and ``fake_logit``, of this batch.
        """
        step = self.d_optimizer.iterations
        fake = _peek(self.generator, self.latents(_count(real), D_LATENT, step))
        real_seen = self._augmented(real, D_REAL, step)
        fake_seen = self._augmented(fake, D_FAKE, step)
        with tf.GradientTape() as tape:
            real_logits = self.discriminator(real_seen, training=True)
            fake_logits = self.discriminator(fake_seen, training=True)
            loss = self.discriminator_loss(real_logits, fake_logits)
            if self.penalty is not None:
                seed = self.draw_seed(PENALTY, step)
                loss += self.penalty(self.discriminator, real_seen, fake_seen, seed)
            share = loss / replicas.count()
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply_gradients(
            zip(tape.gradient(share, variables), variables, strict=True)
        )
        return replicas.mean(
            d_loss=loss,
            real_logit=tf.reduce_mean(real_logits),
            fake_logit=tf.reduce_mean(fake_logits),
        )

    def generator_step(self, batch_size: int | tf.Tensor) -> dict[str, tf.Tensor]:
        """Teach the generator to make ``batch_size`` forgeries that pass for real.

        Returns:
            ``g_loss`` of this batch.
        """
        step = self.g_optimizer.iterations
        latents = self.latents(batch_size, G_LATENT, step)
        with tf.GradientTape() as tape:
            fake = self.generator(latents, training=True)
            logits = _peek(self.discriminator, self._augmented(fake, G_FAKE, step))
            loss = self.generator_loss(logits)
            share = loss / replicas.count()
        variables = self.generator.trainable_variables
        self.g_optimizer.apply_gradients(
            zip(tape.gradient(share, variables), variables, strict=True)
        )
        self._update_ema()
        return replicas.mean(g_loss=loss)

    def discriminator_loss(self, real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
        """What the discriminator minimises; a variant of the game may override it."""
        return self.gan_loss.discriminator(real_logits, fake_logits)

    def generator_loss(self, fake_logits: tf.Tensor) -> tf.Tensor:
        """What the generator minimises; a variant of the game may override it."""
        return self.gan_loss.generator(fake_logits)

    # ---------------------------------------------------------------- the parts of a step

    def draw_seed(self, purpose: int, step: Any) -> tf.Tensor:
        """The seed, shape ``(2,)``, of the draw for this purpose at this update."""
        seed = tf.constant([self.seed, purpose], tf.int32)
        return tf.random.experimental.stateless_fold_in(seed, tf.cast(step, tf.int32))

    def latents(self, batch_size: int | tf.Tensor, purpose: int, step: Any) -> tf.Tensor:
        """Standard normal latents ``(batch_size, latent_dim)`` for this update."""
        shape = (batch_size, self.latent_dim)
        return replicas.draw(tf.random.stateless_normal, shape, self.draw_seed(purpose, step))

    def _augmented(self, images: tf.Tensor, purpose: int, step: Any) -> tf.Tensor:
        if self.augment is None:
            return images
        return self.augment(images, self.draw_seed(purpose, step))

    def _update_ema(self) -> None:
        """Move the averaged generator towards the trained one, batch statistics included."""
        step = tf.cast(self.g_optimizer.iterations, tf.float32)
        decay = tf.minimum(self.ema_decay, (1 + step) / (10 + step))  # warm-up
        for slow, fast in zip(self.ema_generator.weights, self.generator.weights, strict=True):
            slow.assign(decay * slow + (1 - decay) * fast)

    # ---------------------------------------------------------------- after training

    def call(self, latents: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Latents to pictures, by the averaged generator."""
        del training
        return self.ema_generator(latents, training=False)

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """Forge ``n`` pictures with the averaged (EMA) generator.

        Args:
            n: how many, at least 1.
            seed: the same seed gives the same latents; None draws new ones.

        Returns:
            float32 ``(n, H, W, 3)`` in [-1, 1] (or ``(n, 2)`` for points).

        Raises:
            InputError: for an ``n`` below 1, or a negative seed.
        """
        return latent.generate(self.ema_generator, latent.vectors(n, self.latent_dim, seed))


def _adam() -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(LEARNING_RATE, beta_1=BETA_1)


def _count(batch: Any) -> tf.Tensor:
    """How many pictures: a batch is pictures alone, or pictures and what belongs to each."""
    return tf.shape(tf.nest.flatten(batch)[0])[0]


def _peek(model: keras.Model, inputs: tf.Tensor) -> tf.Tensor:
    """Run a network in training mode and leave all its variables as they were.

    Batch normalisation uses the batch, dropout drops, gradients flow to the inputs; but moving
    averages are not touched: a player changes in its own step only.
    """
    outputs, _ = model.stateless_call(
        model.trainable_variables, model.non_trainable_variables, inputs, training=True
    )
    return outputs
