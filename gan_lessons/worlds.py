"""Several worlds in one network: the same game played many times, side by side.

One run of a GAN proves little: another seed may do better or worse. A small network leaves a
processor idle, though, so eight games cost hardly more than one when their weights are stacked:
a dense layer with one more axis holds eight painters (or eight dealers) who never meet. A batch
of ``n`` samples is dealt out in equal parts: the first ``n / worlds`` belong to world 0, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


@keras.saving.register_keras_serializable("gan_lessons")
class Dense(layers.Layer):
    """A dense layer in each world.

    A loss averages over all samples, so each world's part of its gradient is ``worlds`` times too
    small; it is multiplied back here. Each world learns exactly as if it were alone.

    Args:
        units: outputs in each world.
        seeds: one for each world: its kernel begins as ``Dense(units)`` begins with that seed.
        spectral_norm: divide each world's kernel by its largest singular value, estimated by one
            step of power iteration whenever it is used in training, and keep the result: the same
            steps as in ``keras.layers.SpectralNormalization``.
    """

    def __init__(
        self, units: int, seeds: Sequence[int | None], *, spectral_norm: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.seeds, self.spectral_norm = units, list(seeds), spectral_norm

    @property
    def worlds(self) -> int:
        """How many."""
        return len(self.seeds)

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Stack the kernels ``(worlds, inputs, units)`` and biases ``(worlds, 1, units)``."""
        shape = (input_shape[-1], self.units)

        def stacked(_: Any, dtype: Any = None) -> Any:
            return ops.stack([keras.initializers.GlorotUniform(s)(shape) for s in self.seeds])

        self.kernel = self.add_weight(shape=(self.worlds, *shape), initializer=stacked)
        self.bias = self.add_weight(shape=(self.worlds, 1, self.units), initializer="zeros")
        if self.spectral_norm:
            self.vector_u = self.add_weight(
                shape=(self.worlds, 1, self.units), initializer=_normal_rows, trainable=False
            )

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """``(n, inputs)`` to ``(n, units)``; ``n`` is a multiple of ``worlds``."""
        if training and self.spectral_norm:
            self._normalise()
        # one product a world: TensorFlow's stacked product of small matrices is four times slower
        parts = ops.split(inputs, self.worlds)  # (n, inputs) -> worlds x (n / worlds, inputs)
        kernels = ops.unstack(_louder(self.kernel, self.worlds))
        products = ops.stack([x @ k for x, k in zip(parts, kernels, strict=True)])
        outputs = products + _louder(self.bias, self.worlds)  # (worlds, n / worlds, units)
        return ops.reshape(outputs, (-1, self.units))  # -> (n, units)

    def _normalise(self) -> None:
        kernel, u = ops.convert_to_tensor(self.kernel), ops.convert_to_tensor(self.vector_u)
        v = _unit(ops.matmul(u, ops.swapaxes(kernel, 1, 2)))  # (w, 1, i)
        u = _unit(ops.matmul(v, kernel))  # (w, 1, units)
        sigma = ops.matmul(ops.matmul(v, kernel), ops.swapaxes(u, 1, 2))  # (w, 1, 1)
        self.vector_u.assign(u)
        self.kernel.assign(kernel / sigma)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int | None, int]:
        """``(n, units)``."""
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        """What makes a copy of this layer."""
        own = {"units": self.units, "seeds": self.seeds, "spectral_norm": self.spectral_norm}
        return super().get_config() | own


def _normal_rows(shape: Sequence[int], dtype: Any = None) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def _unit(x: tf.Tensor) -> tf.Tensor:
    return x * ops.rsqrt(ops.sum(x**2, axis=-1, keepdims=True) + 1e-12)


def _louder(variable: Any, factor: int) -> tf.Tensor:
    """The same value; its gradient is multiplied by ``factor``."""
    x = ops.convert_to_tensor(variable)
    return x + (factor - 1) * (x - ops.stop_gradient(x))
