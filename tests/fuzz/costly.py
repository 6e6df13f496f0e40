"""Picture files within the limits of bytes and pixels that take as much work as their format allows."""

import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from ml.painting import CAST, paint
from tests.conftest import saved

MOST: Final = 25 * 2**20 - 4096  # bytes, a little below the limit
WIDE: Final = (7300, 5470)  # 39.9 megapixels
HEIC: Final = Path(__file__).parents[1] / "ml/pictures/scene.heic"
LONG: Final = (32_766, 1220)

_ADAM7: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

Pixels = npt.NDArray[np.uint8]


def noise(width: int, height: int, *, seed: int = 1) -> Pixels:
    """RGB, each value on its own."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def soft(width: int, height: int, *, grain: int = 8) -> Pixels:
    """Noise in coarser grains: what compresses, and what cascades take for faces."""
    small = Image.fromarray(noise(-(-width // grain), -(-height // grain)))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def chunk(name: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG, its checksum right."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int,
    height: int,
    depth: int,
    colours: int,
    rows: Iterable[bytes],
    *,
    interlaced: bool = False,
    level: int = 1,
) -> bytes:
    """A PNG of rows that begin with their filter's number."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    packer = zlib.compressobj(level)
    packed = b"".join([*(packer.compress(row) for row in rows), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND")


def segment(mark: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, mark)) + struct.pack(">H", len(data) + 2) + data


def _filled(data: bytes, piece: bytes, *, at: int, most: int = MOST) -> bytes:
    """A file with as many pieces put in at a place as it may hold."""
    return data[:at] + piece * ((most - len(data)) // len(piece)) + data[at:]


def _small(kind: str, **options: object) -> bytes:
    return saved(paint(CAST[0], seed=3, size=(320, 240)).picture, kind, **options)


def _scans(size: tuple[int, int], count: int) -> bytes:
    data = saved(soft(*size, grain=64), "JPEG", progressive=True, quality=60)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:-2] + scan * min(count - data.count(b"\xff\xda"), (MOST - len(data)) // len(scan)) + data[-2:]


def exif_of(entries: int) -> bytes:
    """EXIF of which every entry points beyond its end."""
    return (
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", entries)
        + b"".join(struct.pack("<HHII", tag, 2, 2**20 + tag, 8) for tag in range(entries))
        + bytes(4)
    )


def _jpeg_with_exif() -> bytes:
    exif, plain = exif_of(65_535), _small("JPEG")
    pieces = [exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    return plain[:2] + b"".join(segment(0xE1, b"Exif\0\0" + piece) for piece in pieces) + plain[2:]


def _png_with_exif() -> bytes:
    plain = _small("PNG")
    return plain[:33] + chunk(b"eXIf", exif_of(65_535)) + plain[33:]


def _gif(piece: bytes, *, before: bool = True) -> bytes:
    """A GIF with pieces before its first frame, or among that frame's pixels."""
    plain = _small("GIF")
    flags = plain[10]
    start = 13 + (3 << (flags & 7) + 1)
    frame = plain.index(b"\x2c\0\0\0\0", start)
    return _filled(plain, piece, at=start if before else frame + 11)


def _paeth(width: int, height: int, bytes_per_pixel: int) -> Iterable[bytes]:
    row = b"\4" + bytes(range(1, 252)) * (width * bytes_per_pixel // 251 + 1)
    return (row[: 1 + width * bytes_per_pixel] for _ in range(height))


def _interlaced(width: int, height: int, bytes_per_pixel: int) -> Iterable[bytes]:
    for x, y, across, down in _ADAM7:
        yield from _paeth(-(-(width - x) // across), -(-(height - y) // down), bytes_per_pixel)


def _webp_chunks() -> bytes:
    plain = _small("WEBP", exif=exif_of(3))
    filled = _filled(plain, b"JUNK\0\0\0\0", at=len(plain))
    return b"RIFF" + struct.pack("<I", len(filled) - 8) + filled[8:]


def _webp_frames(side: int) -> bytes:
    """A large canvas on which a small frame comes again and again."""
    animated = saved(noise(16, 16), "WEBP", save_all=True, append_images=[Image.fromarray(noise(16, 16, seed=2))])
    frame = animated.index(b"ANMF")
    length = 8 + int.from_bytes(animated[frame + 4 : frame + 8], "little")
    data = bytearray(animated + animated[frame : frame + length] * 30_000)
    data[4:8] = struct.pack("<I", len(data) - 8)
    data[24:30] = (side - 1).to_bytes(3, "little") * 2
    return bytes(data)


def sheet_of_faces(side: int, count: int) -> bytes:
    """A JPEG of count × count faces, each in a square of so many pixels."""
    faces = [
        np.asarray(Image.fromarray(paint(CAST[i % len(CAST)], seed=i).picture).resize((side, side))) for i in range(12)
    ]
    rows = [np.concatenate([faces[(row * count + column) % 12] for column in range(count)], 1) for row in range(count)]
    return saved(np.concatenate(rows), "JPEG", quality=90)


def _fill_bytes() -> bytes:
    plain = _small("JPEG")
    return plain[:-500] + b"\xff" * (MOST - len(plain)) + b"\0" + plain[-500:]


def box(name: bytes, *inside: bytes) -> bytes:
    """A box of an ISO base media file."""
    return struct.pack(">I", 8 + sum(map(len, inside))) + name + b"".join(inside)


def grid_of_tiles(tile: bytes, side: int) -> bytes:
    """A HEIC put together of side × side pictures of 64 × 64 pixels, all of which lie in the same place of the file.

    `tile`: a HEIC of one such picture, of which the properties and the pixels are taken.
    """
    properties = tile[tile.index(b"ipco") - 4 :][: int.from_bytes(tile[tile.index(b"ipco") - 4 :][:4], "big")]
    pixels = tile[tile.index(b"mdat") + 4 :]
    numbers = range(2, 2 + side**2)
    items = [(1, b"grid"), *((number, b"hvc1") for number in numbers)]
    told = [box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), name, b"\0") for number, name in items]
    used = [struct.pack(">HBB", 1, 1, 6), *(struct.pack(">H4B", number, 3, 0x81, 2, 0x83) for number in numbers)]
    of = struct.pack(f">HH{side**2}H", 1, side**2, *numbers)
    head = tile[: tile.index(b"meta") - 4]

    def whole(start: int) -> bytes:
        grid = struct.pack(">HHHHII", 1, 1, 0, 1, 0, 8)
        places = [grid, *(struct.pack(">HHHHII", number, 0, 0, 1, start, len(pixels)) for number in numbers)]
        meta = box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", bytes(4), b"\0\1"),
            box(b"iloc", b"\1\0\0\0", struct.pack(">BBH", 0x44, 0, len(items)), *places),
            box(b"iinf", bytes(4), struct.pack(">H", len(items)), *told),
            box(b"iref", bytes(4), box(b"dimg", of)),
            box(
                b"iprp",
                box(b"ipco", properties[8:], box(b"ispe", struct.pack(">III", 0, 64 * side, 64 * side))),
                box(b"ipma", struct.pack(">II", 0, len(items)), *used),
            ),
            box(b"idat", struct.pack(">BBBBHH", 0, 0, side - 1, side - 1, 64 * side, 64 * side)),
        )
        return head + meta + box(b"mdat", pixels)

    return whole(len(whole(0)) - len(pixels))


def _turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def _strip_of_faces() -> bytes:
    faces = [
        np.asarray(Image.fromarray(paint(CAST[i % len(CAST)], seed=i).picture).resize((160, 160))) for i in range(12)
    ]
    strip = np.concatenate([faces[i % 12] for i in range(60)], 1)
    return saved(np.concatenate([np.roll(strip, 160 * row, 1) for row in range(4)]), "JPEG", quality=90)


# What a file is, and how it is made. Those of 40 megapixels take a while to make, too.
COSTLY: Final[dict[str, Callable[[], bytes]]] = {
    "PNG, two million empty chunks": lambda: _filled(_small("PNG"), chunk(b"tEXt"), at=33),
    "PNG, two million empty IDATs": lambda: _filled(_small("PNG"), chunk(b"IDAT"), at=33),
    "PNG, 10 MB of empty chunks": lambda: _filled(_small("PNG"), chunk(b"tEXt"), at=33, most=10 * 2**20),
    "PNG, 40 MP of 16 bits and alpha": lambda: png(*WIDE, 16, 6, _paeth(*WIDE, 8)),
    "PNG, 40 MP, interlaced": lambda: png(*WIDE, 8, 6, _interlaced(*WIDE, 4), interlaced=True),
    "PNG, 40 MP of a palette": lambda: saved(
        Image.fromarray(soft(*WIDE, grain=64)).quantize(64, method=Image.Quantize.FASTOCTREE), "PNG", compress_level=1
    ),
    "PNG, 40 MP, a strip": lambda: saved(soft(*LONG, grain=300), "PNG", compress_level=1),
    "PNG, 8 MP of noise": lambda: saved(noise(3300, 2500), "PNG", compress_level=0),
    "PNG, EXIF of 768 KB": _png_with_exif,
    "JPEG, 99 scans at 40 MP": lambda: _scans(WIDE, 99),
    "JPEG, 20 scans at 40 MP": lambda: _scans(WIDE, 20),
    "JPEG, millions of empty segments": lambda: _filled(_small("JPEG"), segment(0xFE, b""), at=2),
    "JPEG, fill bytes that end in none": _fill_bytes,
    "JPEG, 25 MB of fill bytes": lambda: _filled(_small("JPEG"), b"\xff", at=2),
    "JPEG, junk before its pixels": lambda: _filled(_small("JPEG"), b"\0", at=20),
    "JPEG, EXIF of 768 KB": _jpeg_with_exif,
    "JPEG, 40 MP of noise": lambda: saved(noise(*WIDE), "JPEG", quality=75),
    "JPEG, 40 MP of noise, progressive": lambda: saved(noise(*WIDE), "JPEG", quality=75, progressive=True),
    "JPEG, 40 MP, colours whole": lambda: saved(soft(*WIDE), "JPEG", quality=80, subsampling=0),
    "JPEG, 40 MP, progressive, colours whole": lambda: saved(
        soft(*WIDE), "JPEG", quality=80, subsampling=0, progressive=True
    ),
    "JPEG, 40 MP, progressive": lambda: saved(soft(*WIDE), "JPEG", quality=80, progressive=True),
    "JPEG, 40 MP, four inks": lambda: saved(
        Image.fromarray(soft(*WIDE)).convert("CMYK"), "JPEG", quality=60, progressive=True
    ),
    "JPEG, 40 MP, end missing": lambda: saved(soft(*WIDE), "JPEG", quality=80)[:-40],
    "JPEG, 40 MP, progressive, end missing": lambda: saved(soft(*WIDE), "JPEG", quality=80, progressive=True)[:-40],
    "JPEG, 40 MP, sideways": lambda: saved(soft(*WIDE), "JPEG", quality=80, exif=_turned(6)),
    "GIF, junk": lambda: _gif(b"\1"),
    "GIF, extensions of nothing": lambda: _gif(b"\x21\xfe\0"),
    "GIF, a comment of single bytes": lambda: _gif(b"\x21\xfe" + b"\1a" * 30_000 + b"\0"),
    "GIF, pixels in single bytes": lambda: _gif(b"\1\0", before=False),
    "GIF, 40 MP": lambda: saved(Image.new("P", WIDE), "GIF"),
    "GIF, 8 MP of noise": lambda: saved(Image.fromarray(noise(4000, 2500)[:, :, 0]), "GIF"),
    "WebP, 40 MP": lambda: saved(soft(*WIDE, grain=32), "WEBP", quality=60, method=0),
    "WebP, 40 MP, lossless": lambda: saved(soft(*WIDE, grain=200), "WEBP", lossless=True, quality=0, method=0),
    "WebP, 40 MP, of noise": lambda: saved(noise(*WIDE), "WEBP", quality=20, method=0),
    "WebP, 40 MP, with alpha": lambda: saved(
        Image.merge(
            "RGBA", (*Image.fromarray(soft(*WIDE, grain=32)).split(), Image.fromarray(noise(*WIDE)[:, :, 0] >> 6))
        ),
        "WEBP",
        quality=30,
        method=0,
    ),
    "WebP, millions of empty chunks": _webp_chunks,
    "WebP, animated, 40 MP": lambda: _webp_frames(6300),
    "WebP, animated, hundred thousand frames": lambda: _webp_frames(640),
    "AVIF, 36 MP": lambda: saved(soft(6000, 6000, grain=32), "AVIF", quality=60, speed=10),
    "AVIF, 16 MP, of noise": lambda: saved(noise(4000, 4000), "AVIF", quality=50, speed=10),
    "AVIF, 18 MB of noise": lambda: saved(noise(4300, 4300), "AVIF", quality=93, speed=10),
    "AVIF, 25 MP, colours whole": lambda: saved(soft(5000, 4990), "AVIF", quality=90, speed=10, subsampling="4:4:4"),
    "WebP, 22 MB of noise, lossless": lambda: saved(noise(3000, 2500), "WEBP", lossless=True, quality=0, method=0),
    "WebP, animated, 16 MP": lambda: _webp_frames(4000),
    "AVIF, 36 MP, colours whole": lambda: saved(soft(6000, 6000), "AVIF", quality=90, speed=10, subsampling="4:4:4"),
    "AVIF, EXIF of 768 KB": lambda: _small("AVIF", exif=exif_of(65_535)),
    "HEIC, 4 MP of tiles": lambda: grid_of_tiles(HEIC.read_bytes(), 31),
    "noise, 400 × 300": lambda: saved(noise(400, 300), "PNG"),
    "noise, 1600 × 1200": lambda: saved(noise(1600, 1200), "JPEG", quality=95),
    "grains of 4, 1600 × 1200": lambda: saved(soft(1600, 1200, grain=4), "JPEG", quality=95),
    "grains of 8, 1600 × 1200": lambda: saved(soft(1600, 1200), "JPEG", quality=95),
    "grains of 32, 1600 × 1200": lambda: saved(soft(1600, 1200, grain=32), "JPEG", quality=95),
    "grains of 32, a strip": lambda: saved(soft(8000, 500, grain=32), "JPEG", quality=95),
    "a hundred faces": lambda: sheet_of_faces(120, 10),
    "four hundred faces": lambda: sheet_of_faces(80, 20),
    "a strip of faces": _strip_of_faces,
}


def made(name: str, folder: Path) -> Path:
    """The file of that name, made unless it lies in the folder already."""
    path = folder / name.replace(" ", "_").replace(",", "").replace("×", "x")
    if not path.exists():
        path.write_bytes(COSTLY[name]())
    return path
