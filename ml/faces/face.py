"""A face, when two are the same one, and what is made of what several saw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, NamedTuple

MOST_OVERLAP: Final = 0.3  # intersection over union of any two faces that are returned
# A box that lies mostly inside a better one is its eye, its mouth or the same face seen by another cascade.
_MOST_INSIDE: Final = 0.6
# Where several look, what only one of them saw must be likelier a face than not.
_ALONE: Final = 0.5


class Box(NamedTuple):
    """A rectangle in pixels of the upright picture: left edge, top edge, width, height."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture.

    Attributes
    ----------
    box
        Where it is, wholly inside the picture.
    angle
        Degrees, counter-clockwise, that turn the face upright; 0.0 for an upright face.
    score
        How sure the judge is, or without one the finder, 0..1: higher means surer. It is not a probability that
        holds for other pictures than those that it was measured on.
    """

    box: Box
    angle: float
    score: float


def merge(found: Sequence[Sequence[Face]]) -> list[Face]:
    """Make one list of what several finders saw in the same picture, best first.

    Parameters
    ----------
    found
        A list of faces from each finder.

    Returns
    -------
    list of Face
        No two overlap by more than 0.3 IoU, nor lies one mostly inside another; the better box stays. A face that
        several finders saw scores 1 − (1 − a)(1 − b)…; one that a single finder among several saw is kept from 0.5.

    Notes
    -----
    Greedy non-maximum suppression; the scores are joined as if the finders erred independently, which they do not
    quite: the order is what counts.
    """
    candidates = sorted(
        ((face, finder) for finder, faces in enumerate(found) for face in faces),
        key=lambda candidate: (-candidate[0].score, -candidate[0].box.w * candidate[0].box.h, candidate[0].box),
    )
    kept: list[tuple[Face, dict[int, float]]] = []
    for face, finder in candidates:
        rival = next((opinions for other, opinions in kept if same(face.box, other.box)), None)
        if rival is None:
            kept.append((face, {finder: face.score}))
        else:
            rival.setdefault(finder, face.score)
    if len(found) == 1:
        return [face for face, _ in kept]
    faces = [
        replace(face, score=1 - prod(1 - score for score in opinions.values()))
        for face, opinions in kept
        if len(opinions) > 1 or face.score >= _ALONE
    ]
    return sorted(faces, key=lambda face: -face.score)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    shared = _shared(a, b)
    return shared / (a.w * a.h + b.w * b.h - shared)


def same(a: Box, b: Box) -> bool:
    """Whether two boxes hold the same face."""
    return overlap(a, b) > MOST_OVERLAP or _shared(a, b) > _MOST_INSIDE * min(a.w * a.h, b.w * b.h)


def _shared(a: Box, b: Box) -> int:
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return max(0, width) * max(0, height)
