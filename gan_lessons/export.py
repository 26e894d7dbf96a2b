"""From a Keras model to what the reader's browser runs: a list of layers and float16 weights.

Batch normalisation disappears: with its moving statistics it is a scale and a shift for each
channel, and those are folded into the layer before it. Dropout disappears too: it does nothing
outside training. What is left is five operations, which ``web/engine/engine.js`` runs.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gan_lessons.errors import InputError

ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid")
KEPT_OUT = ("InputLayer", "Dropout", "GaussianNoise", "GaussianDropout", "SpatialDropout2D")


@dataclass
class Exported:
    """A model as the browser gets it.

    Attributes:
        name: the Keras model's name.
        input_shape: without the batch, such as ``(64,)`` or ``(32, 32, 3)``.
        output_shape: the same for the output.
        layers: one dictionary for each operation; ``"weights"`` and ``"bias"`` are places in
            ``weights``, counted in numbers.
        weights: float16, all of them in a row.
    """

    name: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    layers: list[dict[str, Any]]
    weights: np.ndarray
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        text = json.dumps(self.layers, sort_keys=True).encode()
        self.digest = hashlib.sha256(text + self.weights.tobytes()).hexdigest()[:16]

    def about(self) -> dict[str, Any]:
        """What ``GanLessons.engine.load`` reads, ready for JSON, without the weights."""
        return {
            "name": self.name,
            "digest": self.digest,
            "inputShape": list(self.input_shape),
            "outputShape": list(self.output_shape),
            "layers": self.layers,
        }

    def text(self) -> str:
        """The weights in base64."""
        return base64.b64encode(self.weights.astype("<f2").tobytes()).decode()

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return self.about() | {"weights": self.text()}


def export(model: Any) -> Exported:
    """Turn a chain of layers into what the engine in the page runs.

    Args:
        model: a built Keras model in which each layer feeds the next one: anything made with
            ``models`` or ``article``.

    Returns:
        The layers, and the weights rounded to float16.

    Raises:
        InputError: for a layer that the engine cannot run, naming it; for weights that are not
            finite or too large for float16.
    """
    writer = _Writer(model.name)
    for layer in _chain(model):
        writer.add(layer)
    weights = np.concatenate([np.zeros(0, np.float16), *writer.finish()])
    return Exported(
        name=model.name,
        input_shape=tuple(model.input_shape[1:]),
        output_shape=tuple(model.output_shape[1:]),
        layers=writer.layers,
        weights=weights,
    )


def _chain(model: Any) -> list[Any]:
    """The layers in order, or a refusal when they branch, repeat, or are not all there is."""
    import keras

    shape = getattr(model, "input_shape", None)
    if not isinstance(shape, tuple) or None in shape[1:]:
        raise InputError(
            f"The model {getattr(model, 'name', model)!r} has no single input of known shape: "
            + (
                "give its ema_generator or its discriminator."
                if hasattr(model, "ema_generator")
                else "build it with keras.Input first."
            )
        )
    outputs = getattr(model, "output_shape", None)
    if not isinstance(outputs, tuple):
        raise InputError(f"The model {model.name!r} has several outputs: the page shows one.")
    graph = getattr(model, "_functional", None) or model  # a Sequential keeps its graph there
    seen: dict[str, Any] = {}
    for node in itertools.chain(*(nodes for _, nodes in sorted(graph._nodes_by_depth.items()))):
        layer = node.operation
        if not isinstance(layer, keras.Layer):  # model.layers leaves it out
            raise InputError(
                f"The model {model.name!r} computes {layer.name!r} outside any layer: use a layer "
                "for it, such as keras.layers.Activation."
            )
        if len(node.parent_nodes) > 1:
            raise InputError(
                f"The layer {layer.name!r} joins several others: only a plain chain of layers "
                "runs in the page."
            )
        if layer.name in seen:  # model.layers names it once
            raise InputError(
                f"The layer {layer.name!r} stands in the model {model.name!r} more than once: "
                "make a new one for each place."
            )
        seen[layer.name] = layer
    return list(reversed(seen.values()))


class _Writer:
    """Collects operations; a scale and shift after a linear layer are folded into it."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.rank = 0  # how many axes the layer in hand sees, the batch included
        self.layers: list[dict[str, Any]] = []
        self.arrays: list[tuple[np.ndarray, np.ndarray] | None] = []

    def add(self, layer: Any) -> None:
        kind = type(layer).__name__
        self.rank = 0 if kind == "InputLayer" else len(layer.input.shape)
        if kind == "SpectralNormalization":  # outside training the inner kernel is in force
            layer = layer.layer
            kind = type(layer).__name__
        if kind in KEPT_OUT:
            return None
        method = getattr(self, f"_{kind.lower()}", None)
        if method is None:
            raise InputError(
                f"The page cannot run the layer {layer.name!r} of {self.model!r}, a {kind}: it "
                "runs Dense, Conv2D, Conv2DTranspose, BatchNormalization, LeakyReLU, ReLU, "
                "Activation, Reshape, Flatten and Dropout."
            )
        return method(layer)

    def _emit(
        self, op: dict[str, Any], arrays: tuple[np.ndarray, np.ndarray] | None = None
    ) -> None:
        self.layers.append(op)
        self.arrays.append(arrays)

    def _linear(self, layer: Any, op: dict[str, Any], kernel: np.ndarray, outputs: int) -> None:
        bias = np.asarray(layer.bias) if layer.use_bias else np.zeros(outputs)
        self._emit(op, (kernel.astype(np.float64), bias.astype(np.float64)))
        self._activation_named(layer, layer.activation)

    def _activation_named(self, layer: Any, function: Any) -> None:
        name = getattr(function, "__name__", str(function))
        if name == "leaky_relu":
            return self._emit({"op": "activation", "name": "leaky_relu", "slope": 0.2})
        if name not in ACTIVATIONS:
            raise InputError(
                f"The page cannot run the activation {name!r} of the layer {layer.name!r}: it "
                f"knows {', '.join(ACTIVATIONS)} and leaky_relu."
            )
        if name == "relu":
            self._emit({"op": "activation", "name": "leaky_relu", "slope": 0.0})
        elif name != "linear":
            self._emit({"op": "activation", "name": name})
        return None

    def _activation(self, layer: Any) -> None:
        self._activation_named(layer, layer.activation)

    def _leakyrelu(self, layer: Any) -> None:
        slope = float(layer.negative_slope)
        self._emit({"op": "activation", "name": "leaky_relu", "slope": slope})

    def _relu(self, layer: Any) -> None:
        if layer.max_value is not None or layer.threshold:
            raise InputError(f"The layer {layer.name!r} clips: use a plain ReLU or LeakyReLU.")
        slope = float(layer.negative_slope)
        self._emit({"op": "activation", "name": "leaky_relu", "slope": slope})

    def _reshape(self, layer: Any) -> None:
        self._emit({"op": "reshape", "shape": [int(n) for n in layer.output.shape[1:]]})

    def _flatten(self, layer: Any) -> None:
        self._reshape(layer)

    def _dense(self, layer: Any) -> None:
        if self.rank != 2:
            raise InputError(f"The layer {layer.name!r} is Dense on a picture: flatten it first.")
        kernel = np.asarray(layer.kernel)  # (in, out)
        op = {"op": "dense", "inputs": kernel.shape[0], "outputs": kernel.shape[1]}
        self._linear(layer, op, kernel, kernel.shape[1])

    def _conv2d(self, layer: Any) -> None:
        if tuple(layer.dilation_rate) != (1, 1) or layer.groups != 1:
            raise InputError(f"The layer {layer.name!r} has dilation or groups: use neither.")
        self._convolution(layer, "conv", np.asarray(layer.kernel))  # (kh, kw, in, out)

    def _conv2dtranspose(self, layer: Any) -> None:
        if tuple(layer.dilation_rate) != (1, 1) or layer.output_padding is not None:
            raise InputError(f"The layer {layer.name!r} has dilation or output padding: drop them.")
        kernel = np.asarray(layer.kernel).swapaxes(2, 3)  # (kh, kw, out, in) -> (kh, kw, in, out)
        self._convolution(layer, "conv_transpose", kernel)

    def _convolution(self, layer: Any, op: str, kernel: np.ndarray) -> None:
        kh, kw, inputs, outputs = kernel.shape
        stride = tuple(layer.strides)
        known = layer.padding in ("same", "valid") and layer.data_format == "channels_last"
        if kh != kw or stride[0] != stride[1] or not known:
            raise InputError(
                f"The layer {layer.name!r} has a kernel {kh} x {kw}, strides {stride} and padding "
                f"{layer.padding!r}: the page runs square kernels and strides, padding 'same' or "
                "'valid', channels last."
            )
        about = {
            "op": op,
            "kernel": kh,
            "stride": int(stride[0]),
            "padding": layer.padding,
            "inputs": inputs,
            "outputs": outputs,
        }
        self._linear(layer, about, kernel.reshape(-1, outputs), outputs)

    def _batchnormalization(self, layer: Any) -> None:
        if layer.axis not in (-1, self.rank - 1):
            raise InputError(f"The layer {layer.name!r} does not normalise the last axis.")
        mean, variance = np.float64(layer.moving_mean), np.float64(layer.moving_variance)
        scale = np.float64(layer.gamma) if layer.scale else np.ones_like(mean)
        scale = scale / np.sqrt(variance + layer.epsilon)
        shift = (np.float64(layer.beta) if layer.center else 0.0) - mean * scale
        at = len(self.layers) - 1
        while at >= 0 and self.layers[at]["op"] == "reshape":
            at -= 1
        folded = self.arrays[at] if at >= 0 else None
        if folded is None or len(folded[1]) % len(scale):  # nothing linear before it
            return self._emit({"op": "affine", "channels": len(scale)}, (scale[None], shift))
        kernel, bias = folded
        times = len(bias) // len(scale)  # a Dense before a Reshape has each channel many times
        scale, shift = np.tile(scale, times), np.tile(shift, times)
        self.arrays[at] = (kernel * scale, bias * scale + shift)
        return None

    def finish(self) -> list[np.ndarray]:
        """Write down where each layer's numbers are; return them in float16."""
        parts, place = [], 0
        for op, arrays in zip(self.layers, self.arrays, strict=True):
            for key, array in zip(("weights", "bias"), arrays or (), strict=False):
                with np.errstate(over="ignore"):
                    half = array.astype(np.float16).ravel()
                if not np.isfinite(half).all():
                    raise InputError(
                        f"A layer of {self.model!r} ({op['op']}) has weights that are not finite "
                        "or too large for 16 bits: train it again, with a lower learning rate."
                    )
                op[key] = place
                place += half.size
                parts.append(half)
        return parts
