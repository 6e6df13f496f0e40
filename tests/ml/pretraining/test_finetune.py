"""Fine-tuning learns, is repeatable, and survives being killed."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ml.pretraining import crops, curves, finetune, weights, whitening
from ml.pretraining.checkpoint import CheckpointError
from ml.pretraining.crops import Crops
from ml.pretraining.finetune import FinetuneError, Recipe
from tests.ml.pretraining.conftest import Twice

RECIPE = Recipe(epochs=4, batch=8, size=32, every=3)


@pytest.fixture
def learned(faces: Path) -> Crops:
    return crops.read(faces)


def lines(folder: Path) -> list[dict[str, Any]]:
    """The log, without what the clock said."""
    parsed = [json.loads(line) for line in (folder / finetune.LOG).read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "seconds_a_step"} for line in parsed]


def test_a_killed_run_ends_as_one_that_was_not(learned: Crops, shipped: weights.Arrays, twice: Twice) -> None:
    uninterrupted, resumed = twice(lambda to: finetune.run(learned, to, start=shipped, recipe=RECIPE, held=learned), 6)
    whole, killed = uninterrupted.parent, resumed.parent

    one, other = weights.read(uninterrupted), weights.read(resumed)
    (one, of_one), (other, of_other) = whitening.parted(one), whitening.parted(other)
    assert one.keys() == other.keys() == shipped.keys()
    for name, array in one.items():
        np.testing.assert_allclose(array, other[name], rtol=1e-3, atol=1e-4, err_msg=name)
    assert of_one is not None
    assert of_other is not None
    assert of_one.matrix.shape == of_other.matrix.shape == (928, 512)
    assert [line["step"] for line in lines(killed)] == [line["step"] for line in lines(whole)]
    assert [line["loss"] for line in lines(killed) if "loss" in line] == pytest.approx(
        [line["loss"] for line in lines(whole) if "loss" in line], abs=1e-3
    )
    assert all(0 <= line["held_out"] <= 1 for line in lines(whole) if "held_out" in line)
    assert any(not np.array_equal(array, shipped[name]) for name, array in one.items())


def test_another_recipe_does_not_go_on_with_a_run(tmp_path: Path, learned: Crops, shipped: weights.Arrays) -> None:
    of_another = {"identity": np.array("another run"), "step": np.array(3)}
    weights.write(tmp_path / finetune.CHECKPOINT, of_another)
    with pytest.raises(CheckpointError, match="other settings or crops"):
        finetune.run(learned, tmp_path, start=shipped, recipe=RECIPE)


def test_too_few_crops_are_told(tmp_path: Path, learned: Crops, shipped: weights.Arrays) -> None:
    with pytest.raises(FinetuneError, match="24 crops of 3 characters are too few"):
        finetune.run(learned, tmp_path / "run", start=shipped, recipe=Recipe(batch=96))


def test_the_curves_of_a_run_are_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="curves are drawn by matplotlib, of the extra `pretrain`")
    log = [{"step": i, "epoch": i / 4, "loss": 5 - i, "accuracy": i / 5} for i in range(5)]
    log.insert(4, {"step": 4, "epoch": 1, "held_out": 0.8})
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in log))
    curves.draw(tmp_path / "log.jsonl", tmp_path / "curves.png")
    picture = cv2.imread(str(tmp_path / "curves.png"))
    assert picture is not None
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10
