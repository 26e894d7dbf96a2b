"""Forging on order: a GAN whose painter is told what to paint, as a small delta on ``gan.GAN``.

Both players learn the order. The painter gets it beside his random numbers, as a one-hot vector.
The dealer gets it beside the picture, and adds to his logit how well the two agree: the inner
product of the order's own vector with the features of the picture.

The idea is from Mirza and Osindero, "Conditional generative adversarial nets" (2014); the dealer's
way from Miyato and Koyama, "cGANs with projection discriminator" (2018). It leaves both networks
of ``models`` as they are and costs one small layer at the end; labels painted into extra channels
of the picture, eight beside three, would make the dealer's first layer nearly four times as dear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan_lessons import classes, gan, latent, losses, models, replicas
from gan_lessons.errors import InputError

#: Whose order goes with a forgery: the draw that his latents come from.
_PAINTED = {gan.D_FAKE: gan.D_LATENT, gan.G_FAKE: gan.G_LATENT}
_ORDERS = 100  # the purposes of the orders' draws: this much above those of the latents


def generator(
    n_classes: int, latent_dim: int = 32, image_size: int = 32, width: int = 32, **options: Any
) -> keras.Model:
    """A painter who takes orders: ``models.generator`` with ``n_classes`` more inputs.

    Args:
        n_classes: how many kinds can be ordered, at least 2.
        latent_dim, image_size, width, options: as for ``models.generator``.

    Returns:
        A model from ``(B, latent_dim + n_classes)``, random numbers and then the one-hot order,
        to pictures.
    """
    classes.check_number(n_classes)
    return models.generator(latent_dim + n_classes, image_size, width, **options)


def discriminator(
    n_classes: int, image_size: int = 32, width: int = 32, *, seed: int | None = None
) -> keras.Model:
    """A dealer who hears the order: ``models.discriminator`` with a projection.

    ``logit(x, y) = psi(f(x)) + v_y . f(x)``: the plain dealer's logit, and one vector ``v_y`` for
    each class on the same features ``f(x)``, here all of them, unpooled.

    Returns:
        A model from ``[pictures (B, H, W, 3), orders (B, n_classes)]`` to logits ``(B, 1)``.
    """
    classes.check_number(n_classes)
    plain = models.discriminator(image_size, width, seed=seed)
    features = plain.layers[-2].output  # (B, 16c), before the last layer
    order = keras.Input((n_classes,), name="order")
    start = keras.initializers.RandomNormal(
        stddev=0.02, seed=None if seed is None else seed * 1000 + 999
    )
    every = layers.Dense(
        n_classes, use_bias=False, kernel_initializer=start, name="agreement", dtype="float32"
    )
    agreement = layers.Dot(1, dtype="float32")([every(features), order])  # (B, K) twice -> (B, 1)
    logit = layers.Add(dtype="float32")([plain.output, agreement])
    return keras.Model([plain.input, order], logit, name="discriminator")


def for_order(generator: keras.Model, order: np.ndarray) -> keras.Model:
    """A painter who is left with one order: for tools that know of random numbers only.

    Args:
        generator: as ``ConditionalGAN`` takes it.
        order: one row of ``classes.one_hot``, ``(n_classes,)``.

    Returns:
        A model from ``(B, latent_dim)`` to pictures, which shares the generator's weights.
    """
    order = np.asarray(order, np.float32)
    latent_dim = generator.input_shape[-1] - len(order)
    z = keras.Input((latent_dim,), name="latent")
    slips = keras.ops.zeros_like(z[:, :1]) + order  # (B, n_classes)
    return keras.Model(z, generator(keras.ops.concatenate([z, slips], axis=1)), name="on_order")


class ConditionalGAN(gan.GAN):
    """A game on order: ``fit`` takes batches of (pictures, labels), labels from 0.

    Everything else is ``GAN``'s: losses, augmentation, averaged weights, seeds, callbacks.
    What a forgery is to show is drawn anew each time, all classes being equally likely.

    Args:
        generator: from ``generator`` above, or any that ends its input with the one-hot order.
        discriminator: from ``discriminator`` above: takes ``[pictures, orders]``.
        names: what the classes are called, so that ``sample`` understands it; or None.
        penalty: as for ``GAN``, with the labels held fixed. Between an original and a forgery
            it takes the original's label.
        options: as for ``GAN``.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        names: Sequence[str] | None = None,
        penalty: losses.Penalty | None = None,
        **options: Any,
    ) -> None:
        if len(discriminator.inputs) != 2:
            raise InputError(
                f"This discriminator has {len(discriminator.inputs)} input: give one that takes "
                "[pictures, orders], such as conditional.discriminator(n_classes)."
            )
        self.n_classes = int(discriminator.inputs[1].shape[-1])
        if generator.input_shape[-1] <= self.n_classes:
            raise InputError(
                f"The generator takes {generator.input_shape[-1]} numbers, but the order alone "
                f"has {self.n_classes}: build it with conditional.generator({self.n_classes})."
            )
        if names is not None and len(names) != self.n_classes:
            raise InputError(
                f"There are {len(names)} names for {self.n_classes} classes: give one for each."
            )
        self.names = None if names is None else tuple(names)
        penalty = None if penalty is None else _of_pictures(penalty)
        super().__init__(generator, discriminator, penalty=penalty, **options)

    @property
    def latent_dim(self) -> int:
        """How many random numbers there are beside the order."""
        return self.generator.input_shape[-1] - self.n_classes

    def train_step(self, batch: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """One round with pictures ``(B, H, W, 3)`` and their labels, int ``(B,)``."""
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise InputError(
                "The batches hold pictures without labels: give data.batches(..., labels=labels)."
            )
        pictures, labels = batch
        said = f"There are {self.n_classes} classes: give labels from 0 to {self.n_classes - 1}."
        tf.debugging.assert_less(labels, tf.cast(self.n_classes, labels.dtype), said)
        return super().train_step((pictures, tf.one_hot(labels, self.n_classes)))

    # ------------------------------------------------ the delta: the order goes along

    def latents(self, batch_size: int | tf.Tensor, purpose: int, step: Any) -> tf.Tensor:
        """Random numbers and a random order, ``(batch_size, latent_dim + n_classes)``."""
        z = super().latents(batch_size, purpose, step)
        return tf.concat([z, self.orders(batch_size, purpose, step)], axis=1)

    def orders(self, batch_size: int | tf.Tensor, purpose: int, step: Any) -> tf.Tensor:
        """The random orders of this update, one-hot: the same whenever they are asked for."""
        seed = self.draw_seed(_ORDERS + purpose, step)
        kinds = replicas.draw(
            tf.random.stateless_uniform, (batch_size,), seed, 0, self.n_classes, tf.int32
        )
        return tf.one_hot(kinds, self.n_classes)

    def _augmented(self, seen: Any, purpose: int, step: Any) -> list[tf.Tensor]:
        """What the dealer is shown: pictures, augmented, and orders, as they are."""
        if purpose == gan.D_REAL:
            pictures, orders = seen
        else:
            pictures = seen
            orders = self.orders(tf.shape(seen)[0], _PAINTED[purpose], step)
        return [super()._augmented(pictures, purpose, step), orders]

    # ------------------------------------------------ after training

    def sample(self, n: int, seed: int | None = None, *, label: Any = None) -> np.ndarray:
        """Forge ``n`` pictures on order with the averaged (EMA) painter.

        Args:
            n: how many, at least 1.
            seed: the same seed gives the same random numbers, whatever is ordered.
            label: a number from 0, a name, or n of them; None orders the classes in turn.

        Returns:
            float32 ``(n, H, W, 3)`` in [-1, 1].

        Raises:
            InputError: for a label that there is not.
        """
        z = latent.vectors(n, self.latent_dim, seed)
        order = classes.one_hot(label, n, self.n_classes, self.names)
        return latent.generate(self.ema_generator, np.concatenate([z, order], axis=1))


def _of_pictures(penalty: losses.Penalty) -> losses.Penalty:
    """A penalty on the slope of the dealer as a function of the picture alone."""

    def with_orders(dealer: Any, real: Any, fake: Any, seed: tf.Tensor) -> tf.Tensor:
        def judge(pictures: tf.Tensor, training: bool) -> tf.Tensor:
            return dealer([pictures, real[1]], training=training)

        return penalty(judge, real[0], fake[0], seed)  # type: ignore[arg-type]

    return with_orders
