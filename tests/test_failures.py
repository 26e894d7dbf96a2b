"""Games that go wrong: every change reaches the game, and what is saved is what a cell computes."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import data, diary, failure_plots, failures, gan, models, patients, plots
from gan_lessons.errors import InputError
from gan_lessons.recorder import LOGGED

TINY = {"rounds": 2, "samples": 16}
GAMES = {name: (name, 0) for name in failures.DELTAS} | patients.PATIENTS
FIRST = 3  # the first rounds: the second is the first that another momentum changes
ROUNDED = {"atol": 2e-3, "rtol": 1e-3}  # saved in 16 bits


@pytest.mark.parametrize("name", GAMES)
def test_a_saved_game_is_what_its_cell_plays(name):
    """Its first rounds, and its length; later the same seed parts ways on other machines."""
    game, seed = GAMES[name]
    saved, again = failures.load(name), failures.play(game, seed=seed, rounds=FIRST, samples=16)
    for key in LOGGED:
        long, short = saved.history()[key], again.history()[key]
        assert len(long) == failures.ROUNDS and len(short) == FIRST
        np.testing.assert_allclose(long[:FIRST], short, **ROUNDED, err_msg=key)
    assert saved.frames().steps.tolist() == list(diary.MOMENTS)
    assert saved.frames().images.shape == (5, 16, 16, 16, 3)
    assert saved.scores["step"].tolist() == list(diary.MOMENTS)


def test_the_first_rounds_tell_the_games_apart():
    """Else the test above would take one game for another."""
    first = {
        name: np.stack([failures.load(name).history()[key][:FIRST] for key in LOGGED])
        for name in GAMES
    }
    alike = {
        pair
        for pair in itertools.combinations(sorted(GAMES), 2)
        if np.allclose(*(first[name] for name in pair), **ROUNDED)
    }
    assert alike == {("forgotten flag", "healthy")}  # the samples differ, and not the game


def test_the_saved_games_are_small_and_none_is_missing_or_left_over():
    assert failures.FILE.stat().st_size < 600_000
    assert set(failures._saved()) == set(GAMES)
    with pytest.raises(InputError, match="no saved game 'cold'"):
        failures.load("cold")


def test_a_game_is_reproducible_and_every_change_differs_from_the_healthy_game():
    healthy = failures.play(**TINY)
    again = failures.play(**TINY)
    for key in LOGGED:
        np.testing.assert_array_equal(healthy.history()[key], again.history()[key])
    np.testing.assert_array_equal(healthy.frames().images, again.frames().images)
    assert not np.allclose(
        healthy.history()["d_loss"], failures.play(seed=1, **TINY).history()["d_loss"]
    )
    same = failures.play("forgotten flag", **TINY)  # the game is the same, the samples are not
    np.testing.assert_array_equal(healthy.history()["g_loss"], same.history()["g_loss"])
    assert not np.array_equal(healthy.frames().images, same.frames().images)
    changed = failures.play(painter_rate=1e-4, **TINY)
    assert not np.allclose(healthy.history()["g_loss"], changed.history()["g_loss"])


def test_a_difference_is_said_in_one_line():
    assert failures.difference("healthy") == "nothing"
    assert failures.difference("collapse") == "game=HastyPainter, dealer_rate=0.0002"
    assert failures.difference("leaking augmentation") == "game=OriginalsOnly, augment=cutout"
    assert "loss=saturating" in failures.difference("dealer too strong")
    assert failures.difference("frozen dealer") == "freeze='once'"
    with pytest.raises(InputError, match="no game 'cold'"):
        failures.difference("cold")


def test_what_play_refuses():
    with pytest.raises(InputError, match="no game 'cold'"):
        failures.play("cold")
    with pytest.raises(InputError, match="rounds is 0"):
        failures.play(rounds=0)
    with pytest.raises(InputError, match="samples 3"):
        failures.play(samples=3)


def small(game, **options):
    made = game(
        models.generator(4, 8, 4, seed=0), models.discriminator(8, 4, seed=1), seed=0, **options
    )
    made.compile(run_eagerly=True)
    return made


def test_who_learns_how_often():
    real = tf.constant(data.sketch_frogs(4, image_size=8)[0])
    for game, lessons in (
        (gan.GAN, (1, 1)),
        (failures.ManyLooks, (5, 1)),
        (failures.HastyPainter, (1, 8)),
    ):
        made = small(game)
        logs = made.train_step(real)
        assert set(logs) == set(LOGGED)
        done = made.d_optimizer.iterations, made.g_optimizer.iterations
        assert tuple(int(n) for n in done) == lessons


def test_augmentation_of_originals_only():
    made = small(failures.OriginalsOnly, augment=lambda x, seed: x + 1)
    pictures = tf.zeros((2, 8, 8, 3))
    for purpose in (gan.D_FAKE, gan.G_FAKE):
        assert float(made._augmented(pictures, purpose, 0)[0, 0, 0, 0]) == 0
    assert float(made._augmented(pictures, gan.D_REAL, 0)[0, 0, 0, 0]) == 1


def test_cutout_hides_one_square_of_each_picture():
    pictures = tf.ones((40, 16, 16, 3))
    holes = 1 - np.asarray(failures.cutout(pictures, (0, 1)))[..., 0]
    assert (holes.sum((1, 2)) == failures.HOLE**2).all()
    places = {tuple(np.argwhere(hole)[0]) for hole in holes}
    assert len(places) > 10
    for hole in holes:
        rows, columns = np.where(hole.any(1))[0], np.where(hole.any(0))[0]
        assert np.ptp(rows) == np.ptp(columns) == failures.HOLE - 1
    np.testing.assert_array_equal(
        failures.cutout(pictures, (0, 1)), failures.cutout(pictures, (0, 1))
    )


def test_grey_squares_are_found_wherever_they_are_and_frogs_have_none():
    frogs = data.sketch_frogs(60, 5, image_size=16)[0]
    assert diary.grey_square(frogs).mean() < 0.05
    assert diary.grey_square(np.asarray(failures.cutout(frogs, (3, 4)))).all()
    one = np.ones((1, 16, 16, 3), np.float32)
    one[0, 11:16, 11:16] = 0  # in the last corner
    assert diary.grey_square(one).all()
    one[0, 13, 13, 2] = 1
    assert diary.grey_square(one, tolerance=0.03).sum() == 0


def test_a_sample_in_training_mode_depends_on_its_company():
    made = small(gan.GAN)
    z = np.random.default_rng(0).standard_normal((3, 4)).astype("float32")
    before = [w.numpy() for w in made.generator.weights]
    alone = failures.one_by_one_in_training(made, z)
    assert alone.shape == (3, 8, 8, 3)
    np.testing.assert_allclose(alone[1:2], gan._peek(made.generator, z[1:2]), atol=1e-5)
    assert not np.allclose(alone, gan._peek(made.generator, z), atol=1e-4)
    for old, weight in zip(before, made.generator.weights, strict=True):
        np.testing.assert_array_equal(old, weight)  # also the moving averages


def test_a_frozen_dealer_keeps_his_weights():
    dealer = models.discriminator(16, 4, seed=1)
    stream = data.batches(data.sketch_frogs(8, image_size=16)[0], 4)
    before = dealer.get_weights()
    painter = models.generator(32, 16, 4, seed=0)
    with pytest.warns(UserWarning, match="any trainable weights"):
        found = failures._play_classic(painter, dealer, stream, 2, 16, 0, freeze="once")
    for old, weight in zip(before, dealer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, weight)
    assert len(found.rows) == 2


def test_figures_say_how_the_games_end():
    sick, healthy = failures.load("collapse"), failures.load("healthy")
    for draw in (failure_plots.charts, failure_plots.forgeries):
        alt = plots.alt_text(draw(sick, healthy, name="patient A", title="Drawn frogs"))
        assert "atient A" in alt and "Drawn frogs" in alt
    alt = plots.alt_text(failure_plots.charts(sick, healthy, name="A"))
    assert f"diversity {sick.scores['diversity'][-1]:.2f}" in alt


def test_curves_are_drawn_thin_and_as_a_mean_over_twenty_rounds():
    sick, healthy = failures.load("frozen dealer"), failures.load("healthy")
    left, right = failure_plots.charts(sick, healthy).subfigs[1].axes
    assert left.get_ylim() == right.get_ylim()
    thin, thick = (np.asarray(line.get_ydata()) for line in right.lines[:2])
    np.testing.assert_array_equal(thin, healthy.history()["real_logit"])
    assert len(thick) == len(thin) and np.isclose(thick[40], thin[30:50].mean())
    assert np.isclose(thick[0], thin[:10].mean())
    left, right = failure_plots.charts(sick, healthy, own_scales=True).subfigs[1].axes
    assert left.get_ylim() != right.get_ylim()
