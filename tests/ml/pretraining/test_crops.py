"""What fine-tuning reads: folders of crops, without repetitions, and the batches made of them."""

import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.pictures import duplicates
from ml.pretraining import crops
from ml.pretraining.augmentation import vary
from ml.pretraining.batches import Batches
from ml.pretraining.crops import CropsError


def test_every_folder_is_a_character(faces: Path) -> None:
    read = crops.read(faces)
    assert read.names == ("maki", "riko", "umi")
    assert np.bincount(read.labels).tolist() == [8, 8, 8]
    assert read.picture(0).shape == (64, 64, 3)


def test_excluded_characters_are_kept_apart_whole(faces: Path) -> None:
    read = crops.read(faces)
    learned, held = read.split(["ma*", "umi"])
    assert (learned.names, held.names) == (("riko",), ("maki", "umi"))
    assert learned.labels.tolist() == [0] * 8
    assert held.labels.tolist() == [0] * 8 + [1] * 8
    assert learned.files == read.files[8:16]
    assert held.files == read.files[:8] + read.files[16:]


def test_no_crop_is_learned_and_held_out(faces: Path) -> None:
    shutil.copy(faces / "maki" / "2.png", faces / "umi" / "again.png")
    learned, held = crops.read(faces).split(["umi"])
    assert (len(learned), len(held)) == (16, 8)


def test_no_character_has_more_crops_than_the_limit(faces: Path) -> None:
    assert np.bincount(crops.read(faces, limit=3).labels).tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    "alter",
    [
        lambda picture: picture,
        lambda picture: picture[:, ::-1],
        lambda picture: cv2.resize(picture, (128, 128), interpolation=cv2.INTER_CUBIC),
        lambda picture: (picture * 0.7 + 20).astype(np.uint8),
    ],
    ids=["copied", "mirrored", "enlarged", "paler"],
)
def test_a_crop_that_comes_again_is_read_once(faces: Path, alter: Any) -> None:
    again = alter(cv2.imread(str(faces / "maki" / "2.png")))
    assert cv2.imwrite(str(faces / "umi" / "again.jpg"), again, [cv2.IMWRITE_JPEG_QUALITY, 60])
    read = crops.read(faces)
    assert (len(read), read.repeated) == (24, 1)


def test_different_pictures_are_no_repetitions(scribble: Any) -> None:
    assert duplicates.distinct([duplicates.look(scribble(seed)) for seed in range(60)]) == list(range(60))


def test_a_file_that_is_no_picture_is_told(faces: Path) -> None:
    (faces / "riko" / "notes.jpg").write_text("not a picture")
    with pytest.raises(CropsError, match=r"notes\.jpg is no picture"):
        crops.read(faces)


def test_a_folder_without_characters_is_told(tmp_path: Path) -> None:
    with pytest.raises(CropsError, match="holds no folders of crops"):
        crops.read(tmp_path)


def test_a_batch_is_the_same_whenever_it_is_made(faces: Path) -> None:
    batches = Batches(crops.read(faces), epochs=3, batch=5, size=32, margin=0.25, seed=7)
    assert (len(batches), batches.in_epoch) == (12, 4)
    in_turn = dict(batches.since(0, workers=3))
    late = dict(batches.since(9, workers=1))
    assert list(in_turn) == list(range(12))
    assert list(late) == [9, 10, 11]
    for step in late:
        np.testing.assert_array_equal(in_turn[step][0], late[step][0])
        np.testing.assert_array_equal(in_turn[step][1], late[step][1])


def test_no_two_epochs_show_a_crop_alike(faces: Path) -> None:
    batches = Batches(crops.read(faces), epochs=2, batch=24, size=32, margin=0.25, seed=7)
    (first, of_first), (second, of_second) = batches[0], batches[1]
    # 24 crops of three characters, in whatever hue each comes.
    assert sorted(of_first[:, 0] % 3) == sorted(of_second[:, 0] % 3)
    assert not any((one == other).all() for one in first for other in second)


def test_a_character_with_few_crops_is_not_drowned(tmp_path: Path, scribble: Any) -> None:
    for name, count in (("many", 64), ("few", 4)):
        (tmp_path / name).mkdir()
        for seed in range(count):
            assert cv2.imwrite(str(tmp_path / name / f"{seed}.png"), scribble(seed + 100 * count))
    batches = Batches(crops.read(tmp_path), epochs=30, batch=4, size=32, margin=0.25, seed=0)
    of_few = sum(int((batches[step][1][:, 0] % 2 == 0).sum()) for step in range(200))
    assert 0.14 < of_few / 800 < 0.26  # 2 to 8, as the roots, and not 4 to 64


def test_the_margin_grows_over_the_first_half(faces: Path) -> None:
    batches = Batches(crops.read(faces), epochs=2, batch=6, size=32, margin=0.25, seed=0)
    grown = [float(batches[step][1][0, 1]) for step in range(len(batches))]
    assert grown[0] == 0
    assert grown == sorted(grown)
    assert grown[len(batches) // 2 :] == [0.25] * 4


@settings(max_examples=50, deadline=None)
@given(height=st.integers(1, 200), width=st.integers(1, 200), seed=st.integers(0, 2**32))
def test_any_crop_can_be_varied(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    varied = vary(rng.integers(0, 256, (height, width, 3), np.uint8), rng, size=48)
    assert (varied.shape, varied.dtype) == ((48, 48, 3), np.uint8)
