"""The face: skin, shadows, blush, nose and mouth."""

import numpy as np

from ml.painting.canvas import Mask
from ml.painting.figure import Figure
from ml.painting.pose import Mouth
from ml.painting.shapes import BLUNT, Pair, Points, at, bow, curve, ellipse, flipped, mix, taper

_INK = (120, 56, 52)
_HALF = (
    (0.0, -1.15), (0.70, -0.92), (0.96, -0.30), (0.965, 0.24), (0.88, 0.60), (0.62, 0.93), (0.30, 1.15), (0.0, 1.24),
)  # fmt: skip
_DARK_SIDE = np.concatenate(
    [curve([(0.80, -0.4), (0.86, 0.2), (0.70, 0.7), (0.2, 1.16)]), at((0.4, 1.4), (1.3, 0.9), (1.3, -0.4))]
)
_LIPS = taper((0.0, 0.5), (0.2, 0.8), (0.5, 0.7), (0.8, 0.8), (1.0, 0.5))
_CLOSED: dict[Mouth, tuple[Pair, ...]] = {
    "smile": ((-0.19, 0.90), (0.0, 0.965), (0.19, 0.90)),
    "flat": ((-0.12, 0.935), (0.0, 0.925), (0.12, 0.935)),
    "pout": ((-0.12, 0.96), (-0.04, 0.915), (0.05, 0.915), (0.12, 0.96)),
    "cat": ((-0.22, 0.88), (-0.15, 0.95), (-0.05, 0.945), (0.0, 0.89), (0.05, 0.945), (0.15, 0.95), (0.22, 0.88)),
}
_OPEN: dict[Mouth, tuple[Pair, ...]] = {
    "gasp": ((0.0, 0.84), (0.065, 0.87), (0.085, 0.96), (0.0, 1.06), (-0.085, 0.96), (-0.065, 0.87)),
    "talk": ((-0.15, 0.89), (0.0, 0.905), (0.15, 0.89), (0.10, 1.00), (0.0, 1.03), (-0.10, 1.00)),
    "laugh": ((-0.27, 0.84), (0.0, 0.885), (0.27, 0.84), (0.20, 1.02), (0.0, 1.11), (-0.20, 1.02)),
    "grin": ((-0.24, 0.875), (0.0, 0.91), (0.24, 0.855), (0.15, 0.99), (0.0, 1.02), (-0.14, 0.98)),
}


def face_outline(figure: Figure) -> Points:
    """The outline of the face in working pixels: the chin lies further in front than the cheeks."""
    shape = curve(_HALF + tuple((-x, y) for x, y in _HALF[-2:0:-1]), closed=True, steps=6)
    depth = 0.42 * np.clip((shape[:, 1] - 0.2) / 1.0, 0.0, 1.0) ** 1.5
    return figure.stance.head(shape, depth)


def paint_face(figure: Figure) -> Mask:
    """Paint ears and face without eyes and mouth; gives the mask of the face."""
    canvas, head = figure.head.canvas, figure.head
    if figure.character.hair == "short":
        _paint_ears(figure)
    outline = face_outline(figure)
    canvas.outline(outline, head.lit(figure.skin_line), 0.035 * head.unit)
    canvas.fill(outline, head.lit(figure.character.skin))
    mask = canvas.mask(outline)
    head.inside(flipped(_DARK_SIDE, -figure.light), figure.skin_shadow, mask, depth=0.25)
    _paint_blush(figure, mask)
    return mask


def _paint_ears(figure: Figure) -> None:
    head, skin = figure.head, figure.character.skin
    ear = curve([(0.90, 0.12), (1.06, 0.02), (1.12, 0.22), (1.02, 0.50), (0.88, 0.58)], closed=True)
    for side in (-1.0, 1.0):
        head.outline(flipped(ear, side), figure.skin_line, 0.04)
        head.fill(flipped(ear, side), skin)
        head.fill(flipped(ellipse((1.02, 0.26), (0.05, 0.12)), side), figure.skin_shadow)


def _paint_blush(figure: Figure, face: Mask) -> None:
    strength = figure.mood.blush
    for side in (-1.0, 1.0):
        figure.head.glow((side * 0.60, 0.68), (0.36, 0.24), (255, 110, 110), 0.25 + 0.45 * strength, mask=face)
        if strength > 0.5:
            for step in range(3):
                x = side * 0.60 + (step - 1) * 0.11
                hatch = at((x + 0.03, 0.62), (x - 0.03, 0.72))
                figure.head.stroke(hatch, (232, 92, 92), 0.03, depth=None, profile=BLUNT)


def paint_nose(figure: Figure) -> None:
    """A nose is a small shadow on the side away from the light, and a point of light."""
    skin, away = figure.character.skin, -figure.light
    tick = flipped(curve([(0.0, 0.60), (0.05, 0.69), (-0.01, 0.72)]), away)
    figure.head.stroke(tick, figure.skin_line, 0.035, depth=1.0)
    glint = flipped(ellipse((-0.035, 0.63), (0.018, 0.03), steps=12), away)
    figure.head.fill(glint, mix(skin, (255, 255, 255), 0.75), depth=1.0)


def paint_mouth(figure: Figure) -> None:
    """Paint the mouth as the mood wants it."""
    mouth = figure.mood.mouth
    if mouth in _OPEN:
        _paint_open(figure, curve(_OPEN[mouth], closed=True), teeth=mouth in {"laugh", "grin"})
        return
    line = curve(_CLOSED[mouth])
    figure.head.stroke(line, _INK, 0.05, depth=0.85, profile=_LIPS)
    if mouth != "cat":
        level = float(line[:, 1].max()) + 0.08
        figure.head.stroke(bow((-0.07, level), (0.07, level), 0.12), figure.skin_shadow, 0.035, depth=0.8)


def _paint_open(figure: Figure, shape: Points, *, teeth: bool) -> None:
    head = figure.head
    head.fill(shape, (150, 52, 58), depth=0.85)
    mask = head.mask(shape, depth=0.85)
    top, low = float(shape[:, 1].min()), float(shape[:, 1].max())
    head.inside(ellipse((0.0, low + 0.01), (0.17, 0.10)), (236, 120, 118), mask, depth=0.85)
    if teeth:
        row = [(-0.30, top - 0.1), (0.30, top - 0.1), (0.24, top + 0.06), (0.0, top + 0.085), (-0.24, top + 0.06)]
        head.inside(curve(row, closed=True), (255, 250, 248), mask, depth=0.85)
    head.outline(shape, _INK, 0.028, depth=0.85)
