"""Faces as vectors."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.errors import KoredareError
from ml.naming import backbones
from ml.naming.backbones import Backbone, BackboneError, Choice
from ml.naming.embedder import Embedder, EmbedderError
from ml.pictures.reading import Picture
from ml.recognizer import Recognizer, RecognizerSettings

SHIPPED = Path(__file__).parents[3] / "models" / "embedder.tflite"
SHADE = st.integers(0, 255)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(SHIPPED)


def face(*, hair: tuple[int, int, int], eyes: tuple[int, int, int], size: int = 160, lean: int = 0) -> Picture:
    """A crude face in flat colours."""
    picture = np.full((160, 160, 3), (200, 225, 240), np.uint8)
    cv2.ellipse(picture, (80 + lean, 80), (72, 74), 0, 0, 360, hair, -1)
    cv2.ellipse(picture, (80 + lean, 92), (50, 54), 0, 0, 360, (255, 226, 205), -1)
    cv2.ellipse(picture, (80 + lean, 56), (54, 30), 0, 180, 360, hair, -1)
    for x in (58 + lean, 102 + lean):
        cv2.ellipse(picture, (x, 92), (13, 18), 0, 0, 360, eyes, -1)
        cv2.circle(picture, (x - 4, 86), 4, (255, 255, 255), -1)
    cv2.ellipse(picture, (80 + lean, 126), (9, 4), 0, 0, 180, (190, 70, 80), 2)
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def test_two_drawings_of_one_character_are_closer_than_drawings_of_two(embedder: Embedder) -> None:
    riko = face(hair=(120, 30, 50), eyes=(230, 180, 40))
    again = face(hair=(130, 40, 55), eyes=(225, 170, 50), lean=6, size=140)
    maki = face(hair=(40, 60, 160), eyes=(120, 60, 170))
    first, second, other = embedder.embed([riko, again, maki])
    assert first @ second > first @ other + 0.1


def test_vectors_have_unit_length_and_the_promised_shape(embedder: Embedder) -> None:
    crops = [face(hair=(20, 20, 20), eyes=(200, 30, 30), size=size) for size in (40, 112, 300)]
    vectors = embedder.embed(crops)
    assert vectors.shape == (3, embedder.dimensions) == (3, 512)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_crops_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 512)


def test_a_mirrored_face_is_nearly_the_same_face(embedder: Embedder) -> None:
    crop = face(hair=(200, 120, 40), eyes=(30, 130, 60), lean=20)
    as_it_is, mirrored = embedder.embed([crop, np.ascontiguousarray(crop[:, ::-1])])
    assert as_it_is @ mirrored > 0.9


def test_a_face_in_another_size_is_nearly_the_same_face(embedder: Embedder) -> None:
    hair, eyes = (60, 150, 90), (150, 60, 30)
    small, large = embedder.embed([face(hair=hair, eyes=eyes, size=size) for size in (112, 448)])
    assert small @ large > 0.95


def test_of_a_wide_crop_the_middle_counts(embedder: Embedder) -> None:
    square = face(hair=(90, 60, 150), eyes=(40, 160, 160))
    wide = cv2.copyMakeBorder(square, 0, 0, 50, 50, cv2.BORDER_CONSTANT, value=(0, 255, 0))
    of_square, of_wide = embedder.embed([square, np.asarray(wide, np.uint8)])
    np.testing.assert_array_equal(of_square, of_wide)


def test_company_does_not_change_a_vector(embedder: Embedder) -> None:
    crop, other = face(hair=(10, 10, 10), eyes=(200, 0, 0)), face(hair=(250, 250, 250), eyes=(0, 0, 200))
    np.testing.assert_array_equal(embedder.embed([other, crop])[1], embedder.embed([crop])[0])


@settings(max_examples=15, deadline=None)
@given(shade=st.tuples(SHADE, SHADE, SHADE), height=st.integers(1, 300), width=st.integers(1, 300))
def test_whatever_is_in_a_crop_the_vector_has_unit_length(shade: tuple[int, int, int], height: int, width: int) -> None:
    vector = Embedder(SHIPPED).embed([np.full((height, width, 3), shade, np.uint8)])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "crop",
    [np.zeros((0, 10, 3), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 10, 3), np.float32)],
    ids=["empty", "grey", "float"],
)
def test_what_is_no_crop_is_refused(embedder: Embedder, crop: Picture) -> None:
    with pytest.raises(ValueError, match="a crop must be RGB"):
        embedder.embed([crop])


def test_the_fingerprint_is_the_files_sha256(embedder: Embedder) -> None:
    assert embedder.fingerprint == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_the_model_card_names_the_file_that_ships(embedder: Embedder) -> None:
    assert embedder.fingerprint in (SHIPPED.with_name("README.md")).read_text()
    assert SHIPPED.stat().st_size <= 8_000_000


def test_what_ships_is_known_by_its_hash_and_refused_where_it_is_altered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbones.check(backbones.SHIPPED)
    copy = Backbone.of("koredare", Path(shutil.copytree(SHIPPED.parent, tmp_path / "models")))
    monkeypatch.setattr(backbones, "SHIPPED", copy)
    Recognizer(RecognizerSettings(backbone=copy))
    for path in (copy.embedder, copy.background, copy.verifier, copy.folder / "scout.tflite"):
        whole = path.read_bytes()
        path.write_bytes(whole[:1000] + b"?" + whole[1001:])
        with pytest.raises(BackboneError, match=f"{path.name} was altered"):
            Recognizer(RecognizerSettings(backbone=copy))
        path.unlink()
        with pytest.raises(BackboneError, match="take it from the project again"):
            backbones.resolve(Choice(), home=tmp_path)
        path.write_bytes(whole)


@pytest.mark.parametrize("damage", [b"", b"\x80\x04junk", None])
def test_what_ships_is_not_taken_for_whole_where_its_hashes_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    copy = Backbone.of("koredare", Path(shutil.copytree(SHIPPED.parent, tmp_path / "models")))
    monkeypatch.setattr(backbones, "SHIPPED", copy)
    sums = copy.folder / backbones.SUMS
    whole = sums.read_text().splitlines(keepends=True)
    sums.write_bytes("".join(whole[1:]).encode() if damage is None else damage)
    with pytest.raises(BackboneError, match="SHA256SUMS was altered"):
        backbones.resolve(Choice(), home=tmp_path)


def test_a_missing_embedder_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"nowhere\.tflite cannot be read .* ml\.pretraining export"):
        Embedder(tmp_path / "nowhere.tflite")


@pytest.mark.parametrize("part", [0.0, 0.00001, 0.01, 0.5, 0.999999])
def test_a_truncated_embedder_is_refused(tmp_path: Path, part: float) -> None:
    whole = SHIPPED.read_bytes()
    damaged = tmp_path / "embedder.tflite"
    damaged.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(EmbedderError, match="is damaged, or is no embedder") as refusal:
        Embedder(damaged)
    assert isinstance(refusal.value, KoredareError)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    alien = tmp_path / "embedder.tflite"
    alien.write_text("I am a text.\n" * 1000)
    with pytest.raises(EmbedderError, match="is no embedder"):
        Embedder(alien)


def test_it_runs_without_tensorflow() -> None:
    heavy = ("tensorflow", "keras", "torch")
    program = f"import sys, ml.naming.embedder; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=SHIPPED.parents[1]).returncode == 0
