"""Pictures in: bytes from anyone to an upright RGB array, or a sentence that says why not."""

import warnings
from collections.abc import Callable
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ml.files import FileTooLarge, contents
from ml.pictures.formats import tell_kind
from ml.pictures.headers import Header, Stored, read_header
from ml.pictures.orientation import orientation
from ml.pictures.refusals import (
    DamagedPicture,
    EmptyPicture,
    PictureError,
    PictureTooHeavy,
    PictureTooLarge,
    PictureTooSmall,
)

Picture: TypeAlias = npt.NDArray[np.uint8]
"""RGB, shape (height, width, 3), upright."""
Grey: TypeAlias = npt.NDArray[np.uint8]
"""What is left of a picture for those who need no colours: shape (height, width)."""
PictureSource: TypeAlias = bytes | str | PathLike[str] | Image.Image | Picture
"""A picture file's bytes, where it lies, a Pillow picture, or the pixels themselves."""

MAX_BYTES: Final = 25 * 2**20
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 32_766  # OpenCV's remap and warpAffine count pixels in 16 bits
MIN_SIDE: Final = 24  # the window of the cascades: in less, no face is found

_HALVED_FROM: Final = 25_000_000  # pixels: two thirds of the memory are saved, and no face that is found is so small
_STRIP: Final = 256  # rows; even, so that halves meet
_ROWS_TO_LOSE: Final = 16  # a row of a JPEG's blocks


def read(source: PictureSource, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read a picture from wherever it is; a Pillow picture is turned upright by its EXIF data, as a file is.

    Parameters
    ----------
    source
        The bytes of a picture file, its path, a Pillow picture, or RGB, uint8, shape (height, width, 3), upright.
    max_bytes, max_pixels
        As for `decode`.

    Returns
    -------
    Picture
        As `decode` gives it; of an array, a copy.

    Raises
    ------
    PictureError
        As `decode`.
    OSError
        The file cannot be read.
    ValueError
        An array of another shape or kind.
    """
    if isinstance(source, bytes):
        return decode(source, max_bytes=max_bytes, max_pixels=max_pixels)
    if isinstance(source, Image.Image):
        _check_size(source.width, source.height, max_pixels=max_pixels)
        return _upright(_pixels(source), orientation(source.info.get("exif", b"")))
    if isinstance(source, np.ndarray):
        if source.dtype != np.uint8 or source.ndim != 3 or source.shape[2] != 3:
            raise ValueError(f"An array must be uint8, (height, width, 3), not {source.dtype}, {source.shape}.")
        _check_size(source.shape[1], source.shape[0], max_pixels=max_pixels)
        return np.array(source, order="C")
    return decode(from_file(Path(source), max_bytes=max_bytes), max_bytes=max_bytes, max_pixels=max_pixels)


def from_file(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file that may be a picture; of one that is too heavy, none is read.

    Raises
    ------
    PictureTooHeavy
        It has more than `max_bytes`.
    OSError
        It cannot be read, or is no file: a named pipe, a socket or a device may never end, or never begin.
    """
    try:
        return contents(path, most=max_bytes)
    except FileTooLarge as error:
        raise PictureTooHeavy(error.size, max_bytes) from error


def decode(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read a picture from the bytes of a file.

    Parameters
    ----------
    data
        The whole file. Its format is told from its first bytes; its name does not matter.
    max_bytes
        Bytes that are read at most.
    max_pixels
        Width × height that is decoded at most, by what the header declares; fewer where a format takes more work.

    Returns
    -------
    Picture
        RGB, uint8, shape (height, width, 3), upright (EXIF orientation applied), contiguous and writable.
        What was transparent lies on white; 16-bit values are scaled; of an animation, the first frame. A picture of
        more than 25 megapixels has half its resolution, though all of its pixels.

    Raises
    ------
    EmptyPicture, PictureTooHeavy, NotAPicture, UnsupportedPicture
        From the number of bytes and the first few of them.
    PictureTooLarge, PictureTooSmall, TooManyPieces
        From the header and how the file is put together, before a pixel is decoded or memory is taken for it.
    DamagedPicture
        From whatever the format's reader stumbled over, or where more than the last rows are missing.
    """
    if not data:
        raise EmptyPicture
    if len(data) > max_bytes:
        raise PictureTooHeavy(len(data), max_bytes)
    kind = tell_kind(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, a line for everything that it dislikes in a file
            return _read(read_header(kind, data), max_pixels=max_pixels)
    except PictureError:
        raise
    except Exception as error:
        raise DamagedPicture(kind) from error


def _read(header: Header, *, max_pixels: int) -> Picture:
    width, height = header.width, header.height
    _check_size(width, height, max_pixels=max_pixels, header=header)
    part = 2 if width * height > _HALVED_FROM else 1
    picture = _opened(header.open, part, max_pixels)
    if header.otherwise is not None:
        _check_whole(picture, _opened(header.otherwise, part, max_pixels))
    picture = _upright(picture, header.orientation)
    if part == 1:
        return picture
    # In its own size again, so that nobody else need know: boxes are pixels of the picture as it was posted.
    size = (height, width) if header.orientation >= _LYING else (width, height)
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def _opened(source: Callable[[], Image.Image | Stored], part: int, max_pixels: int) -> Picture:
    image = source()
    if isinstance(image, np.ndarray):
        return _pixels(image, part)
    with closing(image):  # with its pixels: `header` holds it until all is done
        _check_size(image.width, image.height, max_pixels=max_pixels)
        return _pixels(image, part)


def _check_whole(picture: Picture, otherwise: Picture) -> None:
    """Refuse a picture whose end is missing, unless it is no more than its last rows, as every viewer shows it."""
    unsure = (picture != otherwise).any(axis=(1, 2))
    if unsure.any() and (lost := len(unsure) - int(unsure.argmax())) > max(_ROWS_TO_LOSE, len(unsure) // 20):
        raise ValueError(f"its last {lost} rows are missing")


def _check_size(width: int, height: int, *, max_pixels: int, header: Header | None = None) -> None:
    stored = ""
    if header is not None and header.weight > 1:
        stored, max_pixels = header.kind, int(max_pixels / header.weight)
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise PictureTooLarge(width, height, max_pixels, MAX_SIDE, stored)
    if min(width, height) < MIN_SIDE:
        raise PictureTooSmall(width, height, MIN_SIDE)


def _pixels(image: Image.Image | Stored, part: int = 1) -> Picture:
    """Decode, and convert strip by strip: converting the whole at once would double the memory.

    `part`: of 2, half the resolution comes back; a JPEG is decoded to no more.
    """
    if isinstance(image, np.ndarray):
        height, width = image.shape[:2]
    else:
        width, height = image.size
        image.draft(None, (width // part, height // part))
        if image.size != (width, height):
            part = 1
        width, height = image.size
        image.load()
    picture = np.empty((-(-height // part), -(-width // part), 3), np.uint8)
    for top in range(0, height, _STRIP):
        strip = _strip(image, top, min(top + _STRIP, height))
        if part > 1:
            size = (picture.shape[1], -(-strip.shape[0] // part))
            strip = cv2.resize(strip, size, interpolation=cv2.INTER_AREA)
        picture[top // part : top // part + strip.shape[0]] = strip
    return picture


def _strip(image: Image.Image | Stored, top: int, bottom: int) -> Picture:
    if not isinstance(image, np.ndarray):
        return np.asarray(_rgb(image.crop((0, top, image.width, bottom))))
    strip = image[top:bottom]
    if strip.shape[2] == 4:
        alpha = strip[:, :, 3:].astype(np.uint16)
        blended = strip[:, :, :3] * alpha + 255 * (255 - alpha)
        strip = ((blended + 127) // 255).astype(np.uint8)
    return strip[:, :, ::-1]


def _rgb(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):  # 16-bit grey, which Pillow would clip rather than scale
        high_bytes = Image.fromarray((np.asarray(strip) >> 8).astype(np.uint8))
        high_bytes.info = strip.info
        strip = high_bytes
    if not strip.has_transparency_data:
        return strip if strip.mode == "RGB" else strip.convert("RGB")
    strip = strip.convert("RGBA")
    white = Image.new("RGB", strip.size, "white")
    white.paste(strip, mask=strip)
    return white


_LYING: Final = 5  # from this orientation on, width and height change places
_QUARTERS: Final = {
    3: cv2.ROTATE_180,
    5: cv2.ROTATE_90_COUNTERCLOCKWISE,
    6: cv2.ROTATE_90_CLOCKWISE,
    7: cv2.ROTATE_90_CLOCKWISE,
    8: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def _upright(picture: Picture, orientation: int) -> Picture:
    """Undo an EXIF orientation (CIPA DC-008, tag 274): first the flip, then the quarter turns."""
    if orientation in (2, 4, 5, 7):
        picture = cv2.flip(picture, 0 if orientation == 4 else 1).astype(np.uint8, copy=False)
    if orientation in _QUARTERS:
        picture = cv2.rotate(picture, _QUARTERS[orientation]).astype(np.uint8, copy=False)
    return picture


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is not enough memory, in Python or in OpenCV."""
    return isinstance(error, MemoryError) or (isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem)
