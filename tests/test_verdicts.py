"""Verdicts: counted, differentiated and occluded, against dealers whose answers are known."""

import keras
import numpy as np
import pytest

from gan_lessons import models, plots, verdict_plots, verdicts
from gan_lessons.errors import InputError


def linear_dealer(weights):
    """A dealer whose logit is the sum of weights times pixels."""
    x = keras.Input(weights.shape)
    dense = keras.layers.Dense(1, use_bias=False)
    model = keras.Model(x, dense(keras.layers.Flatten()(x)))
    dense.set_weights([weights.reshape(-1, 1)])
    return model


@pytest.fixture(scope="module")
def weights():
    return np.random.default_rng(0).standard_normal((8, 8, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(1).uniform(-1, 1, (5, 8, 8, 3)).astype(np.float32)


def test_probability_is_the_sigmoid_and_never_overflows():
    with np.errstate(all="raise"):
        found = verdicts.probability(np.array([0.0, np.log(3), -np.log(3), 700, -700]))
    np.testing.assert_allclose(found, [0.5, 0.75, 0.25, 1, 0], atol=1e-12)


def test_judge_does_not_depend_on_the_batch(weights, images):
    dealer = linear_dealer(weights)
    wanted = (images * weights).sum((1, 2, 3))
    for size in (1, 2, 250):
        found = verdicts.judge(dealer, images, batch_size=size)
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


def test_judge_hides_nothing_by_dropout(images):
    dealer = models.discriminator(8, 4, dropout=0.9, seed=0)
    assert np.array_equal(verdicts.judge(dealer, images), verdicts.judge(dealer, images))


def test_accuracy_weighs_both_sides_alike():
    assert verdicts.accuracy([1, 2, 3, -1], [-1]) == pytest.approx((0.75 + 1) / 2)
    assert verdicts.accuracy([0.0], [0.0]) == 0.5  # a toss of a coin, whatever zero counts as
    with pytest.raises(InputError, match="one side"):
        verdicts.accuracy([], [1])


def test_calibration_counts_by_hand():
    logit = np.log([3, 3, 3, 1 / 3])  # probabilities 0.75, 0.75, 0.75, 0.25
    found = verdicts.calibration(logit[:2], logit[2:], bins=2)
    np.testing.assert_allclose(found.predicted, [0.25, 0.75])
    np.testing.assert_allclose(found.observed, [0, 2 / 3])
    assert found.count.tolist() == [1, 3]
    assert found.error == pytest.approx((0.25 * 1 + (0.75 - 2 / 3) * 3) / 4)
    np.testing.assert_allclose(found.spread, np.sqrt([0.1875, 0.0625]))


def test_calibration_tells_an_honest_dealer_from_a_boaster():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, 20_000)
    real = rng.random(20_000) < verdicts.probability(logits)
    honest = verdicts.calibration(logits[real], logits[~real])
    boaster = verdicts.calibration(3 * logits[real], 3 * logits[~real])
    assert honest.error < 0.02 < 0.08 < boaster.error
    assert (abs(honest.predicted - honest.observed) < 4 * honest.spread).all()


def test_calibration_keeps_certainty_in_the_last_bin():
    found = verdicts.calibration(np.array([800.0]), np.array([-800.0]), bins=4)
    assert found.predicted.tolist() == [0, 1] and found.observed.tolist() == [0, 1]
    for bad in (1, 2.0, True):
        with pytest.raises(InputError, match="bins"):
            verdicts.calibration(np.zeros(1), np.zeros(1), bins=bad)
    with pytest.raises(InputError, match="no verdicts"):
        verdicts.calibration(np.zeros(0), np.zeros(0))


def test_slopes_of_a_linear_dealer_are_its_weights(weights, images):
    found = verdicts.slopes(linear_dealer(weights), images, batch_size=2)
    assert found.shape == images.shape
    np.testing.assert_allclose(found, np.broadcast_to(weights, images.shape), rtol=1e-5)
    np.testing.assert_allclose(verdicts.lengths(found), np.linalg.norm(weights), rtol=1e-5)
    np.testing.assert_allclose(
        verdicts.strength(found)[0], np.linalg.norm(weights, axis=-1), rtol=1e-5
    )


def test_slopes_agree_with_finite_differences(images):
    dealer = models.discriminator(8, 4, seed=3)
    slope = verdicts.slopes(dealer, images[:1])[0]
    step = np.zeros_like(images[:1])
    step[0, 3, 4, 1] = 1e-2
    up, down = (verdicts.judge(dealer, images[:1] + s)[0] for s in (step, -step))
    assert slope[3, 4, 1] == pytest.approx((up - down) / 2e-2, rel=0.05, abs=1e-6)


def test_occlusion_of_a_linear_dealer_by_hand(weights, images):
    dealer = linear_dealer(weights)
    found = verdicts.occlusion(dealer, images[:2], patch=3, fill=0.0, batch_size=7)
    each = (images[:2] * weights).sum(-1)  # what every pixel adds
    assert found.shape == (2, 8, 8)
    np.testing.assert_allclose(found[:, 4, 5], each[:, 3:6, 4:7].sum((1, 2)), atol=1e-4)
    np.testing.assert_allclose(found[:, 0, 7], each[:, :2, 6:].sum((1, 2)), atol=1e-4)


def test_occlusion_hides_with_the_pictures_own_mean_colour(weights):
    plain = np.full((1, 8, 8, 3), 0.3, np.float32)
    assert abs(verdicts.occlusion(linear_dealer(weights), plain)).max() < 1e-4


def test_wrong_questions_are_refused(weights, images):
    dealer = linear_dealer(weights)
    for ask in (verdicts.judge, verdicts.slopes, verdicts.occlusion):
        with pytest.raises(InputError, match="looks at"):
            ask(dealer, images[:, :4])
    for patch in (2, 9, -1):
        with pytest.raises(InputError, match="odd"):
            verdicts.occlusion(dealer, images, patch=patch)
    with pytest.raises(InputError, match="one number"):
        verdicts.judge(models.generator(4, 8, 4, seed=0), np.zeros((1, 4), np.float32))
    with pytest.raises(InputError, match="H, W, 3"):
        verdicts.occlusion(
            models.point_discriminator(seed=0), np.zeros((1, 2), np.float32), patch=1
        )


def test_figures_say_what_they_show(images):
    logits = np.array([-2.0, 1.0, 3.0])
    found = verdict_plots.histograms({"taught": {"real": logits, "forged": -logits}})
    assert "real (taught) around 1" in plots.alt_text(found)
    counted = verdicts.calibration(logits, -logits, bins=2)
    assert "of 3" in plots.alt_text(verdict_plots.reliability(counted))
    x = np.linspace(-1, 1, 11)
    line = verdict_plots.on_a_line(x, np.ones(11), np.ones(11), {"best": (x + 1.2) / 2.2})
    assert "best crosses one half at -0.1" in plots.alt_text(line)
    hidden = np.zeros((5, 8, 8))
    hidden[0, 2, 6] = -4
    sheet = verdict_plots.maps(images, np.ones((5, 8, 8)), hidden, list("abcde"), title="T")
    assert "a: strongest at row 2, column 6, where hiding changes the logit by +4" in (
        plots.alt_text(sheet)
    )
    for figure in (found, line, sheet):
        assert plots.show(figure).picture


def test_figures_refuse_what_does_not_fit(images):
    with pytest.raises(InputError, match="no logits"):
        verdict_plots.histograms({"taught": {"real": np.zeros(0)}})
    with pytest.raises(InputError, match="one map"):
        verdict_plots.maps(images, np.ones((4, 8, 8)), np.ones((5, 8, 8)), list("abcde"))
