"""Faces in a picture: finders propose, a judge decides, and what is said of the same face is made one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, NamedTuple, Protocol

import cv2
import numpy as np

from ml.errors import KoredareError
from ml.faces.turning import Turned
from ml.pictures.reading import Grey, Picture

MOST_OVERLAP: Final = 0.3  # intersection over union of any two faces that are returned
# A box that lies mostly inside a better one is its eye, its mouth or the same face seen by another cascade.
_MOST_INSIDE: Final = 0.6
# Where several look, what only one of them saw must be likelier a face than not.
_ALONE: Final = 0.5
# With a judge: one look after the other (`_looks`); figures: docs/measurements.md.
_UPRIGHT: Final = (0.0,)
_TURNS: Final = ((-20.0, 20.0), (-40.0, 40.0))
_TURNED_IN_A_CROWD: Final = (-30.0, 30.0)
_QUICK: Final = 0.6  # of the detail that a finder is made for: faces of a tenth of the picture, in less time
_MIDDLING: Final = 0.8
_CLOSE: Final = 1.5
_DOUBT: Final = (0.2, 0.8)
_FACE: Final = 0.4  # from here on it is a face; docs and figures: cascades/README.md
_PORTRAIT: Final = 0.05  # of the picture, by one certain face: it is a picture of that, with little room for others
_FILLED: Final = 0.1  # of the picture, by one certain face: a scout too would hardly find another
_CROWD: Final = 3  # so many certain faces: where they are, others may be, small or tilted
_MOST_CANDIDATES: Final = 32  # of one look: bounds the time that a picture full of patterns takes


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


class Seen(NamedTuple):
    """The faces that were found in a picture, best first, and whether there are more than are looked for."""

    faces: list[Face]
    more: bool


class FinderError(KoredareError):
    """Something that finds faces cannot be made; `str(error)` says what to mend."""


class Finder(Protocol):
    """One way of finding faces; belongs to one thread of one process."""

    def detect(self, picture: Grey, *, detail: float = 1.0, seen: float = 0.0) -> list[Face]:
        """Find the faces in a picture, best first; boxes lie inside the picture.

        Parameters
        ----------
        picture
            uint8, shape (height, width), upright.
        detail
            Pixels of a side that is looked at, in those that it was made for; less is faster, and blinder to small
            faces.
        seen
            The detail of an earlier look: only what was too small for that is looked for. 0: everything.
        """
        ...


class FinderSource(Protocol):
    """Says how to make a finder; can be pickled and sent to a worker."""

    @property
    def name(self) -> str:
        """As people write it in the config."""
        ...

    def open(self) -> Finder:
        """Make the finder; every call makes another."""
        ...

    def loosened(self) -> "FinderSource":
        """The same, proposing all that it can: for use with a judge."""
        ...


class Proposer(Protocol):
    """Proposes faces in a picture in colour, tilted ones too; belongs to one thread of one process."""

    def propose(self, picture: Picture) -> list[Face]:
        """Places that may be faces, likeliest first, with their angles; boxes lie inside the picture."""
        ...

    def propose_small(self, picture: Picture) -> list[Face]:
        """As `propose`, looking closer, for faces that are too small for that."""
        ...


class Judge(Protocol):
    """Tells faces from what only looks like one; belongs to one thread of one process."""

    def judge(self, picture: Picture, candidates: Sequence[Face]) -> list[Face]:
        """Give the same candidates, in the same order, with scores of its own."""
        ...


class Detector:
    """Finds faces by one or more finders, and has them judged if there is a judge.

    A detector belongs to one thread of one process: OpenCV's classifiers keep state while they look, and cannot be
    pickled. Make one in each worker, from sources, which can. How many threads OpenCV uses inside it is for the
    caller to set (`cv2.setNumThreads`).

    Parameters
    ----------
    sources
        Where faces come from, at least one; `ml.cascades.resolve` gives them by name.
    judge
        Says which of the finds are faces; `ml.faces.verifier.Verifier` is one. With it, finders propose all that
        they can. The first looks quickly, for large faces. Where none is certain, one is in doubt, or no certain one
        fills the picture, it looks for small ones, and the other finders look too; among three and more, closer still
        and at the picture turned by 30°; while there is doubt, at the picture turned by up to 40°.
    scout
        Proposes faces to the judge after that first quick look, unless a certain one fills the picture; among three and
        more, closer. The closer and turned looks of the finders fall away, and the others look only in doubt.
        `ml.faces.scout.Scout` is one.

    Raises
    ------
    ValueError
        There are no sources.
    FinderError
        A source cannot be opened; the message says how to mend it.

    Examples
    --------
    >>> from ml.cascades import resolve
    >>> from ml.faces.detector import Detector
    >>> from ml.painting import CAST, paint
    >>> detector = Detector(resolve(["koredare_lbp"]))
    >>> [(face.angle, face.score > 0.5) for face in detector.detect(paint(CAST[0], seed=7).picture)]
    [(0.0, True)]
    """

    def __init__(
        self, sources: Sequence[FinderSource], *, judge: Judge | None = None, scout: Proposer | None = None
    ) -> None:
        if not sources:
            raise ValueError("A detector needs at least one cascade.")
        self._finders = [(source.loosened() if judge else source).open() for source in sources]
        self._looks = _looks(self._finders, scout)
        self._judge = judge

    def detect(self, picture: Picture) -> list[Face]:
        """Find the faces in a picture, best first.

        Parameters
        ----------
        picture
            RGB, uint8, shape (height, width, 3), upright.

        Returns
        -------
        list of Face
            Boxes lie inside the picture and never overlap by more than 0.3 IoU. Empty if no face is found.
        """
        return self.look(picture).faces

    def look(self, picture: Picture) -> Seen:
        """As `detect`, and whether a crowd is so large that some of it was not even judged."""
        grey = _grey(picture)
        if self._judge is None:
            return Seen(merge([finder.detect(grey) for finder in self._finders]), more=False)
        views = _Views(picture, grey)
        more = False
        judged: list[Face] = []
        faces: list[Face] = []
        for look in self._looks:
            if not look.when(faces, grey.size):
                continue
            known = [face for face in judged if face.score >= _FACE]
            # The judge hardly minds a tilt: what was a face before a turn stays as it was seen.
            found, left_out = look.at(views)
            more |= left_out
            candidates = [face for face in found if not any(_same(face.box, other.box) for other in known)]
            judged += self._judge.judge(picture, candidates)
            faces = merge([judged])
        # Patterns too are proposed by the hundred: only where there is a crowd more of it is likely.
        more &= _is_a_crowd(faces, grey.size)
        return Seen([face for face in faces if face.score >= _FACE], more)

    def propose(self, picture: Picture) -> list[Face]:
        """All candidates of all turns in full detail, unjudged: what a judge learns from."""
        views = _Views(picture, _grey(picture))
        return [face for angles in (_UPRIGHT, *_TURNS) for face in _Look(self._finders, angles).at(views)[0]]


def _always(_faces: Sequence[Face], _pixels: int) -> bool:
    return True


class _Views(NamedTuple):
    """A picture in colour and in grey."""

    picture: Picture
    grey: Grey


class _Scouting(NamedTuple):
    """A look by a scout, and, given what was found, whether at all."""

    propose: Callable[[Picture], list[Face]]
    when: "Callable[[Sequence[Face], int], bool]" = _always

    def at(self, views: _Views) -> tuple[list[Face], bool]:
        """As `_Look.at`."""
        found = self.propose(views.picture)
        return found[:_MOST_CANDIDATES], len(found) > _MOST_CANDIDATES


class _Look(NamedTuple):
    """Who looks at a picture at which angles, how closely (see `Finder`), and, given what was found, whether at all."""

    finders: Sequence[Finder]
    angles: Sequence[float] = _UPRIGHT
    detail: float = 1.0
    seen: float = 0.0
    when: "Callable[[Sequence[Face], int], bool]" = _always

    def at(self, views: _Views) -> tuple[list[Face], bool]:
        """The candidates, and whether there were more than are judged."""
        looks = [self._turned(angle, views.grey) for angle in self.angles]
        return [face for faces, _ in looks for face in faces], any(more for _, more in looks)

    def _turned(self, angle: float, picture: Grey) -> tuple[list[Face], bool]:
        if not angle:
            return self._found(picture)
        turned = Turned.by(angle, picture)
        found, more = self._found(turned.picture)
        places = [(turned.place(face.box), face) for face in found]
        return [Face(Box(*place), angle, face.score) for place, face in places if place is not None], more

    def _found(self, picture: Grey) -> tuple[list[Face], bool]:
        found = [finder.detect(picture, detail=self.detail, seen=self.seen) for finder in self.finders]
        more = any(len(faces) > _MOST_CANDIDATES for faces in found)
        return [face for faces in found for face in faces[:_MOST_CANDIDATES]], more


def _looks(finders: Sequence[Finder], scout: Proposer | None) -> "list[_Look | _Scouting]":
    """The order in which it is looked: what finds most in the least time comes first; figures: docs/measurements.md."""
    first, others = finders[:1], finders[1:] or finders
    if scout is not None:
        return [
            _Look(first, detail=_QUICK),
            _Scouting(scout.propose, when=_is_not_filled),
            _Scouting(scout.propose_small, when=_is_a_crowd),
            _Look(others, detail=_MIDDLING, when=_in_doubt),
        ]
    return [
        _Look(first, detail=_QUICK),
        _Look(first, seen=_QUICK, when=_may_hold_more),
        _Look(others, detail=_MIDDLING, when=_may_hold_more),
        _Look(others, detail=_CLOSE, seen=_MIDDLING, when=_is_a_crowd),
        _Look(others, _TURNED_IN_A_CROWD, detail=_MIDDLING, when=_is_a_crowd),
        *(_Look(others, angles, detail=_MIDDLING, when=_in_doubt) for angles in _TURNS),
    ]


def _in_doubt(faces: Sequence[Face], _pixels: int) -> bool:
    """No face is certain, or one is in doubt."""
    low, high = _DOUBT
    return not _certain(faces) or any(low < face.score < high for face in faces)


def _may_hold_more(faces: Sequence[Face], pixels: int) -> bool:
    """There is doubt, a crowd, or room: no certain face is so large that the picture is its portrait."""
    return _has_room(faces, pixels, _PORTRAIT)


def _is_not_filled(faces: Sequence[Face], pixels: int) -> bool:
    """As `_may_hold_more`, for who sees what others do not: beside larger faces too."""
    return _has_room(faces, pixels, _FILLED)


def _has_room(faces: Sequence[Face], pixels: int, largest: float) -> bool:
    if _in_doubt(faces, pixels) or _is_a_crowd(faces, pixels):
        return True
    return max(box.w * box.h for box in _certain(faces)) < largest * pixels


def _is_a_crowd(faces: Sequence[Face], _pixels: int) -> bool:
    return len(_certain(faces)) >= _CROWD


def _certain(faces: Sequence[Face]) -> list[Box]:
    return [face.box for face in faces if face.score >= _DOUBT[1]]


def _grey(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


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
        rival = next((opinions for other, opinions in kept if _same(face.box, other.box)), None)
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


def _same(a: Box, b: Box) -> bool:
    return overlap(a, b) > MOST_OVERLAP or _shared(a, b) > _MOST_INSIDE * min(a.w * a.h, b.w * b.h)


def _shared(a: Box, b: Box) -> int:
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return max(0, width) * max(0, height)
