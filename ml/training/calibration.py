"""How sure to be: what evidence is worth, learned from thousands of simulated servers, and looked up in each real one.

The log odds that a face is of a character and not of a stranger are a weighted sum of what is known when it is named
(`FEATURES`). The weights ship with the embedder. How alike a character's own examples are is what a face of hers, left
out, has to say of the others; it enters shrunk towards what is usual, as if some examples more had said the usual.

Whoever's examples differ has a short mean, and all cosines are with that mean as it is: so what a face's likeness is
worth does not depend on the number of examples, only how surely it is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ml.arrays import Floats, Ints
from ml.naming.classifier import Calibration, Classifier, likeness
from ml.naming.examples import Examples
from ml.training.heads import Heads

FALSE_ACCEPT_RATE: Final = 0.05

FEATURES: Final = (
    "constant",
    "similarity",  # mean cosine with the character's examples
    "logit",  # of the softmax head
    "strangers",  # how like strangers the face is
    "few",  # one part in so many examples
    "own",  # mean cosine of two of the character's examples
    "twin",  # mean cosine of her examples with those of the most similar other character
    "known",  # logarithm of the number of characters
)
_COSINES: Final = ("similarity", "strangers", "own", "twin")
_ROWS: Final = 1024  # characters at a time: of all with all, 10,000 would take 400 MB
_USUAL_WEIGHT: Final = 8  # so many examples more say of every character what is usual


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was learned of how sure to be, for one embedder.

    Attributes
    ----------
    weights
        For each of `FEATURES`.
    untrained
        The same for characters that no softmax head was trained on: nothing for "logit".
    threshold
        Confidence from which a name is said, chosen so that about `FALSE_ACCEPT_RATE` of the strangers are given one.
    alike
        Mean and standard deviation of the cosine of two strangers.
    own
        Mean cosine of two faces of one character.
    """

    weights: Mapping[str, float]
    untrained: Mapping[str, float]
    threshold: float
    alike: tuple[float, float]
    own: float

    def for_another(self, crowd: Floats) -> "Evidence":
        """The same for an embedder that only has a crowd of strangers: its cosines, read on this one's scale.

        Parameters
        ----------
        crowd
            float32, shape (m, dimensions), rows of unit length.
        """
        mean, spread = alike(crowd)
        scale = self.alike[1] / max(spread, 1e-6)
        shift = self.alike[0] - scale * mean

        def read(weights: Mapping[str, float]) -> Mapping[str, float]:
            scaled = {name: weight * (scale if name in _COSINES else 1) for name, weight in weights.items()}
            return scaled | {"constant": weights["constant"] + shift * sum(weights[name] for name in _COSINES)}

        return replace(
            self,
            weights=read(self.weights),
            untrained=read(self.untrained),
            alike=(mean, spread),
            own=(self.own - shift) / scale,
        )


def alike(crowd: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of all pairs of a crowd, whose rows have unit length."""
    cosines = (crowd @ crowd.T)[~np.eye(len(crowd), dtype=bool)]
    return float(cosines.mean()), float(cosines.std())


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """What a server's examples say of its characters, k of them.

    Attributes
    ----------
    means
        Of their examples, float32, shape (k, dimensions); shorter than 1.
    constant
        Of `FEATURES`, those that do not depend on the face: float32, shape (k,) each.
    """

    means: Floats
    constant: Mapping[str, Floats]

    @classmethod
    def of(cls, faces: Floats, labels: Ints, *, own: float) -> "Acquaintances":
        """Look at examples.

        Parameters
        ----------
        faces
            float32, shape (n, dimensions), rows of unit length.
        labels
            Shape (n,), 0..k - 1.
        own
            Mean cosine of two faces of one character, where nothing is known of her.
        """
        count = np.bincount(labels)
        means = np.zeros((len(count), faces.shape[1]), np.float32)
        np.add.at(means, labels, faces)
        means /= count[:, None]
        itself, twin = _likest(means)
        pairs = (count * itself - 1) / np.maximum(count - 1, 1)  # mean cosine of two different ones
        weight = count * (count > 1)
        constant = {
            "constant": np.ones(len(count)),
            "few": 1 / count,
            "own": (weight * pairs + _USUAL_WEIGHT * own) / (weight + _USUAL_WEIGHT),
            "twin": twin,
            "known": np.full(len(count), np.log(len(count))),
        }
        return cls(means, {name: np.asarray(value, np.float32) for name, value in constant.items()})

    def features(self, faces: Floats, logits: Floats, crowd: Floats) -> Floats:
        """All `FEATURES` of each face with each character, float32, shape (n, k, len(FEATURES)).

        `logits`: the head's, shape (n, k).
        """
        strange = np.repeat(likeness(faces, crowd)[:, None], len(self.means), axis=1)
        known = {name: np.broadcast_to(value, strange.shape) for name, value in self.constant.items()}
        known |= {"similarity": faces @ self.means.T, "logit": logits, "strangers": strange}
        return np.stack([known[name] for name in FEATURES], axis=2).astype(np.float32)


def _likest(means: Floats) -> tuple[Floats, Floats]:
    """How like each is to itself and to the likest other one (0 if there is none), float32, shape (k,) each."""
    itself, twin = np.empty(len(means), np.float32), np.zeros(len(means), np.float32)
    for start in range(0, len(means), _ROWS):
        some = means[start : start + _ROWS]
        like, diagonal = some @ means.T, np.arange(len(some))
        itself[start : start + _ROWS] = like[diagonal, start + diagonal]
        like[diagonal, start + diagonal] = -1
        if len(means) > 1:
            twin[start : start + _ROWS] = like.max(axis=1)
    return itself, twin


def classifier(examples: Examples, head: Heads, crowd: Floats, evidence: Evidence) -> Classifier:
    """Put the evidence together, as a linear function of the face and its likeness to the crowd.

    Parameters
    ----------
    head
        One; its last column, the background's, is not looked at.
    crowd
        Of strangers: float32, shape (m, dimensions), rows of unit length.
    """
    names = tuple(sorted(set(examples.names)))
    column = {name: i for i, name in enumerate(names)}
    labels = np.array([column[name] for name in examples.names], np.intp)
    known = Acquaintances.of(examples.embeddings, labels, own=evidence.own)
    w = evidence.weights
    weights = w["similarity"] * known.means.T + w["logit"] * head.weights[0][:, :-1]
    bias = w["logit"] * head.bias[0][:-1] + sum(w[name] * value for name, value in known.constant.items())
    calibration = Calibration(likeness=-w["strangers"], threshold=evidence.threshold)
    return Classifier(names, weights.astype(np.float32), np.asarray(bias, np.float32), crowd, calibration)
