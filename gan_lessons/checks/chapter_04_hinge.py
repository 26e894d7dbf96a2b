"""The check for exercise 4.3: both steps with the hinge loss."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import number, recognise


@check("4.3", "Both steps with the hinge loss")
def check_hinge_steps(dealer_step: Any, painter_step: Any) -> str:
    """``(G, D, optimizer, real, z)`` and ``(G, D, optimizer, z)``: each teaches its player once."""
    import tensorflow as tf

    real, z = (tf.random.stateless_normal((8, 2), seed=(s, s)) for s in (1, 2))
    name = getattr(dealer_step, "__name__", "the dealer's step")
    for shift in (0.6, -1.1):  # most originals beyond their margin, then most forgeries
        game = _pair(shift)
        _dealers_turn(dealer_step, game, real, z, name)

    game = _pair()
    name = getattr(painter_step, "__name__", "the painter's step")
    value, moved = _watched(game, lambda: call(painter_step, game.G, game.D, game.sgd, z))
    _who_moves(moved, "G", "D", name)
    f = np.asarray(game.before_D(game.before_G(z)))
    _painter_loss(number(value, f"What `{name}` returns"), f)
    _downhill(game, "G", lambda G: -tf.reduce_mean(game.D(G(z))), name)
    return "Both losses are right, each step teaches its own player, and goes downhill."


def _dealers_turn(step: Any, game: SimpleNamespace, real: Any, z: Any, name: str) -> None:
    value, moved = _watched(game, lambda: call(step, game.G, game.D, game.sgd, real, z))
    _who_moves(moved, "D", "G", name)
    r, f = (np.asarray(game.before_D(x)) for x in (real, game.before_G(z)))
    _dealer_loss(number(value, f"What `{name}` returns"), r, f)
    _downhill(game, "D", lambda D: _hinge(D(real), D(game.before_G(z))), name)


def _pair(shift: float = 0.0) -> SimpleNamespace:
    import keras

    from gan_lessons import models

    def players() -> Any:
        G = models.point_generator(latent_dim=2, hidden=4, seed=1)
        D = models.point_discriminator(hidden=4, seed=2)
        D.layers[-1].kernel.assign(12 * D.layers[-1].kernel)  # some logits beyond 1, some within
        D.layers[-1].bias.assign(D.layers[-1].bias + shift)
        return G, D

    (G, D), (before_G, before_D) = players(), players()
    sgd = keras.optimizers.SGD(0.01)
    return SimpleNamespace(G=G, D=D, before_G=before_G, before_D=before_D, sgd=sgd)


def _watched(game: SimpleNamespace, step: Callable[[], Any]) -> tuple[Any, dict[str, bool]]:
    """What a step returns, and which players it changed."""
    old = {p: getattr(game, p).get_weights() for p in "GD"}
    value = step()
    new = {p: getattr(game, p).get_weights() for p in "GD"}
    return value, {
        p: any(not np.array_equal(a, b) for a, b in zip(old[p], new[p], strict=True)) for p in "GD"
    }


def _who_moves(moved: dict[str, bool], own: str, other: str, name: str) -> None:
    who = {"G": "painter", "D": "dealer"}
    if moved[other]:
        raise Wrong(
            "both learn" if moved[own] else "wrong player",
            f"`{name}` changes the weights of the {who[other]}, whose turn it is not.",
            "Which line says who learns?",
            f"Name the {who[own]}'s `trainable_weights`, and no others, for the gradient and for "
            "the optimizer.",
        )
    if not moved[own]:
        raise Wrong(
            "nobody learns",
            f"After `{name}` no weight has changed: the {who[own]} has learnt nothing.",
            "What has to be done with the gradients once they are there?",
            "`optimizer.apply_gradients(zip(gradients, weights))`; and is everything that leads "
            "to the loss computed inside the `with`?",
        )


def _hinge(real: Any, fake: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + fake))


def _dealer_loss(found: float, real: np.ndarray, fake: np.ndarray) -> None:
    soft = lambda x: np.logaddexp(0, x).mean()
    relu = lambda x: np.maximum(0, x).mean()
    bent = lambda x: np.maximum(0, x.mean())
    right = relu(1 - real) + relu(1 + fake)
    recognise(
        found, right,
        (
            soft(-real) + soft(fake), "cross-entropy kept",
            "The dealer's loss is still the cross-entropy of the chapter.",
            "The hinge loss has no logarithm and no exponential.",
            "Replace `softplus` by `relu`, and mind the margin of 1.",
        ),
        (
            relu(1 + real) + relu(1 - fake), "labels swapped",
            "In the dealer's loss originals and forgeries have changed places.",
            "A larger logit means more likely real. For which pictures should it be above 1?",
            "An original costs nothing once its logit is above 1.",
        ),
        *(
            (
                a(1 - real) + b(1 + fake), "mean before the bend",
                "The bend comes before the mean: each picture has its own margin.",
                "An original far beyond the margin costs nothing. Can it pay for another one?",
                "First `relu` of each picture's logit, then the mean of what they cost.",
            )
            for a, b in ((bent, bent), (bent, relu), (relu, bent))
        ),
        *(
            (
                a(1 - real) + b(1 + fake), "no hinge",
                "This dealer is never satisfied: he is paid for going on beyond the margin.",
                "What should an original cost whose logit is 5, and a forgery whose logit is -5?",
                "A hinge is bent: below 0 the cost is cut off. Which function does that?",
            )
            for a, b in ((np.mean, np.mean), (np.mean, relu), (relu, np.mean))
        ),
        (
            right / 2, "halved",
            "The dealer's loss is half of what it should be.",
            "Are both halves added, or averaged?",
            "Compare the sum with `losses.hinge.discriminator`.",
        ),
        (
            relu(-real) + relu(fake), "margin forgotten",
            "The dealer is content as soon as he is right; the hinge asks for a margin.",
            "What should an original cost whose logit is 0.1?",
            "The bend is at a logit of 1 for originals, and of -1 for forgeries.",
        ),
        (
            True, "another number",
            "The dealer's loss is another number than the hinge loss gives.",
            "Compare with `losses.hinge.discriminator(D(real), D(G(z)))`.",
            "One mean over the originals, one over the forgeries, and their sum.",
        ),
    )  # fmt: skip


def _painter_loss(found: float, fake: np.ndarray) -> None:
    recognise(
        found, -fake.mean(),
        (
            np.logaddexp(0, -fake).mean(), "cross-entropy kept",
            "The painter's loss is still the non-saturating one of the chapter.",
            "The painter's hinge loss is simpler than that.",
            "It has no margin and no bend: what he wants is a larger logit.",
        ),
        (
            np.maximum(0, 1 - fake).mean(), "painter with a margin",
            "This painter stops learning from a forgery once its logit is above 1.",
            "Look at `losses.hinge` again: do both players have a margin?",
            "Only the dealer's loss is bent. The painter wants the logit larger, wherever it is.",
        ),
        (
            fake.mean(), "sign",
            "This painter wants smaller logits: he works for the dealer.",
            "A loss is made small. Does this one get smaller when he is believed?",
            "A larger logit means more likely real, and the painter wants that.",
        ),
        (
            True, "another number",
            "The painter's loss is another number than the hinge loss gives.",
            "Compare with `losses.hinge.generator(D(G(z)))`.",
            "One mean over the forgeries; there are no originals in it.",
        ),
    )  # fmt: skip


def _downhill(game: SimpleNamespace, own: str, loss: Callable[[Any], Any], name: str) -> None:
    """The weights went along minus the gradient of the loss, however far."""
    import tensorflow as tf

    player, before = getattr(game, own), getattr(game, f"before_{own}")
    with tf.GradientTape() as tape:
        value = loss(before)
    steps = [-np.ravel(g) for g in tape.gradient(value, before.trainable_weights)]
    pairs = zip(player.get_weights(), before.get_weights(), strict=True)
    went, way = np.concatenate([np.ravel(a - b) for a, b in pairs]), np.concatenate(steps)
    cosine = float(went @ way / (np.linalg.norm(went) * np.linalg.norm(way) + 1e-30))
    if -0.98 < cosine < 0.98 and int(game.sgd.iterations) == 0:
        raise Wrong(
            "optimizer not used",
            f"`{name}` returns the right loss and moves the weights, but `optimizer` was not used.",
            "Which optimizer does your step use, and where does it come from?",
            "The check hands an optimizer to the step, as the third argument: use that one, not "
            "one from another cell.",
        )
    if cosine < 0.98:
        raise Wrong(
            "uphill" if cosine < -0.98 else "another gradient",
            f"`{name}` returns the right loss, and moves the weights "
            + ("uphill." if cosine < -0.98 else "in another direction than downhill."),
            "Of which number do you take the gradient?",
            "The loss that you return and the loss that the tape differentiates should be the "
            "same variable, with its sign.",
        )
