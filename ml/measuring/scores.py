"""How well a classifier names faces that it did not train on, and how two of them compare on the same faces."""

from dataclasses import dataclass
from math import comb, sqrt
from typing import Final

import numpy as np

from ml.arrays import Bools, Floats
from ml.naming.classifier import Candidate, Classifier, in_turn, probable
from ml.naming.examples import Examples

FEW: Final = 10  # below, one face is more than ten points


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
    def few(self) -> bool:
        """Whether it is of so few that a share in percent would say more than was measured."""
        return self.total < FEW

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
    candidates
        For each acquaintance, the likeliest characters, best first; empty without a classifier.
    said
        For each acquaintance, the name that it was given, or None.
    named_right
        For each acquaintance, bool of shape (n,): it was given its own name.
    spared
        For each acquaintance, bool of shape (n,): it was given no name when its own character was struck out, so
        that it was a stranger, as like the others as they are to one another.
    rejected
        For each stranger of the background, bool of shape (m,): it was given none.
    """

    candidates: tuple[tuple[Candidate, ...], ...]
    said: tuple[str | None, ...]
    named_right: Bools
    spared: Bools
    rejected: Bools


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same faces under two versions, before and after.

    Attributes
    ----------
    before, after
        Faces that each got right.
    lost, gained
        Faces that only the one before, only the one after got right.
    """

    before: Score
    after: Score
    lost: int
    gained: int

    @classmethod
    def of(cls, before: Bools, after: Bools) -> "Comparison":
        """Compare the same faces, bool of shape (n,): got right."""
        total = len(before)
        return cls(
            Score(int(before.sum()), total),
            Score(int(after.sum()), total),
            lost=int((before & ~after).sum()),
            gained=int((~before & after).sum()),
        )

    @property
    def chance(self) -> float:
        """How likely so large a net loss is where neither version is worse, 0..1.

        McNemar's test, exact and one-sided (McNemar 1947): of the faces on which the two differ, each is lost or
        gained like a coin's throw.
        """
        differ = self.lost + self.gained
        return sum(comb(differ, k) for k in range(self.lost, differ + 1)) / 2**differ

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the change of the rate, -1..1: method 10 of Newcombe 1998 for paired differences."""
        n = self.before.total
        if n == 0:
            return -1.0, 1.0
        before, after = self.before.right / n, self.after.right / n
        (low1, high1), (low2, high2) = self.before.interval, self.after.interval
        change, together = after - before, self._together()
        down, up = (after - low2, high1 - before), (high2 - after, before - low1)
        return (
            max(-1.0, change - sqrt(max(0.0, down[0] ** 2 - 2 * together * down[0] * down[1] + down[1] ** 2))),
            min(1.0, change + sqrt(max(0.0, up[0] ** 2 - 2 * together * up[0] * up[1] + up[1] ** 2))),
        )

    def _together(self) -> float:
        """Newcombe's φ: how far the two are right of the same faces, -1..1, with his correction for continuity."""
        n, both = self.before.total, self.before.right - self.lost
        neither = n - both - self.lost - self.gained
        margins = self.before.right * (n - self.before.right) * self.after.right * (n - self.after.right)
        if margins == 0:
            return 0.0
        apart = both * neither - self.lost * self.gained
        return (max(apart - n / 2, 0.0) if apart > 0 else apart) / sqrt(margins)


def measure(classifier: Classifier | None, held_out: Examples, strangers: Floats) -> Measurement:
    """Name every held-out face, acquaintances and strangers; no classifier names nobody.

    `strangers`: their embeddings, float32, shape (m, dimensions), rows of unit length.
    """
    if classifier is None:
        nobody = np.ones(len(held_out), bool)
        none = (None,) * len(held_out)
        return Measurement((), none, ~nobody, nobody, np.ones(len(strangers), bool))
    candidates = tuple(classifier.candidates(held_out.embeddings))
    said = tuple(classifier.decide(each) for each in candidates)
    right = np.array([name == true for name, true in zip(said, held_out.names, strict=True)], bool)
    named = [classifier.decide(each) for each in classifier.candidates(strangers, count=1)]
    rejected = np.array([name is None for name in named], bool)
    return Measurement(candidates, said, right, _spared(classifier, held_out), rejected)


def _spared(classifier: Classifier, held_out: Examples) -> Bools:
    column = {name: i for i, name in enumerate(classifier.names)}
    if len(column) == 1:
        return np.ones(len(held_out), bool)  # without her there is nobody to take her for
    own = iter([column.get(name) for name in held_out.names])
    spared: list[Bools] = []
    for some in in_turn(held_out.embeddings):
        logits = classifier.logits(some)
        for row, mine in zip(logits, own, strict=False):
            if mine is not None:
                row[mine] = -np.inf
        spared.append(probable(logits).max(axis=1) < classifier.calibration.threshold)
    return np.concatenate([np.zeros(0, bool), *spared])
