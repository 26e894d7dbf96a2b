"""The smallest game of all: one number against one number.

The only original is the point 0. The painter has one number, the place ``theta`` of his only
forgery; the dealer has one, the slope ``psi`` of his logit ``psi x``. Both losses are those of
``losses.non_saturating``. At (0, 0) the forgery is perfect and the dealer tosses a coin, yet the
players need not get there. Source: Mescheder, Geiger and Nowozin, "Which training methods for
GANs do actually converge?" (2018), section 2.
"""

from __future__ import annotations

import math

import numpy as np

from gan_lessons.errors import InputError


def play(
    rounds: int,
    *,
    rate: float = 0.1,
    momentum: float = 0.0,
    r1: float = 0.0,
    start: tuple[float, float] = (1.0, 0.0),
) -> np.ndarray:
    """Play rounds of gradient descent, the dealer first and then the painter.

    Args:
        rounds: at least 1.
        rate: learning rate of both.
        momentum: how much of the past there is in each move, in [0, 1): the players follow a
            running average of their gradients, as Adam does with beta_1.
        r1: weight of the penalty ``r1 / 2 * psi ** 2``, the R1 penalty of this dealer.
        start: theta and psi before the first round.

    Returns:
        float64 ``(rounds + 1, 2)``: theta and psi at the start and after each round.
    """
    if rounds < 1:
        raise InputError(f"rounds is {rounds!r}: give a whole number of at least 1.")
    if not 0 <= momentum < 1:
        raise InputError(f"momentum is {momentum!r}: give a share from 0 up to, not including, 1.")
    theta, psi = start
    theta_slope = psi_slope = 0.0
    path = [start]
    for _ in range(rounds):
        # L_D = softplus(-psi 0) + softplus(psi theta) + r1 / 2 psi^2
        slope = _sigmoid(psi * theta) * theta + r1 * psi
        psi_slope = momentum * psi_slope + (1 - momentum) * slope
        psi -= rate * psi_slope
        # L_G = softplus(-psi theta)
        slope = -_sigmoid(-psi * theta) * psi
        theta_slope = momentum * theta_slope + (1 - momentum) * slope
        theta -= rate * theta_slope
        path.append((theta, psi))
    return np.array(path)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def averaged(path: np.ndarray, decay: float) -> np.ndarray:
    """The exponential moving average of a path, with the warm-up of ``GAN``'s EMA.

    Args:
        path: ``(rounds + 1, 2)`` from ``play``.
        decay: in [0, 1).

    Returns:
        The same shape; row k is the average after round k.
    """
    slow = [path[0]]
    for step, place in enumerate(path[1:], 1):
        d = min(decay, (1 + step) / (10 + step))
        slow.append(d * slow[-1] + (1 - d) * place)
    return np.array(slow)
