"""Where the face is in a crop that somebody else cut, framed as a cascade would."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.cascades import OWN, resolve
from ml.faces.face import Box
from ml.faces.finders import Finder
from ml.pictures.reading import Picture
from ml.pretraining.crops import Crops

Frame = npt.NDArray[np.float64]
"""A face's middle, in shares of the crop's width and height, and its side, in shares of the shorter one."""

_PADDED: Final = 0.3  # of a crop's shorter side, so that a cascade finds what fills it
_ANYBODY: Final = (0.5, 0.55, 0.8)
_ENOUGH: Final = 3  # crops that tell how a character's are framed


def frame(crops: Crops) -> list[Box]:
    """The face in each crop; where the cascade finds none, as it is framed in the character's others."""
    finder = resolve([OWN])[0].loosened().open()
    found = [_found(crops.picture(i), finder) for i in range(len(crops))]
    usual = _middle(found, enough=1, otherwise=np.array(_ANYBODY))
    of_each = [
        _middle([found[i] for i in np.flatnonzero(crops.labels == label)], enough=_ENOUGH, otherwise=usual)
        for label in range(len(crops.names))
    ]
    frames: list[Frame] = [of_each[crops.labels[i]] if each is None else each for i, each in enumerate(found)]
    return [_box(each, crops.picture(i)) for i, each in enumerate(frames)]


def _found(crop: Picture, finder: Finder) -> Frame | None:
    height, width = crop.shape[:2]
    least = min(height, width)
    pad = round(_PADDED * least)
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), np.uint8)
    padded = np.asarray(cv2.copyMakeBorder(grey, pad, pad, pad, pad, cv2.BORDER_REPLICATE), np.uint8)
    faces = finder.detect(padded, detail=0.5)
    if not faces or faces[0].score < 0.3 or faces[0].box.w < 0.45 * least:
        return None
    x, y, w, h = faces[0].box
    return np.array([(x + w / 2 - pad) / width, (y + h / 2 - pad) / height, w / least])


def _middle(found: list[Frame | None], *, enough: int, otherwise: Frame) -> Frame:
    known = [each for each in found if each is not None]
    return np.asarray(np.median(np.stack(known), axis=0), np.float64) if len(known) >= enough else otherwise


def _box(frame: Frame, crop: Picture) -> Box:
    height, width = crop.shape[:2]
    x, y, side = (float(value) for value in frame * [width, height, min(width, height)])
    return Box(round(x - side / 2), round(y - side / 2), round(side), round(side))
