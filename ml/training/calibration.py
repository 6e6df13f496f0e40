"""How sure to be: what evidence is worth, learned from thousands of simulated servers, and looked up in each real one.

The log odds that a face is of a character and not of a stranger are a weighted sum of what is known when it is named
(`FEATURES`). The weights ship with the embedder. What a server's own faces say of themselves when each is left out,
how like the character's others they are and how like the next character, enters shrunk towards what is usual, as if so
many faces more had said the usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ml.naming.classifier import Calibration, Classifier, Floats, likeness
from ml.naming.examples import Examples
from ml.training.heads import Heads, Ints

FALSE_ACCEPT_RATE: Final = 0.05

FEATURES: Final = (
    "constant",
    "similarity",  # cosine with the mean of the character's examples
    "logit",  # of the softmax head
    "strangers",  # how like strangers the face is
    "few",  # one part in so many examples
    "similarity_few",  # both multiplied
    "many",  # logarithm of the number of examples, at most `_MANY`
    "own",  # how like the character's examples are to one another
    "twin",  # how like the most similar other character is
    "others",  # how like the next character the faces of this server are, by the median over its characters
)
_MANY: Final = 60
_USUAL_OWN: Final = (0.55, 4)  # cosine of a face with its character's others, and so many faces' weight
_USUAL_OTHER: Final = (0.3, 10)  # the same of a face with the most similar other character
_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was learned of how sure to be, for one embedder.

    Attributes
    ----------
    weights
        For each of `FEATURES`.
    threshold
        Confidence from which a name is said, chosen so that about `FALSE_ACCEPT_RATE` of the strangers are given one.
    alike
        Mean and standard deviation of the cosine of two strangers.
    """

    weights: Mapping[str, float]
    threshold: float
    alike: tuple[float, float]

    def for_another(self, crowd: Floats) -> "Evidence":
        """The same for an embedder that only has a crowd of strangers: its cosines, read on this one's scale."""
        mean, spread = alike(crowd)
        scale = self.alike[1] / max(spread, 1e-6)
        shift = self.alike[0] - scale * mean
        w = dict(self.weights)
        w["constant"] += shift * sum(w[name] for name in ("similarity", "strangers", "own", "twin", "others"))
        w["few"] += shift * w["similarity_few"]
        for name in ("similarity", "strangers", "similarity_few", "own", "twin", "others"):
            w[name] *= scale
        return replace(self, weights=w, alike=(mean, spread))


def alike(crowd: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of all pairs."""
    cosines = (crowd @ crowd.T)[~np.eye(len(crowd), dtype=bool)]
    return float(cosines.mean()), float(cosines.std())


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """What a server's examples say of its characters, k of them.

    Attributes
    ----------
    means
        Directions of their means, float32, shape (k, dimensions).
    constant
        Of `FEATURES`, those that do not depend on the face: float32, shape (k,) each.
    """

    means: Floats
    constant: Mapping[str, Floats]

    @classmethod
    def of(cls, faces: Floats, labels: Ints) -> "Acquaintances":
        """`faces`: float32, shape (n, dimensions), rows of unit length; `labels`: shape (n,), 0..k - 1."""
        count = np.bincount(labels).astype(np.float32)
        sums = np.zeros((len(count), faces.shape[1]), np.float32)
        np.add.at(sums, labels, faces)
        means = _directions(sums)
        twin = means @ means.T
        np.fill_diagonal(twin, _USUAL_OTHER[0] if len(count) == 1 else -1)
        own, other = _left_out(faces, labels, sums, means)
        several = count > 1
        shrunk = (np.bincount(labels, own) * several + np.prod(_USUAL_OWN)) / (count * several + _USUAL_OWN[1])
        if len(count) == 1:
            others = _USUAL_OTHER[0]
        else:
            # The median, as two twins are no reason to doubt anybody else.
            typical = float(np.median(np.bincount(labels, other) / count))
            others = (typical * len(faces) + np.prod(_USUAL_OTHER)) / (len(faces) + _USUAL_OTHER[1])
        constant = {
            "constant": np.ones(len(count)),
            "few": 1 / count,
            "many": np.log(np.minimum(count, _MANY)),
            "own": shrunk,
            "twin": twin.max(axis=1),
            "others": np.full(len(count), others),
        }
        return cls(means, {name: np.asarray(value, np.float32) for name, value in constant.items()})

    def features(self, faces: Floats, logits: Floats, crowd: Floats) -> Floats:
        """All `FEATURES` of each face with each character, float32, shape (n, k, len(FEATURES)).

        `logits`: the head's, shape (n, k).
        """
        similarity = faces @ self.means.T
        strange = np.repeat(likeness(faces, crowd)[:, None], len(self.means), axis=1)
        few = self.constant["few"]
        known = {name: np.broadcast_to(value, similarity.shape) for name, value in self.constant.items()}
        known |= {"similarity": similarity, "similarity_few": similarity * few, "logit": logits, "strangers": strange}
        return np.stack([known[name] for name in FEATURES], axis=2).astype(np.float32)


def classifier(examples: Examples, head: Heads, crowd: Floats, evidence: Evidence) -> Classifier:
    """Put the evidence together, as a linear function of the face and its likeness to the crowd.

    Parameters
    ----------
    head
        One; its last column, the background's, is not looked at.
    """
    names = tuple(sorted(set(examples.names)))
    column = {name: i for i, name in enumerate(names)}
    known = Acquaintances.of(examples.embeddings, np.array([column[name] for name in examples.names], np.intp))
    w = evidence.weights
    slope = w["similarity"] + w["similarity_few"] * known.constant["few"]
    weights = slope * known.means.T + w["logit"] * head.weights[0][:, :-1]
    bias = w["logit"] * head.bias[0][:-1] + sum(w[name] * value for name, value in known.constant.items())
    calibration = Calibration(likeness=-w["strangers"], threshold=evidence.threshold)
    return Classifier(names, weights.astype(np.float32), np.asarray(bias, np.float32), crowd, calibration)


def _left_out(faces: Floats, labels: Ints, sums: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Of each face, the cosine with the mean of its character's others (0 if there are none), and with the next's."""
    own, other = np.zeros(len(faces), np.float32), np.zeros(len(faces), np.float32)
    for start in range(0, len(faces), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        own[part] = (_directions(sums[labels[part]] - faces[part]) * faces[part]).sum(axis=1)
        cosines = faces[part] @ means.T
        cosines[np.arange(len(cosines)), labels[part]] = -1
        other[part] = cosines.max(axis=1)
    return own, other


def _directions(vectors: Floats) -> Floats:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
