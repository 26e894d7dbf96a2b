"""A check for chapter 8: the upper half of the diagnosis tree."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array

_NAMES = ("frozen dealer", "too much momentum", "dealer too strong", "collapse", "healthy")
_FROZEN, _WAVES, _STRONG, _SAME, _HEALTHY = _NAMES


def _game(
    d_loss: Any = 1.2, g_loss: Any = 0.9, real: Any = 0.4, fake: Any = -0.4, rounds: int = 400
) -> dict[str, np.ndarray]:
    """Curves of a game that tremble around what is given: a number, or one for each round."""
    random = np.random.default_rng(rounds)
    given = {"d_loss": d_loss, "g_loss": g_loss, "real_logit": real, "fake_logit": fake}
    return {name: value + 0.03 * random.standard_normal(rounds) for name, value in given.items()}


def _then(before: float, after: float, rounds: int = 400, turn: float = 0.5) -> np.ndarray:
    return np.where(np.arange(rounds) < turn * rounds, before, after)


def _waves(middle: float, height: float = 1.5, rounds: int = 400) -> np.ndarray:
    return middle + height * np.sin(np.arange(rounds) * 2 * np.pi / 80)


_ORDER = (
    "order", "Two questions are answered with yes here. Which one does the tree ask first?",
    "Ask in the order of the tree, and let the first yes end the search: `return` at once.",
)  # fmt: skip
_END = (
    "not the end", "Over which rounds do you average?",
    "The last fifth: of 400 rounds the last 80, of 150 the last 30.",
)  # fmt: skip
_BOTH = (
    "one sign of two", "How many signs does the tree want before it calls a dealer too strong?",
    "Two, joined by `and`: a low loss, *and* logits that lie far apart.",
)  # fmt: skip
_BELIEVES = (
    "frozen dealer not found", "Whom does he believe more, forgeries or originals?",
    "The mean logit of forgeries minus that of originals, against 0.1.",
)  # fmt: skip
_STAYS_CALM = (
    "calm taken for illness", "Which question of the tree is answered with yes here?",
    "None of the four: then it is \"healthy\".",
)  # fmt: skip
_TOO_STRONG = (
    "dealer too strong not found", "How far apart are his logits, and which way?",
    "The mean logit of originals minus that of forgeries, against 6.",
)  # fmt: skip
_SMOOTH = (
    "rise taken for waves", "Does the loss go up *and down*?",
    "`diagnosis.swing` takes a steady rise and the trembling away; a plain `np.std` does not.",
)  # fmt: skip
_SWING = (
    "waves not found", "What do you measure of the painter's loss?",
    "`diagnosis.swing(history[\"g_loss\"])` against 0.5.",
)  # fmt: skip
_DIVERSITY = (
    "diversity not used", "Do the curves tell a collapse from a healthy game?",
    "They do not. Compare `diversity` with 0.6.",
)  # fmt: skip
_BOUNDS = (
    "another bound", "Which number does the task name for this question?",
    "0.1 for the first, 0.5 for the second, 0.6 and 6 for the third, 0.6 for the fourth.",
)  # fmt: skip

#: Right answer, what it is, curves, diversity, and what a wrong answer has missed.
_CASES: tuple[tuple[str, str, dict[str, np.ndarray], float, tuple[str, str, str]], ...] = (
    (_HEALTHY, "a healthy game", _game(), 0.9, _STAYS_CALM),
    (_SAME, "a calm game with a diversity of 0.3", _game(1.38, 0.7, 0.1, -0.1), 0.3, _DIVERSITY),
    (_FROZEN, "a game in which forgeries are believed more", _game(1.5, 0.5, 0.0, 0.5), 0.9,
     _BELIEVES),
    (_WAVES, "a game whose painter's loss goes up and down", _game(1, _waves(2)), 0.9, _SWING),
    (_STRONG, "a game with a dealer far ahead", _game(0.2, 4, 4, -4), 0.9, _TOO_STRONG),
    (_STRONG, "a painter's loss that rises steadily, and a dealer far ahead",
     _game(0.2, np.linspace(1, 7, 400), 4, -4), 0.9, _SMOOTH),
    (_HEALTHY, "a dealer with a low loss, whose logits lie 3 apart", _game(0.4, 2, 1.5, -1.5), 0.9,
     _BOTH),
    (_HEALTHY, "a dealer whose logits lie 8 apart, with a loss of 1", _game(1, 3, 4, -4), 0.9,
     _BOTH),
    (_HEALTHY, "a game with a dealer far ahead in its first half only",
     _game(_then(0.05, 1), 0.9, _then(9, 0.4), _then(-9, -0.4)), 0.9, _END),
    (_FROZEN, "a short game in which forgeries are believed more from the middle on",
     _game(1.4, 0.7, _then(3, 0, 150, 0.6), _then(-3, 0.5, 150, 0.6), 150), 0.9, _END),
    (_HEALTHY, "a healthy game whose last ten rounds were odd ones",
     _game(1.2, 0.9, _then(0.4, -1, turn=0.975), _then(-0.4, 1, turn=0.975)), 0.9, _END),
    (_FROZEN, "a frozen dealer, and the same picture again and again", _game(1.5, 0.5, 0, 0.5),
     0.2, _ORDER),
    (_WAVES, "waves, and a dealer far ahead", _game(0.3, _waves(4), 4, -4), 0.9, _ORDER),
    (_STRONG, "a dealer far ahead, and a diversity of 0.3", _game(0.1, 6, 5, -5), 0.3, _ORDER),
    (_HEALTHY, "a game in which forgeries are believed more, by 0.05", _game(1.4, 0.7, 0, 0.05),
     0.9, _BOUNDS),
    (_FROZEN, "a game in which forgeries are believed more, by 0.2", _game(1.4, 0.7, 0, 0.2), 0.9,
     _BOUNDS),
    (_HEALTHY, "a painter's loss in small waves", _game(1, _waves(2, 0.45)), 0.9, _BOUNDS),
    (_WAVES, "a painter's loss in waves, not the highest", _game(1, _waves(2, 1.1)), 0.9, _BOUNDS),
    (_HEALTHY, "a dealer with a loss of 0.7, whose logits lie 7 apart", _game(0.7, 3, 3.5, -3.5),
     0.9, _BOUNDS),
    (_HEALTHY, "a dealer with a loss of 0.5, whose logits lie 5 apart", _game(0.5, 3, 2.5, -2.5),
     0.9, _BOUNDS),
    (_STRONG, "a dealer with a loss of 0.5, whose logits lie 7 apart", _game(0.5, 3, 3.5, -3.5),
     0.9, _BOUNDS),
    (_HEALTHY, "a calm game with a diversity of 0.7", _game(1.38, 0.7, 0.1, -0.1), 0.7, _BOUNDS),
    (_SAME, "a calm game with a diversity of 0.5", _game(1.38, 0.7, 0.1, -0.1), 0.5, _BOUNDS),
)  # fmt: skip


@check("8.5", "A doctor in code")
def check_name_failure(name_failure: Any) -> str:
    """``name_failure(history, diversity)``: the first four questions of the tree."""
    said = [_name(call(name_failure, history, diversity)) for _, _, history, diversity, _ in _CASES]
    if len(set(said)) == 1:
        raise Wrong(
            "always the same", f"Yours says {said[0]!r} of every game.",
            "Which of your comparisons can ever be true?",
            "Print the four numbers that the tree asks for, for two very different games.",
        )  # fmt: skip
    for found, (right, what, _, _, (kind, *hints)) in zip(said, _CASES, strict=True):
        if found != right:
            raise Wrong(
                kind, f"It was {what}. That is {right!r}, and yours says {found!r}.", *hints
            )
    return "The end counts, both signs are asked for, and the first yes ends the search."


def _name(value: Any) -> str:
    if value is None:
        array(value)
    if not isinstance(value, str):
        raise Wrong(
            "type", f"A name should come back, and it is {describe(value)}.",
            "What do you return: what the comparison found, or what it means?",
            f"Return one of {', '.join(_NAMES)}.",
        )  # fmt: skip
    name = " ".join(value.lower().split())
    if name not in _NAMES:
        near = difflib.get_close_matches(name, _NAMES, 1, 0.6)
        raise Wrong(
            "misspelt" if near else "type", f"{value!r} is none of the five names.",
            f"Did you mean {near[0]!r}?" if near else "How are the five written in the task?",
            f"Choose from: {', '.join(_NAMES)}.",
        )  # fmt: skip
    return name
