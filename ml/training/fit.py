"""From examples to a classifier."""

import numpy as np

from ml.naming.classifier import Classifier
from ml.naming.examples import Examples
from ml.training import heads
from ml.training.background import Background
from ml.training.calibration import classifier
from ml.training.heads import Progress


def _silent(done: int, total: int) -> None:
    del done, total


def train(examples: Examples, background: Background, *, seed: int = 0, progress: Progress = _silent) -> Classifier:
    """Learn a server's characters: their means and a softmax head, weighed as the background's evidence says.

    No face has to be kept back for calibrating: how sure to be was learned from other servers, and what this one's
    faces say of it is known without training a head again (`ml.training.calibration`).

    Parameters
    ----------
    examples
        At least one face.
    progress
        Called with (steps done, steps).
    """
    names = sorted(set(examples.names))
    column = {name: i for i, name in enumerate(names)}
    crowd = background.crowd
    labels = np.array([column[name] for name in examples.names] + [len(names)] * len(crowd), np.intp)
    faces = np.concatenate([examples.embeddings, crowd])
    everything = np.ones((1, len(faces)), bool)
    start = heads.class_means(faces, labels, everything)
    head = heads.softmax(faces, labels, everything, start=start, seed=seed, progress=progress)
    return classifier(examples, head, crowd, background.evidence)
