"""What the live widgets show: pictures, points and line charts, as HTML."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence

import numpy as np

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 440, 130, 48, 8, 20
#: purple for the painter, grey for the dealer, as in the page; blue is real, orange is forged
COLOURS = {"painter": "#7a3e9d", "dealer": "#5b6871", "real": "#1b5e86", "forged": "#b3471d"}


def picture(sheet: np.ndarray, alt: str, width: int = 288) -> str:
    """A picture as an ``<img>``.

    Args:
        sheet: uint8 ``(H, W, 3)``.
        alt: its description.
        width: in CSS pixels; each pixel stays a square.
    """
    from PIL import Image

    buffer = io.BytesIO()
    scale = max(1, round(width / sheet.shape[1]))
    size = (sheet.shape[1] * scale, sheet.shape[0] * scale)
    Image.fromarray(sheet).resize(size, Image.Resampling.NEAREST).save(buffer, "PNG")
    text = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<img width="{width}" alt="{html.escape(alt, quote=True)}" '
        f'src="data:image/png;base64,{text}">'
    )


def points(xy: np.ndarray, alt: str, width: int = 288) -> str:
    """Points in the plane as an ``<svg>``; the square reaches as far as the points do.

    Args:
        xy: float ``(N, 2)``.
        alt: its description.
        width: in CSS pixels.
    """
    reach = max(1.5, float(np.abs(xy[np.isfinite(xy).all(1)]).max(initial=0)))
    dots = "".join(
        f'<circle cx="{x:.3f}" cy="{-y:.3f}" r="{0.012 * reach:.3f}"/>'
        for x, y in xy
        if np.isfinite(x + y)
    )
    return (
        f'<svg width="{width}" role="img" aria-label="{html.escape(alt, quote=True)}" '
        f'viewBox="{-reach} {-reach} {2 * reach} {2 * reach}" fill="{COLOURS["forged"]}">'
        f"{dots}</svg>"
    )


def _value(at: np.ndarray, y: np.ndarray, now: float) -> str:
    """In words; where it was not measured near ``now``, with the step where it was."""
    if not len(at):
        return "unknown"
    nearest = int(np.abs(at - now).argmin())
    value = float(y[nearest])
    if not np.isfinite(value):
        return "unknown"
    away = abs(at[nearest] - now) > 0.1 * max(now, 10)
    return f"{value:.{3 if 0 < abs(value) < 0.1 else 2}f}" + (
        f" (at step {at[nearest]:,.0f})" if away else ""
    )


def chart(
    title: str,
    steps: Sequence[float],
    lines: Mapping[str, Sequence[float | None]],
    last: float | None = None,
    now: float | None = None,
) -> str:
    """A small line chart as an ``<svg>``; its words name the lines with their values at ``now``.

    Args:
        title: what is drawn.
        steps: where, rising.
        lines: name to as many values as steps; None, NaN and infinity are left out.
        last: the step at the right edge; None takes the last one.
        now: a step to mark; None takes the last one.
    """
    at = np.asarray(steps, float)
    last = max(float(last if last is not None else at.max(initial=1)), 1.0)
    now = last if now is None else now
    values = {name: np.array([np.nan if v is None else v for v in y]) for name, y in lines.items()}
    known = np.concatenate([v[np.isfinite(v)] for v in values.values()] or [np.zeros(0)])
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    high = high if high - low > 1e-9 else low + 1
    x = LEFT + (WIDTH - LEFT - 8) * at / last
    parts, words = [], []
    for i, (name, y) in enumerate(values.items()):
        height = TOP + (HEIGHT - TOP - BOTTOM) * (1 - (y - low) / (high - low))
        path = " ".join(
            f"{a:.1f},{b:.1f}" for a, b in zip(x, height, strict=True) if np.isfinite(b)
        )
        colour, dash = COLOURS.get(name, "#22303a"), ' stroke-dasharray="6 4"' if i else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        words.append(f"{name} {_value(at, y, now)}")
    mark = LEFT + (WIDTH - LEFT - 8) * now / last
    label = f"{title} over the steps of training: {', '.join(words)}"
    return (
        f"<b>{html.escape(title)}</b> {html.escape(', '.join(words))}<br>"
        f'<svg width="{WIDTH}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" style="max-width:100%" '
        f'aria-label="{html.escape(label, quote=True)}" font-size="12" fill="currentColor">'
        f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" '
        'stroke="currentColor" stroke-dasharray="3 3"/>'
        f'<text x="{LEFT - 6}" y="{TOP + 8}" text-anchor="end">{high:.2f}</text>'
        f'<text x="{LEFT - 6}" y="{HEIGHT - BOTTOM}" text-anchor="end">{low:.2f}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 4}">step 0</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 4}" text-anchor="end">{last:,.0f}</text>'
        f"{''.join(parts)}</svg>"
    )
