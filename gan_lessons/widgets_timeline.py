"""The timeline of a run for a live kernel."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from gan_lessons import page_timeline, widgets_draw

if typing.TYPE_CHECKING:
    from gan_lessons.recording import Recording
    from gan_lessons.runs import Run


def timeline(run: Run | Recording, *, distance: Mapping[int, float] | None = None) -> Any:
    """A run to scrub through: frames, losses, scores and distance move together.

    Args:
        run: a run with frames and at least one checkpoint, or a recording of one.
        distance: distance to real pictures by step, where it was measured.

    Returns:
        An ipywidgets box; its ``slider`` holds the number of the frame in view.

    Raises:
        InputError: for a run without frames or checkpoints.
    """
    import ipywidgets

    told = page_timeline.parts(run, distance)
    last = len(told.steps) - 1
    slider = ipywidgets.IntSlider(last, min=0, max=last, description="Frame")
    play = ipywidgets.Play(value=last, min=0, max=last, interval=200, description="Play")
    ipywidgets.jslink((play, "value"), (slider, "value"))
    frame, when, charts = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()

    def show(_: Any = None) -> None:
        step = told.steps[slider.value]
        name = f"Step {step:,}"
        when.value = f"<b>{name}</b>"
        alt = f"{name}: what the generator paints from sixteen fixed vectors"
        frame.value = widgets_draw.picture(told.sheets[slider.value], alt)
        charts.value = "<br>".join(
            widgets_draw.chart(
                c["label"],
                c["steps"],
                {line["name"]: line["values"] for line in c["lines"]},
                told.last,
                step,
            )
            for c in told.charts
        )

    slider.observe(show, "value")
    show()
    left = ipywidgets.VBox([frame, when, ipywidgets.HBox([play, slider])])
    box = ipywidgets.HBox([left, charts], layout={"flex_flow": "row wrap"})
    box.slider = slider
    return box
