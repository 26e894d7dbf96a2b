"""What the dealer's answer does for the painter: the gradient on its way back, measured and drawn.

``climb`` follows it in the picture, ``push`` measures what arrives in the painter's weights, and
``slopes`` says what the loss made of it on the way. None of them changes a network. The figures
carry alt text, for ``plots.show``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gan_lessons import verdicts
from gan_lessons.errors import InputError
from gan_lessons.losses import Loss
from gan_lessons.plots import NEUTRAL

COLOURS = ("#805ad5", "#2f855a", "#b7791f", "#b83280")  # neither real nor forged: games


@dataclass(frozen=True)
class Climb:
    """One picture on its way up the dealer's slope.

    Attributes:
        pictures: float32 ``(steps + 1, H, W, 3)`` in [-1, 1]; the first one is where it began.
        logits: the dealer's answer to each, ``(steps + 1,)``.
        slope: the dealer's slope at the first one, ``(H, W, 3)``, logit per unit of pixel value.
    """

    pictures: np.ndarray
    logits: np.ndarray
    slope: np.ndarray


def climb(discriminator: Any, picture: np.ndarray, *, steps: int = 10, size: float = 0.01) -> Climb:
    """Move one picture along the dealer's slope, towards "real".

    Args:
        discriminator: a Keras model from pictures ``(n, H, W, 3)`` to logits ``(n, 1)``.
        picture: float32 ``(H, W, 3)`` in [-1, 1].
        steps: how many, at least 1.
        size: how far a step moves the pixels (root mean square), above 0; the range from black
            to white is 2.

    Raises:
        InputError: for numbers out of range, a picture of another shape, or a dealer who is flat.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1 or not size > 0:
        raise InputError(
            f"steps is {steps!r} and size {size!r}: give a whole number of at least 1 and a "
            "number above 0."
        )
    path, slope = [np.asarray(picture, np.float32)], []
    for _ in range(steps):
        slope.append(verdicts.slopes(discriminator, path[-1][None])[0])
        length = np.sqrt((slope[-1].astype(np.float64) ** 2).mean())
        if not length:
            raise InputError("The dealer's slope is zero at this picture: there is no way up.")
        step = (size / length * slope[-1]).astype(np.float32)
        path.append(np.clip(path[-1] + step, -1, 1))
    pictures = np.stack(path)
    return Climb(pictures, verdicts.judge(discriminator, pictures), slope[0])


def push(generator: Any, discriminator: Any, loss: Loss, latents: Any) -> float:
    """How hard a batch pushes the painter: the length of his gradient over all his weights.

    Both networks run in training mode, as in ``GAN.generator_step``, and nothing changes in them,
    moving averages included.

    Args:
        generator: latents to works of art.
        discriminator: works of art to logits.
        loss: the game, one of ``losses``.
        latents: float32 ``(n, latent_dim)``.

    Returns:
        The Euclidean norm of the gradient of ``loss.generator``, in nats per unit of weight.
    """
    import tensorflow as tf

    from gan_lessons.gan import _peek

    weights = generator.trainable_variables
    with tf.GradientTape() as tape:
        value = loss.generator(_peek(discriminator, _peek(generator, latents)))
    return float(tf.linalg.global_norm(tape.gradient(value, weights)))


def slopes(loss: Loss, logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The painter's loss on one forgery, and its slope, at each of these logits.

    Args:
        loss: the game, one of ``losses``.
        logits: the dealer's answers, ``(n,)``.

    Returns:
        The losses in nats and their derivatives in nats per unit of logit, ``(n,)`` each, float64.
    """
    import tensorflow as tf

    x = tf.constant(np.ravel(logits)[:, None], tf.float64)  # (n,) -> (n, 1): n batches of one
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = tf.stack([loss.generator(one) for one in tf.unstack(x)])
    return np.asarray(values), np.asarray(tape.gradient(values, x))[:, 0]


# ------------------------------------------------------------------ figures


def _axes(axis: Any) -> Any:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
    return axis


def climb_plot(way: Climb, *, title: str = "", alt: str = "") -> Figure:
    """Where a climb began, the slope there, where it ended, and the logit on the way.

    Args:
        way: from ``climb``.
        title: whose dealer, which picture.
        alt: what there is to see; the numbers when left out.
    """
    from gan_lessons.data import to_uint8

    largest = abs(way.pictures[-1] - way.pictures[0]).max()
    alt = alt or (
        f"{title or 'A climb'}: a forgery, the dealer's slope at it as a pattern of colours, and "
        f"the forgery after {len(way.logits) - 1} steps along that slope, in which no pixel has "
        f"changed by more than {largest:.2g} of 2. Below, the logit goes from {way.logits[0]:.2g} "
        f"to {way.logits[-1]:.2g}."
    )
    figure = Figure(figsize=(6.4, 5.0), layout="constrained")
    grid = figure.add_gridspec(2, 3, height_ratios=(1.25, 1))
    scale = 3 * np.sqrt((way.slope**2).mean()) or 1
    shown = (
        ("the forgery", way.pictures[0]),
        ("the lesson: more of this", way.slope / scale),
        (f"after {len(way.logits) - 1} steps", way.pictures[-1]),
    )
    for column, (name, picture) in enumerate(shown):
        axis = figure.add_subplot(grid[0, column])
        axis.imshow(to_uint8(picture), interpolation="nearest")
        axis.set(xticks=[], yticks=[])
        axis.set_title(name, fontsize=10)
    axis = _axes(figure.add_subplot(grid[1, :]))
    axis.plot(way.logits, marker="o", ms=4, c=COLOURS[0])
    axis.axhline(0, ls="--", c=NEUTRAL, lw=1, label="one half")
    axis.set(xlabel="steps along the slope", ylabel="logit (no unit)")
    axis.legend(frameon=False)
    if title:
        figure.suptitle(title, fontsize=11)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure


def loss_plot(games: Mapping[str, Loss], *, limit: float = 8, title: str = "") -> Figure:
    """The painter's losses and how steep they are, over the dealer's logit for the forgery.

    Args:
        games: name to loss.
        limit: the logits reach from minus this to this, above 0.
        title: what is shown.
    """
    logits = np.linspace(-limit, limit, 81)
    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    above, below = (_axes(axis) for axis in figure.subplots(2, 1, sharex=True))
    ends = []
    for (name, loss), colour in zip(games.items(), COLOURS, strict=False):
        values, steep = slopes(loss, logits)
        above.plot(logits, values, c=colour, label=name)
        below.plot(logits, abs(steep), c=colour, label=name)
        ends.append(f"{name} {abs(steep[0]):.2g} on the left and {abs(steep[-1]):.2g} on the right")
    above.set(ylabel="painter's loss (nats)", title=title)
    above.legend(frameon=False)
    below.set(
        ylabel="steepness\n(nats per unit of logit)",
        xlabel="← dealer is sure: forged      logit      dealer believes it →",
    )
    for axis in (above, below):
        axis.axvline(0, ls=":", c=NEUTRAL, lw=1)
    figure.alt = (  # type: ignore[attr-defined]
        f"{title or 'Losses of the painter'}: above the losses, falling from left to right; below "
        f"their steepness: {'; '.join(ends)}."
    )
    return figure


def lead_plot(
    logits: np.ndarray, pushes: Mapping[str, np.ndarray], *, title: str = "", alt: str = ""
) -> Figure:
    """How hard the painter is pushed while the dealer gets ahead; one line for each seed.

    Args:
        logits: the forgeries' mean logit, ``(seeds, moments)``.
        pushes: name of a game to the length of the painter's gradient, ``(seeds, moments)`` each,
            above 0.
        title: what is shown.
        alt: what there is to see; the ends when left out.
    """
    logits = np.asarray(logits)
    if any(np.shape(v) != logits.shape for v in pushes.values()) or logits.ndim != 2:
        raise InputError(
            f"The logits have shape {logits.shape} and the gradients "
            f"{[np.shape(v) for v in pushes.values()]}: give (seeds, moments) for all."
        )
    if not alt:
        ends = "; ".join(
            f"{k} from {np.median(v[:, 0]):.2g} to {np.median(v[:, -1]):.2g}"
            for k, v in pushes.items()
        )
        alt = (
            f"{title or 'The push on the painter'}, {len(logits)} seeds: while the mean logit of "
            f"forgeries goes from {np.median(logits[:, 0]):.2g} to {np.median(logits[:, -1]):.2g}, "
            f"the gradient goes: {ends} (medians)."
        )
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axis = _axes(figure.subplots())
    for (name, values), colour in zip(pushes.items(), COLOURS, strict=False):
        for i, (x, y) in enumerate(zip(logits, values, strict=True)):
            axis.plot(x, y, marker="o", ms=3, lw=1, c=colour, label=None if i else name)
    axis.invert_xaxis()
    axis.set(
        yscale="log", title=title, ylabel="painter's gradient\n(nats per unit of weight)",
        xlabel="mean logit of the forgeries (no unit); further right: dealer further ahead",
    )  # fmt: skip
    axis.legend(frameon=False)
    figure.alt = alt  # type: ignore[attr-defined]
    return figure
