"""Reading factors, directions for them, and how cleanly they move one at a time."""

import dataclasses

import keras
import numpy as np
import pytest

from gan_lessons import data, factors, steering
from gan_lessons.errors import InputError


@pytest.fixture(scope="module")
def reader():
    return factors.learn_to_read(("x", "size", "gaze", "night"), drawings=600)


def test_values_are_the_factors():
    _, truth = data.sketch_frogs(30, seed=4)
    found = factors.values(truth, ("turn", "night", "toad"))
    np.testing.assert_array_equal(found[:, 0], truth.turn)
    np.testing.assert_array_equal(found[:, 1], truth.background == 3)
    np.testing.assert_array_equal(found[:, 2], truth.species == 2)
    for wrong in (("colour",), ()):
        with pytest.raises(InputError, match="choose from"):
            factors.values(truth, wrong)


def test_ridge_finds_a_line_and_its_constant():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3)) + 5
    true = np.array([[1.0, 0], [-2, 0.5], [0, 3]])
    y = x @ true + [7, -1]
    np.testing.assert_allclose(factors.ridge(x, y), np.vstack([true, [7, -1]]), atol=1e-8)
    shrunk = factors.ridge(x, y, 1e6)
    assert abs(shrunk[:3]).max() < 0.01  # slopes shrink, the constant does not
    np.testing.assert_allclose(shrunk[3], y.mean(0), rtol=0.02)


def test_explained():
    truth = np.random.default_rng(1).normal(size=(50, 2))
    np.testing.assert_allclose(factors.explained(truth, truth), 1)
    np.testing.assert_allclose(factors.explained(truth, truth.mean(0)[None]), 0, atol=1e-12)
    assert (factors.explained(truth, -truth) < 0).all()


def test_the_reader_reads_what_can_be_seen(reader):
    r2 = dict(zip(reader.names, reader.r2, strict=True))
    assert r2["x"] > 0.5 and r2["size"] > 0.5 and r2["night"] > 0.9
    assert r2["gaze"] < 0.4  # a pupil is two pixels
    pictures, truth = data.sketch_frogs(200, seed=99)  # drawings that it has never seen
    readings = reader(pictures)
    assert readings.shape == (200, 4)
    assert np.corrcoef(readings[:, 0], truth.x)[0, 1] > 0.8
    night = readings[:, 3][truth.background == 3]
    assert night.min() > readings[:, 3][truth.background != 3].max()


def test_only_keeps_what_is_read_well(reader):
    kept = reader.only(0.5)
    assert kept.names == ("x", "size", "night")
    pictures, _ = data.sketch_frogs(3, seed=5)
    np.testing.assert_allclose(kept(pictures), reader(pictures)[:, [0, 1, 3]])
    with pytest.raises(InputError, match="the best has"):
        reader.only(1.1)
    with pytest.raises(InputError, match="at least 40"):
        factors.learn_to_read(("x",), drawings=10)


def test_directions_of_a_linear_world():
    rng = np.random.default_rng(2)
    true = np.array([[1.0, 0, 0, 0], [0.6, 0.8, 0, 0]])  # the two factors share a part of z
    z = rng.normal(size=(100, 4))
    slopes = steering.slopes(z, z @ true.T + 3)
    np.testing.assert_allclose(slopes, true, atol=1e-10)
    np.testing.assert_allclose(steering.steepest(slopes), true, atol=1e-6)
    steps = steering.apart(slopes)
    np.testing.assert_allclose(np.linalg.norm(steps, axis=1), 1, rtol=1e-6)
    moved = slopes @ steps.T
    np.testing.assert_allclose(moved - np.diag(np.diag(moved)), 0, atol=1e-6)
    assert (np.diag(moved) > 0).all()
    assert (slopes @ steering.steepest(slopes).T)[0, 1] > 0.5  # the steepest are not apart
    with pytest.raises(InputError, match="at least 8"):
        steering.slopes(z[:5], z[:5])


def square_painter():
    """A generator with one known factor: z[0] makes the whole picture light, z[1] does nothing."""
    z = keras.Input((2,))
    light = keras.layers.Lambda(lambda v: keras.ops.tanh(v[:, :1] / 3))(z)
    picture = keras.layers.RepeatVector(32 * 32 * 3)(light)
    return keras.Model(z, keras.layers.Reshape((32, 32, 3))(picture))


def test_effects_tell_a_direction_that_works_from_one_that_does_not(reader):
    table = steering.effects(square_painter(), reader, np.eye(2, dtype=np.float32), samples=4)
    assert table.shape == (2, 4)
    assert table[0, 3] < -0.3  # lighter is less of a night
    np.testing.assert_allclose(table[1], 0, atol=1e-5)


def test_the_drawing_program_moves_one_factor_at_a_time(reader):
    kept = reader.only(0.5)
    table = steering.drawn_effects(kept, samples=60)
    assert (abs(table).argmax(1) == np.arange(3)).all() and (np.diag(table) > 0.5).all()
    assert steering.own_share(table).min() > 0.6


@pytest.mark.parametrize("name", ["turn", "pond", "dart frog"])
def test_two_ends_change_one_factor_alone(name):
    _, truth = data.sketch_frogs(20, seed=3)
    low, high = steering._two_ends(truth, name)
    changed = [
        f.name
        for f in dataclasses.fields(truth)
        if not np.array_equal(getattr(low, f.name), getattr(high, f.name))
    ]
    assert changed == [{"turn": "turn", "pond": "background", "dart frog": "species"}[name]]
    lows, highs = (factors.values(f, (name,))[:, 0] for f in (low, high))
    assert (lows < highs).all()


def test_own_share():
    np.testing.assert_allclose(steering.own_share(np.array([[2.0, -2], [0, -3]])), [0.5, 1])
    with pytest.raises(InputError, match="one row for each"):
        steering.own_share(np.ones((2, 3)))


def test_walk_moves_along_one_direction_only():
    z, d = np.array([1.0, 2, 3], np.float32), np.array([0, 1, 0], np.float32)
    np.testing.assert_allclose(steering.walk(z, d, [-1, 5]), [[1, -1, 3], [1, 5, 3]])


def test_named_directions_say_both_ends(reader):
    found = steering.named(reader, np.eye(4, dtype=np.float32))
    assert [(d.low, d.high) for d in found][::3] == [("left", "right"), ("day", "night")]
    other = dataclasses.replace(reader, names=("x", "size", "gaze", "toad"))
    assert steering.named(other, np.eye(4, dtype=np.float32))[3].low == "no toad"
