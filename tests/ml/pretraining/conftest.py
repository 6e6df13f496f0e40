"""What the tests of pretraining share: the weights that ship, the network with them, and crops of three characters."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ml.pictures.reading import Picture
from ml.pretraining import checkpoint, network, weights, whitening
from ml.pretraining.finetune import LOG
from ml.pretraining.whitening import Whitening

Scribble = Callable[[int], Picture]
Run = Callable[[Path], Path]
Twice = Callable[[Run, int], tuple[Path, Path]]


@pytest.fixture(scope="session")
def stored() -> tuple[weights.Arrays, Whitening | None]:
    """What ships: the network's weights and the whitening of its features."""
    return whitening.parted(weights.read(Path(__file__).parents[3] / "models" / "embedder.npz"))


@pytest.fixture(scope="session")
def shipped(stored: tuple[weights.Arrays, Whitening | None]) -> weights.Arrays:
    """The weights that ship."""
    return stored[0]


@pytest.fixture(scope="session")
def whitened(stored: tuple[weights.Arrays, Whitening | None]) -> Whitening:
    """The whitening that ships."""
    assert stored[1] is not None
    return stored[1]


@pytest.fixture(scope="session")
def built(shipped: weights.Arrays) -> Any:
    """The network with the weights that ship; not to be changed."""
    model = network.build()
    weights.put_into(model, shipped)
    return model


@pytest.fixture(scope="session")
def scribble() -> Scribble:
    """Gives a picture of some blots for each seed, 64 × 64."""

    def draw(seed: int) -> Picture:
        rng = np.random.default_rng(seed)
        picture = np.full((64, 64, 3), rng.integers(0, 256, 3), np.uint8)
        for _ in range(12):
            centre, colour = rng.integers(0, 64, 2), rng.integers(0, 256, 3)
            cv2.circle(picture, centre.tolist(), int(rng.integers(4, 16)), colour.tolist(), -1)
        return picture

    return draw


@pytest.fixture
def faces(tmp_path: Path, scribble: Scribble) -> Path:
    """A folder with eight crops each of three characters, all different."""
    folder = tmp_path / "faces"
    for number, name in enumerate(["maki", "riko", "umi"]):
        (folder / name).mkdir(parents=True)
        for i in range(8):
            assert cv2.imwrite(str(folder / name / f"{i}.png"), scribble(100 * number + i))
    return folder


@pytest.fixture
def twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Twice:
    """Lets a run (folder to result) go to its end in `whole`, and in `killed` go on from what lay there when it was
    killed some time after a step's checkpoint; gives both results."""

    def run_twice(run: Run, step: int) -> tuple[Path, Path]:
        whole, killed = tmp_path / "whole", tmp_path / "killed"
        save = checkpoint.save

        def save_aside(path: Path, model: Any, **saved: Any) -> None:
            save(path, model, **saved)
            if saved["step"] == step:
                shutil.copytree(whole, killed)
                with (killed / LOG).open("a") as log:  # what it did after its last checkpoint
                    log.write(json.dumps({"step": step + 1, "epoch": 3.0, "loss": 99.0, "seconds_a_step": 1.0}) + "\n")

        with monkeypatch.context() as patched:
            patched.setattr(checkpoint, "save", save_aside)
            uninterrupted = run(whole)
        return uninterrupted, run(killed)

    return run_twice
