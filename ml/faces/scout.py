"""A scout: a small network that proposes faces, also those that cascades do not see: in profile, or tilted."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.arrays import Floats
from ml.errors import KoredareError
from ml.faces.face import Box, Face
from ml.naming.networks import Unfit, litert
from ml.pictures.reading import Picture

STRIDE: Final = 8
"""A cell of the network's maps, in pixels of its input."""
UNIT: Final = 32
"""Side of a face whose size is told as 0, in pixels of the network's input; twice as large is 1."""
ANGLE: Final = 45.0
"""Degrees that are told as 1."""
_LEAST: Final = 0.35  # heat of a cell that may be a face's middle; figures: models/README.md
_MOST: Final = 16  # faces of one look: bounds the time that judging takes
_CORNER: Final = (5, 8)  # of the picture's sides
_SMALL: Final = 0.25  # of a corner's longer side: larger faces were seen in the whole
_MOST_ENLARGED: Final = 3.0
_UPRIGHT: Final = 12.0  # degrees: what leans less is looked at as it is
_MEND: Final = "take it from the project again, or make it with `python -m ml.pretraining scout`."


class ScoutError(KoredareError):
    """The scout's file is missing, damaged, or no scout."""


class Scout:
    """Proposes faces in a picture that is brought to one size; belongs to one thread.

    Parameters
    ----------
    path
        A `.tflite` file of `python -m ml.pretraining scout`: from a square in RGB, float32, 0..255, to two maps of its
        squares of 8 pixels, as `ml.pretraining.scenes.targets` has them.

    Raises
    ------
    ScoutError
        The file is missing, damaged, or no scout; the message says how to mend it.
    """

    def __init__(self, path: Path) -> None:
        try:
            content = path.read_bytes()
            with litert() as library:
                self._interpreter = library.Interpreter(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
                given = self._interpreter.get_input_details()
                got = sorted(self._interpreter.get_output_details(), key=lambda each: int(each["shape"][-1]))
        except OSError as error:
            raise ScoutError(f"The scout {path} cannot be read ({error.strerror}): {_MEND}") from error
        except Unfit as error:
            raise ScoutError(f"{path} is damaged, or is no scout ({error}): {_MEND}") from error
        if [len(given), *(int(each["shape"][-1]) for each in got)] != [1, 1, 4]:
            raise ScoutError(f"{path} is no scout: {_MEND}")
        self._input: int = given[0]["index"]
        self._heat, self._geometry = (int(each["index"]) for each in got)
        self.size = int(given[0]["shape"][1])

    def propose(self, picture: Picture) -> list[Face]:
        """Find places that may be faces, likeliest first; see `ml.faces.finders.Proposer`."""
        height, width = picture.shape[:2]
        scale = min(self.size / max(height, width), _MOST_ENLARGED)
        heat, geometry = self._look(_fitted(picture, scale, self.size))
        peaks = (heat >= _LEAST) & (heat >= cv2.dilate(heat, np.ones((3, 3), np.uint8)))
        cells = np.argwhere(peaks)
        likeliest = cells[np.argsort(-heat[peaks], kind="stable")][:_MOST]
        faces = (_face(geometry[y, x], x, y, scale, float(heat[y, x])) for y, x in likeliest.tolist())
        return [inside for face in faces if (inside := _within(face, width, height)) is not None]

    def propose_small(self, picture: Picture) -> list[Face]:
        """Look at the four corners, each nearly two thirds of the picture wide and high, for what is small in them."""
        height, width = picture.shape[:2]
        h, w = (-(-side * _CORNER[0] // _CORNER[1]) for side in (height, width))
        most = _SMALL * max(h, w)
        faces = [
            replace(face, box=face.box._replace(x=face.box.x + x, y=face.box.y + y))
            for y in (0, height - h)
            for x in (0, width - w)
            for face in self.propose(picture[y : y + h, x : x + w])
            if face.box.w < most
        ]
        return sorted(faces, key=lambda face: -face.score)

    def _look(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Heat, shape (cells, cells), and geometry, shape (cells, cells, 4)."""
        self._interpreter.set_tensor(self._input, pixels[None])
        self._interpreter.invoke()
        return (
            self._interpreter.get_tensor(self._heat)[0, ..., 0],
            self._interpreter.get_tensor(self._geometry)[0],
        )


def _fitted(picture: Picture, scale: float, size: int) -> Floats:
    """The picture in the upper left of a square, its edges going on."""
    height, width = picture.shape[:2]
    w, h = (min(size, max(1, round(side * scale))) for side in (width, height))
    while min(picture.shape[0] - 2 * h, picture.shape[1] - 2 * w) >= 0:  # halving is fast, and leaves little to do
        picture = np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    small = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return cv2.copyMakeBorder(small, 0, size - h, 0, size - w, cv2.BORDER_REPLICATE).astype(np.float32)


def _face(told: Floats, column: int, row: int, scale: float, heat: float) -> Face:
    across, down, size, angle = (float(value) for value in told)
    side = UNIT * 2 ** min(size, 5.0) / scale
    x, y = ((place + 0.5 + off) * STRIDE / scale - side / 2 for place, off in ((column, across), (row, down)))
    lean = ANGLE * angle
    return Face(Box(round(x), round(y), round(side), round(side)), lean if abs(lean) > _UPRIGHT else 0.0, heat)


def _within(face: Face, width: int, height: int) -> Face | None:
    """A face whose box is cut off at the picture's edges; None if its middle lies beyond them."""
    x, y, w, h = face.box
    if not (0 <= x + w / 2 < width and 0 <= y + h / 2 < height):
        return None
    left, top, right, bottom = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
    return Face(Box(left, top, max(1, right - left), max(1, bottom - top)), face.angle, face.score)
