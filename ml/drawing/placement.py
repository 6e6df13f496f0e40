"""Placement: where the tags of labelled boxes go, so that they cover neither faces nor one another."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_Rectangles = npt.NDArray[np.float64]  # (n, 4): left, top, right, bottom


class Rectangle(NamedTuple):
    """Edges in pixels; right and bottom are just outside."""

    left: float
    top: float
    right: float
    bottom: float


class Place(NamedTuple):
    """Where a tag goes.

    Attributes
    ----------
    rectangle
        Wholly inside the frame; one of its corners, where the number is, lies at a corner of its box.
    width
        Which of the offered widths was taken: an index.
    number_first
        The number stands at the left end, else at the right.
    """

    rectangle: Rectangle
    width: int
    number_first: bool


_COST_OF_TAG: Final = 1000.0  # a whole tag upon others
_COST_OF_FACE: Final = 60.0  # a face covered; as much again for its middle, where eyes and mouth are
_COST_OF_OTHERS_FACE: Final = 2.0  # times that
_COST_OF_SHORTENING: Final = 6.0  # per step; the last step, to the bare number, costs _COST_OF_NAME
_COST_OF_NAME: Final = 40.0
_COST_OF_COVERING: Final = 100.0  # a face covered at all: rather no name, which the answer has in words as well
_TOUCHED: Final = 0.02  # of a face's box, which is more than the face: so little is not called covered
_COST_OF_POSITION: Final = 0.2  # per position down the list in _around


def place(
    boxes: Sequence[Rectangle],
    widths: Sequence[Sequence[float]],
    *,
    height: float,
    frame: tuple[float, float],
) -> list[Place]:
    """Find a place for the tag of each box.

    Parameters
    ----------
    boxes
        Of the faces, inside the frame.
    widths
        For each box the widths that its tag may have, from the fullest to the bare number; at least one.
    height
        Of every tag, at most that of the frame.
    frame
        Width and height of the picture.

    Returns
    -------
    list of Place
        One for each box, in their order.

    Notes
    -----
    A name is shortened, and at last left out, before it covers a face.

    Greedy: each tag takes the cheapest position around its box, given the faces and the tags before it; once with whole
    names, and again with all of them shortened, so that none loses its name to another's length. Letting the tags move
    again afterwards changed nothing for up to 14 faces, and next to nothing for 25.
    """
    steps = max((len(offered) for offered in widths), default=1)
    plans = [_plan(boxes, widths, height, frame, least_step=step) for step in range(max(steps - 1, 1))]
    return min(plans, key=lambda plan: plan.cost).places


class _Plan(NamedTuple):
    places: list[Place]
    cost: float


def _plan(
    boxes: Sequence[Rectangle],
    widths: Sequence[Sequence[float]],
    height: float,
    frame: tuple[float, float],
    *,
    least_step: int,
) -> _Plan:
    """Place one tag after the other, none of them fuller than a step of its widths."""
    faces = np.array(boxes, np.float64).reshape(-1, 4)
    tags = np.empty_like(faces)
    places: list[Place] = []
    cost = 0.0
    for own, (box, offered) in enumerate(zip(boxes, widths, strict=True)):
        choices, costs = _choices(box, offered, height, frame, least_step=min(least_step, max(len(offered) - 2, 0)))
        rectangles = np.array([choice.rectangle for choice in choices], np.float64)
        upon_tags = _overlaps(rectangles, tags[:own]).sum(1) / _areas(rectangles)
        total = costs + _cost_of_faces(rectangles, faces, own) + _COST_OF_TAG * upon_tags
        best = int(np.argmin(total))
        cost += float(total[best])
        places.append(choices[best])
        tags[own] = places[own].rectangle
    return _Plan(places, cost)


def _choices(
    box: Rectangle, widths: Sequence[float], height: float, frame: tuple[float, float], *, least_step: int
) -> tuple[list[Place], npt.NDArray[np.float64]]:
    """List the places that are inside the frame, and what each costs for its position and its shortening."""
    places: list[Place] = []
    costs: list[float] = []
    for step, width in list(enumerate(widths))[least_step:]:
        shortening = _COST_OF_NAME if 0 < step == len(widths) - 1 else _COST_OF_SHORTENING * step
        for position, (left, top, number_first) in enumerate(_around(box, width, height)):
            if left >= 0 and top >= 0 and left + width <= frame[0] and top + height <= frame[1]:
                places.append(Place(Rectangle(left, top, left + width, top + height), step, number_first))
                costs.append(shortening + _COST_OF_POSITION * position)
    if not places:
        left = min(max(box.left, 0), frame[0] - widths[-1])
        top = min(max(box.top, 0), frame[1] - height)
        last = Rectangle(left, top, left + widths[-1], top + height)
        places.append(Place(last, len(widths) - 1, number_first=True))
        costs.append(0)
    return places, np.array(costs)


def _around(box: Rectangle, width: float, height: float) -> list[tuple[float, float, bool]]:
    """List left edge, top edge and whether the number comes first, the best position first."""
    flush, above, below = box.right - width, box.top - height, box.bottom
    beside, before, last_row = box.right, box.left - width, box.bottom - height
    return [
        (box.left, above, True),
        (box.left, below, True),
        (flush, above, False),
        (flush, below, False),
        (beside, box.top, True),
        (before, box.top, False),
        (beside, last_row, True),
        (before, last_row, False),
        (box.left, last_row, True),
        (flush, last_row, False),
        (box.left, box.top, True),
        (flush, box.top, False),
    ]


def _cost_of_faces(rectangles: _Rectangles, faces: _Rectangles, own: int) -> npt.NDArray[np.float64]:
    """Sum the parts of the faces that each rectangle covers, their middles counted twice, and that it covers any."""
    size = faces[:, 2:] - faces[:, :2]
    middles = np.hstack([faces[:, :2] + size * (0.15, 0.3), faces[:, 2:] - size * (0.15, 0.1)])
    covered = _overlaps(rectangles, faces) / _areas(faces)
    weights = np.full(len(faces), _COST_OF_FACE * _COST_OF_OTHERS_FACE)
    weights[own] = _COST_OF_FACE
    parts = (covered + _overlaps(rectangles, middles) / _areas(middles)) @ weights
    return parts + _COST_OF_COVERING * (covered > _TOUCHED).any(1)


def _areas(rectangles: _Rectangles) -> npt.NDArray[np.float64]:
    return (rectangles[:, 2] - rectangles[:, 0]) * (rectangles[:, 3] - rectangles[:, 1])


def _overlaps(some: _Rectangles, others: _Rectangles) -> npt.NDArray[np.float64]:
    """Measure the common area of each of some with each of others; shape (len(some), len(others))."""
    sides = np.minimum(some[:, None, 2:], others[None, :, 2:]) - np.maximum(some[:, None, :2], others[None, :, :2])
    return np.prod(np.maximum(sides, 0), axis=2)
