"""Who was taken for whom, with their pictures side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from ml.drawing.sheet import GROUND, INK, LINE, QUIET, RIGHT, WRONG, Sheet
from ml.faces.crops import crop_face
from ml.faces.face import Face
from ml.measuring.judged import Evaluation, Judged, Mistaken
from ml.naming.names import plain
from ml.pictures import reading
from ml.pictures.reading import Picture

_MOST: Final = 6  # pairs
_EACH: Final = 4  # faces of either
_FACE: Final = 84
_GAP: Final = 6
_MARGIN: Final = 28
_BLOCK: Final = _EACH * (_FACE + _GAP) - _GAP
_MIDDLE: Final = 52
_WIDTH: Final = 2 * _MARGIN + 2 * _BLOCK + _MIDDLE
_TOP: Final = 84
_ROW: Final = _FACE + 66
_ZOOM: Final = 1.25  # sides of a face's box: with a little hair, by which people tell them apart


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a judged face is to be seen: in a picture; `face` None: the picture is its crop, shown whole."""

    path: Path
    face: Face | None


_Seen: TypeAlias = tuple[Judged, Sight]


def draw(evaluation: Evaluation, sights: Sequence[Sight], *, model: str) -> bytes:
    """Draw the most confused pairs as a PNG: the faces that were mistaken, and the character they were taken for.

    Parameters
    ----------
    sights
        Of each face in `evaluation.judged`, in the same order.
    """
    shown, seen = evaluation.mistaken[:_MOST], list(zip(evaluation.judged, sights, strict=True))
    sheet = Sheet(_WIDTH, _TOP + max(1, len(shown)) * _ROW + 12)
    sheet.text(_MARGIN, 40, "Who was taken for whom", size=20, bold=True)
    faces, pairs = sum(len(each.faces) for each in evaluation.mistaken), len(evaluation.mistaken)
    more = f" · the {_MOST} most frequent of {pairs} pairs" if pairs > _MOST else ""
    words = f"model {model} · {faces} of {len(evaluation.judged)} faces were mistaken{more}"
    sheet.text(_MARGIN, 62, words, colour=QUIET, room=_WIDTH - 2 * _MARGIN)
    if not shown:
        sheet.text(_WIDTH / 2, _TOP + _ROW / 2, "Nobody was taken for anybody else.", size=14, anchor="mm")
    for row, each in enumerate(shown):
        _pair(sheet, each, seen, _TOP + row * _ROW)
    return sheet.png()


def _pair(sheet: Sheet, pair: Mistaken, seen: Sequence[_Seen], y: float) -> None:
    left, right = _MARGIN, _MARGIN + _BLOCK + _MIDDLE
    sheet.rectangle(_MARGIN, y, _WIDTH - 2 * _MARGIN, 1, LINE)
    who = plain(pair.truth or "strangers")
    count = f"mistaken {len(pair.faces)} ×, named so {pair.said} ×"
    used = sheet.text(left, y + 24, who, size=14, bold=True, room=_BLOCK * 0.45)
    sheet.text(left + used + 10, y + 24, count, size=11, colour=QUIET, room=_BLOCK - used - 10)
    sheet.text(right, y + 24, plain(pair.taken_for), size=14, bold=True, room=_BLOCK)
    _faces(sheet, [seen[place] for place in pair.faces], left, y + 34, wrong=True)
    sheet.text(left + _BLOCK + _MIDDLE / 2, y + 34 + _FACE / 2, "→", size=22, colour=QUIET, anchor="mm")
    others = [each for each in seen if each[0].truth == pair.taken_for and each[0].right]
    if others:
        _faces(sheet, sorted(others, key=lambda each: -each[0].confidence), right, y + 34, wrong=False)
    else:
        sheet.rectangle(right, y + 34, _BLOCK, _FACE, GROUND)
        sheet.text(
            right + _BLOCK / 2, y + 34 + _FACE / 2, "no picture here was recognised as such", colour=QUIET, anchor="mm"
        )


def _faces(sheet: Sheet, faces: Sequence[_Seen], x: float, y: float, *, wrong: bool) -> None:
    for place, (each, sight) in enumerate(faces[:_EACH]):
        left = x + place * (_FACE + _GAP)
        sheet.picture(_face(sight), left, y, _FACE)
        said = each.name is not None
        if said:
            sheet.rectangle(left, y + _FACE, _FACE, 3, WRONG if wrong else RIGHT)
        words = f"{each.confidence:.0%}" if said else f"{each.confidence:.0%}, unnamed"
        sheet.text(left + _FACE / 2, y + _FACE + 18, words, size=11, colour=INK if said else QUIET, anchor="ms")


def _face(sight: Sight) -> Picture:
    data = sight.path.read_bytes()  # it was read before, under the limits of the configuration
    picture = reading.decode(data, max_bytes=len(data), max_pixels=reading.MAX_SIDE**2)
    if sight.face is not None:
        return crop_face(picture, sight.face, size=2 * _FACE, zoom=_ZOOM)
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top : top + side, left : left + side]
