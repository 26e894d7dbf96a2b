"""With and without a trick: what is measured, and how it is judged."""

import itertools

import keras
import numpy as np
import pytest

from gan_lessons import ablation, data, gan, losses, models, plots, trick_plots
from gan_lessons.errors import InputError

TINY = {"worlds": 2, "rounds": 2, "batch_size": 8, "samples": 20}


def test_misplaced_is_the_share_that_would_have_to_move():
    centres = data.ring_centres()
    fair = np.repeat(centres, 5, axis=0)
    assert ablation.misplaced(fair) == pytest.approx(0)
    assert ablation.misplaced(np.zeros((40, 2))) == pytest.approx(1)  # in the middle: on no cloud
    assert ablation.misplaced(np.repeat(centres[:1], 40, axis=0)) == pytest.approx(7 / 8)
    half = np.concatenate([fair, np.zeros((40, 2))])
    assert ablation.misplaced(half) == pytest.approx(1 / 2)
    worlds = ablation.misplaced(np.stack([fair, np.zeros((40, 2))]))
    np.testing.assert_allclose(worlds, [0, 1])
    assert ablation.misplaced(data.ring(4000)) < 0.05


def test_play_is_reproducible_and_every_trick_reaches_the_game():
    plain = ablation.play(**TINY)
    assert plain.shape == (2, 20, 2) and plain.dtype == np.float32
    np.testing.assert_array_equal(plain, ablation.play(**TINY))
    tricks = [
        {"seed": 1},
        {"painter": {"slope": 0.0}},
        {"dealer": {"dropout": 0.5}},
        {"dealer": {"spectral_norm": True}},
        {"loss": losses.wasserstein},
        {"penalty": losses.r1_penalty(5.0)},
        {"ema_decay": 0.9},
        {"painter_rate": 1e-2},
        {"dealer_rate": 1e-2},
        {"optimizer": keras.optimizers.RMSprop},
    ]
    for trick in tricks:
        assert not np.allclose(plain, ablation.play(**TINY, **trick), atol=1e-6), trick
    with pytest.raises(InputError, match="worlds is 1"):
        ablation.play(worlds=1)


def test_few_rounds_are_played_without_compiling_and_come_out_the_same(monkeypatch):
    eager = ablation.play(**TINY)
    monkeypatch.setattr(ablation, "FEW", 0)
    np.testing.assert_allclose(eager, ablation.play(**TINY), atol=1e-5)


def test_a_variant_of_the_game_is_played():
    class Lazy(gan.GAN):
        def discriminator_step(self, real):
            return {}

    z = np.asarray(models.point_generator(hidden=32, seed=0)(np.zeros((1, 8), np.float32)))
    assert z.shape == (1, 2)
    assert not np.allclose(ablation.play(**TINY), ablation.play(**TINY, game=Lazy))


def test_training_on_the_ring_helps():
    """Two worlds, 600 rounds: a few seconds."""
    scores = ablation.ring(worlds=2, rounds=600, painter={"slope": 0.0}, dealer={"slope": 0.0})
    assert scores.shape == (2,) and scores.max() < 0.85


def test_frogs_are_played_anew_each_time():
    options = {"tries": 2, "rounds": 2, "pictures": 8, "batch_size": 4, "size": 8, "width": 4}
    a = ablation.frogs(**options)
    b = ablation.frogs(**options)
    for name in ("distance", "last", "trust"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        assert getattr(a, name).shape == (2,)
        assert getattr(a, name)[0] != getattr(a, name)[1]
    # the second try does not depend on the first: nothing is left over from it
    three = ablation.frogs(**options | {"tries": 3})
    np.testing.assert_array_equal(three.trust[:2], a.trust)


def test_a_game_can_be_played_again_from_the_start():
    def fresh():
        made = ablation._Again(
            models.generator(4, 8, 4, seed=0),
            models.discriminator(8, 4, dropout=0.3, seed=1),
            seed=0,
        )
        made.compile()
        return made

    real = data.sketch_frogs(16, image_size=8)[0]

    def fit(game):
        game.fit(data.batches(real, 8), steps_per_epoch=3, verbose=0)
        return [np.array(v) for v in game.parts()]

    game = fresh()
    first = fit(game)
    for variable, value in zip(game.parts(), fresh().parts(), strict=True):
        variable.assign(value)
    for a, b in zip(first, fit(game), strict=True):
        np.testing.assert_array_equal(a, b)
    for variable, value in zip(game.parts(), fresh().parts(), strict=True):
        variable.assign(value)
    game.turn.assign(1)
    other = fit(game)
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_wins_and_verdict_by_hand():
    assert ablation.wins([1, 2], [3, 2]) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    better, worse = np.arange(8.0), np.arange(8.0) + 7.5
    assert ablation.verdict(better, worse) == "helped"
    assert ablation.verdict(worse, better) == "hurt"
    assert ablation.verdict(better, better) == "no effect seen"
    assert ablation.verdict(better, better + 1) == "no effect seen"


def test_effect_is_cohens_d():
    without, with_trick = np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0])
    assert ablation.effect(with_trick, without) == pytest.approx(3)
    assert ablation.effect(without, with_trick) == pytest.approx(-3)


def test_luck_is_counted_as_it_falls():
    """Against the distribution of the Mann-Whitney statistic, counted another way."""
    n = 4
    called = 0
    for order in itertools.permutations(range(2 * n), n):
        rest = [i for i in range(2 * n) if i not in order]
        smaller = sum(a < b for a in order for b in rest)
        called += smaller >= 0.9 * n * n or smaller <= 0.1 * n * n
    total = len(list(itertools.permutations(range(2 * n), n)))
    assert ablation.by_luck(n, n) == pytest.approx(called / total)
    assert ablation.by_luck(3, 3) == pytest.approx(2 / 20)
    assert ablation.by_luck(8, 8) < 0.01


def test_figures_say_what_they_show():
    without, with_trick = np.array([0.5, 0.6, 0.7]), np.array([0.1, 0.2, 0.3])
    figure = trick_plots.tries(
        {"no trick": without, "trick": with_trick}, xlabel="share", title="On the ring",
        level=(0.03, "floor"),
    )  # fmt: skip
    alt = plots.alt_text(figure)
    assert "no trick 0.6, from 0.5 to 0.7" in alt and "trick 0.2" in alt
    axis = figure.axes[0]
    np.testing.assert_allclose(axis.lines[0].get_xdata(), without)
    np.testing.assert_allclose(axis.lines[3].get_xdata(), [0.2, 0.2])

    figure = trick_plots.effects({"bad": (without, with_trick), "good": (with_trick, without)})
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["good", "bad"]
    assert "good: +4.0 spreads, helped; bad: -4.0 spreads, hurt" in plots.alt_text(figure)

    way = np.array([[3.0, 4.0], [0.0, 1.0]])
    figure = trick_plots.orbits({"a": way, "b": way, "c": way})
    assert "a: 5 at first, 1 at last" in plots.alt_text(figure)
    assert [axis.get_title() for axis in figure.axes if axis.axison] == [
        f"{k}: 1.00 from the draw" for k in "abc"
    ]
    for draw in (trick_plots.effects, trick_plots.orbits):
        with pytest.raises(InputError, match="nothing to draw"):
            draw({})
    with pytest.raises(InputError, match="nothing to draw"):
        trick_plots.tries({}, xlabel="share")
