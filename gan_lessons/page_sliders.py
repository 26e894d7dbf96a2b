"""Latent sliders for a page without Python behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_lessons import directions, export, fragment, latent
from gan_lessons.errors import InputError

ENGINE = ["engine/half.js", "engine/kernels.js", "engine/engine.js"]
PARTS = ["dom", "latent", "picture", "link", "dealer", "sliders"]


def latent_sliders(
    generator: Any,
    discriminator: Any = None,
    *,
    title: str = "Turn the generator's knobs",
    note: str = "Every slider is one way to move the latent vector. The small pictures show where "
    "it leads. The network runs here, in your browser.",
    what: str = "A picture",
    seed: int = 0,
    count: int = 8,
    along: Sequence[directions.Direction] | None = None,
) -> fragment.Fragment:
    """A generator with sliders, as one self-contained piece of HTML.

    Args:
        generator: a Keras model made with ``models`` or ``article``.
        discriminator: a model that judges the picture; its score is shown. Adds its weights.
        title, note: the words above it.
        what: what a picture shows, for readers who do not see it, such as "A frog".
        seed: of the first picture and of the directions.
        count: how many directions get a slider.
        along: the directions, each of length 1; None finds ``count`` with ``directions.principal``.

    Returns:
        What a cell shows; ``save`` writes it as a page.

    Raises:
        InputError: for a layer that the page cannot run, naming it, or a network of another shape.
    """
    exported = export.export(generator)
    if len(exported.input_shape) != 1 or exported.output_shape[2:] != (3,):
        raise InputError(
            f"The generator {generator.name!r} maps {exported.input_shape} to "
            f"{exported.output_shape}: sliders need a latent vector in and a picture (H, W, 3) out."
        )
    judge = None
    if discriminator is not None:
        judge = export.export(discriminator)
        if judge.input_shape != exported.output_shape or judge.output_shape != (1,):
            raise InputError(
                f"The discriminator {discriminator.name!r} maps {judge.input_shape} to "
                f"{judge.output_shape}: for this generator it must map {exported.output_shape} to "
                "one number."
            )
    dim = exported.input_shape[0]
    if along is None:
        found = directions.principal(generator, min(count, dim), seed=seed)
    else:
        found = list(along)
        if not found or any(d.vector.shape != (dim,) for d in found):
            raise InputError(
                f"The directions have shapes {sorted({d.vector.shape for d in found})}: give at "
                f"least one, and each with {dim} numbers, as many as a latent vector has."
            )
    z = latent.vectors(8, dim, seed)
    last = judge.layers[-1] if judge else {}
    data = {
        "generator": exported.about(),
        "discriminator": judge.about() if judge else None,
        "probability": last.get("name") == "sigmoid",
        "start": np.round(z[0].astype(float), 4).tolist(),
        "directions": [
            {
                "name": f"{i + 1} · {d.name}",
                "low": d.low,
                "high": d.high,
                "vector": np.round(d.vector.astype(float), 5).tolist(),
            }
            for i, d in enumerate(found)
        ],
        "title": title,
        "note": note,
        "what": what,
    }
    body = fragment.widget(
        "sliders",
        data,
        styles=[fragment.read("sliders/look.css"), fragment.read("sliders/sliders.css")],
        scripts=[
            *map(fragment.read, ENGINE),
            fragment.wasm("engine/gemm.wasm"),
            *(fragment.read(f"sliders/{part}.js") for part in PARTS),
        ],
        still=fragment.picture(latent.generate(generator, z), 4),
        alt=f"{title}. Eight pictures by the generator, from eight random vectors. The sliders "
        "need JavaScript.",
        label=title,
    )
    weights = "".join(fragment.weights(e.digest, e.text()) for e in (exported, judge) if e)
    return fragment.Fragment(weights + body, title)
