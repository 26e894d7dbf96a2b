"""The networks, layer by layer."""

import numpy as np
import pytest

from gan_lessons import models
from gan_lessons.errors import InputError


def test_default_parameters_by_hand():
    g, d = models.generator(), models.discriminator()
    dense = 64 * 4 * 4 * 192
    transposed = 4 * 4 * (192 * 96 + 96 * 48) + 4 * 4 * 48 * 3 + 3
    norms = 4 * (192 + 96 + 48)
    assert g.count_params() == dense + transposed + norms == 568_899
    convolutions = 4 * 4 * (3 * 48 + 48 * 96 + 96 * 192) + 48 + 96 + 192
    assert d.count_params() == convolutions + 4 * 4 * 192 + 1 == 374_353


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
