"""What cascades propose is judged: faces stay, tilted ones too, and what is no verifier is refused in words."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.cascades import OWN, resolve
from ml.faces.crops import crop_face
from ml.faces.detector import Detector
from ml.faces.face import Box, Face, overlap
from ml.faces.turning import Turned
from ml.faces.verifier import Verifier, VerifierError, write
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import Embedder
from ml.painting import CAST, paint, paint_background
from ml.pictures.reading import Grey
from ml.recognizer import VERIFIER
from tests.ml.faces.tilting import tilted

NETWORK = Embedder(SHIPPED.embedder)
JUDGE = Verifier(VERIFIER, NETWORK)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(resolve([OWN]), judge=JUDGE)


def test_nearly_every_painted_face_is_found_and_nothing_else(detector: Detector) -> None:
    paintings = [paint(character, seed=seed) for character in CAST for seed in range(2)]
    found = [detector.detect(painting.picture) for painting in paintings]
    right = [
        len(faces) == 1 and overlap(faces[0].box, painting.heads[0]) > 0.3
        for faces, painting in zip(found, paintings, strict=True)
    ]
    assert sum(right) >= 0.9 * len(right)


def test_a_place_with_nobody_in_it_has_no_face(detector: Detector) -> None:
    assert sum(len(detector.detect(paint_background(seed))) for seed in range(6)) <= 1


def test_the_judge_believes_a_face_more_than_what_is_beside_it() -> None:
    painting = paint(CAST[0], seed=2)
    head = painting.heads[0]
    face, corner = JUDGE.judge(painting.picture, [Face(head, 0.0, 0.1), Face(Box(0, 0, 90, 90), 0.0, 0.9)])
    assert face.box == head
    assert face.score > 0.5
    assert corner.score < 0.4


@pytest.mark.parametrize("lean", [-35.0, 35.0])
def test_a_leaning_face_is_turned_upright_by_its_angle(detector: Detector, lean: float) -> None:
    painting = paint(CAST[0], seed=2)
    picture = tilted(painting.picture, lean)
    faces = detector.detect(picture)
    assert len(faces) == 1
    assert faces[0].angle == 0.0 or np.sign(faces[0].angle) == -np.sign(lean)


def test_a_tilted_face_is_found_among_certain_ones(detector: Detector) -> None:
    alone = [paint(character, seed=3).picture for character in CAST[:4]]
    alone[2] = tilted(alone[2], 35.0)
    crowd = np.concatenate([np.concatenate(alone[:2], axis=1), np.concatenate(alone[2:], axis=1)])
    side = len(alone[0])
    assert sorted((face.box.y // side, face.box.x // side) for face in detector.detect(crowd)) == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]


class Watched:
    """Our cascade, and how often it was asked to look."""

    name = "watched"

    def __init__(self) -> None:
        self.looks = 0
        self._finder = resolve([OWN])[0].loosened().open()

    def open(self) -> "Watched":
        return self

    def loosened(self) -> "Watched":
        return self

    def detect(self, picture: Grey, *, detail: float = 1.0, seen: float = 0.0) -> list[Face]:
        self.looks += 1
        return self._finder.detect(picture, detail=detail, seen=seen)


def test_a_portrait_is_looked_at_once_and_a_figure_in_a_wide_place_again() -> None:
    portrait = paint(CAST[0], seed=2).picture
    wide = paint_background(2, size=(1600, 1600))
    wide[900:1300, 600:1000] = cv2.resize(portrait, (400, 400), interpolation=cv2.INTER_AREA)
    looks: list[int] = []
    for picture in (portrait, wide):
        watched = Watched()
        assert len(Detector([watched], judge=JUDGE).detect(picture)) == 1
        looks.append(watched.looks)
    assert looks[0] == 1 < looks[1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (24, 24), (25, 20_000), (20_000, 300)])
def test_a_picture_of_odd_size_is_turned_on_a_small_canvas(detector: Detector, shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 200, np.uint8)
    assert Turned.by(40.0, picture[..., 0]).picture.size <= 1_100_000
    assert detector.detect(picture) == []


@given(st.sampled_from([-40.0, -20.0, 20.0, 40.0]), st.integers(60, 900), st.integers(60, 900))
def test_a_place_in_a_turned_picture_leads_back_to_where_it_was(angle: float, width: int, height: int) -> None:
    picture = np.zeros((height, width), np.uint8)
    turned = Turned.by(angle, picture)
    # The middle stays the middle.
    high, wide = turned.picture.shape[:2]
    place = turned.place((wide // 2 - 10, high // 2 - 10, 20, 20))
    assert place is not None
    x, y, w, h = place
    shrunk = max(width, height) / 400
    assert abs(x + w / 2 - width / 2) <= 2 + 2 * shrunk
    assert abs(y + h / 2 - height / 2) <= 2 + 2 * shrunk
    assert turned.place((-500, -500, 20, 20)) is None


def test_the_angle_of_a_face_turns_its_crop_upright() -> None:
    picture = paint(CAST[0], seed=2).picture
    green = np.dstack([picture[..., 1]] * 3)
    upright = crop_face(green, Face(Box(220, 220, 200, 200), 0.0, 1.0), size=64, zoom=1.0).astype(int)
    turned = Turned.by(20.0, picture[..., 1])
    high, wide = turned.picture.shape
    reach = 200 * 400 / 640
    box = Box(round(wide / 2 - reach / 2), round(high / 2 - reach / 2), round(reach), round(reach))
    place = turned.place(box)
    assert place is not None
    seen_turned = crop_face(np.dstack([turned.picture] * 3), Face(box, 0.0, 1.0), size=64, zoom=1.0).astype(int)
    cut_by_angle = crop_face(green, Face(Box(*place), 20.0, 1.0), size=64, zoom=1.0).astype(int)
    assert np.abs(cut_by_angle - seen_turned).mean() < 0.5 * np.abs(upright - seen_turned).mean()


def test_what_is_no_verifier_is_refused_by_name(tmp_path: Path) -> None:
    missing, damaged, other = tmp_path / "gone.npz", tmp_path / "damaged.npz", tmp_path / "other.npz"
    damaged.write_bytes(VERIFIER.read_bytes()[:500])
    write(other, np.zeros(7, np.float32), NETWORK)
    for path in (missing, damaged, other):
        with pytest.raises(VerifierError, match=rf"{path.name}.*ml\.pretraining\.verifier"):
            Verifier(path, NETWORK)


def test_a_verifier_for_another_embedder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verifier.npz"
    np.savez(path, weights=np.zeros(NETWORK.dimensions + 1, np.float32), embedder=np.array("0" * 64))
    with pytest.raises(VerifierError, match="another embedder"):
        Verifier(path, NETWORK)
