"""Picture files: which format some bytes are, and their size, before anything is decoded.

Each format's own reader of Pillow is called, rather than `Image.open`, which may try several and which has a
limit of its own that warns on stderr. In places these readers take memory, or unpack attachments, before they
can be asked for the size: the functions here look first, and leave them nothing to stumble over.
"""

import io
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final

from PIL import features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ml.pictures.refusals import NotAPicture, UnsupportedPicture


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes
    ----------
    width, height
        Pixels, before any turning.
    open
        Gives the image, not yet decoded; may take memory in proportion to its size.
    otherwise
        Of a file that lacks its end: the same, with something else in place of what is missing. Where the two differ,
        it is missing. None: the file is whole, as far as can be told.
    """

    width: int
    height: int
    open: Callable[[], ImageFile]
    otherwise: Callable[[], ImageFile] | None = None


_PICTURES: Final = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_OTHER_PICTURES: Final = {
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "Photoshop",
    b"CSFCHUNK": "Clip Studio",
    b"gimp xcf": "GIMP",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\0\0\1\0": "ICO",
}
_OTHER_FILES: Final = {
    b"%PDF": "a PDF document",
    b"\x1aE\xdf\xa3": "a video",
    b"OggS": "a sound or a video",
    b"ID3": "a sound",
    b"PK\3\4": "an archive",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
}
_RIFF_FILES: Final = {b"AVI ": "a video", b"WAVE": "a sound"}
_TEXTS: Final = {b"<html": "a web page", b"<!doctype html": "a web page"}
_HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def tell_kind(data: bytes) -> str:
    """Tell the format of a picture file by its first bytes.

    Returns
    -------
    str
        "JPEG", "PNG", "WebP", "GIF", "AVIF" or "HEIC".

    Raises
    ------
    UnsupportedPicture, NotAPicture
        If it is something else, which they name where it is known.
    """
    for magic, kind in _PICTURES.items():
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _tell_kind_by_brand(data)
    for magic, kind in _OTHER_PICTURES.items():
        if data.startswith(magic):
            raise UnsupportedPicture(kind)
    if b"<svg" in data[:1000].lower() and not data.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise UnsupportedPicture("SVG")
    raise NotAPicture(_tell_other_file(data))


def _tell_kind_by_brand(data: bytes) -> str:
    """Tell AVIF from its relatives by the brands in the file type box (ISO/IEC 14496-12, 4.3)."""
    box_end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, box_end, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIC"
    raise NotAPicture("a video")


def _tell_other_file(data: bytes) -> str | None:
    if data.startswith(b"RIFF"):
        return _RIFF_FILES.get(data[8:12])
    text = data[:1000].lower()
    return next(
        (seems for magic, seems in _OTHER_FILES.items() if data.startswith(magic)),
        next((seems for magic, seems in _TEXTS.items() if magic in text), None),
    )


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
        If this build of Pillow lacks the format's library.
    Exception
        Of any class, from Pillow's readers or from here, if the file is broken.
    """
    if kind in ("WebP", "AVIF") and not features.check(kind.lower()):
        raise UnsupportedPicture(kind)
    return _READERS[kind](data)


_MAX_JPEG_SCANS: Final = 100  # encoders write a dozen at most; each costs a pass over the whole picture


_MARKER: Final = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")  # of JPEG, but for the marks between pixels
_END, _SCAN, _ALONE = 0xD9, 0xDA, frozenset({0x01, 0xD8})


def _read_jpeg(data: bytes) -> Header:
    """Keep what belongs to the picture: phones append a video. A file whose last bytes are missing is given its end.

    Every viewer shows such a file; Pillow would refuse it even where all pixels are there.
    """
    end = _end_of_jpeg(data)
    if end is not None:
        image = JpegImageFile(io.BytesIO(data if end == len(data) else data[:end]))
        return Header(image.width, image.height, lambda: image)
    rest, mark = data.rstrip(b"\xff"), bytes([0xFF, _END])
    image = JpegImageFile(io.BytesIO(rest + mark))
    # Zeros are pixels too, in any code, and other ones than libjpeg's own.
    return Header(
        image.width, image.height, lambda: image, lambda: JpegImageFile(io.BytesIO(rest + bytes(_FILLER) + mark))
    )


_FILLER: Final = 4096


def _end_of_jpeg(data: bytes) -> int | None:
    """Where a JPEG ends, whatever follows; None: it does not (ITU-T T.81, annex B)."""
    scans, at = 0, 2
    while (mark := _MARKER.search(data, at)) is not None:
        at, kind = mark.end(), mark[1][0]
        if kind == _END:
            return at
        if kind in _ALONE:
            continue
        scans += kind == _SCAN
        if scans > _MAX_JPEG_SCANS:
            raise ValueError(f"more than {_MAX_JPEG_SCANS} scans")
        at += int.from_bytes(data[at : at + 2], "big")
    return None


_PNG_CHUNKS: Final = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"}


def _read_png(data: bytes) -> Header:
    """Keep only what shapes the still picture: no compressed texts or profiles, no animation."""
    view = memoryview(data)
    kept, at = [view[:8]], 8
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(view[at : at + 4], "big")
        if bytes(view[at + 4 : at + 8]) in _PNG_CHUNKS:
            kept.append(view[at:end])
        at = end
    image = PngImageFile(io.BytesIO(b"".join(kept)))
    if image.mode != "P" and "transparency" in image.info:
        image.info["transparency"] = _in_8_bits(image.info["transparency"], depth=data[24])
    return Header(image.width, image.height, lambda: image)


def _in_8_bits(colour: int | tuple[int, ...], *, depth: int) -> int | tuple[int, ...]:
    """Scale a PNG's transparent colour from the file's depth to that of its pixels, as Pillow omits to do."""
    if isinstance(colour, tuple):
        return tuple(value >> 8 for value in colour) if depth == 16 else colour
    return {2: colour * 85, 4: colour * 17, 16: colour >> 8}.get(depth, colour)


def _read_gif(data: bytes) -> Header:
    """Keep only the first frame, which may reach beyond the size that the file declares."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = palette_end = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    control = b""
    while data[at] != 0x2C:  # begins a frame
        if data[at] != 0x21:  # begins an extension
            at += 1
            continue
        if data[at + 1 : at + 3] == b"\xf9\x04":  # a graphic control: transparency is in it
            control = data[at : at + 7] + b"\0"
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    x, y, w, h = struct.unpack_from("<HHHH", data, at + 1)
    first_frame = b"".join((data[:palette_end], control, memoryview(data)[at:]))
    return Header(max(width, x + w), max(height, y + h), partial(GifImageFile, io.BytesIO(first_frame)))


_FEW_BYTES: Final = 64  # that a WebP may lack: of more, its reader makes nothing


def _read_webp(data: bytes) -> Header:
    match data[12:16]:
        case b"VP8X":
            width = int.from_bytes(data[24:27], "little") + 1
            height = int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    missing = 8 + int.from_bytes(data[4:8], "little") - len(data)
    if not 0 < missing <= _FEW_BYTES:
        return Header(width, height, partial(WebPImageFile, io.BytesIO(data)))
    ends = (bytes(missing), b"\xaa" * missing)
    return Header(width, height, *(partial(WebPImageFile, io.BytesIO(data + end)) for end in ends))


def _read_avif(data: bytes) -> Header:
    image = AvifImageFile(io.BytesIO(data))
    return Header(image.width, image.height, lambda: image)


def _read_heic(data: bytes) -> Header:
    """Read it by libheif, which turns it upright, and gives up where there is much more to it than it declares."""
    try:
        heif: Any = import_module("pi_heif.as_plugin")  # it has no types
    except ImportError as error:
        raise UnsupportedPicture("HEIC") from error
    image: ImageFile = heif.HeifImageFile(io.BytesIO(data))
    return Header(image.width, image.height, lambda: image)


_READERS: Final = {
    "JPEG": _read_jpeg,
    "PNG": _read_png,
    "GIF": _read_gif,
    "WebP": _read_webp,
    "AVIF": _read_avif,
    "HEIC": _read_heic,
}
