"""A check for chapter 11: the bookkeeping of the article's loop, mended."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, callable_name
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, finite

_MOST = 200  # more batches than any right answer has: a pass that never ends is cut off here


@check("11.4", "Everybody once, in a new order")
def check_one_pass(one_pass: Any) -> str:
    """``one_pass(frogs, batch_size, random)``: the batches of one pass through the originals."""
    callable_name(one_pass)
    for n in (120, 125):
        frogs = np.stack([np.arange(n), 1000 + np.arange(n)], axis=1).astype(float)
        random = np.random.default_rng(1)
        first = _order(one_pass, frogs, 20, random)
        if np.array_equal(first, _order(one_pass, frogs, 20, random)):
            raise Wrong(
                "same order again",
                "The second pass has the same order as the first.",
                "Where does the chance come from: from `random`, or from a seed of your own?",
                "A generator that is made anew in each call begins anew. Use the one given.",
            )
        if not np.array_equal(first, _order(one_pass, frogs, 20, np.random.default_rng(1))):
            raise Wrong(
                "not repeatable",
                "With the same seed the order is another one.",
                "Which source of chance do you use?",
                "Draw from `random`, which is given, and from no other.",
            )
    return "Every frog once, each pass in a new order, and the last batch takes what is left."


def _order(one_pass: Any, frogs: np.ndarray, size: int, random: np.random.Generator) -> np.ndarray:
    """The frogs' numbers in the order in which a pass shows them, when all else is right."""

    @functools.wraps(one_pass)
    def taken(*arguments: Any) -> Any:
        found = one_pass(*arguments)
        return list(itertools.islice(found, _MOST)) if hasattr(found, "__iter__") else found

    found = call(taken, frogs, size, random, name=callable_name(one_pass))
    if not isinstance(found, list):
        array(found)
        found = [found]
    if len(found) >= _MOST:
        raise Wrong(
            "never ends",
            "Your pass goes on and on; the check stopped listening.",
            "When has every frog been shown?",
            "One pass has as many batches as it needs to show each frog once.",
        )
    batches = [finite(batch, "A batch") for batch in found]
    if any(b.ndim != 2 or b.shape[1:] != frogs.shape[1:] for b in batches):
        shape = next(b.shape for b in batches if b.ndim != 2 or b.shape[1:] != frogs.shape[1:])
        raise Wrong(
            "shape",
            f"A frog has the shape {frogs.shape[1:]} here, so a batch should have one axis more, "
            f"and one of yours has the shape {shape}.",
            "Do you return places in the list, or the frogs that lie there?",
            "Each batch is `frogs[some_places]`, an array with one axis more than a frog.",
        )
    if not all((b[:, 1] - b[:, 0] == 1000).all() for b in batches):
        raise Wrong(
            "torn apart",
            "The frogs have been torn apart: their pixels are mixed with those of others.",
            "Which axis counts the frogs?",
            "Shuffle the first axis only, for instance by a permutation of the places.",
        )
    order = np.concatenate([b[:, 0] for b in batches]).astype(int)
    _everybody_once(order, len(frogs), size)
    _even(batches, size)
    _mixed(batches, order, size)
    return order


def _everybody_once(order: np.ndarray, n: int, size: int) -> None:
    often = np.bincount(order, minlength=n)
    if often.max() > 1 and often.min() < 1:
        raise Wrong(
            "drawn with replacement",
            f"Of {n} frogs, {int((often > 1).sum())} are shown more than once and "
            f"{int((often < 1).sum())} not at all.",
            "When you draw a card, is it still in the heap for the next draw?",
            "Bring all places into one random order, and cut that order into batches.",
        )
    if often.max() > 1:
        raise Wrong(
            "filled up",
            f"Of {n} frogs, {int((often > 1).sum())} are shown twice in one pass.",
            "What stands in your last batch?",
            "The last batch may be smaller: it takes what is left.",
        )
    if often.min() < 1:
        raise Wrong(
            "rest left out",
            f"Of {n} frogs, {int((often < 1).sum())} are never shown in the pass.",
            f"How many batches of {size} are there in {n}, and what is left?",
            "Begin a batch at 0, at the batch size, and so on, as long as that is below the "
            "number of frogs.",
        )


def _even(batches: list[np.ndarray], size: int) -> None:
    sizes = [len(batch) for batch in batches]
    if not all(sizes):
        raise Wrong(
            "empty batch",
            "One of your batches is empty. The mean of its losses would be NaN.",
            "How many batches are there if the batch size divides the number of frogs?",
            "Stop when no frog is left: `range(0, n, batch_size)` ends before n.",
        )
    if any(n != size for n in sizes[:-1]) or sizes[-1] > size:
        raise Wrong(
            "other batches",
            f"The batches should have {size} frogs each, and only the last one fewer; yours have "
            f"{', '.join(map(str, sizes[:6]))}{' …' if len(sizes) > 6 else ''}.",
            "How far is it from the beginning of one batch to the beginning of the next?",
            f"The first batch ends after {size} frogs, the second after {2 * size}.",
        )


def _mixed(batches: list[np.ndarray], order: np.ndarray, size: int) -> None:
    if (order == np.arange(len(order))).all() or (order == np.arange(len(order))[::-1]).all():
        raise Wrong(
            "in order",
            "The frogs come in the order in which they lie.",
            "Whom does the frog in place 7 meet, in each pass?",
            "`random.permutation(n)` gives the numbers below n in a random order.",
        )
    if all(len({int(i) // size for i in batch[:, 0]}) == 1 for batch in batches):
        raise Wrong(
            "batches shuffled, not frogs",
            "Every batch still consists of neighbours.",
            "You shuffle within the batches, or the batches. Whom does frog 7 meet?",
            "Shuffle all frogs first, and cut into batches afterwards.",
        )
