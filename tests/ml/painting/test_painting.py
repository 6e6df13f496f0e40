"""Painted characters: the same seed paints the same picture, each picture is its own, and every face can be found."""

import os
import subprocess
import sys
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.cascades import resolve
from ml.faces.detector import Detector
from ml.faces.face import Box
from ml.painting import CAST, LOOK_ALIKES, Character, Painting, invent, paint, paint_background
from ml.pictures.reading import Picture

SIZE = (400, 400)
characters = st.sampled_from(CAST)
sides = st.integers(64, 300)
seeds = st.integers(0, 2**40)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The one that works from a fresh clone."""
    return Detector(resolve(["koredare_lbp"]))


def within(box: Box, other: Box) -> bool:
    """Whether the middle of one box lies in the other."""
    across, down = box.x + box.w / 2, box.y + box.h / 2
    return other.x <= across <= other.x + other.w and other.y <= down <= other.y + other.h


def found(painting: Painting, detector: Detector) -> int:
    """How many of the heads the detector finds, one to one."""
    free = [face.box for face in detector.detect(painting.picture)]
    count = 0
    for head in painting.heads:
        mine = [box for box in free if within(box, head) and within(head, box)]
        if mine:
            free.remove(mine[0])
            count += 1
    return count


def unlike(a: Picture, b: Picture) -> float:
    """How far apart two pictures are at a glance: the mean difference of 32 × 32 thumbnails, 0..255."""
    small, other = (cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA).astype(float) for picture in (a, b))
    return float(np.abs(small - other).mean())


def apart(a: Character, b: Character) -> float:
    """How far apart two characters' hair colours are in CIE Lab; about 2 can just be told, 100 is black to white."""
    pixels = np.array([[a.hair_colour, b.hair_colour]], np.float32) / 255
    first, second = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)[0]
    return float(np.linalg.norm(first - second))


def pairs(things: Iterable[Character]) -> list[tuple[Character, Character]]:
    """Every two of them."""
    chosen = list(things)
    return [(a, b) for index, a in enumerate(chosen) for b in chosen[index + 1 :]]


def test_the_same_seed_paints_the_same_picture() -> None:
    first, second = (paint(CAST[:2], seed=7, size=SIZE) for _ in range(2))
    assert np.array_equal(first.picture, second.picture)
    assert first.heads == second.heads
    assert np.array_equal(paint_background(7, size=SIZE), paint_background(7, size=SIZE))
    assert invent(7) == invent(7)


def test_another_process_paints_the_same_picture() -> None:
    # Python's own hashes differ from process to process: a painting must not depend on them.
    code = "from ml.painting import *; import zlib; print(zlib.crc32(paint(CAST[3], seed=5, size=(96, 96)).picture))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        cwd=Path(__file__).parents[3],
    )
    assert int(elsewhere.stdout) == zlib.crc32(paint(CAST[3], seed=5, size=(96, 96)).picture.tobytes())


@pytest.mark.parametrize("character", [CAST[0], CAST[8]], ids=lambda character: character.name)
def test_a_character_has_thirty_clearly_different_pictures(character: Character) -> None:
    gallery = [paint(character, seed=seed, size=(96, 96)).picture for seed in range(30)]
    nearest = min(unlike(a, b) for index, a in enumerate(gallery) for b in gallery[:index])
    assert nearest > 10


def test_the_faces_of_all_the_cast_are_found(detector: Detector) -> None:
    gallery = [paint(character, seed=seed, size=SIZE) for character in CAST for seed in range(0, 30, 6)]
    assert sum(found(painting, detector) for painting in gallery) >= 0.93 * len(gallery)


def test_strangers_have_faces_too(detector: Detector) -> None:
    gallery = [paint(invent(seed), seed=seed, size=SIZE) for seed in range(16)]
    assert sum(found(painting, detector) for painting in gallery) >= 0.85 * len(gallery)


@pytest.mark.parametrize("count", [2, 3])
def test_each_of_several_side_by_side_is_found(detector: Detector, count: int) -> None:
    groups = [
        paint([CAST[(seed + step * 2) % len(CAST)] for step in range(count)], seed=seed, size=(800, 480))
        for seed in range(8)
    ]
    assert sum(found(group, detector) for group in groups) >= 0.9 * count * len(groups)
    for group in groups:
        middles = [head.x + head.w / 2 for head in group.heads]
        assert middles == sorted(middles)


def test_backgrounds_have_no_faces(detector: Detector) -> None:
    scenes = [paint_background(seed, size=SIZE) for seed in range(16)]
    assert sum(bool(detector.detect(scene)) for scene in scenes) <= 1


def test_the_look_alikes_share_a_hair_colour_that_nobody_else_has() -> None:
    others = [character for character in CAST if character not in LOOK_ALIKES]
    widest = max(apart(a, b) for a, b in pairs(LOOK_ALIKES))
    assert widest < 30
    assert widest < min(apart(a, b) for a in LOOK_ALIKES for b in others)


@pytest.mark.parametrize(("one", "other"), pairs(LOOK_ALIKES), ids=lambda character: character.name)
def test_look_alikes_can_be_told_apart_in_the_same_pose(one: Character, other: Character) -> None:
    # The pose follows from seed and name: the same name holds the same pose before the same background.
    for seed in range(3):
        painting = paint(one, seed=seed, size=SIZE)
        posing = paint(replace(other, name=one.name), seed=seed, size=SIZE)
        assert painting.heads == posing.heads
        head = painting.heads[0]
        crops = [done.picture[head.y : head.y + head.h, head.x : head.x + head.w] for done in (painting, posing)]
        assert unlike(crops[0], crops[1]) > 5


def test_everyone_has_a_name_of_their_own() -> None:
    assert len({character.name for character in CAST}) == len({character.native for character in CAST}) == len(CAST)
    strangers = [invent(seed) for seed in range(200)]
    assert not {stranger.name for stranger in strangers} & {character.name for character in CAST}
    assert len({replace(stranger, name="", native="") for stranger in strangers}) == len(strangers)


@settings(max_examples=25, deadline=None)
@given(st.lists(characters, min_size=1, max_size=3), seeds, sides, sides)
def test_any_size_and_seed_gives_a_picture_with_its_heads_inside(
    who: list[Character], seed: int, width: int, height: int
) -> None:
    painting = paint(who, seed=seed, size=(width, height))
    assert painting.picture.shape == (height, width, 3)
    assert painting.picture.dtype == np.uint8
    assert len(painting.heads) == len(who)
    for head in painting.heads:
        assert head.w > 0 < head.h
        assert head.x >= 0 <= head.y
        assert head.x + head.w <= width
        assert head.y + head.h <= height


@settings(max_examples=15, deadline=None)
@given(seeds, sides, sides)
def test_any_size_and_seed_gives_a_background(seed: int, width: int, height: int) -> None:
    scene = paint_background(seed, size=(width, height))
    assert scene.shape == (height, width, 3)
    assert scene.std() > 1  # something is painted on it


@pytest.mark.parametrize("who", [[], CAST[:4]], ids=["nobody", "four"])
def test_too_few_or_too_many_are_refused(who: list[Character]) -> None:
    with pytest.raises(ValueError, match="one to three"):
        paint(who, seed=0)


@pytest.mark.parametrize("size", [(63, 640), (640, 2049)])
def test_sizes_out_of_range_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="64 to 2048"):
        paint(CAST[0], seed=0, size=size)
    with pytest.raises(ValueError, match="64 to 2048"):
        paint_background(0, size=size)
