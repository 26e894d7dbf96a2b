"""Counting layers, parameters and multiply-adds."""

import keras
import numpy as np
import pytest

from gan_lessons import anatomy, article, models
from gan_lessons.errors import InputError


def by_kind(table):
    return [(row.kind, row.shape) for row in table]


def test_our_generator_by_hand():
    table = anatomy.layers(models.generator(width=48))
    assert by_kind(table)[:4] == [
        ("Dense", (3072,)), ("Reshape", (4, 4, 192)), ("BatchNormalization", (4, 4, 192)),
        ("LeakyReLU", (4, 4, 192)),
    ]  # fmt: skip
    work = [row.multiply_adds for row in table if row.multiply_adds]
    kernels = [16 * 192 * 96, 16 * 96 * 48, 16 * 48 * 3]
    assert work == [64 * 3072, *(s * s * k for s, k in zip((4, 8, 16), kernels, strict=True))]
    assert table.parameters == models.generator(width=48).count_params() == 568_899
    assert table.multiply_adds == sum(work)


def test_the_articles_networks_by_hand():
    g, d = anatomy.layers(article.generator()), anatomy.layers(article.discriminator())
    assert g.parameters == 6_264_579 and d.parameters == 790_913
    full, half = 32 * 32, 16 * 16
    assert g.multiply_adds == (
        32 * 32_768
        + half * (25 * 128 * 256 + 16 * 256 * 256)  # the transposed one reads 16 x 16 pixels
        + full * (2 * 25 * 256 * 256 + 49 * 256 * 3)
    )
    assert d[0].shape == (30, 30, 128) and d[0].multiply_adds == 30 * 30 * 9 * 3 * 128


def test_multiply_adds_of_a_convolution_counted_one_by_one():
    """Without padding every product exists: ones times ones add up to their number."""
    picture = keras.Input((7, 6, 3))
    for build in (
        lambda: keras.layers.Conv2D(4, 3, 2, kernel_initializer="ones"),
        lambda: keras.layers.Conv2DTranspose(4, 3, 2, kernel_initializer="ones"),
    ):
        model = keras.Model(picture, build()(picture))
        products = np.asarray(model(np.ones((1, 7, 6, 3), np.float32))).sum()
        assert anatomy.layers(model).multiply_adds == products


def test_models_inside_models_and_wrappers():
    g, d = article.generator(), article.discriminator()
    both = anatomy.layers(article.combined(g, d))
    assert both.multiply_adds == anatomy.layers(g).multiply_adds + anatomy.layers(d).multiply_adds
    first = keras.Input((8, 8, 3))
    x = keras.layers.SpectralNormalization(keras.layers.Conv2D(5, 3))(first)
    assert anatomy.layers(keras.Model(first, x)).multiply_adds == 36 * 9 * 3 * 5


def test_two_inputs_cost_nothing():
    a, b = keras.Input((2,)), keras.Input((3,))
    model = keras.Model([a, b], keras.layers.Concatenate()([a, b]))
    (row,) = anatomy.layers(model)
    assert row.shape == (5,) and row.multiply_adds == row.parameters == 0


def test_as_a_table():
    table = anatomy.layers(models.generator(width=48))
    text, page = str(table), table._repr_html_()
    assert "32 × 32 × 3" in text and ">32×32×3<" in page
    for part in ("Conv2DTranspose", "568,899", "4.7", "10.2"):
        assert part in text and part in page
    assert page.count("<tr") == len(table) + 2
    assert "nan" not in anatomy.Layers("empty", [])._repr_html_()


def test_what_is_refused():
    with pytest.raises(InputError, match="built"):
        anatomy.layers(keras.Sequential([keras.layers.Dense(3)]))
    with pytest.raises(InputError, match="built"):
        anatomy.layers("a model")
    first = keras.Input((5, 3))
    model = keras.Model(first, keras.layers.LSTM(2, name="odd")(first))
    with pytest.raises(InputError, match="'odd' is a LSTM"):
        anatomy.layers(model)


def test_what_layers_answer_on_the_way():
    g = models.generator(6, 16, 4, seed=1)
    z = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)
    everything = anatomy.outputs(g, z)
    assert list(everything) == [layer.name for layer in g.layers[1:]]
    assert np.array_equal(everything["picture"], np.asarray(g(z, training=False)))
    some = anatomy.outputs(g, z, "LeakyReLU")
    assert [a.shape for a in some.values()] == [(3, 4, 4, 8), (3, 8, 8, 4)]
    assert all(np.array_equal(a, everything[name]) for name, a in some.items())
    (only,) = anatomy.outputs(g, z, "Reshape").values()
    assert only.shape == (3, 4, 4, 8)
    with pytest.raises(InputError, match="no layer of the kind 'ReLU': it has BatchNorm"):
        anatomy.outputs(g, z, "ReLU")
