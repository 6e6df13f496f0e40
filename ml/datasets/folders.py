"""Labelled folders on disk: a folder of pictures per character; read whole, and written whole or not at all."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.errors import KoredareError
from ml.files import folder_whole, printable
from ml.naming.names import is_own_word

STRANGERS: Final = "_unknown"
"""The folder of those who should be given no name; other words for strangers (`ml.naming.names`) do as well."""
UNRECOGNIZED: Final = "unrecognized"
"""Where cropping puts the pictures in which it found no face; never a character."""

_EXPECTED = "I expect a folder for each character, named after it, with pictures of that character in it."


class FolderError(KoredareError):
    """A folder that cannot be read or written as asked; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was not used, and why, in a few words."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a labelled folder holds.

    Attributes
    ----------
    files
        The name of the character's folder (or `STRANGERS`) and a file in it, in order. They may be no pictures.
    left_out
        What lies in no character's folder.
    """

    files: tuple[tuple[str, Path], ...]
    left_out: tuple[LeftOut, ...]


def labelled(folder: Path) -> Labelled:
    """List the files in `folder/<character>/*`; those whose name begins with a dot are nobody's business.

    Raises
    ------
    FolderError
        The folder is missing, cannot be read, or holds no folder with files.

    Notes
    -----
    A character's folder that cannot be read, or whose name is not UTF-8 (as a ZIP from a Japanese Windows leaves
    them), is left out; the others are not the worse for it.
    """
    if not folder.is_dir():
        raise FolderError(f"{folder} is not a folder. {_EXPECTED}")
    files: list[tuple[str, Path]] = []
    left_out: list[LeftOut] = []
    try:
        inside = _visible(folder)
    except OSError as error:
        raise FolderError(f"{folder} cannot be read: {error.strerror}.") from error
    for path in inside:
        strangers = is_own_word(path.name)
        if not path.is_dir() or path.name == UNRECOGNIZED or (path.name[0] == "_" and not strangers):
            left_out.append(LeftOut(path, "not the folder of a character"))
        elif printable(path.name) != path.name:
            left_out.append(LeftOut(path, "its name is not UTF-8: give it another"))
        else:
            try:
                files += [(STRANGERS if strangers else path.name, file) for file in _visible(path)]
            except OSError as error:
                left_out.append(LeftOut(path, f"it cannot be read: {error.strerror}"))
    if not files:
        raise FolderError(f"{folder} holds no folder with pictures. {_EXPECTED}")
    return Labelled(tuple(files), tuple(left_out))


@contextmanager
def new_folder(folder: Path, *, apart_from: Path) -> Generator[Path]:
    """A folder to write into that takes its name only at the end, as `ml.files.folder_whole`.

    Parameters
    ----------
    folder
        Must not exist, or be empty.
    apart_from
        What is being read: `folder` must lie outside it.

    Raises
    ------
    FolderError
        The folder has something in it already, lies inside what is read, or cannot be written.
    """
    folder, source = folder.resolve(), apart_from.resolve()
    if folder == source or source in folder.parents:
        raise FolderError(f"{folder} lies inside {source}, which is being read: choose a place outside it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder} is not empty, and I never write over anything: choose another name.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder_whole(folder) as aside:
            yield aside
    except OSError as error:
        raise FolderError(f"{folder} cannot be written: {error.strerror}.") from error


class FileNames:
    """File names in one folder that no two files share, on any system: neither case nor suffix tells them apart."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, stem: str, suffix: str) -> str:
        """The name, or, where it is taken, the first with a tilde and a number before the suffix."""
        name, count = f"{stem}{suffix}", 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{stem}~{count}{suffix}"
        self._taken.add(name.casefold())
        return name


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
