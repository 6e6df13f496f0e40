"""What was learned since a version was made, as columns beside the version's own; see `ml.training.at_once`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.naming.classifier import Calibration, Classifier


@dataclass(frozen=True, slots=True)
class Learned:
    """Columns of a `Classifier` that count until the next retraining; small enough to be sent along with a picture.

    Attributes
    ----------
    names
        Their characters; there may be none.
    weights, bias
        As in `Classifier`.
    pictures
        How many pictures each was learned from that no version knows; those that the version knows too are missing.
    without
        The version's characters whose own columns do not count any more.
    crowd, calibration
        For where there is no version; None where there is one, which has its own.
    """

    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    pictures: Mapping[str, int]
    without: frozenset[str]
    crowd: npt.NDArray[np.float16] | None = None
    calibration: Calibration | None = None

    def joined(self, version: Classifier | None) -> Classifier | None:
        """A version together with what was learned since; None if that leaves nobody to be known."""
        if version is None:
            if self.crowd is None or self.calibration is None or not self.names:
                return None
            crowd = self.crowd.astype(np.float32)
            return Classifier(self.names, self.weights, self.bias, crowd, self.calibration, self.pictures)
        kept = np.array([name not in self.without for name in version.names])
        names = (*(name for name in version.names if name not in self.without), *self.names)
        if not names:
            return None
        return replace(
            version,
            names=names,
            weights=np.concatenate([version.weights.compress(kept, axis=1), self.weights], axis=1),
            bias=np.concatenate([version.bias[kept], self.bias]),
            learned=self.pictures,
        )
