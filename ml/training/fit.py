"""From examples to a classifier: several ways of naming are tried, and the one that does best on unseen faces kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.naming.classifier import Calibration, Classifier, Floats
from ml.naming.examples import Examples
from ml.training import heads
from ml.training.calibration import Bools, Ints, Judged, calibrate, open_set_scores
from ml.training.heads import Heads, Progress

FOLDS = 5
GROUPS = 4
_MOST_JUDGED = 2000  # faces by one head: more take memory, and change nothing


@dataclass(frozen=True, slots=True)
class Trained:
    """A classifier and how its way of naming was chosen.

    Attributes
    ----------
    method
        "class means", "softmax", or "blend" of the two.
    scores
        For each method, how well it did on faces that had been left out, 0..1: the mean of
        `ml.training.calibration.open_set_scores`, 0.5 where there were none.
    """

    classifier: Classifier
    method: str
    scores: dict[str, float]


def _silent(done: int, total: int) -> None:
    del done, total


def train(examples: Examples, background: Floats, *, seed: int = 0, progress: Progress = _silent) -> Trained:
    """Fit heads and their calibration, and keep the kind of head that does best on faces that it was not shown.

    Several heads of each kind are made at once. One is kept: it learns from everything. Five leave a fifth of the
    pictures out each, and tell how acquaintances look to a head that has not seen the picture. Up to four leave a
    quarter of the characters out each, and tell how strangers look that are as like the acquaintances as these are to
    one another, which no background from elsewhere tells. Kind, calibration and threshold follow from what they say of
    what they left out (stacked cross-validation), so no face is wasted and none is judged by a head that knew it.

    Parameters
    ----------
    examples
        At least one face.
    background
        Strangers' embeddings, float32, shape (m, dimensions), at least 10.
    progress
        Called with (steps done, steps).
    """
    names = tuple(sorted(set(examples.names)))
    column = {name: i for i, name in enumerate(names)}
    labels = np.array([column[name] for name in examples.names] + [len(names)] * len(background), np.intp)
    faces = np.concatenate([examples.embeddings, background])
    rng = np.random.default_rng(seed)
    folds = np.concatenate([_folds(examples, rng), np.arange(len(background)) % FOLDS])
    groups = _groups(len(names), rng)[labels]

    seen = np.stack(
        [np.ones(len(faces), bool), *(folds != fold for fold in range(FOLDS)), *(groups != g for g in range(GROUPS))]
    )
    seen = seen[[0, *(head for head in range(1, len(seen)) if not seen[head].all())]]

    means = heads.class_means(faces, labels, seen)
    softmax = heads.softmax(faces, labels, seen, start=means, seed=seed, progress=progress)
    kinds = {"class means": means, "blend": heads.blend(means, softmax), "softmax": softmax}
    calibrations: dict[str, Calibration] = {}
    scores: dict[str, npt.NDArray[np.float64]] = {}
    for method, kind in kinds.items():
        judged = _judge(kind, faces, labels, seen)
        calibrations[method] = calibrate(judged)
        scores[method] = open_set_scores(judged, calibrations[method])
    best = _best(scores)
    classifier = Classifier(names, kinds[best].weights[0], kinds[best].bias[0], calibrations[best])
    return Trained(classifier, best, {way: float(each.mean()) if len(each) else 0.5 for way, each in scores.items()})


def _best(scores: Mapping[str, npt.NDArray[np.float64]]) -> str:
    """The softmax, unless another did surely better: by two standard errors of the paired differences.

    From five pictures on it is nearly always the best; choosing whichever was a hair ahead cost a point of telling
    strangers (docs/measurements.md). Where no acquaintance was left out nothing tells, and class means err least.
    """
    softmax = scores["softmax"]
    if not len(softmax):
        return "class means"
    ahead = {method: each - softmax for method, each in scores.items() if method != "softmax"}
    surely = {method: float(each.mean() - 2 * each.std() / np.sqrt(len(each))) for method, each in ahead.items()}
    best = max(surely, key=lambda method: surely[method])
    return best if surely[best] > 0 else "softmax"


def _judge(kind: Heads, faces: Floats, labels: Ints, seen: Bools) -> Judged:
    """What each head but the first says of the faces that it was not shown."""
    parts: list[Judged] = []
    for head in range(1, len(seen)):
        unseen = np.flatnonzero(~seen[head])
        unseen = unseen[:: len(unseen) // _MOST_JUDGED + 1]  # of all characters: theirs lie together
        met = np.zeros(kind.weights.shape[2], bool)
        met[labels[seen[head]]] = True
        met[-1] = True
        logits = faces[unseen] @ kind.weights[head] + kind.bias[head]
        logits[:, ~met] = -np.inf  # a character that was never met cannot be named
        parts.append(Judged(logits.astype(np.float32), np.where(met[labels], labels, -1)[unseen]))
    return Judged.joined(parts)


def _folds(examples: Examples, rng: np.random.Generator) -> Ints:
    """Deal each character's pictures out evenly; shape (n,), 0..FOLDS - 1, equal for faces of one picture."""
    fold: dict[str, int] = {}
    dealt: dict[str, int] = {}
    order: list[int] = rng.permutation(len(examples)).tolist()
    for face in order:
        name, picture = examples.names[face], examples.pictures[face]
        if picture not in fold:
            dealt[name] = dealt.get(name, int(rng.integers(FOLDS))) + 1
            fold[picture] = dealt[name] % FOLDS
    return np.array([fold[picture] for picture in examples.pictures], np.intp)


def _groups(characters: int, rng: np.random.Generator) -> Ints:
    """Deal the characters out to groups; shape (characters + 1,), -1 for the background, and for all if too few."""
    if characters < 3:
        return np.full(characters + 1, -1)
    return np.append(rng.permutation(characters) % GROUPS, -1)
