"""Which pictures are the same one again: saved anew, recoloured, retouched or mirrored."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.arrays import Bools, Ints
from ml.pictures.reading import Picture

Looks = npt.NDArray[np.uint64]
"""Shape (n, 2, 4): the hash of each picture and of its mirror image."""

# Of 256 bits. Among 9,700 face crops, pairs up to 56 bits apart were the same drawing by eye, nearly all of them;
# beyond 60, pairs of different characters begin to prevail.
NEAR: Final = 52
_PAIRS: Final = 2**17  # compared at a time: what they take stays in the processor's cache


def look(picture: Picture) -> str:
    """How a picture looks, to be kept and compared later: its hash and its mirror image's, in hexadecimal.

    Notes
    -----
    Whether it gets lighter to the right, in 16 × 16 places: Krawetz 2013, "Kind of Like That" (dHash), at four times
    the bits.
    """
    return "".join(_hash(each).tobytes().hex() for each in (picture, np.ascontiguousarray(picture[:, ::-1])))


def distinct(looks: Sequence[str], *, known: Sequence[str] = ()) -> list[int]:
    """Indices of the looks that repeat none before them and none that is known, mirrored or not.

    What only repeats a repetition is no repetition itself.
    """
    mine, others = _bits(looks), _bits(known)
    kept = np.ones(len(mine), bool)
    for rows in _blocks(len(mine), of=len(others)):
        kept[rows] = ~_near(mine[rows], others).any(axis=1)
    for row, later in _later(mine):
        if kept[row]:
            kept[row + 1 :] &= ~later
    return np.flatnonzero(kept).tolist()


def groups(looks: Sequence[str], origins: Sequence[str]) -> Ints:
    """Which of n pictures belong together: int, shape (n,), the same number for those of one group.

    Those of one origin do, and those of which one repeats the other, mirrored or not; and whoever belongs to either.
    """
    first: dict[str, int] = {}
    group = np.array([first.setdefault(origin, i) for i, origin in enumerate(origins)], np.intp)
    for row, later in _later(_bits(looks)):
        mine, joined = group[row], group[row + 1 :][later]
        if (joined != mine).any():
            group[np.isin(group, joined)] = mine
    return group


def repeats(look: str, others: Sequence[str]) -> int | None:
    """The index of the first of these looks that is the same picture again, mirrored or not; None if there is none."""
    near = np.flatnonzero(_near(_bits([look]), _bits(others)))
    return int(near[0]) if len(near) else None


def _hash(picture: Picture) -> npt.NDArray[np.uint64]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).view(np.uint64)


def _bits(looks: Sequence[str]) -> Looks:
    return np.frombuffer(bytes.fromhex("".join(looks)), np.uint64).reshape(-1, 2, 4)


def _later(looks: Looks) -> Iterator[tuple[int, Bools]]:
    """Each row that any later row repeats, and which of the later ones do."""
    for rows in _blocks(len(looks), of=len(looks)):
        later = np.triu(_near(looks[rows], looks[rows.start :]), k=1)
        for place in np.flatnonzero(later.any(axis=1)).tolist():
            yield rows.start + place, later[place, place + 1 :]


def _blocks(count: int, *, of: int) -> Iterator[slice]:
    height = max(1, _PAIRS // max(1, of))
    return (slice(start, min(start + height, count)) for start in range(0, count, height))


def _near(looks: Looks, others: Looks) -> Bools:
    """Whether the others repeat the looks, mirrored or not: bool, shape (len(looks), len(others))."""
    near = np.zeros((len(looks), len(others)), bool)
    for way in (0, 1):
        apart = [np.bitwise_count(looks[:, 0, word, None] ^ others[:, way, word]) for word in range(4)]
        half, rest = apart[0] + apart[1], apart[2] + apart[3]  # up to 128 each: all at once would overflow
        near |= (half <= NEAR) & (rest <= NEAR - half)
    return near
