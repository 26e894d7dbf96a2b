"""The gradient that reaches the painter: against formulas, finite differences and each other."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import gradients, losses, models, plots
from gan_lessons.errors import InputError


def linear_dealer(w):
    """A dealer whose logit is ``w . pixels``: his slope is ``w`` everywhere."""
    x = keras.Input((2, 2, 3))
    dense = keras.layers.Dense(1, use_bias=False)
    model = keras.Model(x, dense(keras.layers.Flatten()(x)))
    model.set_weights([np.reshape(w, (12, 1))])
    return model


W = np.random.default_rng(0).normal(size=(2, 2, 3)).astype(np.float32)


def test_a_climb_goes_straight_up_a_plane():
    way = gradients.climb(linear_dealer(W), np.zeros((2, 2, 3)), steps=4, size=0.01)
    np.testing.assert_allclose(way.slope, W, rtol=1e-5)
    rms = np.sqrt((W**2).mean())
    # each step is 0.01 long (rms over 12 numbers), along w: the logit rises by 0.01 * 12 * rms(w)
    np.testing.assert_allclose(way.logits, 0.12 * rms * np.arange(5), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(way.pictures[1], 0.01 * W / rms, rtol=1e-4)


def test_a_climb_stays_within_what_can_be_painted_and_changes_no_weight():
    dealer = models.discriminator(8, 4, seed=1)
    before = dealer.get_weights()
    way = gradients.climb(dealer, np.full((8, 8, 3), 0.95), steps=20, size=0.05)
    assert abs(way.pictures).max() <= 1
    for a, b in zip(before, dealer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_no_way_up():
    with pytest.raises(InputError, match="slope is zero"):
        gradients.climb(linear_dealer(0 * W), np.zeros((2, 2, 3)))
    for wrong in ({"steps": 0}, {"size": 0.0}, {"steps": 1.5}):
        with pytest.raises(InputError, match="at least 1"):
            gradients.climb(linear_dealer(W), np.zeros((2, 2, 3)), **wrong)


def test_push_is_the_length_of_the_gradient():
    """Against finite differences, one weight after the other."""
    painter, dealer = models.point_generator(4, 8, seed=1), models.point_discriminator(8, seed=2)
    z = np.random.default_rng(3).normal(size=(16, 4)).astype(np.float32)
    loss = losses.non_saturating

    def value():
        return float(loss.generator(dealer(painter(z))))

    length = gradients.push(painter, dealer, loss, z)
    start, slope = painter.get_weights(), []
    for i, weights in enumerate(start):  # the whole gradient, one weight after the other
        for j in np.ndindex(*weights.shape):
            ends = []
            for sign in (1, -1):
                moved = [w.copy() for w in start]
                moved[i][j] += sign * 1e-2
                painter.set_weights(moved)
                ends.append(value())
            slope.append((ends[0] - ends[1]) / 2e-2)
    painter.set_weights(start)
    assert length == pytest.approx(np.linalg.norm(slope), rel=0.05)


def test_push_is_the_gradient_of_a_training_step_and_leaves_no_trace():
    painter, dealer = models.generator(4, 8, 4, seed=1), models.discriminator(8, 4, seed=2)
    z = np.random.default_rng(3).normal(size=(16, 4)).astype(np.float32)
    before = painter.get_weights()
    length = gradients.push(painter, dealer, losses.saturating, z)
    for a, b in zip(before, painter.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)  # moving averages included
    with tf.GradientTape() as tape:
        value = losses.saturating.generator(dealer(painter(z, training=True), training=True))
    parts = tape.gradient(value, painter.trainable_variables)
    assert length == pytest.approx(float(tf.linalg.global_norm(parts)), rel=1e-3)


def test_slopes_are_the_textbook_ones():
    logits = np.array([-6.0, -1.0, 0.0, 2.0])
    sigmoid = 1 / (1 + np.exp(-logits))
    value, steep = gradients.slopes(losses.non_saturating, logits)
    np.testing.assert_allclose(value, -np.log(sigmoid))
    np.testing.assert_allclose(steep, sigmoid - 1)
    value, steep = gradients.slopes(losses.saturating, logits)
    np.testing.assert_allclose(value, np.log(1 - sigmoid))
    np.testing.assert_allclose(steep, -sigmoid)


def test_figures_say_what_they_show():
    way = gradients.climb(models.discriminator(8, 4, seed=1), np.zeros((8, 8, 3)), steps=3)
    alt = plots.alt_text(gradients.climb_plot(way))
    assert "after 3 steps" in alt and f"{way.logits[-1]:.2g}" in alt
    figure = gradients.loss_plot({"one": losses.saturating, "two": losses.non_saturating})
    below = figure.axes[1]
    assert [line.get_label() for line in below.lines[:2]] == ["one", "two"]
    assert below.lines[0].get_ydata()[0] < 1e-3 < 0.99 < below.lines[1].get_ydata()[0]
    assert "nats" in below.get_ylabel() and "two 1 on the left" in plots.alt_text(figure)
    logits = -np.arange(6.0).reshape(2, 3)
    figure = gradients.lead_plot(logits, {"a": np.exp(logits), "b": np.ones((2, 3))})
    axis = figure.axes[0]
    assert axis.get_yscale() == "log" and axis.xaxis_inverted() and len(axis.lines) == 4
    assert [t.get_text() for t in axis.get_legend().get_texts()] == ["a", "b"]
    assert "2 seeds" in plots.alt_text(figure)
    with pytest.raises(InputError, match="seeds, moments"):
        gradients.lead_plot(logits, {"a": np.ones(3)})
