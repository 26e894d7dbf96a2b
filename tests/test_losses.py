"""The losses: values by hand, gradients against finite differences, and what theory says."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import losses
from gan_lessons.errors import InputError

REAL = np.array([[2.0], [-1.0], [0.5]], np.float32)
FAKE = np.array([[-2.0], [0.3], [1.5]], np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


BY_HAND = {
    "non_saturating": (
        np.mean(-np.log(sigmoid(REAL))) + np.mean(-np.log(1 - sigmoid(FAKE))),
        np.mean(-np.log(sigmoid(FAKE))),
    ),
    "saturating": (
        np.mean(-np.log(sigmoid(REAL))) + np.mean(-np.log(1 - sigmoid(FAKE))),
        np.mean(np.log(1 - sigmoid(FAKE))),
    ),
    "least_squares": (
        np.mean((REAL - 1) ** 2) / 2 + np.mean(FAKE**2) / 2,
        np.mean((FAKE - 1) ** 2) / 2,
    ),
    "hinge": (
        np.mean(np.maximum(0, 1 - REAL)) + np.mean(np.maximum(0, 1 + FAKE)),
        -np.mean(FAKE),
    ),
    "wasserstein": (np.mean(FAKE) - np.mean(REAL), -np.mean(FAKE)),
}


def test_every_loss_is_checked_by_hand():
    assert set(BY_HAND) == set(losses.ALL)


@pytest.mark.parametrize("name", BY_HAND)
def test_value(name):
    loss = losses.ALL[name]
    d, g = BY_HAND[name]
    assert float(loss.discriminator(REAL, FAKE)) == pytest.approx(d, rel=1e-5)
    assert float(loss.generator(FAKE)) == pytest.approx(g, rel=1e-5)


def numeric_gradient(f, x, h=1e-5):
    x = x.astype(np.float64)
    gradient = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (float(f(tf.constant(up))) - float(f(tf.constant(down)))) / (2 * h)
    return gradient


@pytest.mark.parametrize("name", [*BY_HAND, "smoothed"])
def test_gradients_against_finite_differences(name):
    loss = losses.smoothed(0.9) if name == "smoothed" else losses.ALL[name]
    cases = [
        (lambda x: loss.discriminator(x, tf.constant(FAKE, tf.float64)), REAL),
        (lambda x: loss.discriminator(tf.constant(REAL, tf.float64), x), FAKE),
        (loss.generator, FAKE),
    ]
    for f, at in cases:
        x = tf.constant(at, tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        np.testing.assert_allclose(tape.gradient(y, x), numeric_gradient(f, at), atol=1e-7)


def generator_slope(loss, logit):
    x = tf.constant([[logit]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = loss.generator(x)
    return float(tape.gradient(y, x)[0, 0])


def test_saturating_and_non_saturating_differ_as_the_theory_says():
    # where the dealer is sure (logit -8), one has lost its gradient and the other has not
    assert abs(generator_slope(losses.saturating, -8.0)) < 1e-3
    assert generator_slope(losses.non_saturating, -8.0) == pytest.approx(-1, abs=1e-3)
    # both push the same way, and at a coin toss equally hard
    for logit in (-3.0, 0.0, 3.0):
        assert generator_slope(losses.saturating, logit) < 0
        assert generator_slope(losses.non_saturating, logit) < 0
    assert generator_slope(losses.saturating, 0.0) == pytest.approx(
        generator_slope(losses.non_saturating, 0.0)
    )
    # the slopes are -sigmoid(x) and -sigmoid(-x)
    assert generator_slope(losses.saturating, 1.3) == pytest.approx(-sigmoid(1.3), rel=1e-5)
    assert generator_slope(losses.non_saturating, 1.3) == pytest.approx(-sigmoid(-1.3), rel=1e-5)


def test_extreme_logits_stay_finite():
    big = np.array([[1e4], [-1e4]], np.float32)
    for loss in losses.ALL.values():
        assert np.isfinite(float(loss.discriminator(big, -big)))
        assert np.isfinite(float(loss.generator(big)))


def test_smoothed_label_moves_the_optimum():
    # the best logit for real pictures under label y is log(y / (1 - y)), no longer infinite
    best = np.log(0.9 / 0.1)
    loss = losses.smoothed(0.9)
    at = [
        float(loss.discriminator(np.array([[best + d]]), np.zeros((1, 1))))
        for d in (-0.5, 0.0, 0.5)
    ]
    assert at[1] < at[0] and at[1] < at[2]
    # with the label 1 it is the ordinary loss
    assert float(losses.smoothed(1.0).discriminator(REAL, FAKE)) == pytest.approx(
        float(losses.non_saturating.discriminator(REAL, FAKE))
    )


class Linear(tf.Module):
    """D(x) = w . x, whose slope is w everywhere."""

    def __init__(self, w):
        super().__init__()
        self.w = tf.constant(w, tf.float32)

    def __call__(self, x, training=False):
        return tf.reduce_sum(x * self.w, axis=1, keepdims=True)


SEED = tf.constant([1, 2])
POINTS = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)


def test_penalties_on_a_discriminator_of_known_slope():
    d = Linear([3.0, 4.0])  # slope of length 5
    assert float(losses.gradient_penalty(10.0)(d, POINTS, POINTS + 1, SEED)) == pytest.approx(
        10 * (5 - 1) ** 2, rel=1e-5
    )
    assert float(losses.r1_penalty(2.0)(d, POINTS, POINTS + 1, SEED)) == pytest.approx(
        25.0, rel=1e-5
    )


@pytest.mark.parametrize("penalty", [losses.gradient_penalty(10.0), losses.r1_penalty(1.0)])
def test_penalty_gradient_against_finite_differences(penalty):
    # smooth, so that a finite difference means something: the slope of LeakyReLU's network jumps
    keras.utils.set_random_seed(3)
    d = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    real, fake = tf.constant(POINTS), tf.constant(POINTS * 0.5 + 1)
    kernel = d.trainable_variables[0]
    with tf.GradientTape() as tape:
        value = penalty(d, real, fake, SEED)
    gradient = tape.gradient(value, kernel).numpy()
    start = kernel.numpy().copy()
    for i in [(0, 0), (1, 2), (0, 3)]:
        values = []
        for sign in (1, -1):
            moved = start.copy()
            moved[i] += sign * 3e-3
            kernel.assign(moved)
            values.append(float(penalty(d, real, fake, SEED)))
        kernel.assign(start)
        assert gradient[i] == pytest.approx((values[0] - values[1]) / 6e-3, rel=2e-2, abs=2e-3)


def test_mixing_weight_is_uniform_and_one_for_each_pair():
    seen = []

    class Spy(Linear):
        def __call__(self, x, training=False):
            seen.append(x.numpy() if hasattr(x, "numpy") else x)
            return super().__call__(x)

    n = 4000
    losses.gradient_penalty()(Spy([1.0, 1.0]), tf.ones((n, 2)), tf.zeros((n, 2)), SEED)
    u = seen[0]
    np.testing.assert_array_equal(u[:, 0], u[:, 1])
    assert u.min() >= 0 and u.max() <= 1
    np.testing.assert_allclose(
        np.quantile(u[:, 0], [0.25, 0.5, 0.75]), [0.25, 0.5, 0.75], atol=0.03
    )


def test_other_labels_against_keras_and_a_label_beyond_one_has_no_best_answer():
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(np.full_like(REAL, 0.9), REAL) + entropy(np.full_like(FAKE, 0.1), FAKE)
    loss = losses.labelled(0.9, 0.1)
    assert float(loss.discriminator(REAL, FAKE)) == pytest.approx(float(expected), rel=1e-5)
    plain = losses.labelled().discriminator(REAL, FAKE)
    assert float(plain) == pytest.approx(BY_HAND["non_saturating"][0], rel=1e-5)

    logits = np.linspace(0, 400, 9, dtype=np.float32)
    beyond = [float(losses.labelled(real=1.05).discriminator(x, -400.0)) for x in logits]
    assert (np.diff(beyond) < 0).all() and beyond[-1] < 0


def test_defaults_and_names_are_the_documented_ones():
    d = Linear([3.0, 4.0])
    assert float(losses.gradient_penalty()(d, POINTS, POINTS, SEED)) == pytest.approx(160, rel=1e-5)
    assert float(losses.r1_penalty()(d, POINTS, POINTS, SEED)) == pytest.approx(12.5, rel=1e-5)
    for label in (0.4, 1.1, float("nan")):
        with pytest.raises(InputError, match=r"from 0\.5 to 1"):
            losses.smoothed(label)
    default, said = losses.smoothed(), losses.smoothed(0.9)
    assert default.name == said.name == "smoothed(0.9)"
    assert float(default.discriminator(REAL, FAKE)) == float(said.discriminator(REAL, FAKE))
    with pytest.raises(dataclasses.FrozenInstanceError):
        losses.hinge.name = "other"


def test_a_flat_discriminator_is_punished_and_the_root_has_a_slope_there():
    w = tf.Variable([0.0, 0.0])
    d = lambda x, training: tf.reduce_sum(x * w, axis=1, keepdims=True)
    with tf.GradientTape() as tape:
        value = losses.gradient_penalty(10.0)(d, POINTS, POINTS + 1, SEED)
    assert float(value) == pytest.approx(10, rel=1e-4)
    assert np.isfinite(tape.gradient(value, w)).all()


def test_mixed_pictures_lie_between_the_pair_and_are_seen_in_training():
    seen, training_was = [], []

    class Spy(Linear):
        def __call__(self, x, training=False):
            seen.append(x.numpy())
            training_was.append(training)
            return super().__call__(x)

    n = 4000
    losses.gradient_penalty()(Spy([1.0, 1.0]), tf.fill((n, 2), 3.0), tf.fill((n, 2), -1.0), SEED)
    x = seen[0][:, 0]
    assert x.min() >= -1 and x.max() <= 3
    np.testing.assert_allclose(np.quantile(x, [0.25, 0.5, 0.75]), [0, 1, 2], atol=0.12)
    assert training_was == [True]
