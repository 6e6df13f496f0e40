"""Hair in front of the face: crown, fringe, side locks, shine."""

from typing import NamedTuple

import numpy as np

from ml.painting.canvas import Mask
from ml.painting.characters import Fringe, Hair
from ml.painting.figure import Figure
from ml.painting.shapes import BLUNT, POINTED, Pair, Points, at, bow, curve, ribbon, taper


class Strand(NamedTuple):
    """One lock: where it starts and ends, its width, bulge and taper."""

    root: Pair
    tip: Pair
    width: float
    bend: float = 0.0
    profile: Points = POINTED


_CROWN = (
    (-1.14, 0.20), (-1.19, -0.35), (-1.05, -0.94), (-0.60, -1.36), (0.0, -1.50),
    (0.60, -1.36), (1.05, -0.94), (1.19, -0.35), (1.14, 0.20),
)  # fmt: skip
_HAIRLINE = ((1.02, 0.15), (0.93, -0.35), (0.55, -0.66), (0.0, -0.74), (-0.55, -0.66), (-0.93, -0.35), (-1.02, 0.15))
_RING = taper((0.0, 0.3), (0.12, 1.0), (0.88, 1.0), (1.0, 0.3))
_ROOTED = taper((0.0, 0.1), (0.12, 0.62), (0.35, 1.0), (0.6, 0.9), (0.82, 0.55), (1.0, 0.0))
_STRAIGHT = taper((0.0, 0.1), (0.12, 0.62), (0.35, 1.0), (0.9, 0.98), (0.97, 0.9), (1.0, 0.55))


def _pairs(*strands: Strand) -> tuple[Strand, ...]:
    """Each strand and its mirror image."""
    both: list[Strand] = []
    for strand in strands:
        for side in (1.0, -1.0):
            root, tip = (strand.root[0] * side, strand.root[1]), (strand.tip[0] * side, strand.tip[1])
            both.append(Strand(root, tip, strand.width, strand.bend * side, strand.profile))
    return tuple(both)


_FRINGES: dict[Fringe, tuple[Strand, ...]] = {
    "blunt": (
        *_pairs(Strand((0.62, -1.05), (0.86, 0.06), 0.34, -0.10, BLUNT)),
        *_pairs(Strand((0.42, -1.15), (0.60, -0.04), 0.36, -0.06, BLUNT)),
        *_pairs(Strand((0.22, -1.2), (0.31, -0.07), 0.36, -0.03, BLUNT)),
        Strand((0.0, -1.2), (0.02, -0.08), 0.34, 0.0, BLUNT),
    ),
    "parted": (
        *_pairs(Strand((0.40, -1.20), (0.97, 0.34), 0.40, -0.22)),
        *_pairs(Strand((0.26, -1.24), (0.72, 0.02), 0.44, -0.20)),
        *_pairs(Strand((0.12, -1.24), (0.40, -0.10), 0.40, -0.16)),
        *_pairs(Strand((0.07, -1.20), (0.13, -0.22), 0.20, -0.14)),
    ),
    "swept": (
        Strand((-0.55, -1.15), (-0.95, 0.26), 0.42, 0.20),
        Strand((-0.50, -1.20), (-0.66, 0.02), 0.36, 0.12),
        Strand((0.30, -1.20), (0.97, 0.30), 0.44, -0.20),
        Strand((0.05, -1.25), (0.74, 0.06), 0.46, -0.20),
        Strand((-0.15, -1.25), (0.45, -0.02), 0.48, -0.18),
        Strand((-0.32, -1.25), (0.14, 0.02), 0.46, -0.16),
        Strand((-0.45, -1.22), (-0.22, -0.02), 0.38, -0.10),
    ),
    "choppy": (
        *_pairs(Strand((0.60, -1.05), (0.92, 0.26), 0.36, -0.14)),
        *_pairs(Strand((0.42, -1.15), (0.60, 0.02), 0.42, -0.12)),
        *_pairs(Strand((0.20, -1.20), (0.33, -0.12), 0.36, -0.06)),
        Strand((-0.05, -1.25), (0.06, 0.14), 0.36, -0.06),
    ),
    "curtain": (
        *_pairs(Strand((0.30, -1.22), (1.00, 0.62), 0.40, -0.26)),
        *_pairs(Strand((0.18, -1.26), (0.86, 0.18), 0.46, -0.28)),
        *_pairs(Strand((0.08, -1.26), (0.58, -0.14), 0.38, -0.26)),
        Strand((0.02, -1.22), (-0.14, -0.20), 0.15, 0.20),
    ),
}

_SIDES: dict[Hair, tuple[Strand, ...]] = {
    "bob": _pairs(
        Strand((0.98, -0.60), (0.86, 1.34), 0.42, -0.14, _ROOTED),
        Strand((0.92, -0.6), (0.82, 0.95), 0.26, -0.10, _ROOTED),
    ),
    "long": _pairs(
        Strand((0.98, -0.65), (1.08, 2.6), 0.36, -0.06, _ROOTED),
        Strand((0.92, -0.6), (0.86, 1.25), 0.24, -0.10, _ROOTED),
    ),
    "ponytail": _pairs(Strand((0.95, -0.60), (0.90, 1.22), 0.26, -0.12, _ROOTED)),
    "twin tails": _pairs(Strand((0.95, -0.60), (0.84, 1.40), 0.28, -0.12, _ROOTED)),
    "wavy": _pairs(Strand((0.95, -0.60), (0.94, 1.15), 0.30, -0.16, _ROOTED)),
    "buns": _pairs(Strand((0.95, -0.60), (0.92, 1.30), 0.28, -0.08, _STRAIGHT)),
    "short": _pairs(
        Strand((0.96, -0.60), (1.08, 0.62), 0.30, -0.08, _ROOTED),
        Strand((0.94, -0.60), (0.90, 0.52), 0.22, -0.10, _ROOTED),
    ),
    "braid": _pairs(Strand((0.95, -0.60), (0.90, 1.10), 0.26, -0.14, _ROOTED)),
}
# The bright band: from where to where it runs, and the lengths of its teeth.
_SHINE = ((-0.88, -0.46, 2), (-0.36, 0.50, 5), (0.60, 0.90, 2))


def fringe_shadow(figure: Figure, face: Mask) -> None:
    """The shadow that the fringe throws on the forehead."""
    colour = figure.skin_shadow
    slide = at((-0.03 * figure.light, 0.09))
    for strand in _FRINGES[figure.character.fringe] + _SIDES[figure.character.hair]:
        shape = ribbon(bow(strand.root, strand.tip, strand.bend), strand.width, strand.profile)
        figure.head.inside(shape + slide, colour, face, depth=None)


def paint_crown(figure: Figure) -> None:
    """Paint crown, side locks and fringe."""
    head, paint = figure.head, figure.hair
    ring, hairline = curve(_CROWN, steps=6), curve(_HAIRLINE, steps=6)
    cap = np.concatenate([head.spot(ring), head.spot(hairline, None)])
    for strand in _SIDES[figure.character.hair]:
        line = bow(strand.root, strand.tip, strand.bend)
        figure.lock_outline(line, strand.width, depth=0.3, profile=strand.profile)
    head.stroke(ring, paint.line, 0.065, profile=_RING)
    head.canvas.fill(cap, head.lit(paint.base))
    dark = np.concatenate(
        [curve([(0.35, -1.55), (0.80, -1.10), (1.0, -0.5), (1.02, 0.3)]), at((1.4, 0.3), (1.4, -1.7))]
    )
    head.inside(dark * (-figure.light, 1.0), paint.shadow, head.canvas.mask(cap))
    for strand in _SIDES[figure.character.hair]:
        figure.lock(strand.root, strand.tip, strand.width, bend=strand.bend, profile=strand.profile, depth=0.3)
    for strand in _FRINGES[figure.character.fringe]:
        figure.lock(strand.root, strand.tip, strand.width, bend=strand.bend, profile=strand.profile)
    _paint_strands(figure)
    _paint_shine(figure)


def _paint_strands(figure: Figure) -> None:
    """Thin lines that run from the crown outwards."""
    for x, reach in ((-0.75, 0.42), (-0.30, 0.34), (0.22, 0.36), (0.66, 0.44)):
        line = bow((x * 0.42, -1.36), (x, -1.36 + reach + 0.3 * abs(x)), 0.16 * x)
        figure.head.stroke(line, figure.hair.shadow, 0.035, depth=None)


def _paint_shine(figure: Figure) -> None:
    """The bright band round the crown: smooth above, in teeth of uneven length below."""
    for start, end, teeth in _SHINE:
        band = _band(start, end, teeth) * (figure.light, 1.0)
        figure.head.fill(band, figure.hair.shine, depth=None)


def _band(start: float, end: float, teeth: int) -> Points:
    x = np.linspace(start, end, 10 * teeth + 1)
    level = -0.92 + 0.36 * x**2
    swell = np.sqrt(np.clip(1.0 - ((x - (start + end) / 2) / ((end - start) / 2)) ** 2, 0.0, 1.0))
    across = np.linspace(0.0, teeth, len(x)) + 0.22 * np.sin(5.0 * x)
    tooth = 1.0 - np.abs(2.0 * (across % 1.0) - 1.0)
    long = 0.06 + 0.16 * (0.5 + 0.5 * np.sin(9.0 * np.floor(across) + 3.0 * start))
    above, below = level - 0.05 * swell, level + swell * (0.035 + long * tooth**1.4)
    return np.concatenate([np.stack([x, above], axis=1), np.stack([x, below], axis=1)[::-1]])
