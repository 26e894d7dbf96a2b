"""What each player wants, as pure functions of logits.

The signs, once and for all: the discriminator returns logits; a larger logit means "more likely
real", and sigmoid(logit) is its probability of "real". Every loss is minimised. Logits have shape
``(B, 1)`` or ``(B,)``, float32; each loss is a scalar, the mean over the batch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf

from gan_lessons import replicas
from gan_lessons.errors import InputError


@dataclass(frozen=True)
class Loss:
    """One game: what the discriminator minimises and what the generator minimises.

    Attributes:
        name: the field's name for it.
        discriminator: ``(real_logits, fake_logits) -> scalar``.
        generator: ``(fake_logits) -> scalar``.
    """

    name: str
    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    generator: Callable[[tf.Tensor], tf.Tensor]


Penalty = Callable[[keras.Model, tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]


def _cross_entropy(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    # -log sigmoid(x) = softplus(-x) and -log(1 - sigmoid(x)) = softplus(x), without overflow
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
        tf.nn.softplus(fake_logits)
    )


#: Goodfellow et al. (2014), section 3: the discriminator minimises
#: -log D(x) - log(1 - D(G(z))), the generator -log D(G(z)), which keeps a strong gradient while
#: the discriminator is winning.
non_saturating = Loss(
    "non_saturating", _cross_entropy, lambda fake: tf.reduce_mean(tf.nn.softplus(-fake))
)

#: Goodfellow et al. (2014), equation 1: the same discriminator, and a generator that minimises
#: log(1 - D(G(z))). Its gradient vanishes where the discriminator is sure.
saturating = Loss("saturating", _cross_entropy, lambda fake: -tf.reduce_mean(tf.nn.softplus(fake)))

#: Mao et al., "Least squares generative adversarial networks" (2017), equation 9 with a = 0 and
#: b = c = 1, on the raw logits.
least_squares = Loss(
    "least_squares",
    lambda real, fake: 0.5 * (tf.reduce_mean((real - 1) ** 2) + tf.reduce_mean(fake**2)),
    lambda fake: 0.5 * tf.reduce_mean((fake - 1) ** 2),
)

#: Lim and Ye, "Geometric GAN" (2017), and Miyato et al. (2018), equations 16 and 17.
hinge = Loss(
    "hinge",
    lambda real, fake: tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + fake)),
    lambda fake: -tf.reduce_mean(fake),
)

#: Arjovsky, Chintala and Bottou, "Wasserstein GAN" (2017), algorithm 1. It means something only
#: while the discriminator's slope is bounded: add ``gradient_penalty``.
wasserstein = Loss(
    "wasserstein",
    lambda real, fake: tf.reduce_mean(fake) - tf.reduce_mean(real),
    lambda fake: -tf.reduce_mean(fake),
)

ALL = {loss.name: loss for loss in (non_saturating, saturating, least_squares, hinge, wasserstein)}


def labelled(real: float = 1.0, fake: float = 0.0) -> Loss:
    """The non-saturating game with other labels for the discriminator than 1 and 0.

    The cross entropy with label y is ``softplus(logit) - y * logit``. Labels need not lie in
    [0, 1], but outside it the loss has no smallest value: the logit is pushed away for ever.

    Args:
        real: what real pictures are called.
        fake: what forgeries are called.
    """

    def discriminator(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.nn.softplus(real_logits) - real * real_logits) + tf.reduce_mean(
            tf.nn.softplus(fake_logits) - fake * fake_logits
        )

    return Loss(f"labelled({real}, {fake})", discriminator, non_saturating.generator)


def smoothed(real_label: float = 0.9) -> Loss:
    """One-sided label smoothing: real pictures are called ``real_label`` instead of 1.

    The generator's loss stays the non-saturating one. Source: Salimans et al., "Improved
    techniques for training GANs" (2016), section 3.4.

    Args:
        real_label: the label of real pictures, in [0.5, 1].

    Raises:
        InputError: for a label outside.
    """
    if not 0.5 <= real_label <= 1:
        raise InputError(
            f"real_label is {real_label!r}: give a number from 0.5 to 1, or take losses.labelled."
        )
    return dataclasses.replace(labelled(real=real_label), name=f"smoothed({real_label})")


def _squared_slope(discriminator: keras.Model, images: tf.Tensor) -> tf.Tensor:
    """The squared length of the discriminator's gradient at each image: shape ``(B,)``."""
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminator(images, training=True)
    slope = tape.gradient(logits, images)
    return tf.reduce_sum(slope**2, axis=list(range(1, len(images.shape))))


def gradient_penalty(weight: float = 10.0) -> Penalty:
    """Keep the discriminator's slope near 1 between real and fake pictures (WGAN-GP).

    ``weight * mean((|grad D(x)| - 1)^2)`` at ``x = u real + (1 - u) fake`` with u uniform in
    [0, 1], one for each pair. Source: Gulrajani et al., "Improved training of Wasserstein GANs"
    (2017), algorithm 1.

    Returns:
        A function ``(discriminator, real, fake, seed) -> scalar`` for ``GAN(penalty=...)``.
    """

    def penalty(
        discriminator: keras.Model, real: tf.Tensor, fake: tf.Tensor, seed: tf.Tensor
    ) -> tf.Tensor:
        shape = tf.concat([tf.shape(real)[:1], tf.ones(tf.rank(real) - 1, tf.int32)], 0)
        # (B, 1, 1, 1): one number a pair
        u = replicas.draw(tf.random.stateless_uniform, shape, seed)
        squared = _squared_slope(discriminator, u * real + (1 - u) * fake)
        return weight * tf.reduce_mean((tf.sqrt(squared + 1e-12) - 1) ** 2)

    return penalty


def r1_penalty(weight: float = 1.0) -> Penalty:
    """Keep the discriminator flat at the real pictures.

    ``weight / 2 * mean(|grad D(x)|^2)`` at real x. Source: Mescheder, Geiger and Nowozin, "Which
    training methods for GANs do actually converge?" (2018), equation 9.

    Returns:
        A function ``(discriminator, real, fake, seed) -> scalar`` for ``GAN(penalty=...)``.
    """

    def penalty(
        discriminator: keras.Model, real: tf.Tensor, fake: tf.Tensor, seed: tf.Tensor
    ) -> tf.Tensor:
        del fake, seed
        return 0.5 * weight * tf.reduce_mean(_squared_slope(discriminator, real))

    return penalty
