"""Examples that look wrong, side by side: the number, the name that each bears, and the one that it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ml import images
from ml.charts.sheet import INK, QUIET, RIGHT, WRONG, Sheet

MOST: Final = 9  # on one sheet: as many as there are digits to call them by
_COLUMNS: Final = 3
_FACE: Final = 132
_GAP: Final = 14
_MARGIN: Final = 20
_ROW: Final = _FACE + 58


@dataclass(frozen=True, slots=True)
class Doubt:
    """An example as it is shown: its crop (the bytes of a picture file), the name it bears, the one it looks like."""

    crop: bytes
    name: str
    looks_like: str


def draw(doubts: Sequence[Doubt]) -> bytes:
    """Draw up to `MOST` examples as a PNG, numbered from 1."""
    rows = -(-len(doubts) // _COLUMNS)
    sheet = Sheet(2 * _MARGIN + _COLUMNS * (_FACE + _GAP) - _GAP, 2 * _MARGIN + rows * _ROW)
    for place, doubt in enumerate(doubts[:MOST]):
        x = _MARGIN + place % _COLUMNS * (_FACE + _GAP)
        y = _MARGIN + place // _COLUMNS * _ROW
        picture = images.decode(doubt.crop, max_bytes=len(doubt.crop), max_pixels=images.MAX_SIDE**2)
        side = min(picture.shape[:2])
        sheet.picture(picture[:side, :side], x, y, _FACE)
        sheet.rectangle(x, y, 22, 22, INK)
        sheet.text(x + 11, y + 11, str(place + 1), size=13, colour=(255, 255, 255), anchor="mm", bold=True)
        for line, (label, name, colour) in enumerate(
            (("named", doubt.name, WRONG), ("looks like", doubt.looks_like, RIGHT)), start=1
        ):
            below = y + _FACE + 18 * line
            used = sheet.text(x, below, label, size=11, colour=QUIET) + 5
            sheet.text(x + used, below, name.replace("_", " "), colour=colour, room=_FACE - used, bold=True)
    return sheet.png()
