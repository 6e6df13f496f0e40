"""A second opinion: the face detector of 2009 (AnimeFace), from the optional package `animeface`."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, cast

import cv2
import numpy as np

from ml.faces.detector import Box, Face, FinderError
from ml.pictures.reading import Picture

# Its smallest window is 42.6 pixels wide and its time grows with the area: 0.2 s at 640 pixels, where it finds 82 %
# of the faces of `detection/`; 0.45 s at 1024, where it finds 88 %.
_LONG_SIDE: Final = 1024
_LEAST_SIDE: Final = 43


class AnimefaceUnusable(FinderError):
    """The package `animeface` is not installed, or does not work here."""


class _PillowImage(ctypes.Structure):
    """An image as Pillow kept it in memory until version 11.

    The extension casts whatever object it is given to Pillow's image object of 2017, and follows the pointer behind
    the object's header to this structure. Pillow 12 made `mode` a number, which moved every field by eight bytes:
    the extension reads nonsense and finds nothing. A ctypes structure has the same shape as Pillow's object, the
    pointer to its memory right behind the header: so it can be handed over itself, whichever Pillow is installed.
    """

    _fields_ = (
        ("mode", ctypes.c_char * 7),
        ("type", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bands", ctypes.c_int),
        ("xsize", ctypes.c_int),
        ("ysize", ctypes.c_int),
        ("palette", ctypes.c_void_p),
        ("image8", ctypes.c_void_p),
        ("image32", ctypes.c_void_p),
        ("image", ctypes.c_void_p),  # rows of pixels of 4 bytes
    )


@dataclass(frozen=True, slots=True)
class Animeface:
    """The 2009 detector as a source of faces, named in the config."""

    name: str = "animeface"

    def open(self) -> "AnimefaceDetector":
        """Make the detector; it looks at a painted face first.

        Raises
        ------
        AnimefaceUnusable
            The package is not installed, or does not find the painted face.
        """
        return AnimefaceDetector()

    def loosened(self) -> "Animeface":
        """The same: there is nothing to loosen."""
        return self


class AnimefaceDetector:
    """Finds upright faces by AnimeFace (nagadomi 2009; Python package by Shuhei Takahashi, Apache-2.0).

    Slower than a cascade by far, but it finds faces that cascades miss. Needs the extra `animeface`.

    Raises
    ------
    AnimefaceUnusable
        The package is not installed, or does not find a painted face.
    """

    def __init__(self) -> None:
        self._find = _extension()
        if not self.detect(_painted_face()):
            raise AnimefaceUnusable(
                "The package animeface is installed but finds nothing here, not even a painted face. "
                "Install version 2.0.3 (`pip install 'koredare[animeface]'`), or take animeface out of "
                "`[recognition] detectors`."
            )

    def detect(self, picture: Picture) -> list[Face]:
        """Find the faces in a picture, best first.

        Parameters
        ----------
        picture
            RGB, uint8, shape (height, width, 3), upright.

        Returns
        -------
        list of Face
            `score` is the network's own likelihood.
        """
        height, width = picture.shape[:2]
        scale = min(1.0, _LONG_SIDE / max(height, width))
        if min(height, width) * scale < _LEAST_SIDE:
            return []
        if scale < 1:
            size = (round(width * scale), round(height * scale))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        faces = [
            Face(_placed(found["face_box"], scale, height, width), angle=0.0, score=min(1.0, found["likelihood"]))
            for found in _look(self._find, picture)
        ]
        return sorted(faces, key=lambda face: (-face.score, face.box))


def _extension() -> Callable[[Any], list[dict[str, Any]]]:
    try:
        extension = import_module("animeface._nvxs")  # an extra: most people do without
    except ImportError as error:
        raise AnimefaceUnusable(
            "The detector animeface is not installed. Run `pip install 'koredare[animeface]'`, or take it out of "
            f"`[recognition] detectors`. ({error})"
        ) from error
    return cast("Callable[[Any], list[dict[str, Any]]]", extension.detect)


def _look(find: Callable[[Any], list[dict[str, Any]]], picture: Picture) -> list[dict[str, Any]]:
    height, width = picture.shape[:2]
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, :, :3] = picture
    rows = (ctypes.c_void_p * height)(*(pixels.ctypes.data + row * pixels.strides[0] for row in range(height)))
    first = ctypes.addressof(rows)
    return find(_PillowImage(b"RGB", 0, 8, 3, width, height, None, None, first, first))


def _placed(found: tuple[int, int, int, int], scale: float, height: int, width: int) -> Box:
    x, y, w, h = (value / scale for value in found)
    left, top = min(max(0, round(x)), width - 1), min(max(0, round(y)), height - 1)
    right, bottom = min(round(x + w), width), min(round(y + h), height)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _painted_face() -> Picture:
    """A face in flat colours, 200 × 200: hair, skin, two large eyes, a mouth, a fringe."""
    picture = np.full((200, 200, 3), (150, 190, 220), np.uint8)
    hair, skin, line = (110, 70, 50), (252, 224, 205), (60, 40, 40)

    def disc(centre: tuple[int, int], reach: tuple[int, int], colour: tuple[int, int, int]) -> None:
        cv2.ellipse(picture, centre, reach, 0, 0, 360, colour, cv2.FILLED, cv2.LINE_AA)

    disc((100, 95), (68, 75), hair)
    disc((100, 112), (48, 56), skin)
    for x in (78, 122):
        disc((x, 112), (13, 17), (255, 255, 255))
        disc((x, 114), (10, 15), (60, 90, 170))
        disc((x, 116), (5, 8), (20, 25, 60))
        cv2.ellipse(picture, (x, 112), (14, 18), 0, 200, 340, line, 3, cv2.LINE_AA)
    cv2.ellipse(picture, (100, 150), (7, 3), 0, 0, 180, (190, 80, 80), 2, cv2.LINE_AA)
    fringe = [(48, 110), (60, 55), (100, 38), (140, 55), (152, 110), (128, 92), (105, 92), (92, 74), (64, 80)]
    cv2.fillPoly(picture, [np.array(fringe, np.int32)], hair, cv2.LINE_AA)
    return picture
