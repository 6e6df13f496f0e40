"""Pictures turned, so that what only knows upright faces finds tilted ones, and the way back."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.pictures.reading import Grey

_LONG_SIDE: Final = 400  # finders look at no more, and a small picture is turned sooner
_MOST_PIXELS: Final = 1_000_000  # of the canvas: a turned strip needs one as high as it is long


@dataclass(frozen=True, slots=True)
class Turned:
    """A picture turned, whole; its corners repeat the edges.

    Attributes
    ----------
    picture
        The picture made small, then turned, on a canvas that holds all of it.
    back
        float64, shape (2, 3): from this picture's pixels to those of the picture as it was.
    width, height
        Of the picture as it was.
    """

    picture: Grey
    back: npt.NDArray[np.float64]
    width: int
    height: int

    @classmethod
    def by(cls, angle: float, picture: Grey) -> "Turned":
        """Turn a picture counter-clockwise by `angle` degrees.

        A long strip keeps half of 400 pixels on its shorter side, other pictures 400 on their longer; a very long
        strip less, so that the canvas stays small.
        """
        height, width = picture.shape[:2]
        cosine, sine = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
        canvas = (width * cosine + height * sine) * (height * cosine + width * sine)
        wanted = max(_LONG_SIDE / max(height, width), _LONG_SIDE / 2 / min(height, width))
        scale = min(1.0, wanted, float(_MOST_PIXELS / canvas) ** 0.5)
        if scale < 1:
            smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
            picture = np.asarray(cv2.resize(picture, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        h, w = picture.shape[:2]
        turn = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0), np.float64)
        size = (max(1, round(w * cosine + h * sine)), max(1, round(h * cosine + w * sine)))
        turn[:, 2] += size[0] / 2 - w / 2, size[1] / 2 - h / 2
        turned = cv2.warpAffine(picture, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        back = np.asarray(cv2.invertAffineTransform(turn), np.float64) * np.array([[width / w], [height / h]])
        return cls(np.asarray(turned, np.uint8), back, width, height)

    def place(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
        """Where a box (x, y, w, h) of the turned picture lies in the picture as it was.

        Returns
        -------
        x, y, w, h of the upright square about the same middle, as far as it lies in the picture; None if its middle
        does not.
        """
        x, y, w, h = box
        middle = self.back @ np.array([x + w / 2, y + h / 2, 1.0])
        centre_x, centre_y = float(middle[0]), float(middle[1])
        if not (0 <= centre_x < self.width and 0 <= centre_y < self.height):
            return None
        reach = max(w, h) * float(np.hypot(self.back[0, 0], self.back[1, 0])) / 2
        left, top = max(0, round(centre_x - reach)), max(0, round(centre_y - reach))
        right, bottom = min(self.width, round(centre_x + reach)), min(self.height, round(centre_y + reach))
        return (left, top, right - left, bottom - top) if right > left and bottom > top else None
