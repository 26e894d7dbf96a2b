"""The check for exercise 4.5: a stranger's round, mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
        ways = [_painters_ways(pair, old[0], z)]
        with warnings.catch_warnings(), _watched_flags(pair) as layers_only:
            warnings.simplefilter("ignore")
            _play(repaired_round, pair, real, z)
        painter, dealer = pair.painter.get_weights(), pair.dealer.get_weights()
        went = _flat(dealer) - _flat(old[1])
        _the_right_way_round(went, lie, when, layers_only)
        _awake(old, painter, dealer, name, when, after_first=bool(when))
        ways.insert(0, _painters_ways(pair, old[0], z))  # after the dealer's lesson, as he was
        right = close(went, lesson)
        if not right and _cosine(went - lesson, lie) > 0.5:
            raise Wrong(
                "dealer moves in the painter's step",
                f"The dealer learns in his own step, and then unlearns in the painter's{when}: "
                "the lie reaches his weights.",
                "Who is held still while the painter learns?",
                "The flag has to be right at both moments: True in one step, False in the other.",
            )
        if not right and _cosine(went, lesson) < 0.98:
            raise Wrong(
                "another lesson",
                f"The dealer moves, but not as his lesson tells him to{when}.",
                "In the stranger's code a forgery has the label 1 and an original 0.",
                "Keep the stranger's lines, losses and optimizers, and change as little as you "
                "can: it takes two lines.",
            )
        stride = np.linalg.norm(went) / np.linalg.norm(lesson)
        if not 0.9 < stride < 1.1:
            raise Wrong("another stride", _stride("dealer", stride, when), *_STRIDE)
        _painters_lesson(_flat(painter) - _flat(old[0]), ways, when)
    return "The dealer is awake in his step and still in the painter's, with smaller batches, too."


def _play(repaired_round: Any, pair: SimpleNamespace, real: np.ndarray, z: np.ndarray) -> None:
    try:
        call(repaired_round, pair, real, z)
    except Wrong as wrong:
        empty = "expected 2, got 0" in wrong.message and not pair.dealer.trainable_weights
        if wrong.kind != "raised" or not empty:
            raise
        raise Wrong(
            "nothing to teach", wrong.message,
            "The stranger froze him: what does `pair.dealer.trainable_weights` hold?",
            "A network that is frozen has no trainable weights, so there are no pairs of "
            "gradients and weights either. Print the list before the dealer's step.",
        ) from None  # fmt: skip


@contextmanager
def _watched_flags(pair: SimpleNamespace) -> Iterator[list[bool]]:
    """Notes, at each ``train_on_batch`` of the dealer, if all layers are awake and he is not."""
    seen: list[bool] = []
    step = pair.dealer.train_on_batch

    def watched(*arguments: Any, **options: Any) -> Any:
        seen.append(not pair.dealer.trainable and all(x.trainable for x in pair.dealer.layers))
        return step(*arguments, **options)

    pair.dealer.train_on_batch = watched
    try:
        yield seen
    finally:
        del pair.dealer.train_on_batch


def _the_right_way_round(
    went: np.ndarray, lie: np.ndarray, when: str, layers_only: list[bool]
) -> None:
    if any(layers_only):
        raise Wrong(
            "layers only",
            "In the dealer's step each of his layers may learn, and he himself may not"
            f"{when}: the flag of the whole dealer counts.",
            "`pair.dealer` has a flag of its own. What is it when his step begins?",
            "Set the flag of `pair.dealer`: it is handed on to all of his layers.",
        )
    if _cosine(went, lie) < 0.99 or not close(went, lie * PAINTER_RATE / DEALER_RATE):
        return
    raise Wrong(
        "flag the wrong way round",
        f"He sleeps in his own step and learns in the painter's{when}: the flag is the wrong way "
        "round.",
        "Say for each of your lines which step follows it, and who should learn in that step.",
        "`trainable` means that he may learn: True before his own step, False before the other.",
    )


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


def _painters_ways(
    pair: SimpleNamespace, painter: list[np.ndarray], z: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How the lie and the truth would move the painter, with the dealer as he is now."""
    import keras
    import tensorflow as tf

    now = pair.painter.get_weights()
    pair.painter.set_weights(painter)
    moves = []
    for label in (0.0, 1.0):
        with tf.GradientTape() as tape:
            tape.watch([w.value for w in pair.painter.weights])
            said = pair.dealer(pair.painter(z))
            labels = np.full((len(z), 1), label)
            loss = tf.reduce_mean(keras.losses.binary_crossentropy(labels, said))
        slopes = tape.gradient(loss, [w.value for w in pair.painter.weights])
        moves.append(-PAINTER_RATE * _flat(slopes))
    pair.painter.set_weights(now)
    return moves[0], moves[1]


def _painters_lesson(
    went: np.ndarray, ways: list[tuple[np.ndarray, np.ndarray]], when: str
) -> None:
    """He moved as the lie tells him, with the dealer as he was after, or before, his lesson."""
    if any(_near(went, lie) for lie, _ in ways):
        return
    if any(_cosine(went, truth) > 0.98 for _, truth in ways):
        raise Wrong(
            "painter learns the truth",
            f"The painter learns the truth instead of the lie{when}: in the stranger's code 0 "
            "means original.",
            "As what should the dealer take the forgeries, if the painter had his way?",
            "Compare the targets of the painter's step with those of the stranger's round.",
        )
    lie, truth = ways[0]
    for t in (0.5, 0.1, 0.2, 0.25, 0.3, 0.7, 0.75, 0.8, 0.9):
        if _near(went, (1 - t) * lie + t * truth):
            raise Wrong(
                "half a lie",
                f"The painter's targets are neither 0 nor 1{when}: he learns to be called a "
                "forger a little less, or a little more.",
                "Which label has an original in the stranger's code?",
                "Keep the stranger's line for the painter's step, with his targets.",
            )
    if _cosine(went, lie) > 0.95:
        stride = np.linalg.norm(went) / np.linalg.norm(lie)
        raise Wrong("another stride", _stride("painter", stride, when), *_STRIDE)
    raise Wrong(
        "another lesson for the painter",
        f"The painter moves, but not as the stranger's lie tells him to{when}.",
        "Keep the stranger's line for the painter's step, with his loss and his optimizer.",
        "He learns once a round, from `z`, with targets of 0; a new `compile` would bring another "
        "optimizer.",
    )


_STRIDE = (
    "How often does he learn in one round, and with which optimizer?",
    "Keep the stranger's losses and optimizers: one `train_on_batch` for each player, and no new "
    "`compile` with another optimizer.",
)


def _stride(who: str, times: Any, when: str) -> str:
    return (
        f"The {who} learns the right thing{when}, but goes {times:.1f} times as far as the "
        "stranger's."
    )


def _near(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.linalg.norm(a - b) < 0.02 * np.linalg.norm(b))


def _flat(arrays: Any) -> np.ndarray:
    return np.concatenate([np.ravel(np.asarray(a)) for a in arrays])


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-30))
