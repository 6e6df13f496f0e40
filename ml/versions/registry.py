"""Versions of a classifier on disk: one folder each, published whole or not at all."""

import logging
import os
import re
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock

from ml import files
from ml.versions.version import (
    DamagedVersion,
    ModelVersion,
    RegistryError,
    Stamp,
    read,
    seal,
    stamp,
    stamps,
)

_log = logging.getLogger(__name__)

HOME_VARIABLE = "KOREDARE_HOME"
KEPT = 10  # versions, beside those that may not go
_NAME = re.compile(r"v[1-9]\d{0,8}")


class NoSuchVersion(RegistryError):
    """There is no version of that name; says which there are."""

    code = "no_such_version"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no version {name!r}. There are: {', '.join(known) or 'none yet'}.")
        self.name = name
        self.known = tuple(known)


class NoEarlierVersion(RegistryError):
    """There is nothing to go back to."""

    code = "no_earlier_version"

    def __init__(self) -> None:
        super().__init__("There is no earlier version to go back to.")


@dataclass(frozen=True, slots=True)
class InCharge:
    """Which version answers.

    Attributes
    ----------
    version
        The one that was put in charge, or in place of a damaged one the newest before it that is whole. None: there is
        none.
    damaged
        The folder of the one that was put in charge, if another answers in its place, or none does; the file `active`,
        if it cannot be told which one that was.
    seen
        The files that this rests on, and what changes with each.
    """

    version: ModelVersion | None
    damaged: Path | None
    seen: Mapping[Path, Stamp]

    def holds(self) -> bool:
        """Whether none of these files has changed since; reads nothing, so it may be asked for every picture."""
        return all(stamp(path) == then for path, then in self.seen.items())


def default_home() -> Path:
    """Where Koredare keeps what it learns: the folder that `KOREDARE_HOME` names, else the platform's for user data."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).expanduser()
    return platformdirs.user_data_path("koredare", appauthor=False)


def models(home: Path, guild_id: int | None = None) -> Path:
    """The folder in a data folder of a guild's versions; None: of those that everyone shares."""
    return home / "models" / ("everyone" if guild_id is None else str(guild_id))


class Registry:
    """The versions of one scope (a guild, or everyone), and which of them is active.

    Any number of processes may read while one publishes: a version folder appears by one rename, and the name of
    the active one is a small file replaced by another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "active"
        self._staging = folder / "staging"

    def look(self) -> tuple[list[ModelVersion], dict[str, str]]:
        """The published versions, oldest first, and those that are damaged: by their names, what is wrong.

        Raises
        ------
        RegistryError
            The folder of the registry cannot be read.
        """
        sound: list[ModelVersion] = []
        damaged: dict[str, str] = {}
        for name in self._names():
            try:
                sound.append(read(self._folder / name))
            except DamagedVersion as error:
                damaged[name] = error.why
                _log.warning("%s is damaged, and set aside: %s.", self._folder / name, error.why)
        return sound, damaged

    def versions(self) -> list[ModelVersion]:
        """All published versions that are whole, oldest first."""
        return self.look()[0]

    def chosen(self) -> str | None:
        """The name of the version that was put in charge, as it is written down; None: nothing is, or it is damaged."""
        try:
            written = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return written if _NAME.fullmatch(written) else None

    def in_charge(self) -> InCharge:
        """Which version answers; whatever is damaged is passed over, and the log says so."""
        seen = {self._pointer: stamp(self._pointer)}
        chosen = self.chosen()
        try:
            names = self._names()
        except RegistryError as error:
            _log.warning("Nobody is named: %s", error)
            return InCharge(None, self._pointer, seen)
        if chosen is not None:
            names = [*(name for name in names if _number(name) < _number(chosen)), chosen]
        elif names or seen[self._pointer] is not None:
            _log.warning("%s does not say which version answers.", self._pointer)
        else:
            return InCharge(None, None, seen)
        for name in reversed(names):
            folder = self._folder / name
            seen |= stamps(folder)
            try:
                version = read(folder)
            except DamagedVersion as error:
                _log.warning("%s is damaged, and set aside: %s.", folder, error.why)
            else:
                damaged = None if name == chosen else self._damaged(chosen)
                return InCharge(version, damaged, seen)
        return InCharge(None, self._damaged(chosen), seen)

    def active(self) -> ModelVersion | None:
        """The version that answers, or None if there is none; see `in_charge`."""
        return self.in_charge().version

    def get(self, name: str) -> ModelVersion:
        """The version of that name.

        Raises
        ------
        NoSuchVersion
            There is none.
        DamagedVersion
            It is damaged.
        """
        if name not in self._names():
            raise NoSuchVersion(name, [version.name for version in self.versions()])
        return read(self._folder / name)

    @contextmanager
    def staging(self) -> Generator[Path]:
        """An empty folder to build a version in, on the same disk; gone afterwards unless published."""
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = files.beside(self._staging)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def still(self) -> Generator[None]:
        """Nothing is published, put in charge or pruned while the block lasts; whoever wants to waits."""
        with FileLock(self._folder / ".lock"):
            yield

    def sweep(self) -> None:
        """Remove what processes that were killed left in staging; only while nobody else stages."""
        with FileLock(self._folder / ".lock"):  # within which alone a pointer is written
            files.sweep(self._staging)
            files.sweep(self._pointer)

    def publish(self, staged: Path, *, published: Mapping[str, str]) -> ModelVersion:
        """Make a staged folder the active version.

        A process killed at any moment leaves either the old version active or the new one, both whole.

        Parameters
        ----------
        published
            As `ModelVersion.published`; it becomes part of the description.

        Raises
        ------
        RegistryError
            The folder does not hold a version.
        """
        seal(staged, published=published)  # refuse before anything moves
        with FileLock(self._folder / ".lock"):
            # Numbers of pruned versions stay used: the counter outlives the folders.
            number = max(map(_number, [*self._names(), self.chosen() or "v0"])) + 1
            files.put(staged, self._folder / f"v{number}")
            self._point_at(f"v{number}")
        return read(self._folder / f"v{number}")

    def activate(self, name: str) -> ModelVersion:
        """Make a published version the active one.

        Raises
        ------
        NoSuchVersion, DamagedVersion
            There is none, or it is damaged.
        """
        version = self.get(name)
        with FileLock(self._folder / ".lock"):
            self._point_at(version.name)
        return version

    def predecessor(self) -> ModelVersion:
        """The newest version before the one that was put in charge, whether or not that is whole.

        Raises
        ------
        NoEarlierVersion
            There is none.
        """
        active = self.active()
        at = self.chosen() or (active and active.name)
        earlier = [v for v in self.versions() if at and v.number < _number(at)]
        if not earlier:
            raise NoEarlierVersion
        return earlier[-1]

    def prune(self) -> list[str]:
        """Remove all but the newest `KEPT` versions; gives the names of those that are gone.

        Never the active one, nor the one before it, nor any that is damaged: of it nobody can say what it is worth.
        """
        with FileLock(self._folder / ".lock"):
            versions, active = self.versions(), self.active()
            earlier = [v for v in versions if active is not None and v.number < active.number]
            spared = {v.name for v in (*versions[-KEPT:], *earlier[-1:])} | ({active.name} if active else set[str]())
            gone = [v for v in versions if v.name not in spared]
            for version in gone:
                # Out of sight by one rename first: a process killed in between leaves no half of a version.
                aside = files.beside(self._staging)
                version.folder.rename(aside)
                shutil.rmtree(aside, ignore_errors=True)
        return [version.name for version in gone]

    def _point_at(self, name: str) -> None:
        with files.written_whole(self._pointer) as aside:
            aside.write_text(name + "\n", encoding="ascii")

    def _names(self) -> list[str]:
        """All versions, oldest first, whether or not they can be read."""
        try:
            found = [child.name for child in self._folder.iterdir() if _NAME.fullmatch(child.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RegistryError(f"{self._folder} cannot be read: {error.strerror}.") from error
        return sorted(found, key=_number)

    def _damaged(self, chosen: str | None) -> Path:
        return self._pointer if chosen is None else self._folder / chosen


def _number(name: str) -> int:
    return int(name[1:])
