"""Whether confidences keep what they promise."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Bools, Ints
from ml.measuring.scores import Score

BINS: Final = 10
_DRAWS: Final = 500  # of models that are perfectly calibrated, to see what error chance alone makes


@dataclass(frozen=True, slots=True)
class Bin:
    """Faces of about one confidence: from `low` to below `high` (1 is in the last bin).

    Attributes
    ----------
    confidence
        Its mean, 0..1, or None where there is no face.
    right
        Faces whose likeliest name is the true one.
    known
        Faces of characters that the model knows; the others are strangers'.
    """

    low: float
    high: float
    confidence: float | None
    right: Score
    known: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether confidences keep what they promise, over faces of known characters and of strangers.

    Attributes
    ----------
    error
        Expected calibration error, 0..1: how far confidence and share of right names are apart, in the mean over faces.
    error_alike
        The same, with known characters and strangers counting alike, however many there are of each; None if one
        is missing.
    by_chance
        95 of 100 perfectly calibrated models would show less error than this, on so many faces.
    """

    faces: int
    error: float
    error_alike: float | None
    by_chance: float
    bins: tuple[Bin, ...]


def reliability(
    confidence: npt.NDArray[np.float64],
    right: Bools,
    known: Bools,
) -> Reliability:
    """Compare confidences, 0..1, with whether the name was right and the character known; all of shape (n,)."""
    place = _bins(confidence)
    chance = np.random.default_rng(0)
    drawn = [
        calibration_error(confidence, chance.random(len(confidence)) < confidence)
        for _ in range(_DRAWS if len(confidence) else 0)
    ]
    both = known.any() and not known.all()
    alike = np.where(known, 0.5 / max(1, int(known.sum())), 0.5 / max(1, int((~known).sum())))
    return Reliability(
        faces=len(confidence),
        error=calibration_error(confidence, right),
        error_alike=calibration_error(confidence, right, weight=alike) if both else None,
        by_chance=float(np.quantile(drawn, 0.95)) if drawn else 0.0,
        bins=tuple(
            Bin(
                low=i / BINS,
                high=(i + 1) / BINS,
                confidence=float(confidence[place == i].mean()) if (place == i).any() else None,
                right=Score(int(right[place == i].sum()), int((place == i).sum())),
                known=int(known[place == i].sum()),
            )
            for i in range(BINS)
        ),
    )


def calibration_error(
    confidence: npt.NDArray[np.float64],
    right: Bools,
    *,
    weight: npt.NDArray[np.float64] | None = None,
) -> float:
    """Expected calibration error over `BINS` of equal width, 0..1; 0 of nothing.

    Parameters
    ----------
    confidence, right
        Shape (n,): what was promised, 0..1, and whether it was so.
    weight
        Of each face, shape (n,); the same for all if None.

    Notes
    -----
    Naeini et al. 2015.
    """
    if not len(confidence):
        return 0.0
    weight = np.ones(len(confidence)) if weight is None else weight
    gaps = np.bincount(_bins(confidence), weights=weight * (right - confidence), minlength=BINS)
    return float(np.abs(gaps).sum() / weight.sum())


def _bins(confidence: npt.NDArray[np.float64]) -> Ints:
    return np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
