"""What a training step costs, counted from the shapes of the layers.

A FLOP is one multiplication or one addition, so a multiply-add is two. Forwards, a network needs
its multiply-adds once. Backwards it needs them up to twice: once for the gradients of its own
weights, once to hand the lesson on to what came before. Only products with a kernel are counted,
as in ``anatomy``; the rest (normalisation, activations, the optimizer) is a few per cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gan_lessons import anatomy
from gan_lessons.errors import InputError


@dataclass(frozen=True)
class Step:
    """A training step, part by part.

    Attributes:
        parts: what is done to the FLOP that it takes, in order.
        total: the sum.
    """

    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        """FLOP of the whole step."""
        return sum(self.parts.values())

    def __str__(self) -> str:
        wide = max(map(len, self.parts))
        lines = [f"{name:<{wide}}{n / 1e9:>9,.2f} GFLOP" for name, n in self.parts.items()]
        return "\n".join([*lines, f"{'together':<{wide}}{self.total / 1e9:>9,.2f} GFLOP"])


def forward(model: Any) -> int:
    """FLOP of a network for one picture, forwards.

    Args:
        model: a built Keras model.

    Raises:
        InputError: as ``anatomy.layers``.
    """
    return 2 * anatomy.layers(model).multiply_adds


def training_step(game: Any, batch_size: int) -> Step:
    """FLOP of one round: the discriminator learns once, then the generator learns once.

    In his step the dealer looks at ``batch_size`` originals and as many forgeries. Nothing needs
    the gradient of what a network was given first, so the first layer hands nothing on; only in
    the painter's step does the dealer's, for there the lesson goes on to the painter.

    Args:
        game: has a ``generator`` and a ``discriminator``: a ``GAN`` without a penalty, or an
            ``article.ClassicPair``.
        batch_size: originals in a round, at least 1.

    Raises:
        InputError: for a batch below 1, or a game with a penalty, whose second derivatives are not
            counted here.
    """
    if batch_size < 1:
        raise InputError(f"The batch size is {batch_size}: give a whole number of at least 1.")
    if getattr(game, "penalty", None) is not None:
        raise InputError("The game has a penalty, whose cost is not known: give one without.")
    painter, painter_first = _forward_and_first(game.generator)
    dealer, dealer_first = _forward_and_first(game.discriminator)
    per_picture = {
        "dealer's step: the painter paints": painter,
        "dealer's step: the dealer looks, twice": 2 * dealer,
        "dealer's step: the dealer learns": 2 * (2 * dealer - dealer_first),
        "painter's step: the painter paints": painter,
        "painter's step: the dealer looks": dealer,
        "painter's step: back through the dealer": dealer,
        "painter's step: the painter learns": 2 * painter - painter_first,
    }
    return Step({name: batch_size * n for name, n in per_picture.items()})


def _forward_and_first(model: Any) -> tuple[int, int]:
    """FLOP of a pass of one picture, and of the first layer that has a kernel."""
    work = [2 * row.multiply_adds for row in anatomy.layers(model) if row.multiply_adds]
    return sum(work), work[0] if work else 0
