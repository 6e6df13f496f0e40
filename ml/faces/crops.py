"""Faces cut out of pictures, framed as the embedder expects them."""

import cv2
import numpy as np

from ml.faces.face import Box, Face
from ml.pictures.reading import Picture

# The embedder learned most from crops as wide as a cascade's box; wider ones cost accuracy (docs/measurements.md).
ZOOM = 1.05


def crop_face(picture: Picture, face: Face, *, size: int, zoom: float = ZOOM) -> Picture:
    """Cut a face out of a picture, upright.

    Parameters
    ----------
    picture
        RGB, uint8, shape (height, width, 3).
    face
        As the detector found it.
    size
        Side of the square that is returned, pixels.
    zoom
        Side of the square that is cut out, in sides of the face's box.

    Returns
    -------
    RGB, uint8, shape (size, size, 3). What lies outside the picture repeats its edge.
    """
    box = face.box
    side = max(box.w, box.h) * zoom
    x, y = box.x + box.w / 2, box.y + box.h / 2
    reach = 0.75 * side  # half the diagonal and a little: whatever the turn may bring in
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    region = picture[top : int(y + reach) + 1, left : int(x + reach) + 1]
    # A warp samples single pixels: a large face is averaged down first, or it comes out as noise.
    shrink = min(1.0, 2 * size / side)
    if shrink < 1:
        region = cv2.resize(region, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    centre = ((x - left) * shrink, (y - top) * shrink)
    turn = cv2.getRotationMatrix2D(centre, face.angle, size / (side * shrink))
    turn[:, 2] += size / 2 - np.array(centre)
    crop = cv2.warpAffine(region, turn, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)


def tighten(crop: Picture) -> Picture:
    """The face in a head-sized crop that somebody else cut: a square of 0.8 of its shorter side, rather low.

    Ready-made crops show hair and hat as well; without them the embedder names more of them rightly
    (docs/measurements.md).
    """
    x, y, side, _ = _tight(crop)
    return crop[y : y + side, x : x + side]


def tight_face(crop: Picture) -> Face:
    """The same face as a detector would have found it: `crop_face` cuts out of the crop what `tighten` does."""
    x, y, side, _ = _tight(crop)
    inset = side * (1 - 1 / ZOOM) / 2
    return Face(Box(round(x + inset), round(y + inset), round(side / ZOOM), round(side / ZOOM)), angle=0.0, score=1.0)


def _tight(crop: Picture) -> Box:
    height, width = crop.shape[:2]
    side = max(1, round(0.8 * min(height, width)))
    return Box((width - side) // 2, round(0.7 * (height - side)), side, side)
