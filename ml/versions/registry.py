"""Versions of a classifier on disk: one folder each, published whole or not at all."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from filelock import FileLock

from ml.errors import KoredareError

CLASSIFIER = "classifier.npz"
DESCRIPTION = "version.json"
EXAMPLES = "examples.json"
CONFUSION = "confusion.png"
CHANGES = "changes.png"
KEPT = 10  # versions, beside those that may not go
_NAME = re.compile(r"v([1-9]\d*)")


class RegistryError(KoredareError):
    """A version that is asked for and is not there, or cannot be read."""


class NoSuchVersion(RegistryError):
    """There is no version of that name; says which there are."""

    code = "no_such_version"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no version {name!r}. There are: {', '.join(known) or 'none yet'}.")
        self.name = name
        self.known = tuple(known)

    @property
    def facts(self) -> dict[str, str | int | float]:
        return {"name": self.name, "known": "、".join(self.known) or "none"}


class NoEarlierVersion(RegistryError):
    """There is nothing to go back to."""

    code = "no_earlier_version"

    def __init__(self) -> None:
        super().__init__("There is no earlier version to go back to.")


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A published version.

    Attributes
    ----------
    number
        1, 2, 3, …; never used twice in a registry.
    folder
        Holds `classifier.npz` and `version.json`; of a version that was trained here also `examples.json` (the ids
        of the faces that each character was learned from), `changes.png` and `confusion.png`. Never changes once
        published.
    created_at
        Aware, UTC.
    embedder
        Fingerprint of the embedder whose embeddings the classifier reads.
    threshold
        Least confidence at which it says a name; None if it was made before versions told.
    published
        How it came to be published: "kind" and "via", as the bot's ledger of versions has them. It names nobody:
        what people did is in the database, where they can be forgotten.
    metrics
        What was measured before publishing, as `ml.training.report` writes it.
    """

    number: int
    folder: Path
    created_at: datetime
    embedder: str
    threshold: float | None
    published: dict[str, str]
    metrics: dict[str, Any]

    @property
    def name(self) -> str:
        """As people write it: "v7"."""
        return f"v{self.number}"


class Registry:
    """The versions of one scope (a guild, or everyone), and which of them is active.

    Any number of processes may read while one publishes: a version folder appears by one rename, and the name of
    the active one is a small file replaced by another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "active"

    def versions(self) -> list[ModelVersion]:
        """All published versions, oldest first."""
        if not self._folder.is_dir():
            return []
        numbers = [int(m[1]) for child in self._folder.iterdir() if (m := _NAME.fullmatch(child.name))]
        return [self._read(f"v{number}") for number in sorted(numbers)]

    def active(self) -> ModelVersion | None:
        """The version that answers, or None if none was ever published."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self._read(name)

    def get(self, name: str) -> ModelVersion:
        """The version of that name.

        Raises
        ------
        NoSuchVersion
            There is none.
        """
        if _NAME.fullmatch(name) and (self._folder / name).is_dir():
            return self._read(name)
        raise NoSuchVersion(name, [version.name for version in self.versions()])

    @contextmanager
    def staging(self) -> Generator[Path]:
        """An empty folder to build a version in, on the same disk; gone afterwards unless published."""
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".staging-", dir=self._folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what processes that were killed left in staging; only while nobody else stages."""
        for left in self._folder.glob(".staging-*"):
            shutil.rmtree(left, ignore_errors=True)
        with FileLock(self._folder / ".lock"):  # within which alone a pointer is written
            for left in self._folder.glob(".active-*"):
                left.unlink()

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
        description = _describe(staged) | {"published": dict(published)}  # refuse before anything moves
        (staged / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=1), encoding="utf-8")
        with FileLock(self._folder / ".lock"):
            last = max((version.number for version in self.versions()), default=0)
            # Numbers of pruned versions stay used: the counter outlives the folders.
            number = max(last, _number(self._pointer)) + 1
            for file in staged.iterdir():
                _sync(file)
            _sync(staged)
            staged.rename(self._folder / f"v{number}")
            _sync(self._folder)
            self._point_at(f"v{number}")
        return self._read(f"v{number}")

    def activate(self, name: str) -> ModelVersion:
        """Make a published version the active one.

        Raises
        ------
        NoSuchVersion
            There is none.
        """
        version = self.get(name)
        with FileLock(self._folder / ".lock"):
            self._point_at(version.name)
        return version

    def predecessor(self) -> ModelVersion:
        """The newest version before the active one.

        Raises
        ------
        NoEarlierVersion
            There is none.
        """
        active = self.active()
        earlier = [v for v in self.versions() if active is not None and v.number < active.number]
        if not earlier:
            raise NoEarlierVersion
        return earlier[-1]

    def prune(self) -> list[str]:
        """Remove all but the newest `KEPT` versions; never the active one, nor the one before it. Gives the names."""
        with FileLock(self._folder / ".lock"):
            versions, active = self.versions(), self.active()
            earlier = [v for v in versions if active is not None and v.number < active.number]
            spared = {v.name for v in (*versions[-KEPT:], *earlier[-1:])} | ({active.name} if active else set[str]())
            gone = [v for v in versions if v.name not in spared]
            for version in gone:
                # Out of sight by one rename first: a process killed in between leaves no half of a version.
                aside = Path(tempfile.mkdtemp(prefix=".staging-", dir=self._folder))
                version.folder.rename(aside / version.name)
                shutil.rmtree(aside, ignore_errors=True)
        return [version.name for version in gone]

    def _point_at(self, name: str) -> None:
        with tempfile.NamedTemporaryFile(
            "w", encoding="ascii", prefix=".active-", dir=self._folder, delete=False
        ) as aside:
            aside.write(name + "\n")
            aside.flush()
            os.fsync(aside.fileno())
        Path(aside.name).replace(self._pointer)
        _sync(self._folder)

    def _read(self, name: str) -> ModelVersion:
        folder = self._folder / name
        description = _describe(folder)
        return ModelVersion(
            number=int(name[1:]),
            folder=folder,
            created_at=datetime.fromisoformat(description["created_at"]),
            embedder=description["embedder"],
            threshold=description.get("threshold"),
            published=description.get("published", {}),
            metrics=description["metrics"],
        )


def read_examples(folder: Path) -> dict[str, list[int]]:
    """The ids of the faces that each character was learned from; empty for a version that was imported.

    Raises
    ------
    RegistryError
        The list is damaged.
    """
    try:
        return cast("dict[str, list[int]]", json.loads((folder / EXAMPLES).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise RegistryError(f"{folder / EXAMPLES} cannot be read ({error}).") from error


def _describe(folder: Path) -> dict[str, Any]:
    try:
        description = cast("dict[str, Any]", json.loads((folder / DESCRIPTION).read_text(encoding="utf-8")))
        datetime.fromisoformat(description["created_at"])
        _ = description["embedder"], description["metrics"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RegistryError(f"{folder} is not a model version that I can read ({error}).") from error
    return description


def _number(pointer: Path) -> int:
    match = _NAME.fullmatch(pointer.read_text(encoding="ascii").strip()) if pointer.exists() else None
    return int(match[1]) if match else 0


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; its renames are journaled
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
