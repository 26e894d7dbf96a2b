"""What a game refuses before it begins, so that nobody learns nonsense for an hour."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_lessons.errors import InputError
from gan_lessons.pixels import check_range

#: What Keras's ``compile`` would take and a game never look at.
UNUSED = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


def check_networks(generator: keras.Model, discriminator: keras.Model) -> None:
    """Refuse networks of unknown shapes, or that do not fit each other."""
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        try:
            known = bool(network.inputs and network.output_shape)
        except AttributeError:  # a Sequential that has seen nothing yet, or no model at all
            known = False
        if not known:
            raise InputError(
                f"The {name} {getattr(network, 'name', network)!r} has no known shapes: begin it "
                f"with keras.Input, or take models.{name}()."
            )
    seen = tuple(discriminator.inputs[0].shape[1:])  # a second input would be the order
    if generator.output_shape[1:] != seen:
        raise InputError(
            f"The generator makes {generator.output_shape[1:]} but the discriminator looks at "
            f"{seen}: build both for the same size."
        )


def check_functions(loss: Any, augment: Any, penalty: Any) -> None:
    """Refuse a loss that is none, and functions that take other arguments than a game's."""
    if not callable(getattr(loss, "generator", None)):
        raise InputError(f"loss is {loss!r}: give one of gan_lessons.losses, such as losses.hinge.")
    for name, function, takes, such_as in (
        ("augment", augment, ("images", "seed"), "augment.translate_and_colour"),
        ("penalty", penalty, ("discriminator", "real", "fake", "seed"), "losses.r1_penalty()"),
    ):
        if function is None:
            continue
        try:
            inspect.signature(function).bind(*takes)
        except ValueError:  # a built-in function does not tell what it takes
            continue
        except TypeError as error:
            raise InputError(
                f"{name} is {getattr(function, '__name__', function)!r}: give a function "
                f"({', '.join(takes)}), such as {such_as}, or None."
            ) from error


def check_compile(d_optimizer: Any, g_optimizer: Any, options: dict[str, Any]) -> None:
    """Refuse one optimizer for two players, and what ``compile`` would leave unused."""
    ignored = [name for name in UNUSED if options.get(name) is not None]
    if ignored:
        raise InputError(
            f"compile was given {', '.join(ignored)}: a game takes d_optimizer and g_optimizer; "
            "its loss goes to GAN(loss=...), and metrics.evaluate judges its forgeries."
        )
    if isinstance(d_optimizer, keras.optimizers.Optimizer) and d_optimizer is g_optimizer:
        raise InputError(
            "Both players were given the same optimizer: make one for each, for it remembers the "
            "gradients of its player."
        )


def check_batches(x: Any, y: Any, discriminator: keras.Model, devices: int) -> None:
    """Refuse what ``fit`` would learn nonsense from, or stumble over in the middle of a graph."""
    spec, parts = getattr(x, "element_spec", None), len(discriminator.inputs)
    # labels may follow the pictures
    given = tf.nest.flatten(spec) if spec is not None else [x] if y is None else [x, y]
    dtype = tf.as_dtype(getattr(given[0], "dtype", tf.float32))
    if dtype != tf.float32 and (spec is not None or not dtype.is_floating):
        raise InputError(
            f"The pictures to learn from are {dtype.name}: give float32 in [-1, 1], such as "
            "data.from_uint8 makes of bytes."
        )
    if len(given) > parts:
        raise InputError(
            f"Each batch has {len(given)} parts but the discriminator takes {parts}: give "
            "pictures alone; labels are for conditional.ConditionalGAN."
        )
    size = None if spec is None else given[0].shape[0]
    if size is not None and size % devices:
        raise InputError(
            f"A batch of {size} cannot be shared evenly among {devices} devices: choose a "
            f"multiple of {devices}."
        )
    shape, seen = tf.TensorShape(getattr(given[0], "shape", None)), discriminator.inputs[0].shape
    if not shape[1:].is_compatible_with(seen[1:]):
        raise InputError(
            f"The pictures to learn from have shape {tuple(shape[1:])} but the discriminator "
            f"looks at {tuple(seen[1:])}: load them at that size, or build both networks for it."
        )
    if isinstance(x, np.ndarray) and x.ndim == 4:
        check_range(x)
