"""The timeline of a run for a page without Python behind it."""

from __future__ import annotations

import base64
import io
import itertools
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons import fragment
from gan_lessons.errors import InputError
from gan_lessons.frames import join_grid

if typing.TYPE_CHECKING:
    from gan_lessons.recording import Recording
    from gan_lessons.runs import Run

POINTS = 400  # of each line in a chart
MOST_FRAMES = 80
PICTURE_BYTES = 1_000_000  # of all frames together, in base64


def timeline(
    run: Run | Recording,
    *,
    distance: Mapping[int, float] | None = None,
    title: str = "From noise to pictures",
    note: str = "Sixteen fixed latent vectors, painted again and again while the generator learns.",
) -> fragment.Fragment:
    """A run to scrub through: frames, losses, scores and distance move together.

    Args:
        run: a run with frames and at least one checkpoint, or a recording of one.
        distance: distance to real pictures by step, where it was measured.
        title, note: the words above it.

    Returns:
        What a cell shows; ``save`` writes it as a page.

    Raises:
        InputError: for a run without frames or checkpoints.
    """
    told = parts(run, distance)
    pictures = _encode(told.sheets)
    data = {
        "title": title,
        "note": note,
        "width": told.sheets[0].shape[1],
        "height": told.sheets[0].shape[0],
        "frames": [
            {"step": step, "picture": address}
            for step, address in zip(told.steps, pictures, strict=True)
        ],
        "charts": told.charts,
    }
    body = fragment.widget(
        "timeline",
        data,
        styles=[fragment.read("sliders/look.css"), fragment.read("timeline/timeline.css")],
        scripts=[
            fragment.read(name)
            for name in ("sliders/dom.js", "timeline/chart.js", "timeline/timeline.js")
        ],
        still=pictures[-1],
        alt=f"{title}. What the generator painted from sixteen fixed latent vectors at step "
        f"{told.steps[-1]:,}. The timeline needs JavaScript.",
        label=title,
    )
    return fragment.Fragment(body, title)


@dataclass(frozen=True)
class Parts:
    """What a timeline shows, in the page and in a live kernel.

    Attributes:
        steps: of the frames.
        sheets: a frame each, uint8 ``(H, W, 3)``.
        charts: label, steps and lines of each.
    """

    steps: list[int]
    sheets: list[np.ndarray]
    charts: list[dict[str, Any]]

    @property
    def last(self) -> int:
        """The right end of every chart's axis."""
        return max(self.steps[-1], *(c["steps"][-1] for c in self.charts))


def parts(run: Run | Recording, distance: Mapping[int, float] | None = None) -> Parts:
    """Frames and charts of a run; no more of each than a reader can use.

    Raises:
        InputError: for a run without frames or checkpoints.
    """
    frames = run.frames()
    history = run.history()
    rounds = len(history["d_loss"])
    if not rounds:
        raise InputError(f"The run in {run.folder} has no history yet: train it first.")
    keep = np.flatnonzero(frames.steps <= max(rounds, frames.steps.min()))
    if len(keep) > MOST_FRAMES:
        keep = keep[np.linspace(0, len(keep) - 1, MOST_FRAMES).round().astype(int)]
    steps, thin = _thin(history)
    charts = [
        _chart("Losses", steps, thin, ("painter", "g_loss", "--gl-g"), ("dealer", "d_loss", "")),
        _chart(
            "The dealer's mean logits",
            steps,
            thin,
            ("real", "real_logit", "--gl-real"),
            ("forged", "fake_logit", "--gl-fake"),
        ),
    ]
    if distance:
        known = sorted(distance)
        values = {"distance": np.array([distance[s] for s in known], float)}
        charts.append(
            _chart("Distance to real pictures", known, values, ("distance", "distance", "--gl-ink"))
        )
    sheets = [join_grid(frames.images[i]) for i in keep]
    return Parts([int(frames.steps[i]) for i in keep], sheets, charts)


def _encode(sheets: list[np.ndarray]) -> list[str]:
    """The frames as JPEG with full colour resolution, as good as the room allows."""
    from PIL import Image

    out: list[str] = []
    for quality in (92, 88, 84, 78, 70, 60, 45, 30):
        out = []
        for sheet in sheets:
            buffer = io.BytesIO()
            Image.fromarray(sheet).save(
                buffer, "JPEG", quality=quality, subsampling=0, optimize=True
            )
            out.append("data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode())
        if sum(map(len, out)) <= PICTURE_BYTES:
            break
    return out


def _thin(history: dict[str, np.ndarray]) -> tuple[list[int], dict[str, np.ndarray]]:
    """Means over stretches that are equally long on a logarithmic scale."""
    rounds = len(history["d_loss"])
    edges = np.unique((np.geomspace(10, rounds + 10, POINTS + 1) - 10).round().astype(int))
    middles = [int((a + 1 + b) // 2) for a, b in itertools.pairwise(edges)]
    parts = {
        name: np.array([v[a:b].mean() for a, b in itertools.pairwise(edges)])
        for name, v in history.items()
    }
    return middles, parts


def _chart(
    label: str, steps: list[int], values: dict[str, np.ndarray], *lines: tuple[str, str, str]
) -> dict[str, Any]:
    return {
        "label": label,
        "steps": [int(s) for s in steps],
        "lines": [
            {
                "name": name,
                "colour": colour or "--gl-soft-ink",
                "dash": i > 0,
                "values": [round(float(v), 4) if np.isfinite(v) else None for v in values[column]],
            }
            for i, (name, column, colour) in enumerate(lines)
        ],
    }
