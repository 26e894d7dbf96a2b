"""A detector counted by hand, the processing of pictures, manifests and spectra."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_lessons import (
    detection,
    detection_plots,
    models,
    plots,
    processing,
    provenance,
    sketch,
    spectra,
    verdicts,
)
from gan_lessons.errors import InputError
from gan_lessons.pixels import from_uint8, to_uint8


@pytest.fixture(scope="module")
def frogs():
    return sketch.sketch_frogs(24, 5, image_size=32)[0]


def plaid(n, period, size=32):
    """Grey pictures of one wave, ``period`` pixels long in both directions, with a random phase."""
    phase = np.random.default_rng(0).uniform(0, 2 * np.pi, (n, 1, 1))
    y, x = np.indices((size, size))
    wave = 0.5 * np.cos(2 * np.pi * (x + y) / period + phase)
    return np.repeat(wave[..., None], 3, -1).astype(np.float32)


# ------------------------------------------------------------------ counting


def test_examine_counts_by_hand():
    found = detection.examine([2.0, 1.0, 0.5, -1.0], [-3.0, -2.0, 1.5, 0.0])
    assert found.caught.value == 0.75  # 0 itself is an alarm
    assert found.false_alarms.value == 0.25
    assert found.accuracy.value == pytest.approx((0.75 + 0.75) / 2)
    pairs = [(r > f) + (r == f) / 2 for r in (2, 1, 0.5, -1) for f in (-3, -2, 1.5, 0)]
    assert found.area.value == pytest.approx(np.mean(pairs))
    assert found.caught.error == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert "AUC" in str(found) and "±" in str(found)


def test_the_area_counts_ties_one_half_and_knows_no_threshold():
    random = np.random.default_rng(1)
    real, fake = random.normal(1, 1, 60).round(1), random.normal(0, 1, 50).round(1)
    area = detection.examine(real, fake).area.value
    both = (real[:, None] > fake).mean() + 0.5 * (real[:, None] == fake).mean()
    assert area == pytest.approx(both)
    assert detection.examine(real + 9, fake + 9).area.value == pytest.approx(area)
    assert detection.examine(real + 9, fake + 9).caught.value == 0


def test_the_errors_say_how_much_the_results_scatter():
    random = np.random.default_rng(2)
    tests = [
        detection.examine(random.normal(0.8, 1, 80), random.normal(-0.4, 1, 60)) for _ in range(300)
    ]
    for what in ("accuracy", "caught", "false_alarms", "area"):
        shares = [getattr(test, what) for test in tests]
        scatter = np.std([share.value for share in shares])
        assert np.mean([share.error for share in shares]) == pytest.approx(scatter, rel=0.15), what


def test_none_counted_is_not_none_possible():
    share = detection.examine(np.ones(300), -np.ones(300)).false_alarms
    assert share.value == share.error == 0
    assert share.at_most == pytest.approx(0.01)
    assert detection.Share(0.5, 0.01, 2500).at_most == pytest.approx(0.52)


def test_the_roc_climbs_from_nothing_to_everything():
    random = np.random.default_rng(3)
    real, fake = random.normal(1, 1, 40), random.normal(0, 1, 30)
    alarms, caught = detection.roc(real, fake)
    assert alarms[0] == caught[0] == 0 and alarms[-1] == caught[-1] == 1
    assert (np.diff(alarms) >= 0).all() and (np.diff(caught) >= 0).all()
    area = detection.examine(real, fake).area.value
    assert np.trapezoid(caught, alarms) == pytest.approx(area)


def test_true_alarms_by_hand():
    # 1,000 pictures, 10 forgeries: 9 caught, and 99 of 990 originals suspected
    assert detection.true_alarms(0.01, 0.9, 0.1) == pytest.approx(9 / (9 + 99))
    assert detection.true_alarms(0.5, 0.8, 0.0) == 1
    for wrong in ((-0.1, 1, 1), (0.1, 1.1, 0), (0.1, 0.5, float("nan"))):
        with pytest.raises(InputError, match="from 0 to 1"):
            detection.true_alarms(*wrong)
    with pytest.raises(InputError, match="never an alarm"):
        detection.true_alarms(0.0, 0.5, 0.0)


@pytest.mark.parametrize("wrong", [([1.0], [1.0, 2.0]), ([1.0, np.nan], [0.0, 1.0])])
def test_too_few_logits_are_refused(wrong):
    with pytest.raises(InputError, match="at least two"):
        detection.examine(*wrong)


# ------------------------------------------------------------------ teaching


def test_teach_finds_the_mark_and_is_reproducible(frogs):
    marked = frogs.copy()
    marked[:, ::2, ::2] = -1.0
    taught = [detection.teach(frogs, marked, passes=4, width=4, seed=3) for _ in range(2)]
    logits = [verdicts.judge(detector, frogs) for detector in taught]
    assert np.array_equal(*logits)
    fresh = sketch.sketch_frogs(24, 6)[0]
    forged = fresh.copy()
    forged[:, ::2, ::2] = -1.0
    answers = verdicts.judge(taught[0], fresh), verdicts.judge(taught[0], forged)
    assert detection.examine(*answers).area.value > 0.95


def test_teach_shows_the_changed_pictures(frogs):
    seen = []

    def change(pictures, random):
        seen.append(random.integers(1_000_000))
        return np.zeros_like(pictures)

    detector = detection.teach(frogs, -frogs, passes=2, width=4, change=change)
    assert len(set(seen)) == 2  # other random numbers in each pass
    answers = verdicts.judge(detector, frogs)
    assert abs(answers).max() < 2  # grey pictures taught it nothing


def test_teach_refuses_what_it_cannot_use(frogs):
    with pytest.raises(InputError, match="one size"):
        detection.teach(frogs, frogs[:, :16, :16])
    with pytest.raises(InputError, match="at least 1"):
        detection.teach(frogs, frogs, passes=0)
    with pytest.raises(InputError, match="scale it"):
        detection.teach(frogs * 255, frogs)


# ------------------------------------------------------------------ everyday life


def test_jpeg_is_pillows(frogs):
    file = io.BytesIO()
    Image.fromarray(to_uint8(frogs[2])).save(file, "JPEG", quality=40)
    wanted = from_uint8(np.asarray(Image.open(file)))
    assert np.array_equal(processing.jpeg(frogs[:4], 40)[2], wanted)
    errors = [abs(processing.jpeg(frogs, q) - frogs).mean() for q in (95, 60, 10)]
    assert errors == sorted(errors) and errors[0] < 0.05


def test_processing_keeps_shape_and_range(frogs):
    random = np.random.default_rng(0)
    for done in (
        processing.jpeg(frogs, 5),
        processing.resized(frogs, 20),
        processing.cropped(frogs, 3),
        processing.noisy(frogs, 0.5),
        processing.everyday(frogs, random),
    ):
        assert done.shape == frogs.shape and done.dtype == np.float32 and abs(done).max() <= 1


def test_nothing_done_is_only_rounding(frogs):
    rounded = from_uint8(to_uint8(frogs))
    for done in (
        processing.resized(frogs, 32),
        processing.cropped(frogs, 0),
        processing.noisy(frogs, 0),
    ):
        assert np.array_equal(done, rounded)


def test_resizing_takes_fine_detail_and_cropping_enlarges():
    fine = plaid(4, 4)
    assert processing.resized(fine, 16).std() < 0.2 * fine.std()
    square = -np.ones((1, 32, 32, 3), np.float32)
    square[:, 12:20, 12:20] = 1
    assert (processing.cropped(square, 8) > 0).sum() > 3.5 * (square > 0).sum()


def test_everyday_does_different_things_and_repeats_itself(frogs):
    first, again = (processing.everyday(frogs, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, again)
    untouched = np.array([np.array_equal(a, b) for a, b in zip(first, frogs, strict=True)])
    assert 0 < untouched.mean() < 0.6


@pytest.mark.parametrize(
    "call",
    [
        lambda x: processing.jpeg(x, 0),
        lambda x: processing.jpeg(x, 100),
        lambda x: processing.resized(x, 3),
        lambda x: processing.cropped(x, 16),
        lambda x: processing.noisy(x, -1),
        lambda x: processing.jpeg(to_uint8(x), 90),
    ],
)
def test_impossible_processing_is_refused(frogs, call):
    with pytest.raises(InputError):
        call(frogs)


# ------------------------------------------------------------------ manifests

KEY = b"a secret of the newsroom"


def test_a_signed_picture_verifies_and_one_pixel_breaks_it(frogs):
    picture = frogs[0]
    manifest = provenance.sign(picture, {"taken by": "a camera"}, KEY)
    assert provenance.verify(picture, manifest, KEY) == "signed, and unchanged since"
    changed = picture.copy()
    changed[3, 4, 1] += 1 / 127.5 if changed[3, 4, 1] < 0 else -1 / 127.5  # one step of 255
    assert provenance.verify(changed, manifest, KEY) == "not the picture that was signed"
    assert provenance.verify(picture, None, KEY) == "nothing to verify"


@pytest.mark.parametrize("part", ["claims", "picture", "signature"])
def test_a_manifest_with_half_a_letter_in_it(frogs, part):
    """JSON may hold what UTF-8 may not."""
    manifest = provenance.sign(frogs[0], {"made by": "a person"}, KEY) | {part: "\ud83d"}
    assert not provenance.signed(manifest, KEY)


def test_no_part_of_a_manifest_can_be_changed_without_the_key(frogs):
    manifest = provenance.sign(frogs[0], {"made by": "a person"}, KEY)
    refused = "the manifest was not signed with this key"
    assert provenance.verify(frogs[0], manifest | {"claims": {"made by": "x"}}, KEY) == refused
    other = manifest | {"picture": provenance.fingerprint(frogs[1])}
    assert provenance.verify(frogs[1], other, KEY) == refused
    assert provenance.verify(frogs[0], manifest, b"another secret, longer") == refused
    assert provenance.verify(frogs[0], {"claims": {}}, KEY) == refused
    with pytest.raises(InputError, match="at least 16"):
        provenance.sign(frogs[0], {}, b"short")


def test_the_fingerprint_sees_the_shape():
    flat = np.zeros((4, 9, 3), np.float32)
    assert provenance.fingerprint(flat) != provenance.fingerprint(flat.reshape(6, 6, 3))


# ------------------------------------------------------------------ spectra


@pytest.mark.parametrize("period", [2, 4, 8])
def test_a_pattern_stands_at_its_frequency(period):
    power = spectra.log_spectrum(plaid(8, period))
    waves = 32 // period
    peak = np.unravel_index(power.argmax(), power.shape)
    assert {abs(int(p) - 16) for p in peak} == {waves}


def test_a_ring_takes_out_its_waves_and_no_others(frogs):
    board = 0.1 * (-1.0) ** np.indices((32, 32)).sum(0)[..., None]
    marked = (0.8 * frogs + board).astype(np.float32)
    cleaned = spectra.without_waves(marked, 22, 23)  # 16 across and 16 down are 22.6 waves
    assert abs((cleaned * board).mean((1, 2))).max() < 1e-6
    coarse = spectra.without_waves(marked, 1, 22)
    np.testing.assert_allclose(
        (coarse * board).mean((1, 2)), (marked * board).mean((1, 2)), atol=1e-3
    )
    np.testing.assert_allclose(cleaned.mean((1, 2)), marked.mean((1, 2)), atol=1e-5)
    with pytest.raises(InputError, match="low < high"):
        spectra.without_waves(frogs, 8, 4)


def test_the_spectrum_refuses_what_is_not_square(frogs):
    with pytest.raises(InputError, match="square"):
        spectra.log_spectrum(frogs[:, :16])


def test_the_resize_painter_has_our_shapes_and_no_lattice():
    z = np.random.default_rng(0).standard_normal((40, 8)).astype(np.float32)
    new = np.asarray(spectra.resize_generator(8, 32, 8, seed=1)(z))
    usual = np.asarray(models.generator(8, 32, 8, seed=1)(z))
    assert new.shape == usual.shape == (40, 32, 32, 3) and abs(new).max() <= 1
    corner = [spectra.log_spectrum(20 * x.clip(-0.05, 0.05))[0, 0] for x in (new, usual)]
    assert corner[0] < corner[1] - 1  # both untrained: the lattice is in the layers
    assert spectra.resize_generator(8, 16, 8).output_shape == (None, 16, 16, 3)
    with pytest.raises(InputError, match="power of two"):
        spectra.resize_generator(8, 24)


# ------------------------------------------------------------------ figures


def test_figures_say_what_they_show():
    random = np.random.default_rng(0)
    real, fake = random.normal(2, 1, 50), random.normal(-2, 1, 50)
    tests = [detection.examine(real, fake), detection.examine(real, fake + 2)]
    figures = {
        "caught": detection_plots.rocs(real, {"one": fake, "another": fake + 3}),
        "quality 90": detection_plots.over_quality([90, 10], {"a detector": tests}),
        "A: x 100 %, y 0 %": detection_plots.shares_table([[1, 0]], ["A"], ["x", "y"]),
        "times the originals": detection_plots.spectra(
            np.zeros((8, 8)), {"a": np.ones((8, 8)), "b": np.zeros((8, 8))}
        ),
    }
    for said, figure in figures.items():
        assert said in plots.alt_text(figure)
        assert "base64" in plots.show(figure)._repr_html_()


def test_figures_refuse_what_does_not_fit():
    with pytest.raises(InputError, match="one to four"):
        detection_plots.rocs([1.0, 2.0], {})
    with pytest.raises(InputError, match="one name for each"):
        detection_plots.shares_table([[1, 0]], ["A", "B"], ["x", "y"])
    with pytest.raises(InputError, match="one for each"):
        detection_plots.over_quality([90], {"a": []})
    with pytest.raises(InputError, match="shape"):
        detection_plots.spectra(np.zeros((8, 8)), {"a": np.zeros((4, 4))})
