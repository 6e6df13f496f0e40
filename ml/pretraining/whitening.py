"""Whitening: what faces of one character differ in counts for less, so that what characters differ in shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.faces.crops import tighten
from ml.naming.embedder import fitted
from ml.pretraining.augmentation import vary
from ml.pretraining.crops import Crops

DIMENSIONS: Final = 512
_CROPS: Final = 60  # of each character; more changed nothing
_SHRINKAGE: Final = 0.5
_MATRIX: Final = "whitening.matrix"
_OFFSET: Final = "whitening.offset"


@dataclass(frozen=True, slots=True)
class Whitening:
    """An affine map from joined features to embeddings: `features @ matrix + offset`.

    Attributes
    ----------
    matrix
        float32, shape (features, dimensions).
    offset
        float32, shape (dimensions,).
    """

    matrix: Floats
    offset: Floats

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As they are stored beside a network's weights."""
        return {_MATRIX: self.matrix.astype(np.float16), _OFFSET: self.offset}

    def centred(self, crops: Crops, features: Callable[[Floats], Floats], *, size: int) -> "Whitening":
        """The same, with these faces around the origin: those of characters that the network did not learn.

        They have more in common than those that it did, and what all share tells nobody apart. Every character counts
        alike; `features` as in `fit`.
        """
        seen = _seen(np.stack([fitted(tighten(crops.picture(i)), size) for i in range(len(crops))]), features)
        means = np.stack([seen[crops.labels == label].mean(axis=0) for label in np.unique(crops.labels)])
        return replace(self, offset=np.asarray(-means.mean(axis=0) @ self.matrix, np.float32))


def parted(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[dict[str, npt.NDArray[Any]], Whitening | None]:
    """Stored arrays as a network's weights and the whitening that goes with them, if there is one."""
    weights = {name: array for name, array in arrays.items() if name not in (_MATRIX, _OFFSET)}
    if len(weights) == len(arrays):
        return weights, None
    return weights, Whitening(arrays[_MATRIX].astype(np.float32), arrays[_OFFSET].astype(np.float32))


def fit(crops: Crops, features: Callable[[Floats], Floats], *, size: int, dimensions: int = DIMENSIONS) -> Whitening:
    """Learn from faces of many characters what one character's faces differ in, as they are and varied.

    Parameters
    ----------
    crops
        Up to 60 of each character are looked at.
    features
        From pixels, float32, 0..255, shape (n, size, size, 3), to float32, shape (n, d).
    dimensions
        Of the embedding; fewer where the features have no more.

    Notes
    -----
    Within-class covariance normalisation (Hatch et al. 2006, for speakers): features are scaled by the inverse root of
    the mean covariance within a character, which is drawn half-way to a multiple of the identity. Of what comes out,
    the directions in which all faces together vary most are kept.
    """
    rng = np.random.default_rng(0)
    chosen = np.concatenate(
        [rng.permutation(np.flatnonzero(crops.labels == label))[:_CROPS] for label in range(len(crops.names))]
    )
    labels = crops.labels[chosen]
    pictures = [crops.picture(int(place)) for place in chosen]
    plain = _seen(np.stack([fitted(picture, size) for picture in pictures]), features)
    varied = np.stack([vary(picture, np.random.default_rng(i), size=size) for i, picture in enumerate(pictures)])
    return whiten(plain, labels, also=_seen(varied, features), dimensions=dimensions)


def whiten(plain: Floats, labels: npt.NDArray[np.int64], *, also: Floats, dimensions: int) -> Whitening:
    """As `fit`, of features: shape (n, d), of the same faces as they are and (`also`) varied."""
    centre, spread = plain.mean(axis=0), plain.std(axis=0).mean()
    within = (_within(plain, labels) + _within(also, labels)) / (2 * spread**2)
    within = (1 - _SHRINKAGE) * within + _SHRINKAGE * np.trace(within) / len(within) * np.eye(len(within))
    values, vectors = np.linalg.eigh(within)
    matrix = vectors / np.sqrt(values) / spread
    varying = np.linalg.eigh(np.cov((plain - centre) @ matrix, rowvar=False))[1][:, ::-1][:, :dimensions]
    matrix = (matrix @ varying).astype(np.float16).astype(np.float32)  # as it is stored
    return Whitening(matrix, np.asarray(-centre @ matrix, np.float32))


def _within(features: Floats, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The mean covariance within a character, shape (d, d)."""
    means = np.stack([features[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    apart = (features - means[labels]).astype(np.float64)
    return apart.T @ apart / len(apart)


def _seen(pixels: npt.NDArray[np.uint8], features: Callable[[Floats], Floats]) -> Floats:
    """Features of pictures, each averaged with its mirror image's, as an embedder gives them."""
    rows: list[Floats] = []
    for start in range(0, len(pixels), 64):
        batch = pixels[start : start + 64].astype(np.float32)
        rows.append((features(batch) + features(batch[:, :, ::-1])) / np.float32(2))
    return np.concatenate(rows)
