"""Which pictures are the same one again: saved anew, recoloured, retouched or mirrored."""

from collections.abc import Iterable, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.pictures.reading import Picture

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


def look(picture: Picture) -> str:
    """How a picture looks, to be kept and compared later: its hash and its mirror image's, in hexadecimal."""
    both = (difference_hash(picture), difference_hash(np.ascontiguousarray(picture[:, ::-1])))
    return "".join(each.tobytes().hex() for each in both)


def distinct_looks(looks: Sequence[str], *, known: Sequence[str] = ()) -> list[int]:
    """Indices of the looks that repeat none before them and none that is known, mirrored or not."""
    repeated = np.logical_or.reduce(_near(looks, known), axis=1)
    near = _near(looks, looks)
    for index in range(len(looks)):
        if not repeated[index]:
            repeated[index + 1 :] |= near[index, index + 1 :]
    return [int(index) for index in np.flatnonzero(~repeated)]


def repeats(look: str, others: Sequence[str]) -> int | None:
    """The index of the first of these looks that is the same picture again, mirrored or not; None if there is none."""
    near = np.flatnonzero(_near([look], others))
    return int(near[0]) if len(near) else None


def _near(looks: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether two looks are of one picture: bool, shape (len(looks), len(others))."""
    mine = _bits(looks)[:, :4]
    near = np.zeros((len(looks), len(others)), bool)
    for way in (slice(0, 4), slice(4, 8)):
        theirs = _bits(others)[:, way]
        for row, each in enumerate(mine):
            near[row] |= np.bitwise_count(theirs ^ each).sum(axis=1) <= NEAR
    return near


def _bits(looks: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex("".join(looks)), np.uint64).reshape(-1, 8)


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
