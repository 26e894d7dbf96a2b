"""Both test beds: what is played, what is measured."""

import keras
import numpy as np
import pytest

from gan_lessons import ablation, data, gan, losses, models
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
    options = {
        "tries": 2,
        "rounds": 2,
        "pictures": 8,
        "batch_size": 4,
        "size": 8,
        "width": 4,
        "samples": 20,
    }
    a = ablation.frogs(**options)
    b = ablation.frogs(**options)
    for name in ("distance", "last", "memory"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        assert getattr(a, name).shape == (2,)
        assert getattr(a, name)[0] != getattr(a, name)[1]
    assert a.known.shape == (8, 8, 8, 3)
    assert a.averaged_sheet.shape == a.last_sheet.shape == (16, 8, 8, 3)
    assert not np.array_equal(a.averaged_sheet, a.last_sheet)
    with pytest.raises(InputError, match="tries is 0"):
        ablation.frogs(tries=0)
    # the second try does not depend on the first: nothing is left over from it
    three = ablation.frogs(**options | {"tries": 3})
    np.testing.assert_array_equal(three.memory[:2], a.memory)


def test_a_game_can_be_played_again_from_the_start():
    def pair():
        d = models.discriminator(8, 4, dropout=0.3, seed=1)
        return models.generator(4, 8, 4, seed=0), d

    real = data.sketch_frogs(16, image_size=8)[0]

    def play(turn):
        game.start(*pair(), turn)
        game.fit(data.batches(real, 8), steps_per_epoch=3, verbose=0)
        parts = (game.generator, game.ema_generator, game.discriminator)
        return [v.numpy() for v in [*(v for p in parts for v in p.variables), *game.memories()]]

    game = ablation._Again(*pair(), seed=0)
    game.compile()
    first, other, again = play(0), play(1), play(0)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))
