"""Scenes put together from face crops, for a scout to learn from: portraits, crowds, collages, places without a face.

No whole pictures with marked faces are needed, and none that are measured on are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.faces.face import Box
from ml.faces.scout import ANGLE, STRIDE, UNIT
from ml.pictures.reading import Picture
from ml.pretraining import backdrops, disguises
from ml.pretraining.crops import Crops

Point = npt.NDArray[np.float64]

_LEAST: Final = 13.0  # side of a face that is asked for, in pixels of the scene; smaller ones count as neither


class Placed(NamedTuple):
    """A face in a scene, in its pixels: the middle, the side of its box, and the degrees (counter-clockwise) that
    turn it upright."""

    x: float
    y: float
    side: float
    angle: float


@dataclass(slots=True)
class Scene:
    """A picture that is being put together, RGB, uint8, and the faces that can be seen in it so far."""

    picture: Picture
    faces: list[Placed]


@dataclass(frozen=True, slots=True)
class Scenes:
    """Scenes that follow from a seed and their number alone.

    Attributes
    ----------
    boxes
        `ml.pretraining.framing.frame(crops)`.
    size
        Side of a scene, pixels.
    """

    crops: Crops
    boxes: Sequence[Box]
    places: backdrops.Places
    size: int
    seed: int

    def __getitem__(self, number: int) -> Scene:
        """Make a scene."""
        rng = np.random.default_rng([self.seed, number])
        kind = rng.choice(4, p=[0.2, 0.48, 0.17, 0.15])
        if kind == 0:
            scene = self._portrait(rng)
        elif kind == 1:
            scene = self._gathering(rng, int(rng.choice([1, 2, 3, 5, 8], p=[0.25, 0.25, 0.2, 0.18, 0.12])))
        elif kind == 2:
            scene = self._collage(rng)
        else:
            scene = self._gathering(rng, 0)
        scene.picture = backdrops.developed(scene.picture, rng)
        return scene

    def _portrait(self, rng: np.random.Generator) -> Scene:
        scene = Scene(self._background(rng), [])
        side = self.size * _share(rng, 0.3, 1.0)
        middle = self.size * rng.uniform(0.3, 0.7, 2)
        self._put(scene, rng, middle, side, extent="wide")
        return scene

    def _gathering(self, rng: np.random.Generator, count: int) -> Scene:
        scene = self._place(rng)
        for _ in range(int(rng.integers(0, 4)) if count else int(rng.integers(1, 7))):
            self._distract(scene, rng)
        largest = {0: 1.0, 1: 0.5, 2: 0.45, 3: 0.38}.get(count, 0.28)
        common = _share(rng, 0.055, largest)
        for _ in range(count):
            alike = rng.random() < 0.6
            share = common * rng.uniform(0.7, 1.3) if alike else _share(rng, 0.05, largest)
            self._put(scene, rng, self.size * rng.uniform(0.02, 0.98, 2), self.size * share)
        return scene

    def _collage(self, rng: np.random.Generator) -> Scene:
        scene = Scene(self._background(rng), [])
        across = int(rng.integers(2, 5))
        cell = self.size / across
        for row in range(across):
            for column in range(across):
                middle = cell * (np.array([column, row]) + 0.5 + rng.uniform(-0.08, 0.08, 2))
                self._put(scene, rng, middle, cell * rng.uniform(0.5, 0.85), cell=(column * cell, row * cell, cell))
        return scene

    def _place(self, rng: np.random.Generator) -> Scene:
        """A painted place, a figure with its head, which is a face, or something made up."""
        if rng.random() < 0.25:
            picture, heads = self.places.figures[int(rng.integers(len(self.places.figures)))]
            part = rng.uniform(0.6, 1.0)
            height, width = picture.shape[:2]
            h, w = int(height * part), int(width * part)
            top, left = int((height - h) * rng.random()), int((width - w) * rng.random())
            scale = self.size / max(h, w)
            small = cv2.resize(
                picture[top : top + h, left : left + w], (self.size, self.size), interpolation=cv2.INTER_AREA
            )
            scene = Scene(np.asarray(small, np.uint8), [])
            for x, y, side, _ in heads:
                placed = Placed(
                    (x + side / 2 - left) * scale, (y + 0.54 * side - top) * scale, 0.92 * side * scale, 0.0
                )
                if rng.random() < 0.6:  # a real face on a painted body
                    self._put(
                        scene, rng, np.array([placed.x, placed.y]), placed.side * rng.uniform(0.9, 1.3), extent="oval"
                    )
                else:
                    scene.faces.append(placed)
            return scene
        return Scene(self._background(rng), [])

    def _background(self, rng: np.random.Generator) -> Picture:
        kind = rng.random()
        size = self.size
        if kind < 0.3:
            picture = self.places.empty[int(rng.integers(len(self.places.empty)))]
            side = int(rng.integers(len(picture) // 3, len(picture)))
            top, left = rng.integers(0, len(picture) - side + 1, 2)
            return np.asarray(cv2.resize(picture[top : top + side, left : left + side], (size, size)), np.uint8)
        if kind < 0.55:
            return self._cloth(rng)
        return backdrops.made_up(size, rng)

    def _cloth(self, rng: np.random.Generator) -> Picture:
        """A corner of a crop, far enlarged: hair, clothes, whatever lies beside a face."""
        picture = self.crops.picture(int(rng.integers(len(self.crops))))
        height, width = picture.shape[:2]
        side = max(6, int(min(height, width) * rng.uniform(0.1, 0.28)))
        top = 0 if rng.random() < 0.4 else height - side
        left = int(rng.choice([0, width - side]))
        part = picture[top : top + side, left : left + side]
        big = cv2.resize(part, (self.size, self.size), interpolation=cv2.INTER_CUBIC)
        return np.asarray(big, np.uint8)

    def _distract(self, scene: Scene, rng: np.random.Generator) -> None:
        """Put something in that is no face: one that is covered, an eye that fills much, a body, letters."""
        size = self.size
        kind = rng.random()
        at = size * rng.uniform(0, 1, 2)
        if kind < 0.35:
            self._put(scene, rng, at, size * _share(rng, 0.08, 0.5), what="back")
        elif kind < 0.55:
            self._put(scene, rng, at, size * rng.uniform(0.1, 0.5), what="pieces")
        elif kind < 0.8:
            backdrops.body(scene.picture, rng, at, size * rng.uniform(0.1, 0.4), self._cloth(rng))
        else:
            backdrops.letters(scene.picture, rng, at)

    def _put(
        self,
        scene: Scene,
        rng: np.random.Generator,
        middle: Point,
        side: float,
        *,
        what: Literal["face", "back", "pieces"] = "face",
        extent: Literal["any", "oval", "wide"] = "any",
        cell: tuple[float, float, float] | None = None,
    ) -> None:
        """Paste a crop so that its face has this middle and this side.

        Parameters
        ----------
        what
            A face, a head from behind, or a crop in pieces.
        extent
            The head or the whole crop; the head; the whole crop, whose edges may go on to those of the scene.
        cell
            The square (left, top, side) that is filled, and nothing beyond it.
        """
        number = int(rng.integers(len(self.crops)))
        crop, box = self.crops.picture(number), self.boxes[number]
        if rng.random() < 0.35:
            crop = disguises.turned_hue(crop, rng)
        if what == "back":
            crop = disguises.without_face(crop, box, rng)
        elif what == "pieces":
            crop = disguises.scrambled(crop, rng)
        elif rng.random() < 0.35:
            crop, box = disguises.in_profile(crop, box, rng)
        lean = float(rng.normal(0, 12) if rng.random() < 0.6 else rng.uniform(-50, 50))
        squeeze = float(rng.uniform(0.62, 1.0) if rng.random() < 0.3 else rng.uniform(0.92, 1.08))
        mirrored = -1.0 if rng.random() < 0.5 else 1.0
        # About the face's middle mirrored and squeezed, then turned and moved.
        cosine, sine = np.cos(np.radians(lean)), np.sin(np.radians(lean))
        matrix = np.array([[cosine, sine], [-sine, cosine]]) @ np.diag([mirrored * squeeze, 1.0]) * (side / box.w)
        focus = np.array([box.x + box.w / 2, box.y + box.h / 2])
        affine = np.column_stack([matrix, middle - matrix @ focus])
        mask = _mask(crop.shape[:2], box, rng, extent)
        pasted, alpha = _warped(crop, mask, affine, shrink=side / box.w, size=self.size)
        if extent == "wide" and rng.random() < 0.55:
            alpha[:] = 1.0
        if cell is not None:
            x, y, reach = cell
            alpha[:] = 0.0
            alpha[round(y) : round(y + reach), round(x) : round(x + reach)] = 1.0
        scene.picture = (scene.picture + alpha[..., None] * (pasted.astype(np.float32) - scene.picture)).astype(
            np.uint8
        )
        scene.faces = [face for face in scene.faces if not _hidden(face, alpha)]
        if what == "face" and alpha.max() > 0.01:
            scene.faces.append(Placed(float(middle[0]), float(middle[1]), side * (1 + squeeze) / 2, -lean))


def targets(scene: Scene) -> Floats:
    """What a scout should say of a scene.

    Returns
    -------
    float32, shape (size / 8, size / 8, 7): heat, 0..1; how much it counts; then, for cells at a face's
    middle, its offset from the cell's middle (x, y; in cells), the rest as `ml.faces.scout` reads it, and 1 where
    these count.
    """
    cells = len(scene.picture) // STRIDE
    wanted = np.zeros((cells, cells, 7), np.float32)
    wanted[..., 1] = 1.0
    grid = (np.arange(cells) + 0.5) * STRIDE
    for face in sorted(scene.faces, key=lambda face: -face.side):
        across, down = grid - face.x, grid - face.y
        distance = np.hypot(across[None, :], down[:, None])
        outside = not (0 <= face.x < len(scene.picture) and 0 <= face.y < len(scene.picture))
        if face.side < _LEAST or outside:
            wanted[distance < max(STRIDE, face.side / 2), 1] = 0.0
            continue
        sigma = max(0.55 * STRIDE, 0.09 * face.side)
        heat = np.exp(-((distance / sigma) ** 2) / 2)
        column, row = int(face.x // STRIDE), int(face.y // STRIDE)
        heat[row, column] = 1.0
        wanted[..., 0] = np.maximum(wanted[..., 0], heat)
        near = heat > 0.55
        rows, columns = np.nonzero(near)
        wanted[rows, columns, 2] = -across[columns] / STRIDE
        wanted[rows, columns, 3] = -down[rows] / STRIDE
        wanted[rows, columns, 4] = np.log2(face.side / UNIT)
        wanted[rows, columns, 5] = face.angle / ANGLE
        wanted[rows, columns, 6] = 1.0
    return wanted


def _share(rng: np.random.Generator, low: float, high: float) -> float:
    """Of a scene's side; every doubling is as likely."""
    return low * (high / low) ** rng.random()


def _hidden(face: Placed, alpha: npt.NDArray[np.float32]) -> bool:
    reach = face.side / 3
    part = alpha[
        max(0, round(face.y - reach)) : round(face.y + reach) + 1,
        max(0, round(face.x - reach)) : round(face.x + reach) + 1,
    ]
    return part.size > 0 and float(part.mean()) > 0.4


def _warped(crop: Picture, mask: Floats, affine: Point, *, shrink: float, size: int) -> tuple[Picture, Floats]:
    """A crop, its edges going on, and its mask, where they lie in a scene of this size."""
    if shrink < 0.7:  # a warp samples single pixels
        height, width = mask.shape
        small = (max(4, round(width * 1.4 * shrink)), max(4, round(height * 1.4 * shrink)))
        crop = np.asarray(cv2.resize(crop, small, interpolation=cv2.INTER_AREA), np.uint8)
        mask = np.asarray(cv2.resize(mask, small, interpolation=cv2.INTER_AREA), np.float32)
        affine = affine @ np.diag([width / small[0], height / small[1], 1.0])
    pasted = cv2.warpAffine(crop, affine, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(mask, affine, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(pasted, np.uint8), np.asarray(alpha, np.float32)


def _mask(shape: tuple[int, ...], box: Box, rng: np.random.Generator, extent: str) -> Floats:
    """What of a crop is pasted: the head, or all of it; hard or soft at the edge."""
    height, width = shape
    mask = np.zeros((height, width), np.float32)
    if extent == "wide" or (extent == "any" and rng.random() < 0.35):
        inset = int(rng.integers(0, 4))
        mask[inset : height - inset, inset : width - inset] = 1.0
    else:
        centre = (round(box.x + box.w / 2), round(box.y + box.h * rng.uniform(0.4, 0.52)))
        axes = (round(box.w * rng.uniform(0.56, 0.8)), round(box.h * rng.uniform(0.62, 0.85)))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0, -1)
        mask[[0, -1]] = mask[:, [0, -1]] = 0.0
    if rng.random() < 0.7:
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(0.6, 0.05 * width))), np.float32)
    return mask
