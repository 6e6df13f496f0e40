"""The charts of an evaluation: what is drawn, and that anything can be."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml import Box, Candidate, NamedFace, charts
from ml.judging import Judged, evaluate

BLUE, ORANGE = (0, 114, 178), (213, 94, 0)


def judged(path: Path, truth: str | None, likeliest: str, *, said: bool = True) -> Judged:
    box = Box(20, 20, 60, 60)
    return Judged(
        truth,
        truth is not None,
        path,
        NamedFace(box, 0.0, 1.0, likeliest if said else None, 0.8, (Candidate(likeliest, 0.8),)),
    )


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Image.new("RGB", (100, 100), (250, 10, 20)).save(path)
    return path


def drawn(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def share(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", colour: tuple[int, int, int]) -> float:
    return float((np.abs(picture.astype(int) - colour).max(axis=2) <= 4).mean())


def test_what_is_right_is_blue_and_what_is_wrong_is_orange(red: Path, tmp_path: Path) -> None:
    right = charts.write(evaluate([judged(red, "Riko", "Riko")]), tmp_path, model="v1", crops=False)
    blue = drawn(right["confusion"])
    wrong = charts.write(evaluate([judged(red, "Riko", "Maki")]), tmp_path, model="v1", crops=False)
    orange = drawn(wrong["confusion"])
    assert share(blue, BLUE) > share(orange, BLUE) + 0.02
    assert share(orange, ORANGE) > share(blue, ORANGE) + 0.02


@pytest.mark.parametrize("crops", [False, True])
def test_mistaken_faces_are_shown_beside_whom_they_were_taken_for(red: Path, tmp_path: Path, crops: bool) -> None:
    green = tmp_path / "green.png"
    Image.new("RGB", (90, 140), (20, 200, 40)).save(green)
    faces = [judged(red, "Riko", "Maki"), *[judged(green, "Maki", "Maki")] * 3]
    picture = drawn(charts.write(evaluate(faces), tmp_path, model="v1", crops=crops)["confused"])
    left, right = np.array_split(picture, 2, axis=1)
    assert share(left, (250, 10, 20)) > 0.02 > share(left, (20, 200, 40))
    assert share(right, (20, 200, 40)) > 0.06 > share(right, (250, 10, 20))


def test_anything_can_be_drawn(red: Path, tmp_path: Path) -> None:
    crowd = [f"{'長い名前' * 12} {i} 🌸" for i in range(60)]
    for faces in (
        [],
        [judged(red, None, "Riko", said=False)],
        [judged(red, "Riko", "Riko", said=False)],
        [judged(red, name, crowd[i - 1]) for i, name in enumerate(crowd)],
    ):
        for path in charts.write(evaluate(faces), tmp_path, model="v1", crops=False).values():
            height, width = drawn(path).shape[:2]
            assert 300 < width < 4000
            assert 300 < height < 4000


def test_a_folder_that_cannot_be_written_is_a_sentence(red: Path, tmp_path: Path) -> None:
    with pytest.raises(charts.ChartsError, match="cannot be written"):
        charts.prepare(red / "charts")
