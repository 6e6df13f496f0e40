"""Hair behind the face and behind the shoulders: what gives each style its outline."""

from collections.abc import Callable, Sequence

from ml.painting.characters import Hair
from ml.painting.figure import Figure
from ml.painting.shapes import Pair, bow, curve, ellipse, mirrored, shade, taper

_TIED = taper((0.0, 0.35), (0.2, 0.85), (0.45, 1.0), (0.75, 0.7), (1.0, 0.0))
_CURL = taper((0.0, 0.4), (0.2, 0.9), (0.6, 1.0), (0.85, 0.6), (1.0, 0.0))


def paint_back(figure: Figure) -> None:
    """Paint all hair that hangs behind the face."""
    _STYLES[figure.character.hair](figure)


def paint_over_shoulder(figure: Figure) -> None:
    """Paint a plait that hangs down before the shoulder, where there is one."""
    if figure.character.hair != "braid":
        return
    figure.lock((0.82, 2.7), (0.84, 3.5), 0.36, depth=0.1, outline=True)
    for index in range(5, -1, -1):
        x, y, size = 1.02 - 0.035 * index, 0.95 + 0.33 * index, 0.42 - 0.022 * index
        for side in (-1.0, 1.0):
            start, end = (x + side * size * 0.48, y - 0.12), (x - side * size * 0.12, y + 0.40)
            figure.lock(start, end, size * 0.9, bend=side * 0.16, depth=0.1, outline=True, profile=_CURL)
    figure.head.fill(ellipse((0.83, 2.80), (0.15, 0.09)), figure.character.accessory_colour, depth=0.1)


def _mass(figure: Figure, half: Sequence[Pair]) -> None:
    """The dark inner side of the hair, seen behind the neck."""
    shape = curve(mirrored(half), closed=True, steps=5)
    figure.head.outline(shape, figure.hair.line, 0.05, depth=-0.2)
    figure.head.gradient(shape, figure.hair.shadow, shade(figure.hair.tips, 0.62), depth=-0.2)


def _both(figure: Figure, *strands: tuple[Pair, Pair, float, float]) -> None:
    for root, tip, width, bend in strands:
        for side in (1.0, -1.0):
            start, end = (root[0] * side, root[1]), (tip[0] * side, tip[1])
            figure.lock(start, end, width, bend=bend * side, depth=-0.15, outline=True, profile=_TIED)


def _nape(figure: Figure) -> None:
    """Hair tied up: only a little is seen behind the neck."""
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.3), (1.07, 0.4), (0.80, 0.95), (0.3, 1.1)])


def _bob(figure: Figure) -> None:
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.3), (1.20, 0.5), (1.08, 1.15), (0.8, 1.35), (0.3, 1.3)])
    _both(figure, ((0.96, -0.6), (0.94, 1.50), 0.52, -0.20), ((0.9, 0.2), (0.60, 1.52), 0.36, -0.16))


def _long(figure: Figure) -> None:
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.3), (1.22, 0.8), (1.34, 2.0), (1.34, 3.5), (0.5, 3.6)])
    _both(figure, ((0.96, -0.6), (1.46, 3.7), 0.60, -0.09), ((1.0, 0.6), (1.1, 3.9), 0.44, -0.03))


def _wavy(figure: Figure) -> None:
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.3), (1.28, 0.8), (1.40, 2.0), (1.3, 2.9), (0.5, 3.1)])
    for x, top, width in ((1.08, 0.95, 0.50), (1.26, 0.45, 0.50), (1.00, 0.20, 0.46), (0.96, -0.70, 0.60)):
        for side in (1.0, -1.0):
            sway = [(x, top), (x + 0.22, top + 0.55), (x + 0.02, top + 1.10), (x + 0.22, top + 1.65), (x, top + 2.2)]
            line = curve(sway, steps=6) * (side, 1.0)
            figure.lock_along(line, width, depth=-0.1, outline=True, profile=_CURL)


def _tail(figure: Figure, side: float, start: Pair, reach: Pair) -> None:
    x, y = start
    for index, (spread, width) in enumerate(((0.0, 0.60), (0.24, 0.46), (-0.22, 0.44), (0.05, 0.42))):
        tip = (side * (x + reach[0] + spread), y + reach[1] - 0.3 * (index % 3))
        bend = side * (-0.16 - 0.10 * spread)
        figure.lock((side * x, y), tip, width, bend=bend, depth=-0.1, outline=True, profile=_TIED)


def _ponytail(figure: Figure) -> None:
    _nape(figure)
    _tail(figure, 1.0, (0.45, -1.30), (1.05, 3.2))


def _twin_tails(figure: Figure) -> None:
    _nape(figure)
    for side in (1.0, -1.0):
        _tail(figure, side, (1.02, -0.86), (0.52, 3.4))


def _buns(figure: Figure) -> None:
    _nape(figure)
    for side in (1.0, -1.0):
        middle = (side * 0.90, -1.22)
        bun = ellipse(middle, (0.46, 0.44))
        figure.head.outline(bun, figure.hair.line, 0.05, depth=-0.1)
        figure.head.fill(bun, figure.hair.base, depth=-0.1)
        mask = figure.head.mask(bun, depth=-0.1)
        shadow = ellipse((middle[0] - 0.16 * figure.light, middle[1] + 0.18), (0.52, 0.46))
        light = ellipse((middle[0] + 0.10 * figure.light, middle[1] - 0.12), (0.46, 0.44))
        figure.head.inside(shadow, figure.hair.shadow, mask, depth=-0.1)
        figure.head.inside(light, figure.hair.base, mask, depth=-0.1)
        shine = bow((middle[0] - 0.2, middle[1] - 0.20), (middle[0] + 0.2, middle[1] - 0.20), -0.3)
        figure.head.stroke(shine, figure.hair.shine, 0.09, depth=-0.1)
        swirl = ellipse(middle, (0.26, 0.24), start=-160 if side > 0 else 340, end=80 if side > 0 else 100, steps=20)
        figure.head.stroke(swirl, figure.hair.line, 0.035, depth=-0.1)


def _short(figure: Figure) -> None:
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.4), (1.06, 0.3), (0.90, 0.85), (0.5, 1.1)])
    _both(
        figure,
        ((0.40, 0.2), (0.74, 1.50), 0.46, -0.10),
        ((0.60, -0.2), (1.16, 1.14), 0.52, -0.14),
        ((0.50, -0.8), (1.42, 0.60), 0.60, -0.22),
        ((0.40, -1.1), (1.46, -0.22), 0.56, -0.28),
    )
    figure.lock((-0.5, -1.1), (0.36, -1.74), 0.40, bend=0.25, depth=-0.1, outline=True)


def _braid(figure: Figure) -> None:
    _mass(figure, [(0.0, -1.3), (0.8, -1.1), (1.10, -0.3), (1.12, 0.5), (0.95, 1.1), (0.3, 1.3)])


_STYLES: dict[Hair, Callable[[Figure], None]] = {
    "bob": _bob,
    "long": _long,
    "wavy": _wavy,
    "ponytail": _ponytail,
    "twin tails": _twin_tails,
    "buns": _buns,
    "short": _short,
    "braid": _braid,
}
