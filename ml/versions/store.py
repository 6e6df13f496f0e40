"""Where the versions of one owner lie, as the registry asks for it; and the usual place, a folder of this machine."""

import re
import shutil
from collections.abc import Collection, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock

from ml import files
from ml.versions.version import ModelVersion, RegistryError, read

NAME: Final = re.compile(r"v[1-9]\d{0,8}")
STAGING: Final = "staging"
LOCK: Final = ".lock"


class Store(Protocol):
    """The versions of one owner, and the record of which of them is in charge.

    Attributes
    ----------
    folder
        Of this machine: what is built lies in it until it is published, and locks do.
    record
        The file, in that folder, which changes whenever it becomes known here that another version is in charge.
    elsewhere
        Whether others change it without a trace on this machine, until `refresh` asks.
    """

    @property
    def folder(self) -> Path: ...

    @property
    def record(self) -> Path: ...

    @property
    def elsewhere(self) -> bool: ...

    def names(self) -> list[str]:
        """All versions, in no order, whether or not they can be read; raises RegistryError."""
        ...

    def chosen(self) -> str | None:
        """The version that was put in charge; None: none was, or it cannot be told which."""
        ...

    def where(self, name: str) -> Path:
        """The folder in which this machine has a version, if it has it."""
        ...

    def shown(self, name: str) -> str:
        """Where a version lies, as people are told."""
        ...

    def read(self, name: str) -> ModelVersion:
        """A version, whole and on this machine; raises DamagedVersion, or RegistryError if it is out of reach."""
        ...

    def changing(self) -> AbstractContextManager[None]:
        """What `names` and `chosen` say is so, and nobody here changes it meanwhile; raises RegistryError."""
        ...

    def publish(self, sealed: Path, name: str) -> None:
        """Add a version and put it in charge, within `changing`; raises Overtaken."""
        ...

    def activate(self, name: str) -> None:
        """Put a version in charge, within `changing`; raises Overtaken."""
        ...

    def remove(self, names: Collection[str]) -> None:
        """Remove versions that are not in charge, within `changing`; raises Overtaken."""
        ...

    def erase(self) -> None:
        """Remove all of it, for good."""
        ...

    def refresh(self) -> None:
        """Learn what others have put in charge; raises RegistryError if that is out of reach."""
        ...


class Folder:
    """Versions in a folder of this machine: one folder each, and a small file `active` that names the one in charge.

    Any number of processes may read while one publishes: a version appears by one rename, and so does that file.
    """

    elsewhere = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record = folder / "active"

    def names(self) -> list[str]:
        try:
            return [child.name for child in self.folder.iterdir() if NAME.fullmatch(child.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RegistryError(f"{self.folder} cannot be read: {error.strerror}.") from error

    def chosen(self) -> str | None:
        try:
            written = self.record.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return written if NAME.fullmatch(written) else None

    def where(self, name: str) -> Path:
        return self.folder / name

    def shown(self, name: str) -> str:
        return str(self.folder / name)

    def read(self, name: str) -> ModelVersion:
        return read(self.folder / name)

    @contextmanager
    def changing(self) -> Generator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / LOCK):
            yield

    def publish(self, sealed: Path, name: str) -> None:
        files.put(sealed, self.folder / name)
        self.activate(name)

    def activate(self, name: str) -> None:
        with files.written_whole(self.record) as aside:
            aside.write_text(name + "\n", encoding="ascii")

    def remove(self, names: Collection[str]) -> None:
        for name in names:
            # Out of sight by one rename first: a process killed in between leaves no half of a version.
            aside = files.beside(self.folder / STAGING)
            (self.folder / name).rename(aside)
            shutil.rmtree(aside, ignore_errors=True)

    def erase(self) -> None:
        erase(self.folder)

    def refresh(self) -> None:
        return  # whoever changes it changes `record`


def erase(folder: Path) -> None:
    """Remove a folder, out of sight at once, so that nobody reads half of it."""
    if folder.exists():
        aside = files.beside(folder)
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    for left in folder.parent.glob(f".{folder.name}-*.part"):  # of a process that was killed in between
        shutil.rmtree(left, ignore_errors=True)
