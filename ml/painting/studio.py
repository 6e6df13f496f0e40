"""The studio: who is in a picture, where they stand, and in which order they are painted."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.faces.face import Box
from ml.painting.adornments import paint_before, paint_behind
from ml.painting.canvas import Canvas
from ml.painting.characters import OUTFITS, Character
from ml.painting.eyes import paint_brows, paint_eyes
from ml.painting.face import paint_face, paint_mouth, paint_nose
from ml.painting.falling import paint_falling
from ml.painting.feelings import paint_feeling
from ml.painting.figure import Brush, Figure, HairPaint
from ml.painting.hair import fringe_shadow, paint_crown
from ml.painting.hairstyles import paint_back, paint_over_shoulder
from ml.painting.outfit import paint_body
from ml.painting.pose import MOODS, Stance
from ml.painting.scenery import SCENES, Scene, paint_scene
from ml.painting.shapes import at
from ml.pictures.reading import Picture

_SIDES = (64, 2048)  # pixels that a side of a picture may have
_HEAD = 1.24  # half the side of a head's box, in units
_FRAMINGS = (0.165, 0.215, 0.145, 0.185, 0.24, 0.130, 0.20)  # a unit, as a share of the picture's shorter side


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A painted picture and where the heads are in it.

    Attributes
    ----------
    picture
        RGB, uint8, shape (height, width, 3).
    heads
        A square box round each face, fringe to chin, inside the picture, in the order of the characters.
    """

    picture: Picture
    heads: tuple[Box, ...]


def paint(characters: Character | Sequence[Character], *, seed: int, size: tuple[int, int] = (640, 640)) -> Painting:
    """Paint one to three characters side by side.

    Pose, expression, framing, light, place and sometimes clothes follow from the seed; neighbouring seeds give
    clearly different pictures. The same arguments give the same picture.

    Parameters
    ----------
    characters
        From left to right.
    seed
        0 or more.
    size
        Width and height in pixels, 64..2048 each.

    Raises
    ------
    ValueError
        If there are no characters or more than three, or the size or the seed is out of range.

    Examples
    --------
    >>> from ml.painting import CAST, paint
    >>> painting = paint(CAST[0], seed=7)
    >>> painting.picture.shape
    (640, 640, 3)
    """
    who = (characters,) if isinstance(characters, Character) else tuple(characters)
    if not 1 <= len(who) <= 3:
        raise ValueError(f"one to three characters fit in a picture, not {len(who)}")
    width, height = _checked(size)
    offset = zlib.crc32("+".join(character.name for character in who).encode())
    rng = np.random.default_rng([seed, offset])
    scene = SCENES[(7 * seed + offset) % len(SCENES)]
    canvas = Canvas(paint_scene(scene, rng, width=width, height=height), scale=_scale(width, height))
    stances = _stances(canvas, len(who), seed + offset, rng)
    figures = [
        _figure(canvas, character, scene, rng, stance, turn=seed + (offset >> 8) + 4 * place)
        for place, (character, stance) in enumerate(zip(who, stances, strict=True))
    ]
    for figure in figures:
        _paint_below(figure)
    for figure in figures:
        _paint_head(figure)
    faces = [(stance.x, stance.y + 0.3 * stance.unit, 1.7 * stance.unit) for stance in stances]
    paint_falling(canvas, scene.falling, rng, keep_off=np.array(faces))
    return Painting(canvas.finish(), tuple(_head_box(stance, canvas) for stance in stances))


def paint_background(seed: int, *, size: tuple[int, int] = (640, 640)) -> Picture:
    """Paint a place with nobody in it, shape (height, width, 3); sizes and errors as for `paint`."""
    width, height = _checked(size)
    rng = np.random.default_rng([seed])
    scene = SCENES[seed % len(SCENES)]
    canvas = Canvas(paint_scene(scene, rng, width=width, height=height), scale=_scale(width, height))
    paint_falling(canvas, scene.falling, rng, keep_off=np.empty((0, 3)))
    return canvas.finish()


def _checked(size: tuple[int, int]) -> tuple[int, int]:
    if not all(_SIDES[0] <= side <= _SIDES[1] for side in size):
        raise ValueError(f"a painting's sides are {_SIDES[0]} to {_SIDES[1]} pixels, not {size[0]} × {size[1]}")
    return size


def _scale(width: int, height: int) -> int:
    """Small pictures are painted at more times their size, so that thin lines stay smooth."""
    longer = max(width, height)
    return 4 if longer < 200 else 3 if longer < 400 else 2 if longer <= 1000 else 1


def _stances(canvas: Canvas, count: int, turn: int, rng: np.random.Generator) -> list[Stance]:
    """Where they stand: alone in one of several framings, together side by side."""
    width, height = canvas.width, canvas.height
    slot = width / count
    share = _FRAMINGS[turn % len(_FRAMINGS)] if count == 1 else rng.uniform(0.13, 0.18)
    unit = min(share * min(width, height) * (1.0 if count == 1 else 1.15), slot * (0.26 if count == 1 else 0.335))
    free = max(0.0, slot / 2 - 1.5 * unit)
    return [
        Stance(
            x=(place + 0.5) * slot + rng.uniform(-0.6, 0.6) * min(free, 0.9 * unit),
            y=float(np.clip(height * rng.uniform(0.42, 0.50), 1.75 * unit, height - 1.7 * unit)),
            unit=unit,
            tilt=np.radians(rng.uniform(-10, 10)),
            turn=np.radians(rng.uniform(-20, 20)),
            nod=np.radians(rng.uniform(-6, 9)),
        )
        for place in range(count)
    ]


def _figure(
    canvas: Canvas, character: Character, scene: Scene, rng: np.random.Generator, stance: Stance, *, turn: int
) -> Figure:
    outfit = character.outfit if rng.random() < 0.7 else OUTFITS[int(rng.integers(len(OUTFITS)))]
    return Figure(
        character=character,
        mood=MOODS[turn % len(MOODS)],
        stance=stance,
        outfit=outfit,
        light=1.0 if rng.random() < 0.5 else -1.0,
        hair=HairPaint.of(character),
        head=Brush(canvas, stance.head, stance.unit, scene.light),
        body=Brush(canvas, stance.body, stance.unit, scene.light),
    )


def _paint_below(figure: Figure) -> None:
    paint_back(figure)
    paint_body(figure)


def _paint_head(figure: Figure) -> None:
    paint_behind(figure)
    paint_over_shoulder(figure)
    face = paint_face(figure)
    fringe_shadow(figure, face)
    paint_nose(figure)
    paint_mouth(figure)
    paint_eyes(figure)
    paint_crown(figure)
    paint_brows(figure)
    paint_before(figure)
    paint_feeling(figure)


def _head_box(stance: Stance, canvas: Canvas) -> Box:
    x, y = stance.head(at((0.0, 0.42)), 0.35)[0] / canvas.scale
    reach = _HEAD * stance.unit / canvas.scale
    width, height = canvas.width // canvas.scale, canvas.height // canvas.scale
    left, top = max(0, round(x - reach)), max(0, round(y - reach))
    right, bottom = min(width, round(x + reach)), min(height, round(y + reach))
    return Box(left, top, right - left, bottom - top)
