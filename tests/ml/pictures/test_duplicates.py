"""The same picture again is known by its look, whatever was done to it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ml.painting import CAST, paint
from ml.pictures.duplicates import NEAR, distinct, groups, look, repeats
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
    assert distinct([*looks, *again]) == list(range(len(portraits)))
    assert distinct([]) == []
    assert repeats(looks[0], []) is None


def test_what_is_known_already_is_not_distinct(portraits: list[Picture]) -> None:
    looks = [look(picture) for picture in portraits]
    known = [look(mirrored(picture)) for picture in portraits[:3]]
    assert distinct(looks, known=known) == list(range(3, len(portraits)))


def test_pictures_belong_together_through_a_look_or_through_where_they_come_from(portraits: list[Picture]) -> None:
    a, b, c, d = (look(picture) for picture in portraits[:4])
    group = groups([a, b, look(mirrored(portraits[0])), c, d], ["one", "two", "three", "three", "four"]).tolist()
    assert group[0] == group[2] == group[3]
    assert len(set(group)) == 3


def turned(look: str, bits: int) -> str:
    """A look whose hash has so many other bits, and whose mirror image's has all."""
    own = np.unpackbits(np.frombuffer(bytes.fromhex(look), np.uint8)[:32])
    mirrored = own ^ 1
    own[:bits] ^= 1
    return (np.packbits(own).tobytes() + np.packbits(mirrored).tobytes()).hex()


def test_how_far_apart_looks_may_be_is_the_same_for_all_of_them() -> None:
    """Many at once, and as far apart as can be: compared in blocks, none is lost between two of them."""
    drawn = np.random.default_rng(0).bytes(64 * 900)
    different = [drawn[start : start + 64].hex() for start in range(0, len(drawn), 64)]
    assert distinct(different) == list(range(900))
    for apart, same in ((0, True), (NEAR, True), (NEAR + 1, False), (256, False)):
        copies = [turned(each, apart) for each in different]
        assert [repeats(each, copies) for each in different[:9]] == ([*range(9)] if same else [None] * 9)
        assert len(distinct([*different, *copies])) == (900 if same else 1800)
        assert len(set(groups([*different, *copies], [str(i) for i in range(1800)]))) == (900 if same else 1800)
