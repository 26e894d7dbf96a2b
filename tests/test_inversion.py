"""From pictures back to latent vectors."""

import keras
import numpy as np
import pytest

from gan_lessons import inversion, latent, models
from gan_lessons.errors import InputError


@pytest.fixture(scope="module")
def linear():
    """A painter whose pictures are a linear function of z: the answer is known."""
    z = keras.Input((3,))
    x = keras.layers.Dense(8 * 8 * 3, use_bias=False)(z)
    model = keras.Model(z, keras.layers.Reshape((8, 8, 3))(x))
    model.set_weights([np.random.default_rng(0).normal(size=(3, 192)).astype("float32") * 0.1])
    return model


def test_its_own_pictures_are_found_again(linear):
    z = latent.vectors(4, 3, seed=5)
    found = inversion.invert(linear, latent.generate(linear, z), steps=150, learning_rate=0.1)
    np.testing.assert_allclose(found.latents, z, atol=0.01)
    assert found.errors.max() < 1e-3 and found.history.shape == (150, 4)
    assert (found.history[0] > found.history[-1]).all()
    np.testing.assert_allclose(found.pictures, latent.generate(linear, found.latents), atol=1e-6)
    np.testing.assert_allclose(found.lengths, np.linalg.norm(found.latents, axis=1))


def test_the_prior_keeps_the_length(linear):
    nothing = np.zeros((1, 8, 8, 3), np.float32)  # painted best by z = 0
    free = inversion.invert(linear, nothing, steps=100)
    held = inversion.invert(linear, nothing, steps=100, prior=100.0)
    assert free.lengths[0] < 0.1
    assert abs(held.lengths[0] - 3**0.5) < 0.1
    assert held.errors[0] > free.errors[0]


def test_it_leaves_the_network_alone_and_is_reproducible():
    painter = models.generator(4, 8, 4, seed=0)
    before = [w.copy() for w in painter.get_weights()]
    picture = latent.generate(painter, latent.vectors(1, 4, seed=1))
    one, two = (inversion.invert(painter, picture, steps=5, pool=9) for _ in range(2))
    np.testing.assert_array_equal(one.latents, two.latents)
    for a, b in zip(before, painter.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "at least 1"),
        ({"starts": 9, "pool": 3}, "from 1 to pool"),
        ({"prior": -1.0}, "at least 0"),
    ],
)
def test_impossible_numbers_are_refused(linear, options, words):
    with pytest.raises(InputError, match=words):
        inversion.invert(linear, np.zeros((1, 8, 8, 3), np.float32), **options)


def test_pictures_of_another_size_are_refused(linear):
    with pytest.raises(InputError, match="image_size"):
        inversion.invert(linear, np.zeros((1, 16, 16, 3), np.float32))
