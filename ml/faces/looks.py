"""How often, how closely and at which angles a picture is looked at; figures: docs/measurements.md."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from ml.faces.face import Box, Face
from ml.faces.finders import Finder, Proposer
from ml.faces.turning import Turned
from ml.pictures.reading import Grey, Picture

UPRIGHT: Final = (0.0,)
TURNS: Final = ((-20.0, 20.0), (-40.0, 40.0))
_TURNED_AMONG_MANY: Final = (-30.0, 30.0)
_QUICK: Final = 0.6  # of the detail that a finder is made for: faces of a tenth of the picture, in less time
_MIDDLING: Final = 0.8
_CLOSE: Final = 1.5
_DOUBT: Final = (0.2, 0.8)
_PORTRAIT: Final = 0.05  # of the picture, by one certain face: it is a picture of that, with little room for others
_FILLED: Final = 0.1  # of the picture, by one certain face: a scout too would hardly find another
_MANY: Final = 3  # so many certain faces: where they are, others may be, small or tilted
_MOST_CANDIDATES: Final = 32  # of one look: bounds the time that a picture full of patterns takes


def _always(_faces: Sequence[Face], _pixels: int) -> bool:
    return True


class Views(NamedTuple):
    """A picture in colour and in grey."""

    picture: Picture
    grey: Grey


class Scouting(NamedTuple):
    """A look by a scout, and, given what was found, whether at all."""

    propose: Callable[[Picture], list[Face]]
    when: "Callable[[Sequence[Face], int], bool]" = _always

    def at(self, views: Views) -> tuple[list[Face], bool]:
        """As `Look.at`."""
        found = self.propose(views.picture)
        return found[:_MOST_CANDIDATES], len(found) > _MOST_CANDIDATES


class Look(NamedTuple):
    """Who looks at a picture at which angles, how closely (see `Finder`), and, given what was found, whether at all."""

    finders: Sequence[Finder]
    angles: Sequence[float] = UPRIGHT
    detail: float = 1.0
    seen: float = 0.0
    when: "Callable[[Sequence[Face], int], bool]" = _always

    def at(self, views: Views) -> tuple[list[Face], bool]:
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


def looks(finders: Sequence[Finder], scout: Proposer | None) -> "list[Look | Scouting]":
    """The order in which it is looked: what finds most in the least time comes first; figures: docs/measurements.md."""
    first, others = finders[:1], finders[1:] or finders
    if scout is not None:
        return [
            Look(first, detail=_QUICK),
            Scouting(scout.propose, when=_is_not_filled),
            Scouting(scout.propose_small, when=shows_many),
            Look(others, detail=_MIDDLING, when=_in_doubt),
        ]
    return [
        Look(first, detail=_QUICK),
        Look(first, seen=_QUICK, when=_may_hold_more),
        Look(others, detail=_MIDDLING, when=_may_hold_more),
        Look(others, detail=_CLOSE, seen=_MIDDLING, when=shows_many),
        Look(others, _TURNED_AMONG_MANY, detail=_MIDDLING, when=shows_many),
        *(Look(others, angles, detail=_MIDDLING, when=_in_doubt) for angles in TURNS),
    ]


def _in_doubt(faces: Sequence[Face], _pixels: int) -> bool:
    """No face is certain, or one is in doubt."""
    low, high = _DOUBT
    return not _certain(faces) or any(low < face.score < high for face in faces)


def _may_hold_more(faces: Sequence[Face], pixels: int) -> bool:
    """Some are in doubt, or many, or there is room: no certain face is so large that the picture is its portrait."""
    return _has_room(faces, pixels, _PORTRAIT)


def _is_not_filled(faces: Sequence[Face], pixels: int) -> bool:
    """As `_may_hold_more`, for who sees what others do not: beside larger faces too."""
    return _has_room(faces, pixels, _FILLED)


def _has_room(faces: Sequence[Face], pixels: int, largest: float) -> bool:
    if _in_doubt(faces, pixels) or shows_many(faces, pixels):
        return True
    return max(box.w * box.h for box in _certain(faces)) < largest * pixels


def shows_many(faces: Sequence[Face], _pixels: int) -> bool:
    """Whether so many faces are certain that there may be more."""
    return len(_certain(faces)) >= _MANY


def _certain(faces: Sequence[Face]) -> list[Box]:
    return [face.box for face in faces if face.score >= _DOUBT[1]]
