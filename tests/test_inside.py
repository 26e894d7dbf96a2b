"""Figures of the inside of a generator."""

import keras
import numpy as np
import pytest

from gan_lessons import article, inside, models, plots
from gan_lessons.errors import InputError


def test_stamps_add_up_to_keras_transposed_convolution():
    random = np.random.default_rng(0)
    values, kernel = random.normal(size=5), random.normal(size=4)
    for stride in (1, 2, 3):
        layer = keras.layers.Conv1DTranspose(1, 4, stride, use_bias=False)
        layer.build((1, 5, 1))
        layer.set_weights([kernel.reshape(4, 1, 1)])
        expected = np.asarray(layer(values.reshape(1, 5, 1).astype(np.float32))).ravel()
        np.testing.assert_allclose(inside.stamp(values, kernel, stride).sum(0), expected, atol=1e-5)


def test_the_figure_of_stamps_says_its_numbers():
    figure = inside.stamps([1, 2], [1, 3, 2, 1], 2, crop=1)
    assert "add up to 1, 3, 4, 7, 4, 2" in plots.alt_text(figure)
    drawn = [text.get_text() for text in figure.axes[1].texts]
    assert drawn == ["1", "3", "4", "7", "4", "2"]
    assert figure.axes[1].patches[0].get_alpha() == 0.3  # cut off
    assert 'alt="Above' in plots.show(figure)._repr_html_()


@pytest.mark.parametrize(("kernel", "counts"), [(4, {4}), (3, {1, 2, 4}), (5, {4, 6, 9}), (2, {1})])
def test_overlap_is_even_where_the_stride_divides_the_kernel(kernel, counts):
    assert set(inside._meetings(kernel, 2, 8).flat) == counts
    figure = inside.overlap([kernel])
    assert {int(text.get_text()) for text in figure.axes[0].texts} == counts


def test_stages_follow_the_network():
    ours, theirs = inside.stages(models.generator(width=48)), inside.stages(article.generator())
    for part in ("4 × 4", "8 × 8", "16 × 16", "32 × 32", "192 channels", ">64<", "3 colours"):
        assert part in ours.body
    assert "4 by 4 with 192, then 8 by 8 with 96" in ours.description
    assert "8 × 8" not in theirs.body and "128 channels" in theirs.body
    with pytest.raises(InputError, match="paints no pictures"):
        inside.stages(models.point_generator(2, 4, 1))


def test_feature_maps_come_from_the_network():
    g = models.generator(6, 16, 4, seed=1)
    z = np.random.default_rng(0).normal(size=6).astype(np.float32)
    figure = inside.feature_maps(g, z, count=3)
    shown = [np.asarray(axis.images[0].get_array()) for axis in figure.axes]
    assert [a.shape[:2] for a in shown[:3]] == [(4, 4), (8, 8), (16, 16)]
    picture = np.asarray(g(z[None], training=False))[0]
    np.testing.assert_allclose(shown[2], (picture + 1) / 2)
    assert "4 × 4 × 8; 8 × 8 × 4" in plots.alt_text(figure)


def test_bad_input():
    with pytest.raises(InputError, match="rows of numbers"):
        inside.stamp(np.ones((2, 2)), np.ones(3), 1)
    with pytest.raises(InputError, match="at least 1"):
        inside.stamp(np.ones(2), np.ones(3), 0)
    with pytest.raises(InputError, match="0 and more"):
        inside.stamps([1, -1], [1, 2], 1)
    with pytest.raises(InputError, match="too few"):
        inside.overlap([5], size=2)
