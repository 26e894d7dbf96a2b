"""The check for exercise 1.3: five lessons for the dealer."""

from __future__ import annotations

from typing import Any

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import number

BATCH = 7  # neither the number of lessons nor a batch size that anybody would think of


@check("1.3", "Five lessons for the dealer")
def check_five_lessons(game: Any) -> str:
    """A subclass of ``gan.GAN`` whose rounds have five steps of the dealer, one of the painter."""
    import tensorflow as tf

    from gan_lessons import gan, models

    if not (isinstance(game, type) and issubclass(game, gan.GAN)):
        given = game.__name__ if isinstance(game, type) else describe(game)
        raise Wrong(
            "not a subclass",
            f"The check needs a subclass of `gan.GAN`, and was given {given}.",
            "Begin with `class FiveLessons(gan.GAN):`.",
            "Hand in the class itself, without brackets: the check builds its own games.",
        )

    painted: list[Any] = []

    class Watched(game):  # type: ignore[misc, valid-type]
        def latents(self, batch_size: Any, purpose: int, step: Any) -> Any:
            if purpose == gan.G_LATENT and tf.executing_eagerly():
                painted.append(batch_size)
            return super().latents(batch_size, purpose, step)

    Watched.__name__ = game.__name__

    def build() -> Any:
        built = Watched(
            models.point_generator(latent_dim=2, hidden=4, seed=1),
            models.point_discriminator(hidden=4, seed=2),
            seed=3,
        )
        built.compile()
        return built

    played = call(build, name=game.__name__)
    real = tf.random.stateless_normal((BATCH, 2), seed=(0, 0))
    logs = call(played.train_step, real, name=f"{game.__name__}.train_step")
    dealer, painter = (int(o.iterations) for o in (played.d_optimizer, played.g_optimizer))
    _lessons(dealer, painter)
    if not isinstance(logs, dict) or not {"d_loss", "g_loss"} <= set(logs):
        raise Wrong(
            "logs",
            f"The lessons are right, but `train_step` returned {describe(logs)}.",
            "What does the original `train_step` return? `fit` takes its curves from there.",
            "Each step returns a dictionary with its loss; `a | b` joins two dictionaries.",
        )
    for name in ("d_loss", "g_loss"):
        number(logs[name], name)
    _size_of_batch(painted)
    _in_fit(played, tf.data.Dataset.from_tensors(real), game.__name__)
    dealer, painter = (int(o.iterations) for o in (played.d_optimizer, played.g_optimizer))
    _lessons(dealer - 5, painter - 1)
    return "Five lessons for the dealer, one for the painter, and both losses are reported."


def _size_of_batch(painted: list[Any]) -> None:
    sizes = [int(n) for n in painted]
    if all(n == BATCH for n in sizes):
        return
    raise Wrong(
        "size of the batch",
        f"The batch holds {BATCH} originals, and the painter's step was asked for {sizes[0]} "
        "forgeries.",
        "What does `self.generator_step(n)` take: the number of lessons, or the size of the batch?",
        "The batch is `real`. How many works are in it? It need not be as many in every round.",
    )


def _in_fit(game: Any, batches: Any, name: str) -> None:
    """One round as Keras plays it: traced, so that nothing has a value or a length yet."""
    try:
        call(lambda: game.fit(batches, verbose=0), name=f"{name}.fit")
    except Wrong as wrong:
        if wrong.kind != "raised":
            raise
        if "len is not well defined" in wrong.message:
            raise Wrong(
                "length in a trace",
                "In `fit` the step is traced and the batch has no Python length: use "
                "`tf.shape(real)[0]`.",
                "A traced step is written down once, for batches of any size.",
                "`len(real)` asks for a number at once; `tf.shape(real)[0]` is looked up in each "
                "round.",
            ) from None
        raise Wrong(
            "trace",
            f"The round works when called by hand, and not in `fit`: {wrong.message}",
            "In `fit` the step is traced: the losses are no numbers yet. Return them as they are.",
            "What needs a number at once, such as `float`, `int`, `.numpy()`, or an `if` about a "
            "tensor, cannot be traced.",
        ) from None


def _lessons(dealer: int, painter: int) -> None:
    if (dealer, painter) == (5, 1):
        return
    seen = f"In one round the dealer learnt {_times(dealer)} and the painter {_times(painter)}."
    if painter == 0:
        raise Wrong(
            "painter left out", seen,
            "What becomes of a painter who is never taught?",
            "The original `train_step` has two lines. One of them is missing in yours.",
        )  # fmt: skip
    if dealer == painter:
        same = dealer == 1
        raise Wrong(
            "unchanged" if same else "both five times", seen,
            "Is your method called `train_step`, and does it take `real`?" if same
            else "Both steps are inside your loop. Which of them belongs there?",
            "A method of another name is never called: Keras looks for `train_step`." if same
            else "Only the dealer has five lessons; the painter's follows after the loop.",
        )  # fmt: skip
    if painter == 5:
        raise Wrong(
            "wrong player", seen,
            "Who was to have five lessons?",
            "`discriminator_step` teaches the dealer, `generator_step` the painter.",
        )  # fmt: skip
    raise Wrong(
        "count", seen,
        "Count your calls of `discriminator_step` and `generator_step`: five and one are asked.",
        "`super().train_step(real)` holds one lesson for each already.",
    )  # fmt: skip


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")
