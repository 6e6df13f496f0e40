"""Animation: whether a picture file moves, told from its structure; nothing is decoded."""

from itertools import islice

from ml.pictures.formats import tell_kind
from ml.pictures.parts import FRAME, gif_blocks, png_chunks
from ml.pictures.refusals import PictureError


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
    """Count the frames of a GIF, two at most."""
    return sum(1 for _ in islice((block for block in gif_blocks(data) if block.name == FRAME), 2))


def _has_chunk_before_pixels(data: bytes, wanted: bytes) -> bool:
    return next((part.name for part in png_chunks(data) if part.name in (wanted, b"IDAT")), None) == wanted
