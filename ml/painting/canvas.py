"""The canvas: fills, strokes and glows on a picture that is painted large and then reduced."""

from typing import TypeAlias, cast

import cv2
import numpy as np
import numpy.typing as npt

from ml.painting.shapes import STROKE, Colour, Pair, Points, ribbon
from ml.pictures.reading import Picture

Mask: TypeAlias = npt.NDArray[np.uint8]

_SHIFT = 4  # fractional bits of a coordinate in OpenCV's drawing calls


class Canvas:
    """Painted at `scale` times the size it is asked for, so that every edge comes out smooth.

    All coordinates are pixels of the large picture. Shapes may reach over its edges.

    Parameters
    ----------
    picture
        What is there at the start; it is enlarged to the working size.
    scale
        Working pixels a pixel of the finished picture.
    """

    def __init__(self, picture: Picture, *, scale: int) -> None:
        self.scale = scale
        self.height: int = picture.shape[0] * scale
        self.width: int = picture.shape[1] * scale
        enlarged = cv2.resize(picture, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        self.pixels = cast("Picture", enlarged)

    def finish(self) -> Picture:
        """The picture at the size it was asked for."""
        size = (self.width // self.scale, self.height // self.scale)
        return cast("Picture", cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA))

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill a closed outline."""
        cv2.fillPoly(self.pixels, [_fixed(points)], colour, cv2.LINE_AA, _SHIFT)

    def stroke(self, line: Points, colour: Colour, width: float, profile: Points = STROKE) -> None:
        """Draw along a line with a brush `width` pixels wide that presses as `profile` says."""
        self.fill(ribbon(line, width, profile), colour)

    def outline(self, points: Points, colour: Colour, width: float) -> None:
        """Draw a closed outline with a pen of even width."""
        thickness = max(1, round(width))
        cv2.polylines(self.pixels, [_fixed(points)], True, colour, thickness, cv2.LINE_AA, _SHIFT)  # noqa: FBT003

    def mask(self, points: Points) -> Mask:
        """What a closed outline covers, 0..255, shape (height, width): for `fill_inside`."""
        covered = np.zeros((self.height, self.width), np.uint8)
        cv2.fillPoly(covered, [_fixed(points)], 255, cv2.LINE_AA, _SHIFT)
        return covered

    def fill_inside(self, points: Points, colour: Colour, mask: Mask, *, opacity: float) -> None:
        """Fill the part of an outline that lies within a mask."""
        corner = self._corner(points)
        if corner is None:
            return
        left, top, right, bottom = corner
        cover = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillPoly(cover, [_fixed(points - (left, top))], round(255 * opacity), cv2.LINE_AA, _SHIFT)
        cover = cv2.min(cover, mask[top:bottom, left:right])
        self._blend(corner, cast("Mask", cover), colour)

    def fill_gradient(self, points: Points, upper: Colour, lower: Colour) -> None:
        """Fill an outline with a colour that changes from its top to its bottom."""
        corner = self._corner(points)
        if corner is None:
            return
        left, top, right, bottom = corner
        cover = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillPoly(cover, [_fixed(points - (left, top))], 255, cv2.LINE_AA, _SHIFT)
        share = np.linspace(0.0, 1.0, bottom - top)[:, None]
        column = (np.array(upper) * (1 - share) + np.array(lower) * share).astype(np.uint8)
        self._blend(corner, cover, cast("Picture", cv2.resize(column[:, None], cover.shape[::-1])))

    def glow(self, centre: Pair, radii: Pair, colour: Colour, strength: float, *, mask: Mask | None = None) -> None:
        """Lay a soft round stain of colour, `strength` (0..1) at its middle, nothing at its rim."""
        middle, reach = np.array(centre), np.array(radii)
        box = np.round(np.array([middle - reach, middle + reach])).astype(int)
        size = (max(2, box[1, 0] - box[0, 0]), max(2, box[1, 1] - box[0, 1]))
        cover = cv2.resize(_round_falloff(strength), size, interpolation=cv2.INTER_LINEAR)
        left, top = max(0, box[0, 0]), max(0, box[0, 1])
        right, bottom = min(self.width, box[0, 0] + size[0]), min(self.height, box[0, 1] + size[1])
        if left >= right or top >= bottom:
            return
        part = cover[top - box[0, 1] : bottom - box[0, 1], left - box[0, 0] : right - box[0, 0]]
        if mask is not None:
            part = cv2.min(part, mask[top:bottom, left:right])
        self._blend((left, top, right, bottom), cast("Mask", part), colour)

    def _corner(self, points: Points) -> tuple[int, int, int, int] | None:
        low, high = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
        left, top = max(0, int(low[0]) - 1), max(0, int(low[1]) - 1)
        right, bottom = min(self.width, int(high[0]) + 2), min(self.height, int(high[1]) + 2)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _blend(self, corner: tuple[int, int, int, int], cover: Mask, paint: Colour | Picture) -> None:
        left, top, right, bottom = corner
        below = self.pixels[top:bottom, left:right]
        weight = cv2.merge([cover, cover, cover])
        if isinstance(paint, tuple):
            above = cv2.multiply(weight, np.array([*paint, 0.0]), scale=1 / 255)
        else:
            above = cv2.multiply(weight, paint, scale=1 / 255)
        cv2.add(cv2.multiply(below, cv2.bitwise_not(weight), scale=1 / 255), above, dst=below)


def _fixed(points: Points) -> npt.NDArray[np.int32]:
    return np.round(points * (1 << _SHIFT)).astype(np.int32)


def _round_falloff(strength: float) -> Mask:
    reach = np.linspace(-1.0, 1.0, 48) ** 2
    distance = np.sqrt(reach[:, None] + reach[None, :])
    soft = np.clip(1.0 - distance, 0.0, 1.0)
    return (255 * strength * soft**2 * (3 - 2 * soft)).astype(np.uint8)
