"""The networks, layer by layer."""

import numpy as np
import pytest

from gan_lessons import models
from gan_lessons.errors import InputError


def test_default_parameters_by_hand():
    g, d = models.generator(), models.discriminator()
    dense = 64 * 4 * 4 * 128
    transposed = 4 * 4 * (128 * 64 + 64 * 32) + 4 * 4 * 32 * 3 + 3
    norms = 4 * (128 + 64 + 32)
    assert g.count_params() == dense + transposed + norms == 297_347
    convolutions = 4 * 4 * (3 * 32 + 32 * 64 + 64 * 128) + 32 + 64 + 128
    assert d.count_params() == convolutions + 4 * 4 * 128 + 1 == 167_649


@pytest.mark.parametrize("size", [8, 16, 32, 64, 128])
def test_any_power_of_two(size):
    g = models.generator(8, size, 4, seed=0)
    d = models.discriminator(size, 4, seed=0)
    images = g(np.zeros((2, 8), np.float32))
    assert images.shape == (2, size, size, 3)
    assert d(images).shape == (2, 1)


def test_range_and_logits():
    g, d = models.generator(seed=0), models.discriminator(seed=1)
    z = 100 * np.random.default_rng(0).normal(size=(16, 64)).astype(np.float32)
    images = np.asarray(g(z))
    assert images.dtype == np.float32 and abs(images).max() <= 1
    assert g.layers[-1].activation.__name__ == "tanh"
    assert d.layers[-1].activation.__name__ == "linear"  # logits, not probabilities


def test_seed_decides_the_weights():
    a, b, c = (models.generator(seed=s).get_weights() for s in (1, 1, 2))
    assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    assert any(not np.array_equal(x, y) for x, y in zip(a, c, strict=True))


def test_layers_do_not_share_one_stream():
    w = models.discriminator(seed=0).get_weights()
    assert not np.array_equal(w[0].ravel()[:48], w[2].ravel()[:48])


def test_dropout_is_there_when_asked():
    names = [layer.__class__.__name__ for layer in models.discriminator(dropout=0.4).layers]
    assert names.index("Dropout") == len(names) - 2
    assert "Dropout" not in [layer.__class__.__name__ for layer in models.discriminator().layers]


@pytest.mark.parametrize("size", [0, 7, 12, 33, 4, -32, 32.0, True, "32"])
def test_sizes_that_cannot_be(size):
    for build in (lambda: models.generator(image_size=size), lambda: models.discriminator(size)):
        with pytest.raises(InputError, match="power of two"):
            build()


def test_a_size_of_numpys_kind():
    assert models.generator(4, np.int64(8), 2).output_shape == (None, 8, 8, 3)
    assert models.discriminator(np.int64(8), 2).input_shape == (None, 8, 8, 3)
    two, seeds = np.int64(2), (3, np.int64(3))
    for build in (
        lambda seed: models.generator(two, 8, two, seed=seed),
        lambda seed: models.discriminator(8, two, dropout=0.1, spectral_norm=True, seed=seed),
        lambda seed: models.point_generator(two, two, two, seed=seed),
        lambda seed: models.point_discriminator(two, two, spectral_norm=True, seed=seed),
    ):
        for a, b in zip(*(build(seed).get_weights() for seed in seeds), strict=True):
            np.testing.assert_array_equal(a, b)
        with pytest.raises(InputError, match="seed is -1: give a whole number of at least 0"):
            build(-1)


@pytest.mark.parametrize("bad", [0, -1, 1.5, True])
def test_numbers_below_one(bad):
    for build in (
        lambda: models.generator(bad),
        lambda: models.generator(width=bad),
        lambda: models.discriminator(width=bad),
        lambda: models.point_generator(bad),
        lambda: models.point_discriminator(bad),
    ):
        with pytest.raises(InputError, match="at least 1"):
            build()
    with pytest.raises(InputError, match="dropout"):
        models.discriminator(dropout=1.0)


def test_points():
    g, d = models.point_generator(3, 16, 2, seed=0), models.point_discriminator(16, 1, seed=0)
    points = g(np.zeros((5, 3), np.float32))
    assert points.shape == (5, 2) and d(points).shape == (5, 1)
    assert g.count_params() == 3 * 16 + 16 + 16 * 16 + 16 + 16 * 2 + 2


def limited(model):
    """The kernels of a spectrally normalised network as matrices ``(inputs, outputs)``."""
    wrapped = [x for x in model.layers if type(x).__name__ == "SpectralNormalization"]
    return [np.asarray(x.kernel).reshape(-1, x.kernel.shape[-1]) for x in wrapped]


@pytest.mark.parametrize("kind", ["points", "pictures"])
def test_spectral_normalisation_sets_the_largest_singular_value_to_one(kind):
    """Trained inside the game, against NumPy's singular values; one more look divides again."""
    import keras

    from gan_lessons import data, gan

    if kind == "points":
        pair = (
            models.point_generator(seed=0),
            models.point_discriminator(spectral_norm=True, seed=1),
        )
        real = data.ring(64)
    else:
        pair = (
            models.generator(8, 8, 4, seed=0),
            models.discriminator(8, 4, spectral_norm=True, seed=1),
        )
        real = data.sketch_frogs(64, image_size=8)[0]
    game = gan.GAN(*pair, seed=0)
    game.compile()
    before = limited(game.discriminator)
    game.fit(data.batches(real, 16), steps_per_epoch=60, verbose=0)
    game.discriminator(real, training=True)
    after = limited(game.discriminator)
    assert len(after) == len([v for v in game.discriminator.trainable_variables if v.ndim > 1])
    for a, b in zip(before, after, strict=True):
        assert np.linalg.svd(b, compute_uv=False)[0] == pytest.approx(1, abs=0.02)
        assert not np.allclose(a / np.linalg.norm(a, 2), b, atol=1e-3)  # it learnt as well

    state = [np.array(v) for v in game.discriminator.variables]
    game.generator_step(8)  # the painter's step looks in training mode, and changes nothing
    for x, y in zip(state, game.discriminator.variables, strict=True):
        np.testing.assert_array_equal(x, np.array(y))
    assert isinstance(game.d_optimizer, keras.optimizers.Adam)


def test_a_limited_dealers_logit_changes_no_faster_than_the_points():
    d = models.point_discriminator(spectral_norm=True, seed=3)
    x = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    for _ in range(50):
        d(x, training=True)
    logits = np.asarray(d(x))[:, 0]
    moved = abs(logits[:, None] - logits[None])
    apart = np.linalg.norm(x[:, None] - x[None], axis=2)
    assert (moved <= apart * 1.01 + 1e-6).all()
    steep = np.asarray(models.point_discriminator(seed=3)(5 * x))[:, 0]
    assert (abs(steep[:, None] - steep[None]) > apart).any()  # it is not so without


def test_the_seed_decides_where_power_iterations_begin():
    a, b, c = (
        [np.array(v) for v in models.discriminator(8, 4, spectral_norm=True, seed=s).variables]
        for s in (1, 1, 2)
    )
    assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    assert not any(np.array_equal(x, y) for x, y in zip(a, c, strict=True) if x.any())


def test_points_with_every_option():
    d = models.point_discriminator(8, slope=0.0, dropout=0.5, spectral_norm=True, seed=0)
    kinds = [type(layer).__name__ for layer in d.layers[1:]]
    assert kinds == ["SpectralNormalization", "LeakyReLU", "Dropout"] * 2 + [
        "SpectralNormalization"
    ]
    assert d.layers[2].negative_slope == 0
    with pytest.raises(InputError, match="dropout"):
        models.point_discriminator(dropout=-0.1)
    with pytest.raises(InputError, match="worlds is 0"):
        models.point_generator(worlds=0)


def test_a_game_with_spectral_normalisation_goes_on_from_its_checkpoint():
    from gan_lessons import data, gan, recorder

    def fresh():
        d = models.discriminator(8, 4, dropout=0.2, spectral_norm=True, seed=1)
        game = gan.GAN(models.generator(8, 8, 4, seed=0), d, seed=0)
        game.compile()
        return game

    def fit(game, start, steps):
        real = data.sketch_frogs(32, image_size=8)[0]
        game.fit(data.batches(real, 8, start=start), steps_per_epoch=steps, verbose=0)
        return {name: np.array(v) for name, v in recorder.state(game).items()}

    whole = fit(fresh(), 0, 5)
    saved, again = fit(fresh(), 0, 2), fresh()
    for name, variable in recorder.state(again).items():
        variable.assign(saved[name])
    continued = fit(again, 2, 3)
    assert any(not np.array_equal(whole[name], saved[name]) for name in whole)  # it went on
    assert all(np.array_equal(whole[name], continued[name]) for name in whole)
