"""What a network is made of: its layers, their shapes, and where the work is.

Parameters are what is learnt and stored. Multiply-adds are what one picture costs: a product of a
weight and a number, added to a sum. Only products with a kernel are counted; biases, activations
and normalisation cost about one operation a number, which is hundreds of times less.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from gan_lessons.errors import InputError

FREE = (  # they have no kernel to multiply with
    "Activation", "Add", "AveragePooling2D", "BatchNormalization", "Concatenate", "Dropout",
    "Embedding", "Flatten", "GlobalAveragePooling2D", "LeakyReLU", "MaxPooling2D", "Multiply",
    "ReLU", "Reshape", "UpSampling2D",
)  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        name: the name within its model.
        kind: the name of its class, such as ``Conv2D``.
        shape: of its output for one picture, without the batch.
        parameters: how many numbers it holds, those of batch normalisation's statistics included.
        multiply_adds: how many it needs for one picture.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


class Layers(Sequence[Layer]):
    """The layers of a network, from its input to its output; as a cell's last line, a table.

    Attributes:
        title: the name of the network.
        parameters, multiply_adds: the sums over all layers.
    """

    def __init__(self, title: str, rows: Sequence[Layer]) -> None:
        self.title, self.rows = title, list(rows)
        self.parameters = sum(row.parameters for row in self.rows)
        self.multiply_adds = sum(row.multiply_adds for row in self.rows)

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Layer]: ...
    def __getitem__(self, index: int | slice) -> Layer | Sequence[Layer]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.rows)

    def __str__(self) -> str:
        lines = [f"{self.title:<24}{'output':>14}{'parameters':>13}{'M multiply-adds':>17}"]
        for row in self.rows:
            lines.append(
                f"{row.kind:<24}{_shape(row.shape):>14}"
                f"{_count(row.parameters):>13}{_millions(row.multiply_adds):>17}"
            )
        total = f"{self.parameters:>13,}{_millions(self.multiply_adds):>17}"
        return "\n".join([*lines, f"{'together':<38}{total}"])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="{_CELL};text-align:{side}">{text}</th>'
            for text, side in (
                ("layer", "left"), ("output", "right"), ("parameters", "right"),
                ("million multiply-adds", "right"),
            )
        )  # fmt: skip
        body = "".join(
            f'<tr><th scope="row" style="{_CELL};text-align:left;font-weight:400">'
            f'{html.escape(row.kind)}</th><td style="{_CELL};text-align:right;white-space:nowrap">'
            f"{_shape(row.shape).replace(' ', '')}</td>"
            + _bar(_count(row.parameters), row.parameters, self.parameters)
            + _bar(_millions(row.multiply_adds), row.multiply_adds, self.multiply_adds)
            + "</tr>"
            for row in self.rows
        )
        foot = (
            f'<tr style="font-weight:600"><th scope="row" style="{_CELL};text-align:left">together'
            f'</th><td style="{_CELL}"></td>{_bar(f"{self.parameters:,}", 0, 1)}'
            f"{_bar(_millions(self.multiply_adds), 0, 1)}</tr>"
        )
        title = html.escape(self.title.replace("_", " "))
        return (
            '<table class="gl-layers" style="font-size:.78rem;line-height:1.45;border-collapse:'
            'collapse"><caption style="caption-side:top;text-align:left;white-space:normal">'
            f"<strong>{title}</strong>, layer by layer, for one picture. A bar is a layer's share "
            f"of its column.</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
        )


_CELL = "padding:2px 3px"  # narrow, so that the table fits on a phone


def layers(model: Any) -> Layers:
    """Take a network apart.

    A kernel of k x k from c to d channels holds k k c d numbers. A convolution uses each of them
    once for every pixel that it *makes*, a transposed convolution once for every pixel that it
    *reads*; what padding or cropping saves at the edge is left out of account.

    Args:
        model: a built Keras model; models inside it are taken apart too.

    Returns:
        One row a layer, the input left out.

    Raises:
        InputError: for a model that is not built, or a layer that is not known here, naming it.
    """
    _built(model)
    return Layers(model.name, list(_rows(model)))


def outputs(model: Any, inputs: Any, kind: str | None = None) -> dict[str, np.ndarray]:
    """What the layers of a network answer on the way, outside training.

    Args:
        model: a built Keras model made of layers that each feed the next ones.
        inputs: for example latent vectors, float32 ``(B, latent_dim)``.
        kind: only layers of this class, such as ``"LeakyReLU"``; None takes all but the input.

    Returns:
        The layer's name to its output ``(B, ...)``, in the order of the layers.

    Raises:
        InputError: when the model is not built, or has no layer of that kind.
    """
    import keras

    _built(model)
    chosen = {
        layer.name: layer.output
        for layer in model.layers
        if type(layer).__name__ == kind or (kind is None and type(layer).__name__ != "InputLayer")
    }
    if not chosen:
        found = ", ".join(sorted({type(layer).__name__ for layer in model.layers}))
        raise InputError(f"{model.name!r} has no layer of the kind {kind!r}: it has {found}.")
    answers = keras.Model(model.input, list(chosen.values()))(inputs, training=False)
    answers = answers if isinstance(answers, (list, tuple)) else [answers]
    return {name: np.asarray(answer) for name, answer in zip(chosen, answers, strict=True)}


def _built(model: Any) -> None:
    if not getattr(model, "built", False) or not getattr(model, "layers", None):
        raise InputError(
            f"{getattr(model, 'name', model)!r} has no layers with shapes yet: give a Keras model "
            "that is built, for instance by calling it once."
        )


def _rows(model: Any) -> Iterator[Layer]:
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        if getattr(layer, "layers", None):
            yield from _rows(layer)
            continue
        read, made = tuple(layer.input.shape[1:]) if _single(layer) else (), layer.output.shape[1:]
        yield Layer(
            layer.name, kind, tuple(made), layer.count_params(), _work(layer, read, tuple(made))
        )


def _single(layer: Any) -> bool:
    return not isinstance(layer.input, (list, tuple))


def _work(layer: Any, read: tuple[int, ...], made: tuple[int, ...]) -> int:
    """Multiply-adds of a layer for one picture."""
    inner = getattr(layer, "layer", layer)  # of a wrapper, such as spectral normalisation
    kind = type(inner).__name__
    if kind in FREE:
        return 0
    if kind == "Dense":
        return math.prod(made) * read[-1]
    if kind in ("Conv2D", "Conv2DTranspose"):
        places = read[:2] if kind == "Conv2DTranspose" else made[:2]
        return math.prod(places) * math.prod(inner.kernel.shape)
    raise InputError(f"The layer {layer.name!r} is a {kind}, whose multiply-adds are not known.")


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _count(n: int) -> str:
    return f"{n:,}" if n else "–"


def _millions(n: int) -> str:
    return f"{n / 1e6:,.{1 if n >= 1e5 else 3}f}" if n else "–"


def _bar(text: str, part: int, whole: int) -> str:
    share = 100 * part / whole if whole else 0
    bar = f"background:linear-gradient(90deg,rgba(59,130,196,.28) {share:.1f}%,transparent 0)"
    title = f' title="{share:.1f} %"' if part else ""
    return f'<td style="{_CELL};text-align:right;{bar}"{title}>{text}</td>'
