"""The check for exercise 4.5: a stranger's round, mended."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import close

DEALER_RATE, PAINTER_RATE = 0.5, 0.25


def strangers_pair(seed: int = 0) -> SimpleNamespace:
    """A stranger's game of points, connected as in Keras 2.

    The dealer answers with the probability of "forged". He is frozen once, before the two are
    connected, which in Keras 3 puts him to sleep.

    Returns:
        ``.painter``, ``.dealer``, and ``.combined``, all but the first compiled.
    """
    import keras

    keras.utils.set_random_seed(seed)
    dense = keras.layers.Dense
    painter = keras.Sequential([keras.Input((3,)), dense(8, "tanh"), dense(2)])
    dealer = keras.Sequential([keras.Input((2,)), dense(8, "tanh"), dense(1, "sigmoid")])
    options = {"loss": "binary_crossentropy", "jit_compile": False}
    dealer.compile(keras.optimizers.SGD(DEALER_RATE), **options)

    dealer.trainable = False
    combined = keras.Sequential([painter, dealer])
    combined.compile(keras.optimizers.SGD(PAINTER_RATE), **options)
    return SimpleNamespace(painter=painter, dealer=dealer, combined=combined)


@check("4.5", "A stranger's round, mended")
def check_repaired_round(repaired_round: Any) -> str:
    """``repaired_round(pair, real, z)``: the dealer learns in his step, and in his step only."""
    import warnings

    name = getattr(repaired_round, "__name__", "the round")
    pair, random = strangers_pair(), np.random.default_rng(4)
    for batch, when in ((8, ""), (5, ", with a smaller batch in the second round")):
        real = random.normal(1, 1, (batch, 2)).astype(np.float32)
        z = random.normal(size=(batch, 3)).astype(np.float32)
        old = pair.painter.get_weights(), pair.dealer.get_weights()
        lesson, lie = _expected(pair, real, z)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call(repaired_round, pair, real, z)
        painter, dealer = pair.painter.get_weights(), pair.dealer.get_weights()
        _awake(old, painter, dealer, name, when, after_first=bool(when))
        went = _flat(dealer) - _flat(old[1])
        if close(went, lesson):
            continue
        if _cosine(went - lesson, lie) > 0.5:
            raise Wrong(
                "dealer moves in the painter's step",
                f"The dealer learns in his own step, and then unlearns in the painter's{when}: "
                "the lie reaches his weights.",
                "Who is held still while the painter learns?",
                "The flag has to be right at both moments: True in one step, False in the other.",
            )
        if _cosine(went, lesson) < 0.98:
            raise Wrong(
                "another lesson",
                f"The dealer moves, but not as his lesson tells him to{when}.",
                "In the stranger's code a forgery has the label 1 and an original 0.",
                "Keep the stranger's lines, losses and optimizers, and change as little as you "
                "can: it takes two lines.",
            )
    return "The dealer is awake in his step and still in the painter's, with smaller batches, too."


def _awake(
    old: tuple[list[np.ndarray], list[np.ndarray]], painter: list[np.ndarray],
    dealer: list[np.ndarray], name: str, when: str, *, after_first: bool,
) -> None:  # fmt: skip
    if close(_flat(dealer) - _flat(old[1]), 0 * _flat(dealer)):
        raise Wrong(
            "awake by luck" if after_first else "dealer asleep",
            f"The dealer's weights do not change in `{name}`{when}.",
            "When is the flag `trainable` read, and what is it at that moment?",
            "Keras 3 reads it when a step is traced: at the first `train_on_batch`, and again for "
            "a batch of another size. Let it be right at every moment.",
        )
    if close(_flat(painter) - _flat(old[0]), 0 * _flat(painter)):
        raise Wrong(
            "painter left out",
            f"The painter's weights do not change in `{name}`{when}.",
            "A round has two steps. What teaches the painter?",
            "He learns through `pair.combined`, from `z` and the lie that all is real.",
        )


def _expected(pair: SimpleNamespace, real: np.ndarray, z: np.ndarray) -> tuple[Any, Any]:
    """How the dealer should move in his lesson, and how the lie would move him."""
    import keras
    import tensorflow as tf

    forged = pair.painter(z)
    moves = []
    for pictures, labels in (
        (tf.concat([forged, real], 0), np.repeat([1.0, 0.0], len(real))),
        (forged, np.zeros(len(real))),
    ):
        with tf.GradientTape() as tape:
            tape.watch([w.value for w in pair.dealer.weights])
            said = pair.dealer(pictures)
            loss = tf.reduce_mean(keras.losses.binary_crossentropy(labels[:, None], said))
        slopes = tape.gradient(loss, [w.value for w in pair.dealer.weights])
        moves.append(-DEALER_RATE * _flat(slopes))
    return moves[0], moves[1]


def _flat(arrays: Any) -> np.ndarray:
    return np.concatenate([np.ravel(np.asarray(a)) for a in arrays])


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-30))
