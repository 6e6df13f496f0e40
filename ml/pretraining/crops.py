"""A folder of face crops for each character, as fine-tuning reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.errors import KoredareError
from ml.pictures import duplicates
from ml.pictures.reading import Picture

_SUFFIXES: Final = {".jpg", ".jpeg", ".png", ".webp"}
_NOBODY: Final = {"detection", "negatives"}  # may lie beside the characters, for `ml.pretraining.verifier`


class CropsError(KoredareError):
    """The folder holds nothing to learn from, or a file in it cannot be read."""


@dataclass(frozen=True, slots=True)
class Crops:
    """Face crops and whose they are.

    Attributes
    ----------
    files
        The encoded pictures, n of them: decoding one when it is needed takes less time than memory for all.
    labels
        int64, shape (n,), places in `names`.
    names
        The characters, in alphabetical order.
    repeated
        How many crops of the folder were left out because they repeat another one, of any character.
    """

    files: tuple[bytes, ...]
    labels: npt.NDArray[np.int64]
    names: tuple[str, ...]
    repeated: int

    def __len__(self) -> int:
        return len(self.files)

    def picture(self, index: int) -> Picture:
        """One crop: RGB, uint8, shape (height, width, 3)."""
        return _decode(self.files[index], f"crop {index}")

    def split(self, patterns: Sequence[str]) -> tuple["Crops", "Crops"]:
        """The characters that fit none of these patterns (as the shell's), and those that fit one."""
        return self._of(lambda name: not _fits(name, patterns)), self._of(lambda name: _fits(name, patterns))

    def _of(self, wanted: Callable[[str], bool]) -> "Crops":
        chosen = [label for label, name in enumerate(self.names) if wanted(name)]
        places = np.flatnonzero(np.isin(self.labels, chosen))
        return Crops(
            tuple(self.files[i] for i in places),
            np.searchsorted(chosen, self.labels[places]),
            tuple(self.names[label] for label in chosen),
            self.repeated,
        )


def read(*folders: Path, limit: int = 400) -> Crops:
    """Read folders of one folder for each character; near-duplicates are left out first.

    Parameters
    ----------
    folders
        Hold `<character>/<picture>`, JPEG, PNG or WebP; no character is in two of them. Nobody is called "detection"
        or "negatives": these folders are the verifier's.
    limit
        Crops of one character at most: the first ones by file name.

    Raises
    ------
    CropsError
        There are no crops, or a file is no picture.
    """
    found = (path for folder in folders for path in folder.glob("*") if path.is_dir() and path.name not in _NOBODY)
    characters = sorted(found, key=_name)
    paths = [
        path for character in characters for path in sorted(character.iterdir()) if path.suffix.lower() in _SUFFIXES
    ]
    if not paths:
        raise CropsError(f"{' and '.join(map(str, folders))} holds no folders of crops.")
    files = [path.read_bytes() for path in paths]
    # Over all characters at once: a crop that two of them share is a mistake in one of the two folders.
    kept = duplicates.distinct([duplicates.look(_decode(*each)) for each in zip(files, paths, strict=True)])
    repeated = len(files) - len(kept)
    # A character's crops lie together: one is too many if the one `limit` places before it is still theirs.
    kept = [i for place, i in enumerate(kept) if place < limit or paths[kept[place - limit]].parent != paths[i].parent]
    labels = np.array([characters.index(paths[i].parent) for i in kept])
    return Crops(tuple(files[i] for i in kept), labels, tuple(path.name for path in characters), repeated)


def _name(folder: Path) -> str:
    return folder.name


def _decode(data: bytes, source: object) -> Picture:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if data else None
    if pixels is None:
        raise CropsError(f"{source} is no picture, or is damaged.")
    return np.asarray(pixels, np.uint8)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
