"""What numbers networks compute with: float32, or bfloat16 in their hidden layers.

A layer takes its precision from Keras's policy when it is made. Under ``mixed_bfloat16`` it
computes with numbers of 16 bits and keeps its weights in 32. What leaves a network, a picture or a
logit, stays float32 here, for losses and distances need all its digits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras

from gan_lessons.errors import InputError
from gan_lessons.recipes import POLICIES


@contextlib.contextmanager
def policy(precision: str) -> Iterator[None]:
    """Layers that are made inside compute like this, whatever Keras is told outside.

    Args:
        precision: ``"float32"`` or ``"bfloat16"``.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[precision])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def clone_in_float32(network: keras.Model) -> keras.Model:
    """The same network with the same weights, all of it in float32."""
    clone = keras.models.clone_model(network)
    for layer in _layers(clone):
        if layer.compute_dtype != "float32":
            layer.dtype_policy = "float32"
    clone.set_weights(network.get_weights())
    return clone


def check(**networks: keras.Model) -> None:
    """Refuse networks that would learn with too few digits.

    Args:
        networks: what each is called to the network.

    Raises:
        InputError: for layers in float16, or a last layer that is not in float32.
    """
    for name, network in networks.items():
        for layer in _layers(network):
            if layer.compute_dtype == "float16" and layer.weights and not _inside(layer):
                raise InputError(
                    f"The layer {layer.name!r} of the {name} computes in float16, in which "
                    "gradients vanish: build the networks under "
                    'keras.config.set_dtype_policy("mixed_bfloat16"), or "float32".'
                )
        ends_in = keras.backend.standardize_dtype(network.outputs[0].dtype)
        if ends_in != "float32":
            raise InputError(
                f"The {name} ends in {ends_in}, which has too few digits for a picture or a loss: "
                'give its last layer dtype="float32".'
            )


def _inside(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    """The layers of a model, or the one of a wrapper."""
    inner = [*getattr(layer, "layers", []), getattr(layer, "layer", None)]
    return [one for one in inner if isinstance(one, keras.layers.Layer)]


def _layers(network: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """The network and all layers in it, nested ones too."""
    yield network
    for layer in _inside(network):
        yield from _layers(layer)
