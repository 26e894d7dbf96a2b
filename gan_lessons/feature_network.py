"""The network whose features the distances compare: a small classifier of CIFAR-10's ten classes.

It is trained by ``tools/train_features.py`` and shipped with its card. Batch normalisation is
folded into the convolutions before shipping, so what is loaded is plain convolutions.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

import keras
import numpy as np
from keras import layers

from gan_lessons import mixed_precision
from gan_lessons.cifar import CLASSES as CLASSES

#: Channels at each depth, and so the parts of a feature vector: pooled over 16, 8 and 4 pixels.
DEPTHS = {"shallow": 64, "middle": 96, "deep": 192}


@mixed_precision.policy("float32")  # the inspector has one pair of eyes, whoever is judged
def build(*, batch_norm: bool, seed: int | None = None) -> keras.Model:
    """The classifier, with batch normalisation (to train) or with biases (to use).

    Returns:
        A model from pictures ``(B, 32, 32, 3)`` in [-1, 1] to ``[shallow (B, 64), middle (B, 96),
        deep (B, 192), logits (B, 10)]``.
    """
    count = iter(range(100))

    def conv(x: Any, channels: int, stride: int = 1) -> Any:
        i = next(count)
        x = layers.Conv2D(
            channels, 3, stride, "same", use_bias=not batch_norm, name=f"conv{i}",
            kernel_initializer=keras.initializers.HeNormal(None if seed is None else seed + i),
        )(x)  # fmt: skip
        if batch_norm:
            x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"norm{i}")(x)
        return layers.ReLU()(x)

    picture = keras.Input((32, 32, 3))
    x = conv(picture, 32)  # (B, 32, 32, 32)
    x = conv(x, 64, 2)  # -> (B, 16, 16, 64)
    shallow = layers.GlobalAveragePooling2D(name="shallow")(x)
    x = conv(x, 96, 2)  # -> (B, 8, 8, 96)
    x = layers.Add()([x, conv(conv(x, 96), 96)])
    middle = layers.GlobalAveragePooling2D(name="middle")(x)
    x = conv(x, 192, 2)  # -> (B, 4, 4, 192)
    x = layers.Add()([x, conv(x, 192)])
    deep = layers.GlobalAveragePooling2D(name="deep")(x)
    logits = layers.Dense(10, name="logits")(deep)
    return keras.Model(picture, [shallow, middle, deep, logits], name="features")


def fold(trained: keras.Model) -> dict[str, np.ndarray]:
    """The weights of ``build(batch_norm=False)`` that compute what ``trained`` computes.

    Batch normalisation at inference is ``gamma (x - mean) / sqrt(variance + eps) + beta``: a
    scale for each channel, which goes into the kernel, and a bias.
    """
    arrays = {}
    for layer in trained.layers:
        if isinstance(layer, layers.Conv2D):
            norm = trained.get_layer(layer.name.replace("conv", "norm"))
            gamma, beta, mean, variance = (np.asarray(w, np.float64) for w in norm.get_weights())
            scale = gamma / np.sqrt(variance + norm.epsilon)
            arrays[f"{layer.name}/kernel"] = layer.get_weights()[0] * scale
            arrays[f"{layer.name}/bias"] = beta - mean * scale
    arrays["logits/kernel"], arrays["logits/bias"] = trained.get_layer("logits").get_weights()
    return arrays


def assemble(arrays: dict[str, np.ndarray]) -> keras.Model:
    """The network to use, from folded weights."""
    model = build(batch_norm=False)
    for layer in model.layers:
        if layer.weights:
            parts = (arrays[f"{layer.name}/kernel"], arrays[f"{layer.name}/bias"])
            layer.set_weights([np.asarray(part, np.float32) for part in parts])
    model.trainable = False
    return model


def card() -> dict[str, Any]:
    """How the shipped network was trained, and how accurate it is."""
    text = (resources.files("gan_lessons") / "weights" / "features.card.json").read_text("utf-8")
    return json.loads(text)


@functools.cache
def load() -> keras.Model:
    """The shipped network, after checking its bytes against the card.

    Raises:
        StorageError: when the file was changed or cut short.
    """
    from safetensors.numpy import load as parse

    from gan_lessons.pretrained import verified

    return assemble(parse(verified("features.safetensors", card()["sha256"])))
