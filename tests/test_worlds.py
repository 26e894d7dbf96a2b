"""Several worlds in one network: each goes as if it were alone."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import data, gan, losses, models

WORLDS = 3


def stacked(**dealer):
    return (
        models.point_generator(4, 8, worlds=WORLDS, seed=5),
        models.point_discriminator(8, worlds=WORLDS, seed=50, **dealer),
    )


def alone(world, **dealer):
    return (
        models.point_generator(4, 8, seed=5 + world),
        models.point_discriminator(8, seed=50 + world, **dealer),
    )


def worlds_part(array, world):
    return np.split(np.asarray(array), WORLDS)[world]


@pytest.mark.parametrize("world", range(WORLDS))
def test_each_world_begins_as_the_network_of_its_seed(world):
    z = np.random.default_rng(0).standard_normal((5 * WORLDS, 4)).astype(np.float32)
    g, d = stacked()
    one_g, one_d = alone(world)
    points = g(z)
    np.testing.assert_allclose(worlds_part(points, world), one_g(worlds_part(z, world)), atol=1e-6)
    verdicts = worlds_part(d(points), world)
    np.testing.assert_allclose(verdicts, one_d(worlds_part(points, world)), atol=1e-6)


@pytest.mark.parametrize("penalty", [None, losses.r1_penalty(0.5), losses.gradient_penalty(2.0)])
@pytest.mark.parametrize("world", range(WORLDS))
def test_each_world_has_the_gradient_that_it_would_have_alone(world, penalty):
    random = np.random.default_rng(1)
    real, fake = (random.standard_normal((7 * WORLDS, 2)).astype(np.float32) for _ in range(2))

    def gradients(dealer, real, fake, penalty=penalty):
        with tf.GradientTape() as tape:
            loss = losses.non_saturating.discriminator(
                dealer(real, training=True), dealer(fake, training=True)
            )
            if penalty:
                # both mixing weights are drawn for a whole batch: give the same one to all
                loss += penalty(dealer, real, real, tf.constant([1, 2]))
        return tape.gradient(loss, dealer.trainable_variables)

    together = gradients(stacked()[1], real, fake)
    single = gradients(alone(world)[1], worlds_part(real, world), worlds_part(fake, world))
    for a, b in zip(together, single, strict=True):
        np.testing.assert_allclose(np.squeeze(a[world]), np.squeeze(b), rtol=1e-4, atol=1e-6)


def test_worlds_never_meet():
    """Another painter in world 0 changes nothing in the others, in training too."""
    results = []
    for change in (0.0, 1.0):
        g, d = stacked(dropout=0.2)
        first = g.trainable_variables[0]
        first.assign(first + change * np.array([1.0, 0, 0]).reshape(3, 1, 1))
        game = gan.GAN(g, d, seed=0)
        game.compile()
        game.fit(data.batches(data.ring(60), 6 * WORLDS), steps_per_epoch=4, verbose=0)
        results.append([np.array(v) for v in [*g.trainable_variables, *d.trainable_variables]])
    for a, b in zip(*results, strict=True):
        assert not np.array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1:], b[1:])


def test_spectral_normalisation_takes_the_same_steps_as_kerass():
    together = stacked(spectral_norm=True)[1]
    single = alone(1, spectral_norm=True)[1]
    wrapped = [x for x in single.layers if isinstance(x, keras.layers.SpectralNormalization)]
    mine = [x for x in together.layers if hasattr(x, "vector_u")]
    assert len(wrapped) == len(mine) == 3
    for a, b in zip(mine, wrapped, strict=True):
        b.vector_u.assign(a.vector_u[1])
    x = np.random.default_rng(2).standard_normal((4 * WORLDS, 2)).astype(np.float32)
    for _ in range(4):
        a, b = together(x, training=True), single(worlds_part(x, 1), training=True)
        np.testing.assert_allclose(worlds_part(a, 1), b, atol=1e-5)
    for a, b in zip(mine, wrapped, strict=True):
        np.testing.assert_allclose(a.kernel[1], b.kernel, atol=1e-5)
        np.testing.assert_allclose(a.vector_u[1], b.vector_u, atol=1e-5)


def test_a_copy_is_the_same():
    g = stacked()[0]
    again = keras.models.clone_model(g)
    again.set_weights(g.get_weights())
    z = np.ones((WORLDS, 4), np.float32)
    np.testing.assert_array_equal(g(z), again(z))
