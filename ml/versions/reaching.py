"""How a store of versions is reached by its URL, and what may go wrong with that."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ml import files
from ml.errors import KoredareError
from ml.versions.version import RegistryError

_MARK: Final = "koredare.txt"


class StoreUnreachable(RegistryError):
    """The store of versions cannot be reached, or does not let us; what this machine has of it goes on answering."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The store of models at {shown(url)} cannot be reached ({why}).")


class FsspecMissing(RegistryError):
    """The operator named a store, and what reads it is not installed."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"[models] url = \"{shown(url)}\" needs a package ({why}): pip install 'koredare[store]', "
            "and what your store needs besides, as s3fs."
        )


def reach(url: str) -> bool:
    """Whether versions were ever published in a store; raises StoreUnreachable or FsspecMissing."""
    with reaching(url) as store:
        return store.marked()


def shown(url: str) -> str:
    """A URL without what is secret in it."""
    split = urlsplit(url)
    host = split.netloc.rpartition("@")[2]
    return f"{split.scheme}://{host}{split.path}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file system of fsspec, and the path in it of all versions."""

    fs: Any
    root: str

    def at(self, *names: str) -> str:
        """The path of something below the root."""
        return "/".join((self.root.rstrip("/"), *names))

    def inside(self, path: str) -> list[str]:
        """The names of what is in a folder; none if there is no such folder."""
        try:
            found: list[str] = self.fs.ls(path, detail=False)
        except FileNotFoundError:
            return []
        return [each.rstrip("/").rpartition("/")[2] for each in found]

    def marked(self) -> bool:
        """Whether versions were ever published here; a disk that is not mounted looks empty, and is not erased."""
        return bool(self.fs.exists(self.at(_MARK)))

    def mark(self) -> None:
        """See to it that `marked` is so."""
        if not self.marked():
            self.fs.pipe_file(self.at(_MARK), b"Koredare keeps its model versions here.\n")

    def make(self, path: str) -> None:
        """Make a folder, where the store has such."""
        self.fs.makedirs(path, exist_ok=True)

    def remove(self, path: str) -> None:
        """Remove a file or a folder, if there is one."""
        with suppress(FileNotFoundError):
            self.fs.rm(path, recursive=True)

    @property
    def mounted(self) -> bool:
        """Whether it is a disk of this machine, or one that is mounted like one."""
        protocol: str | tuple[str, ...] = self.fs.protocol
        return protocol == "file" or (isinstance(protocol, tuple) and "file" in protocol)

    def settle(self, folder: str) -> None:
        """Have what was written into a folder there for good."""
        if self.mounted:
            files.sync(Path(folder))

    def create(self, path: str, data: bytes) -> None:
        """Write a file where there is none, whole; raises FileExistsError."""
        if not self.mounted:
            self.fs.pipe_file(path, data, mode="create")
            return
        # Of a file that is opened to be created others may see half; of a link never.
        aside = files.beside(Path(path))
        try:
            aside.write_bytes(data)
            files.sync(aside)
            os.link(aside, path)
            files.sync_one(Path(path).parent)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def reaching(url: str) -> Generator[Opened]:
    """The store, opened; whatever is wrong with it is one kind of error.

    Raises
    ------
    StoreUnreachable
        Or, in the block, whatever of ours is raised there, and FileExistsError.
    FsspecMissing
        What reads such a URL is not installed.
    """
    try:
        core: Any = import_module("fsspec.core")  # an extra, without types of its own
        fs, root = core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        raise FsspecMissing(url, str(error)) from error
    except Exception as error:
        raise StoreUnreachable(url, f"{type(error).__name__}: {error}") from error
    try:
        yield Opened(fs, root)
    except (KoredareError, FileExistsError):
        raise
    except Exception as error:  # each kind of store has its own
        raise StoreUnreachable(url, f"{type(error).__name__}: {error}") from error
