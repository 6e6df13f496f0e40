"""Which pictures are the same one again: saved anew, recoloured, retouched or mirrored."""

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.images import Picture

Hash = npt.NDArray[np.uint64]

# Of 256 bits. Among 9,700 face crops, pairs up to 56 bits apart were the same drawing by eye, nearly all of them;
# beyond 60, pairs of different characters begin to prevail.
NEAR: Final = 52


def difference_hash(picture: Picture) -> Hash:
    """Whether it gets lighter to the right, in 16 × 16 places: uint64, shape (4,).

    Notes
    -----
    Krawetz 2013, "Kind of Like That" (dHash), at four times the bits.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).view(np.uint64)


def distinct(pictures: Iterable[Picture]) -> list[int]:
    """Indices of the pictures that repeat none before them, mirrored or not."""
    kept: list[int] = []
    seen = np.empty((0, 4), np.uint64)
    for index, picture in enumerate(pictures):
        hashed, mirrored = difference_hash(picture), difference_hash(np.ascontiguousarray(picture[:, ::-1]))
        if len(seen) and min(_nearest(seen, hashed), _nearest(seen, mirrored)) <= NEAR:
            continue
        kept.append(index)
        seen = np.concatenate([seen, hashed[np.newaxis]])
    return kept


def _nearest(seen: npt.NDArray[np.uint64], hashed: Hash) -> int:
    return int(np.bitwise_count(seen ^ hashed).sum(axis=1).min())
