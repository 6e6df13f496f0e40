"""A face that is too small or too blurred to tell is neither named nor learned from."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import Recognizer
from ml.faces.crops import tighten
from ml.faces.quality import LEARNABLE, NAMEABLE, quality
from ml.naming.classifier import Calibration, Classifier
from ml.painting import CAST, paint
from ml.pictures.reading import Picture
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION
from tests.conftest import saved

RECOGNIZER = Recognizer()


def face(seed: int) -> Picture:
    painting = paint(CAST[seed % len(CAST)], seed=seed)
    x, y, w, h = painting.heads[0]
    return tighten(painting.picture[y : y + h, x : x + w])


def shrunk(picture: Picture, side: int) -> Picture:
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def blurred(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that is sure that everybody is Riko."""
    registry = Registry(tmp_path_factory.mktemp("models"))
    with registry.staging() as folder:
        weights, nobody = np.zeros((512, 1), np.float32), np.empty((0, 512), np.float32)
        model = Classifier(("Riko",), weights, np.full(1, 9, np.float32), nobody, Calibration(1, 0.5))
        model.save(folder / CLASSIFIER)
        description = {"created_at": "2026-11-23T09:00:00+00:00", "embedder": RECOGNIZER.embedder, "metrics": {}}
        (folder / DESCRIPTION).write_text(json.dumps(description))
        return registry.publish(folder, published={"kind": "published", "via": "chat"}).folder


@settings(max_examples=20)
@given(st.integers(0, 200))
def test_a_smaller_or_blurrier_face_is_a_poorer_one(seed: int) -> None:
    sharp = face(seed)
    by_size = [quality(shrunk(sharp, side), certainty=1.0) for side in (96, 48, 24, 12)]
    assert by_size == sorted(by_size, reverse=True)
    by_blur = [quality(blurred(sharp, len(sharp) * share), certainty=1.0) for share in (0.01, 0.03, 0.06, 0.3)]
    assert by_blur == sorted(by_blur, reverse=True)
    assert by_size[0] > 0.5 > LEARNABLE > NAMEABLE > quality(shrunk(sharp, 8), certainty=1.0)


def test_how_sure_the_detector_is_counts_as_much() -> None:
    assert quality(face(3), certainty=0.5) == pytest.approx(quality(face(3), certainty=1.0) / 2)


@given(st.integers(0, 255), st.integers(1, 150))
def test_a_flat_crop_of_any_size_shows_nobody(grey: int, side: int) -> None:
    assert quality(np.full((side, side, 3), grey, np.uint8), certainty=1.0) == 0.0


def test_what_is_too_blurred_to_tell_is_not_named_however_sure_the_classifier_is(version: Path) -> None:
    (clear,) = RECOGNIZER.recognize_crop(saved(face(3)), version=version).faces
    assert clear.name == "Riko"
    blurry = saved(blurred(face(3), 0.1 * len(face(3))))
    (smear,) = RECOGNIZER.recognize_crop(blurry, version=version).faces
    assert smear.name is None
    assert smear.quality < NAMEABLE
    assert smear.candidates == clear.candidates
    assert RECOGNIZER.sample_crop(blurry)[0][1].quality == pytest.approx(smear.quality)
