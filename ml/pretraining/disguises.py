"""Face crops made harder: in other colours, in profile, with the face gone, in pieces."""

import cv2
import numpy as np
import numpy.typing as npt

from ml.faces.face import Box
from ml.pictures.reading import Picture

Floats = npt.NDArray[np.float64]


def turned_hue(crop: Picture, rng: np.random.Generator) -> Picture:
    """All colours turned by the same angle, any."""
    hsv = cv2.cvtColor(crop, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int32) + int(rng.integers(0, 180))) % 180
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def in_profile(crop: Picture, box: Box, rng: np.random.Generator) -> tuple[Picture, Box]:
    """The far part of the face goes: where it was is background, up to a curved edge beside the near eye."""
    mirrored = rng.random() < 0.5
    source = crop[:, ::-1] if mirrored else crop
    height, width = source.shape[:2]
    left = width - box.x - box.w if mirrored else box.x
    gone = rng.uniform(0.2, 0.48)
    down: Floats = (np.arange(height, dtype=np.float64) - box.y) / box.h
    nose: Floats = (down - rng.uniform(0.6, 0.75)) / 0.07
    edge = gone + 0.05 * np.sin(2 * np.pi * (down + rng.uniform(0, 1))) - 0.12 * np.exp(-(nose**2))
    beyond: Floats = np.arange(width, dtype=np.float64)[None, :] - (left + box.w * edge)[:, None]
    soft = 1 / (1 + np.exp(np.clip(beyond / 0.8, -30, 30)))[..., None]
    if rng.random() < 0.6:
        fill = cv2.blur(source[:, : max(2, width // 16)], (1, 9)).mean(axis=1, keepdims=True)
    else:
        fill = rng.integers(0, 256, 3).astype(np.float64)
    made = source + soft * (fill - source)
    if rng.random() < 0.5:
        outline: Floats = beyond / (0.012 * width + 0.4)
        made *= 1 - rng.uniform(0.3, 0.9) * np.exp(-(outline**2))[..., None]
    shifted = box._replace(x=box.x + round((-0.4 if mirrored else 0.4) * gone * box.w))
    return np.ascontiguousarray(made[:, ::-1] if mirrored else made).astype(np.uint8), shifted


def without_face(crop: Picture, box: Box, rng: np.random.Generator) -> Picture:
    """A head from behind: over the face goes what lies above it, or a colour of the crop's."""
    height, width = crop.shape[:2]
    cover = np.zeros((height, width), np.float32)
    centre = (round(box.x + box.w / 2), round(box.y + box.h * 0.52))
    cv2.ellipse(cover, centre, (round(box.w * 0.52), round(box.h * 0.56)), 0, 0, 360, 1.0, -1)
    cover = cv2.GaussianBlur(cover, (0, 0), max(1.0, 0.04 * box.w))[..., None]
    if rng.random() < 0.7:
        strip = crop[: max(3, height // 8)]
        fill = cv2.resize(strip, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    else:
        y, x = int(height * rng.random()), int(width * rng.random())
        fill = crop[y : y + 1, x : x + 1].astype(np.float32)
    return (crop + cover * (fill - crop)).astype(np.uint8)


def scrambled(crop: Picture, rng: np.random.Generator) -> Picture:
    """The crop's squares in another order."""
    parts = int(rng.integers(3, 6))
    side = min(crop.shape[:2]) // parts
    tiles = crop[: parts * side, : parts * side].reshape(parts, side, parts, side, 3).swapaxes(1, 2)
    mixed = rng.permutation(tiles.reshape(-1, side, side, 3)).reshape(parts, parts, side, side, 3)
    whole = mixed.swapaxes(1, 2).reshape(parts * side, parts * side, 3)
    return np.asarray(cv2.resize(whole, (crop.shape[1], crop.shape[0])), np.uint8)
