"""A sheet to draw charts on: rectangles, lines, dots, words and pictures, in points of two pixels each."""

import io
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

from ml.drawing.colours import Colour, luminance
from ml.drawing.lettering import Lettering
from ml.pictures.reading import Picture

INK: Final[Colour] = (33, 37, 43)
QUIET: Final[Colour] = (104, 112, 122)
LINE: Final[Colour] = (214, 218, 224)
GROUND: Final[Colour] = (241, 243, 246)
PAPER: Final[Colour] = (255, 255, 255)
# Okabe and Ito 2008: these two are told apart by all eyes, and by lightness too.
RIGHT: Final[Colour] = (0, 114, 178)
WRONG: Final[Colour] = (213, 94, 0)

MAKER: Final = "Koredare"
"""What a sheet's file names as the software that made it."""

_SCALE: Final = 2  # pixels to a point: sharp on screens of high density
_SHIFT: Final = 4  # OpenCV draws at sixteenths of a pixel


class Sheet:
    """A white sheet, in points; what is drawn later lies on top, words on everything."""

    def __init__(self, width: float, height: float) -> None:
        self._canvas: Picture = np.full((round(height * _SCALE), round(width * _SCALE), 3), 255, np.uint8)
        self._words: list[tuple[Image.Image, tuple[int, int], Colour]] = []

    def rectangle(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle; its edges fall on pixels."""
        left, top, right, bottom = (round(value * _SCALE) for value in (x, y, x + width, y + height))
        self._canvas[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = colour

    def frame(self, x: float, y: float, width: float, height: float, colour: Colour, *, line: float = 1) -> None:
        """Outline a rectangle, just inside its edges."""
        self.rectangle(x, y, width, line, colour)
        self.rectangle(x, y + height - line, width, line, colour)
        self.rectangle(x, y, line, height, colour)
        self.rectangle(x + width - line, y, line, height, colour)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, *, width: float = 1) -> None:
        """Draw a straight line."""
        ends = np.array([[[x1, y1], [x2, y2]]]) * _SCALE - 0.5
        fixed = np.round(ends * 2**_SHIFT).astype(np.int32)
        thick = max(1, round(width * _SCALE))
        cv2.polylines(
            self._canvas, [fixed], isClosed=False, color=colour, thickness=thick, lineType=cv2.LINE_AA, shift=_SHIFT
        )

    def dashes(self, x1: float, y1: float, x2: float, y2: float, colour: Colour) -> None:
        """Draw a straight line in dashes of four points."""
        count = max(1, round(float(np.hypot(x2 - x1, y2 - y1)) / 8))
        for dash in range(count):
            begin, end = dash / count, (dash + 0.5) / count
            self.line(
                x1 + (x2 - x1) * begin,
                y1 + (y2 - y1) * begin,
                x1 + (x2 - x1) * end,
                y1 + (y2 - y1) * end,
                colour,
            )

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draw a disc with a white rim."""
        centre = (round((x * _SCALE - 0.5) * 2**_SHIFT), round((y * _SCALE - 0.5) * 2**_SHIFT))
        for reach, fill in ((radius + 1.5, PAPER), (radius, colour)):
            size = round(reach * _SCALE * 2**_SHIFT)
            cv2.circle(self._canvas, centre, size, fill, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def picture(self, picture: Picture, x: float, y: float, side: float) -> None:
        """Put a square picture into a square."""
        size, left, top = round(side * _SCALE), round(x * _SCALE), round(y * _SCALE)
        way = cv2.INTER_AREA if picture.shape[0] > size else cv2.INTER_CUBIC
        self._canvas[top : top + size, left : left + size] = cv2.resize(picture, (size, size), interpolation=way)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 12,
        colour: Colour = INK,
        anchor: str = "ls",
        room: float = float("inf"),
        bold: bool = False,
        upwards: bool = False,
    ) -> float:
        """Write one line, and give its width.

        Parameters
        ----------
        anchor
            Which point of the words lies at (x, y): as Pillow's, one of l, m, r and one of s (baseline), m.
        room
            Longer words are cut, with an ellipsis.
        upwards
            Written from below to above; the anchor turns with the words.
        """
        letters = Lettering.of_size(size * _SCALE)
        shown = letters.shortened(letters.showable(words), room * _SCALE)
        if not shown:
            return 0.0
        stroke = size * _SCALE * 0.022 if bold else 0.0
        wide, high = int(letters.width(shown) + size * _SCALE), round(size * _SCALE * 2)
        mask = Image.new("L", (wide, high))
        margin = round(size * _SCALE / 2)
        ImageDraw.Draw(mask).text((margin, high * 0.7), shown, 255, letters.font, "ls", stroke_width=stroke)
        along = margin + letters.width(shown) * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        across = high * 0.7 - (size * _SCALE * 0.365 if anchor[1] == "m" else 0.0)  # half a digit's height
        if upwards:
            mask = mask.transpose(Image.Transpose.ROTATE_90)
            along, across = across, wide - along
        self._words.append((mask, (round(x * _SCALE - along), round(y * _SCALE - across)), colour))
        return letters.width(shown) / _SCALE

    def png(self) -> bytes:
        """The sheet as a PNG file."""
        image = Image.fromarray(self._canvas)
        for mask, place, colour in self._words:
            image.paste(colour, place, mask)
        file, made_here = io.BytesIO(), PngImagePlugin.PngInfo()
        made_here.add_text("Software", MAKER)
        image.save(file, "PNG", optimize=True, pnginfo=made_here)
        return file.getvalue()


def width_of(words: str, size: float) -> float:
    """How wide a line would be, in points."""
    letters = Lettering.of_size(size)
    return letters.width(letters.showable(words))


def mixed(colour: Colour, share: float) -> Colour:
    """White at 0, the colour at 1, and deeper hues of the same in between."""
    red, green, blue = (round(255 + (part - 255) * share) for part in colour)
    return red, green, blue


def ink_on(colour: Colour) -> Colour:
    """Dark or white, whichever stands out more."""
    return INK if luminance(colour) > 0.25 else PAPER
