"""Face crops as other artists, cameras and detectors might have given them."""

import cv2
import numpy as np
import numpy.typing as npt

from ml.pictures.reading import Picture


def vary(crop: Picture, rng: np.random.Generator, *, size: int, hue: float = 0.0) -> Picture:
    """Turn, zoom, shift, mirror, degrade, recolour and partly cover a face crop, at random.

    Parameters
    ----------
    crop
        RGB, uint8, shape (height, width, 3).
    size
        Side of the square that is returned, pixels.
    hue
        Degrees that all colours are turned by, besides the little that is left to chance.

    Returns
    -------
    RGB, uint8, shape (size, size, 3).
    """
    return _cover(_recolour(_degrade(_move(crop, rng, size), rng), rng, hue), rng)


def _move(crop: Picture, rng: np.random.Generator, size: int) -> Picture:
    """Turned by up to 25°, zoomed by up to 35 %, shifted by up to 10 % of the side; half of them mirrored."""
    height, width = crop.shape[:2]
    scale = size / min(height, width) * rng.uniform(0.65, 1.35)
    shift = rng.uniform(-0.1, 0.1, 2) * size
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-25, 25), scale)
    turn[:, 2] += size / 2 - np.array([width / 2, height / 2]) + shift
    moved = cv2.warpAffine(crop, turn, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.5:
        moved = moved[:, ::-1]
    return np.ascontiguousarray(moved, np.uint8)


def _degrade(pixels: Picture, rng: np.random.Generator) -> Picture:
    """One in four was small once, one in four compressed as screenshots are."""
    if rng.random() < 0.25:
        size = len(pixels)
        small = int(size * rng.uniform(0.35, 0.8))
        pixels = np.asarray(cv2.resize(cv2.resize(pixels, (small, small)), (size, size)), np.uint8)
    if rng.random() < 0.25:
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 70))])
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _recolour(pixels: Picture, rng: np.random.Generator, hue: float) -> npt.NDArray[np.float32]:
    """Hue, saturation, brightness, contrast, slightly different gains of the channels; one in ten grey."""
    hsv = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + hue + rng.uniform(-10, 10)) % 360
    hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.6, 1.4), 0, 1)
    colours = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.float32) * 255
    mean = colours.mean()
    colours = (colours - mean) * rng.uniform(0.75, 1.25) + mean + rng.uniform(-30, 30)
    colours = colours * rng.uniform(0.93, 1.07, 3).astype(np.float32)
    if rng.random() < 0.1:
        colours = np.repeat(colours.mean(axis=2, keepdims=True), 3, axis=2)
    return colours.astype(np.float32)


def _cover(pixels: npt.NDArray[np.float32], rng: np.random.Generator) -> Picture:
    """Every other crop loses a rectangle of up to 40 % of its sides, to a flat colour (DeVries and Taylor 2017)."""
    if rng.random() < 0.5:
        size = len(pixels)
        height, width = (int(side) for side in rng.integers(size // 10, size * 4 // 10, 2))
        top, left = int(rng.integers(0, size - height)), int(rng.integers(0, size - width))
        pixels[top : top + height, left : left + width] = rng.uniform(0, 255, 3)
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
