"""Picture files that know their format and break it: parts lost, repeated, swapped, borrowed, lied about."""

import random
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from PIL import Image, PngImagePlugin

from ml.painting import CAST, paint
from ml.pictures.parts import Part, gif_blocks, png_chunks, riff_chunks, segments
from tests.conftest import saved
from tests.fuzz.costly import HEIC, chunk, exif_of, grid_of_tiles

_NUMBERS: Final = (0, 1, 2, 3, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 2**24, 2**31 - 1, 2**31)
_MOST: Final = 2**20  # bytes that a file grows to

_XMP: Final = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6"/></x:xmpmeta>'


@cache
def samples() -> dict[str, tuple[bytes, ...]]:
    """Sound files of every format that is read, with and without what may come with the pixels."""
    picture = Image.fromarray(paint(CAST[0], seed=3, size=(160, 120)).picture)
    clear = picture.convert("RGBA")
    clear.putalpha(Image.fromarray(np.tile(np.arange(160, dtype=np.uint8), (120, 1))))
    others = [picture.rotate(turn) for turn in (10, 20)]
    more = {"exif": exif_of(4), "icc_profile": bytes(400), "xmp": _XMP}
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "who is this? " * 40, zip=True)
    moving = {"save_all": True, "append_images": others}
    return {
        "JPEG": (
            saved(picture, "JPEG"),
            saved(picture, "JPEG", progressive=True, **more),
            saved(picture.convert("CMYK"), "JPEG", subsampling=0, restart_marker_blocks=4),
            saved(picture.convert("L"), "JPEG", comment=b"who?"),
        ),
        "PNG": (
            saved(picture, "PNG", pnginfo=text, exif=more["exif"], icc_profile=more["icc_profile"]),
            saved(picture.quantize(16), "PNG", transparency=3),
            saved(clear, "PNG"),
            saved(picture.convert("I;16"), "PNG"),
            saved(picture, "PNG", **moving),
        ),
        "GIF": (saved(picture, "GIF", comment=b"who? " * 80), saved(clear, "GIF"), saved(picture, "GIF", **moving)),
        "WebP": (
            saved(picture, "WEBP", **more),
            saved(picture, "WEBP", lossless=True),
            saved(clear, "WEBP"),
            saved(clear, "WEBP", **moving, **more),
        ),
        "AVIF": (saved(picture, "AVIF", **more), saved(clear, "AVIF"), saved(picture, "AVIF", **moving)),
        "HEIC": (HEIC.read_bytes(), HEIC.with_name("sideways.heic").read_bytes(), grid_of_tiles(HEIC.read_bytes(), 3)),
    }


_CONTAINERS: Final = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"iinf": 6, b"iref": 4, b"moov": 0, b"trak": 0, b"dinf": 0}


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Part]:
    """The boxes of an ISO base media file, those inside others after them."""
    end = len(data) if end is None else end
    while start + 8 <= end and (size := int.from_bytes(data[start : start + 4], "big")) >= 8:
        name = data[start + 4 : start + 8]
        yield Part(name, start, start + 8, start + size)
        if name in _CONTAINERS:
            yield from boxes(data, start + 8 + _CONTAINERS[name], start + size)
        start += size


_WALKS: Final[dict[str, Callable[[bytes], Iterator[Part]]]] = {
    "JPEG": segments,
    "PNG": png_chunks,
    "GIF": gif_blocks,
    "WebP": riff_chunks,
    "AVIF": boxes,
    "HEIC": boxes,
}


def pieces(kind: str, data: bytes) -> list[bytes]:
    """A sound file, cut where its parts begin."""
    cuts = sorted({0, *(part.start for part in _WALKS[kind](data)), len(data)})
    return [data[start:end] for start, end in pairwise(cuts)]


def broken(seed: int) -> tuple[str, bytes]:
    """The format and the bytes of a file; the same for a seed."""
    chance = random.Random(seed)
    kind = chance.choice(sorted(samples()))
    parts = pieces(kind, chance.choice(samples()[kind]))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        parts = chance.choice(_BREAKS)(parts, kind, chance)
    parts = _mended(kind, parts) if chance.random() < 0.8 else parts
    data = b"".join(parts)
    if chance.random() < 0.15:
        data = data[: chance.randrange(1, len(data) + 1)]
    return kind, data


def _mended(kind: str, parts: list[bytes]) -> list[bytes]:
    """With checksums and lengths that are right again, so that what is inside gets looked at."""
    if kind == "PNG":
        return [part[:-4] + struct.pack(">I", zlib.crc32(part[4:-4])) if len(part) >= 12 else part for part in parts]
    if kind == "WebP" and parts[0].startswith(b"RIFF"):
        return [parts[0][:4] + struct.pack("<I", sum(map(len, parts)) - 8) + parts[0][8:], *parts[1:]]
    return parts


def _lost(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(parts))
    return parts[:at] + parts[at + 1 :] or parts


def _repeated(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(parts))
    number = min(chance.choice((1, 2, 10, 1_000, 50_000)), _MOST // max(1, len(parts[at])))
    return parts[:at] + [parts[at]] * number + parts[at:]


def _swapped(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    a, b = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts = list(parts)
    parts[a], parts[b] = parts[b], parts[a]
    return parts


def _borrowed(parts: list[bytes], kind: str, chance: random.Random) -> list[bytes]:
    """A part of another file, mostly of the same format."""
    other = kind if chance.random() < 0.8 else chance.choice(sorted(samples()))
    at = chance.randrange(len(parts) + 1)
    return [*parts[:at], chance.choice(pieces(other, chance.choice(samples()[other]))), *parts[at:]]


def _within(parts: list[bytes], chance: random.Random, change: Callable[[bytearray], None]) -> list[bytes]:
    at = chance.randrange(len(parts))
    part = bytearray(parts[at])
    if len(part) > 0:
        change(part)
    return [*parts[:at], bytes(part), *parts[at + 1 :]]


def _flipped(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    def change(part: bytearray) -> None:
        for _ in range(chance.choice((1, 2, 8))):
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)

    return _within(parts, chance, change)


def _lied(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    """A number that means much in a length, a size or a count, in the beginning of a part."""

    def change(part: bytearray) -> None:
        size, order = chance.choice((1, 2, 2, 4, 4)), chance.choice(("big", "little"))
        at = chance.randrange(min(len(part), 32))
        part[at : at + size] = (chance.choice(_NUMBERS) & 2 ** (8 * size) - 1).to_bytes(size, order)

    return _within(parts, chance, change)


def _noisy(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    def change(part: bytearray) -> None:
        at = chance.randrange(len(part))
        part[at : at + chance.choice((4, 40, 400))] = chance.randbytes(chance.choice((4, 40, 400)))

    return _within(parts, chance, change)


def _junk(parts: list[bytes], _kind: str, chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(parts) + 1)
    junk = chance.choice((b"\0", b"\xff", b"\x21\xfe\0", b"\1", chance.randbytes(7))) * chance.choice((1, 100, 10_000))
    return [*parts[:at], junk, *parts[at:]]


def _about_itself(parts: list[bytes], kind: str, chance: random.Random) -> list[bytes]:
    """EXIF data of many entries, each broken in its own way, where the format keeps them."""
    exif = bytearray(exif_of(chance.choice((1, 40, 5_000))))
    for _ in range(chance.randrange(6)):
        exif[chance.randrange(len(exif))] = chance.randrange(256)
    match kind:
        case "JPEG":
            inside = b"Exif\0\0" + bytes(exif[:65_000])
            return [*parts[:1], b"\xff\xe1" + struct.pack(">H", len(inside) + 2) + inside, *parts[1:]]
        case "PNG":
            return [*parts[:2], chunk(b"eXIf", bytes(exif)), *parts[2:]]
        case "WebP":
            return [*parts, b"EXIF" + struct.pack("<I", len(exif)) + bytes(exif) + b"\0" * (len(exif) % 2)]
        case _:
            return parts


_BREAKS: Final[Sequence[Callable[[list[bytes], str, random.Random], list[bytes]]]] = (
    _lost,
    _repeated,
    _swapped,
    _borrowed,
    _flipped,
    _flipped,
    _lied,
    _lied,
    _lied,
    _noisy,
    _junk,
    _about_itself,
)
