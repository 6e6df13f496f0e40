"""What each step of fine-tuning learns from: crops in an order and with variations that follow from the seed alone."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.pictures.reading import Picture
from ml.pretraining.augmentation import vary
from ml.pretraining.crops import Crops
from ml.pretraining.objective import targets

# Turned to these hues, in degrees, a character is another one: few were drawn, and the network must not lean on the
# colours that just these wear.
HUES: Final = (0.0, 90.0, 180.0, 270.0)
_AS_DRAWN: Final = 0.4  # share of the crops that keep their colours

Batch = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Batches:
    """All batches of a run; any of them can be made at any time, by any thread, and comes out the same.

    Attributes
    ----------
    size
        Side of the varied crops, pixels.
    margin
        Of the loss; the batches of the first half of the run have a smaller one.
    """

    crops: Crops
    epochs: int
    batch: int
    size: int
    margin: float
    seed: int

    @property
    def classes(self) -> int:
        """How many the labels tell apart: every character in every hue."""
        return len(self.crops.names) * len(HUES)

    def __len__(self) -> int:
        return self.epochs * self.in_epoch

    @property
    def in_epoch(self) -> int:
        """So many batches hold as many crops as there are."""
        return len(self.crops) // self.batch

    def margin_at(self, step: int) -> float:
        """The margin of this step's batch."""
        return self.margin * min(1.0, 2 * step / len(self))

    def __getitem__(self, step: int) -> Batch:
        """Pixels, float32, 0..255, shape (batch, size, size, 3), and `targets`."""
        # A character comes as often as the square root of its crops: 330 of one must not drown 3 of another.
        share = 1 / np.sqrt(np.bincount(self.crops.labels))[self.crops.labels]
        rng = np.random.default_rng([self.seed, step])
        chosen = rng.choice(len(self.crops), self.batch, replace=False, p=share / share.sum())
        pixels, labels = zip(*(self._varied(int(i), step) for i in chosen), strict=True)
        return np.stack(pixels).astype(np.float32), targets(np.array(labels), self.margin_at(step))

    def _varied(self, crop: int, step: int) -> tuple[Picture, int]:
        rng = np.random.default_rng([self.seed, step, crop])
        turn = 0 if rng.random() < _AS_DRAWN else int(rng.integers(1, len(HUES)))
        pixels = vary(self.crops.picture(crop), rng, size=self.size, hue=HUES[turn])
        return pixels, int(self.crops.labels[crop]) + turn * len(self.crops.names)

    def since(self, step: int, *, workers: int) -> Iterator[tuple[int, Batch]]:
        """The batches from this step on, each with its step; `workers` threads prepare the next ones meanwhile."""
        with ThreadPoolExecutor(workers) as pool:
            waiting: deque[Future[Batch]] = deque()
            ahead = step
            for current in range(step, len(self)):
                while ahead < min(current + workers + 1, len(self)):
                    waiting.append(pool.submit(self.__getitem__, ahead))
                    ahead += 1
                yield current, waiting.popleft().result()
