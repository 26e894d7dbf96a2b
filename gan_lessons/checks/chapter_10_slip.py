"""A check for chapter 10: a dealer who reads the slip in extra channels of the picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, table

_ROUNDING = 1e-5  # of a logit, for each unit of its size


@check("10.7", "The slip in extra channels")
def check_channel_dealer(channel_dealer: Any) -> str:
    """``channel_dealer(n_classes, image_size, width)``: a Keras model of pictures and orders."""
    for n_classes, size in ((3, 8), (5, 16)):
        _judged(call(channel_dealer, n_classes, size, 4), n_classes, size)
    return "He reads each picture's own slip, and asks whether the two fit."


def _judged(dealer: Any, k: int, size: int) -> None:
    _two_inputs(dealer, k, size)
    random = np.random.default_rng(k)
    _with_large_weights(dealer, random)
    n = 2 * k
    x = random.uniform(-1, 1, (n, size, size, 3)).astype("float32")
    slips = np.eye(k, dtype="float32")

    def ask(pictures: np.ndarray, orders: np.ndarray) -> np.ndarray:
        found = call(lambda: dealer([pictures, orders], training=False), name="the dealer")
        return table(found, (len(pictures), 1), "The dealer's answer")[:, 0]

    under = np.stack([ask(x, np.repeat(slips[i : i + 1], n, axis=0)) for i in range(k)], axis=1)
    step = _ROUNDING * max(1.0, float(abs(under).max()))
    if np.ptp(under, axis=0).max() < step:
        raise Wrong(
            "picture ignored", "His logit is the same for every picture.",
            "Does the picture lead to the output of your model?",
            "`keras.Model([picture, order], logit)`, where `logit` is made from both.",
        )  # fmt: skip
    if np.ptp(under, axis=1).max() < step:
        raise Wrong(
            "slip ignored", "His logit is the same under every slip.",
            "Where does the slip meet the picture?",
            "Repeat it over height and width, and put it behind the colours with `Concatenate`.",
        )  # fmt: skip
    pairs = [(i, j) for j in range(k) for i in range(j)]
    same = [(i, j) for i, j in pairs if abs(under[:, i] - under[:, j]).max() < step]
    if same:
        raise Wrong(
            "two kinds alike", f"Slips {same[0][0]} and {same[0][1]} are the same to him.",
            "How many channels does your slip have?",
            "One for each kind, and all of them go in.",
        )  # fmt: skip
    effect = under - under[:, :1]
    if np.ptp(effect, axis=0).max() < step:
        raise Wrong(
            "slip judged alone",
            "A slip changes his logit by the same amount, whatever the picture shows.",
            "What can the painter learn from a dealer who likes toads better than tree frogs, "
            "but never asks whether this *is* a toad?",
            "The slip must go in before a layer that bends (LeakyReLU), together with the picture.",
        )  # fmt: skip
    own = np.arange(n) % k
    if abs(ask(x, slips[own]) - under[np.arange(n), own]).max() > 100 * step:
        raise Wrong(
            "slip of another picture",
            "In a batch with different slips, a picture is judged under another one's.",
            "Along which axis do you repeat: the batch, or the places of the picture?",
            "Each row of the slips becomes one array (1, 1, kinds), and that is repeated to "
            "(size, size, kinds).",
        )  # fmt: skip
    loud = []
    for _ in range(20):  # other weights each time, so that no range is an accident
        _with_large_weights(dealer, random)
        loud.append(ask(np.float32(1e3) * x, slips[own]))
    low, high = np.min(loud), np.max(loud)
    if low >= -1 and high <= 1:
        raise Wrong(
            "probability for a logit",
            f"His answers never leave the range from {'0' if low >= 0 else '−1'} to 1, however "
            "loud the picture is: these are no logits.",
            "What do the losses of this course expect from a dealer?",
            "A last layer without an activation.",
        )
    if low >= 0 or high <= 0:
        raise Wrong(
            "one sign only", f"His answer is never {'below' if low >= 0 else 'above'} 0.",
            "Which logit says forged, and which says real?",
            "Both signs must be possible: a last layer without an activation.",
        )  # fmt: skip


def _with_large_weights(dealer: Any, random: np.random.Generator) -> None:
    """Weights of a size at which nothing drowns in rounding, however he starts."""
    for w in dealer.trainable_variables:
        size = 1.5 / np.prod(w.shape[:-1]) ** 0.5 if len(w.shape) > 1 else 0.1
        w.assign(random.normal(0, size, tuple(w.shape)))


def _two_inputs(dealer: Any, k: int, size: int) -> None:
    import keras

    if dealer is None:
        array(dealer)
    if not isinstance(dealer, keras.Model):
        raise Wrong(
            "type", f"A Keras model should come back, and it is {describe(dealer)}.",
            "Does your function return a model, or what one has computed?",
            "End with `return keras.Model([picture, order], logit)`.",
        )  # fmt: skip
    shapes = [tuple(one.shape[1:]) for one in dealer.inputs]
    wanted = [(size, size, 3), (k,)]
    if shapes == wanted:
        return
    if shapes == wanted[::-1]:
        raise Wrong(
            "inputs exchanged", "The slip is his first input, and the picture his second.",
            "In which order does `ConditionalGAN` hand them over?",
            "`[picture, order]`.",
        )  # fmt: skip
    if len(shapes) != 2:
        raise Wrong(
            "one input", f"He has {len(shapes)} input{'s' * (len(shapes) != 1)}, and needs two.",
            "How does the slip get in, while the model runs?",
            "A second `keras.Input((n_classes,))`, and `keras.Model([picture, order], logit)`.",
        )  # fmt: skip
    if shapes[0] == wanted[0]:
        raise Wrong(
            "shape of the slip", f"For {k} kinds his slip should have the shape {(k,)}, and it has "
            f"{shapes[1]}.",
            "What is a one-hot vector?",
            "`keras.Input((n_classes,))`: a row of zeros with a single 1.",
        )  # fmt: skip
    raise Wrong(
        "shape of the picture", f"His picture should have the shape {wanted[0]}, and it has "
        f"{shapes[0]}.",
        "Are the size and the number of colours written in, or taken from the arguments?",
        "`keras.Input((image_size, image_size, 3))`: the slip is added inside.",
    )  # fmt: skip
