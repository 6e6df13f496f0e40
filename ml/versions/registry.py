"""Versions of a classifier: which there are and which one answers, each published whole or not at all."""

import logging
import os
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import platformdirs
from filelock import FileLock

from ml import files
from ml.versions.charge import Damaged, InCharge, owner_of
from ml.versions.store import LOCK, STAGING, Folder, Store
from ml.versions.version import (
    DamagedVersion,
    ModelVersion,
    Overtaken,
    RegistryError,
    seal,
    stamp,
    stamps,
)

_log = logging.getLogger(__name__)

HOME_VARIABLE = "KOREDARE_HOME"
KEPT = 10  # versions, beside those that may not go


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


def default_home() -> Path:
    """Where Koredare keeps what it learns: the folder that `KOREDARE_HOME` names, else the platform's for user data."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).expanduser()
    return platformdirs.user_data_path("koredare", appauthor=False)


def models(home: Path, guild_id: int | None = None) -> Path:
    """The folder in a data folder of a guild's versions; None: of those that everyone shares."""
    return home / "models" / owner_of(guild_id)


class Registry:
    """The versions of one owner (a guild, or everyone), and which of them is active.

    Any number of processes may read while one publishes: a version is there whole or not at all, and which one is
    active is one small record, replaced at once. Of two that publish at the same time one comes after the other, or is
    told that it was overtaken.

    Parameters
    ----------
    place
        Where they lie: a folder of this machine, or another store.
    """

    def __init__(self, place: Path | Store) -> None:
        self.store: Store = Folder(place) if isinstance(place, Path) else place
        self._owner = self.store.folder.name

    def look(self) -> tuple[list[ModelVersion], dict[str, str]]:
        """The published versions, oldest first, and those that are damaged: by their names, what is wrong.

        What is out of reach just now is in neither, and the log says so.

        Raises
        ------
        RegistryError
            The versions cannot be read.
        """
        sound: list[ModelVersion] = []
        damaged: dict[str, str] = {}
        for name in self._names():
            try:
                sound.append(self.store.read(name))
            except DamagedVersion as error:
                damaged[name] = error.why
                _log.warning("%s is damaged, and set aside: %s.", self.store.shown(name), error.why)
            except RegistryError as error:
                _log.warning("%s is passed over: %s", self.store.shown(name), error)
        return sound, damaged

    def versions(self) -> list[ModelVersion]:
        """All published versions that are whole, oldest first."""
        return self.look()[0]

    def chosen(self) -> str | None:
        """The name of the version that was put in charge, as it is written down; None: nothing is, or it is damaged."""
        return self.store.chosen()

    def in_charge(self) -> InCharge:
        """Which version answers; whatever is damaged or out of reach is passed over, and the log says so."""
        record = self.store.record
        seen = {record: stamp(record)}
        chosen = self.store.chosen()
        found = partial(InCharge, self._owner, chosen)
        try:
            names = self._names()
        except RegistryError as error:
            _log.warning("Nobody is named: %s", error)
            return found(None, self._damaged(None), seen)
        if chosen is not None:
            names = [*(name for name in names if _number(name) < _number(chosen)), chosen]
        elif names or seen[record] is not None:
            _log.warning("%s does not say which version answers.", record)
        else:
            return found(None, None, seen)
        for name in reversed(names):
            seen |= stamps(self.store.where(name))
            try:
                version = self.store.read(name)
            except DamagedVersion as error:
                _log.warning("%s is damaged, and set aside: %s.", self.store.shown(name), error.why)
            except RegistryError as error:
                _log.warning("%s is passed over: %s", self.store.shown(name), error)
            else:
                seen |= stamps(version.folder)  # it may have come here only now
                return found(version, None if name == chosen else self._damaged(chosen), seen)
        return found(None, self._damaged(chosen), seen)

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
        return self.store.read(name)

    @contextmanager
    def staging(self) -> Generator[Path]:
        """An empty folder to build a version in, on the same disk; gone afterwards unless published."""
        self.store.folder.mkdir(parents=True, exist_ok=True)
        folder = files.beside(self.store.folder / STAGING)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def still(self) -> Generator[None]:
        """Nothing changes in the folder while the block lasts; whoever wants to publish here waits."""
        with FileLock(self.store.folder / LOCK):
            yield

    def sweep(self) -> None:
        """Remove what processes that were killed left in staging; only while nobody else stages."""
        with self.still():  # within which alone a record is written
            files.sweep(self.store.folder / STAGING)
            files.sweep(self.store.record)

    def refresh(self) -> None:
        """Learn what other machines have published; where all is in a folder here, there is nothing to ask.

        Raises
        ------
        RegistryError
            The store cannot be reached; what is known here goes on answering.
        """
        self.store.refresh()

    def fresh(self) -> "Registry":
        """This registry after `refresh`, for who looks once; with a store out of reach as it is known here."""
        try:
            self.refresh()
        except RegistryError as error:
            _log.warning("%s What this machine knows of it holds.", error)
        return self

    def publish(
        self, staged: Path, *, published: Mapping[str, str], instead_of: InCharge | None = None
    ) -> ModelVersion:
        """Make a staged folder the active version.

        A process killed at any moment leaves either the old version active or the new one, both whole.

        Parameters
        ----------
        published
            As `ModelVersion.published`; it becomes part of the description.
        instead_of
            What it was made to follow; None: whatever is in charge.

        Raises
        ------
        Overtaken
            Another one was put in charge meanwhile.
        RegistryError
            The folder does not hold a version, or it cannot be brought to where versions lie.
        """
        seal(staged, published=published)  # refuse before anything moves
        with self.store.changing():
            chosen = self.store.chosen()
            if instead_of is not None and chosen != instead_of.chosen:
                raise Overtaken
            # Numbers of pruned versions stay used: the counter outlives the folders.
            name = f"v{max(map(_number, [*self._names(), chosen or 'v0'])) + 1}"
            self.store.publish(staged, name)
        return self.store.read(name)

    def activate(self, name: str) -> ModelVersion:
        """Make a published version the active one.

        Raises
        ------
        NoSuchVersion, DamagedVersion
            There is none, or it is damaged.
        Overtaken
            Another one was put in charge meanwhile.
        """
        version = self.get(name)
        with self.store.changing():
            self.store.activate(version.name)
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
        with self.store.changing():
            if len(self._names()) <= KEPT:
                return []
            versions, active = self.versions(), self.active()
            earlier = [v for v in versions if active is not None and v.number < active.number]
            spared = {v.name for v in (*versions[-KEPT:], *earlier[-1:])} | ({active.name} if active else set[str]())
            gone = [v.name for v in versions if v.name not in spared]
            if gone:
                self.store.remove(gone)
        return gone

    def erase(self) -> None:
        """Remove all of its versions for good, here and where they lie.

        Raises
        ------
        RegistryError
            The store cannot be reached; nothing was removed.
        """
        self.store.erase()

    def _names(self) -> list[str]:
        """All versions, oldest first, whether or not they can be read."""
        return sorted(self.store.names(), key=_number)

    def _damaged(self, chosen: str | None) -> Damaged:
        return Damaged(
            self._owner, chosen or "active", str(self.store.record) if chosen is None else self.store.shown(chosen)
        )


def _number(name: str) -> int:
    return int(name[1:])
