"""The copyist: its loss is the paper's, its gradients flow, its draws are seeded."""

import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import conditional, data, models, vae
from gan_lessons.errors import InputError

K = 3


def small(seed=0, n_classes=0, **options):
    encoder = vae.encoder(5, 8, 4, seed=seed)
    decoder = models.generator(5 + n_classes, 8, 4, seed=seed + 1)
    model = vae.VAE(encoder, decoder, n_classes=n_classes, seed=seed, **options)
    model.compile()
    return model


def pictures(n=12, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, 8, 8, 3)).astype(np.float32)


def test_the_divergence_against_monte_carlo():
    mean, log_variance = np.array([[1.0, -0.5, 0.0]]), np.array([[-1.0, 0.4, 0.0]])
    got = float(vae.kl_divergence(tf.constant(mean), tf.constant(log_variance))[0])
    noise = np.random.default_rng(0).standard_normal((400_000, 3))
    z = mean + np.exp(log_variance / 2) * noise
    # log q(z) - log p(z), whose log(2 pi) cancel
    samples = 0.5 * (z**2 - noise**2 - log_variance).sum(1)
    assert got == pytest.approx(samples.mean(), abs=4 * samples.std() / len(z) ** 0.5)
    assert float(vae.kl_divergence(tf.zeros((1, 3)), tf.zeros((1, 3)))[0]) == 0


def test_the_reconstruction_is_a_normal_density():
    x, painted = pictures(2, 1), pictures(2, 2)
    got = vae.reconstruction_loss(tf.constant(x), tf.constant(painted), 0.3).numpy()
    d = (x - painted).astype(float) / 0.3
    density = np.exp(-(d**2) / 2) / (0.3 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(got, -np.log(density).sum((1, 2, 3)), rtol=1e-5)


def test_one_step_reports_the_true_loss_and_moves_everything():
    model = small()
    x = tf.constant(pictures())
    mean, log_variance = tf.split(model.encoder(x), 2, axis=1)
    z = mean + tf.exp(log_variance / 2) * model._noise(tf.shape(mean))
    painted, _ = model.decoder.stateless_call(
        model.decoder.trainable_variables, model.decoder.non_trainable_variables, z, training=True
    )
    expected = vae.reconstruction_loss(x, painted) + vae.kl_divergence(mean, log_variance)
    before = [np.array(v) for v in model.trainable_variables]
    logs = model.train_step(x)
    assert float(logs["loss"]) == pytest.approx(float(tf.reduce_mean(expected)), rel=1e-5)
    assert float(logs["loss"]) == pytest.approx(
        float(logs["reconstruction"]) + float(logs["kl"]), rel=1e-6
    )
    after = model.trainable_variables
    assert all(not np.array_equal(a, np.array(b)) for a, b in zip(before, after, strict=True))


def test_the_gradient_reaches_the_encoder_through_the_noise():
    """Against finite differences, at its largest entry."""
    model = small()
    x, kernel = tf.constant(pictures()), model.encoder.trainable_variables[0]

    def loss():
        mean, log_variance = tf.split(model.encoder(x, training=True), 2, axis=1)
        z = mean + tf.exp(log_variance / 2) * model._noise(tf.shape(mean))
        return tf.reduce_mean(vae.reconstruction_loss(x, model.decoder(z, training=True), 1.0))

    with tf.GradientTape() as tape:
        value = loss()
    gradient = tape.gradient(value, kernel).numpy()
    i = np.unravel_index(abs(gradient).argmax(), gradient.shape)
    start, values = kernel.numpy(), []
    for sign in (1, -1):
        moved = start.copy()
        moved[i] += sign * 0.02
        kernel.assign(moved)
        values.append(float(loss()))
    assert gradient[i] == pytest.approx((values[0] - values[1]) / 0.04, rel=0.1)


def test_learns_to_rebuild_and_to_sample():
    """Originals are plain pictures of any grey: rebuilt well, and sampled as varied."""
    levels = np.random.default_rng(3).uniform(-0.8, 0.8, 64).astype(np.float32)
    images = np.ones((64, 8, 8, 3), np.float32) * levels[:, None, None, None]
    model = small()
    history = model.fit(data.batches(images, 32, seed=1), steps_per_epoch=200, epochs=2, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    rebuilt = model.reconstruct(images)
    assert np.sqrt(((rebuilt - images) ** 2).mean()) < 0.15
    means, deviations = model.encode(images)
    assert means.shape == deviations.shape == (64, 5) and deviations.min() > 0
    assert model.sample(64, seed=0).mean((1, 2, 3)).std() > 0.05  # not one grey


def test_seeds_reproduce_bits():
    runs = []
    for seed in (0, 0, 1):
        model = small(seed)
        model.fit(data.batches(pictures(), 4, seed=1), steps_per_epoch=3, verbose=0)
        runs.append(model.sample(3, seed=2))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_orders():
    model = small(n_classes=K, names=("a", "b", "c"))
    stream = data.batches(pictures(), 4, seed=1, labels=np.arange(12) % K)
    model.fit(stream, steps_per_epoch=2, verbose=0)
    a, b = (model.sample(3, seed=1, label=label) for label in ("a", "b"))
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(a, model.sample(3, seed=1, label=0))
    assert model.reconstruct(pictures(3), label=[0, 1, 2]).shape == (3, 8, 8, 3)
    with pytest.raises(InputError, match="no class 'toad'"):
        model.sample(3, label="toad")


def test_bad_parts():
    encoder, decoder = vae.encoder(5, 8, 4), conditional.generator(K, 5, 8, 4)
    with pytest.raises(InputError, match="build it for their sum"):
        vae.VAE(encoder, decoder)
    with pytest.raises(InputError, match="above 0"):
        small(pixel_noise=0)
    with pytest.raises(InputError, match="give both or neither"):
        small(n_classes=K).train_step(tf.constant(pictures()))
    with pytest.raises(InputError, match="give both or neither"):
        small().train_step((tf.constant(pictures()), tf.zeros(12, tf.int32)))
