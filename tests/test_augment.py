"""Differentiable augmentation: what it does, and that gradients pass."""

import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import augment
from gan_lessons.errors import InputError

SEED = tf.constant([3, 4])


def images(n=64, size=16):
    return np.random.default_rng(0).uniform(-1, 1, (n, size, size, 3)).astype(np.float32)


def test_translation_is_a_shift_filled_with_zeros():
    x = images()
    y = augment.translate(tf.constant(x), SEED).numpy()
    shifts = set()
    for before, after in zip(x, y, strict=True):
        padded = np.pad(before, ((2, 2), (2, 2), (0, 0)))
        found = [
            (dy, dx)
            for dy in range(-2, 3)
            for dx in range(-2, 3)
            if np.allclose(padded[2 - dy : 18 - dy, 2 - dx : 18 - dx], after, atol=1e-6)
        ]
        assert len(found) == 1
        shifts.add(found[0])
    assert len(shifts) > 15  # all 25 are possible
    assert {dy for dy, _ in shifts} == {dx for _, dx in shifts} == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_shift_by_more_than_all_of_it(share):
    with pytest.raises(InputError, match=f"share is {share}"):
        augment.translate(tf.zeros((1, 8, 8, 3)), (0, 1), share)


def test_colour_is_the_same_affine_map_everywhere_in_a_picture():
    x = images()
    y = augment.colour(tf.constant(x), SEED).numpy()
    assert not np.allclose(x, y)
    for before, after in zip(x[:8], y[:8], strict=True):
        pixels = np.c_[before.reshape(-1, 3), np.ones(256)]
        _, residual, *_ = np.linalg.lstsq(pixels, after.reshape(-1, 3), rcond=None)
        assert residual.max() < 1e-6
    np.testing.assert_allclose(augment.colour(tf.constant(x), SEED, strength=0), x, atol=1e-6)


def test_brightness_saturation_and_contrast_all_change_each_for_itself():
    """Read off the affine map of each picture: half of the paper's strength, and all of its range.

    Brightness moves the mean, contrast is what grey is multiplied with, saturation what colours
    are multiplied with beyond that.
    """
    x = images(200)
    y = augment.colour(tf.constant(x), SEED).numpy()
    found = []
    for before, after in zip(x, y, strict=True):
        pixels = np.c_[before.reshape(-1, 3), np.ones(256)]
        turn = np.linalg.lstsq(pixels, after.reshape(-1, 3), rcond=None)[0][:3]
        contrast = turn.sum(0).mean()
        saturation = (np.trace(turn) - (turn.sum() - np.trace(turn)) / 2) / 3 / contrast
        found.append((after.mean() - before.mean(), saturation, contrast))
    middles, halves = np.array([0, 1, 1]), np.array([0.25, 0.5, 0.25])
    uniform = (np.array(found) - middles) / halves
    assert abs(uniform).max() <= 1.001
    assert (uniform.min(0) < -0.95).all() and (uniform.max(0) > 0.95).all()
    assert abs(np.corrcoef(uniform.T) - np.eye(3)).max() < 0.25


def test_every_picture_is_treated_differently_and_the_seed_decides():
    x = np.repeat(images(1), 8, axis=0)
    y = augment.translate_and_colour(tf.constant(x), SEED).numpy()
    assert len({row.tobytes() for row in y}) == 8
    np.testing.assert_array_equal(y, augment.translate_and_colour(tf.constant(x), SEED).numpy())
    other = augment.translate_and_colour(tf.constant(x), tf.constant([3, 5])).numpy()
    assert not np.array_equal(y, other)


def test_gradients_pass():
    x = tf.constant(images(4, 8), tf.float32)
    weights = tf.constant(np.random.default_rng(1).normal(size=x.shape), tf.float32)

    def f(x):
        return tf.reduce_sum(weights * augment.translate_and_colour(x, SEED))

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    gradient = tape.gradient(y, x).numpy()
    direction = np.random.default_rng(2).normal(size=x.shape).astype(np.float32)
    numeric = (float(f(x + 1e-2 * direction)) - float(f(x - 1e-2 * direction))) / 2e-2
    np.testing.assert_allclose((gradient * direction).sum(), numeric, rtol=1e-3)
