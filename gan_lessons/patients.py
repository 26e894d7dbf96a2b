"""Four anonymous games to diagnose, and replies to guesses: of a wrong one, what speaks against it.

They are played like those of ``failures.DELTAS``, from another seed.
"""

from __future__ import annotations

import difflib
import html
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons import failures
from gan_lessons.diagnosis import HEALTHY, NAMES, TREE, Signs, healthy_kernel, signed, signs
from gan_lessons.errors import InputError
from gan_lessons.recording import Recording

_ILL = ("beta_1 at 0.9", "collapse", "dealer a little too strong", "forgotten flag")
_ORDER = np.random.default_rng(8).permutation(len(_ILL))
#: letter to the game and its seed, not in alphabetical order
PATIENTS = {letter: (_ILL[i], 1) for letter, i in zip("ABCD", _ORDER, strict=True)}
_NAME_OF = {"beta_1 at 0.9": "too much momentum", "dealer a little too strong": "dealer too strong"}


def patient(letter: str) -> Recording:
    """The recording of an anonymous game.

    Args:
        letter: A, B, C or D.
    """
    if letter not in PATIENTS:
        raise InputError(f"There is no patient {letter!r}: choose {', '.join(PATIENTS)}.")
    return failures.load(letter)


@dataclass(frozen=True)
class Replies:
    """What is said of each guess: a list in a notebook, lines of text when printed.

    Attributes:
        words: letter to a reply.
        right: the letters whose guess is right.
    """

    words: Mapping[str, str]
    right: tuple[str, ...]

    @property
    def score(self) -> str:
        """How many are right, in words."""
        return f"{len(self.right)} of {len(self.words)} are right."

    def __str__(self) -> str:
        parts = [textwrap.fill(f"{k}: {words}", 78) for k, words in self.words.items()]
        return "\n\n".join([*parts, self.score])

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li><strong>{k}</strong>: {html.escape(words)}</li>"
            for k, words in self.words.items()
        )
        return f"<ul>{items}</ul><p>{self.score}</p>"


def check(answers: Mapping[str, str]) -> Replies:
    """Answer guesses about the four patients: of a wrong one, which sign speaks against it.

    Args:
        answers: letter to a name in ``NAMES``, such as ``{"A": "collapse", ...}``. A missing letter
            or an unknown name is answered, too.

    Raises:
        InputError: for anything but a dictionary, or for letters that are no patient's.
    """
    if not isinstance(answers, Mapping):
        raise InputError(
            f"The answers are a {type(answers).__name__}: give a dictionary, such as "
            '{"A": "collapse", "B": "healthy"}.'
        )
    strangers = [key for key in answers if key not in PATIENTS]
    if strangers:
        raise InputError(f"There is no patient {strangers[0]!r}: choose {', '.join(PATIENTS)}.")
    words, right = {}, []
    for letter in PATIENTS:
        guess = _plain(answers.get(letter))
        words[letter] = _reply(letter, guess, answers.get(letter))
        if guess == _truth(letter):
            right.append(letter)
    return Replies(words, tuple(right))


def _truth(letter: str) -> str:
    game, _ = PATIENTS[letter]
    return _NAME_OF.get(game, game)


def _plain(guess: Any) -> str:
    return " ".join(guess.lower().split()) if isinstance(guess, str) else ""


def _reply(letter: str, guess: str, given: Any) -> str:
    if given in (None, "", "?"):
        return "no answer yet. Look at its figures and begin at the top of the tree."
    if guess not in NAMES:
        near = difflib.get_close_matches(guess, NAMES, 1, 0.6)
        meant = f" Did you mean {near[0]!r}?" if near else f" Choose from: {', '.join(NAMES)}."
        return f"{given!r} is not a diagnosis of this chapter.{meant}"
    found = signs(patient(letter))
    if guess == _truth(letter):
        return f"right, {guess}. {_summary(found)}"
    if guess == HEALTHY:
        return (
            f"not healthy. The distance of its forgeries ends at {found.kernel:.0f}, that of the "
            f"healthy game at {healthy_kernel():.0f}. Something holds this painter back."
        )
    finding = TREE[NAMES.index(guess)]
    if not finding.seen(found):
        return f"not {guess}: {finding.against(found)}. Ask the tree's questions in their order."
    return (
        f"not {guess}. The sign is there, but it is not the first: a question further up in the "
        "tree is answered with yes before this one is asked."
    )


def _summary(found: Signs) -> str:
    logits = f"{signed(found.real_logit)} and {signed(found.fake_logit)}"
    return (
        f"The dealer's loss ends at {found.d_loss:.2f}, his logits at {logits}; waves in the "
        f"painter's loss {found.swing:.2f}; diversity {found.diversity:.2f}, distance "
        f"{found.kernel:.0f}."
    )
