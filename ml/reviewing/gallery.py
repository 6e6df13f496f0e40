"""Faces side by side, each with the number that people call it by and a few words below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ml.drawing.sheet import INK, PAPER, QUIET, Colour, Sheet
from ml.pictures import reading

MOST: Final = 9  # on one sheet: as many as there are digits to call them by
_COLUMNS: Final = 3
_FACE: Final = 132
_GAP: Final = 14
_MARGIN: Final = 20
_LINE: Final = 18


@dataclass(frozen=True, slots=True)
class Line:
    """Words below a face, in a colour, and quiet ones before them."""

    words: str
    before: str = ""
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Tile:
    """A face as it is shown: its crop (the bytes of a picture file) and what stands below it."""

    crop: bytes
    lines: tuple[Line, ...] = ()


def draw(tiles: Sequence[Tile]) -> bytes:
    """Draw up to `MOST` faces as a PNG, numbered from 1."""
    shown = tiles[:MOST]
    columns = min(_COLUMNS, max(1, len(shown)))
    below = max((len(tile.lines) for tile in shown), default=0)
    row = _FACE + _GAP + _LINE * below + (_LINE // 2 if below else 0)
    rows = -(-len(shown) // columns)
    sheet = Sheet(2 * _MARGIN + columns * (_FACE + _GAP) - _GAP, 2 * _MARGIN + rows * row - _GAP)
    for place, tile in enumerate(shown):
        x, y = _MARGIN + place % columns * (_FACE + _GAP), _MARGIN + place // columns * row
        _draw_tile(sheet, tile, str(place + 1), x, y)
    return sheet.png()


def _draw_tile(sheet: Sheet, tile: Tile, number: str, x: float, y: float) -> None:
    picture = reading.decode(tile.crop, max_bytes=len(tile.crop), max_pixels=reading.MAX_SIDE**2)
    side = min(picture.shape[:2])
    sheet.picture(picture[:side, :side], x, y, _FACE)
    sheet.rectangle(x, y, 22, 22, INK)
    sheet.text(x + 11, y + 11, number, size=13, colour=PAPER, anchor="mm", bold=True)
    for line, said in enumerate(tile.lines, start=1):
        used = sheet.text(x, y + _FACE + _LINE * line, said.before, size=11, colour=QUIET) + 5 if said.before else 0
        sheet.text(x + used, y + _FACE + _LINE * line, said.words, colour=said.colour, room=_FACE - used, bold=True)
