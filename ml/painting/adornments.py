"""What characters wear on their heads."""

from collections.abc import Callable

import numpy as np

from ml.painting.characters import Accessory
from ml.painting.figure import Figure
from ml.painting.outfit import paint_bow
from ml.painting.shapes import EVEN, Colour, Pair, at, bow, curve, ellipse, flipped, mix, ribbon, shade, star, taper

_PALE: Colour = (255, 252, 245)
_FLUFF = (((0.52, -1.20), (0.66, -1.66)), ((0.72, -1.10), (0.82, -1.56)), ((0.90, -0.95), (0.97, -1.36)))
_BAND = (
    (-1.10, -0.30), (-0.86, -0.90), (-0.44, -1.16), (0.0, -1.24), (0.44, -1.16), (0.86, -0.90), (1.10, -0.30),
)  # fmt: skip
_TUCKED = taper((0.0, 0.15), (0.3, 1.0), (0.7, 1.0), (1.0, 0.15))
_RIM = ((0.85, 0.02), (0.85, 0.34), (0.74, 0.56), (0.50, 0.62), (0.24, 0.55), (0.145, 0.36), (0.15, 0.20))


def paint_behind(figure: Figure) -> None:
    """Paint what sits behind the crown."""
    if "cat ears" in figure.character.accessories:
        _cat_ears(figure)


def paint_before(figure: Figure) -> None:
    """Paint what sits before the hair."""
    for accessory in figure.character.accessories:
        if accessory in _BEFORE:
            _BEFORE[accessory](figure)


def _cat_ears(figure: Figure) -> None:
    paint = figure.hair
    for side in (-1.0, 1.0):
        ear = curve([(0.34, -1.30), (0.62, -1.72), (0.98, -2.02), (1.12, -1.60), (1.10, -0.85)], steps=6)
        inner = curve([(0.56, -1.36), (0.74, -1.66), (0.93, -1.84), (1.00, -1.50), (0.98, -1.05)], steps=6)
        figure.head.outline(flipped(ear, side), paint.line, 0.06)
        figure.head.fill(flipped(ear, side), paint.base)
        figure.head.fill(flipped(inner, side), mix(figure.character.accessory_colour, (255, 190, 190), 0.5))
        for foot, tip in _FLUFF:
            fluff = ribbon(bow((side * foot[0], foot[1]), (side * tip[0], tip[1]), 0.1 * side), 0.24)
            figure.head.fill(fluff, mix(paint.base, _PALE, 0.55))


def _ahoge(figure: Figure) -> None:
    line = curve([(-0.02, -1.36), (0.06, -1.66), (0.30, -1.84), (0.54, -1.70)], steps=7)
    figure.lock_along(line, 0.15, depth=0.0)


def _ribbon(figure: Figure) -> None:
    places: dict[str, tuple[tuple[Pair, float], ...]] = {
        "twin tails": (((1.06, -0.86), 0.34), ((-1.06, -0.86), 0.34)),
        "buns": (((0.74, -0.92), 0.26), ((-0.74, -0.92), 0.26)),
        "ponytail": (((0.52, -1.34), 0.36),),
    }
    for middle, size in places.get(figure.character.hair, (((0.78, -0.98), 0.40),)):
        paint_bow(figure.head, middle, size, figure.character.accessory_colour)


def _glasses(figure: Figure) -> None:
    # Framed below only: the lashes stay free.
    frame = mix(figure.character.accessory_colour, (50, 36, 44), 0.45)
    rim = curve(_RIM)
    for side in (-1.0, 1.0):
        lens = flipped(rim, side)
        mask = figure.head.mask(lens, depth=None)
        for start in (0.18, 0.36):
            glint = at((start + 0.34, -0.1), (start + 0.42, -0.1), (start + 0.12, 0.7), (start + 0.04, 0.7))
            figure.head.inside(flipped(glint, side), _PALE, mask, depth=None, opacity=0.30)
        figure.head.stroke(lens, frame, 0.045, depth=None, profile=EVEN)
        temple = at((side * 0.84, 0.05), (side * 0.99, 0.0))
        figure.head.stroke(temple, frame, 0.05, depth=None, profile=EVEN)
    figure.head.stroke(bow((-0.15, 0.22), (0.15, 0.22), 0.25), frame, 0.045, depth=None, profile=EVEN)


def _hairpin(figure: Figure) -> None:
    colour = figure.character.accessory_colour
    for start, end in (((0.46, -0.62), (0.82, -0.34)), ((0.50, -0.32), (0.80, -0.64))):
        pin = at(start, end)
        figure.head.stroke(pin, shade(shade(colour)), 0.13, depth=None, profile=EVEN)
        figure.head.stroke(pin, colour, 0.085, depth=None, profile=EVEN)


def _headphones(figure: Figure) -> None:
    colour, head = figure.character.accessory_colour, figure.head
    line = shade(shade(colour))
    band = ellipse((0.0, -0.32), (1.25, 1.30), start=165, end=375, steps=40)
    for width, paint in ((0.24, line), (0.17, (70, 70, 84)), (0.05, (150, 150, 168))):
        head.stroke(band, paint, width, profile=EVEN)
    for side in (-1.0, 1.0):
        for radii, paint in (((0.25, 0.42), line), ((0.22, 0.385), colour), ((0.12, 0.24), mix(colour, _PALE, 0.45))):
            head.fill(ellipse((side * 1.20, 0.20), radii), paint, depth=0.1)


def _flower(figure: Figure) -> None:
    colour, middle = figure.character.accessory_colour, (-0.84, -0.66)
    dark = shade(colour, 0.55)
    for radius, paint in ((0.40, shade(shade(colour))), (0.365, colour)):
        for turn in range(5):
            angle = np.radians(72 * turn - 90)
            petal = (middle[0] + 0.22 * np.cos(angle), middle[1] + 0.22 * np.sin(angle))
            reach = radius * 0.52
            figure.head.fill(ellipse(petal, (reach, reach), steps=18), paint, depth=0.5)
    figure.head.fill(star(middle, 0.24, tips=5, inner=0.35), dark, depth=0.5)
    figure.head.fill(ellipse(middle, (0.085, 0.085), steps=14), (250, 206, 90), depth=0.5)


def _hairband(figure: Figure) -> None:
    colour = figure.character.accessory_colour
    band = curve(_BAND)
    for width, paint in ((0.20, figure.hair.line), (0.15, colour)):
        figure.head.stroke(band, paint, width, depth=None, profile=_TUCKED)
    paint_bow(figure.head, (0.70, -1.06), 0.26, colour, depth=0.5)


_BEFORE: dict[Accessory, Callable[[Figure], None]] = {
    "ahoge": _ahoge,
    "ribbon": _ribbon,
    "glasses": _glasses,
    "hairpin": _hairpin,
    "headphones": _headphones,
    "flower": _flower,
    "hairband": _hairband,
}
