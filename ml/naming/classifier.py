"""Embeddings to names: a softmax head, and how sure it is."""

import json
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from ml.errors import KoredareError

Floats = npt.NDArray[np.float32]

_NAMES = TypeAdapter(tuple[str, ...])
# What damaged files raise on their way through zipfile and NumPy.
_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    MemoryError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class ClassifierError(KoredareError):
    """A classifier file that cannot be read: missing, cut short, or something else altogether."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character that a face may be, and the probability that it is, 0..1."""

    name: str
    confidence: float


def called(candidates: Iterable[Candidate], names: Callable[[str], str]) -> tuple[Candidate, ...]:
    """Candidates under other names, the likeliest first; several that get one name are as likely as all together."""
    together: defaultdict[str, float] = defaultdict(float)
    for candidate in candidates:
        together[names(candidate.name)] += candidate.confidence
    found = (Candidate(name, min(1.0, confidence)) for name, confidence in together.items())
    return tuple(sorted(found, key=lambda candidate: -candidate.confidence))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits into probabilities; fitted on faces that the head did not train on.

    Attributes
    ----------
    temperature
        Divides the logits before the softmax (Guo et al. 2017).
    slope, offset
        P(the face is of a character we know) = sigmoid(slope · evidence + offset), after Platt 1999; see `evidence`.
    threshold
        Least confidence of the first candidate at which it is said; below it the answer is "unknown".
    """

    temperature: float
    slope: float
    offset: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear softmax head over embeddings, with a background class for strangers.

    Attributes
    ----------
    names
        The characters, in the order of the head's columns; unique, never empty.
    weights
        float32, shape (dimensions, len(names) + 1); the last column is the background.
    bias
        float32, shape (len(names) + 1,).
    """

    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    calibration: Calibration

    def logits(self, embeddings: Floats) -> Floats:
        """Raw scores, float32, shape (n, len(names) + 1), of embeddings of shape (n, dimensions)."""
        return embeddings @ self.weights + self.bias

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
        return calibrated(self.logits(embeddings), self.calibration)

    def candidates(self, embeddings: Floats, *, count: int = 5) -> list[tuple[Candidate, ...]]:
        """The likeliest characters of each face, best first, at most `count` of them."""
        probabilities = self.probabilities(embeddings)
        order: npt.NDArray[np.intp] = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
        return [
            tuple(Candidate(self.names[int(i)], float(row[i])) for i in best)
            for row, best in zip(probabilities, order, strict=True)
        ]

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
            calibration=np.array(
                [calibration.temperature, calibration.slope, calibration.offset, calibration.threshold]
            ),
        )

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Read what `save` wrote.

        Raises
        ------
        ClassifierError
            The file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                names = _NAMES.validate_json(str(stored["names"]))
                weights = np.asarray(stored["weights"], np.float32)
                bias = np.asarray(stored["bias"], np.float32)
                calibration = Calibration(*(float(value) for value in stored["calibration"]))
        except _BROKEN as error:
            raise ClassifierError(f"{path} is not a classifier that I can read ({error}).") from error
        if not names or weights.ndim != 2 or weights.shape[1] != len(names) + 1 or bias.shape != (len(names) + 1,):
            raise ClassifierError(f"{path} does not fit together: {len(names)} names, weights {weights.shape}.")
        return cls(names, weights, bias, calibration)


def cautious(confidence: float, caution: float) -> float:
    """The confidence whose odds are so many times as high as this one's."""
    return caution * confidence / (caution * confidence + 1 - confidence)


def evidence(logits: Floats) -> Floats:
    """How much speaks for each row's best character: its logit; shape (n, k + 1) to (n,).

    Of what was tried to tell strangers by, the largest logit did best: the distance to the background's or to the
    other characters' tells one kind of stranger better and the other worse (docs/measurements.md).
    """
    return logits[:, :-1].max(axis=1)


def calibrated(logits: Floats, calibration: Calibration) -> Floats:
    """P(character) = P(a character we know) · P(this one, among those we know); see `Classifier.probabilities`."""
    scaled = logits[:, :-1] / calibration.temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    among_known = scaled / scaled.sum(axis=1, keepdims=True)
    z = np.clip(calibration.slope * evidence(logits) + calibration.offset, -30, 30)
    return (among_known / (1 + np.exp(-z))[:, None]).astype(np.float32)
