"""Drawing: numbered, labelled boxes on a picture, and the file to send it as."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ml.drawing.colours import Colour, luminance
from ml.drawing.lettering import Lettering
from ml.drawing.placement import Place, Rectangle, place
from ml.faces.face import Box
from ml.pictures.reading import Picture

_Path: TypeAlias = npt.NDArray[np.float64]  # points, shape (n, 2): x, y

# Okabe and Ito 2008, "Color Universal Design", without black; the order keeps neighbours apart.
_COLOURS: Final[tuple[Colour, ...]] = (
    (230, 159, 0),
    (86, 180, 233),
    (240, 228, 66),
    (0, 158, 115),
    (204, 121, 167),
    (213, 94, 0),
    (0, 114, 178),
)
_STRANGER: Final[Colour] = (205, 209, 214)
_INK: Final[Colour] = (20, 22, 27)
_PAPER: Final[Colour] = (255, 255, 255)

_LONG_SIDE: Final = (720, 1600)  # least and most, of a labelled picture
_SHORT_SIDE: Final = 400  # below which a long strip is not reduced …
_PIXELS: Final = 6_000_000  # … unless it still has more than these
_CHAT: Final = (550, 350)  # into which Discord's desktop client fits a picture
# Up to so many faces, letters as large as that in such a chat; on a phone all is half as large.
_LEAST_LETTERS: Final = ((3, 15), (6, 12), (12, 10), (sys.maxsize, 7))
_SHIFT: Final = 4  # OpenCV draws at sixteenths of a pixel

_WHOLE: Final = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
_HALVED: Final = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420  # colours at half the resolution: thin lines fade
_QUALITIES: Final = ((92, _WHOLE), (85, _WHOLE), (80, _HALVED), (70, _HALVED), (60, _HALVED))
_LEAST_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Label:
    """What to write at a face.

    Attributes
    ----------
    number
        What people call the face by, from 1. Always drawn.
    box
        Pixels of the picture.
    text
        The name, or what stands for it; shortened where it has no room, left out where none is left.
    known
        Drawn in a colour of its own and solid; a stranger is grey and dashed.
    """

    number: int
    box: Box
    text: str
    known: bool


class Encoded(NamedTuple):
    """A picture as the bytes of a file, and the suffix for its name (".jpg")."""

    data: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class _Tag:
    """A label on the canvas: its box, and beside that the number and the name."""

    label: Label
    box: Rectangle
    place: Place
    number_width: float
    text: str

    @property
    def badge(self) -> Rectangle:
        whole = self.place.rectangle
        if self.place.number_first:
            return whole._replace(right=whole.left + self.number_width)
        return whole._replace(left=whole.right - self.number_width)

    @property
    def colour(self) -> Colour:
        return _COLOURS[(self.label.number - 1) % len(_COLOURS)] if self.label.known else _STRANGER


def draw(picture: Picture, labels: Sequence[Label]) -> Picture:
    """Draw numbered, labelled boxes on a picture.

    Parameters
    ----------
    picture
        RGB, uint8, shape (height, width, 3); left as it is.
    labels
        One for each face, in any order; boxes may reach beyond the picture.

    Returns
    -------
    Picture
        A new one. Its long side has 720 to 1600 pixels, so that the names can be read whatever the size of the
        original; of a long strip, the short side has at least 400 if that makes no more than 6 megapixels.
    """
    canvas, scale = _fit(picture)
    height, width = canvas.shape[:2]
    boxes = [_scaled(label.box, scale, width, height) for label in labels]
    letters = _letters(boxes, width, height)
    tags = _tags(labels, boxes, letters, (width, height))
    for tag in tags:
        _outline(canvas, tag, letters.size)
    for tag in tags:
        _ground(canvas, tag, letters.size)
    for tag in tags:
        _write(canvas, tag, letters)
    return canvas


def drawn(picture: Picture, labels: Sequence[Label], *, max_bytes: int) -> Encoded:
    """As `draw`, as the file that `encode` makes of it."""
    return encode(draw(picture, labels), max_bytes=max_bytes)


def encode(picture: Picture, *, max_bytes: int) -> Encoded:
    """Write a picture as a file of limited size: where it must be, in less quality, then smaller.

    Parameters
    ----------
    picture
        RGB, uint8, shape (height, width, 3).
    max_bytes
        At least 1,024, into which any picture can be brought.

    Raises
    ------
    ValueError
        If `max_bytes` is less.
    """
    if max_bytes < _LEAST_BYTES:
        raise ValueError(f"max_bytes is {max_bytes}, and must be at least {_LEAST_BYTES}")
    image = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    while True:
        for quality, sampling in _QUALITIES:
            options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
            data = cv2.imencode(".jpg", image, options)[1].tobytes()
            if len(data) <= max_bytes:
                return Encoded(data, ".jpg")
        height, width = image.shape[:2]
        smaller = max(1, width * 3 // 4), max(1, height * 3 // 4)
        image = cv2.resize(image, smaller, interpolation=cv2.INTER_AREA)


def _fit(picture: Picture) -> tuple[Picture, float]:
    height, width = picture.shape[:2]
    short, long = sorted((width, height))
    least, most = _LONG_SIDE
    scale = max(min(1.0, max(most / long, _SHORT_SIDE / short)), least / long)
    scale = min(scale, (_PIXELS / (width * height)) ** 0.5)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size == (width, height):
        return picture.copy(), 1.0
    resized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return resized.astype(np.uint8, copy=False), scale


def _scaled(box: Box, scale: float, width: int, height: int) -> Rectangle:
    """Bring a box onto the canvas, wholly inside and some pixels large."""
    left = min(max(box.x * scale, 0), max(width - 4, 0))
    top = min(max(box.y * scale, 0), max(height - 4, 0))
    right = min(max((box.x + box.w) * scale, left + 4), width)
    bottom = min(max((box.y + box.h) * scale, top + 4), height)
    return Rectangle(left, top, right, bottom)


def _letters(boxes: Sequence[Rectangle], width: int, height: int) -> Lettering:
    """Choose letters that can be read where a chat shows the picture small, and that suit its faces."""
    shrunk = max(width / _CHAT[0], height / _CHAT[1])
    least = next(size for faces, size in _LEAST_LETTERS if len(boxes) <= faces) * shrunk
    most = 15 * shrunk
    face = float(np.median([box.right - box.left for box in boxes])) if boxes else 0
    short = min(width, height)  # of a long strip, what the names must fit into
    size = max(min(max(0.18 * face, least), most, 0.08 * short), 13)
    return Lettering.of_size(max(1, min(size, short / 3)))


def _tags(
    labels: Sequence[Label], boxes: Sequence[Rectangle], letters: Lettering, frame: tuple[int, int]
) -> list[_Tag]:
    height = letters.size * 1.5
    numbers = [max(height, letters.width(str(label.number)) + letters.size * 0.55) for label in labels]
    options = [_texts(label.text, letters, room=frame[0] * 0.8) for label in labels]
    widths = [
        [number + (letters.width(text) + letters.size * 0.8 if text else 0) for text in texts]
        for number, texts in zip(numbers, options, strict=True)
    ]
    places = place(boxes, widths, height=height, frame=frame)
    return [
        _Tag(label, box, spot, number, texts[spot.width])
        for label, box, spot, number, texts in zip(labels, boxes, places, numbers, options, strict=True)
    ]


def _texts(name: str, letters: Lettering, *, room: float) -> list[str]:
    """List a name as it is, shortened further and further, and left out."""
    shown = letters.showable(name)
    shortened = [letters.shortened(shown, min(letters.size * width, room)) for width in (16, 9, 5)]
    return list(dict.fromkeys([*shortened, ""]))


def _outline(canvas: Picture, tag: _Tag, size: float) -> None:
    """Draw a box, its line between two dark ones so that it shows on any ground."""
    line = max(2, round(size * 0.13))
    left, top, right, bottom = tag.box
    inset = line / 2
    path = _rounded(Rectangle(left + inset, top + inset, right - inset, bottom - inset), size * 0.35)
    _stroke(canvas, path, _INK, line + 2 * max(1, round(line * 0.4)))
    if tag.label.known:
        _stroke(canvas, path, tag.colour, line)
    else:
        for dash in _dashes(path, size * 0.8):
            _stroke(canvas, dash, tag.colour, line, closed=False)


def _ground(canvas: Picture, tag: _Tag, size: float) -> None:
    """Fill a tag: dark under the name, coloured under the number."""
    radius, rim = size * 0.35, max(1, round(size * 0.06))
    left, top, right, bottom = tag.badge
    _fill(canvas, _rounded(tag.place.rectangle, radius), _INK)
    coloured = Rectangle(left + rim, top + rim, right - rim, bottom - rim)
    _fill(canvas, _rounded(coloured, radius * 0.8), tag.colour)


def _write(canvas: Picture, tag: _Tag, letters: Lettering) -> None:
    """Write number and name. Pillow, which writes in pictures of its own, is given the tag and not the whole canvas."""
    badge, size = tag.badge, letters.size
    x, y = max(0, int(tag.place.rectangle.left - size)), max(0, int(tag.place.rectangle.top - size))
    part = canvas[y : int(tag.place.rectangle.bottom + size), x : int(tag.place.rectangle.right + size)]
    image = Image.fromarray(part)
    pen = ImageDraw.Draw(image)
    baseline = (badge.top + badge.bottom) / 2 + size * 0.365 - y  # half the height of a digit
    middle = (badge.left + badge.right) / 2 - x
    on_badge = _ink_on(tag.colour)
    pen.text((middle, baseline), str(tag.label.number), on_badge, letters.font, "ms", stroke_width=size * 0.025)
    if tag.text:
        left = (badge.right if tag.place.number_first else tag.place.rectangle.left) + size * 0.4 - x
        pen.text((left, baseline), tag.text, _PAPER, letters.font, "ls", stroke_width=size * 0.018)
    part[:] = np.asarray(image)


def _ink_on(colour: Colour) -> Colour:
    """Choose dark or white, whichever stands out more."""
    return _INK if luminance(colour) > 0.179 else _PAPER


def _rounded(rectangle: Rectangle, radius: float) -> _Path:
    """List the points of a rectangle with rounded corners, clockwise from its left edge."""
    left, top, right, bottom = rectangle
    radius = max(0, min(radius, (right - left) / 2, (bottom - top) / 2))
    turns = np.pi / 2 * (np.arange(2, 6)[:, None] + np.linspace(0, 1, 9))  # a quarter for each corner
    x = np.array([left + radius, right - radius, right - radius, left + radius])[:, None]
    y = np.array([top + radius, top + radius, bottom - radius, bottom - radius])[:, None]
    return np.stack([x + radius * np.cos(turns), y + radius * np.sin(turns)], axis=2).reshape(-1, 2)


def _dashes(path: _Path, length: float) -> Iterator[_Path]:
    """Cut a closed path into dashes of about a length, with gaps as long between them."""
    closed = np.vstack([path, path[:1]])
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    count = max(2, round(float(way[-1]) / (2 * length)))
    step = float(way[-1]) / count
    for dash in range(count):
        stations = np.linspace(dash * step, (dash + 0.5) * step, 12)
        yield np.stack([np.interp(stations, way, closed[:, axis]) for axis in (0, 1)], axis=1)


def _stroke(canvas: Picture, path: _Path, colour: Colour, width: int, *, closed: bool = True) -> None:
    cv2.polylines(canvas, [_fixed(path)], closed, colour, width, cv2.LINE_AA, _SHIFT)


def _fill(canvas: Picture, path: _Path, colour: Colour) -> None:
    cv2.fillPoly(canvas, [_fixed(path)], colour, cv2.LINE_AA, _SHIFT)


def _fixed(path: _Path) -> npt.NDArray[np.int32]:
    """Bring a path, where pixels begin at whole numbers, to OpenCV's fixed point, where they are centred there."""
    return np.round((path - 0.5) * 2**_SHIFT).astype(np.int32)
