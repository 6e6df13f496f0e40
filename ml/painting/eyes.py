"""Eyes and brows: most of what makes a face somebody's."""

from dataclasses import dataclass

import numpy as np

from ml.painting.characters import Eyes
from ml.painting.figure import Figure
from ml.painting.pose import Lids
from ml.painting.shapes import (
    FADING,
    Colour,
    Pair,
    Points,
    at,
    bow,
    curve,
    ellipse,
    flipped,
    mix,
    shade,
    shifted,
    taper,
)

_APART, _LEVEL = 0.47, 0.30  # the middle of an eye
_INK = (62, 38, 46)
_LASH = taper((0.0, 0.0), (0.12, 0.42), (0.35, 0.85), (0.7, 1.0), (1.0, 0.7))
_SHUT = taper((0.0, 0.3), (0.4, 1.0), (0.7, 1.0), (1.0, 0.5))
_BROW = taper((0.0, 0.6), (0.4, 1.0), (1.0, 0.0))


@dataclass(frozen=True, slots=True)
class _Cut:
    """The cut of an eye: half its width, its reach up and down, how far its outer corner is raised, its lashes."""

    half: float
    up: float
    down: float
    corner: float
    lash: float = 0.105
    flicks: bool = True
    brow: float = 0.062


_CUTS: dict[Eyes, _Cut] = {
    "round": _Cut(0.285, 0.37, 0.31, 0.02),
    "drooping": _Cut(0.30, 0.33, 0.29, -0.10),
    "upturned": _Cut(0.31, 0.34, 0.28, 0.12),
    "keen": _Cut(0.31, 0.27, 0.24, 0.06),
    "boyish": _Cut(0.26, 0.25, 0.24, 0.05, lash=0.085, flicks=False, brow=0.085),
}


def paint_eyes(figure: Figure) -> None:
    """Paint both eyes as the mood wants them."""
    for side in (-1.0, 1.0):
        lids = figure.mood.lids
        if lids == "wink":
            lids = "happy" if side == figure.light else "open"
        if lids in {"happy", "closed"}:
            _paint_closed(figure, side, lids)
        else:
            _paint_open(figure, side, lids)


def _paint_closed(figure: Figure, side: float, lids: Lids) -> None:
    cut = _CUTS[figure.character.eyes]
    sag = -0.24 if lids == "happy" else 0.14
    middle = _LEVEL + (0.10 if lids == "happy" else 0.06)
    lid = curve(
        [
            (_APART - cut.half, middle),
            (_APART - cut.half * 0.5, middle + sag * 0.8),
            (_APART + cut.half * 0.1, middle + sag),
            (_APART + cut.half * 0.65, middle + sag * 0.65),
            (_APART + cut.half, middle - cut.corner * 0.3),
        ],
        steps=10,
    )
    if lids == "closed":
        brim = curve([(lid[0, 0], middle), (_APART, middle - 0.22), (lid[-1, 0], middle - 0.02)], steps=8)
        cover = flipped(np.concatenate([lid, brim[::-1]]), side)
        figure.head.fill(cover, mix(figure.character.skin, figure.skin_shadow, 0.35), depth=None)
    figure.head.stroke(flipped(lid, side), _INK, 0.12, depth=None, profile=_SHUT)
    end = lid[-1]
    for reach, rise in ((0.12, 0.08), (0.09, 0.13)) if lids == "closed" else ((0.11, -0.05),):
        flick = bow((end[0] - 0.04, end[1] - 0.01), (end[0] + reach, end[1] + rise), 0.15)
        figure.head.stroke(flipped(flick, side), _INK, 0.05, depth=None, profile=FADING)


def _upper_lid(cut: _Cut, up: float) -> Points:
    return curve(
        [
            (_APART - cut.half, _LEVEL + 0.03),
            (_APART - cut.half * 0.62, _LEVEL - up * 0.78),
            (_APART + cut.half * 0.05, _LEVEL - up),
            (_APART + cut.half * 0.66, _LEVEL - up * 0.80 - cut.corner * 0.4),
            (_APART + cut.half, _LEVEL - cut.corner),
        ]
    )


def _lower_lid(cut: _Cut) -> Points:
    return curve(
        [
            (_APART + cut.half, _LEVEL - cut.corner),
            (_APART + cut.half * 0.80, _LEVEL + cut.down * 0.72 - cut.corner * 0.3),
            (_APART + cut.half * 0.10, _LEVEL + cut.down),
            (_APART - cut.half * 0.66, _LEVEL + cut.down * 0.78),
            (_APART - cut.half, _LEVEL + 0.03),
        ]
    )


def _paint_open(figure: Figure, side: float, lids: Lids) -> None:
    cut = _CUTS[figure.character.eyes]
    up = cut.up * {"wide": 1.16, "half": 0.55}.get(lids, 1.0)
    upper, lower = _upper_lid(cut, up), _lower_lid(cut)
    head = figure.head
    opening = flipped(np.concatenate([upper, lower[1:-1]]), side)
    head.fill(opening, (255, 253, 252), depth=None)
    _paint_iris(figure, side, cut, opening, small=lids == "wide")
    head.stroke(flipped(upper, side), _INK, cut.lash, depth=None, profile=_LASH)
    corner = upper[-1]
    for start, reach, rise in ((0.0, 0.13, -0.07), (-0.05, 0.10, -0.14)) if cut.flicks else ():
        flick = bow((corner[0] - 0.05, corner[1] + start + 0.02), (corner[0] + reach, corner[1] + rise), 0.18)
        head.stroke(flipped(flick, side), _INK, 0.075, depth=None, profile=FADING)
    under = flipped(lower[4:20], side)
    head.stroke(under, mix(_INK, figure.skin_line, 0.35), 0.036, depth=None, profile=FADING)
    crease = flipped(upper[6:-3] + at((0.03, -0.10)), side)
    head.stroke(crease, figure.skin_line, 0.026, depth=None)


def _paint_iris(figure: Figure, side: float, cut: _Cut, opening: Points, *, small: bool) -> None:
    head, colour = figure.head, figure.character.eye_colour
    white = head.mask(opening, depth=None)
    gaze = figure.mood.gaze
    middle = (side * (_APART - 0.01) + gaze[0] * 0.09, _LEVEL + gaze[1] * 0.09)
    size = 0.82 if small else 1.0
    radii = (cut.half * 0.70 * size, (cut.up + cut.down) * 0.50 * size)
    dark, glow = shifted(shade(colour), value=0.55), mix(shifted(colour, value=1.25), (255, 255, 230), 0.25)

    def within(shape: Points, paint: Colour, opacity: float = 1.0) -> None:
        head.inside(shape, paint, white, depth=None, opacity=opacity)

    def disc(offset: Pair, scale: Pair) -> Points:
        return ellipse(
            (middle[0] + offset[0] * radii[0], middle[1] + offset[1] * radii[1]),
            (radii[0] * scale[0], radii[1] * scale[1]),
        )

    within(disc((0, 0), (1.0, 1.0)), dark)
    within(disc((0, 0.04), (0.86, 0.90)), colour)
    within(disc((0, 0.52), (0.68, 0.42)), glow, 0.75)
    within(disc((0, -0.42), (0.90, 0.56)), dark, 0.55)
    within(disc((0, 0.02), (0.40, 0.44)), shifted(dark, value=0.6))
    lid = opening[:33]
    shadow = np.concatenate([lid, (lid + at((0.0, 0.10)))[::-1]])
    within(shadow, (96, 70, 110), 0.38)
    for offset, scale in (((-0.36, -0.46), (0.36, 0.27)), ((0.40, 0.42), (0.17, 0.13))):
        head.fill(disc(offset, scale), (255, 255, 255), depth=None)


def paint_brows(figure: Figure) -> None:
    """Paint the brows, over the fringe as the custom is."""
    mood, level = figure.mood.brows, -0.22
    inner, outer, arch = {
        "calm": (0.0, 0.02, -0.07),
        "raised": (-0.09, -0.06, -0.10),
        "worried": (-0.09, 0.08, -0.03),
        "cross": (0.12, -0.06, -0.02),
    }[mood]
    line = curve([(0.24, level + inner), (0.46, level + (inner + outer) / 2 + arch), (0.72, level + outer)])
    width = _CUTS[figure.character.eyes].brow
    for side in (-1.0, 1.0):
        figure.head.stroke(flipped(line, side), figure.hair.line, width, depth=None, profile=_BROW)
