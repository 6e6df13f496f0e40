"""The background faces: strangers' embeddings, in two parts that never mix."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ml.naming.classifier import ASKED
from ml.naming.embedder import Embedder, fingerprint
from ml.pretraining import background, calibration
from ml.pretraining.__main__ import main
from ml.pretraining.background import BackgroundError, Stranger
from ml.pretraining.crops import CropsError
from ml.training.background import CROWD, Background
from ml.training.background import BackgroundError as DoesNotFit
from ml.training.calibration import FEATURES, Evidence

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(MODELS / "embedder.tflite")


def borrowed(strangers: calibration.Strangers) -> Evidence:
    """What ships, for tests that need no other."""
    ours = Background.load(MODELS / "background.npz", embedder=fingerprint(MODELS / "embedder.tflite")).evidence
    return calibration.borrowed(ours, strangers)


def test_what_ships_fits_the_embedder_that_ships(embedder: Embedder) -> None:
    shipped = Background.load(MODELS / "background.npz", embedder=embedder.fingerprint)
    assert len(shipped.crowd) == CROWD
    assert len(shipped.gate) >= 300
    lengths = np.linalg.norm(np.concatenate([shipped.crowd, shipped.gate]), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-3)
    assert ASKED <= shipped.evidence.threshold < 1


def test_crops_and_marked_pictures_become_a_background_that_knows_how_sure_to_be(
    tmp_path: Path, scribble: Any, embedder: Embedder
) -> None:
    for number in range(40):
        (tmp_path / "crops" / f"{['pen', 'ink'][number % 2]}-{number}").mkdir(parents=True)
        for seed in range(4):
            path = tmp_path / "crops" / f"{['pen', 'ink'][number % 2]}-{number}" / f"{seed}.png"
            assert cv2.imwrite(str(path), scribble(100 * number + seed))
    out = tmp_path / "background.npz"
    words = ["background", str(tmp_path / "crops"), "--only", "*", "--same", "1.1", "--servers", "8", "--out", str(out)]
    assert main(words) == 0
    made = Background.load(out, embedder=embedder.fingerprint)
    assert len(made.crowd) + len(made.gate) > 100
    assert len(made.crowd) > len(made.gate)
    assert made.evidence.weights.keys() == set(FEATURES)


def test_too_few_strangers_to_learn_from_are_told(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "background.npz"
    assert main(["background", str(faces), "--only", "*", "--servers", "3", "--out", str(out)]) == 1
    assert "too few characters" in capsys.readouterr().err
    assert not out.exists()


def test_a_background_of_another_embedder_is_refused(faces: Path, tmp_path: Path, embedder: Embedder) -> None:
    out = tmp_path / "background.npz"
    background.make(background.crops_in(faces), embedder, out, learn=borrowed)
    with pytest.raises(DoesNotFit, match=r"make it again with `python -m ml\.pretraining background`"):
        Background.load(out, embedder="0" * 64)


def test_a_face_that_comes_again_counts_once(tmp_path: Path, embedder: Embedder) -> None:
    one, other = background.painted(2, size=112)
    paler = Stranger(np.clip(one.crop * 0.95 + 8, 0, 255).astype(np.uint8), b"again")
    assert background.make([one, paler, other], embedder, tmp_path / "background.npz", learn=borrowed) == (2, 1)


def test_a_face_keeps_its_part_when_others_come(scribble: Any, tmp_path: Path, embedder: Embedder) -> None:
    strangers = [Stranger(scribble(seed), f"picture {seed // 2}".encode()) for seed in range(40)]

    def gate(chosen: list[Stranger]) -> list[list[float]]:
        background.make(chosen, embedder, tmp_path / "background.npz", learn=borrowed)
        return Background.load(tmp_path / "background.npz", embedder=embedder.fingerprint).gate.tolist()

    few, many = gate(strangers[:20]), gate(strangers)
    assert few == many[: len(few)]
    assert 0 < len(few) < len(many)


def test_boxes_around_heads_are_narrowed_to_faces(tmp_path: Path, embedder: Embedder) -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    cv2.rectangle(picture, (100, 60), (220, 200), (0, 0, 255), -1)  # the head, red
    cv2.circle(picture, (160, 160), 20, (0, 255, 0), -1)  # its face lies low, green
    assert cv2.imwrite(str(tmp_path / "a.png"), picture)
    boxes = tmp_path / "boxes.json"
    boxes.write_text(json.dumps({"a.png": [{"box": [100, 60, 120, 140]}, {"box": [0, 0, 50, 50]}]}))
    (face,) = background.faces_in(tmp_path, boxes, size=embedder.size, leave_out=["a.png:1"])
    assert face.crop.shape == (112, 112, 3)
    assert face.crop[56, 56].tolist() == [0, 255, 0]
    assert face.crop[3, 56].tolist() == [255, 0, 0]


def test_boxes_that_cannot_be_read_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "boxes.json").write_text('{"a.png": "here"}')
    words = ["background", "--pictures", str(tmp_path), "--boxes", str(tmp_path / "boxes.json")]
    assert main([*words, "--out", str(tmp_path / "background.npz")]) == 1
    assert "holds no boxes that I can read" in capsys.readouterr().err


def test_where_there_is_no_face_it_is_told(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(CropsError, match="no folders of crops"):
        background.make(background.crops_in(tmp_path), embedder, tmp_path / "background.npz", learn=borrowed)
    with pytest.raises(BackgroundError, match="no faces"):
        background.make([], embedder, tmp_path / "background.npz", learn=borrowed)
