"""Faces are found where they are, whatever the picture's size; what is no cascade is refused in words."""

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.cascades import OWN, Cascade, CascadeAltered, CascadeMissing, CascadeUnreadable, find, resolve
from ml.faces.detector import Detector
from ml.faces.face import Box, Face, merge, overlap
from ml.painting import CAST, paint, paint_background
from ml.pictures.reading import Picture

OWN_FILE = find(OWN)
OWN_DETECTOR = Detector(resolve([OWN]))
PICTURE = paint(CAST[:2], seed=1, size=(900, 640)).picture


@pytest.fixture(scope="module")
def detector() -> Detector:
    return OWN_DETECTOR


def resized(picture: Picture, width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def is_on(face: Face, head: Box) -> bool:
    return overlap(face.box, head) > 0.3


def assert_in_order(faces: list[Face], picture: Picture) -> None:
    height, width = picture.shape[:2]
    for face in faces:
        x, y, w, h = face.box
        assert min(x, y) >= 0
        assert min(w, h) > 0
        assert x + w <= width
        assert y + h <= height
        assert 0 <= face.score <= 1
    assert [face.score for face in faces] == sorted((face.score for face in faces), reverse=True)
    assert all(overlap(a.box, b.box) <= 0.3 for i, a in enumerate(faces) for b in faces[:i])


def test_nearly_every_painted_face_is_found_where_it_is(detector: Detector) -> None:
    paintings = [paint(character, seed=seed) for character in CAST for seed in range(3)]
    found = [
        any(is_on(face, painting.heads[0]) for face in detector.detect(painting.picture)) for painting in paintings
    ]
    assert sum(found) >= 0.9 * len(found)


def test_a_place_with_nobody_in_it_has_no_face(detector: Detector) -> None:
    assert sum(len(detector.detect(paint_background(seed))) for seed in range(12)) <= 1


def test_two_characters_in_one_picture_are_two_faces(detector: Detector) -> None:
    painting = paint(CAST[:2], seed=1, size=(900, 640))
    faces = detector.detect(painting.picture)
    assert len(faces) == 2
    assert all(any(is_on(face, head) for face in faces) for head in painting.heads)


@pytest.mark.parametrize("side", [128, 300, 1600])
def test_a_face_is_found_in_a_small_and_in_a_large_picture(detector: Detector, side: int) -> None:
    painting = paint(CAST[0], seed=2, size=(side, side))
    faces = detector.detect(painting.picture)
    assert [is_on(face, painting.heads[0]) for face in faces] == [True]


@pytest.mark.parametrize("upright", [True, False])
def test_a_long_strip_is_looked_at_closely_enough(detector: Detector, *, upright: bool) -> None:
    panels = [resized(paint(character, seed=3).picture, 700, 700) for character in CAST[:8]]
    strip = np.concatenate(panels, axis=0 if upright else 1)
    faces = detector.detect(strip)
    assert_in_order(faces, strip)
    place = 1 if upright else 0
    assert len({(face.box[place] + face.box[place + 2] // 2) // 700 for face in faces}) >= 7


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (7, 9), (24, 24), (25, 20_000)])
def test_a_picture_of_odd_size_is_simply_without_faces(detector: Detector, shape: tuple[int, int]) -> None:
    assert detector.detect(np.full((*shape, 3), 200, np.uint8)) == []


def test_what_a_quick_look_is_blind_to_the_closer_one_sees_and_nothing_else() -> None:
    large, small = (paint(CAST[0], seed=2, size=(side, side)) for side in (600, 120))
    place = np.full((600, 900, 3), 200, np.uint8)
    place[:, :600], place[300:420, 700:820] = large.picture, small.picture
    x, y, w, h = small.heads[0]
    finder = resolve([OWN])[0].open()
    grey = np.asarray(cv2.cvtColor(place, cv2.COLOR_RGB2GRAY), np.uint8)
    quick, closer = finder.detect(grey, detail=0.6), finder.detect(grey, seen=0.6)
    assert [is_on(face, large.heads[0]) for face in quick] == [True]
    assert [is_on(face, Box(x + 700, y + 300, w, h)) for face in closer] == [True]


def test_the_same_picture_gives_the_same_faces(detector: Detector) -> None:
    picture = paint(CAST[:3], seed=5, size=(1200, 640)).picture
    assert detector.detect(picture) == detector.detect(picture) == Detector(resolve([OWN])).detect(picture)


def test_upright_faces_need_no_turning(detector: Detector) -> None:
    assert [face.angle for face in detector.detect(paint(CAST[0], seed=2).picture)] == [0.0]


@settings(max_examples=40, deadline=None)
@given(left=st.integers(0, 500), top=st.integers(0, 500), width=st.integers(1, 640), height=st.integers(1, 640))
def test_whatever_part_of_a_picture_is_seen_faces_lie_inside_it(left: int, top: int, width: int, height: int) -> None:
    part = PICTURE[top : top + height, left : left + width]
    assert_in_order(OWN_DETECTOR.detect(part), part)


BOXES = st.builds(Box, st.integers(0, 300), st.integers(0, 300), st.integers(1, 200), st.integers(1, 200))
FACES = st.builds(Face, BOXES, st.just(0.0), st.floats(0, 1))


@given(st.lists(st.lists(FACES, max_size=12), min_size=1, max_size=3))
def test_merged_faces_never_share_much_and_come_best_first(found: list[list[Face]]) -> None:
    merged = merge(found)
    assert_in_order(merged, np.empty((500, 500, 3), np.uint8))
    assert {face.box for face in merged} <= {face.box for faces in found for face in faces}


def test_a_single_finder_is_believed_as_it_is() -> None:
    faces = [Face(Box(0, 0, 50, 50), 0.0, 0.9), Face(Box(100, 0, 50, 50), 0.0, 0.3)]
    assert merge([faces]) == faces


def test_a_face_that_two_finders_see_is_surer_than_either_says() -> None:
    one, other = Face(Box(0, 0, 100, 100), 0.0, 0.6), Face(Box(5, 5, 100, 100), 0.0, 0.5)
    (face,) = merge([[one], [other]])
    assert face.box == one.box
    assert face.score == pytest.approx(0.8)


def test_a_doubtful_find_needs_a_second_finder() -> None:
    doubtful = Face(Box(0, 0, 100, 100), 0.0, 0.4)
    assert merge([[doubtful], []]) == []
    assert len(merge([[doubtful], [doubtful]])) == 1


def test_an_eye_inside_a_face_is_not_a_second_face() -> None:
    face, eye = Face(Box(0, 0, 200, 200), 0.0, 0.9), Face(Box(40, 60, 40, 40), 0.0, 0.8)
    assert merge([[face, eye]]) == [face]


def test_two_cascades_find_a_face_once() -> None:
    painting = paint(CAST[0], seed=2)
    again = Cascade("again", OWN_FILE)
    faces = Detector([*resolve([OWN]), again]).detect(painting.picture)
    assert [is_on(face, painting.heads[0]) for face in faces] == [True]


def test_a_cascade_can_be_sent_to_a_worker_and_opened_there() -> None:
    picture = paint(CAST[0], seed=2).picture
    sent = pickle.loads(pickle.dumps(resolve([OWN])))
    assert Detector(sent).detect(picture) == Detector(resolve([OWN])).detect(picture)


def test_a_cascade_may_lie_in_a_folder_with_a_japanese_name(tmp_path: Path) -> None:
    path = tmp_path / "顔" / "誰.xml"
    path.parent.mkdir()
    path.write_bytes(OWN_FILE.read_bytes())
    assert Detector(resolve([str(path)])).detect(paint(CAST[0], seed=2).picture)


def test_a_cascade_of_another_kind_can_be_named() -> None:
    haar = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    Detector(resolve([str(haar)])).detect(paint(CAST[0], seed=2).picture)


def test_a_detector_without_cascades_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Detector([])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a cascade",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b'<?xml version="1.0"?><svg/>',
        b'<?xml version="1.0"?><opencv_storage></opencv_storage>',
        b'<?xml version="1.0"?><opencv_storage><cascade></cascade></opencv_storage>',
        b'<?xml version="1.0"?><opencv_storage><cascade>text</cascade></opencv_storage>',
        b"%YAML:1.0\na: 1\n",
        OWN_FILE.read_bytes().replace(b"BOOST", b"TREES"),
        OWN_FILE.read_bytes().replace(b"leafValues", b"twigValues"),
    ],
)
def test_what_is_no_cascade_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.xml"
    path.write_bytes(data)
    with pytest.raises(CascadeUnreadable, match=r"mine\.xml.*whole"):
        Detector([Cascade("mine", path)])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, OWN_FILE.stat().st_size - 40))
def test_half_a_cascade_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "half.xml"
    path.write_bytes(OWN_FILE.read_bytes()[:length])
    with pytest.raises(CascadeUnreadable):
        Detector([Cascade("half", path)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CascadeMissing, match=r"gone\.xml is not there"):
        Detector([Cascade("gone", tmp_path / "gone.xml")])


def test_a_file_that_was_altered_after_it_was_found_is_refused(tmp_path: Path) -> None:
    (source,) = resolve([OWN])
    assert isinstance(source, Cascade)
    path = tmp_path / "koredare_lbp.xml"
    path.write_bytes(source.path.read_bytes() + b"\n")
    with pytest.raises(CascadeAltered, match=r"koredare_lbp\.xml is not the cascade"):
        Detector([Cascade(source.name, path, source.sha256, source.settings)])
