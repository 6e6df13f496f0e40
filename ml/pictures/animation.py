"""Animation: whether a picture file moves, told from its structure; nothing is decoded."""

from typing import Final

from ml.pictures.formats import tell_kind
from ml.pictures.refusals import PictureError

_FRAME: Final = 0x2C  # what begins in a GIF
_EXTENSION: Final = 0x21


def is_animated(data: bytes) -> bool:
    """Tell whether a picture file has more than one frame, of which `ml.pictures.reading.decode` reads the first.

    Parameters
    ----------
    data
        The whole file. What is no picture, or a broken one, does not move.
    """
    try:
        match tell_kind(data):
            case "GIF":
                return _gif_frames(data) > 1
            case "PNG":
                return _has_chunk_before_pixels(data, b"acTL")  # Portable Network Graphics, third edition, 11.3.6
            case "WebP":
                return data[12:16] == b"VP8X" and bool(data[20] & 0x02)  # RFC 9649, 2.7: the animation flag
            case "AVIF":
                return data[8:12] == b"avis"  # AV1 Image File Format, 6.3: an image sequence
            case _:
                return False
    except (PictureError, IndexError):
        return False


def _gif_frames(data: bytes) -> int:
    """Count the frames of a GIF, two at most (GIF89a, 20 to 23)."""
    at = 13 + _palette(data[10])
    frames = 0
    while at < len(data) and frames < 2:
        if data[at] == _FRAME:
            frames += 1
            at += 11 + _palette(data[at + 9])
        elif data[at] == _EXTENSION:
            at += 2
        else:
            at += 1
            continue
        while data[at]:
            at += 1 + data[at]
        at += 1
    return frames


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _has_chunk_before_pixels(data: bytes, wanted: bytes) -> bool:
    at = 8
    while at + 8 <= len(data):
        name = data[at + 4 : at + 8]
        if name in (wanted, b"IDAT"):
            return name == wanted
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False
