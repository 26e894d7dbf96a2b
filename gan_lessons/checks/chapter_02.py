"""Checks for chapter 2, The generator."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import close, exact, finite, number, recognise, row


@check("2.1", "One stage more")
def check_more_parameters(more_parameters: Any) -> str:
    """``more_parameters()``: how many more the generator for 64 × 64 has than that for 32 × 32."""
    kernels = 4 * 4 * 192 * 192
    exact(
        number(call(more_parameters)), kernels + 4 * 192,
        (
            kernels, "normalisation forgotten",
            "These are the kernels of the new layer alone.",
            "What stands after each stage but the last?",
            "Batch normalisation holds some numbers for each channel, two learnt and two stored.",
        ),
        (
            kernels + 192, "bias instead of normalisation",
            "You have given the new layer a bias.",
            "No layer of ours but the last has a bias. Why?",
            "Batch normalisation, which follows, would subtract it again. It has numbers of its "
            "own: how many a channel?",
        ),
        (
            kernels + 5 * 192, "bias as well",
            "The new layer has been given a bias as well.",
            "No layer of ours but the last has a bias. Why?",
            "Batch normalisation, which follows, would subtract it again.",
        ),
        (
            kernels + 2 * 192, "two numbers a channel",
            "Two numbers for each channel are missing.",
            "Which numbers does batch normalisation keep, besides those that are learnt?",
            "`anatomy.layers` counts the stored mean and variance, too.",
        ),
        (
            4 * 4 * 192 * 96 + 4 * 96, "wrong channels",
            "You have counted a stage from 192 to 96 channels.",
            "The task says how many channels the new stage reads and makes.",
            "The early stages have four times the width, and no more: two of them have 192.",
        ),
        (
            4 * 4 * 192 + 4 * 192, "one kernel for all channels",
            "Here all the channels that the layer reads share one kernel.",
            "How many pairs of a channel read and a channel made are there?",
            "Each pair has a 4 × 4 kernel of its own.",
        ),
        (
            568_899 + kernels + 4 * 192, "total",
            "This is how many it has altogether.",
            "How many more is the question.",
            "Subtract what the smaller one has.",
        ),
        (
            True, "another number",
            "It is another number.",
            "Only one stage is new, and all others are as before. What does a stage consist of?",
            "Count the kernels first, height times width times channels read times channels made, "
            "and then what follows the layer.",
        ),
    )  # fmt: skip
    return "The new kernels, and four numbers a channel for the batch normalisation after them."


@check("2.2", "Stamps on a line")
def check_transposed(transposed: Any) -> str:
    """``transposed(values, kernel, stride)``: a transposed convolution on a line."""
    for values, kernel, stride in (
        ((1, 0, 3), (1, 2, 1), 2),
        ((1, 2, -1, 4), (1, 3, 2, 1), 2),
        ((2, 5), (1, -1, 3), 3),
        ((3, 1, 2), (1, 4), 1),
    ):
        numbers, stamp = np.array(values, float), np.array(kernel, float)
        found = finite(call(transposed, numbers, stamp, stride)).ravel()
        _stamped(found, numbers, stamp, stride)
    return "The stamps are pressed at the right places, and they add up where they overlap."


def _stamped(found: np.ndarray, values: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    def press(kernel: np.ndarray, stride: int, add: bool = True) -> np.ndarray:
        line = np.zeros((len(values) - 1) * stride + len(kernel))
        for i, v in enumerate(values):
            here = np.s_[i * stride : i * stride + len(kernel)]
            line[here] = v * kernel + (line[here] if add else 0)
        return line

    right = press(kernel, stride)
    cropped = [right[c : c + len(values) * stride] for c in range(len(kernel))]
    aside = np.concatenate([v * kernel for v in values])
    case = f"The kernel {_row(kernel)} with stride {stride} at {_row(values)}: "
    recognise(
        found, right,
        (
            press(kernel, stride, add=False), "overlap overwritten",
            case + "where two stamps overlap, the later one replaces the earlier.",
            "What happens on paper where two stamps overlap?",
            "`=` replaces. You want to add to what is there already.",
        ),
        (
            aside, "laid side by side",
            case + "your stamps lie side by side, without overlap.",
            "How many places further on does the next stamp land?",
            "Stamp number i begins at place i times the stride, whatever the kernel's width.",
        ),
        (
            press(kernel, 1), "stride ignored",
            case + "your stamps move on by 1.",
            "Which number says how many places a stamp moves on?",
            "Stamp number i begins at place i times the stride.",
        ),
        (
            press(kernel[::-1], stride), "kernel reversed",
            case + "your kernel is reversed.",
            "Press a single stamp: transposed((1,), kernel, stride) should be the kernel itself.",
            "`np.convolve` and its like turn a kernel round, or do not; try with a kernel that is "
            "not symmetric.",
        ),
        *(
            (
                part, "cropped",
                case + "the ends are cut off, as Keras does where the padding is `same`.",
                "How long is the line on which all stamps fit as a whole?",
                "The last stamp begins at (n − 1) times the stride and is as long as the kernel.",
            )
            for part in cropped if part.size < right.size
        ),
        (
            True, "another number",
            case + f"yours gives {_row(found)}.",
            "Draw the stamps on squared paper, one below the other, and add up the columns.",
            "Begin with zeros as long as (n − 1) times the stride plus the kernel's length, and "
            "press one stamp after the other.",
        ),
    )  # fmt: skip


def _row(numbers: np.ndarray) -> str:
    shown = ", ".join(f"{n:g}" for n in numbers[:12])
    return f"({shown}{', …' if len(numbers) > 12 else ''})"


@check("2.4", "Silent channels")
def check_silent_channels(silent_channels: Any) -> str:
    """``silent_channels(maps)``: how many channels are below 0 at every place of every picture."""
    random = np.random.default_rng(2)
    maps = random.normal(0, 1, (4, 5, 5, 12)).astype(np.float32)
    maps[..., :3] = -abs(maps[..., :3]) - 0.1  # silent
    maps[0, ..., 3:5] = -abs(maps[0, ..., 3:5]) - 0.1  # silent in the first picture only
    maps[..., 5] -= 2  # below 0 on average
    maps[..., 5][0, 0, 0] = 1
    maps[..., 6] = abs(maps[..., 6]) + 0.1  # never below 0
    maps[..., 7:] += 0.5
    below = maps < 0
    exact(
        number(call(silent_channels, maps)), below.all((0, 1, 2)).sum(),
        (
            below.any((0, 1, 2)).sum(), "somewhere instead of everywhere",
            "These are the channels that are below 0 at some place.",
            "When is a unit dead: when it is silent once, or always?",
            "Which of `any` and `all` means everywhere?",
        ),
        (
            (maps.mean((0, 1, 2)) < 0).sum(), "on average",
            "These are the channels that are below 0 on average.",
            "Could a channel with a negative mean speak at one place?",
            "Ask for every single number, not for their mean.",
        ),
        (
            below.all((1, 2)).sum(), "each picture by itself",
            "This counts a channel once for every picture in which it is silent.",
            "Does a channel learn from one picture or from all?",
            "The axis of the pictures has to go as well.",
        ),
        (
            below[0].all((0, 1)).sum(), "one picture",
            "This looks at the first picture only.",
            "A channel that is silent in one picture may speak in the next.",
            "Which axes do you look at? The first is that of the pictures.",
        ),
        (
            12 - below.all((0, 1, 2)).sum(), "the others",
            "These are the channels that are not silent.",
            "Read your condition aloud.",
            "You want those that are below 0 everywhere.",
        ),
        (
            (~below).all((0, 1, 2)).sum(), "above instead of below",
            "These are the channels that are never below 0.",
            "Which side does ReLU cut off?",
            "ReLU silences what is below 0.",
        ),
        (
            below.sum(), "places counted",
            "This counts numbers below 0, not channels.",
            "One yes or no for each channel first; then count the channels.",
            "The last axis is that of the channels: it stays until the end.",
        ),
        (
            True, "another number",
            "It is another number of channels.",
            "The shape is (pictures, rows, columns, channels): along which axes do you look?",
            "First a yes or no for each channel, from all pictures and places; then count.",
        ),
    )  # fmt: skip
    return "A channel counts when it is below 0 at every place of every picture."


@check("2.5", "The checkerboard")
def check_checkerboard(checkerboard: Any) -> str:
    """``checkerboard(pictures)``: for each picture, how far the four kinds of pixel lie apart."""
    random = np.random.default_rng(5)
    pictures = random.uniform(-1, 1, (6, 8, 8, 3)).astype(np.float32)
    pictures[:, ::2, 1::2] += random.uniform(0, 0.5, (6, 1, 1, 1)).astype(np.float32)
    kinds = lambda x: np.stack(
        [x[:, i::2, j::2].mean((1, 2, 3), dtype=float) for i in (0, 1) for j in (0, 1)]
    )
    means = kinds(pictures)
    whole = finite(call(checkerboard, pictures))
    if whole.size == 1:
        over_all = means.mean(1)
        raise Wrong(
            "pictures mixed" if close(whole.ravel(), [np.ptp(over_all)]) else "one number",
            "One number came back, and one for each picture is asked.",
            "If one picture is brighter in even rows and the next in odd ones, what is left when "
            "you average over both?",
            "Average over rows, columns and colours of each kind; the axis of the pictures stays.",
        )
    found = row(whole, 6)
    colours = np.stack(
        [pictures[:, i::2, j::2].mean((1, 2), dtype=float) for i in (0, 1) for j in (0, 1)]
    )
    rows = np.stack([pictures[:, i::2].mean((1, 2, 3), dtype=float) for i in (0, 1)])
    columns = np.stack([pictures[:, :, i::2].mean((1, 2, 3), dtype=float) for i in (0, 1)])
    blocks = np.stack(
        [pictures[:, i : i + 4, j : j + 4].mean((1, 2, 3), dtype=float)
         for i in (0, 4) for j in (0, 4)]
    )  # fmt: skip
    two = (
        "two kinds only", "This compares two kinds of pixel, and there are four.",
        "A pixel has a row and a column: how many combinations of even and odd are there?",
        "Even and odd rows, and within each of them even and odd columns.",
    )  # fmt: skip
    recognise(
        found, np.ptp(means, axis=0),
        (np.ptp(rows, axis=0), *two), (np.ptp(columns, axis=0), *two),
        (
            means.std(0), "spread instead of range",
            "This is the standard deviation of the four averages.",
            "The task asks how far the largest lies from the smallest.",
            "Largest minus smallest, of four numbers.",
        ),
        (
            np.ptp(blocks, axis=0), "quarters instead of kinds",
            "This compares the four quarters of the picture.",
            "Where are the pixels of an even row and an even column?",
            "Every second row and every second column: a step of 2 in the slice.",
        ),
        (
            np.ptp(colours, axis=0).mean(1), "colours apart",
            "This takes the three colours apart, and averages at the end.",
            "How many averages does the task ask for in each picture?",
            "Four, each over all the colours of its kind of pixel.",
        ),
        (
            np.ptp(means, axis=0) / pictures.std((1, 2, 3)), "divided already",
            "This is divided by each picture's standard deviation already.",
            "The function should return the plain distance; the division comes afterwards.",
            "Largest average minus smallest average, and nothing more.",
        ),
        (
            np.ptp(means, axis=0) / pictures.std(), "divided already",
            "This is divided by the standard deviation already.",
            "The function should return the plain distance; the division comes afterwards.",
            "Largest average minus smallest average, and nothing more.",
        ),
        (
            True, "another number",
            "For at least one picture it is another number.",
            "Take one picture and compute the average of its pixels in even rows and even columns.",
            "Four averages for each picture; then the largest minus the smallest.",
        ),
    )  # fmt: skip
    return "Four averages in each picture, and how far the largest lies from the smallest."
