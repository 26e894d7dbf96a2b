"""Counting what a training step costs."""

from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf
from tensorflow.python.framework import ops
from tensorflow.python.profiler.internal import flops_registry  # noqa: F401

from gan_lessons import article, flops, gan, losses, models
from gan_lessons.errors import InputError

PRODUCTS = ("MatMul", "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter")


def by_tensorflow(game, batch_size):
    """The same from the graph of the step, by TensorFlow's own formulas for its operations."""
    real = tf.TensorSpec((batch_size, *game.discriminator.input_shape[1:]))
    graph = tf.function(game.train_step).get_concrete_function(real).graph
    live, todo = set(), [t.op for t in graph.outputs] + list(graph.control_outputs)
    while todo:  # what nothing asks for is not computed
        op = todo.pop()
        if op not in live:
            live.add(op)
            todo += [t.op for t in op.inputs] + list(op.control_inputs)
    return sum(
        ops.get_stats_for_node_def(graph, op.node_def, "flops").value or 0
        for op in live
        if op.type in PRODUCTS
    )


def test_a_step_by_hand():
    """Painter: Dense 4 -> 6 -> 2. Dealer: Dense 2 -> 5 -> 1. A batch of 3."""

    def dense(*units):
        return keras.Sequential(
            [keras.Input((units[0],)), *(keras.layers.Dense(n) for n in units[1:])]
        )

    pair = SimpleNamespace(generator=dense(4, 6, 2), discriminator=dense(2, 5, 1))
    assert flops.forward(pair.generator) == 2 * (24 + 12)
    found = flops.training_step(pair, 3)
    painter, dealer = 24 + 12, 10 + 5
    by_hand = (
        painter + 2 * dealer  # both look and paint
        + 2 * (dealer + 5)  # gradients of his weights; handed on inside, by his second layer only
        + painter + dealer + dealer  # forwards, and back through the whole dealer
        + painter + 12  # gradients of the painter's weights; handed on by his second layer
    )  # fmt: skip
    assert found.total == 3 * 2 * by_hand == sum(found.parts.values())
    assert "together" in str(found) and len(str(found).splitlines()) == len(found.parts) + 1


@pytest.mark.parametrize("recipe", ["course", "article"])
def test_a_step_against_tensorflows_own_count(recipe):
    if recipe == "course":
        game = gan.GAN(models.generator(width=8), models.discriminator(width=8), seed=0)
    else:
        game = article.ArticleGAN(seed=0)
    game.compile()
    ours, its = flops.training_step(game, 4).total, by_tensorflow(game, 4)
    assert ours == pytest.approx(its, rel=0.01)


def test_the_articles_step_is_as_large_as_was_measured():
    pair = SimpleNamespace(generator=article.generator(), discriminator=article.discriminator())
    assert flops.training_step(pair, 20).total == pytest.approx(640e9, rel=0.02)


def test_what_is_refused():
    game = gan.GAN(
        models.point_generator(), models.point_discriminator(), penalty=losses.r1_penalty(1.0)
    )
    with pytest.raises(InputError, match="penalty"):
        flops.training_step(game, 4)
    game.penalty = None
    assert flops.training_step(game, 4).total > 0
    with pytest.raises(InputError, match="batch size"):
        flops.training_step(game, 0)
