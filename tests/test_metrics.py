"""The distances against independent formulas, and the verdict against the eye."""

import functools
import os
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg

from gan_lessons import data, feature_network, metrics, picture_features
from gan_lessons.errors import InputError

SHARED = Path(os.environ.get("GAN_LESSONS_SHARED", Path(__file__).parents[2] / "shared"))
REAL_FROGS = SHARED / "data" / "cifar10-train-jpeg.zip"
needs_real = pytest.mark.skipif(
    not REAL_FROGS.exists(),
    reason="needs the development data (GAN_LESSONS_SHARED names its folder)",
)
RANDOM = np.random.default_rng(0)
START = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def _the_same_draws_in_whatever_order():
    """A test alone draws what it draws among the others."""
    RANDOM.bit_generator.state = START


def test_kernel_distance_against_a_plain_double_loop():
    a, b = RANDOM.normal(size=(7, 5)), RANDOM.normal(0.5, 2, size=(9, 5))

    def k(x, y):
        return (sum(p * q for p, q in zip(x, y, strict=True)) / 5 + 1) ** 3

    aa = sum(k(a[i], a[j]) for i in range(7) for j in range(7) if i != j) / (7 * 6)
    bb = sum(k(b[i], b[j]) for i in range(9) for j in range(9) if i != j) / (9 * 8)
    ab = sum(k(x, y) for x in a for y in b) / (7 * 9)
    assert metrics.kernel_distance(a, b).value == pytest.approx(aa + bb - 2 * ab, rel=1e-10)


def test_kernel_distances_error_is_the_jackknife():
    a, b = RANDOM.normal(size=(12, 3)), RANDOM.normal(size=(10, 3))
    value = lambda x, y: metrics.kernel_distance(x, y).value
    left_a = np.array([value(np.delete(a, i, 0), b) for i in range(12)])
    left_b = np.array([value(a, np.delete(b, i, 0)) for i in range(10)])
    expected = np.sqrt(
        11 / 12 * ((left_a - left_a.mean()) ** 2).sum()
        + 9 / 10 * ((left_b - left_b.mean()) ** 2).sum()
    )
    assert metrics.kernel_distance(a, b).error == pytest.approx(expected, rel=1e-8)


def test_kernel_distance_is_unbiased_and_its_error_is_honest():
    results = [
        metrics.kernel_distance(r.normal(size=(60, 4)), r.normal(size=(60, 4)))
        for r in map(np.random.default_rng, range(60))
    ]
    values = np.array([d.value for d in results])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(60)
    assert 0.6 < np.mean([d.error for d in results]) / values.std() < 1.7


def test_frechet_against_scipys_matrix_root():
    a = RANDOM.normal(size=(200, 6)) @ RANDOM.normal(size=(6, 6))
    b = RANDOM.normal(1, 1, size=(150, 6)) @ RANDOM.normal(size=(6, 6))
    ca, cb = np.cov(a.T), np.cov(b.T)
    root = scipy.linalg.sqrtm(ca @ cb).real
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * root)
    assert metrics.frechet_distance(a, b).value == pytest.approx(expected, rel=1e-6)


def test_frechet_of_known_normals():
    a, b = RANDOM.normal(size=(40_000, 2)), RANDOM.normal(3, 2, size=(40_000, 2))
    # |m|^2 + (s1 - s2)^2 in each dimension: 2 * (9 + 1)
    assert metrics.frechet_distance(a, b).value == pytest.approx(20, rel=0.03)


@pytest.mark.parametrize("distance", [metrics.kernel_distance, metrics.frechet_distance])
def test_floor_zero_symmetry_and_error(distance):
    a, b = RANDOM.normal(size=(300, 4)), RANDOM.normal(1, 1, size=(300, 4))
    near, far = distance(RANDOM.normal(size=(300, 4)), a), distance(b, a)
    assert far.value > 20 * abs(near.value)
    assert abs(far.floor) < far.value / 10
    assert distance(a, b).value == pytest.approx(far.value)
    assert 0 < distance(b, a).error < distance(b[:60], a[:60]).error
    rotation = np.linalg.qr(RANDOM.normal(size=(4, 4)))[0]
    assert distance(b @ rotation, a @ rotation).value == pytest.approx(far.value, rel=1e-6)


def test_frechet_is_biased_and_kernel_is_not():
    """Why the kernel distance leads: with few pictures the Fréchet distance grows."""

    def mean(n):
        pairs = [np.random.default_rng(s).normal(size=(2, n, 8)) for s in range(20)]
        return np.mean([metrics.frechet_distance(*pair).value for pair in pairs])

    assert mean(40) > 5 * mean(640)


def test_precision_and_recall_fall_apart_as_they_should():
    real = RANDOM.normal(size=(400, 4))
    same = metrics.precision_recall(RANDOM.normal(size=(400, 4)), real)
    narrow = metrics.precision_recall(0.1 * RANDOM.normal(size=(400, 4)), real)
    away = metrics.precision_recall(RANDOM.normal(50, 1, size=(400, 4)), real)
    assert min(same.precision, same.recall, same.coverage) > 0.7
    assert narrow.precision > 0.9 and narrow.recall < 0.1 and narrow.coverage < 0.3
    assert away.precision == away.recall == away.coverage == 0


def test_bad_features():
    good = RANDOM.normal(size=(30, 4))
    for distance in (metrics.kernel_distance, metrics.frechet_distance):
        with pytest.raises(InputError, match="shapes"):
            distance(good, good[:, :3])
        with pytest.raises(InputError, match="at least"):
            distance(good[:2], good)
        with pytest.raises(InputError, match="NaN"):
            distance(good * np.nan, good)
    with pytest.raises(InputError, match="at least 3 and 6"):  # else there would be no floor
        metrics.kernel_distance(good, good[:5])
    assert np.isfinite(metrics.kernel_distance(good[:3], good[:6]).floor)


# ------------------------------------------------------------------ pictures


@pytest.fixture(scope="module")
def sketches():
    return data.sketch_frogs(600, seed=11)[0]


def test_features_are_deterministic_and_do_not_depend_on_batches(sketches):
    a = metrics.features(sketches[:30])
    assert a.shape == (30, 64 + 96 + 192 + 51) and a.dtype == np.float32
    np.testing.assert_array_equal(a, metrics.features(sketches[:30]))
    np.testing.assert_allclose(a, metrics.features(sketches[:30], batch_size=7), atol=1e-5)
    parts = [metrics.features(sketches[:30], parts=(p,)) for p in metrics.PARTS]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), a, atol=1e-5)
    np.testing.assert_allclose((a[:, :64] ** 2).mean(1), 1, atol=1e-3)


def test_a_part_that_is_almost_silent_is_not_blown_up():
    x = np.full((1, 3), 1e-6)
    np.testing.assert_allclose(picture_features._unit(x), 0.5)
    np.testing.assert_allclose(picture_features._unit(1e6 * x), 1, atol=1e-5)


def test_features_of_other_sizes(sketches):
    large = sketches[:4].repeat(2, 1).repeat(2, 2)
    np.testing.assert_allclose(metrics.features(large), metrics.features(sketches[:4]), atol=1e-4)
    assert metrics.features(sketches[:4, ::4, ::4]).shape == (4, 403)


BAD = {
    "shape": (np.zeros((4, 32, 32)), "shape"),
    "none": (np.zeros((0, 32, 32, 3)), "shape"),
    "bytes": (np.zeros((4, 32, 32, 3), np.uint8), "uint8"),
    "nan": (np.full((4, 32, 32, 3), np.nan), "NaN"),
    "range": (np.full((4, 32, 32, 3), 9.0), "scale it"),
    "oblong": (np.zeros((4, 32, 16, 3)), "square"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures(name):
    images, match = BAD[name]
    with pytest.raises(InputError, match=match):
        metrics.features(images)
    with pytest.raises(InputError, match="no part"):
        metrics.features(np.zeros((1, 32, 32, 3)), parts=("taste",))


def test_nearest_real_finds_copies_and_mirrored_copies(sketches):
    copies = np.concatenate([sketches[5:8], sketches[9:10, :, ::-1]])
    for space in ("pixels", "features"):
        found = metrics.nearest_real(copies, sketches, space)
        assert found.indices.tolist() == [5, 6, 7, 9]
        assert found.distances.max() < 1e-3
    with pytest.raises(InputError, match="space"):
        metrics.nearest_real(copies, sketches, "smell")
    with pytest.raises(InputError, match="same size"):
        metrics.nearest_real(copies[:, ::2, ::2], sketches)
    with pytest.raises(InputError, match="are uint8"):  # 127 times as far
        metrics.nearest_real(data.to_uint8(copies), data.to_uint8(sketches))
    with pytest.raises(InputError, match="at least one"):  # infinitely far
        metrics.nearest_real(copies, sketches[:0])


def test_diversity(sketches):
    assert metrics.diversity(sketches[:200], sketches[200:]) == pytest.approx(1, abs=0.08)
    assert metrics.diversity(np.repeat(sketches[:1], 50, 0), sketches) == pytest.approx(0, abs=1e-3)
    with pytest.raises(InputError, match="are all the same"):
        metrics.diversity(sketches[:50], np.repeat(sketches[:1], 50, 0))


def test_sets_that_nothing_can_be_said_about(sketches):
    fake, test, train = sketches[:20], sketches[20:40], sketches[40:100]
    for wrong, sentence in (
        ((fake[:19], test, train), "There are 19 forgeries: .* make more"),
        ((fake, test[:19], train), "There are 19 held-out pictures: .* give 200 or more"),
        ((fake, np.repeat(test[:1], 20, 0), train), "are all the same"),
        ((fake, test, np.concatenate([test, train])), "stand among those trained on"),
        ((fake, test, train[:0]), "at least one"),
    ):
        with pytest.raises(InputError, match=sentence):
            metrics.evaluate(*wrong)


def test_mode_coverage_on_the_ring():
    centres = data.ring_centres()
    full = metrics.mode_coverage(data.ring(1000), centres)
    assert full.covered == 8 and full.on_modes > 0.95 and full.counts.sum() <= 1000
    assert metrics.mode_coverage(np.repeat(centres[:3], 50, 0), centres).covered == 3
    assert metrics.mode_coverage(np.zeros((10, 2)), centres).on_modes == 0
    with pytest.raises(InputError, match="shape"):
        metrics.mode_coverage(np.zeros((10, 3)), centres)
    with pytest.raises(InputError, match="NaN"):
        metrics.mode_coverage(np.full((10, 2), np.nan), centres)


def test_species_coverage():
    images, factors = data.sketch_frogs(400, seed=21)
    full = metrics.species_coverage(images)
    assert full.covered == 8 and full.on_modes > 0.9
    truth = np.bincount(factors.species, minlength=8)
    assert abs(full.counts - truth).sum() < 0.15 * 400
    some = metrics.species_coverage(images[factors.species < 3])
    assert some.covered == 3
    noise = np.random.default_rng(0).uniform(-1, 1, (50, 32, 32, 3)).astype(np.float32)
    assert metrics.species_coverage(noise).on_modes < 0.1


def hand_made(real, train):
    """Sets that an eye ranks without hesitation, best first."""
    padded = np.pad(real, ((0, 0), (1, 1), (1, 1), (0, 0)), "edge")
    blurred = sum(
        padded[:, i : i + 32, j : j + 32] for i in range(3) for j in range(3)
    ) / np.float32(9)  # fmt: skip
    random = np.random.default_rng(0)
    few = np.clip(
        real[random.integers(0, 6, len(real))] + random.normal(0, 0.03, real.shape), -1, 1
    )
    one_colour = np.broadcast_to(real.mean((1, 2), keepdims=True).mean(0), real.shape) + (
        random.normal(0, 0.05, real.shape)
    )
    noise = random.uniform(-1, 1, real.shape)
    sets = {"real": train, "blurred": blurred, "few": few, "one colour": one_colour, "noise": noise}
    return {name: np.asarray(images, np.float32) for name, images in sets.items()}


COLLAPSED = ("few", "one colour", "noise")


def verdicts(test, train):
    half = len(test) // 2
    return {
        name: metrics.evaluate(images, test[half:], train[half:])
        for name, images in hand_made(test[:half], train[:half]).items()
    }


def assert_ranked_as_an_eye_does(reports):
    values = {name: report.verdict for name, report in reports.items()}
    worst = min(values[name] for name in COLLAPSED)
    assert 1.15 * max(values["real"], 0) < values["blurred"] < worst / 1.15, values
    assert reports["few"].recall < 0.2 < reports["real"].recall
    assert reports["one colour"].diversity < 0.5 < reports["real"].diversity
    assert reports["real"].nearest == pytest.approx(1, abs=0.2)
    assert reports["real"].as_dict()["verdict"] == values["real"]


def test_the_verdict_ranks_drawn_frogs_as_an_eye_does(sketches):
    reports = verdicts(sketches, data.sketch_frogs(600, seed=12)[0])
    assert_ranked_as_an_eye_does(reports)
    assert [*reports] == sorted(reports, key=lambda name: reports[name].verdict)


@pytest.fixture(scope="module")
def real_reports():
    def of(name):
        test = data.load_images(REAL_FROGS, "test", class_name=name)[:400]
        return verdicts(test, data.load_images(REAL_FROGS, class_name=name, limit=400))

    return functools.cache(of)


@needs_real
@pytest.mark.parametrize("name", ["frog", "horse"])
def test_the_verdict_ranks_real_pictures_as_an_eye_does(name, real_reports):
    assert_ranked_as_an_eye_does(real_reports(name))


@needs_real
@pytest.mark.xfail(
    reason="the order among collapsed sets is not reliable, see Report.verdict",
    raises=AssertionError,
    strict=True,  # should it ever become reliable, then the book may say so
)
def test_the_verdict_orders_collapsed_sets_of_real_pictures(real_reports):
    reports = real_reports("horse")
    order = sorted(reports, key=lambda name: reports[name].verdict)
    assert order == ["real", "blurred", *COLLAPSED]


# ------------------------------------------------------------------ the feature network


def test_folding_batch_norm_changes_nothing():
    trained = feature_network.build(batch_norm=True, seed=0)
    random = np.random.default_rng(1)
    for layer in trained.layers:
        if layer.name.startswith("norm"):
            layer.set_weights([random.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    folded = feature_network.assemble(feature_network.fold(trained))
    x = random.uniform(-1, 1, (4, 32, 32, 3)).astype(np.float32)
    for a, b in zip(trained(x, training=False), folded(x, training=False), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-3)


def test_the_shipped_network_is_small_and_its_card_says_how_good():
    card = feature_network.card()
    assert card["bytes"] <= 2_000_000 and card["test_accuracy"] >= 0.85
    assert feature_network.load().count_params() == card["parameters"]


def test_a_changed_network_is_refused(monkeypatch):
    monkeypatch.setattr(feature_network, "card", lambda: {"sha256": "0" * 64})
    feature_network.load.cache_clear()
    try:
        with pytest.raises(OSError, match="SHA-256 differs"):
            feature_network.load()
    finally:
        feature_network.load.cache_clear()


@needs_real
def test_the_shipped_networks_accuracy_is_what_its_card_says():
    network, right, seen = feature_network.load(), 0, 0
    for label, name in enumerate(feature_network.CLASSES):
        images = data.load_images(REAL_FROGS, "test", class_name=name)
        right += int((np.asarray(network(images)[3]).argmax(1) == label).sum())
        seen += len(images)
    assert seen == 5000
    assert right / seen == pytest.approx(feature_network.card()["test_accuracy"], abs=0.002)
    assert right / seen >= 0.85
