"""What picture files are put together of, walked in bounds: no file may be in more pieces than honest ones are.

A piece costs a microsecond or so to step over in Python, and formats let it be as small as two bytes. Whoever walks a
file of more raises `TooManyPieces`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ml.pictures.refusals import TooManyPieces

MOST: Final = 32_768  # PNGs of 25 MB have 3,200 chunks of 8 KB; nothing else comes near
_MOST_BLOCKS: Final = 500_000  # of a GIF, which honestly hold 255 bytes each


class Part(NamedTuple):
    """A piece of a file: its name, where it begins with all that belongs to it, and where its own bytes lie."""

    name: bytes
    start: int
    inside: int
    end: int


_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")  # of JPEG, but for the marks between pixels
_ALONE: Final = frozenset({b"\x01", b"\xd8", b"\xd9"})


def segments(data: bytes) -> Iterator[Part]:
    """The segments of a JPEG, named by their markers' second byte; pixels follow 0xDA (ITU-T T.81, annex B)."""
    at = 2
    for _ in range(MOST):
        mark = _MARKER.search(data, at)
        if mark is None:
            return
        inside = mark.end()
        if mark[1] in _ALONE:
            at = inside
        else:
            at = inside + int.from_bytes(data[inside : inside + 2], "big")
            inside += 2
        yield Part(mark[1], mark.start(), inside, at)
    raise TooManyPieces("JPEG")


def png_chunks(data: bytes) -> Iterator[Part]:
    """The chunks of a PNG; `end` lies behind the checksum (Portable Network Graphics, third edition, 5.3)."""
    at = 8
    for _ in range(MOST):
        if at + 8 > len(data):
            return
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        yield Part(data[at + 4 : at + 8], at, at + 8, end)
        at = end
    raise TooManyPieces("PNG")


def riff_chunks(data: bytes) -> Iterator[Part]:
    """The chunks of a WebP (RFC 9649, 2.3)."""
    at = 12
    for _ in range(MOST):
        if at + 8 > len(data):
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield Part(data[at : at + 4], at, at + 8, at + 8 + size)
        at += 8 + size + size % 2
    raise TooManyPieces("WebP")


FRAME: Final = b"\x2c"
EXTENSION: Final = b"\x21"
_BLOCK: Final = re.compile(rb"[\x21\x2c]")


def gif_blocks(data: bytes) -> Iterator[Part]:
    """The frames and extensions of a GIF, whatever lies between them (GIF89a, 20 to 26).

    Raises
    ------
    IndexError
        It ends in the midst of one.
    """
    at, left = 13 + palette(data[10]), _MOST_BLOCKS
    while (block := _BLOCK.search(data, at)) is not None:
        start = at = block.start()
        inside = at + (11 + palette(data[at + 9]) if block[0] == FRAME else 2)
        yield Part(block[0], start, inside, inside)  # whoever needs only the beginning pays for no more
        at = inside
        while size := data[at]:
            at += 1 + size
            left -= 1
            if left < 0:
                break
        at += 1
        left -= 1
        if left < 0:
            raise TooManyPieces("GIF")


def palette(flags: int) -> int:
    """Bytes of the palette that a GIF's screen or frame announces."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
