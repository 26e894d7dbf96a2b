"""Drawn frogs: eight species with known factors, so that what a GAN learns can be measured.

Every frog is drawn from signed distances (negative inside a shape, in units of the picture's
half-width), which makes all edges smooth, and shaded from the same distances. All frogs of a
chunk are drawn at once with NumPy; each has random numbers of its own, so that the first k of n
frogs do not depend on n.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, fields

import numpy as np

from gan_lessons.counts import whole
from gan_lessons.errors import InputError

SPECIES = (
    "pond frog", "tree frog", "toad", "dart frog", "glass frog", "horned frog", "reed frog",
    "night frog",
)  # fmt: skip

# hue, saturation, lightness of the back; body width, body height, head size, spots' darkness
_LOOK = np.array([
    [0.30, 0.60, 0.42, 0.46, 0.36, 0.33, -0.45],  # pond frog: green, dark spots
    [0.38, 0.85, 0.50, 0.34, 0.44, 0.30, 0.00],   # tree frog: bright, slim, red eyes
    [0.09, 0.45, 0.36, 0.58, 0.42, 0.36, -0.35],  # toad: brown, broad, warts
    [0.60, 0.90, 0.48, 0.38, 0.36, 0.30, -0.95],  # dart frog: blue with black patches
    [0.24, 0.45, 0.72, 0.40, 0.38, 0.34, 0.30],   # glass frog: pale, light spots
    [0.07, 0.70, 0.45, 0.60, 0.46, 0.46, -0.55],  # horned frog: round, orange, horns
    [0.14, 0.90, 0.55, 0.32, 0.40, 0.28, 0.55],   # reed frog: yellow with pale stripes
    [0.76, 0.40, 0.34, 0.44, 0.38, 0.36, 0.45],   # night frog: violet, bright spots
])  # fmt: skip
_EYE = np.array([
    [0.95, 0.80, 0.25], [0.90, 0.15, 0.10], [0.85, 0.60, 0.20], [0.10, 0.10, 0.12],
    [0.95, 0.90, 0.70], [0.80, 0.70, 0.30], [0.75, 0.30, 0.15], [0.90, 0.95, 0.55],
])  # fmt: skip
_GROUND = np.array([  # above and below the horizon: pond, meadow, soil, night
    [[0.55, 0.75, 0.85], [0.16, 0.42, 0.50]],
    [[0.80, 0.88, 0.70], [0.36, 0.55, 0.22]],
    [[0.87, 0.80, 0.70], [0.48, 0.36, 0.25]],
    [[0.10, 0.12, 0.26], [0.05, 0.16, 0.18]],
])  # fmt: skip
_CHUNK = 64  # frogs at once: their pictures stay in the processor's cache


@dataclass(frozen=True)
class Factors:
    """What decided each drawing; every array has one entry a frog.

    Attributes:
        species: int 0 to 7, an index of ``SPECIES``.
        hue: shift of the species' colour, -0.04 to 0.04 of the colour circle.
        size: 0.8 (small) to 1.12 (large).
        x, y: place of the body's middle, -0.18 to 0.18 of the half-width; y grows downwards.
        turn: the way the frog leans, -0.35 to 0.35 radians.
        gaze: where the pupils look, -1 (left) to 1 (right).
        spots: strength of the pattern, 0.4 to 1.
        background: int 0 to 3: pond, meadow, soil, night.
        light: brightness of the scene, 0.82 to 1.1.
    """

    species: np.ndarray
    hue: np.ndarray
    size: np.ndarray
    x: np.ndarray
    y: np.ndarray
    turn: np.ndarray
    gaze: np.ndarray
    spots: np.ndarray
    background: np.ndarray
    light: np.ndarray

    def __len__(self) -> int:
        return len(self.species)

    def __getitem__(self, which: object) -> Factors:
        return Factors(*(getattr(self, f.name)[which] for f in fields(self)))


_RANGES = {
    "hue": (-0.04, 0.04), "size": (0.8, 1.12), "x": (-0.18, 0.18), "y": (-0.12, 0.18),
    "turn": (-0.35, 0.35), "gaze": (-1, 1), "spots": (0.4, 1.0), "light": (0.82, 1.1),
}  # fmt: skip


def random_factors(n: int, seed: int = 0) -> tuple[Factors, np.ndarray]:
    """Factors of ``n`` frogs, and the places of their spots ``(n, 7, 3)``: x, y, radius."""
    draws = np.random.default_rng(seed).random((whole("n", n), 31))
    values = {
        name: low + (high - low) * draws[:, i]
        for i, (name, (low, high)) in enumerate(_RANGES.items())
    }
    places = draws[:, 10:].reshape(n, 7, 3)
    spots = np.stack(
        [places[..., 0] * 1.5 - 0.75, places[..., 1] * 1.3 - 0.55, 0.12 + 0.13 * places[..., 2]], -1
    )
    factors = Factors(
        species=(draws[:, 8] * len(SPECIES)).astype(int),
        background=(draws[:, 9] * len(_GROUND)).astype(int),
        **values,
    )
    return factors, spots


def sketch_frogs(n: int, seed: int = 0, *, image_size: int = 32) -> tuple[np.ndarray, Factors]:
    """Draw ``n`` different frogs.

    Args:
        n: how many, at least 1.
        seed: the same seed gives the same frogs, and the first k of n do not depend on n.
        image_size: pixels, at least 8.

    Returns:
        float32 ``(n, image_size, image_size, 3)`` in [-1, 1], and their factors.
    """
    if image_size < 8:
        raise InputError(f"The image size is {image_size}: a frog needs at least 8 pixels.")
    factors, spots = random_factors(n, seed)
    return draw(factors, spots, image_size=image_size), factors


def draw(factors: Factors, spots: np.ndarray, *, image_size: int = 32) -> np.ndarray:
    """Draw frogs with given factors.

    Args:
        factors: what they look like.
        spots: ``(n, 7, 3)``, x, y and radius of each spot in units of the body.
        image_size: pixels.

    Returns:
        float32 ``(n, image_size, image_size, 3)`` in [-1, 1].
    """
    pictures = np.empty((len(factors), image_size, image_size, 3), np.float32)
    for i in range(0, len(factors), _CHUNK):
        part = slice(i, i + _CHUNK)
        pictures[part] = _draw(factors[part], spots[part].astype(np.float32), image_size)
    return pictures


def _column(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float32)[:, None, None]


Values = np.ndarray | float


class _Canvas:
    """Pictures in the making: colours ``(n, s, s, 3)`` in [0, 1]."""

    def __init__(self, n: int, size: int) -> None:
        self.pixel = 2 / size
        ticks = (np.arange(size, dtype=np.float32) + 0.5) * self.pixel - 1
        self.x = np.broadcast_to(ticks[None, None, :], (n, size, size))
        self.y = np.broadcast_to(ticks[None, :, None], (n, size, size))
        self.colours = np.zeros((n, size, size, 3), np.float32)

    def paint(
        self, distance: np.ndarray, colour: np.ndarray, opacity: np.ndarray | float = 1.0
    ) -> None:
        """Cover what is inside; edges are one pixel soft."""
        cover = np.clip(0.5 - distance / self.pixel, 0, 1) * opacity
        self.colours += cover[..., None] * (colour - self.colours)


def _ellipse(x: np.ndarray, y: np.ndarray, rx: Values, ry: Values) -> np.ndarray:
    """Signed distance to an ellipse, to first order: f / |grad f| with f = |p / r| - 1."""
    k = np.sqrt((x / rx) ** 2 + (y / ry) ** 2) + 1e-6
    slope = np.sqrt((x / rx**2) ** 2 + (y / ry**2) ** 2) / k + 1e-6
    return (k - 1) / slope


def _segment(
    x: np.ndarray,
    y: np.ndarray,
    a: tuple[Values, Values],
    b: tuple[Values, Values],
    r: Values,
) -> np.ndarray:
    """Signed distance to a stroke from ``a`` to ``b`` with radius ``r``."""
    px, py, bx, by = x - a[0], y - a[1], b[0] - a[0], b[1] - a[1]
    t = np.clip((px * bx + py * by) / (bx**2 + by**2 + 1e-6), 0, 1)
    return np.hypot(px - t * bx, py - t * by) - r


def _back(factors: Factors) -> np.ndarray:
    """The colour of each back, ``(n, 1, 1, 3)``."""
    looks = _LOOK[factors.species]
    rgb = [
        colorsys.hls_to_rgb((h + shift) % 1, li, s)
        for (h, s, li), shift in zip(looks[:, :3], factors.hue, strict=True)
    ]
    return np.array(rgb, np.float32)[:, None, None, :]


def _background(canvas: _Canvas, factors: Factors) -> None:
    ground = _GROUND[factors.background].astype(np.float32)
    above, below = ground[:, 0][:, None, None], ground[:, 1][:, None, None]
    horizon = _column(0.05 + 0.4 * factors.y)
    depth = np.clip((canvas.y - horizon) / 0.25 + 0.5, 0, 1)[..., None]
    canvas.colours[:] = above + (below - above) * depth
    # ripples, blades or pebbles, finer towards the horizon
    phase = _column(factors.turn) * 9
    ripple = np.sin(canvas.x * 5 + phase) * np.sin(canvas.y * 17 + canvas.x * 3 + phase)
    canvas.colours += (0.05 * ripple * depth[..., 0])[..., None]
    x, y = _column(factors.x), _column(factors.y)
    on_pond = _column(factors.background == 0)
    pad = _ellipse(canvas.x - x, canvas.y - y - 0.62, 0.86, 0.24)
    canvas.paint(pad, np.array([0.28, 0.52, 0.24], np.float32), on_pond)
    shadow = _ellipse(canvas.x - x, canvas.y - y - 0.58, 0.6, 0.13)
    canvas.paint(shadow - 0.04, np.zeros(3, np.float32), 0.35)


def _draw(factors: Factors, spots: np.ndarray, size: int) -> np.ndarray:
    canvas = _Canvas(len(factors), size)
    _background(canvas, factors)
    look = _LOOK[factors.species].astype(np.float32)
    width, height, head = (_column(look[:, i]) for i in (3, 4, 5))
    scale, species = _column(factors.size), factors.species
    back = _back(factors)
    belly = 0.45 * back + 0.55 * np.array([0.98, 0.95, 0.80], np.float32)
    dark = 0.55 * back

    # the frog's own coordinates: moved, leaned, scaled
    dx, dy = canvas.x - _column(factors.x), canvas.y - _column(factors.y)
    cos, sin = np.cos(_column(factors.turn)), np.sin(_column(factors.turn))
    # it leans about its feet, so that it does not float
    dy = dy - 0.5
    x, y = (cos * dx + sin * dy) / scale, (cos * dy - sin * dx) / scale + 0.5
    side = np.abs(x)  # frogs are symmetric: both sides at once

    body = _ellipse(x, y - 0.16, width, height)
    thigh = _ellipse(side - width * 0.92, y - 0.36, width * 0.42, 0.2)
    foot = _ellipse(side - width * 1.12, y - 0.56, 0.23, 0.065)
    arm = _segment(side, y, (width * 0.55, 0.22), (width * 0.5, 0.56), 0.07)
    hand = _ellipse(side - width * 0.52, y - 0.58, 0.14, 0.05)
    skull = _ellipse(x, y + 0.2, head * 1.18, head * 0.82)

    def paint(distance: np.ndarray, colour: np.ndarray, opacity: np.ndarray | float = 1.0) -> None:
        canvas.paint(distance * scale, colour, opacity)

    paint(foot, dark)
    paint(thigh - 0.025, 0.6 * dark)
    paint(thigh, 0.92 * back)
    trunk = np.minimum(body, skull)
    paint(trunk - 0.03, 0.5 * dark)  # outline
    # light falls from above left: brighter where the surface looks up
    shade = np.clip(1.08 - 0.28 * (y + 0.1) - 0.16 * x, 0.6, 1.3)[..., None]
    canvas_back = np.clip(back * shade, 0, 1)
    paint(trunk, canvas_back)

    strength = _column(look[:, 6] * factors.spots)
    ink = np.where(strength[..., None] < 0, 0.15 * back, 0.25 * back + 0.75)
    striped = _column(species == 6)
    for k in range(7):
        sx, sy, sr = (_column(spots[:, k, j]) for j in range(3))
        spot = np.hypot(x - sx * width, y - sy * height - 0.06) - sr * (0.6 + 0.8 * width)
        paint(np.maximum(spot, trunk + 0.03), ink, np.abs(strength) * (1 - striped))
    stripe = np.abs(side - width * 0.5) - 0.05
    paint(np.maximum(stripe, trunk + 0.03), ink, np.abs(strength) * striped)
    chest = _ellipse(x, y - 0.27, width * 0.6, height * 0.62)
    paint(np.maximum(chest, body + 0.04), np.clip(belly * shade, 0, 1), 0.9)
    paint(arm - 0.02, 0.6 * dark)
    paint(arm, 0.95 * canvas_back)
    paint(
        hand,
        np.where((species == 1)[:, None, None, None], np.array([0.95, 0.5, 0.2], np.float32), dark),
    )

    # mouth: a wide arc; nostrils are too small for 32 pixels
    mouth = np.abs(y + 0.06 - 0.16 * (1 - (x / (head * 1.1)) ** 2) + 0.03) - 0.014
    paint(np.maximum(mouth, np.abs(x) - head * 0.85), 0.35 * dark)

    horned = _column(species == 5)
    horn = _segment(
        side,
        y,
        (head * 0.55, -0.42),
        (head * 0.95, -0.68),
        0.055,
    )
    paint(horn, dark, horned)
    bulge = np.where(_column(species == 5), 0.13, np.where(_column(species == 1), 0.2, 0.17))
    ex, ey = head * 0.72, -(0.2 + head * 0.62)
    lid = np.hypot(side - ex, y - ey) - bulge.astype(np.float32)
    paint(lid - 0.025, 0.5 * dark)
    paint(lid, canvas_back)
    iris = np.hypot(side - ex, y - ey) - (bulge - 0.045).astype(np.float32)
    paint(iris, _EYE[species].astype(np.float32)[:, None, None, :])
    look_x = _column(factors.gaze) * 0.045
    for sign in (-1, 1):
        px, py = x - sign * ex - look_x, y - ey
        paint(
            _ellipse(px, py, 0.06, 0.075),
            np.array([0.04, 0.03, 0.03], np.float32),
        )
        paint(np.hypot(px + 0.03, py + 0.035) - 0.022, np.ones(3, np.float32))
    lit = canvas.colours * _column(factors.light)[..., None]
    return np.clip(lit, 0, 1) * 2 - 1
