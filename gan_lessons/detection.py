"""A detector of forgeries: taught, examined on pictures it never saw, and counted honestly.

A detector is a dealer without a painter: the same network, taught on two heaps that stand still.
Logits follow ``losses.py``: larger means "more likely real", so a logit of 0 or less is an alarm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from gan_lessons import models
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_images

#: how pictures are changed before a lesson: (pictures, random numbers) -> pictures
Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Share:
    """A measured share with its standard error.

    Attributes:
        value: the share, in [0, 1].
        error: how much it would typically scatter on other pictures of the same kind.
        n: pictures that were counted, the rarer kind if there are two.
    """

    value: float
    error: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.1%} ± {self.error:.1%}"

    @property
    def at_most(self) -> float:
        """A share that would be no surprise: two errors up, and 3/n when none was counted.

        3/n is the "rule of three": a share of 3/n goes unseen in n tries once in twenty.
        """
        return min(1.0, max(self.value + 2 * self.error, 3 / self.n))


@dataclass(frozen=True)
class Examination:
    """What a detector did on held-out pictures.

    Attributes:
        accuracy: share of right verdicts, originals and forgeries counting one half each.
        caught: share of the forgeries that raised the alarm.
        false_alarms: share of the originals that raised it.
        area: area under the ROC curve: how often an original gets a larger logit than a forgery,
            a tie counting one half. It does not depend on where the alarm begins.
    """

    accuracy: Share
    caught: Share
    false_alarms: Share
    area: Share

    def __str__(self) -> str:
        return (
            f"right {self.accuracy}, caught {self.caught}, false alarms {self.false_alarms}, "
            f"AUC {self.area.value:.3f} ± {self.area.error:.3f}"
        )


def _logits(real_logits: np.ndarray, fake_logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    real, fake = (np.ravel(np.asarray(x, np.float64)) for x in (real_logits, fake_logits))
    if len(real) < 2 or len(fake) < 2 or not (np.isfinite(real).all() and np.isfinite(fake).all()):
        raise InputError(
            f"There are {len(real)} logits of originals and {len(fake)} of forgeries: give at "
            "least two finite ones of each."
        )
    return real, fake


def _counted(hits: np.ndarray) -> Share:
    value = float(hits.mean())
    return Share(value, math.sqrt(value * (1 - value) / len(hits)), len(hits))


def examine(real_logits: np.ndarray, fake_logits: np.ndarray) -> Examination:
    """Count what a detector did.

    Source of the area's error: DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two
    or more correlated receiver operating characteristic curves" (1988).

    Args:
        real_logits, fake_logits: its answers on originals ``(m,)`` and forgeries ``(n,)``, at
            least two of each.

    Raises:
        InputError: for fewer, or for logits that are not finite.
    """
    real, fake = _logits(real_logits, fake_logits)
    caught, false_alarms = _counted(fake <= 0), _counted(real <= 0)
    error = math.hypot(caught.error, false_alarms.error) / 2
    right = (caught.value + 1 - false_alarms.value) / 2
    fewest = min(len(real), len(fake))
    return Examination(Share(right, error, fewest), caught, false_alarms, _area(real, fake, fewest))


def _area(real: np.ndarray, fake: np.ndarray, fewest: int) -> Share:
    beaten = _share_below(real, fake)  # for each original, the share of forgeries below it
    above = 1 - _share_below(fake, real)  # for each forgery, the share of originals above it
    error = math.sqrt(beaten.var(ddof=1) / len(real) + above.var(ddof=1) / len(fake))
    return Share(float(beaten.mean()), error, fewest)


def _share_below(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each value, the share of the others that are smaller, ties counting one half."""
    others = np.sort(others)
    below, not_above = np.searchsorted(others, values), np.searchsorted(others, values, "right")
    return (below + not_above) / (2 * len(others))


def roc(real_logits: np.ndarray, fake_logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every bargain between catching and false alarms: move the logit at which the alarm begins.

    Args:
        real_logits, fake_logits: as for ``examine``.

    Returns:
        Share of false alarms and share caught, both growing from 0 to 1, ``(k,)`` each.
    """
    real, fake = _logits(real_logits, fake_logits)
    limits = np.concatenate([[-np.inf], np.unique(np.concatenate([real, fake]))])
    shares = [np.searchsorted(np.sort(x), limits, "right") / len(x) for x in (real, fake)]
    return shares[0], shares[1]


def true_alarms(prevalence: float, caught: float, false_alarms: float) -> float:
    """Of all alarms, the share that is true: Bayes's rule.

    Args:
        prevalence: share of forgeries among the pictures that come in, in [0, 1].
        caught: share of forgeries that raise the alarm.
        false_alarms: share of originals that raise it.

    Raises:
        InputError: for anything outside [0, 1], or when there is never an alarm.
    """
    given = {"prevalence": prevalence, "caught": caught, "false_alarms": false_alarms}
    for name, share in given.items():
        if not 0 <= share <= 1:
            raise InputError(f"{name} is {share!r}: give a share from 0 to 1.")
    right, wrong = prevalence * caught, (1 - prevalence) * false_alarms
    if right + wrong == 0:
        raise InputError("With these shares there is never an alarm: nothing can be said of them.")
    return right / (right + wrong)


def teach(
    real: np.ndarray,
    forged: np.ndarray,
    *,
    passes: int = 6,
    width: int = 16,
    batch_size: int = 50,
    change: Change | None = None,
    seed: int = 0,
) -> keras.Model:
    """Hire a new detector and teach it to tell two heaps apart.

    Args:
        real, forged: float32 ``(n, size, size, 3)`` in [-1, 1], of one size; as many of each, or
            it will lean to the larger heap.
        passes: how often it sees every picture.
        width: channels of its first stage.
        batch_size: pictures in one update.
        change: what is done to all pictures before each pass, such as ``processing.everyday``.
        seed: decides its first weights and the order of the pictures.

    Returns:
        A Keras model from pictures to logits ``(B, 1)``.

    Raises:
        InputError: for pictures that are none, or of two sizes, or no pass.
    """
    real, forged = check_images(real), check_images(forged)
    if real.shape[1:] != forged.shape[1:]:
        raise InputError(
            f"The originals are {real.shape[1:]} and the forgeries {forged.shape[1:]}: give one "
            "size."
        )
    if passes < 1:
        raise InputError(f"passes is {passes!r}: give at least 1.")
    random = np.random.default_rng(seed)
    detector = models.discriminator(real.shape[1], width, seed=seed)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    detector.compile(keras.optimizers.Adam(1e-3), loss, jit_compile=False)
    pictures = np.concatenate([real, forged])  # (m + n, size, size, 3)
    labels = np.repeat([[1.0], [0.0]], [len(real), len(forged)], axis=0)  # (m + n, 1)
    for _ in range(passes):
        order = random.permutation(len(pictures))
        seen = pictures if change is None else change(pictures, random)
        detector.fit(seen[order], labels[order], batch_size, 1, shuffle=False, verbose=0)
    return detector
