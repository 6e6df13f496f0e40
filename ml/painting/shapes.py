"""Curves, ribbons and colours: plain geometry, before anything is painted."""

import colorsys
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float64]
Radii: TypeAlias = npt.NDArray[np.float64]
Colour: TypeAlias = tuple[int, int, int]
Pair: TypeAlias = tuple[float, float]
Rng: TypeAlias = np.random.Generator


def at(*points: Pair) -> Points:
    """Points as an array of shape (n, 2)."""
    return np.array(points, dtype=np.float64)


def curve(points: Sequence[Pair] | Points, *, closed: bool = False, steps: int = 8) -> Points:
    """A smooth curve through points (a uniform Catmull-Rom spline), shape (m, 2)."""
    knots = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(steps) / steps)[None, :, None]
    sections = 0.5 * (
        2 * start[:, None]
        + (end - before)[:, None] * t
        + (2 * before - 5 * start + 4 * end - after)[:, None] * t**2
        + (3 * start - before - 3 * end + after)[:, None] * t**3
    )
    smooth = sections.reshape(-1, 2)
    return smooth if closed else np.concatenate([smooth, knots[-1:]])


def mirrored(half: Sequence[Pair] | Points) -> Points:
    """A shape from its right half, given from top to bottom: the left half is its reflection in x = 0."""
    right = np.asarray(half, dtype=np.float64)
    left = right[::-1] * (-1.0, 1.0)
    return np.concatenate([right, left])


def flipped(points: Points, side: float) -> Points:
    """The points themselves for side 1, their reflection in x = 0 for side -1."""
    return points * (side, 1.0)


def bow(root: Pair, tip: Pair, bend: float = 0.0, *, steps: int = 20) -> Points:
    """A line from root to tip that bulges sideways by `bend` times its length (a quadratic Bezier)."""
    start, end = np.array(root, dtype=np.float64), np.array(tip, dtype=np.float64)
    along = end - start
    control = (start + end) / 2 + np.array([-along[1], along[0]]) * bend
    t = (np.arange(steps) / (steps - 1))[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end


def taper(*knots: Pair) -> Points:
    """How wide a ribbon is along its way: a smooth curve through (share of the way, share of the width)."""
    return curve(at(*knots), steps=4)


POINTED = taper((0.0, 0.75), (0.25, 1.0), (0.55, 0.88), (0.8, 0.52), (1.0, 0.0))
BLUNT = taper((0.0, 0.85), (0.3, 1.0), (0.8, 1.0), (0.94, 0.93), (1.0, 0.62))
STROKE = taper((0.0, 0.0), (0.25, 0.8), (0.5, 1.0), (0.75, 0.8), (1.0, 0.0))
FADING = taper((0.0, 1.0), (0.4, 0.75), (1.0, 0.0))
EVEN = taper((0.0, 1.0), (1.0, 1.0))


def ribbon(line: Points, width: float, profile: Points = POINTED) -> Points:
    """The outline of a band along a line, as wide as `width` times its taper; its two sides are of equal length."""
    along = np.empty_like(line)
    along[1:-1] = line[2:] - line[:-2]
    along[0], along[-1] = line[1] - line[0], line[-1] - line[-2]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    half = np.interp(np.arange(len(line)) / (len(line) - 1), profile[:, 0], profile[:, 1]) * (width / 2) / length
    across = np.empty_like(line)
    across[:, 0], across[:, 1] = -along[:, 1] * half, along[:, 0] * half
    return np.concatenate([line + across, (line - across)[::-1]])


def ellipse(centre: Pair, radii: Pair, *, start: float = 0.0, end: float = 360.0, steps: int = 28) -> Points:
    """Points on an ellipse from one angle to another, degrees, clockwise from the right."""
    last = steps if end - start >= 360.0 else steps - 1
    return _round(centre, np.radians(start + np.arange(steps) * (end - start) / last), radii[0], radii[1])


def star(centre: Pair, radius: float, *, tips: int, inner: float, turn: float = -90.0) -> Points:
    """A star; `inner` is how far the notches are from the centre, as a share of the radius."""
    angles = np.radians(turn + np.arange(2 * tips) * 180.0 / tips)
    reach = np.where(np.arange(2 * tips) % 2 == 0, 1.0, inner) * radius
    return _round(centre, angles, reach, reach)


def _round(centre: Pair, angles: Radii, across: Radii | float, down: Radii | float) -> Points:
    points = np.empty((len(angles), 2))
    points[:, 0], points[:, 1] = centre[0] + across * np.cos(angles), centre[1] + down * np.sin(angles)
    return points


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with a share of `second` in it, 0..1."""
    mixed = [round(a + (b - a) * share) for a, b in zip(first, second, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


def shifted(colour: Colour, *, hue: float = 0.0, saturation: float = 1.0, value: float = 1.0) -> Colour:
    """A colour turned on the wheel by `hue` (in turns) and scaled in saturation and value."""
    h, s, v = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    r, g, b = colorsys.hsv_to_rgb((h + hue) % 1.0, min(s * saturation, 1.0), min(v * value, 1.0))
    return (round(r * 255), round(g * 255), round(b * 255))


def shade(colour: Colour, depth: float = 1.0) -> Colour:
    """The colour in shadow: darker and a little towards violet, as cel painters do it."""
    dark = (round(colour[0] * 0.68), round(colour[1] * 0.60), round(colour[2] * 0.74))
    return mix(colour, mix(dark, (60, 40, 90), 0.12), depth)
