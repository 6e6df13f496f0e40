"""How well a face can be told: from 0, a smear, to 1."""

from typing import Final

import cv2
import numpy as np

from ml.naming.embedder import fitted
from ml.pictures.reading import Picture

# Below NAMEABLE no face is named, below LEARNABLE none is learned from; docs/measurements.md has what they rest on.
NAMEABLE: Final = 0.2
LEARNABLE: Final = 0.25
_SIDE: Final = 112  # pixels that a face is looked at in; the window is measured in these
_WINDOW: Final = 11
_ROUNDING: Final = 3  # of 255: lesser steps are what rounding leaves of a smooth slope, and would pass for sharp


def quality(crop: Picture, *, certainty: float) -> float:
    """How well a face can be told: how sharp it is as a network sees it, times how surely it is a face.

    A small face is as poor as a blurred one, as it is enlarged before a network sees it.

    Parameters
    ----------
    crop
        RGB, uint8, shape (height, width, 3), the face filling it, as the embedder gets it.
    certainty
        The detector's score, 0..1.

    Returns
    -------
    0..1. Sharp drawings reach 0.7 to 0.8; one of 24 pixels has 0.42, of 16 pixels 0.27, of 8 pixels 0.11.
    """
    return certainty * (1 - _blur(crop))


def _blur(crop: Picture) -> float:
    """How little a picture changes when it is blurred more, 0..1.

    Notes
    -----
    Crete et al. 2007, "The blur effect": the share of the differences between neighbours that a mean along the same
    axis leaves; the worse of both axes.
    """
    grey = cv2.cvtColor(fitted(crop, _SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32)
    shares: list[float] = []
    for axis, window in ((0, (1, _WINDOW)), (1, (_WINDOW, 1))):
        steps = np.abs(np.diff(grey, axis=axis))
        seen = steps > _ROUNDING
        lost = np.maximum(0, steps - np.abs(np.diff(cv2.blur(grey, window), axis=axis)))
        total = float(steps[seen].sum())
        shares.append(1 - float(lost[seen].sum()) / total if total else 1.0)
    return max(shares)
