"""Face crops as other artists, cameras and detectors might have given them."""

import cv2
import numpy as np
import numpy.typing as npt

from ml.images import Picture


def vary(crop: Picture, rng: np.random.Generator, *, size: int) -> Picture:
    """Turn, zoom, shift, mirror, recolour and partly cover a face crop, at random.

    Parameters
    ----------
    crop
        RGB, uint8, shape (height, width, 3).
    size
        Side of the square that is returned, pixels.

    Returns
    -------
    RGB, uint8, shape (size, size, 3).
    """
    return _cover(_recolour(_move(crop, rng, size), rng), rng)


def _move(crop: Picture, rng: np.random.Generator, size: int) -> npt.NDArray[np.float32]:
    """Turned by up to 20°, zoomed by up to 35 %, shifted by up to 10 % of the side; half of them mirrored."""
    height, width = crop.shape[:2]
    scale = size / min(height, width) * rng.uniform(0.65, 1.35)
    shift = rng.uniform(-0.1, 0.1, 2) * size
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-20, 20), scale)
    turn[:, 2] += size / 2 - np.array([width / 2, height / 2]) + shift
    moved = cv2.warpAffine(crop, turn, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.5:
        moved = moved[:, ::-1]
    return moved.astype(np.float32)


def _recolour(pixels: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Brightness, contrast, slightly different gains of the channels; one in twenty grey."""
    mean = pixels.mean()
    pixels = (pixels - mean) * rng.uniform(0.75, 1.25) + mean + rng.uniform(-30, 30)
    pixels = pixels * rng.uniform(0.93, 1.07, 3).astype(np.float32)
    if rng.random() < 0.05:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    return pixels


def _cover(pixels: npt.NDArray[np.float32], rng: np.random.Generator) -> Picture:
    """Every other crop loses a rectangle of up to 40 % of its sides, to a flat colour (DeVries and Taylor 2017)."""
    if rng.random() < 0.5:
        size = len(pixels)
        height, width = (int(side) for side in rng.integers(size // 10, size * 4 // 10, 2))
        top, left = int(rng.integers(0, size - height)), int(rng.integers(0, size - width))
        pixels[top : top + height, left : left + width] = rng.uniform(0, 255, 3)
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
