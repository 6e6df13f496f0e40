"""What picture files say of themselves, before anything is decoded, and what decoding them would cost.

Each format's own reader of Pillow is called, rather than `Image.open`, which may try several and which has a
limit of its own that warns on stderr. These readers walk files in Python, take memory and unpack attachments before
they can be asked for the size: the functions here walk in bounds, hand them only what shapes the picture, and leave
them nothing to stumble over.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ml.pictures.orientation import orientation
from ml.pictures.parts import FRAME, Part, gif_blocks, palette, png_chunks, riff_chunks, segments
from ml.pictures.refusals import TooManyPieces, UnsupportedPicture

Stored: TypeAlias = npt.NDArray[np.uint8]
"""Pixels as OpenCV gives them: BGR or BGRA, shape (height, width, 3 or 4)."""

_HARDER_WEBP: Final = 1.3  # lossless, or with transparency; seconds and megabytes: docs/measurements.md
_MOVING_WEBP: Final = 2.5
_AVIF: Final = 1.6
_HEIC: Final = 1.3
_ORDINARY_PNG: Final = 5  # bytes a pixel; those of 16 bits have 6 or 8, all of which are unpacked
_MOST_FILL: Final = 1024  # bytes of 0xFF on end in a JPEG, of which Pillow's reader makes copies of all that follows
_SCANS: Final = 20  # of a JPEG, each a pass over the picture; encoders write a dozen at most
_COLOURS: Final = 3  # of a JPEG in several scans, all of which are held until the last


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes
    ----------
    width, height
        Pixels, before any turning.
    open
        Gives the image, not yet decoded, or its pixels; may take memory in proportion to its size.
    otherwise
        Of a file that lacks its end: the same, with something else in place of what is missing. Where the two differ,
        it is missing. None: the file is whole, as far as can be told.
    orientation
        As EXIF has it, 1 to 8.
    kind, weight
        The format, and for how many pixels of an ordinary picture each of its own counts, by what it takes to decode
        them as they are stored.
    """

    width: int
    height: int
    open: Callable[[], ImageFile | Stored]
    otherwise: Callable[[], ImageFile | Stored] | None = None
    orientation: int = 1
    kind: str = ""
    weight: float = 1.0


def read_header(kind: str, data: bytes) -> Header:
    """Read the size of a picture, decoding nothing.

    Parameters
    ----------
    kind
        As `tell_kind` told it.
    data
        The whole file.

    Raises
    ------
    UnsupportedPicture
        If this build of Pillow lacks the format's library, or it is of a kind that hardly anybody uses.
    TooManyPieces
        If the file is put together of more parts than honest ones are.
    Exception
        Of any class, from Pillow's readers or from here, if the file is broken.
    """
    if kind in ("WebP", "AVIF") and not features.check(kind.lower()):
        raise UnsupportedPicture(kind)
    return _READERS[kind](data)


_START: Final = b"\xd8"
_END: Final = b"\xd9"
_SCAN: Final = b"\xda"
_EXIF: Final = b"\xe1"
_SHAPING: Final = {b"\xdb", b"\xc4", b"\xdd", b"\xe0", b"\xee"}  # tables, and whose colours they are: JFIF's, Adobe's
_BASELINE: Final = {b"\xc0", b"\xc1"}
_PROGRESSIVE: Final = b"\xc2"
_UNUSUAL: Final = {bytes([mark]) for mark in (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)}
_FILLER: Final = 4096


def _read_jpeg(data: bytes) -> Header:
    """Keep what belongs to the picture: phones append a video. A file whose last bytes are missing is given its end.

    Every viewer shows such a file; Pillow would refuse it even where all pixels are there.
    """
    shaping, exif, frame, scans, pixels, end = [_START], b"", b"", 0, 0, 0
    for part in segments(data):
        if part.name == _END:
            end = part.end
            break
        if part.name in _UNUSUAL:
            raise UnsupportedPicture("arithmetic or lossless JPEG")
        if part.name == _SCAN:
            scans += 1
            pixels = pixels or part.start
        elif not pixels and (part.name in _SHAPING or part.name in _BASELINE or part.name == _PROGRESSIVE):
            shaping.append(data[part.start + 1 : part.end])
        if part.name in _BASELINE or part.name == _PROGRESSIVE:
            frame = frame or data[part.start + 1 : part.end]
        if part.name == _EXIF and not exif and data.startswith(b"Exif\0\0", part.inside):
            exif = data[part.inside : part.end]
    start, turned = b"\xff" + b"\xff".join(shaping), orientation(exif)
    rest = memoryview(data)[pixels : end or len(data.rstrip(b"\xff"))]
    if data.find(b"\xff" * _MOST_FILL, pixels, pixels + len(rest)) >= 0:
        raise TooManyPieces("JPEG")

    def opened(*behind: bytes) -> JpegImageFile:
        return JpegImageFile(io.BytesIO(b"".join((start, rest, *behind))))

    if end:
        image = opened()
        return _jpeg(image, None, turned, _weighed(frame, scans))
    mark = b"\xff" + _END
    image = opened(mark)
    # Zeros are pixels too, in any code, and other ones than libjpeg's own.
    return _jpeg(image, partial(opened, bytes(_FILLER), mark), turned, _weighed(frame, 2 * scans))


def _jpeg(image: JpegImageFile, other: Callable[[], JpegImageFile] | None, turned: int, weight: float) -> Header:
    return Header(image.width, image.height, lambda: image, other, turned, "JPEG", weight)


def _weighed(frame: bytes, scans: int) -> float:
    """The weight of a JPEG's pixels, by its frame header (ITU-T T.81, B.2.2)."""
    weights = [scans / _SCANS]
    if scans > 1 or frame[:1] == _PROGRESSIVE:
        sampled = [(each >> 4) * (each & 15) for each in frame[10::3]]
        weights.append(sum(sampled) / max(1, *sampled) / _COLOURS)
    return max(1.0, *weights)


_SHAPING_CHUNKS: Final = {b"IHDR", b"PLTE", b"tRNS"}
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type


def _read_png(data: bytes) -> Header:
    """Keep only what shapes the still picture: no compressed texts or profiles, no animation."""
    view = memoryview(data)
    kept: list[memoryview] = [view[:8]]
    seen: set[bytes] = set()
    exif = b""
    for name, start, inside, end in png_chunks(data):
        if name in (b"IDAT", b"IEND") or (name in _SHAPING_CHUNKS and name not in seen):
            kept.append(view[start:end])
        elif name == b"eXIf" and not exif:
            exif = data[inside : end - 4]
        seen.add(name)
    image = PngImageFile(io.BytesIO(b"".join(kept)))
    if image.mode != "P" and "transparency" in image.info:
        image.info["transparency"] = _in_8_bits(image.info["transparency"], depth=data[24])
    weight = max(1.0, data[24] / 8 * _CHANNELS.get(data[25], 1) / _ORDINARY_PNG)
    turned = orientation(exif)
    return Header(image.width, image.height, lambda: image, orientation=turned, kind="PNG", weight=weight)


def _in_8_bits(colour: int | tuple[int, ...], *, depth: int) -> int | tuple[int, ...]:
    """Scale a PNG's transparent colour from the file's depth to that of its pixels, as Pillow omits to do."""
    if isinstance(colour, tuple):
        return tuple(value >> 8 for value in colour) if depth == 16 else colour
    return {2: colour * 85, 4: colour * 17, 16: colour >> 8}.get(depth, colour)


def _read_gif(data: bytes) -> Header:
    """Keep only the first frame, which may reach beyond the size that the file declares."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    control = b""
    for part in gif_blocks(data):
        if part.name == FRAME:
            return _gif_frame(data, part, (width, height), data[: 13 + palette(flags)] + control)
        if data.startswith(b"\xf9\x04", part.start + 1):  # a graphic control: transparency is in it
            control = data[part.start : part.start + 7] + b"\0"
    raise ValueError("it has no frame")


def _gif_frame(data: bytes, frame: Part, size: tuple[int, int], before: bytes) -> Header:
    x, y, w, h = struct.unpack_from("<HHHH", data, frame.start + 1)
    first_frame = b"".join((before, memoryview(data)[frame.start :]))
    return Header(max(size[0], x + w), max(size[1], y + h), partial(GifImageFile, io.BytesIO(first_frame)))


_FEW_BYTES: Final = 64  # that a WebP may lack: of more, its reader makes nothing


def _read_webp(data: bytes) -> Header:
    """Of a still picture, OpenCV's reader takes a third of the memory that Pillow's does, which is for animations."""
    moves = False
    match data[12:16]:
        case b"VP8X":
            width = int.from_bytes(data[24:27], "little") + 1
            height = int.from_bytes(data[27:30], "little") + 1
            moves = bool(data[20] & 0x02)
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    chunks = {part.name: part for part in riff_chunks(data)}
    exif = data[chunks[b"EXIF"].inside : chunks[b"EXIF"].end] if b"EXIF" in chunks else b""
    missing = 8 + int.from_bytes(data[4:8], "little") - len(data)
    ends = [bytes(missing), b"\xaa" * missing] if 0 < missing <= _FEW_BYTES else [b""]
    opened = _moving_webp if moves else _still_webp
    whole, otherwise = partial(opened, data, ends[0]), partial(opened, data, ends[1]) if ends[1:] else None
    weight = _MOVING_WEBP if moves else _HARDER_WEBP if chunks.keys() & {b"VP8L", b"ALPH"} else 1.0
    return Header(width, height, whole, otherwise, orientation(exif), "WebP", weight)


def _moving_webp(data: bytes, end: bytes) -> ImageFile:
    return WebPImageFile(io.BytesIO(data + end))


def _still_webp(data: bytes, end: bytes) -> Stored:
    picture = cv2.imdecode(np.frombuffer(data + end, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise ValueError("its pixels cannot be read")
    return np.asarray(picture, np.uint8)


def _read_avif(data: bytes) -> Header:
    image = AvifImageFile(io.BytesIO(data))
    turned = orientation(image.info.get("exif", b""))  # as Pillow has it from the file's own way to say it
    return Header(image.width, image.height, lambda: image, orientation=turned, kind="AVIF", weight=_AVIF)


def _read_heic(data: bytes) -> Header:
    """Read it by libheif, which turns it upright, and gives up where there is much more to it than it declares."""
    try:
        heif: Any = import_module("pi_heif.as_plugin")  # it has no types
    except ImportError as error:
        raise UnsupportedPicture("HEIC") from error
    image: ImageFile = heif.HeifImageFile(io.BytesIO(data))
    return Header(image.width, image.height, lambda: image, kind="HEIC", weight=_HEIC)


_READERS: Final = {
    "JPEG": _read_jpeg,
    "PNG": _read_png,
    "GIF": _read_gif,
    "WebP": _read_webp,
    "AVIF": _read_avif,
    "HEIC": _read_heic,
}
