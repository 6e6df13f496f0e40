"""Neck, shoulders and clothes."""

from collections.abc import Callable

import numpy as np

from ml.painting.canvas import Mask
from ml.painting.characters import Outfit
from ml.painting.figure import Brush, Figure
from ml.painting.shapes import (  # fmt: skip
    EVEN,
    Colour,
    Pair,
    Points,
    at,
    bow,
    curve,
    ellipse,
    flipped,
    mirrored,
    mix,
    shade,
    shifted,
    star,
    taper,
)

_WHITE: Colour = (252, 250, 248)
_HANGING = taper((0.0, 0.0), (0.3, 1.0), (1.0, 1.0))
_SHOULDER = ((0.36, 1.58), (0.58, 1.74), (0.98, 1.88), (1.27, 2.12), (1.40, 2.65), (1.50, 3.6), (1.6, 7.0))
_SLEEVE = bow((1.02, 2.45), (1.10, 4.2), 0.04)
_DARK_SIDE = np.concatenate([curve([(0.75, 1.7), (0.98, 2.3), (0.92, 3.2), (1.0, 6.0)]), at((2.0, 6.0), (2.0, 1.7))])
_HOOD = (
    (0.28, 1.40), (0.62, 1.44), (0.92, 1.72), (0.70, 2.02), (0.24, 2.22), (0.0, 2.28), (0.0, 2.02), (0.24, 1.84),
)  # fmt: skip
_FLOWERS = ((-1.05, 2.3), (0.95, 2.5), (-0.75, 3.2), (0.62, 3.3), (1.2, 3.4), (-1.25, 3.0), (0.45, 2.55))


def paint_body(figure: Figure) -> None:
    """Paint neck, shoulders and the outfit."""
    body = figure.body
    neck = np.concatenate([curve([(0.31, 0.6), (0.30, 1.30), (0.42, 1.66), (0.8, 1.9)]), at((0.0, 3.2))])
    neck = np.concatenate([neck, (neck * (-1.0, 1.0))[::-1]])
    body.outline(neck, figure.skin_line, 0.03)
    body.fill(neck, figure.character.skin)
    throat = curve(mirrored([(0.7, 0.6), (0.5, 1.36), (0.14, 1.60)]), closed=True)
    body.inside(throat, figure.skin_shadow, body.mask(neck))
    for side in (-1.0, 1.0):
        body.stroke(flipped(bow((0.10, 1.86), (0.42, 1.76), 0.1), side), figure.skin_shadow, 0.04)
    _OUTFITS[figure.outfit](figure)


def paint_bow(brush: Brush, middle: Pair, size: float, colour: Colour, *, depth: float | None = 0.0) -> None:
    """A ribbon tied into a bow, tails down."""
    dark, line = shade(colour, 0.7), shade(shade(colour))
    for side in (-1.0, 1.0):
        tail = at((0.0, 0.0), (0.10, 0.55), (0.42, 1.15), (0.55, 0.78), (0.72, 0.86), (0.36, 0.25))
        loop = curve([(0.0, 0.05), (0.45, -0.42), (0.98, -0.38), (1.02, 0.10), (0.90, 0.42), (0.40, 0.30)], closed=True)
        fold = curve([(0.12, 0.02), (0.60, -0.16), (0.80, -0.10), (0.55, 0.10)], closed=True)
        for shape, paint in ((tail, dark), (loop, colour), (fold, dark)):
            placed = flipped(shape, side) * size + middle
            if paint is not dark or shape is tail:
                brush.outline(placed, line, 0.035, depth=depth)
            brush.fill(placed, paint, depth=depth)
    knot = ellipse(middle, (0.20 * size, 0.24 * size), steps=16)
    brush.outline(knot, line, 0.03, depth=depth)
    brush.fill(knot, colour, depth=depth)


def _torso(figure: Figure, colour: Colour, neckline: Points) -> Mask:
    """Paint the cloth from shoulder to shoulder; `neckline` runs from the right shoulder's end to the left one's."""
    body = figure.body
    side = curve(_SHOULDER)
    shape = np.concatenate([neckline[::-1], side, (side * (-1.0, 1.0))[::-1]])
    line = shade(shade(colour), 0.9)
    body.outline(shape, line, 0.045)
    body.fill(shape, colour)
    mask = body.mask(shape)
    body.inside(flipped(_DARK_SIDE, -figure.light), shade(colour, 0.5), mask)
    for hand in (-1.0, 1.0):
        body.stroke(flipped(_SLEEVE, hand), line, 0.04, profile=_HANGING)
        body.stroke(flipped(bow((0.98, 2.52), (0.70, 2.75), 0.15), hand), shade(colour, 0.8), 0.04)
    return mask


def _vee(low: float) -> Points:
    return at((0.36, 1.58), (0.0, low), (-0.36, 1.58))


def _sailor(figure: Figure) -> None:
    who, body = figure.character, figure.body
    cloth, collar = mix(who.outfit_colour, _WHITE, 0.93), who.outfit_colour
    _torso(figure, cloth, _vee(2.42))
    line = shade(shade(collar))
    for side in (-1.0, 1.0):
        flap = np.concatenate(
            [
                curve([(0.30, 1.46), (0.60, 1.66), (0.98, 1.90), (1.02, 2.26)]),
                at((0.06, 2.56), (0.02, 2.40)),
                bow((0.06, 2.36), (0.30, 1.46), 0.06),
            ]
        )
        body.outline(flipped(flap, side), line, 0.04)
        body.fill(flipped(flap, side), collar)
        for inset in (0.10, 0.17):
            stripe = at((0.88 - inset * 0.2, 1.86), (0.98 - inset, 2.24 - inset * 0.45), (0.10, 2.52 - inset * 0.5))
            body.stroke(flipped(stripe, side), _WHITE, 0.035, profile=EVEN)
    paint_bow(body, (0.0, 2.46), 0.40, who.trim_colour)


def _blazer(figure: Figure) -> None:
    who, body = figure.character, figure.body
    cloth = who.outfit_colour
    _torso(figure, _WHITE, _vee(1.95))
    _jacket(figure, cloth, 3.5)
    line = shade(shade(cloth))
    for side in (-1.0, 1.0):
        lapel = at((0.40, 1.60), (0.72, 1.78), (0.86, 2.16), (0.64, 2.24), (0.70, 2.42), (0.02, 3.5), (0.24, 2.2))
        body.outline(flipped(lapel, side), line, 0.035)
        body.fill(flipped(lapel, side), shifted(cloth, value=1.12))
    _shirt_collar(figure)
    paint_bow(body, (0.0, 2.06), 0.36, who.trim_colour)


def _jacket(figure: Figure, cloth: Colour, low: float) -> None:
    body, line = figure.body, shade(shade(cloth))
    for side in (-1.0, 1.0):
        half = np.concatenate([at((0.40, 1.60)), curve(_SHOULDER[1:]), at((0.0, 7.0), (0.0, low), (0.30, 2.3))])
        half = flipped(half, side)
        body.outline(half, line, 0.04)
        body.fill(half, cloth)
        if side == -figure.light:
            body.inside(flipped(_DARK_SIDE, side), shade(cloth, 0.5), body.mask(half))
        body.stroke(flipped(_SLEEVE, side), line, 0.04, profile=_HANGING)


def _shirt_collar(figure: Figure) -> None:
    for side in (-1.0, 1.0):
        flap = flipped(at((0.30, 1.46), (0.50, 1.62), (0.46, 2.06), (0.0, 1.98)), side)
        figure.body.outline(flap, (150, 150, 170), 0.03)
        figure.body.fill(flap, _WHITE if side == figure.light else (226, 226, 238))


def _cardigan(figure: Figure) -> None:
    who = figure.character
    _torso(figure, _WHITE, _vee(1.95))
    _jacket(figure, who.outfit_colour, 3.0)
    edge = shade(who.outfit_colour, 0.55)
    for side in (-1.0, 1.0):
        trim = at((0.40, 1.62), (0.28, 2.3), (0.03, 2.98))
        figure.body.stroke(flipped(trim, side), edge, 0.10, profile=EVEN)
    _shirt_collar(figure)
    paint_bow(figure.body, (0.0, 2.06), 0.38, who.trim_colour)
    for level in (3.15, 3.5, 3.85):
        figure.body.fill(ellipse((0.05, level), (0.05, 0.05), steps=14), who.trim_colour)


def _hoodie(figure: Figure) -> None:
    who, body = figure.character, figure.body
    cloth, line = who.outfit_colour, shade(shade(who.outfit_colour))
    _torso(figure, cloth, curve([(0.36, 1.58), (0.20, 1.86), (0.0, 1.94), (-0.20, 1.86), (-0.36, 1.58)]))
    inner = shade(cloth, 0.8)
    for side in (-1.0, 1.0):
        hood = curve(_HOOD, closed=True)
        body.outline(flipped(hood, side), line, 0.04)
        body.fill(flipped(hood, side), cloth)
        fold = curve([(0.34, 1.52), (0.50, 1.66), (0.42, 1.90), (0.05, 2.14), (0.0, 2.03), (0.24, 1.84)], closed=True)
        body.fill(flipped(fold, side), inner)
        cord = bow((0.20, 2.10), (0.24, 2.82 + 0.1 * side), 0.05 * side)
        body.stroke(flipped(cord, side), line, 0.085, profile=EVEN)
        body.stroke(flipped(cord, side), who.trim_colour, 0.055, profile=EVEN)


def _kimono(figure: Figure) -> None:
    who, body = figure.character, figure.body
    cloth = who.outfit_colour
    mask = _torso(figure, cloth, _vee(2.3))
    petal = mix(cloth, who.trim_colour, 0.75)
    for x, y in _FLOWERS:
        body.inside(star((x, y), 0.17, tips=5, inner=0.62, turn=x * 90), petal, mask)
        body.inside(ellipse((x, y), (0.045, 0.045), steps=10), _WHITE, mask)
    # The wearer's left side lies on top: that is the living's way.
    for side, low in ((-1.0, (0.42, 3.0)), (1.0, (-0.50, 3.3))):
        for inset, width, paint in ((0.0, 0.15, _WHITE), (0.12, 0.20, who.trim_colour)):
            band = bow((side * (0.34 + inset), 1.50), (low[0] + side * inset, low[1]), -0.05 * side)
            body.stroke(band, shade(shade(paint), 0.8), width + 0.05, profile=EVEN)
            body.stroke(band, paint, width, profile=EVEN)
    sash = np.concatenate([bow((-1.08, 3.10), (1.08, 3.10), 0.03), bow((1.08, 4.0), (-1.08, 4.0), -0.03)])
    body.outline(sash, shade(shade(who.trim_colour)), 0.04)
    body.fill(sash, shade(who.trim_colour, 0.25))
    cord = bow((-1.08, 3.5), (1.08, 3.5), 0.03)
    body.stroke(cord, mix(cloth, _WHITE, 0.35), 0.13, profile=EVEN)


def _turtleneck(figure: Figure) -> None:
    who, body = figure.character, figure.body
    cloth = who.outfit_colour
    mask = _torso(figure, cloth, at((0.36, 1.58), (-0.36, 1.58)))
    roll = curve(mirrored([(0.34, 1.30), (0.40, 1.42), (0.42, 1.66), (0.20, 1.76)]), closed=True)
    body.outline(roll, shade(shade(cloth)), 0.04)
    body.fill(roll, shifted(cloth, value=1.08))
    for rib in range(-3, 4):
        x = 0.10 * rib
        body.stroke(bow((x, 1.38), (x * 1.08, 1.70)), shade(cloth, 0.6), 0.03)
    for level in (2.45, 2.62):
        band = np.concatenate(
            [bow((-1.6, level), (1.6, level), 0.04), bow((1.6, level + 0.09), (-1.6, level + 0.09), -0.04)]
        )
        body.inside(band, who.trim_colour, mask)


_OUTFITS: dict[Outfit, Callable[[Figure], None]] = {
    "sailor": _sailor,
    "blazer": _blazer,
    "cardigan": _cardigan,
    "hoodie": _hoodie,
    "kimono": _kimono,
    "turtleneck": _turtleneck,
}
