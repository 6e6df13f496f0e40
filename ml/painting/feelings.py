"""The little signs beside a head that comics have for feelings."""

import numpy as np

from ml.painting.figure import Figure
from ml.painting.shapes import EVEN, FADING, at, bow, curve, ellipse

_HEART = ((0, -0.35), (0.55, -0.85), (1.0, -0.3), (0.5, 0.45), (0, 0.95), (-0.5, 0.45), (-1.0, -0.3), (-0.55, -0.85))
_DROP = ((0.0, -0.20), (0.11, 0.06), (0.0, 0.17), (-0.11, 0.06))
_PALE = (255, 252, 245)


def paint_feeling(figure: Figure) -> None:
    """Paint the sign of the mood, on the side away from the light; not every mood has one."""
    side, mood = -figure.light, figure.mood
    if mood.brows == "cross":
        _vein(figure, side)
    elif mood.mouth == "gasp":
        _start(figure, side)
    elif mood.brows == "worried":
        _drop(figure, side)
    elif mood.lids in {"happy", "closed"}:
        _hearts(figure, side)


def _vein(figure: Figure, side: float) -> None:
    for turn in range(4):
        angle = np.radians(45 + 90 * turn)
        middle = (side * 1.48 + 0.22 * np.cos(angle), -0.80 + 0.22 * np.sin(angle))
        arc = ellipse(middle, (0.14, 0.14), start=90 * turn + 155, end=90 * turn + 295, steps=10)
        figure.head.stroke(arc, (236, 62, 70), 0.06, profile=EVEN)


def _start(figure: Figure, side: float) -> None:
    for angle, near, far in ((0.35, 1.75, 2.10), (0.62, 1.80, 2.20), (0.88, 1.85, 2.12)):
        x, y = side * np.sin(angle), -np.cos(angle)
        figure.head.stroke(bow((near * x, near * y), (far * x, far * y)), (255, 214, 92), 0.10, profile=FADING)


def _drop(figure: Figure, side: float) -> None:
    x, y = side * 0.98, -0.42
    drop = curve(_DROP, closed=True) + at((x, y))
    figure.head.outline(drop, (86, 140, 200), 0.03, depth=0.5)
    figure.head.fill(drop, (176, 220, 250), depth=0.5)
    figure.head.stroke(bow((x - 0.05, y + 0.04), (x - 0.03, y + 0.12), 0.2), _PALE, 0.04, depth=0.5)


def _hearts(figure: Figure, side: float) -> None:
    for x, y, size in ((side * 1.42, -1.30, 0.17), (side * 1.66, -0.86, 0.11)):
        figure.head.fill(curve(_HEART, closed=True) * size + at((x, y)), (250, 120, 150))
        glint = bow((x - 0.5 * size, y - 0.35 * size), (x - 0.3 * size, y - 0.5 * size))
        figure.head.stroke(glint, _PALE, 0.3 * size)
