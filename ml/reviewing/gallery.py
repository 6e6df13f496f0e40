"""Faces side by side, each with the number that people call it by and a few words below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ml.drawing.colours import Colour
from ml.drawing.sheet import INK, PAPER, QUIET, Sheet
from ml.pictures import reading

MOST: Final = 9  # in a review: as many as there are digits to call them by
_COLUMNS: Final = 3
_FACE: Final = 132
_SMALL: Final = 5, 84  # columns and side, where there are more faces than that
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
    """A face as it is shown: its crop (the bytes of a picture file), what stands below it, and what it is called by.

    `number`: None for its place among the others.
    """

    crop: bytes
    lines: tuple[Line, ...] = ()
    number: str | None = None


def draw(tiles: Sequence[Tile]) -> bytes:
    """Draw faces as a PNG, numbered from 1 where nothing else is said; more than `MOST` are drawn smaller."""
    columns, side = (_COLUMNS, _FACE) if len(tiles) <= MOST else _SMALL
    columns = min(columns, max(1, len(tiles)))
    below = max((len(tile.lines) for tile in tiles), default=0)
    row = side + _GAP + _LINE * below + (_LINE // 2 if below else 0)
    rows = -(-len(tiles) // columns)
    sheet = Sheet(2 * _MARGIN + columns * (side + _GAP) - _GAP, 2 * _MARGIN + rows * row - _GAP)
    for place, tile in enumerate(tiles):
        x, y = _MARGIN + place % columns * (side + _GAP), _MARGIN + place // columns * row
        _draw_tile(sheet, tile, str(place + 1) if tile.number is None else tile.number, (x, y), side)
    return sheet.png()


def _draw_tile(sheet: Sheet, tile: Tile, number: str, at: tuple[float, float], face: float) -> None:
    x, y = at
    picture = reading.decode(tile.crop, max_bytes=len(tile.crop), max_pixels=reading.MAX_SIDE**2)
    side = min(picture.shape[:2])
    sheet.picture(picture[:side, :side], x, y, face)
    if number:
        wide = 22 if len(number) < 3 else 9 * len(number)
        sheet.rectangle(x, y, wide, 22, INK)
        sheet.text(x + wide / 2, y + 11, number, size=13, colour=PAPER, anchor="mm", bold=True)
    for line, said in enumerate(tile.lines, start=1):
        used = sheet.text(x, y + face + _LINE * line, said.before, size=11, colour=QUIET) + 5 if said.before else 0
        sheet.text(x + used, y + face + _LINE * line, said.words, colour=said.colour, room=face - used, bold=True)
