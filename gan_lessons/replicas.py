"""Several devices, one game: what each of them draws, and what they report together.

Under ``tf.distribute.MirroredStrategy`` every device gets its part of a batch. So that the result
does not depend on how many devices there are, each takes its part of one random draw for all, and
losses and means are averaged over all. On one device everything here does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def count() -> int:
    """How many devices play together."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def draw(
    function: Callable[..., tf.Tensor], shape: Any, *arguments: Any, axis: int = 0, **options: Any
) -> tf.Tensor:
    """This device's part of ``function(shape, *arguments, **options)`` drawn for all of them.

    Args:
        function: a stateless draw, such as ``tf.random.stateless_normal``.
        shape: the shape of this device's part.
        arguments, options: the seed and what else the draw takes.
        axis: where in ``shape`` the pictures of the batch are counted.
    """
    if count() == 1:
        return function(shape, *arguments, **options)
    shape = list(tf.unstack(shape) if tf.is_tensor(shape) else shape)
    here = shape[axis]
    shape[axis] = here * count()
    first = tf.distribute.get_replica_context().replica_id_in_sync_group * here
    everyone = function(shape, *arguments, **options)
    return tf.gather(everyone, first + tf.range(here), axis=axis)


def mean(**values: tf.Tensor) -> dict[str, tf.Tensor]:
    """The mean of each value over all devices."""
    if count() == 1:
        return values
    context = tf.distribute.get_replica_context()
    return {k: context.all_reduce(tf.distribute.ReduceOp.MEAN, v) for k, v in values.items()}
