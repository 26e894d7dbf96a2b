"""One number against one number."""

import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import dirac, losses
from gan_lessons.errors import InputError


def test_a_round_follows_the_gradients_of_the_packages_losses():
    theta, psi, rate, weight = 0.7, -0.4, 0.3, 0.25
    after = dirac.play(1, rate=rate, r1=weight, start=(theta, psi))[1]
    slope, place = tf.Variable(psi), tf.Variable(theta)
    with tf.GradientTape() as tape:
        loss = losses.non_saturating.discriminator(slope * 0.0, slope * place)
        loss += weight / 2 * slope**2
    slope.assign_sub(rate * tape.gradient(loss, slope))
    with tf.GradientTape() as tape:
        loss = losses.non_saturating.generator(slope * place)
    place.assign_sub(rate * tape.gradient(loss, place))
    np.testing.assert_allclose(after, [float(place), float(slope)], rtol=1e-5)


def test_momentum_is_a_running_average_of_the_gradients():
    still = dirac.play(1, rate=0.2, momentum=0.9)[1] - [1, 0]
    plain = dirac.play(1, rate=0.2)[1] - [1, 0]
    assert still[1] == pytest.approx(0.1 * plain[1])


def distance(path):
    return np.hypot(*path[-1])


def test_what_theory_says_of_the_ends():
    """Mescheder et al. (2018): the plain game circles, R1 leads it in; momentum drives it out."""
    plain, penalised, driven = (
        dirac.play(600, rate=0.2, **k) for k in ({}, {"r1": 0.3}, {"momentum": 0.9})
    )
    assert distance(penalised) < 1e-3 < 0.1 < distance(plain) < 1 < distance(driven)
    assert distance(dirac.averaged(plain, 0.99)) < distance(plain) / 3


def test_the_average_is_the_games_own():
    path = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
    slow = dirac.averaged(path, 0.9)
    first = 2 / 11 * path[0] + 9 / 11 * path[1]
    np.testing.assert_allclose(slow[1], first)
    np.testing.assert_allclose(slow[2], 3 / 12 * first + 9 / 12 * path[2])
    np.testing.assert_allclose(dirac.averaged(path, 0.0), path)


def test_bad_numbers():
    with pytest.raises(InputError, match="rounds"):
        dirac.play(0)
    with pytest.raises(InputError, match="momentum"):
        dirac.play(1, momentum=1.0)
