"""The measures by hand on few numbers: limits, defaults, and each figure of a report."""

import dataclasses

import numpy as np
import pytest

from gan_lessons import data, distances, metrics, picture_features, report
from gan_lessons.errors import InputError

RANDOM = np.random.default_rng(5)
START = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def _the_same_draws_in_whatever_order():
    """A test alone draws what it draws among the others."""
    RANDOM.bit_generator.state = START


def test_the_least_that_each_distance_takes():
    x = RANDOM.normal(size=(40, 3))
    assert np.isfinite(metrics.kernel_distance(x[:3], x[3:9]).value)
    assert np.isfinite(metrics.frechet_distance(x[:20], x[20:]).error)
    for a, b in ((x[:2], x), (x, x[:5])):
        with pytest.raises(InputError, match="at least 3 and 6"):
            metrics.kernel_distance(a, b)
    for a, b in ((x[:19], x), (x, x[:19])):
        with pytest.raises(InputError, match="at least 20 and 20"):
            metrics.frechet_distance(a, b)
    with pytest.raises(InputError, match="at least 2"):
        distances.spread(x[:1])
    assert distances.spread(x[:2]) == pytest.approx(np.linalg.norm(x[0] - x[1]))


@pytest.mark.parametrize("bad", [np.zeros(4), np.zeros((9, 4, 1)), np.zeros((9, 5))])
def test_features_of_another_shape_on_either_side(bad):
    good = np.zeros((9, 4))
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(InputError, match="shapes"):
            metrics.kernel_distance(*pair)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_bad_number_on_either_side(value):
    good = RANDOM.normal(size=(9, 4))
    bad = good.copy()
    bad[3, 2] = value
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(InputError, match="NaN or infinity"):
            metrics.kernel_distance(*pair)


def test_the_floor_is_the_distance_of_every_other_vector_to_the_rest():
    a, b = RANDOM.normal(size=(30, 3)), RANDOM.normal(1, 2, size=(48, 3))
    for distance in (metrics.kernel_distance, metrics.frechet_distance):
        expected = distance(b[0::2], b[1::2]).value
        assert distance(a, b).floor == pytest.approx(expected, rel=1e-9)


def test_frechets_error_is_the_jackknife_over_ten_groups():
    a, b = RANDOM.normal(size=(43, 3)), RANDOM.normal(1, 2, size=(35, 3))
    value = lambda x, y: metrics.frechet_distance(x, y).value
    left_a = [value(a[np.arange(43) % 10 != g], b) for g in range(10)]
    left_b = [value(a, b[np.arange(35) % 10 != g]) for g in range(10)]
    expected = np.sqrt(9 * (np.var(left_a) + np.var(left_b)))
    assert metrics.frechet_distance(a, b).error == pytest.approx(expected, rel=1e-8)


def test_frechet_of_features_that_do_not_vary():
    a = np.tile([1.0, 2.0, 3.0], (25, 1))
    assert metrics.frechet_distance(a, a + np.array([3, 4, 0])).value == pytest.approx(25)
    # two equal columns: the smallest eigenvalue is 0 but for rounding, on either side of it
    for seed in range(20):
        x = np.random.default_rng(seed).normal(size=(30, 2))[:, [0, 1, 0]]
        assert np.isfinite(metrics.frechet_distance(x, x * 2).value)


def test_frechet_of_a_single_feature():
    """(m_a - m_b)^2 + (s_a - s_b)^2, with the deviations s."""
    random = np.random.default_rng(0)
    a, b = random.standard_normal((30, 1)), 3 + 2 * random.standard_normal((40, 1))
    expected = (a.mean() - b.mean()) ** 2 + (a.std(ddof=1) - b.std(ddof=1)) ** 2
    assert distances.frechet_distance(a, b).value == pytest.approx(expected)


def test_pairwise_by_hand_and_never_nan():
    a, b = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 1.0], [6.0, 8.0]])
    expected = [[0, 1, 10], [5, np.hypot(3, 3), 5]]
    np.testing.assert_allclose(distances.pairwise(a, b), expected, atol=1e-12)
    x = RANDOM.normal(1e4, 1, size=(60, 7))
    assert np.isfinite(distances.pairwise(x, x)).all()


def test_spread_is_the_mean_over_pairs_of_different_rows():
    x = RANDOM.normal(size=(6, 3))
    pairs = [np.linalg.norm(x[i] - x[j]) for i in range(6) for j in range(i)]
    assert distances.spread(x) == pytest.approx(np.mean(pairs))


def test_precision_recall_and_coverage_by_hand():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])
    fake = np.array([[1.5], [3.0], [30.0]])
    # k = 1: radii of the real ones 1, 1, 1, 8, of the forgeries 1.5, 1.5, 27
    found = metrics.precision_recall(fake, real, k=1)
    assert found.precision == pytest.approx(2 / 3)  # 1.5 and 3, which touches the edge of 2
    assert found.recall == pytest.approx(1.0)  # 0 lies on the edge of 1.5
    assert found.coverage == pytest.approx(3 / 4)  # no forgery within 1 of 0
    random = np.random.default_rng(0)  # of its own: k = 5 and 6 do not differ on every draw
    few = random.normal(size=(6, 2))
    assert metrics.precision_recall(few, few) == metrics.precision_recall(few, few, k=5)
    more = random.normal(size=(40, 2)), random.normal(2, 1, size=(40, 2))
    assert metrics.precision_recall(*more) == metrics.precision_recall(*more, k=5)
    assert metrics.precision_recall(*more) != metrics.precision_recall(*more, k=6)
    with pytest.raises(InputError, match="at least 6 and 6"):
        metrics.precision_recall(few[:5], few)
    for k in (0, -1, 1.5, True):
        with pytest.raises(InputError, match="k is"):
            metrics.precision_recall(few, few, k)


@pytest.mark.parametrize(
    ("record", "field"),
    [(distances.Distance(1.0, 2.0, 3.0), "value"),
     (distances.PrecisionRecall(1.0, 2.0, 3.0), "recall"),
     (picture_features.NearestReal(np.zeros(1), np.zeros(1)), "indices")],
)  # fmt: skip
def test_a_result_cannot_be_changed(record, field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, 0)


def test_what_a_distance_says():
    said = str(distances.Distance(0.123456, 0.0123, 0.00456))
    assert said == "0.1235 ± 0.012 (real against real: 0.0046)"
    large = str(distances.Distance(1367.2, 163.4, -99.6))
    assert large == "1367 ± 163 (real against real: -100)"
    assert str(distances.Distance(1.0, 99.5, 99.4)) == "1 ± 100 (real against real: 99)"


# ------------------------------------------------------------------ pictures


@pytest.fixture(scope="module")
def frogs():
    return data.sketch_frogs(90, seed=11)[0]


def test_colour_features_by_hand():
    image = RANDOM.uniform(-1, 1, (1, 8, 8, 3)).astype(np.float32)
    found = metrics.colour_features(image)
    assert found.shape == (1, 51) and found.dtype == np.float32
    means = image[0].reshape(4, 2, 4, 2, 3).mean((1, 3)).reshape(48)
    np.testing.assert_allclose(found[0, :48], 2 * means, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[0, 48:], 2 * image[0].std((0, 1)), rtol=1e-5)


def test_each_size_comes_to_the_same_side():
    image = RANDOM.uniform(-1, 1, (2, 16, 16, 3)).astype(np.float32)
    up = picture_features._resized(image, 32)
    assert up.shape == (2, 32, 32, 3)
    for i, j in ((0, 0), (1, 0), (0, 1), (1, 1)):
        np.testing.assert_array_equal(up[:, i::2, j::2], image)
    np.testing.assert_array_equal(picture_features._resized(image, 16), image)
    down = picture_features._resized(image, 8)
    np.testing.assert_allclose(down[:, 3, 5], image[:, 6:8, 10:12].mean((1, 2)), rtol=1e-5)
    for shape in ((1, 8, 16, 3), (1, 24, 24, 3)):
        with pytest.raises(InputError, match="power of two"):
            picture_features._resized(np.zeros(shape), 32)


def test_parts_are_named_and_come_in_the_order_asked(frogs):
    assert metrics.PARTS == ("shallow", "middle", "deep", "colour")
    whole = metrics.features(frogs[:4])
    widths = dict(zip(metrics.PARTS, np.split(np.arange(403), [64, 160, 352]), strict=True))
    for name, columns in widths.items():
        np.testing.assert_allclose(
            metrics.features(frogs[:4], parts=(name,)), whole[:, columns], atol=1e-5
        )
    turned = metrics.features(frogs[:4], parts=("colour", "shallow"))
    columns = np.concatenate([widths["colour"], widths["shallow"]])
    np.testing.assert_allclose(turned, whole[:, columns], atol=1e-5)
    with pytest.raises(InputError, match="no part"):
        metrics.features(frogs[:4], parts=())
    np.testing.assert_array_equal(picture_features._unit(np.zeros((1, 3))), np.zeros((1, 3)))


def test_a_picture_distance_in_pixels_is_the_root_mean_square():
    real = np.zeros((2, 8, 8, 3), np.float32)
    real[1, :, :4] = 1
    forged = real[[1]] * 0.5
    found = metrics.nearest_real(forged, real)
    assert found.indices.tolist() == [0]  # equally far: the first
    assert found.distances[0] == pytest.approx(np.sqrt(0.125))
    mirrored = metrics.nearest_real(real[1:, :, ::-1], real)
    assert mirrored.indices.tolist() == [1] and mirrored.distances[0] == pytest.approx(0)


@pytest.mark.parametrize("space", ["pixels", "features"])
def test_the_nearest_is_sought_a_part_at_a_time(frogs, space, monkeypatch):
    """All pictures of a large set, as float64 and mirrored, would not fit into memory."""
    samples, real = frogs[:4] * 0.9, frogs[4:40]
    whole, parts = metrics.nearest_real(samples, real, space), []

    def pairwise(a, b):
        parts.append(len(b))
        return distances.pairwise(a, b)

    monkeypatch.setattr(picture_features, "pairwise", pairwise)
    monkeypatch.setattr(picture_features, "AT_ONCE", 10)
    found = metrics.nearest_real(samples, real, space)
    assert parts == 2 * [10, 10, 10, 6]
    np.testing.assert_array_equal(found.indices, whole.indices)
    np.testing.assert_allclose(found.distances, whole.distances, rtol=1e-6)


def test_distances_of_colours_and_diversity_are_what_they_say(frogs):
    a, b = frogs[:40], frogs[40:] * 0.5
    expected = metrics.kernel_distance(metrics.colour_features(a), metrics.colour_features(b))
    assert metrics.colour_distance(a, b) == expected
    spreads = [distances.spread(metrics.features(x)) for x in (a, b)]
    assert metrics.diversity(a, b) == pytest.approx(spreads[0] / spreads[1])


def test_each_figure_of_a_report_is_the_measure_of_its_name(frogs):
    samples, test, train = frogs[:30] * 0.8, frogs[30:55], frogs[55:]
    found = report.evaluate(samples, test, train)
    deep = [metrics.features(x, parts=("deep",)) for x in (samples, test)]
    assert found.frechet.value == pytest.approx(metrics.frechet_distance(*deep).value, rel=1e-3)
    whole = [metrics.features(x) for x in (samples, test)]
    assert found.kernel.value == pytest.approx(metrics.kernel_distance(*whole).value, rel=1e-6)
    colour = metrics.colour_distance(samples, test)
    assert found.colour.value == pytest.approx(colour.value, rel=1e-6)
    assert found.diversity == pytest.approx(metrics.diversity(samples, test), rel=1e-6)
    near = [np.median(metrics.nearest_real(x, train).distances) for x in (samples, test)]
    assert found.nearest == pytest.approx(near[0] / near[1], rel=1e-6)
    shares = metrics.precision_recall(*whole)
    assert (found.precision, found.recall, found.coverage) == dataclasses.astuple(shares)
    assert (found.samples, found.reference) == (30, 25)


@pytest.mark.parametrize(
    ("forged", "held_out", "words"),
    [(19, 20, "19 forgeries: .*at least 20, so make more"), (20, 19, "19 held-out.*20, .*200 or")],
)
def test_too_few_pictures_to_judge(frogs, forged, held_out, words):
    with pytest.raises(InputError, match=words):
        report.evaluate(frogs[:forged], frogs[:held_out], frogs)


def test_the_verdict_and_what_a_report_says():
    d = distances.Distance
    found = report.Report(
        kernel=d(0.012, 0.001, 0.002), frechet=d(3.0, 0.5, 0.25), colour=d(0.1, 0.01, 0.02),
        precision=0.5, recall=0.25, coverage=0.75, diversity=0.9, nearest=1.25,
        samples=20, reference=30,
    )  # fmt: skip
    assert found.verdict == pytest.approx(1 - 2 * 0.5 * 0.25 / 0.75 + 0.1)
    assert dataclasses.replace(found, precision=0.0, recall=0.0).verdict == pytest.approx(1.1)
    assert found.as_dict()["kernel"] == {"value": 0.012, "error": 0.001, "floor": 0.002}
    assert found.as_dict()["verdict"] == found.verdict
    assert str(found).splitlines() == [
        "verdict 0.767 (smaller is better)",
        "kernel distance x 1000   12 ± 1 (real against real: 2)",
        "of colours alone x 1000  100 ± 10 (real against real: 20)",
        "Fréchet distance         3 ± 0.5 (real against real: 0.25)",
        "precision 0.50   recall 0.25   coverage 0.75   diversity 0.90 (real: 1)",
        "nearest training picture 1.25 (held-out real pictures: 1)",
        "(20 forgeries against 30 held-out pictures)",
    ]
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.precision = 1.0
