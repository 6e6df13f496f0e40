"""Trains the softmax head with TensorFlow; the only room, beside pretraining, that knows it."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.classifier import Calibration, Classifier, Floats, calibrated, evidence

FOLDS = 5
GROUPS = 4
FALSE_ACCEPT_RATE = 0.05
LEAST_CONFIDENCE = 0.5  # a name that is likelier wrong than right is not said, however few strangers it would let in

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Examples:
    """Faces with trusted names.

    Attributes
    ----------
    embeddings
        float32, shape (n, dimensions), rows of unit length.
    names
        The character of each face, n of them.
    pictures
        What tells the pictures apart that the faces were cut from, n of them: faces of one picture are never
        split between training and measuring.
    """

    embeddings: Floats
    names: tuple[str, ...]
    pictures: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def from_bytes(cls, embeddings: Sequence[bytes], *, names: Sequence[str], pictures: Sequence[str]) -> "Examples":
        """Rebuild examples from embeddings as they are stored: little-endian float16, all of one length."""
        rows = [np.frombuffer(embedding, "<f2").astype(np.float32) for embedding in embeddings]
        return cls(np.stack(rows), tuple(names), tuple(pictures))

    def where(self, mask: npt.NDArray[np.bool_]) -> "Examples":
        """The examples at which the mask, bool of shape (n,), is true."""
        kept = np.flatnonzero(mask)
        return Examples(
            self.embeddings[kept],
            tuple(self.names[i] for i in kept),
            tuple(self.pictures[i] for i in kept),
        )


def _silent(done: int, total: int) -> None:
    del done, total


def train(
    examples: Examples,
    background: Floats,
    *,
    seed: int = 0,
    strength: float = 30.0,
    steps: int = 300,
    progress: Callable[[int, int], None] = _silent,
) -> Classifier:
    """Fit a head and its calibration.

    Several heads are trained at once. One is kept: it learns from everything. Five leave a fifth of the pictures
    out each, and tell how acquaintances look to a head that has not seen the picture. Up to four leave a quarter
    of the characters out each, and tell how strangers look that are as like the acquaintances as these are to one
    another, which no background from elsewhere tells. The calibration is fitted on what they say of what they left
    out (stacked cross-validation), so no face is wasted and none is judged by a head that knew it.

    Parameters
    ----------
    examples
        At least one face.
    background
        Strangers' embeddings, float32, shape (m, dimensions), at least 10.
    strength
        Inverse of the L2 penalty, as `C` of logistic regression.
    steps
        Of Adam over all faces.
    progress
        Called with (steps done, steps).

    Returns
    -------
    Classifier
        Its threshold lets at most `FALSE_ACCEPT_RATE` of the strangers pass as somebody, and is never below
        `LEAST_CONFIDENCE`.
    """
    names = tuple(sorted(set(examples.names)))
    column = {name: i for i, name in enumerate(names)}
    labels = np.array([column[name] for name in examples.names] + [len(names)] * len(background), np.intp)
    faces = np.concatenate([examples.embeddings, background])
    rng = np.random.default_rng(seed)
    folds = np.concatenate([_folds(examples.pictures, rng), np.arange(len(background)) % FOLDS])
    groups = _groups(len(names), rng)[labels]

    seen = np.stack(
        [np.ones(len(faces), bool), *(folds != fold for fold in range(FOLDS)), *(groups != g for g in range(GROUPS))]
    )
    seen = seen[[0, *(head for head in range(1, len(seen)) if not seen[head].all())]]
    weights, bias = _fit(faces, labels, seen, strength=strength, steps=steps, seed=seed, progress=progress)

    judged = [_judge(faces @ weights[head] + bias[head], labels, seen[head]) for head in range(1, len(seen))]
    return Classifier(names, weights[0], bias[0], _calibrate(judged))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one head says of the faces that it was not shown: logits, shape (n, k + 1), and the true columns.

    `labels` holds -1 for a character that the head never met, and k for the background.
    """

    logits: Floats
    labels: Ints


def _judge(logits: Floats, labels: Ints, seen: Bools) -> _Judged:
    met = np.zeros(logits.shape[1], bool)
    met[labels[seen]] = True
    met[-1] = True
    logits = np.where(met, logits, -np.inf)[~seen]  # a character that was never met cannot be named
    return _Judged(logits.astype(np.float32), np.where(met[labels], labels, -1)[~seen])


def _folds(pictures: Sequence[str], rng: np.random.Generator) -> Ints:
    """Deal the pictures out to the folds; shape (n,), 0..FOLDS - 1, equal for faces of one picture."""
    distinct = sorted(set(pictures))
    fold = dict(zip(distinct, rng.permutation(len(distinct)) % FOLDS, strict=True))
    return np.array([fold[picture] for picture in pictures], np.intp)


def _groups(characters: int, rng: np.random.Generator) -> Ints:
    """Deal the characters out to groups; shape (characters + 1,), -1 for the background, and for all if too few."""
    if characters < 3:
        return np.full(characters + 1, -1)
    return np.append(rng.permutation(characters) % GROUPS, -1)


def _fit(
    faces: Floats,
    labels: Ints,
    seen: Bools,
    *,
    strength: float,
    steps: int,
    seed: int,
    progress: Callable[[int, int], None],
) -> tuple[Floats, Floats]:
    """Fit all heads side by side, each on the faces that it has seen: weights (heads, d, k), biases (heads, k)."""
    # 8 seconds and 580 MB that only a retraining pays; without types of its own.
    tf: Any = importlib.import_module("tensorflow")
    tf.random.set_seed(seed)
    centre = faces.mean(axis=0)  # pooled ReLU6 maps are all positive: centred, Adam needs a tenth of the steps
    x: Any = tf.constant(faces - centre)
    y: Any = tf.constant(np.tile(labels.astype(np.int32), (len(seen), 1)))
    counts = seen.sum(axis=1, keepdims=True)
    # A character with few faces is made up for by half (on a logarithmic scale), so that one correction is noticed.
    weighed = seen / np.sqrt(np.bincount(labels))[labels]
    share: Any = tf.constant((weighed / weighed.sum(axis=1, keepdims=True)).astype(np.float32))
    penalty: Any = tf.constant((1 / (2 * strength * counts[:, :, None])).astype(np.float32))
    w: Any = tf.Variable(tf.zeros((len(seen), faces.shape[1], int(labels.max()) + 1)))
    b: Any = tf.Variable(tf.zeros((len(seen), int(labels.max()) + 1)))
    optimizer: Any = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(0.3, steps))

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            logits = tf.einsum("nd,hdk->hnk", x, w) + b[:, None, :]
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            total = tf.reduce_sum(loss * share) + tf.reduce_sum(penalty * tf.square(w))
        optimizer.apply_gradients(zip(tape.gradient(total, [w, b]), [w, b], strict=True))

    for done in range(steps):
        step()
        if done % 20 == 0:
            progress(done, steps)
    progress(steps, steps)
    weights: Floats = w.numpy()
    return weights, b.numpy() - np.einsum("d,hdk->hk", centre, weights)


def _calibrate(judged: Sequence[_Judged]) -> Calibration:
    """Fit temperature, acquaintance curve and threshold on what the heads say of faces that they had not seen."""
    logits = np.concatenate([each.logits for each in judged])
    labels = np.concatenate([each.labels for each in judged])
    background = labels == logits.shape[1] - 1
    left_out = labels == -1
    known = ~background & ~left_out
    # Strangers from elsewhere and strangers like the acquaintances count alike, however many there are of each.
    kinds = [kind for kind in (background, left_out) if kind.any()]
    weight = np.zeros(len(labels))
    for kind in kinds:
        weight[kind] = 1 / (len(kinds) * kind.sum())
    strangers = background | left_out

    temperature = _temperature(logits[known, :-1], labels[known])
    slope, offset = _platt(evidence(logits[known]), evidence(logits[strangers]), weight[strangers])
    always = Calibration(temperature, slope, offset, threshold=0.0)
    confidences = calibrated(logits[strangers], always).max(axis=1)
    threshold = _quantile(confidences, weight[strangers], 1 - FALSE_ACCEPT_RATE)
    return Calibration(temperature, slope, offset, max(threshold, LEAST_CONFIDENCE))


def _quantile(values: Floats, weights: npt.NDArray[np.float64], share: float) -> float:
    """The least value that this share of the weight lies strictly below, or just above the largest."""
    order = np.argsort(values)
    below = np.cumsum(weights[order]) >= share * weights.sum()
    return float(np.nextafter(values[order][below.argmax()], np.float32(2)))


def _temperature(logits: Floats, labels: Ints) -> float:
    """The temperature at which held-out names are least surprising; 1 where there is nothing to go by."""
    if len(labels) < 5 or logits.shape[1] < 2:
        return 1.0
    # Bounded: where all of a few faces are named rightly, nothing else would keep it from certainty.
    grid = np.geomspace(0.3, 3, 40)
    surprise: list[float] = []
    for temperature in grid:
        scaled = logits / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        right = scaled[np.arange(len(labels)), labels] - np.log(np.exp(scaled).sum(axis=1))
        surprise.append(-float(right.mean()))
    return float(grid[int(np.argmin(surprise))])


def _platt(known: Floats, strangers: Floats, weights: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of P(known | evidence) by Newton's method, with Platt's softened targets (1999).

    Acquaintances and strangers are weighed alike: how often strangers are posted differs from server to server.
    """
    if len(known) == 0:
        # Nobody has two pictures yet: put the middle where the strangers end.
        return 1.0, -_quantile(strangers, weights, 0.95)
    found = np.concatenate([known, strangers]).astype(np.float64)
    target = np.concatenate(
        [
            np.full(len(known), (len(known) + 1) / (len(known) + 2)),
            np.full(len(strangers), 1 / (len(strangers) + 2)),
        ]
    )
    weight = np.concatenate([np.full(len(known), 0.5 / len(known)), 0.5 * weights / weights.sum()])
    design = np.stack([found, np.ones_like(found)], axis=1)
    solution = np.zeros(2)
    for _ in range(50):
        z = np.clip(design @ solution, -30, 30)
        probability = 1 / (1 + np.exp(-z))
        gradient = design.T @ (weight * (probability - target)) + 1e-4 * solution
        curvature = (design * (weight * probability * (1 - probability))[:, None]).T @ design + 1e-4 * np.eye(2)
        change = np.linalg.solve(curvature, gradient)
        solution = solution - np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-8:
            break
    return float(solution[0]), float(solution[1])
