"""How well a classifier names faces that it did not train on, and whether another one does it worse."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from ml.classifier import Classifier, Floats
from ml.training import Examples

# A net loss of up to this share of the faces measured (and always of one) is noise, not harm.
TOLERANCE = 0.03


@dataclass(frozen=True, slots=True)
class Score:
    """So many right of so many."""

    right: int
    total: int

    @property
    def rate(self) -> float | None:
        """0..1, or None where nothing was measured."""
        return self.right / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the rate, after Wilson 1927; (0, 1) where nothing was measured."""
        if self.total == 0:
            return 0.0, 1.0
        z, n, p = 1.96, self.total, self.right / self.total
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a classifier made of held-out faces.

    Attributes
    ----------
    named_right
        For each acquaintance, bool of shape (n,): it was given its own name.
    rejected
        For each stranger, bool of shape (m,): it was given none.
    """

    named_right: npt.NDArray[np.bool_]
    rejected: npt.NDArray[np.bool_]

    @property
    def naming(self) -> Score:
        """Acquaintances named rightly."""
        return Score(int(self.named_right.sum()), len(self.named_right))

    @property
    def strangers(self) -> Score:
        """Strangers left unnamed."""
        return Score(int(self.rejected.sum()), len(self.rejected))


def measure(classifier: Classifier | None, held_out: Examples, strangers: Floats) -> Measurement:
    """Name every held-out face, acquaintances and strangers; no classifier names nobody."""
    if classifier is None:
        return Measurement(np.zeros(len(held_out), bool), np.ones(len(strangers), bool))
    said = [classifier.decide(candidates) for candidates in classifier.candidates(held_out.embeddings)]
    right = np.array([name == true for name, true in zip(said, held_out.names, strict=True)], bool)
    named = [classifier.decide(candidates) for candidates in classifier.candidates(strangers)]
    return Measurement(right, np.array([name is None for name in named], bool))


def is_worse(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_]) -> bool:
    """Whether the same faces (bool, shape (n,): got right) came out worse by more than noise.

    Paired: only faces on which the two differ count; the net loss may reach `TOLERANCE` of the faces, or one face.
    """
    lost = int((before & ~after).sum()) - int((~before & after).sum())
    return lost > max(1.0, TOLERANCE * len(before))
