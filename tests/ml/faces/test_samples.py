"""What is kept of a face shows, in its middle, what was embedded: so it can be embedded again."""

import io

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ml import Recognizer, Sample
from ml.faces.crops import crop_face, tight_face, tighten
from ml.naming.embedder import fitted
from ml.painting import CAST, paint
from ml.pictures.reading import Picture
from tests.conftest import saved

RECOGNIZER = Recognizer()
PAINTING = paint(CAST[0], seed=3)


def alike(sample: Sample) -> float:
    """The cosine of a sample's embedding and that of its kept crop."""
    again = RECOGNIZER.embed_again(sample.crop)
    before, after = (np.frombuffer(each, "<f2").astype(np.float32) for each in (sample.embedding, again))
    return float(before @ after)


def test_a_face_found_in_a_picture_can_be_embedded_again() -> None:
    ((_, sample),) = RECOGNIZER.sample_all(saved(PAINTING.picture))
    assert Image.open(io.BytesIO(sample.crop)).size == (168, 168)
    assert alike(sample) > 0.95


def test_a_ready_made_crop_can_be_embedded_again() -> None:
    x, y, w, h = PAINTING.heads[0]
    ((_, sample),) = RECOGNIZER.sample_crop(saved(PAINTING.picture[y - 20 : y + h, x - 10 : x + w]))
    assert Image.open(io.BytesIO(sample.crop)).size == (168, 168)
    assert alike(sample) > 0.95


@given(st.integers(80, 400), st.integers(80, 400))
def test_a_crop_of_any_shape_is_tightened_alike_in_both_ways(height: int, width: int) -> None:
    picture = np.asarray(cv2.resize(PAINTING.picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    kept = crop_face(picture, tight_face(picture), size=112)
    assert apart(kept, fitted(tighten(picture), 112)) < 0.6 * apart(kept, fitted(picture, 112))


def apart(one: Picture, other: Picture) -> float:
    """How much two pictures differ but for sharpness, mean over pixels."""
    return float(np.abs(cv2.blur(one, (9, 9)).astype(int) - cv2.blur(other, (9, 9))).mean())
