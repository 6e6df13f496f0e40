"""A scout learns from scenes, survives being killed, and what comes of it is one that runs."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.faces.face import Box
from ml.faces.scout import Scout
from ml.pretraining import crops, scout, weights
from ml.pretraining.backdrops import Places
from ml.pretraining.crops import Crops
from ml.pretraining.scenes import Placed, Scene, Scenes, targets
from tests.ml.pretraining.conftest import Twice

RECIPE = scout.Recipe(steps=4, batch=2, size=64, painted=1, every=2)


@pytest.fixture
def learned(faces: Path) -> Crops:
    return crops.read(faces)


def test_a_killed_run_ends_as_one_that_was_not_and_runs(
    tmp_path: Path, learned: Crops, shipped: weights.Arrays, twice: Twice
) -> None:
    uninterrupted, resumed = twice(lambda to: scout.run(learned, to, start=shipped, recipe=RECIPE), 2)
    one, other = weights.read(uninterrupted), weights.read(resumed)
    assert one.keys() == other.keys()
    assert all(np.allclose(array, other[name], atol=2e-3) for name, array in one.items())
    assert [json.loads(line)["step"] for line in resumed.with_name("log.jsonl").read_text().splitlines()] == [2, 4]

    path = tmp_path / "scout.tflite"
    path.write_bytes(scout.to_tflite(one, size=64, painted=1))
    assert Scout(path).size == 64


def test_scenes_follow_from_their_number_and_bear_faces(learned: Crops) -> None:
    scenes = Scenes(learned, [Box(12, 12, 40, 40)] * len(learned), Places.paint(1), 128, 0)
    made = [scenes[number] for number in range(24)]
    assert all(scene.picture.shape == (128, 128, 3) for scene in made)
    assert np.array_equal(made[5].picture, scenes[5].picture)
    assert 0 < sum(bool(scene.faces) for scene in made) < len(made)


def test_what_is_wanted_of_a_scene_is_hottest_in_the_cell_of_a_faces_middle() -> None:
    scene = Scene(np.zeros((128, 128, 3), np.uint8), [Placed(50.0, 75.0, 64.0, 22.5), Placed(100.0, 20.0, 5.0, 0.0)])
    wanted = targets(scene)
    assert np.argwhere(wanted[..., 0] == 1.0).tolist() == [[9, 6]]
    across, down, size, angle, counts = wanted[9, 6, 2:]
    assert (across, down) == pytest.approx((50 / 8 - 6.5, 75 / 8 - 9.5))
    assert (size, angle, counts) == pytest.approx((1.0, 0.5, 1.0))
    assert wanted[2, 12, 1] == 0.0  # too small a face is neither wanted nor unwanted
