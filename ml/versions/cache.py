"""Versions of which this machine holds a copy, known by what is in them; the least used make room."""

import logging
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ml import files
from ml.versions.version import DamagedVersion, ModelVersion, read

_log = logging.getLogger(__name__)

MOST: Final = 2**30  # bytes of all copies together: 500 of 2,000 characters each
UNUSED: Final = 30 * 24 * 3600.0  # seconds after which one that nobody asked for goes all the same


class Cache:
    """Copies of versions in a data folder, by their owners and digests.

    Any number of processes may use it side by side. What is damaged in it is removed, and
    fetched again by who needs it.
    """

    def __init__(self, home: Path, *, most: int = MOST) -> None:
        self._folder = home / "cache" / "versions"
        self._most = most

    def where(self, owner: str, name: str, digest: str) -> Path:
        """The folder of a copy, if there is one."""
        return self._folder / owner / place(name, digest) / name

    def find(self, owner: str, name: str, digest: str) -> ModelVersion | None:
        """A copy, looked through from end to end; None: there is none, or it was damaged."""
        folder = self.where(owner, name, digest)
        if not folder.is_dir():
            return None
        try:
            version, why = read(folder), "it is not what it was"
        except DamagedVersion as error:
            version, why = None, error.why
        if version is None or version.digest != digest:
            _log.warning("The copy in %s is damaged, and removed: %s.", folder, why)
            self.drop(owner, name, digest)
            return None
        with suppress(OSError):  # somebody makes room just now
            os.utime(folder.parent)
        return version

    def put(self, owner: str, name: str, digest: str, parts: Mapping[str, bytes]) -> ModelVersion:
        """Keep a copy of a version that came from elsewhere, if it is what it should be.

        Raises
        ------
        DamagedVersion
            It is not.
        """
        copy = self.where(owner, name, digest).parent
        aside = files.beside(copy)
        try:
            (aside / name).mkdir(parents=True)
            for part, data in parts.items():
                (aside / name / part).write_bytes(data)
            if read(aside / name).digest != digest:
                raise DamagedVersion(name, "it was altered on its way, or where it lies")
            with suppress(OSError):  # somebody else brought it meanwhile, and it is the same
                aside.replace(copy)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self._make_room(spared=copy)
        return read(copy / name)

    def drop(self, owner: str, name: str, digest: str) -> None:
        """Remove a copy, if there is one."""
        shutil.rmtree(self.where(owner, name, digest).parent, ignore_errors=True)

    def forget(self, owner: str) -> None:
        """Remove all copies of an owner's."""
        shutil.rmtree(self._folder / owner, ignore_errors=True)

    def _make_room(self, *, spared: Path) -> None:
        """Remove the copies that were not asked for the longest, until the others are few and young enough."""
        copies = {folder: (_used(folder), _size(folder)) for folder in self._folder.glob("*/*")}
        taken = sum(size for _, size in copies.values())
        for folder, (used, size) in sorted(copies.items(), key=lambda each: each[1]):
            if taken <= self._most and used > time.time() - UNUSED:
                return
            if folder != spared and not folder.name.startswith("."):
                shutil.rmtree(folder, ignore_errors=True)
                taken -= size


def place(name: str, digest: str) -> str:
    """The name of the folder of a version among others, here and in a store."""
    return f"{name}-{digest[:16]}"


def _used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # somebody else makes room too
        return 0.0


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
