"""From what heads say of faces that they were not shown to probabilities that hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.naming.classifier import Calibration, Floats, calibrated, evidence

FALSE_ACCEPT_RATE = 0.05
LEAST_CONFIDENCE = 0.5  # a name that is likelier wrong than right is not said, however few strangers it would let in
_ELSEWHERE = 2

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Judged:
    """What heads say of faces that they were not shown.

    Attributes
    ----------
    logits
        float32, shape (n, k + 1), the last column the background's; -inf for a character that the head never met.
    labels
        The true columns, shape (n,); -1 for a character that the head never met, k for the background.
    """

    logits: Floats
    labels: Ints

    @property
    def known(self) -> Bools:
        """The faces of characters that the head met."""
        return (self.labels >= 0) & ~self._background

    @property
    def weight(self) -> npt.NDArray[np.float64]:
        """How much each stranger counts, shape (n,), 0 for the others, 1 in all.

        Strangers like the acquaintances are the harder ones, and the likelier in a server where everybody watches the
        same; but of few characters they tell little. With k characters they count k parts, those from elsewhere two.
        """
        left_out, background = self.labels == -1, self._background
        characters = self.logits.shape[1] - 1
        weight = np.zeros(len(self.labels))
        for kind, part in ((left_out, characters), (background, _ELSEWHERE)):
            if kind.any():
                weight[kind] = part / kind.sum()
        return weight / weight.sum()

    @property
    def _background(self) -> Bools:
        return self.labels == self.logits.shape[1] - 1

    @classmethod
    def joined(cls, parts: Sequence["Judged"]) -> "Judged":
        """What several heads say."""
        return cls(np.concatenate([part.logits for part in parts]), np.concatenate([part.labels for part in parts]))


def calibrate(judged: Judged) -> Calibration:
    """Fit temperature, acquaintance curve and threshold.

    The threshold lets at most `FALSE_ACCEPT_RATE` of the strangers pass as somebody, and is never below
    `LEAST_CONFIDENCE`.
    """
    known, weight = judged.known, judged.weight
    temperature = _temperature(judged.logits[known, :-1], judged.labels[known])
    slope, offset = _platt(evidence(judged.logits[known]), evidence(judged.logits[~known]), weight[~known])
    always = Calibration(temperature, slope, offset, threshold=0.0)
    confidences = calibrated(judged.logits[~known], always).max(axis=1)
    threshold = _quantile(confidences, weight[~known], 1 - FALSE_ACCEPT_RATE)
    return Calibration(temperature, slope, offset, max(threshold, LEAST_CONFIDENCE))


def open_set_scores(judged: Judged, calibration: Calibration) -> npt.NDArray[np.float64]:
    """How probably each acquaintance is named rightly and more confidently than a stranger would be.

    float64, 0..1, as many as acquaintances were left out: none where everybody has one picture only.

    Notes
    -----
    The area under the curve of open-set classification rates (Dhamija et al. 2018): over all thresholds at once, so
    that a few strangers do not decide.
    """
    known, weight = judged.known, judged.weight[~judged.known]
    probabilities = calibrated(judged.logits, calibration)
    confidence = probabilities.max(axis=1)
    order = np.argsort(confidence[~known])
    below = np.concatenate([[0.0], np.cumsum(weight[order])])
    surer_than = below[np.searchsorted(confidence[~known][order], confidence[known])]
    right = probabilities[known].argmax(axis=1) == judged.labels[known]
    return np.asarray(right * surer_than, np.float64)


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
