"""The charts of evaluations and retrainings: what is drawn, and that anything can be."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.words import LANGUAGES, words_in
from ml import Box, Candidate, Face
from ml.measuring import charts, history_chart
from ml.measuring.history_chart import Milestone
from ml.measuring.judged import Judged, evaluate
from ml.measuring.mistakes_chart import Sight
from ml.measuring.scores import Comparison, Score
from ml.training import changes_chart
from ml.training.report import CharacterReport, Report

ENGLISH = words_in("en")
BLUE, ORANGE = (0, 114, 178), (213, 94, 0)


FACE = Face(Box(20, 20, 60, 60), 0.0, 1.0)


def judged(truth: str | None, likeliest: str, *, said: bool = True) -> Judged:
    return Judged(truth, truth is not None, likeliest if said else None, 0.8, (Candidate(likeliest, 0.8),))


def write(faces: list[Judged], picture: Path, folder: Path) -> dict[str, Path]:
    """The charts of faces that are all in one picture."""
    return charts.write(evaluate(faces), [Sight(picture, FACE)] * len(faces), folder, ENGLISH, model="v1")


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
    right = write([judged("Riko", "Riko")], red, tmp_path)
    blue = drawn(right["confusion"])
    wrong = write([judged("Riko", "Maki")], red, tmp_path)
    orange = drawn(wrong["confusion"])
    assert share(blue, BLUE) > share(orange, BLUE) + 0.02
    assert share(orange, ORANGE) > share(blue, ORANGE) + 0.02


@pytest.mark.parametrize("crops", [False, True])
def test_mistaken_faces_are_shown_beside_whom_they_were_taken_for(red: Path, tmp_path: Path, crops: bool) -> None:
    green = tmp_path / "green.png"
    Image.new("RGB", (90, 140), (20, 200, 40)).save(green)
    faces = evaluate([judged("Riko", "Maki"), *[judged("Maki", "Maki")] * 3])
    sights = [Sight(path, None if crops else FACE) for path in (red, green, green, green)]
    picture = drawn(charts.write(faces, sights, tmp_path, ENGLISH, model="v1")["confused"])
    left, right = np.array_split(picture, 2, axis=1)
    assert share(left, (250, 10, 20)) > 0.02 > share(left, (20, 200, 40))
    assert share(right, (20, 200, 40)) > 0.06 > share(right, (250, 10, 20))


def test_anything_can_be_drawn(red: Path, tmp_path: Path) -> None:
    crowd = [f"{'長い名前' * 12} {i} 🌸" for i in range(60)]
    for faces in (
        [],
        [judged(None, "Riko", said=False)],
        [judged("Riko", "Riko", said=False)],
        [judged(name, crowd[i - 1]) for i, name in enumerate(crowd)],
    ):
        for path in write(faces, red, tmp_path).values():
            height, width = drawn(path).shape[:2]
            assert 300 < width < 4000
            assert 300 < height < 4000


def test_a_folder_that_cannot_be_written_is_a_sentence(red: Path, tmp_path: Path) -> None:
    with pytest.raises(charts.ChartsError, match="cannot be written"):
        charts.prepare(red / "charts")


def report(*characters: CharacterReport, lost: int = 0, gained: int = 0) -> Report:
    """A report on these characters, and on faces of which so many were lost and gained."""
    naming = Comparison(Score(60, 100), Score(60 - lost + gained, 100), lost, gained)
    strangers = Comparison(Score(395, 400), Score(395, 400), 0, 0)
    return Report(
        verdict="no_worse",
        examples=300,
        naming=naming,
        strangers=strangers,
        look_alikes=naming,
        uncounted=0,
        characters=characters,
        dropped=(),
        curve=(),
    )


def character(name: str, before: Score, after: Score) -> CharacterReport:
    return CharacterReport(name, False, 5, 1, 0, None, before, after)


def png_of(data: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def test_who_got_better_is_blue_and_who_got_worse_is_orange() -> None:
    better = png_of(changes_chart.draw(report(character("Riko", Score(2, 9), Score(8, 9))), ENGLISH))
    worse = png_of(changes_chart.draw(report(character("Riko", Score(8, 9), Score(2, 9))), ENGLISH))
    assert share(better, BLUE) > share(worse, BLUE)
    assert share(worse, ORANGE) > share(better, ORANGE) * 1.5


def test_any_report_and_any_history_can_be_drawn() -> None:
    crowd = [character(f"{'長い名前' * 12} {i} 🌸", Score(i % 4, 4), Score(3, 4)) for i in range(60)]
    nobody = character("Riko", Score(0, 0), Score(0, 0))
    for found in (report(), report(nobody), report(*crowd, lost=60), report(gained=40)):
        for language in LANGUAGES:
            height, width = png_of(changes_chart.draw(found, words_in(language))).shape[:2]
            assert 300 < height < 4000
            assert 300 < width < 2000
    none = Score(0, 0)
    for count in (1, 2, 10, 60):
        milestones = [Milestone(f"v{i}", i == 0, none if i % 3 else Score(i, 60), Score(i, 60)) for i in range(count)]
        height, width = png_of(history_chart.draw(milestones, words_in("ja"))).shape[:2]
        assert 300 < height < 2000
        assert 300 < width < 5000
