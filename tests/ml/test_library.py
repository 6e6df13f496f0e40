"""`ml` as others use it: a picture from anywhere in, named faces out, as the documentation says."""

import doctest
import io
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import ml
from ml import PictureError, Recognition, Recognizer, RecognizerSettings
from ml.drawing import labelled
from ml.painting import paint
from ml.pictures.refusals import PictureTooHeavy, PictureTooLarge, PictureTooSmall
from ml.versions.registry import models
from ml.versions.version import RegistryError
from tests.conftest import KNOWN, saved

PICTURE = paint(KNOWN[0], seed=30, size=(600, 400)).picture


def seen(found: Recognition) -> object:
    """What was seen, but how long it took."""
    return found.width, found.height, found.faces, found.model


@pytest.mark.parametrize(
    "module", ["ml", "ml.recognizer", "ml.faces.detector", "ml.cascades.finding", "ml.painting.studio"]
)
def test_the_examples_in_the_documentation_run(module: str, trained_home: Path) -> None:
    ran = doctest.testmod(import_module(module), extraglobs={"home": trained_home})
    assert ran.attempted
    assert not ran.failed


def test_a_picture_may_come_from_anywhere_and_a_version_by_its_name_or_folder(
    trained_home: Path, tmp_path: Path
) -> None:
    recognizer = Recognizer(RecognizerSettings(home=trained_home))
    data = saved(Image.fromarray(PICTURE), "PNG")
    (tmp_path / "riko.png").write_bytes(data)
    expected = recognizer.recognize(data, version="v1")
    assert [face.name for face in expected.faces] == [KNOWN[0].name]
    assert expected.model == "v1"
    for picture in (tmp_path / "riko.png", str(tmp_path / "riko.png"), Image.open(io.BytesIO(data)), PICTURE):
        assert seen(recognizer.recognize(picture, version="v1")) == seen(expected)
    assert seen(recognizer.recognize(data, version=models(trained_home) / "v1")) == seen(expected)
    with pytest.raises(RegistryError, match="There are: v1"):
        recognizer.recognize(data, version="v2")


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16"])
def test_a_pillow_picture_is_read_as_its_file_would_be(mode: str) -> None:
    grey = Image.fromarray(PICTURE).convert("L")
    picture = Image.new("I;16", grey.size) if mode == "I;16" else Image.fromarray(PICTURE).convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data = saved(picture, kind)
    assert np.array_equal(ml.pictures.reading.read(Image.open(io.BytesIO(data))), ml.pictures.reading.read(data))


def test_a_pillow_picture_that_lies_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    data = saved(Image.fromarray(PICTURE), "PNG", exif=exif)
    assert ml.pictures.reading.read(Image.open(io.BytesIO(data))).shape == (600, 400, 3)


def test_what_is_given_is_never_written_to() -> None:
    before = PICTURE.copy()
    assert not np.shares_memory(ml.pictures.reading.read(PICTURE), PICTURE)
    labelled.drawn(PICTURE, Recognizer().look(PICTURE).labels(), max_bytes=2**20)
    assert np.array_equal(PICTURE, before)


def test_what_is_too_large_or_no_picture_is_refused_wherever_it_comes_from(tmp_path: Path) -> None:
    recognizer = Recognizer(RecognizerSettings(max_bytes=1_000, max_pixels=10_000))
    (tmp_path / "heavy").write_bytes(bytes(1_001))
    (tmp_path / "none").write_bytes(b"not a picture")
    for picture, error in (
        (tmp_path / "heavy", PictureTooHeavy),
        (tmp_path / "none", PictureError),
        (PICTURE, PictureTooLarge),
        (Image.fromarray(PICTURE), PictureTooLarge),
        (PICTURE[:20, :20], PictureTooSmall),
        (tmp_path / "nowhere", FileNotFoundError),
    ):
        with pytest.raises(error):
            recognizer.recognize(picture)
    arrays: tuple[Any, ...] = (PICTURE[..., 0], PICTURE / 255, np.zeros((40, 40, 4), np.uint8))
    for array in arrays:
        with pytest.raises(ValueError, match=r"must be uint8, \(height, width, 3\)"):
            recognizer.recognize(array)


def test_every_public_name_is_there_and_others_are_not() -> None:
    assert all(getattr(ml, name) for name in ml.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        _ = ml.nobody
