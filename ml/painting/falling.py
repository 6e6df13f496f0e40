"""What falls or floats between the viewer and the figures."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from ml.painting.canvas import Canvas
from ml.painting.shapes import Pair, Points, Rng, bow, ellipse, mirrored, shade, star

Falling = Literal["petals", "snow", "leaves", "sparkles", "nothing"]


def paint_falling(canvas: Canvas, falling: Falling, rng: Rng, *, keep_off: Points) -> None:
    """Paint what falls or floats between the viewer and the figures.

    `keep_off`: rows of x, y and reach in working pixels, circles that nothing falls through.
    """
    size = min(canvas.width, canvas.height)
    for _ in range({"petals": 30, "snow": 46, "leaves": 18, "sparkles": 22, "nothing": 0}[falling]):
        place = rng.random(2) * (canvas.width, canvas.height)
        near = np.hypot(*(keep_off[:, :2] - place).T) < keep_off[:, 2]
        if not near.any():
            _PIECES[falling](canvas, (place[0], place[1]), size, rng)


def _petal(canvas: Canvas, place: Pair, size: float, rng: Rng) -> None:
    angle, reach = rng.uniform(0, 6.28), rng.uniform(0.012, 0.022) * size
    tip = (place[0] + 2 * reach * np.cos(angle), place[1] + 2 * reach * np.sin(angle))
    canvas.stroke(bow(place, tip, 0.25), (250, 172, 198), 1.3 * reach)


def _flake(canvas: Canvas, place: Pair, size: float, rng: Rng) -> None:
    reach = rng.uniform(0.003, 0.009) * size
    canvas.fill(ellipse(place, (reach, reach), steps=14), (255, 255, 255))


_MAPLE = (
    (0.0, -1.0), (0.20, -0.45), (0.48, -0.66), (0.42, -0.26), (0.98, -0.22),
    (0.58, 0.10), (0.66, 0.44), (0.16, 0.34), (0.05, 0.36), (0.05, 0.85),
)  # fmt: skip


def _leaf(canvas: Canvas, place: Pair, size: float, rng: Rng) -> None:
    paint = ((224, 84, 48), (240, 150, 50), (206, 60, 54))[rng.integers(3)]
    angle, reach = rng.uniform(-1.0, 1.0), rng.uniform(0.030, 0.050) * size
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    leaf = mirrored(_MAPLE) @ spin * reach + place
    canvas.outline(leaf, shade(paint), 0.004 * size)
    canvas.fill(leaf, paint)


def _sparkle(canvas: Canvas, place: Pair, size: float, rng: Rng) -> None:
    canvas.fill(star(place, rng.uniform(0.015, 0.045) * size, tips=4, inner=0.22), (255, 253, 232))


_PIECES: dict[Falling, Callable[[Canvas, Pair, float, Rng], None]] = {
    "petals": _petal,
    "snow": _flake,
    "leaves": _leaf,
    "sparkles": _sparkle,
}
