"""A check for chapter 8: a callback that ends a game when its dealer has stopped learning."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check

PATIENCE = 4


@check("8.7", "A nurse who rings")
def check_nurse(nurse: Any) -> str:
    """A ``keras.callbacks.Callback`` that ends ``fit`` when a dealer is wrong for too long."""
    import keras

    if not (isinstance(nurse, type) and issubclass(nurse, keras.callbacks.Callback)):
        given = nurse.__name__ if isinstance(nurse, type) else describe(nurse)
        raise Wrong(
            "not a subclass",
            f"The check needs a subclass of `keras.callbacks.Callback`, and was given {given}.",
            "Begin with `class Nurse(keras.callbacks.Callback):`.",
            "Hand in the class itself, without brackets: the check calls its own nurses.",
        )

    def played(wrong: str, epochs: int = 1, called: Any = None, patience: int = PATIENCE) -> int:
        """How many rounds a game lasts in which the dealer is wrong in those marked by "x"."""
        called = call(nurse, patience, name=nurse.__name__) if called is None else called
        game = _game([mark == "x" for mark in wrong])
        steps = len(wrong) // epochs
        try:
            call(
                lambda: game.fit(_batches(len(wrong)), steps_per_epoch=steps, epochs=epochs,
                                 callbacks=[called], verbose=0, shuffle=False),
                name=f"{nurse.__name__} in fit",
            )  # fmt: skip
        except Wrong as error:
            raise _in_words_of_the_ward(error) from None
        return game.played

    _healthy_and_ill(played)
    _in_a_row(played)
    if (found := played("......xx" + "xx......", epochs=2)) != 10:
        raise Wrong(
            "forgets at the end of an epoch",
            "The dealer was wrong in the last two rounds of an epoch, and in the first two of the "
            + ("next: four in a row, and nobody rang." if found == 16 else "next."),
            "Where do you set your count back to 0?",
            "At the beginning of a game, `on_train_begin`, and after a round that is right.",
        )
    same = call(nurse, PATIENCE, name=nurse.__name__)
    if played("....xxxx", called=same) != 8 or played("x.......", called=same) != 8:
        raise Wrong(
            "remembers the last patient",
            "Sent to a second game, she rings at its first wrong round.",
            "What does she still know of the game before?",
            "Set the count to 0 in `on_train_begin`, which Keras calls at the start of each `fit`.",
        )
    if played("xxxxxxxx", patience=7) != 7:
        raise Wrong(
            "patience written in",
            "With a patience of 7 she should ring after 7 rounds.",
            "Is `patience` kept, and used where you compare?",
            "`self.patience = patience` in `__init__`.",
        )
    return "She waits, counts wrong rounds in a row, and begins anew with each game."


def _in_words_of_the_ward(error: Wrong) -> Wrong:
    """Two errors of nearly every first nurse, with hints that fit."""
    if "raised KeyError" in error.message and "_logit" in error.message:
        return Wrong(
            "too early",
            error.message,
            "Can Keras know a round's logits before the round has been played?",
            "`on_train_batch_end` is called after it, with its `logs`.",
        )
    if "has no attribute" in error.message:
        return Wrong(
            "no beginning",
            error.message,
            "Has everything that she counts with a value before the first round?",
            "Give it one in `on_train_begin`, such as `self.wrong = 0`.",
        )
    return error


def _healthy_and_ill(played: Any) -> None:
    if (found := played("." * 12)) != 12:
        raise Wrong(
            "rings at a healthy game",
            f"In a healthy game she rings after {found} rounds.",
            "Which logit is the larger one in a healthy game, `real_logit` or `fake_logit`?",
            "A round is wrong if the forgeries' logit lies above that of the originals.",
        )
    found = played("....." + "x" * 10)
    right = 5 + PATIENCE
    if found == 15:
        raise Wrong(
            "never rings",
            "The dealer was wrong for ten rounds, and the game went on to its end.",
            "Which method does Keras call after each round? And whose `stop_training` does it "
            "look at?",
            "`on_train_batch_end(self, batch, logs=None)`, and `self.model.stop_training = True`. "
            "A round is wrong if the forgeries' logit is the larger one, wherever 0 lies.",
        )
    if found == 6:
        raise Wrong(
            "at the first sign",
            "She rings at the first wrong round.",
            "What is `patience` for?",
            "Count the wrong rounds, and compare the count with `self.patience`.",
        )
    if found == 5 + PATIENCE * (PATIENCE + 1) // 2 or abs(found - right) == 1:
        raise Wrong(
            "off by one",
            f"With a patience of {PATIENCE} she should ring after {PATIENCE} wrong rounds, and "
            f"yours rings after {found - 5}.",
            "When the count has reached `patience`, is that enough?",
            "Count first, then compare: `>=`, and not `>`.",
        )
    if found != right:
        raise Wrong(
            "another round",
            f"The dealer was wrong from the sixth round on, and she rings after round {found}; "
            f"with a patience of {PATIENCE} it should be {right}.",
            "Print `batch` and your count in each round.",
            "One is added for each wrong round, and nothing else changes the count upwards.",
        )


def _in_a_row(played: Any) -> None:
    found = played("xx.x.xxx.x.xxx..")
    if found < PATIENCE:
        raise Wrong(
            "remembers another nurse's patient",
            f"A new nurse rings after round {found} of her first game, with a patience of "
            f"{PATIENCE}.",
            "Does each nurse have a count of her own, or do all share one?",
            "A count in the object, not in the class: `self.wrong = 0` in `on_train_begin`.",
        )
    if found != 16:
        raise Wrong(
            "not in a row",
            f"The dealer was wrong now and then, never more than three times in a row, and she "
            f"rings after round {found}.",
            "What does a round that is right do to your count?",
            "It sets the count back to 0.",
        )


def _batches(rounds: int) -> Any:
    import tensorflow as tf

    return tf.data.Dataset.from_tensors(tf.zeros((1, 1))).repeat(rounds)


def _game(wrong: list[bool]) -> Any:
    """A game whose logs are written beforehand; ``played`` counts its rounds."""
    import keras

    random = np.random.default_rng(7)

    class Game(keras.Model):
        played = 0

        def train_step(self, batch: Any) -> dict[str, Any]:
            sign = 1 if wrong[self.played] else -1
            self.played += 1
            middle, apart = random.normal(0, 2), random.uniform(0.2, 3)
            logits = {"real_logit": middle - sign * apart, "fake_logit": middle + sign * apart}
            return {"d_loss": 1.4, "g_loss": 0.7, **logits}

    game = Game()
    game.compile(run_eagerly=True)
    return game
