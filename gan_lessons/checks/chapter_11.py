"""Checks for chapter 11, The article, then and now."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array, number, recognise, several


@check("11.1", "The last layer by hand")
def check_last_layer(last_layer: Any) -> str:
    """``last_layer()``: multiply-adds for a picture, and FLOP of a step with 20 originals."""
    kernels, places = 7 * 7 * 256 * 3, 32 * 32
    each = kernels * places
    parts = several(call(last_layer), 2, "multiply-adds for a picture and FLOP for a step")
    found, step = (
        number(part, name)
        for part, name in zip(parts, ("For a picture", "For a step"), strict=True)
    )
    recognise(
        found, each,
        (
            160 * each, "swapped", "This is the second number: the FLOP of a step.",
            "In which order does the task ask for the two?",
            "First the multiply-adds of one picture, then the FLOP of a step.",
        ),
        (
            kernels, "places forgotten", "This is how many weights the kernels have.",
            "How often is each weight used while one picture is painted?",
            "Once at each place, and there are 32 × 32 places.",
        ),
        (
            2 * each, "FLOP instead of multiply-adds", "This is twice as much as was asked.",
            "How many operations are one multiply-add?",
            "A multiply-add is two FLOP; the first number asks for multiply-adds.",
        ),
        (
            each / 256, "channels read forgotten", "The channels that the layer reads are missing.",
            "How many numbers does one place of one new channel look at?",
            "7 × 7 places in each of 256 channels.",
        ),
        (
            each / 3, "channels made forgotten", "You have counted one of the three new channels.",
            "How many channels does a picture have?",
            "Red, green and blue each have their own kernels.",
        ),
        (
            7 * 256 * 3 * places, "kernel by its edge", "The kernel has 7 × 7 places, not 7.",
            "How many weights has a kernel of 7 × 7 for a single channel?",
            "49.",
        ),
        (
            kernels * 26 * 26, "rim left out", "Your kernel is laid on 26 × 26 places.",
            "How large is the picture that comes out: the article's layer pads.",
            "With `padding='same'` there are as many places as before: 32 × 32.",
        ),
        (
            True, "another number", "For a picture it is another number.",
            "Kernel height times width, times channels read, times channels made, times what?",
            "Count the weights first; then ask how often each of them is used.",
        ),
    )  # fmt: skip
    recognise(
        step, 160 * each,
        (
            0.16 * each / 1e6, "unit", "These seem to be GFLOP; the step is asked in FLOP.",
            "How many FLOP are a GFLOP?",
            "A thousand million: leave the division out.",
        ),
        (
            80 * each, "multiply-adds instead of FLOP", "These are the step's multiply-adds.",
            "How many operations are one multiply-add?",
            "One multiplication and one addition.",
        ),
        (
            40 * each, "passes forgotten", "This is one pass of 20 pictures.",
            "How often is the painter run through in a step, there and back?",
            "He paints for the dealer, paints for himself, and learns, which counts twice.",
        ),
        (
            120 * each, "painting for the dealer forgotten", "One pass is missing.",
            "Where do the forgeries of the dealer's lesson come from?",
            "Painting and learning are three passes; painting for the dealer is a fourth.",
        ),
        (
            8 * each, "batch forgotten", "This is a step with a single picture.",
            "How many pictures are in a batch?",
            "Each pass is made for 20 pictures.",
        ),
        (
            2 * each, "one pass of one picture", "This is one pass with a single picture.",
            "How many passes are in a step, and of how many pictures each?",
            "Four passes, each of 20 pictures.",
        ),
        (
            320 * each, "originals painted", "You have counted 40 pictures in each pass.",
            "The dealer sees 40. How many of them has the painter painted?",
            "Originals are not painted: each pass of the painter is of 20 pictures.",
        ),
        (
            True, "another number", "For a step it is another number.",
            "Three factors stand before the multiply-adds of a picture. Which?",
            "FLOP in a multiply-add, passes in a step, pictures in a batch.",
        ),
    )  # fmt: skip
    return "Few weights, used often: the cost is the weights times the places."


_UPDATES = (0, 10_000, 1_000_000)


@check("11.2", "An optimizer in today's words")
def check_optimizer_of_2019(optimizer_of_2019: Any) -> str:
    """``optimizer_of_2019(rate, clip, decay)``: Keras 2's ``RMSprop(lr, clipvalue, decay)``."""
    # none of the article's own numbers, so that a number that is written in shows
    rate, clip, decay = 0.02, 0.7, 2e-4
    _check_rates(_built(optimizer_of_2019, rate, clip, decay), rate, decay)
    _check_moves(_built(optimizer_of_2019, rate, clip, decay), rate, clip)
    return "Its rate is halved after 1 / decay updates: for the article's 1e-8, 100 million."


def _built(function: Any, *arguments: float) -> Any:
    import keras

    found = call(function, *arguments)
    if found is None:
        array(found)
    if not isinstance(found, keras.optimizers.Optimizer):
        raise Wrong(
            "type", f"An optimizer of Keras should come back, and it is {describe(found)}.",
            "Does your function return what `keras.optimizers...(...)` makes?",
            "Return the optimizer itself: with brackets after its class, and not yet compiled.",
        )  # fmt: skip
    return found


def _check_rates(optimizer: Any, rate: float, decay: float) -> None:
    def reached(updates: int) -> float:
        optimizer.iterations.assign(updates)
        return float(np.asarray(optimizer.learning_rate))

    found = [call(lambda n=n: reached(n), name="the optimizer's learning rate") for n in _UPDATES]
    if abs(found[0] - rate) > 1e-3 * rate:
        raise Wrong(
            "first rate",
            f"Built with a rate of {rate:g}, yours begins at {found[0]:g}.",
            "Is the argument `rate` used, or a number that is written in?",
            "Before the first update the rate is `rate`, whatever the decay.",
        )
    n = np.array(_UPDATES, float)
    recognise(
        np.array(found) / rate, 1 / (1 + decay * n),
        (
            np.ones(3), "decay left out",
            "The learning rate never changes.",
            "What takes the place of `decay`, which today's RMSprop ignores?",
            "Give `learning_rate` a schedule from `keras.optimizers.schedules`.",
        ),
        (
            np.exp(-decay * n), "exponential decay",
            "Your rate falls by the same share in equal times; Keras 2 divided it by 1 + decay × "
            "updates.",
            f"With a decay of {decay:g}, 1 + decay × updates is {1 + decay * n[1]:g} after 10,000 "
            "updates. And the rate?",
            "There is a schedule with `InverseTime` in its name.",
        ),
        (
            1 / (1 + 1e-8 * n), "decay written in",
            "Your rate falls as with the article's decay of 1e-8, whatever decay is given.",
            "Is the argument `decay` used, or a number that is written in?",
            "Put `decay` in the place of the number.",
        ),
        (
            decay ** (n / n[1]), "decay as the factor left",
            "Here the rate is multiplied by the decay itself, again and again.",
            "The article's decay is 1e-8. Should so little be left, or so little be taken?",
            "Keras 2 divided the rate by 1 + decay × updates.",
        ),
        (
            1 / (1 + decay * n / n[1]), "slower by the steps",
            "Your rate falls 10,000 times too slowly.",
            "By what does your schedule divide the number of updates?",
            "`decay_steps=1` counts every update.",
        ),
        (
            True, "another rate",
            f"With a decay of {decay:g}, yours is {found[1]:.3g} after 10,000 updates and "
            f"{found[2]:.3g} after a million.",
            "Print the schedule for 0, 10,000 and a million updates.",
            "It should be the rate divided by 1 + decay × updates.",
        ),
    )  # fmt: skip


def _check_moves(optimizer: Any, rate: float, clip: float) -> None:
    """Two steps: the second shows what the optimizer remembers of a gradient above the limit."""
    import keras

    kinds = keras.optimizers
    found = call(lambda: _moves(optimizer), name="a step of the optimizer") / rate
    others = {
        "clipping forgotten": kinds.RMSprop(rate),
        "limit written in": kinds.RMSprop(rate, clipvalue=1.0),
        "length instead of value": kinds.RMSprop(rate, clipnorm=clip),
        "Adam": kinds.Adam(rate, clipvalue=clip),
        "Adam without clipping": kinds.Adam(rate),
        "SGD": kinds.SGD(rate, clipvalue=clip),
    }
    seen = {name: _moves(other) / rate for name, other in others.items()}
    recognise(
        found, _moves(kinds.RMSprop(rate, clipvalue=clip)) / rate,
        (
            seen["clipping forgotten"], "clipping forgotten",
            "A gradient of 5 is remembered as 5: nothing is clipped.",
            "Which of the three settings is about gradients?",
            "RMSprop still takes `clipvalue`.",
        ),
        (
            seen["limit written in"], "limit written in",
            f"Your gradients are cut off at 1, and {clip:g} was given.",
            "Is the argument `clip` used, or a number that is written in?",
            "`clipvalue` should be what the function is given.",
        ),
        (
            seen["length instead of value"], "length instead of value",
            "Your optimizer shortens the gradient as a whole, and a small component with it.",
            "What did the article limit: each number, or the length?",
            "`clipvalue` cuts each number; `clipnorm` cuts the length.",
        ),
        *(
            (
                seen[name], "another optimizer",
                f"It steps as {name.split()[0]} does.",
                "Which optimizer did the article use?",
                "`keras.optimizers.RMSprop`.",
            )
            for name in ("Adam", "Adam without clipping", "SGD")
        ),
        (
            True, "another step", "It steps in another way than RMSprop with its own settings.",
            "Which settings does the article give, and which have you added?",
            "RMSprop with a rate and `clipvalue`, and all else as Keras has it.",
        ),
    )  # fmt: skip


def _moves(optimizer: Any) -> np.ndarray:
    import keras

    weight = keras.Variable(np.zeros(2, "float32"))
    places = []
    for gradient in ([5.0, 0.5], [1.0, 1.0]):
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [weight])
        places.append(np.array(weight))
    return np.concatenate(places)


@check("11.3", "At equal minutes")
def check_lead(lead: Any) -> str:
    """``lead(ours, theirs)``: by how many errors ours leads at the last minute of both."""
    cases = (
        (
            {1: (90.0, 4.0), 3: (50.0, 3.0), 10: (20.0, 1.5), 30: (8.0, 0.8)},
            {3: (84.0, 4.0), 10: (41.0, 2.0), 20: (30.0, 1.0)},
        ),
        (
            {15: (30.0, 3.0), 5: (60.0, 5.0), 1: (99.0, 6.0)},
            {5: (70.0, 4.0), 15: (25.0, 4.0), 2: (85.0, 4.0)},
        ),
    )
    for ours, theirs in cases:
        _check_lead(_led(call(lead, ours, theirs), ours, theirs), ours, theirs)
    found = call(lead, {1: (9.0, 1.0), 2: (5.0, 1.0)}, {3: (4.0, 1.0)})
    if found is not None:
        raise Wrong(
            "compared without a shared minute",
            f"They were never judged at the same minute, and yours says {describe(found)}.",
            "What should come back when there is nothing to compare?",
            "Return None when no minute is in both.",
        )
    return "Same minute, both errors, and no comparison where there is none to make."


Judged = dict[int, tuple[float, float]]


def _led(value: Any, ours: Judged, theirs: Judged) -> float:
    if value is None:
        last = max(set(ours) & set(theirs))
        raise Wrong(
            "nothing",
            f"The answer is None, and both were judged at minute {last}.",
            "Does every way through your function end in a `return`?",
            "Look among the minutes that are in both dictionaries: each may have later ones.",
        )
    return number(value)


def _check_lead(found: float, ours: Judged, theirs: Judged) -> None:
    def between(a: tuple[float, float], b: tuple[float, float]) -> float:
        return (b[0] - a[0]) / math.hypot(a[1], b[1])

    shared = [minute for minute in ours if minute in theirs]
    a, b = ours[max(shared)], theirs[max(shared)]
    right, gap = between(a, b), b[0] - a[0]
    listed, others = list(ours.values()), list(theirs.values())
    least = min(len(listed), len(others)) - 1
    unequal = (
        "unequal minutes", "The two are compared at different minutes.",
        "At which minutes were both of them judged?",
        "Keep the minutes that are in both dictionaries, and take the largest of them.",
    )  # fmt: skip
    recognise(
        found, right,
        (between(ours[max(ours)], theirs[max(theirs)]), *unequal),
        (between(listed[-1], others[-1]), *unequal),
        (between(listed[least], others[least]), *unequal),
        (between(min(listed), min(others)), *unequal),
        (
            between(ours[min(shared)], theirs[min(shared)]), "first shared minute",
            "This is the lead at the first minute that they share.",
            "Which minute is asked?",
            "The largest minute, whatever the order in which they were written down.",
        ),
        (
            -right, "sign", "The sign is the other way round.",
            "Is a small distance good or bad?",
            "The lead is positive when ours has the smaller distance: theirs minus ours.",
        ),
        (
            gap, "errors left out", "This is the difference of the distances, without the errors.",
            "How would you know whether a lead of 3 is much?",
            "Divide by the error of the difference.",
        ),
        (
            gap / (a[1] + b[1]), "errors added", "The two errors are added up.",
            "Two independent errors partly cancel: what is added instead?",
            "Their squares; then the root, as `np.hypot` does.",
        ),
        (
            gap / math.sqrt(a[1] + b[1]), "squares forgotten",
            "You divide by the root of the sum of the errors.",
            "In which unit is the root of an error?",
            "Square each error first; then add, and take the root.",
        ),
        (
            gap / (a[1] ** 2 + b[1] ** 2), "root forgotten",
            "You divide by the squares of the errors.",
            "In which unit is an error, and in which its square?",
            "Add the squares, and take the root.",
        ),
        (gap / a[1], *(one := (
            "one error only", "Only one of the two errors is used.",
            "Could the other one's number be wrong as well?",
            "Add the squares of both errors, and take the root.",
        ))),
        (gap / b[1], *one),
        (
            b[0] / a[0], "ratio", "This is how many times as large theirs is.",
            "Would 2 times as large mean much if the errors were as large as the numbers?",
            "The difference, counted in errors.",
        ),
        (
            True, "another number", "It is another number.",
            "Find the minute first, and print it; then both distances and both errors.",
            "(theirs − ours) divided by the root of the sum of the squared errors.",
        ),
    )  # fmt: skip
