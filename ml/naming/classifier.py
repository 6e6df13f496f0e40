"""Embeddings to names, and how sure they are."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import TypeAdapter

from ml.arrays import DAMAGED, Floats, Ints
from ml.errors import KoredareError

_NAMES = TypeAdapter(tuple[str, ...])
_AT_ONCE: Final = 1024  # faces
ASKED: Final = 0.5  # from here on to the threshold a name is said as a question


class ClassifierError(KoredareError):
    """A classifier file that cannot be read: missing, cut short, or something else altogether."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character that a face may be, and the probability that it is, 0..1.

    `learned`: the pictures that it was learned from since the version that answers, which does not know it; 0: it does.
    """

    name: str
    confidence: float
    learned: int = 0


def called(candidates: Iterable[Candidate], names: Callable[[str], str]) -> tuple[Candidate, ...]:
    """Candidates under other names, the likeliest first; several that get one name are as likely as all together."""
    together: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        together[names(candidate.name)].append(candidate)
    found = (
        Candidate(name, min(1.0, sum(each.confidence for each in same)), min(each.learned for each in same))
        for name, same in together.items()
    )
    return tuple(sorted(found, key=lambda candidate: -candidate.confidence))


def asked(candidates: Sequence[Candidate]) -> str | None:
    """The name to ask for where none is said: the likeliest, if it is likelier right than wrong."""
    return candidates[0].name if candidates and candidates[0].confidence >= ASKED else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How much evidence a name needs.

    Attributes
    ----------
    likeness
        What a face's likeness to strangers (see `likeness`) weighs against the evidence for a character.
    threshold
        Least confidence of the first candidate at which it is said; below it the answer is "unknown".
    """

    likeness: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """Log odds of each character against a stranger, linear in a face's embedding; see `ml.training.calibration`.

    Attributes
    ----------
    names
        The characters, in the order of the columns; unique, never empty.
    weights
        float32, shape (dimensions, len(names)).
    bias
        float32, shape (len(names),).
    crowd
        Strangers' embeddings, float32, shape (m, dimensions), rows of unit length; m may be 0.
    learned
        As `Candidate.learned`, of those characters that no version knows yet; it is not saved.
    """

    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    crowd: Floats
    calibration: Calibration
    learned: Mapping[str, int] = field(default_factory=dict[str, int])

    def logits(self, embeddings: Floats) -> Floats:
        """Log odds, (n, dimensions) to (n, len(names) + 1), float32; a stranger's in the last column."""
        strange = self.calibration.likeness * likeness(embeddings, self.crowd)
        return np.concatenate([embeddings @ self.weights + self.bias, strange[:, None]], axis=1).astype(np.float32)

    def probabilities(self, embeddings: Floats) -> Floats:
        """How probable each character is for each face, knowing that it may be a stranger.

        Parameters
        ----------
        embeddings
            float32, shape (n, dimensions), rows of unit length.

        Returns
        -------
        float32, shape (n, len(names)), 0..1; what a row lacks to 1 is the probability of a stranger.
        """
        return probable(self.logits(embeddings))

    def candidates(self, embeddings: Floats, *, count: int = 5) -> list[tuple[Candidate, ...]]:
        """The likeliest characters of each face, best first, at most `count` of them; embeddings as above."""
        found: list[tuple[Candidate, ...]] = []
        for some in in_turn(embeddings):
            probabilities = self.probabilities(some)
            for row, best in zip(probabilities, _likeliest(probabilities, count), strict=True):
                names = [self.names[int(i)] for i in best]
                told = zip(names, row[best].tolist(), strict=True)
                found.append(tuple(Candidate(name, sure, self.learned.get(name, 0)) for name, sure in told))
        return found

    def decide(self, candidates: Sequence[Candidate], *, caution: float = 1.0) -> str | None:
        """The name to say for a face with these candidates, or None for a stranger.

        `caution`: how many times as high as the threshold's the odds that it is right must be.
        """
        first = candidates[0]
        return first.name if first.confidence >= cautious(self.calibration.threshold, caution) else None

    def save(self, path: Path) -> None:
        """Write the head as an `.npz` without pickled objects."""
        calibration = self.calibration
        np.savez(
            path,
            names=np.array(json.dumps(self.names, ensure_ascii=False)),
            weights=self.weights,
            bias=self.bias,
            crowd=self.crowd.astype(np.float16),
            calibration=np.array([calibration.likeness, calibration.threshold]),
        )

    @classmethod
    def load(cls, path: Path) -> "Classifier | None":
        """Read what `save` wrote; None if it was an older Koredare's, which knew no crowd.

        Raises
        ------
        ClassifierError
            The file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                names = _NAMES.validate_json(str(stored["names"]))
                if "crowd" not in stored:
                    return None
                weights = np.asarray(stored["weights"], np.float32)
                bias = np.asarray(stored["bias"], np.float32)
                crowd = np.asarray(stored["crowd"], np.float32)
                calibration = Calibration(*(float(value) for value in stored["calibration"]))
        except DAMAGED as error:
            raise ClassifierError(f"{path} is not a classifier that I can read ({error}).") from error
        fits = weights.shape[1:] == bias.shape == (len(names),) and crowd.shape[1:] == weights.shape[:1]
        if not names or not fits:
            raise ClassifierError(f"{path} does not fit together: {len(names)} names, weights {weights.shape}.")
        return cls(names, weights, bias, crowd, calibration)


def in_turn(faces: Floats) -> Iterator[Floats]:
    """Some rows after the others: thousands at once, among thousands of characters, would take gigabytes."""
    for start in range(0, len(faces), _AT_ONCE):
        yield faces[start : start + _AT_ONCE]


def _likeliest(probabilities: Floats, count: int) -> Ints:
    """The columns of the highest values of each row, the highest first, at most `count` of them."""
    if probabilities.shape[1] <= count:
        return np.argsort(-probabilities, axis=1, kind="stable")
    some = np.sort(np.argpartition(-probabilities, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(-np.take_along_axis(probabilities, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)


def cautious(confidence: float, caution: float) -> float:
    """The confidence whose odds are so many times as high as this one's."""
    return caution * confidence / (caution * confidence + 1 - confidence)


def likeness(embeddings: Floats, crowd: Floats) -> Floats:
    """How like strangers faces are: the mean cosine with the nearest fiftieth of a crowd; (n, dimensions) to (n,).

    What all faces of a style have in common makes a face more like everybody, known and unknown: against this it
    counts for nothing. Speaker verification normalises scores so, by a cohort.
    """
    if not len(crowd):
        return np.zeros(len(embeddings), np.float32)
    near = max(3, round(len(crowd) / 50))
    nearest = np.partition(embeddings @ crowd.T, -min(near, len(crowd)), axis=1)[:, -near:]
    return np.asarray(nearest.mean(axis=1), np.float32)


def probable(logits: Floats) -> Floats:
    """Probabilities of the characters, from their logits and a stranger's: shape (n, k + 1) to (n, k), float32."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds[:, :-1] / odds.sum(axis=1, keepdims=True), np.float32)
