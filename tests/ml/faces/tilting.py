"""Pictures whose faces lean."""

import cv2
import numpy as np

from ml.pictures.reading import Picture


def tilted(picture: Picture, angle: float) -> Picture:
    """A picture turned by so many degrees, counter-clockwise, and reduced, so that nothing leaves it."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.8)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
