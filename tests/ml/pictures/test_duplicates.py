"""The same picture again is known by its look, whatever was done to it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ml.painting import CAST, paint
from ml.pictures.duplicates import distinct_looks, look, repeats
from ml.pictures.reading import Picture


@pytest.fixture(scope="module")
def portraits() -> list[Picture]:
    """Four characters, painted twice each."""
    return [paint((CAST[n],), seed=seed, size=(168, 168)).picture for n in range(4) for seed in (1, 2)]


def saved_anew(picture: Picture) -> Picture:
    file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)


def mirrored(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


def brighter(picture: Picture) -> Picture:
    return np.asarray(np.minimum(picture.astype(np.int16) + 20, 255), np.uint8)


def signed(picture: Picture) -> Picture:
    return np.asarray(cv2.putText(picture.copy(), "Riko", (8, 160), cv2.FONT_HERSHEY_PLAIN, 1, (9, 9, 9)), np.uint8)


@pytest.mark.parametrize("change", [saved_anew, mirrored, brighter, signed])
def test_a_changed_picture_repeats_its_original_and_no_other(
    portraits: list[Picture], change: Callable[[Picture], Picture]
) -> None:
    looks = [look(picture) for picture in portraits]
    for index, picture in enumerate(portraits):
        assert repeats(look(change(picture)), looks) == index


def test_only_the_first_of_those_that_look_the_same_is_distinct(portraits: list[Picture]) -> None:
    looks = [look(picture) for picture in portraits]
    again = [look(mirrored(saved_anew(picture))) for picture in portraits]
    assert distinct_looks([*looks, *again]) == list(range(len(portraits)))
    assert distinct_looks([]) == []
    assert repeats(looks[0], []) is None
