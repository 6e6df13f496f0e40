"""Examples that look wrong, side by side: the number, the name that each bears, and the one that it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass

from ml.drawing.sheet import RIGHT, WRONG
from ml.naming.names import plain
from ml.reviewing import gallery
from ml.reviewing.gallery import Line, Tile


@dataclass(frozen=True, slots=True)
class Doubt:
    """An example as it is shown: its crop (the bytes of a picture file), the name it bears, the one it looks like."""

    crop: bytes
    name: str
    looks_like: str


def draw(doubts: Sequence[Doubt]) -> bytes:
    """Draw up to `gallery.MOST` examples as a PNG, numbered from 1."""
    return gallery.draw([Tile(doubt.crop, _lines(doubt)) for doubt in doubts])


def _lines(doubt: Doubt) -> tuple[Line, ...]:
    pairs = (("named", doubt.name, WRONG), ("looks like", doubt.looks_like, RIGHT))
    return tuple(Line(plain(name), before, colour) for before, name, colour in pairs)
