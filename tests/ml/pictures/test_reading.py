"""Pictures in: every common kind of file is read as people see it, and every other is refused in words."""

import io
import pickle
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.Image import Transpose

from ml.pictures import reading
from ml.pictures.reading import Picture, decode
from ml.pictures.refusals import (
    DamagedPicture,
    EmptyPicture,
    NotAPicture,
    PictureError,
    PictureTooHeavy,
    PictureTooLarge,
    PictureTooSmall,
    TooManyPieces,
    UnsupportedPicture,
)
from tests.conftest import saved

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


HERE = Path(__file__).parent


def scene(width: int = 60, height: int = 40) -> Image.Image:
    """Four quarters, each of its own colour: no turning leaves it as it was."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(BLACK, (width // 2, height // 2, width, height))
    return picture


def seen(picture: Image.Image) -> Picture:
    return np.asarray(picture.convert("RGB"))


def png(width: int, height: int, depth: int, colour_type: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of any depth, which Pillow does not write; `rows` begin with their filter byte."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def filled(width: int, height: int, depth: int, colour_type: int, pixel: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    row = b"\0" + pixel * (width if depth >= 8 else width * depth // 8)
    return png(width, height, depth, colour_type, row * height, *chunks)


def frames() -> list[Image.Image]:
    return [scene(), Image.new("RGB", (60, 40), "yellow"), Image.new("RGB", (60, 40), "purple")]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(scene(), "PNG"), id="PNG"),
        pytest.param(saved(scene().quantize(8), "PNG"), id="palette PNG"),
        pytest.param(saved(scene(), "WEBP", lossless=True), id="WebP"),
        pytest.param(saved(scene(), "GIF"), id="GIF"),
        pytest.param(saved(scene(), "GIF", save_all=True, append_images=frames()[1:]), id="animated GIF"),
        pytest.param(saved(scene(), "PNG", save_all=True, append_images=frames()[1:]), id="APNG"),
        pytest.param(
            saved(scene(), "WEBP", save_all=True, append_images=frames()[1:], lossless=True),
            id="animated WebP",
        ),
    ],
)
def test_a_lossless_picture_comes_back_exactly_and_an_animation_as_its_first_frame(data: bytes) -> None:
    assert np.array_equal(decode(data), seen(scene()))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(scene(), "JPEG", quality=95, subsampling=0), id="JPEG"),
        pytest.param(saved(scene(), "JPEG", quality=95, subsampling=0, progressive=True), id="progressive JPEG"),
        pytest.param(saved(scene().convert("CMYK"), "JPEG", quality=95), id="CMYK JPEG"),
        pytest.param(saved(scene(), "WEBP", quality=95), id="lossy WebP"),
        pytest.param(saved(scene(), "AVIF", quality=95, subsampling="4:4:4"), id="AVIF"),
        pytest.param((HERE / "scene.heic").read_bytes(), id="HEIC"),
        pytest.param((HERE / "sideways.heic").read_bytes(), id="HEIC of a telephone held sideways"),
    ],
)
def test_a_lossy_picture_comes_back_closely(data: bytes) -> None:
    assert np.abs(decode(data).astype(int) - seen(scene())).mean() < 5


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_telephone_appends_to_a_jpeg_is_left_alone(*, progressive: bool) -> None:
    jpeg = saved(scene(640, 480), "JPEG", progressive=progressive)
    video = b"\0\0\0\x18ftypmp42" + b"\xff\xda\xff\xd9" * 500
    assert np.array_equal(decode(jpeg + video), decode(jpeg))


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        *[pytest.param(saved(scene(640, 480), "JPEG"), bytes_, id=f"JPEG, {bytes_}") for bytes_ in (1, 2, 3, 12)],
        pytest.param(saved(scene(640, 480), "JPEG", progressive=True), 2, id="progressive JPEG"),
        pytest.param(saved(scene(640, 480), "PNG"), 2, id="PNG"),
        pytest.param(saved(scene(640, 480), "GIF"), 2, id="GIF"),
        pytest.param(saved(scene(640, 480), "WEBP"), 2, id="WebP"),
    ],
)
def test_a_picture_that_lacks_its_last_bytes_is_read_as_every_viewer_shows_it(data: bytes, missing: int) -> None:
    whole, read = decode(data), decode(data[:-missing])
    assert np.array_equal(read[:-32], whole[:-32])


def test_a_grey_jpeg_becomes_grey_rgb() -> None:
    assert decode(saved(Image.new("L", (40, 30), 77), "JPEG")).tolist() == np.full((30, 40, 3), 77).tolist()


def half_clear(colour: tuple[int, ...] = BLACK) -> Image.Image:
    """Left half opaque, right half wholly transparent, though of the same colour underneath."""
    picture = Image.new("RGBA", (60, 40), (*colour, 255))
    picture.paste((*colour, 0), (30, 0, 60, 40))
    return picture


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(half_clear(), "PNG"), id="RGBA PNG"),
        pytest.param(saved(half_clear().convert("LA"), "PNG"), id="grey PNG with alpha"),
        pytest.param(saved(half_clear().quantize(4), "PNG"), id="palette PNG with alpha"),
        pytest.param(saved(half_clear(), "WEBP", lossless=True, exact=True), id="WebP"),
        pytest.param(saved(half_clear(), "GIF"), id="GIF"),
        pytest.param(saved(half_clear(), "AVIF", quality=100), id="AVIF"),
    ],
)
def test_what_is_transparent_lies_on_white(data: bytes) -> None:
    picture = decode(data)
    assert picture[:, :28].max() < 8
    assert picture[:, 32:].min() > 247


def test_what_is_half_transparent_is_blended() -> None:
    assert np.unique(decode(saved(Image.new("RGBA", (30, 30), (0, 0, 0, 128)), "PNG"))).tolist() == [127]


@pytest.mark.parametrize(
    ("depth", "colour_type", "pixel", "clear", "shown"),
    [
        (1, 0, b"\xff", None, WHITE),
        (1, 0, b"\x00", None, BLACK),
        (1, 0, b"\x00", b"\0\0", WHITE),
        (2, 0, b"\x55", None, (85, 85, 85)),
        (2, 0, b"\x55", b"\0\1", WHITE),
        (4, 0, b"\x33", b"\0\3", WHITE),
        (4, 0, b"\x33", b"\0\4", (51, 51, 51)),
        (16, 0, b"\x80\x00", None, (128, 128, 128)),
        (16, 0, b"\xff\xff", None, WHITE),
        (16, 0, b"\x01\x2c", None, (1, 1, 1)),
        (16, 0, b"\x80\x00", b"\x80\x00", WHITE),
        (16, 2, b"\xff\xff\x80\x00\x00\x40", None, (255, 128, 0)),
        (16, 2, b"\xff\xff\x80\x00\x00\x40", b"\xff\xff\x80\x00\x00\x40", WHITE),
        (16, 4, b"\x40\x00\xff\xff", None, (64, 64, 64)),
        (16, 6, b"\xff\xff\x80\x00\x00\x40\x00\x00", None, WHITE),
        (8, 2, b"\x0a\x14\x1e", b"\0\x0a\0\x14\0\x1e", WHITE),
        (8, 2, b"\x0a\x14\x1e", b"\0\x0a\0\x14\0\x1f", (10, 20, 30)),
    ],
)
def test_every_depth_of_png_is_shown_as_it_is_meant(
    depth: int, colour_type: int, pixel: bytes, clear: bytes | None, shown: tuple[int, int, int]
) -> None:
    data = filled(32, 24, depth, colour_type, pixel, *([(b"tRNS", clear)] if clear else []))
    assert np.unique(decode(data).reshape(-1, 3), axis=0).tolist() == [list(shown)]


def test_a_tall_picture_is_converted_to_its_last_row() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (777, 31, 4), np.uint8)
    on_white = Image.new("RGBA", (31, 777), "white")
    on_white.alpha_composite(Image.fromarray(noise))
    assert np.abs(decode(saved(Image.fromarray(noise), "PNG")).astype(int) - seen(on_white)).max() <= 1


STORED = {
    1: lambda picture: picture,
    2: lambda picture: picture.transpose(Transpose.FLIP_LEFT_RIGHT),
    3: lambda picture: picture.transpose(Transpose.ROTATE_180),
    4: lambda picture: picture.transpose(Transpose.FLIP_TOP_BOTTOM),
    5: lambda picture: picture.transpose(Transpose.TRANSPOSE),
    6: lambda picture: picture.transpose(Transpose.ROTATE_90),
    7: lambda picture: picture.transpose(Transpose.TRANSVERSE),
    8: lambda picture: picture.transpose(Transpose.ROTATE_270),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", STORED)
def test_a_photograph_taken_sideways_is_upright(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(STORED[orientation](scene()), kind, exif=exif, quality=95)
    assert np.array_equal(seen(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))), decode(data))
    assert np.abs(decode(data).astype(int) - seen(scene())).mean() < 8


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"]
)
def test_broken_exif_data_do_not_spoil_a_picture(exif: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert decode(saved(scene(), "JPEG", exif=exif)).shape == (40, 60, 3)


def test_a_picture_with_a_novel_in_its_text_is_still_read() -> None:
    novel = b"Comment\0\0" + zlib.compress(b"I am a cat. " * 1_000_000)
    profile = b"icc\0\0" + zlib.compress(bytes(50_000_000))
    data = filled(32, 24, 8, 2, bytes(BLUE), (b"zTXt", novel), (b"iCCP", profile), (b"tEXt", b"x" * 2_000_000))
    assert decode(data)[0, 0].tolist() == list(BLUE)


def test_a_decoded_picture_is_ones_own_to_draw_on() -> None:
    picture = decode(saved(scene(), "JPEG"))
    picture[:] = 0
    assert (picture.dtype, picture.flags.c_contiguous) == (np.uint8, True)


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def noisy(kind: str, **options: object) -> bytes:
    return saved(Image.fromarray(np.random.default_rng(2).integers(0, 256, (60, 80, 3), np.uint8)), kind, **options)


def many_scans() -> bytes:
    data = saved(scene(1200, 900), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 1000 + data[-2:]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", EmptyPicture, id="nothing"),
        pytest.param(b"\0" * 5000, NotAPicture, id="zeros"),
        pytest.param(b"hello, who is this?", NotAPicture, id="a text"),
        pytest.param(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', UnsupportedPicture, id="SVG"),
        pytest.param(b"<!DOCTYPE html><html><body>404</body></html>", NotAPicture, id="HTML"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", NotAPicture, id="PDF"),
        pytest.param(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", NotAPicture, id="MP4"),
        pytest.param(b"\x1aE\xdf\xa3\x01\0\0\0", NotAPicture, id="WebM"),
        pytest.param(b"RIFF\0\0\0\0AVI LIST", NotAPicture, id="AVI"),
        pytest.param(b"PK\3\4" + bytes(50), NotAPicture, id="ZIP"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", DamagedPicture, id="HEIC of nothing"),
        pytest.param(cut((HERE / "scene.heic").read_bytes()), DamagedPicture, id="HEIC cut off"),
        pytest.param(saved(scene(), "BMP"), UnsupportedPicture, id="BMP"),
        pytest.param(saved(scene(), "TIFF"), UnsupportedPicture, id="TIFF"),
        pytest.param(cut(noisy("JPEG")), DamagedPicture, id="JPEG cut off"),
        pytest.param(cut(noisy("PNG")), DamagedPicture, id="PNG cut off"),
        pytest.param(cut(noisy("GIF")), DamagedPicture, id="GIF cut off"),
        pytest.param(cut(noisy("WEBP")), DamagedPicture, id="WebP cut off"),
        pytest.param(cut(noisy("AVIF")), DamagedPicture, id="AVIF cut off"),
        pytest.param(b"\xff\xd8\xff" + b"garbage" * 99, DamagedPicture, id="JPEG of garbage"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"garbage" * 99, DamagedPicture, id="PNG of garbage"),
        pytest.param(b"GIF89a" + b"garbage" * 99, DamagedPicture, id="GIF of garbage"),
        pytest.param(b"RIFF\xff\0\0\0WEBPVP8 " + b"garbage!" * 99, PictureError, id="WebP of garbage"),
        pytest.param(b"\0\0\0\x14ftypavif\0\0\0\0avif" + b"garbage" * 99, DamagedPicture, id="AVIF of garbage"),
        pytest.param(many_scans(), PictureTooLarge, id="JPEG that would take minutes"),
        pytest.param(bytes(reading.MAX_BYTES + 1), PictureTooHeavy, id="too many bytes"),
        pytest.param(saved(Image.new("1", (9000, 5000)), "PNG"), PictureTooLarge, id="too many pixels"),
        pytest.param(saved(Image.new("1", (32_767, 100)), "PNG"), PictureTooLarge, id="too long"),
        pytest.param(saved(Image.new("RGB", (200, 12)), "PNG"), PictureTooSmall, id="too low"),
        pytest.param(saved(Image.new("RGB", (1, 1)), "GIF"), PictureTooSmall, id="a tracking dot"),
    ],
)
def test_a_file_that_cannot_be_looked_at_is_refused_in_one_friendly_sentence(
    data: bytes, error: type[PictureError]
) -> None:
    with pytest.raises(error) as refusal:
        decode(data)
    sentence = str(refusal.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "please" in sentence
    assert "Error" not in sentence


CHUNK = b"\0\0\0\0tEXt" + struct.pack(">I", zlib.crc32(b"tEXt"))


def filled_with(data: bytes, piece: bytes, *, at: int, number: int) -> bytes:
    return data[:at] + piece * number + data[at:]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(filled_with(saved(scene(), "PNG"), CHUNK, at=33, number=50_000), id="PNG of empty chunks"),
        pytest.param(
            filled_with(saved(scene(), "JPEG"), b"\xff\xfe\0\2", at=2, number=50_000), id="JPEG of empty comments"
        ),
        pytest.param(filled_with(saved(scene(), "JPEG"), b"\xff", at=-20, number=5_000), id="JPEG of fill bytes"),
        pytest.param(
            filled_with(saved(scene(), "GIF"), b"\x21\xfe\0", at=13, number=600_000), id="GIF of empty comments"
        ),
        pytest.param(
            filled_with(saved(scene(), "WEBP"), b"JUNK\0\0\0\0", at=10**6, number=50_000), id="WebP of empty chunks"
        ),
    ],
)
def test_a_file_in_more_pieces_than_honest_ones_is_refused_before_it_costs_anything(data: bytes) -> None:
    with pytest.raises(TooManyPieces, match="far too many pieces; please"):
        decode(data)


def test_files_in_as_many_pieces_as_honest_ones_are_read() -> None:
    novel = filled_with(saved(scene(), "PNG"), CHUNK, at=33, number=5_000)
    moving = saved(
        scene(), "GIF", save_all=True, append_images=[scene(60, 40 + i % 3).crop((0, 0, 60, 40)) for i in range(300)]
    )
    for data in (novel, moving):
        assert np.array_equal(decode(data), seen(scene()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_very_large_picture_keeps_its_size_and_its_looks(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    large = scene(5201, 5001).transpose(Transpose.ROTATE_90)
    picture = decode(saved(large, kind, exif=exif, quality=80, **({"method": 0} if kind == "WEBP" else {})))
    assert picture.shape == (5001, 5201, 3)
    assert np.abs(picture[::100, ::100].astype(int) - seen(scene(5201, 5001))[::100, ::100]).mean() < 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_is_wrong_with_exif_data_is_nobodys_news(kind: str, recwarn: pytest.WarningsRecorder) -> None:
    entries = b"".join(struct.pack("<HHII", tag, 2, 2**20 + tag, 8) for tag in range(300, 3_300))
    turned = struct.pack("<HHIHH", 0x0112, 3, 1, 3, 0)
    upside_down = saved(
        scene().transpose(Transpose.ROTATE_180), kind, quality=95, exif=b"Exif\0\0" + _tiff(turned, entries)
    )
    recwarn.clear()
    assert np.abs(decode(upside_down).astype(int) - seen(scene())).mean() < 8
    assert not recwarn.list


def _tiff(*entries: bytes) -> bytes:
    inside = b"".join(entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(inside) // 12) + inside + bytes(4)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"<html>", "a web page"),
        (b"8BPS\0\1", "Photoshop"),
        (bytes(26 * 2**20), "26.0 MB and I read up to 25 MB"),
        (saved(Image.new("1", (9000, 5000)), "PNG"), "9000 × 5000 pixels and I look at up to 40 megapixels"),
        (
            saved(Image.new("1", (40_000, 50)), "PNG"),
            "40000 × 50 pixels and I look at up to 32766 pixels a side",
        ),
        (many_scans(), "1200 × 900 pixels and I look at up to 0.792 megapixels of JPEG like that one"),
        (saved(Image.new("1", (20, 30)), "PNG"), "20 × 30 pixels, too small"),
        (cut(noisy("GIF")), "That GIF file is damaged"),
    ],
)
def test_the_sentence_says_what_was_wrong(data: bytes, words: str) -> None:
    with pytest.raises(PictureError) as refusal:
        decode(data)
    assert words in str(refusal.value)


def huge(kind: str) -> bytes:
    """A few hundred bytes that declare about 30000 × 30000 pixels, or as many as the format can."""
    data = bytearray(noisy(kind, **({"lossless": True} if kind == "WEBP" else {})))
    if kind == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 30_000, 30_000)
    elif kind == "PNG":
        return png(30_000, 30_000, 8, 6, bytes(100_000))
    elif kind == "GIF":
        data[6:10] = struct.pack("<HH", 30_000, 30_000)
    elif kind == "WEBP":
        data[21:25] = struct.pack("<I", 16_382 | 16_382 << 14)
    elif kind == "AVIF":
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", 16_000, 16_000)
    return bytes(data)


def huge_canvas() -> bytes:
    data = bytearray(saved(scene(), "WEBP", save_all=True, append_images=frames()[1:]))
    data[24:30] = b"\xfe\x3f\0\xfe\x3f\0"
    return bytes(data)


def lying_gif() -> bytes:
    """Its first frame is a thousand times as large as the file says, and is to be cleared when it is over."""
    data = saved(scene(), "GIF")
    frame = data.index(b"\x2c\0\0\0\0" + struct.pack("<HH", 60, 40))
    control = b"\x21\xf9\x04\x08\0\0\0\0"
    return data[:frame] + control + b"\x2c\0\0\0\0" + struct.pack("<HH", 60_000, 40_000) + data[frame + 9 :]


HUGE: dict[str, Callable[[], bytes]] = {
    **{kind: lambda kind=kind: huge(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")},
    "WebP canvas": huge_canvas,
    "GIF that lies": lying_gif,
}


def test_pictures_that_would_unpack_to_gigabytes_are_refused_before_memory_is_taken(tmp_path: Path) -> None:
    for name, bomb in HUGE.items():
        (tmp_path / name).write_bytes(bomb())
    script = """
import resource, sys
from pathlib import Path
from ml.pictures.reading import decode
from ml.pictures.refusals import PictureTooLarge
taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 150 * 2**20,) * 2)
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        decode(path.read_bytes())
    except PictureTooLarge as refusal:
        print(path.name, refusal.width, refusal.height)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, tmp_path],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert sorted(line.rsplit(maxsplit=2)[0] for line in done.stdout.splitlines()) == sorted(HUGE)
    assert "GIF that lies 60000 40000" in done.stdout


def test_pillows_own_alarm_about_large_pictures_is_not_heard() -> None:
    declared_only = png(12_000, 10_000, 1, 0, b"")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PictureTooLarge):
            decode(declared_only)
        with pytest.raises(DamagedPicture) as refusal:
            decode(declared_only, max_pixels=10**9)
    assert isinstance(refusal.value.__cause__, OSError)


def test_limits_are_the_callers_to_set() -> None:
    data = saved(scene(), "PNG")
    assert decode(data, max_bytes=len(data), max_pixels=60 * 40).shape == (40, 60, 3)
    with pytest.raises(PictureTooHeavy):
        decode(data, max_bytes=len(data) - 1)
    with pytest.raises(PictureTooLarge):
        decode(data, max_pixels=60 * 40 - 1)


def test_a_format_that_this_build_of_pillow_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.features.check", lambda feature: feature != "avif")
    with pytest.raises(UnsupportedPicture, match="AVIF"):
        decode(saved(scene(), "AVIF"))


@pytest.mark.parametrize(
    "error",
    [
        EmptyPicture(),
        NotAPicture(),
        NotAPicture("a video"),
        UnsupportedPicture("HEIC"),
        DamagedPicture("PNG"),
        PictureTooHeavy(30_000_000, 25_000_000),
        PictureTooLarge(9000, 9000, 40_000_000, 32_766),
        PictureTooSmall(3, 4, 24),
    ],
)
def test_a_refusal_comes_whole_through_a_process_pool(error: PictureError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_every_refusal_has_its_own_code() -> None:
    codes = [error.code for error in PictureError.__subclasses__()]
    assert len(set(codes)) == len(codes)


SAMPLES = {
    "JPEG": noisy("JPEG"),
    "JPEG with EXIF": noisy("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"),
    "progressive JPEG": noisy("JPEG", progressive=True),
    "PNG": noisy("PNG"),
    "palette PNG": saved(half_clear().quantize(4), "PNG"),
    "16-bit PNG": filled(32, 24, 16, 0, b"\x80\x00", (b"tRNS", b"\x80\x00")),
    "APNG": saved(scene(), "PNG", save_all=True, append_images=frames()[1:]),
    "GIF": saved(scene(), "GIF", save_all=True, append_images=frames()[1:]),
    "WebP": noisy("WEBP"),
    "animated WebP": saved(half_clear(), "WEBP", save_all=True, append_images=frames()[1:]),
    "AVIF": noisy("AVIF"),
    "AVIF with alpha": saved(half_clear(), "AVIF"),
}


def read_or_refuse(data: bytes) -> None:
    try:
        picture: npt.NDArray[np.generic] = decode(data, max_pixels=500_000)
    except PictureError:
        pass
    else:
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), min_size=1, max_size=12),
    st.floats(0.05, 1),
    st.booleans(),
)
def test_a_garbled_picture_is_read_or_refused_and_nothing_else(
    name: str, edits: list[tuple[int, bytes]], kept: float, in_header: bool
) -> None:
    data = bytearray(SAMPLES[name])
    for position, patch in edits:
        at = position % min(len(data), 200 if in_header else len(data))
        data[at : at + len(patch)] = patch
    read_or_refuse(bytes(data[: int(len(data) * kept) + 1]))


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=300, deadline=None)
@given(st.sampled_from([b"", *(sample[:20] for sample in SAMPLES.values())]), st.binary(max_size=300))
def test_random_bytes_are_read_or_refused_and_nothing_else(beginning: bytes, rest: bytes) -> None:
    read_or_refuse(beginning + rest)
