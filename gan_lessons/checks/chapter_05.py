"""Checks for chapter 5, Training tricks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gan_lessons.checks.guard import call
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import number, recognise, several, table


@check("5.1", "The best logit for a label")
def check_best_logit(best_logit: Any) -> str:
    """``best_logit(label)``: where the cross-entropy is lowest, or None if nowhere."""
    for label in (0.9, 0.2):
        logit = math.log(label / (1 - label))
        lowest = math.log1p(math.exp(logit)) - label * logit
        case = f"For the label {label}: "
        recognise(
            number(call(best_logit, label), f"The logit for {label}"), logit,
            (
                label, "probability instead of logit",
                case + "this is the best probability, and its logit is asked.",
                "The best answer for the label 0.9 is the probability 0.9. What is its logit?",
                "Chapter 3 has the way from a probability to odds, and from odds to a logit.",
            ),
            (
                -logit, "sign", case + "the logit has the wrong sign.",
                "Is a label of 0.9 nearer to yes or to no? And a logit of yes, is it above 0?",
                "Compare with the curves of the chapter: the one for 0.9 is lowest near +2.2.",
            ),
            (
                label / (1 - label), "odds", case + "these are the odds, not the logit.",
                "One step is missing from odds to logits.",
                "Odds of 1 are a logit of 0.",
            ),
            (
                logit / math.log(10), "base of the logarithm",
                case + "this is another kind of logarithm.",
                "Which logarithm undoes the e in the sigmoid?",
                "Natural logarithms, as everywhere in this course.",
            ),
            (
                lowest, "the loss instead of the place",
                case + "this is the loss at the lowest point.",
                "The question is where it is lowest, not how low.",
                "`np.argmin` gives a place, `np.min` a value.",
            ),
            (
                True, "another number", case + "the curve is lowest elsewhere.",
                "At the lowest point the slope is 0: what is the slope of log(1 + e^m) − y m?",
                "The slope is sigmoid(m) − y. For which m is it 0?",
            ),
        )  # fmt: skip
    for label in (1.0, 1.05):
        found = call(best_logit, label)
        if found is not None and math.isfinite(_real(found)):
            raise Wrong(
                "a best answer beyond 1",
                f"For the label {label:g} there is no lowest point, and yours is {_real(found):g}.",
                "Where do the curves for 1 and 1.05 go in the chapter's figure?",
                "They fall for ever. For which labels does a lowest point exist?",
            )
    return "The label's own logit; and for 1 and beyond there is no best answer."


def _real(value: Any) -> float:
    try:
        return float(np.asarray(value).reshape(()))
    except Exception:
        return math.nan


@check("5.2", "An average that follows")
def check_follow(follow: Any) -> str:
    """``follow(average, weights, decay)``: one step of an exponential moving average."""
    average = [np.array([1.0, 2.0, 3.0]), np.array([[10.0, 0.0], [4.0, -2.0]])]
    weights = [np.array([2.0, 0.0, 7.0]), np.array([[0.0, 1.0], [8.0, 6.0]])]
    parts = several(call(follow, average, weights, 0.9), 2, "one array for each that was given")
    shapes = ((3,), (2, 2))
    found = np.concatenate(
        [table(p, s, "An averaged array").ravel() for p, s in zip(parts, shapes, strict=True)]
    )
    a, w = (np.concatenate([x.ravel() for x in both]) for both in (average, weights))
    recognise(
        found, 0.9 * a + 0.1 * w,
        (
            0.1 * a + 0.9 * w, "decay swapped",
            "Your average runs after the weights: it takes nine tenths of the new ones.",
            "With a decay of 0.999, should the average be slow or fast?",
            "The decay says how much of the old average is kept.",
        ),
        (
            w, "copied", "These are the weights themselves.",
            "What is left of the average?",
            "A share of the old average, and the rest from the weights.",
        ),
        (
            a, "unchanged", "The average has not moved.",
            "How do the new weights come in?",
            "A share of the old average, and the rest from the weights.",
        ),
        (
            (a + w) / 2, "plain mean", "This is the plain mean of both.",
            "Which role does `decay` play?",
            "Both shares add up to 1; for a decay of 0.5 they would be equal.",
        ),
        (
            0.9 * a + w, "shares beyond 1",
            "Your shares do not add up to 1: if average and weights agree, the result is larger.",
            "If nothing changes any more, where should the average be?",
            "What is left for the weights when the average keeps nine tenths?",
        ),
        (
            a + 0.1 * w, "shares beyond 1",
            "Your shares do not add up to 1: if average and weights agree, the result is larger.",
            "If nothing changes any more, where should the average be?",
            "What has the average to give up when it takes in a tenth of the weights?",
        ),
        (
            True, "another number", "It is another average.",
            "Take one number: average 1, weights 2, decay 0.9. What should come out?",
            "A share `decay` of the average and the rest from the weights.",
        ),
    )  # fmt: skip
    return "It keeps the share `decay` of what it was, and takes the rest from the weights."


@check("5.3", "The R1 penalty by hand")
def check_r1(r1: Any) -> str:
    """``r1(discriminator, real, weight)``: half the weight times the mean squared slope."""
    import tensorflow as tf

    from gan_lessons import models

    dealer = models.point_discriminator(hidden=4, seed=2)
    real, weight = tf.random.stateless_normal((5, 2), seed=(1, 2)), 3.0
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = dealer(real)
    slopes = np.asarray(tape.gradient(logits, real), float)
    squared = (slopes**2).sum(1)
    right = 0.5 * weight * squared.mean()
    recognise(
        number(call(r1, dealer, real, weight)), right,
        (
            2 * right, "half forgotten", "It is twice as large as it should be.",
            "Look at the formula: what stands before the mean?",
            "The paper writes the weight as gamma / 2.",
        ),
        (
            0.5 * weight * np.sqrt(squared).mean(), "length not squared",
            "This is the mean length of the slope; its square is meant.",
            "What does the formula do with the length?",
            "Sum the squares, and leave out the root.",
        ),
        (
            0.5 * weight * squared.mean() / 2, "mean over the numbers of a work",
            "The squares are averaged over a work's own numbers; they should be added up.",
            "The squared length of an arrow (3, 4) is 25, and not 12.5.",
            "First a sum within each work, then a mean over the works.",
        ),
        (
            0.5 * weight * squared.sum(), "sum over the batch",
            "The penalty grows with the size of the batch.",
            "Twice as many originals of the same kind should cost the same.",
            "First a sum within each work, then a mean over the works.",
        ),
        (
            right / 25, "slope of the mean",
            "The slopes are too small by the number of works in the batch.",
            "Do you take the gradient of the logits, or of their mean?",
            "In the mean each logit counts one n-th, and so does its slope.",
        ),
        (
            0.5 * squared.mean(), "weight forgotten", "The weight is not used.",
            "What is `weight` for?",
            "With a weight of 0 there should be no penalty at all.",
        ),
        (
            0.5 * weight * (slopes.sum(1) ** 2).mean(), "sum before the square",
            "The slopes are added up before they are squared, so that opposite ones cancel.",
            "How long is an arrow (1, −1)?",
            "Square each slope first.",
        ),
        (
            True, "another number", "It is another number.",
            "The slope of the logit with respect to what: the originals, or the weights?",
            "Compare with `losses.r1_penalty(weight)(discriminator, real, None, None)`, step by "
            "step.",
        ),
    )  # fmt: skip
    with tf.GradientTape() as tape:
        value = _again(r1, dealer, real, weight)
    if (
        not isinstance(value, tf.Tensor)
        or tape.gradient(value, dealer.trainable_weights)[0] is None
    ):
        raise Wrong(
            "cannot be learnt from",
            "The number is right, but the dealer cannot learn from it: no gradient comes through.",
            "Do you turn a tensor into a NumPy array or a float on the way?",
            "Keep to TensorFlow's functions, from the tape to the mean.",
        )
    return "Half the weight times the mean squared slope, and the dealer can learn from it."


def _again(r1: Any, dealer: Any, real: Any, weight: float) -> Any:
    """In this thread: a gradient tape does not see what another thread does."""
    return r1(dealer, real, weight)
