"""Room on the disk: what is large is not begun where it might not fit, instead of failing half-way."""

import logging
import shutil
from pathlib import Path
from typing import Final

from ml.errors import KoredareError

log = logging.getLogger(__name__)

LEAST: Final = 200 * 2**20
"""Bytes that stay free for what must not fail: what people say, and its way into the database."""


class NoRoom(KoredareError):
    """The disk has less room left than what was asked for would need."""

    code = "no_room"

    def __init__(self, left: int, needed: int) -> None:
        """Take both in bytes."""
        self.left, self.needed = left // 2**20, -(-needed // 2**20)
        super().__init__(
            f"The disk has {self.left} MB left, and this needs {self.needed} MB; whoever runs me has to make room."
        )


def left(folder: Path) -> int:
    """Bytes that may still be written on the disk of a folder, which need not be there yet."""
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free


def require(folder: Path, more: int = 0) -> None:
    """Refuse what would write so many bytes into a folder, if that left less than `LEAST` of the disk.

    Raises
    ------
    NoRoom
        There is not enough.
    """
    if (free := left(folder)) < more + LEAST:
        raise NoRoom(free, more + LEAST)


def enough(folder: Path, *, what: str) -> bool:
    """Whether there is room for something small that nobody waits for; a line in the log where there is not."""
    try:
        require(folder)
    except NoRoom as error:
        log.warning("%s: %s", what, error)
        return False
    return True
