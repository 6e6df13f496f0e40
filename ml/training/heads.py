"""Linear heads over embeddings: class means, and a softmax that TensorFlow trains.

Several heads are made side by side: each sees some of the faces. TensorFlow is imported here and in
pretraining alone.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.arrays import Bools, Floats, Ints

Progress = Callable[[int, int], None]

_STEEPNESS: Final = 12.0  # of the class means' cosines, so that they are logits of about a softmax's size
_STRENGTH: Final = 30.0  # inverse of the L2 penalty, as `C` of logistic regression
_STEPS: Final = 200
_BATCH: Final = 1024
_COLUMNS: Final = 256  # characters at a time whose faces are copied: all of them would take memory twice over


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights, float32, shape (heads, dimensions, k + 1), and biases, shape (heads, k + 1)."""

    weights: Floats
    bias: Floats


def class_means(faces: Floats, labels: Ints, seen: Bools) -> Heads:
    """The direction of each character's mean, as each head sees it; zeros for characters that it does not.

    Parameters
    ----------
    faces
        float32, shape (n, dimensions), rows of unit length.
    labels
        Columns, shape (n,), 0..k; k is the background.
    seen
        Shape (heads, n): which faces each head is shown.
    """
    columns = int(labels.max()) + 1
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(columns + 1))
    sums = np.empty((len(seen), columns, faces.shape[1]), np.float32)
    for first in range(0, columns, _COLUMNS):
        ends = starts[first : first + _COLUMNS + 1]
        rows = order[ends[0] : ends[-1]]
        for theirs, shown in zip(sums, seen, strict=True):
            theirs[first : first + _COLUMNS] = np.add.reduceat(faces[rows] * shown[rows, None], ends[:-1] - ends[0])
    length = np.linalg.norm(sums, axis=2, keepdims=True)
    weights = _STEEPNESS * np.swapaxes(sums / np.maximum(length, 1e-12), 1, 2)
    return Heads(weights.astype(np.float32), np.zeros((len(seen), columns), np.float32))


def softmax(faces: Floats, labels: Ints, seen: Bools, *, start: Heads, seed: int, progress: Progress) -> Heads:
    """Multinomial logistic regression by mini-batches; parameters and shapes as of `class_means`.

    Parameters
    ----------
    start
        Where to start from: with many characters, a few passes over the faces have to be enough.
    progress
        Called with (steps done, steps).
    """
    # 8 seconds and 580 MB that only a retraining pays; without types of its own.
    tf: Any = importlib.import_module("tensorflow")
    tf.random.set_seed(seed)
    counts = seen.sum(axis=1)
    # A character with few faces is made up for by half (on a logarithmic scale), so that one correction is noticed.
    weighed = seen / np.sqrt(np.bincount(labels))[labels]
    share = (weighed / weighed.sum(axis=1, keepdims=True)).astype(np.float32)
    penalty: Any = tf.constant((1 / (2 * _STRENGTH * counts[:, None, None])).astype(np.float32))
    w: Any = tf.Variable(start.weights)
    b: Any = tf.Variable(start.bias)
    optimizer: Any = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(0.1, _STEPS))

    @tf.function
    def step(x: Any, y: Any, weight: Any) -> None:
        with tf.GradientTape() as tape:
            logits = tf.einsum("nd,hdk->hnk", x, w) + b[:, None, :]
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            total = tf.reduce_sum(loss * weight) + tf.reduce_sum(penalty * tf.square(w))
        optimizer.apply_gradients(zip(tape.gradient(total, [w, b]), [w, b], strict=True))

    rng = np.random.default_rng(seed)
    for done in range(_STEPS):
        rows = _batch(len(faces), rng)
        weight = share[:, rows] * np.float32(len(faces) / len(rows))
        step(faces[rows], np.tile(labels[rows].astype(np.int32), (len(seen), 1)), weight)
        if done % 20 == 0:
            progress(done, _STEPS)
    progress(_STEPS, _STEPS)
    return Heads(w.numpy(), b.numpy())


def _batch(count: int, rng: np.random.Generator) -> Ints:
    """The rows of a step: all of them if they are few, else some drawn anew."""
    if count <= _BATCH:
        return np.arange(count)
    return rng.choice(count, _BATCH, replace=False)
