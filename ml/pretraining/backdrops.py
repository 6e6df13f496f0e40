"""What is in scenes besides faces: places, clothes, letters, patterns; and how the whole is developed."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ml.faces.face import Box
from ml.painting import invent, paint, paint_background
from ml.pictures.reading import Picture


@dataclass(frozen=True, slots=True)
class Places:
    """Painted pictures to put faces into: places with nobody, and figures with their painted heads."""

    empty: Sequence[Picture]
    figures: Sequence[tuple[Picture, Sequence[Box]]]

    @classmethod
    def paint(cls, count: int) -> "Places":
        """So many of each; nobody of `ml.painting`'s own cast is among them."""
        figures = [paint([invent(i), invent(i + 1)][: 1 + i % 2], seed=i, size=(448, 448)) for i in range(count)]
        return cls(
            [paint_background(seed, size=(384, 384)) for seed in range(5000, 5000 + count)],
            [(painting.picture, painting.heads) for painting in figures],
        )


def made_up(size: int, rng: np.random.Generator) -> Picture:
    """A picture of nothing: colours that run into one another, stripes, dots, blots, noise."""
    low = rng.uniform(0, 255, (*rng.integers(1, 5, 2), 3)).astype(np.float32)
    picture = cv2.resize(low, (size, size), interpolation=cv2.INTER_LINEAR if rng.random() < 0.6 else cv2.INTER_NEAREST)
    kind = rng.random()
    if kind < 0.35:
        step, y, x = int(rng.integers(5, 40)), *np.mgrid[:size, :size]
        pattern = ((x * int(rng.integers(0, 3)) + y * int(rng.integers(0, 3))) // step) % 2
        picture[pattern == 1] = rng.uniform(0, 255, 3)
    if 0.2 < kind < 0.7:
        for _ in range(int(rng.integers(3, 30))):
            centre = tuple(int(v) for v in rng.integers(0, size, 2))
            axes = tuple(int(v) for v in rng.integers(2, 45, 2))
            colour = tuple(float(v) for v in rng.uniform(0, 255, 3))
            cv2.ellipse(
                picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1 if rng.random() < 0.7 else 2
            )
    if kind > 0.6:
        grain = rng.normal(0, rng.uniform(4, 40), (*(size // rng.integers(1, 9, 2)), 3)).astype(np.float32)
        picture += cv2.resize(grain, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)


def body(picture: Picture, rng: np.random.Generator, at: npt.NDArray[np.float64], width: float, cloth: Picture) -> None:
    """Shoulders and what is below, of some cloth, or a limb of one colour."""
    x, y = at
    mask = np.zeros(picture.shape[:2], np.uint8)
    low = y + width * rng.uniform(1, 3)
    outline = np.array(
        [
            [x - 0.2 * width, y],
            [x + 0.2 * width, y],
            [x + 0.6 * width, y + 0.4 * width],
            [x + width * rng.uniform(0.3, 0.9), low],
            [x - width * rng.uniform(0.3, 0.9), low],
            [x - 0.6 * width, y + 0.4 * width],
        ]
    )
    cv2.fillPoly(mask, [outline.astype(np.int32)], 1)
    fill = cloth if rng.random() < 0.5 else np.full_like(picture, rng.integers(0, 256, 3))
    picture[mask > 0] = fill[mask > 0]
    if rng.random() < 0.6:
        cv2.polylines(
            picture,
            [outline.astype(np.int32)],
            isClosed=True,
            color=[int(v) for v in rng.integers(0, 90, 3)],
            lineType=cv2.LINE_AA,
        )


def letters(picture: Picture, rng: np.random.Generator, at: npt.NDArray[np.float64]) -> None:
    text = "".join(chr(int(c)) for c in rng.integers(33, 127, int(rng.integers(2, 12))))
    colour = [int(v) for v in rng.integers(0, 256, 3)]
    where = (int(at[0] - 30), int(at[1]))
    cv2.putText(
        picture,
        text,
        where,
        int(rng.integers(0, 8)),
        rng.uniform(0.3, 2.0),
        colour,
        int(rng.integers(1, 4)),
        cv2.LINE_AA,
    )


def developed(picture: Picture, rng: np.random.Generator) -> Picture:
    """The whole scene recoloured, blurred, compressed, now and then grey."""
    values = picture.astype(np.float32)
    if rng.random() < 0.6:
        values = (values - 127) * rng.uniform(0.7, 1.25) + 127 + rng.uniform(-35, 35)
        values *= rng.uniform(0.9, 1.1, 3).astype(np.float32)
    if rng.random() < 0.12:
        values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.25:
        values = cv2.GaussianBlur(values, (0, 0), float(rng.uniform(0.4, 1.1)))
    picture = np.clip(values, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return picture
