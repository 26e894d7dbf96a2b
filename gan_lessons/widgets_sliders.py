"""Latent sliders for a live kernel: the Keras model itself paints."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons import data, directions, latent, widgets_draw
from gan_lessons.errors import InputError


def latent_sliders(
    generator: Any, discriminator: Any = None, *, count: int = 8, seed: int = 0
) -> Any:
    """Sliders along a generator's principal directions, for a live kernel.

    Args:
        generator: any Keras model from latents ``(B, d)`` to pictures in [-1, 1].
        discriminator: shows its output for the picture.
        count: how many sliders.
        seed: of the first picture and of the directions.

    Returns:
        An ipywidgets box; its ``latent`` is the vector in view, float32 ``(d,)``.
    """
    import ipywidgets

    if len(getattr(generator, "output_shape", ())) != 4:
        raise InputError(
            f"{generator.name!r} paints no pictures: give a generator of pictures, such as a "
            "game's ema_generator."
        )
    dim = int(generator.input_shape[-1])
    found = directions.principal(generator, min(count, dim), seed=seed)
    basis = np.stack([d.vector for d in found])  # (count, d), perpendicular rows of length 1
    start = latent.vectors(1, dim, seed)[0]
    random = np.random.default_rng(seed)
    picture, verdict = ipywidgets.HTML(), ipywidgets.HTML()
    sliders = [
        ipywidgets.FloatSlider(
            0.0, min=-4, max=4, step=0.05, description=f"{i + 1}: {d.name}",
            style={"description_width": "15em"}, layout={"width": "32em"},
        )
        for i, d in enumerate(found)
    ]  # fmt: skip
    buttons = [ipywidgets.Button(description=text) for text in ("Random", "Undo", "Reset")]
    box = ipywidgets.HBox(
        [
            ipywidgets.VBox([picture, verdict, ipywidgets.HBox(buttons)]),
            ipywidgets.VBox(sliders),
        ],
        layout={"flex_flow": "row wrap"},
    )
    past: list[np.ndarray] = []
    busy = False

    def paint() -> None:
        image = latent.generate(generator, box.latent[None])
        alt = "The generator's picture of this latent vector"
        picture.value = widgets_draw.picture(data.to_uint8(image)[0], alt)
        if discriminator is not None:
            score = float(np.asarray(discriminator(image, training=False))[0, 0])
            verdict.value = f"The dealer's output: {score:+.2f}"

    def show(vector: np.ndarray) -> None:
        nonlocal busy
        busy = True
        box.latent = np.asarray(vector, np.float32)
        for slider, value in zip(sliders, basis @ box.latent, strict=True):
            slider.value = float(value)
        busy = False
        paint()

    def moved(_: Any) -> None:
        if busy:
            return
        past.append(box.latent)
        wanted = np.array([slider.value for slider in sliders], np.float32)
        box.latent = (box.latent + (wanted - basis @ box.latent) @ basis).astype(np.float32)
        paint()

    def jump(vector: np.ndarray) -> None:
        past.append(box.latent)
        show(vector)

    buttons[0].on_click(lambda _: jump(random.standard_normal(dim, dtype=np.float32)))
    buttons[1].on_click(lambda _: show(past.pop()) if past else None)
    buttons[2].on_click(lambda _: jump(start))
    show(start)
    for slider in sliders:
        slider.observe(moved, "value")
    return box
