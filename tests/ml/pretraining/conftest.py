"""What the tests of pretraining share: the weights that ship, the network with them, and crops of three characters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ml.pictures.reading import Picture
from ml.pretraining import network, weights, whitening
from ml.pretraining.whitening import Whitening

Scribble = Callable[[int], Picture]


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
