"""How sure to be, learned from simulated servers: some characters known from few pictures or many, others strangers."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats, Ints
from ml.errors import KoredareError
from ml.training import heads
from ml.training.background import crowd
from ml.training.calibration import FEATURES, Acquaintances, Evidence, alike

SERVERS: Final = 400
THRESHOLD: Final = 0.7
"""From here on a name is said: the lowest of 0.5, 0.55, … at which no more than 5 % of the strangers are named, in
servers of 5, 10, 20 or 40 of the characters that choose (`ml.pretraining.division`), known from five pictures each:
1.2, 4.2, 3.8 and 1.4 % (8 draws of each size)."""

_CHARACTERS: Final = (3, 100)
_PICTURES: Final = 60
_TESTED: Final = 20  # faces of one character
_ELSEWHERE: Final = 60  # strangers of other hands
_CANDIDATES: Final = 8
_WEIGHTS: Final = (0.6, 0.28, 0.12)  # of faces known, strangers of the same hands, strangers of others
_PENALTY: Final = 1e-4

Doubles = npt.NDArray[np.float64]


class CalibrationError(KoredareError):
    """There are too few characters to simulate a server with."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """Faces of characters that the embedder did not learn.

    Attributes
    ----------
    embeddings
        float32, shape (n, dimensions), rows of unit length.
    characters
        Who each is, shape (n,).
    hands
        Whose drawing, or which source, each is from, shape (n,): servers that know one hand are the hard ones.
    """

    embeddings: Floats
    characters: Ints
    hands: Ints


@dataclass(frozen=True, slots=True)
class _Server:
    """A simulated server; faces are places in `Strangers`.

    Attributes
    ----------
    learned, labels
        Its examples, and whose they are, 0..k - 1.
    tested, truth
        Faces of its characters that are posted, and whose they are.
    strange, elsewhere
        Strangers that are posted: of the hands that its characters are of, and of others.
    around
        Its crowd.
    """

    learned: list[int]
    labels: list[int]
    tested: list[int]
    truth: list[int]
    strange: list[int]
    elsewhere: list[int]
    around: list[int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a simulated server knows of the faces posted in it.

    Attributes
    ----------
    features
        Of each face with its likeliest characters: shape (n, `_CANDIDATES`, features).
    valid
        Where there is such a character.
    right
        Which of them is the right one; -1 for strangers.
    weight
        Of each face; 1 in all.
    """

    features: Floats
    valid: npt.NDArray[np.bool_]
    right: Ints
    weight: Doubles


def learn(
    strangers: Strangers, *, servers: int = SERVERS, seed: int = 0, told: Callable[[int], None] = lambda _: None
) -> Evidence:
    """Weigh the evidence so that in simulated servers the truth surprises least.

    Each server has 3 to 100 characters, of one hand or of several, with 1 to 60 pictures each; its crowd is drawn from
    the other hands. Three faces of its characters count as two of strangers.

    Parameters
    ----------
    told
        Called with the number of servers done.

    Raises
    ------
    CalibrationError
        There are too few characters.
    """
    own = _own(strangers)
    seen: list[_Seen] = []
    for server in _servers(strangers, servers, seed, own):
        seen.append(server)
        told(len(seen))
    if not seen:
        raise CalibrationError("There are too few characters, or of too few hands, to simulate a server with.")
    weights = _fitted(seen, given={})
    # How like strangers a face is weighs the same in all of a classifier's columns, trained or not.
    untrained = _fitted(seen, given={"logit": 0.0, "strangers": weights["strangers"]})
    return Evidence(weights, untrained, THRESHOLD, alike(_some(strangers)), own)


def borrowed(evidence: Evidence, strangers: Strangers) -> Evidence:
    """For an embedder with few strangers: what was learned with another one, read on this one's scale."""
    return evidence.for_another(_some(strangers))


def _servers(strangers: Strangers, count: int, seed: int, own: float) -> Iterator[_Seen]:
    for number in range(count):
        server = _server(strangers, np.random.default_rng([seed, number]))
        if (
            max(server.labels, default=0) + 1 >= _CHARACTERS[0]
            and len(server.strange) >= 5
            and len(server.around) >= 20
        ):
            yield _judged(strangers.embeddings, server, own)


def _server(strangers: Strangers, rng: np.random.Generator) -> _Server:
    hands = np.unique(strangers.hands)
    several = hands[rng.random(len(hands)) < 0.6]
    mine = several if len(several) and rng.random() < 0.5 else rng.choice(hands, 1)
    here = np.flatnonzero(np.isin(strangers.hands, mine))
    there = rng.permutation(np.flatnonzero(~np.isin(strangers.hands, mine)))
    aside = np.isin(strangers.characters[there], _part(np.unique(strangers.characters[there]), 0.15, rng))
    around = there[~aside][crowd(strangers.characters[there[~aside]])]
    wanted = round(_evenly(*_CHARACTERS, rng))
    most = _evenly(1, _PICTURES, rng)
    even = rng.random() < 0.5
    learned: list[int] = []
    labels: list[int] = []
    tested: list[int] = []
    truth: list[int] = []
    strange: list[int] = []
    left = max(3, wanted // 3 + 1)
    known = 0
    for character in rng.permutation(np.unique(strangers.characters[here])):
        faces = rng.permutation(here[strangers.characters[here] == character]).tolist()
        pictures = round(most if even else _evenly(1, most, rng))
        if known < wanted and len(faces) > pictures:
            learned += faces[:pictures]
            labels += [known] * pictures
            tested += faces[pictures : pictures + _TESTED]
            truth += [known] * (len(tested) - len(truth))
            known += 1
        elif left:
            strange += faces[:_TESTED]
            left -= 1
    return _Server(learned, labels, tested, truth, strange, there[aside][:_ELSEWHERE].tolist(), around.tolist())


def _judged(embeddings: Floats, server: _Server, own: float) -> _Seen:
    labels = np.array(server.labels, np.intp)
    learned, around = embeddings[server.learned], embeddings[server.around]
    k = int(labels.max()) + 1
    faces = np.concatenate([learned, around])
    columns = np.concatenate([labels, np.full(len(around), k)])
    everything = np.ones((1, len(faces)), bool)
    start = heads.class_means(faces, columns, everything)
    head = heads.softmax(faces, columns, everything, start=start, seed=0, progress=lambda _done, _total: None)
    groups = (server.tested, server.strange, server.elsewhere)
    posted = embeddings[[face for group in groups for face in group]]
    truth = np.array(server.truth + [-1] * (len(posted) - len(server.truth)), np.intp)
    kind = np.repeat([0, 1, 2], [len(group) for group in groups])
    logits = (posted @ head.weights[0] + head.bias[0])[:, :-1]
    features = Acquaintances.of(learned, labels, own=own).features(posted, logits, around)
    near = 12 * features[:, :, FEATURES.index("similarity")] + logits
    order = np.argsort(-near, axis=1)[:, :_CANDIDATES]
    hit = order == truth[:, None]
    counted = hit.any(axis=1) | (truth < 0)  # one who is not among the likeliest teaches nothing of how sure to be
    kept = np.full((len(posted), _CANDIDATES, len(FEATURES)), 0, np.float32)
    kept[:, : order.shape[1]] = np.take_along_axis(features, order[:, :, None], axis=1)
    valid = np.zeros(kept.shape[:2], bool)
    valid[:, : order.shape[1]] = True
    weight = np.zeros(len(posted))
    for which, share in enumerate(_WEIGHTS):
        weight[kind == which] = share / max(1, int((kind == which).sum()))
    right = np.where(hit.any(axis=1), hit.argmax(axis=1), np.where(truth < 0, -1, -2))
    return _Seen(kept[counted], valid[counted], right[counted], weight[counted] / weight.sum())


def _fitted(seen: list[_Seen], *, given: Mapping[str, float], steps: int = 40) -> dict[str, float]:
    """Multinomial regression with a stranger's log odds as zero, by Newton's method.

    `given`: weights that are known already.
    """
    free = np.array([name not in given for name in FEATURES])
    settled = np.array([given.get(name, 0.0) for name in FEATURES])
    scale = np.sqrt(np.mean([(each.features[each.valid] ** 2).mean(axis=0) for each in seen], axis=0))[free] + 1e-9
    solution = np.zeros(len(scale))
    for _ in range(steps):
        slope, curve = _PENALTY * solution, _PENALTY * np.eye(len(scale))
        for each in seen:
            x = (each.features[:, :, free] / scale).astype(np.float64)
            p = _probable(x @ solution + each.features @ settled, each.valid) * each.weight[:, None] / len(seen)
            truth = np.zeros_like(p)
            known = np.flatnonzero(each.right >= 0)
            truth[known, each.right[known]] = each.weight[known] / len(seen)
            slope = slope + np.einsum("nk,nkf->f", p - truth, x)
            mean = np.einsum("nk,nkf->nf", p, x)
            total = each.weight[:, None] / len(seen)
            curve = curve + np.einsum("nk,nkf,nkg->fg", p, x, x) - (mean / np.maximum(total, 1e-12)).T @ mean
        change = np.linalg.solve(curve, slope)
        solution = solution - np.clip(change, -3, 3)
        if np.abs(change).max() < 1e-6:
            break
    settled[free] = solution / scale
    return dict(zip(FEATURES, settled.tolist(), strict=True))


def _probable(logits: Doubles, valid: npt.NDArray[np.bool_]) -> Doubles:
    odds = np.where(valid, np.exp(np.clip(logits, -60, 60)), 0)
    return odds / (1 + odds.sum(axis=1, keepdims=True))


def _own(strangers: Strangers) -> float:
    """Mean cosine of two faces of one character, over the characters that have several."""
    means: list[float] = []
    for character in np.unique(strangers.characters):
        faces = strangers.embeddings[strangers.characters == character]
        if len(faces) > 1:
            means.append(float(((faces @ faces.T).sum() - len(faces)) / (len(faces) * (len(faces) - 1))))
    return float(np.mean(means)) if means else 0.0


def _some(strangers: Strangers) -> Floats:
    return strangers.embeddings[crowd(strangers.characters)]


def _evenly(least: float, most: float, rng: np.random.Generator) -> float:
    """Between the two, as often in each part of a logarithmic scale."""
    return math.exp(rng.uniform(math.log(least), math.log(most)))


def _part(characters: Ints, share: float, rng: np.random.Generator) -> Ints:
    return characters[rng.random(len(characters)) < share]
