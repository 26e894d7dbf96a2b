"""The check for exercise 4.1: who has changed?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check


@check("4.1", "Who has changed?")
def check_frozen_check(frozen_check: Any) -> str:
    """``frozen_check(step, model)`` runs the step and names the variables that it changed."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(2),
        ]
    )
    kernel, bias, *_ = model.weights
    moving = [w for w in model.weights if "moving" in w.name]
    batch = np.arange(12, dtype=np.float32).reshape(4, 3)

    def names(change: Callable[[], Any]) -> list[str]:
        calls = []

        def step() -> None:
            calls.append(1)
            change()

        found = _names(call(frozen_check, step, model))
        if len(calls) != 1:
            raise Wrong(
                "step not run" if not calls else "step run twice",
                f"`step()` was run {len(calls)} times, and it should be run once.",
                "A step is a function. Where do you call it, with brackets?",
                "Look at the weights, run the step, look again: three lines in this order.",
            )
        return found

    kernel.assign(np.arange(12).reshape(3, 4))  # whole numbers: no rounding in a sum of them
    found = names(lambda: kernel.assign(kernel + 1))
    if not found:
        raise Wrong(
            "no copy",
            "The step changed a kernel, and nothing was found.",
            "What you keep from before the step: is it a copy, or the variables themselves? They "
            "change with the model.",
            "`model.get_weights()` returns arrays of their own. `model.weights` returns the "
            "living variables.",
        )
    _exactly(found, [kernel], model)
    _exactly(
        names(lambda: (kernel.assign(kernel + 1), bias.assign(bias + 1))), [kernel, bias], model
    )
    _exactly(names(lambda: None), [], model)
    one = np.zeros((3, 4))
    one[1, 2] = 1
    if not names(lambda: kernel.assign(kernel + one)):
        raise Wrong(
            "one number",
            "A step that changed one single number of a kernel was not noticed.",
            "A variable has changed as soon as one of its numbers has. Does your comparison ask "
            "for all of them?",
            "`any` of the numbers differs: that is the opposite of `all` of them being equal.",
        )
    found = names(lambda: model(batch, training=True))
    if not found:
        raise Wrong(
            "trainable only",
            "A call in training mode moved the averages of the batch normalisation, and they are "
            "missing in what was found.",
            "Which variables does a network have that no optimizer touches?",
            "`model.trainable_weights` leaves the moving averages out. Which list has all?",
        )
    _exactly(found, moving, model)
    if not names(lambda: kernel.assign(kernel[:, ::-1])):
        raise Wrong(
            "sums compared",
            "A step that changed the order of a kernel's numbers was not noticed.",
            "Can two different kernels have the same sum, or the same length?",
            "Compare number by number, such as with `np.array_equal`.",
        )
    bias.assign(bias * 0 + 1)
    if not names(lambda: bias.assign(bias + 2e-7)):
        raise Wrong(
            "tolerance",
            "A change of 0.0000002 was not noticed.",
            "A frozen network does not change a little; it does not change at all.",
            "`np.allclose` forgives small differences. Which comparison forgives none?",
        )
    return "It sees kernels, moving averages and the smallest change, and is silent when it should."


def _names(value: Any) -> list[str]:
    parts = None
    if isinstance(value, (list, tuple, set, frozenset, dict, np.ndarray)) or hasattr(
        value, "__next__"
    ):
        parts = list(value)
        if any(hasattr(p, "path") for p in parts):
            raise Wrong(
                "variables",
                "There came the changed variables themselves, and their names are asked.",
                "What does the task call a variable's name?",
                "`w.path` is a text: put it into the list instead of `w`.",
            )
        parts = [str(p) for p in parts]
    if parts is None or any(p in ("True", "False") for p in parts):
        raise Wrong(
            "nothing" if value is None else "type",
            f"The names of the changed variables are asked, and there came {describe(value)}.",
            "Return a list of names, empty when nothing has changed.",
            "Every variable of a model has a `.path`, which is a text: its name.",
        )
    return parts


def _exactly(found: list[str], changed: list[Any], model: Any) -> None:
    """The names are those of the changed variables, each by its path."""
    names, paths = {w.name for w in changed}, {w.path for w in changed}
    if set(found) == paths:
        return
    if set(found) == names:
        raise Wrong(
            "name, not path",
            f"The right variables, but by a name that several may share: {', '.join(found)}.",
            "What does the task call a variable's name?",
            "Two layers may both have a `kernel`; only `w.path` says which.",
        )
    if found and set(found) < paths:
        raise Wrong(
            "first only",
            f"{len(changed)} variables changed, and not all of them were found.",
            "Does your loop stop at the first?",
            "A `return` inside a loop ends it. Collect the names, and return them after the loop.",
        )
    if set(found) == {w.path for w in model.weights}:
        raise Wrong(
            "all names",
            "These are the names of all variables, changed or not.",
            "Do you compare at all?",
            "Compare each variable with its copy from before the step, and take its name only if "
            "they differ.",
        )
    rest = [w for w in model.weights if all(w is not c for c in changed)]
    if set(found) in ({w.path for w in rest}, {w.name for w in rest}):
        raise Wrong(
            "unchanged ones",
            "These are the names of the variables that have not changed.",
            "Read your condition aloud.",
            "You want a name when before and after are not equal.",
        )
    raise Wrong(
        "other names",
        f"{len(changed)} of the {len(model.weights)} variables changed: "
        f"{', '.join(w.path for w in changed) or 'none'}. Found: {', '.join(found) or 'none'}.",
        "Is each variable compared with itself, before and after?",
        "`zip(model.weights, before)` goes through the variables and their earlier values in the "
        "same order, if `before` comes from all weights.",
    )
