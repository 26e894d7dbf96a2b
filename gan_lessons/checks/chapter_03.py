"""Checks for chapter 3, The discriminator."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, close, exact, finite, number, recognise, several, table


@check("3.1", "A larger dealer by hand")
def check_dealer_by_hand(by_hand: Any) -> str:
    """``by_hand()`` returns the sizes in pixels and the number of parameters."""
    sizes, parameters = several(call(by_hand), 2, "the sizes and the number of parameters")
    rows = finite(sizes, "The sizes")
    # whole shapes, (height, width, channels), are as good
    found = rows[:, 0].tolist() if rows.ndim == 2 and rows.shape[1] > 1 else rows.ravel().tolist()
    if found[:1] != [64]:
        found = [64, *found]
    if found != [64, 32, 16, 8, 4]:
        raise Wrong(
            "sizes without padding" if found == [64, 31, 14, 6, 2] else "stages",
            f"The sizes are not {', '.join(f'{s:g}' for s in found)} pixels.",
            "Ours pads the edge: what does a stride of 2 do to 64 pixels then?",
            "The stages go on until 4 pixels are left.",
        )
    conv = lambda c, d, k=16, b=1: k * c * d + b * d
    ways = ((3, 32), (32, 64), (64, 128), (128, 128))
    verdict = 16 * 128 + 1
    right = sum(conv(*w) for w in ways) + verdict
    exact(
        number(parameters, "The number of parameters"), right,
        (
            sum(conv(*w) for w in ((3, 32), (32, 64), (64, 128), (128, 256))) + 16 * 256 + 1,
            "channels keep doubling",
            "In your dealer the channels double in the last stage once more.",
            "The channels double from stage to stage, but there is a limit.",
            "At most four times the width: what is that for a width of 32?",
        ),
        (
            sum(conv(*w, b=0) for w in ways) + verdict - 1, "biases forgotten",
            "These are the weights alone; the biases are missing.",
            "Besides its weights, what does each output channel of a convolution have?",
            "One bias for each channel that is made, and one for the logit.",
        ),
        (
            sum(conv(*w, b=0) for w in ways) + verdict, "biases forgotten",
            "The convolutions' biases are missing.",
            "Besides its weights, what does each output channel of a convolution have?",
            "One bias for each channel that is made.",
        ),
        (
            sum(conv(*w) for w in ways), "verdict forgotten",
            "These are the convolutions alone.",
            "Where does the one number come from that the dealer answers with?",
            "The last layer reads all numbers of the last stage: how many are there?",
        ),
        (
            sum(conv(*w) for w in ways) + 128 + 1, "flatten forgotten",
            "The last layer of yours reads one number a channel.",
            "How many numbers are left after the last stage, all places counted?",
            "The last stage has 4 × 4 places, and at each of them 128 channels.",
        ),
        (
            sum(conv(*w) for w in ways[:3]) + verdict, "a stage too few",
            "A convolution is missing.",
            "How many steps lead from 64 pixels to 4?",
            "From the third to the fourth stage the number of channels stays; the layer is there.",
        ),
        (
            sum(16 * d + d for _, d in ways) + verdict, "one kernel for all channels",
            "Here all the channels that a layer reads share one kernel.",
            "How many kernels does a layer from 32 to 64 channels have?",
            "Each pair of a channel that is read and one that is made has a kernel of its own.",
        ),
        (
            True, "another number",
            "The number of parameters is another one.",
            "Write one line for each layer: kernel, channels read, channels made, biases.",
            "`anatomy.layers(models.discriminator(image_size=64, width=32))` has a row for each "
            "layer: which of your lines differs?",
        ),
    )  # fmt: skip
    return "Four stages, since 64 is halved four times until 4 is left; and all parameters counted."


@check("3.3", "A blur of 3 by 3")
def check_blurred(blurred: Any) -> str:
    """``blurred(pictures)``: each pixel becomes the mean of the 3 by 3 pixels around it."""
    random = np.random.default_rng(3)
    pictures = random.uniform(-1, 1, (3, 32, 32, 3)).astype(np.float32)
    found = finite(call(blurred, pictures), "The answer")
    if found.shape == (3, 30, 30, 3):
        raise Wrong(
            "edges lost",
            "Your pictures have shrunk to 30 × 30, and the dealer looks at 32 × 32.",
            "What are the neighbours of a pixel at the edge? Decide, and keep the size.",
            "`np.pad` with the mode `edge` gives every picture a frame first.",
        )
    inner = _middle(table(found, (3, 32, 32, 3)))
    nine = [np.roll(pictures, (i, j), (1, 2)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    shifts = [np.roll(pictures, (i, j), (1, 2)) for i in (0, -1, -2) for j in (0, -1, -2)]
    mean = np.mean(nine, 0)
    recognise(
        inner, _middle(mean),
        (
            _middle(pictures), "unchanged",
            "The pictures are as they were.",
            "Do you return the new array, or the old one?",
            "Compare one pixel in the middle with the nine around it, by hand.",
        ),
        (
            _middle(np.sum(nine, 0)), "sum instead of mean",
            "The nine pixels are added up, and not averaged: the values go beyond 1.",
            "What is the largest value that your pictures may have?",
            "A mean of nine numbers lies between the smallest and the largest of them.",
        ),
        (
            _middle(np.repeat(mean.mean(3, keepdims=True), 3, 3)), "colours mixed",
            "Your pictures have gone grey: the three colours are averaged, too.",
            "Which of the four axes should the mean leave alone?",
            "Red is averaged with red only.",
        ),
        (
            _middle((9 * mean - pictures) / 8), "middle left out",
            "The pixel itself is left out: these are means of eight.",
            "How many pixels are there in a square of 3 × 3?",
            "The middle belongs to its square.",
        ),
        (
            _middle(np.mean(nine[1::3], 0)), "one direction only",
            "This blurs along one direction only.",
            "Three neighbours, or nine?",
            "Rows and columns: the square has a neighbour in each corner, too.",
        ),
        (
            _middle(np.mean(nine[3:6], 0)), "one direction only",
            "This blurs along one direction only.",
            "Three neighbours, or nine?",
            "Rows and columns: the square has a neighbour in each corner, too.",
        ),
        (
            _middle(np.mean(shifts, 0)), "not centred",
            "The square lies beside its pixel, not around it: the pictures are moved by one.",
            "Which nine pixels belong to the pixel in row 5, column 5?",
            "The square reaches from one row above to one row below.",
        ),
        (
            True, "another number",
            "A pixel in the middle is not the mean of the nine pixels around it.",
            "Compute one pixel by hand: `pictures[0, 4:7, 4:7, 0].mean()` belongs at row 5, "
            "column 5.",
            "Take one picture that is 0 everywhere but for a single 9. What should come out?",
        ),
    )  # fmt: skip
    return "Each pixel is the mean of its square, each colour by itself, and the size is kept."


def _middle(pictures: np.ndarray) -> np.ndarray:
    return pictures[:, 2:-2, 2:-2].astype(np.float64)


@check("3.4", "Hide what a map marks")
def check_hide_strongest(hide_strongest: Any) -> str:
    """``hide_strongest(picture, strength)``: a tenth of the pixels gets the mean colour."""
    random = np.random.default_rng(4)
    picture = random.uniform(-1, 1, (32, 32, 3)).astype(np.float32)
    picture += np.array([0.3, 0.0, -0.3], np.float32)
    strength = random.permutation(1024).reshape(32, 32).astype(np.float32) + 1
    found = table(call(hide_strongest, picture, strength), (32, 32, 3))
    changed = ~np.isclose(found, picture, atol=1e-6).all(2)
    strong, weak = strength > 1024 - 100, strength < 100
    count = int(changed.sum())
    if not count:
        raise Wrong(
            "unchanged", "The picture is as it was.",
            "Do you change a copy and return another array?",
            "`found[mask] = colour` sets all pixels for which the mask is True.",
        )  # fmt: skip
    if changed[weak].all() and not changed[strong].any():
        raise Wrong(
            "weakest hidden", "The pixels that the map marks least are hidden.",
            "In which order does your sorting put them?",
            "The strongest are the last ones in ascending order.",
        )  # fmt: skip
    if not 100 <= count <= 105:
        raise Wrong(
            "count", f"{count} pixels of 1,024 are changed; a tenth is about 102.",
            "A tenth of the pixels, or of the largest value?",
            "`np.quantile(strength, 0.9)` is exceeded by a tenth of the pixels.",
        )  # fmt: skip
    if not changed[strong].all():
        raise Wrong(
            "other pixels", "Some of the strongest pixels are not hidden, and others are.",
            "Rows and columns: does the order of your indices fit the picture?",
            "A mask of shape (32, 32) can be used on a picture of shape (32, 32, 3) as it is.",
        )  # fmt: skip
    hidden = found[changed]
    colour = picture.mean((0, 1), dtype=float)
    if not close(hidden, np.broadcast_to(colour, hidden.shape)):
        grey = close(hidden, np.full(hidden.shape, picture.mean(dtype=float)))
        raise Wrong(
            "grey instead of the mean colour" if grey else "another colour",
            "The right pixels are hidden, "
            + ("with one grey for all three colours." if grey else "with another colour."),
            "The mean colour has three numbers.",
            "Average over rows and columns of the picture that was given, and over nothing else.",
        )
    return "The tenth that the map marks strongest is hidden by the picture's mean colour."


@check("3.5", "The best possible loss")
def check_best_loss(best_loss: Any) -> str:
    """``best_loss(p, q, dx)``: what the best dealer pays on average, in nats."""
    x = np.linspace(-5, 5, 401)
    dx = x[1] - x[0]
    bell = lambda m, s: np.exp(-((x - m) ** 2) / (2 * s * s)) / (s * np.sqrt(2 * np.pi))
    p, q = 0.5 * bell(-2, 0.5) + 0.5 * bell(1.2, 0.7), bell(0, 1.3)
    D = p / (p + q)
    ours, theirs = -(p * np.log(D)).sum() * dx, -(q * np.log(1 - D)).sum() * dx
    right = (ours + theirs) / 2
    recognise(
        number(call(best_loss, p, q, dx)), right,
        (
            2 * right, "halves added",
            "This is twice the average: the two halves are added, as in the game of chapter 1.",
            "Half of the works that come across his desk are originals.",
            "Keras averages over all pictures. A coin toss costs log 2 there.",
        ),
        (
            -right, "sign", "A loss of this kind is never negative.",
            "The logarithm of a probability is at most 0.",
            "He pays minus the logarithm of what he gave to the truth.",
        ),
        (
            ours / 2, "originals only", "The forgeries' part is missing.",
            "What does he pay for a forgery?",
            "For a forgery, the truth is forged, and he gave it the probability 1 − D.",
        ),
        (
            ours, "originals only", "This is what he pays for an original, on average.",
            "What does he pay for a forgery, and how many works are forgeries?",
            "For a forgery, the truth is forged, and he gave it the probability 1 − D.",
        ),
        (
            right / dx, "width forgotten",
            "The sum grows with the number of places: the distance between two is missing.",
            "With twice as many places `x`, would the loss be twice as large?",
            "A density times the distance `dx` between two places is a share of the works.",
        ),
        (
            -np.log(D).mean() / 2 - np.log(1 - D).mean() / 2, "not weighed",
            "Here all places count alike, also those where hardly a work lies.",
            "How many works are there at each place?",
            "What he pays at a place counts as often as works are found there: p and q say how "
            "often.",
        ),
        (
            True, "another number", "This is not what the best dealer pays on average.",
            "Write down what he pays at one place for an original and for a forgery.",
            "Test it with p = q, where he tosses a coin. What must come out?",
        ),
    )  # fmt: skip
    apart = array(call(best_loss, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0]), 1.0))
    if not (apart.size == 1 and abs(apart.item()) < 1e-3):
        raise Wrong(
            "0 log 0",
            f"Where the two never overlap he pays nothing; yours gives {apart.ravel()[:1]}.",
            "At a place without works, what do your division and your logarithm do?",
            "Leave out the places where p is 0 in the one sum, and where q is 0 in the other; "
            "nobody stands there.",
        )
    return "It fits the formula, and he pays nothing where the two never overlap."
