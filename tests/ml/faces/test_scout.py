"""The scout proposes faces, leaning ones and those of a crowd too, and what is no scout is refused in words."""

from pathlib import Path

import numpy as np
import pytest

from ml.cascades import OWN, resolve
from ml.faces.detector import Detector
from ml.faces.face import overlap
from ml.faces.scout import Scout, ScoutError
from ml.faces.verifier import Verifier
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import Embedder
from ml.painting import CAST, paint, paint_background
from ml.recognizer import SCOUT, VERIFIER
from tests.ml.faces.tilting import tilted

TRIED = Scout(SCOUT)


def test_nearly_every_painted_face_is_proposed_and_where_nobody_is_little() -> None:
    paintings = [paint(character, seed=seed) for character in CAST for seed in range(2)]
    right = [
        any(overlap(face.box, painting.heads[0]) > 0.3 for face in TRIED.propose(painting.picture))
        for painting in paintings
    ]
    assert sum(right) >= 0.9 * len(right)
    assert np.mean([len(TRIED.propose(paint_background(seed))) for seed in range(8)]) <= 4


def test_it_says_which_way_faces_lean() -> None:
    pictures = [paint(character, seed=3).picture for character in CAST[:4]]
    left, right = (
        np.mean([TRIED.propose(tilted(picture, lean))[0].angle for picture in pictures]) for lean in (35.0, -35.0)
    )
    assert left < -5
    assert right > 5


def test_with_a_scout_leaning_faces_of_a_crowd_are_found_that_cascades_do_not_see() -> None:
    leans = (0.0, 55.0, -55.0, 0.0)
    parts = [tilted(paint(character, seed=3).picture, lean) for character, lean in zip(CAST, leans, strict=False)]
    crowd = np.concatenate([np.concatenate(parts[:2], axis=1), np.concatenate(parts[2:], axis=1)])
    side = len(parts[0])
    judge = Verifier(VERIFIER, Embedder(SHIPPED.embedder))
    found = [
        {
            (face.box.y // side, face.box.x // side)
            for face in Detector(resolve([OWN]), judge=judge, scout=scout).detect(crowd)
        }
        for scout in (None, TRIED)
    ]
    assert found[0] < found[1] == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (25, 20_000), (20_000, 300), (900, 700)])
def test_boxes_lie_inside_pictures_of_any_size(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    for face in TRIED.propose(picture):
        x, y, w, h = face.box
        assert 0 <= x < x + w <= shape[1]
        assert 0 <= y < y + h <= shape[0]


def test_what_is_no_scout_is_refused_by_name(tmp_path: Path) -> None:
    missing, damaged = tmp_path / "gone.tflite", tmp_path / "damaged.tflite"
    damaged.write_bytes(SCOUT.read_bytes()[:5000])
    for path in (missing, damaged, SHIPPED.embedder):
        with pytest.raises(ScoutError, match=rf"{path.name}.*ml\.pretraining scout"):
            Scout(path)
