"""Checks for chapter 10, Forging on order."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, number, recognise, several

#: The guess, what it costs on average; once for squares, once for absolute differences.
_SQUARED, _SQUARED_COST, _ABSOLUTE, _ABSOLUTE_COST = 2.5, 18.75, 0.0, 2.5


@check("10.1", "The cheapest guess")
def check_best_guesses(best_guesses: Any) -> str:
    """``best_guesses()``: the best guess and its cost for squares, and for absolute differences."""
    names = "a guess and its cost for squares, a guess and its cost for absolute differences"
    square, square_cost, absolute, absolute_cost = (
        number(part, name)
        for part, name in zip(
            several(call(best_guesses), 4, names),
            ("The first number", "The second", "The third", "The fourth"),
            strict=True,
        )
    )
    given = square, square_cost, absolute, absolute_cost
    recognise(
        given, (_SQUARED, _SQUARED_COST, _ABSOLUTE, _ABSOLUTE_COST),
        (
            (_ABSOLUTE, _ABSOLUTE_COST, _SQUARED, _SQUARED_COST), "halves exchanged",
            "All four numbers are there, but in another order.",
            "Which two come first, those for squares or those for absolute differences?",
            f"In this order: {names}.",
        ),
        (
            (_SQUARED, _ABSOLUTE, _SQUARED_COST, _ABSOLUTE_COST), "guesses first",
            "All four numbers are there, but in another order.",
            "What stands beside the first guess: its cost, or the second guess?",
            f"In this order: {names}.",
        ),
    )  # fmt: skip
    recognise(
        square, _SQUARED,
        (
            0, "most frequent value", "For squares you guess the value that most of them have.",
            "What does a guess of 0 cost on average? And a guess of 1?",
            "0 costs 25 on average, for one frog in four costs 100. 1 costs less. Go on.",
        ),
        (
            5, "middle of the range", "For squares you guess halfway between 0 and 10.",
            "Are both values equally frequent?",
            "Three of four are 0, which draws the best guess to that side.",
        ),
        (
            True, "another guess", "For squares another guess is the cheapest.",
            "Which number lies nearest to all values in the sense of the chapter's *Why he blurs*?",
            "The average of all eight.",
        ),
    )  # fmt: skip
    recognise(
        square_cost, _SQUARED_COST,
        (
            150, "sum instead of average", "This is the sum of the eight costs.",
            "What does the guess cost *on average*?",
            "Divide by the number of frogs.",
        ),
        (
            _SQUARED_COST**0.5, "root taken", "This is the root of the average cost.",
            "Is a root in the question?",
            "Average the squares, and leave them as they are.",
        ),
        (
            3.75, "not squared", "These are absolute differences.",
            "What does a frog with a 10 cost, if 2.5 was guessed?",
            "7.5 × 7.5.",
        ),
        (
            31.25, "not weighed", "Yours counts both values alike.",
            "How many frogs have a 10, and how many a 0?",
            "Twice 7.5², and six times 2.5²; then the average over eight.",
        ),
        (
            True, "another cost", "The first guess is right; its cost is another one.",
            "What do the two frogs with 10 cost, and what the six with 0?",
            "Twice 7.5², and six times 2.5²; then the average over eight.",
        ),
    )  # fmt: skip
    recognise(
        absolute, _ABSOLUTE,
        (
            2.5, "average again", "For absolute differences you guess the average again.",
            "What does a guess of 2.5 cost here, and what a guess of 2?",
            "Going down by 1 saves 1 for six frogs, and costs 1 for two.",
        ),
        (
            10, "rare value", "For absolute differences you guess the rarer value.",
            "How many frogs does a guess of 10 miss, and by how much?",
            "A guess of 0 misses two of eight.",
        ),
        (
            True, "another guess", "For absolute differences another guess is the cheapest.",
            "By how much does the cost change if you go down by 1?",
            "Where there are more values below you than above, going down pays.",
        ),
    )  # fmt: skip
    recognise(
        absolute_cost, _ABSOLUTE_COST,
        (
            20, "sum instead of average", "This is the sum of the eight costs.",
            "What does the guess cost *on average*?",
            "Divide by the number of frogs.",
        ),
        (
            25, "squared again", "These are squares.",
            "What does a frog with a 10 cost now, if 0 was guessed?",
            "10.",
        ),
        (
            True, "another cost", "The second guess is right; its cost is another one.",
            "What do the two frogs with 10 cost, and what the six with 0?",
            "Twice 10 and six times nothing; then the average over eight.",
        ),
    )  # fmt: skip
    return "Squares ask for the average, which no frog has; absolute differences, for the middle."


@check("10.3", "As ordered")
def check_obedience(obedience: Any) -> str:
    """``obedience(ordered, seen, n_classes)``: for each kind, the share delivered as ordered."""
    random = np.random.default_rng(3)
    k, often = 4, np.array([20, 5, 10, 40])
    ordered = random.permutation(np.repeat(np.arange(k), often))
    seen = np.where(random.random(len(ordered)) < 0.6, ordered, random.integers(0, k, len(ordered)))
    table = np.zeros((k, k))
    np.add.at(table, (ordered, seen), 1)
    hits, all_seen = np.diag(table), table.sum(0)
    right = hits / often
    found = _shares(call(obedience, ordered, seen, k))
    if found.size == 1:
        raise Wrong(
            "one number for all", "One number came back, and one for each kind is asked.",
            "Does he obey every order equally well?",
            "Ask the same of each kind alone: of the orders for it, how many are as ordered?",
        )  # fmt: skip
    if found.size != k:
        raise Wrong(
            "shape", f"There are {k} kinds, and {found.size} numbers came back.",
            "One number for each kind, in their order.",
            "A loop over `range(n_classes)`, or the diagonal of a confusion table.",
        )  # fmt: skip
    found = found.reshape(k)
    if np.isnan(found).any():
        raise Wrong(
            "not a number", "Every kind was ordered, and one of your shares is no number.",
            "By what do you divide?",
            "By how often the kind was *ordered*.",
        )  # fmt: skip
    recognise(
        found, right,
        (
            hits / all_seen, "by what was seen",
            "Yours is a share of what was *recognised* as the kind.",
            "Of whom is the share: of the orders for toads, or of the pictures called toads?",
            "Divide by how often the kind was ordered: a row of the table, not a column.",
        ),
        (
            hits, "counts", "These are counts.",
            "One kind was ordered 5 times, another 40 times. Are counts comparable?",
            "Divide by how often each kind was ordered.",
        ),
        (
            hits / len(ordered), "of all orders", "You divide by the number of all orders.",
            "If all orders for toads are obeyed, what should stand there for toads?",
            "1: divide by the orders for that kind.",
        ),
        (
            hits / (len(ordered) / k), "equal numbers taken for granted",
            "You divide as if each kind had been ordered equally often.",
            "How often was each kind ordered here?",
            "Count: `np.sum(ordered == kind)`.",
        ),
        (
            100 * right, "per cent", "These are per cents.",
            "Between which two numbers does a share lie?",
            "Leave the factor out.",
        ),
        (
            1 - right, "disobedience", "These are the shares *not* delivered as ordered.",
            "Which of the two is asked?",
            "Count where both are equal.",
        ),
        (
            all_seen / often, "how often seen",
            "This says how often a kind was seen, whatever had been ordered.",
            "Does a toad count that was ordered as a tree frog?",
            "Count only where `seen` and `ordered` are the same.",
        ),
        (
            (all_seen == often).astype(float), "totals compared",
            "You compare totals.",
            "Could all orders be wrong, and the totals right?",
            "Compare picture by picture.",
        ),
        (
            True, "another number", "These are other shares.",
            "Take the orders for kind 0 alone. What was recognised in each of them?",
            "`np.mean(seen[ordered == kind] == kind)`, for each kind.",
        ),
    )  # fmt: skip
    _never_ordered(obedience)
    return "Each kind by its own orders, and no answer where nobody asked."


def _shares(value: Any) -> np.ndarray:
    if isinstance(value, dict):
        raise Wrong(
            "dictionary", "A dictionary came back, and an array of shares is asked.",
            "In which place of the array does the share of kind 2 stand?",
            "`np.array([...])`, with one share for each kind, in their order.",
        )  # fmt: skip
    if isinstance(value, (list, tuple)) and any(one is None for one in value):
        raise Wrong(
            "nobody asked", "Where nobody ordered a kind, None came back.",
            "Which value does the task want there?",
            "`np.nan`, which is a number to NumPy.",
        )  # fmt: skip
    return array(value)


def _never_ordered(obedience: Any) -> None:
    ordered, seen = np.array([0, 2, 2, 0, 2]), np.array([0, 2, 1, 0, 1])
    found = _shares(call(obedience, ordered, seen, 4))
    if found.size != 4:
        raise Wrong(
            "kinds left out",
            f"Nobody ordered kinds 1 and 3, and {found.size} numbers came back; it should be 4.",
            "Over which kinds do you go: those that there are, or those that were ordered?",
            "Go over `range(n_classes)`.",
        )
    one, three = found.reshape(4)[[1, 3]]
    if not (np.isnan(one) and np.isnan(three)):
        raise Wrong(
            "nobody asked",
            f"Nobody ordered kinds 1 and 3, and yours says {one:g} and {three:g}.",
            "Is a painter disobedient whom nobody asked?",
            "There is no share of no orders: put `np.nan` there.",
        )
    recognise(
        found.reshape(4)[[0, 2]], np.array([1, 1 / 3]),
        (
            True, "another number", "Once some kinds were never ordered, the others are wrong.",
            "In which place does each share stand?",
            "Kind 2 stands in place 2, whether or not kind 1 was ordered.",
        ),
    )  # fmt: skip
