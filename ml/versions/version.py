"""One version of a classifier: a folder that never changes once it is published, and how damage to it is noticed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from ml.errors import KoredareError
from ml.naming.classifier import Classifier, ClassifierError

CLASSIFIER = "classifier.npz"
DESCRIPTION = "version.json"
EXAMPLES = "examples.json"
_SEALED = (CLASSIFIER, EXAMPLES)  # what answers rest on, and what must be known of whom they were learned from
PARTS = (DESCRIPTION, *_SEALED)  # all that there may be in a version's folder

Stamp: TypeAlias = tuple[int, int, int, int] | None


class RegistryError(KoredareError):
    """A version that is asked for and is not there, or cannot be read."""


class Overtaken(RegistryError):
    """Another version was put in charge meanwhile; nothing was changed."""

    code = "overtaken"

    def __init__(self) -> None:
        super().__init__("Meanwhile another version was put in charge, so this one was dropped. Retrain again.")


class DamagedVersion(RegistryError):
    """A version whose files are not what they were when it was published; `why` names no path."""

    code = "damaged_version"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Version {name} is damaged ({why}). It is set aside; nothing of it is deleted.")
        self.name = name
        self.why = why


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A published version.

    Attributes
    ----------
    number
        1, 2, 3, …; never used twice in a registry.
    folder
        Holds `classifier.npz` and `version.json`; of a version that was trained here also `examples.json` (the ids
        of the faces that each character was learned from). Never changes once published.
    digest
        What it is known by on other machines: SHA-256 over the names and hashes of its parts, hexadecimal.
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
    background
        SHA-256 of the `background.npz` that it was trained with, hexadecimal; None if it was made before versions told.
    """

    number: int
    folder: Path
    digest: str
    created_at: datetime
    embedder: str
    threshold: float | None
    published: dict[str, str]
    metrics: dict[str, Any]
    background: str | None = None

    @property
    def name(self) -> str:
        """As people write it: "v7"."""
        return f"v{self.number}"


@dataclass(frozen=True, slots=True)
class Description:
    """What `version.json` says; `sha256` of each sealed part, none in versions that are older than seals."""

    created_at: Annotated[
        AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))
    ]
    embedder: str
    metrics: dict[str, Any]
    threshold: Annotated[float, Field(gt=0, le=1)] | None = None
    published: dict[str, str] = field(default_factory=dict[str, str])
    sha256: dict[str, str] = field(default_factory=dict[str, str])
    background: str | None = None


_DESCRIBED = TypeAdapter(Description)
_LISTED = TypeAdapter(dict[str, list[int]])


def read(folder: Path, *, name: str | None = None) -> ModelVersion:
    """The version in a folder, looked through from end to end.

    Parameters
    ----------
    name
        None: it is that of the folder.

    Raises
    ------
    DamagedVersion
        A part is missing, cut short, altered or something else altogether.
    """
    name = name or folder.name
    try:
        parts = _parts(folder)
        said = described(parts[DESCRIPTION])
        sums = _sums(parts)
        if said.sha256:
            _compare(sums, said.sha256)
        else:
            _check(folder)
    except (_Unfit, ValueError) as error:
        raise DamagedVersion(name, str(error)) from error
    return ModelVersion(
        number=int(name[1:]),
        folder=folder,
        digest=_digest(sums),
        created_at=said.created_at,
        embedder=said.embedder,
        threshold=said.threshold,
        published=said.published,
        metrics=said.metrics,
        background=said.background,
    )


def described(data: bytes) -> Description:
    """What a `version.json` says, which anybody may have written.

    Raises
    ------
    ValueError
        It does not say what it should.
    """
    try:
        return _DESCRIBED.validate_json(data)
    except ValueError as error:
        raise ValueError(f"{DESCRIPTION} does not say what it should") from error


def seal(folder: Path, *, published: Mapping[str, str]) -> None:
    """Make ready what was built in a folder: from now on `read` notices if it changes.

    Parameters
    ----------
    published
        As `ModelVersion.published`; it becomes part of the description.

    Raises
    ------
    RegistryError
        The folder does not hold a version.
    """
    try:
        written = _bytes(folder / DESCRIPTION)
        described(written)
        _check(folder)
    except (_Unfit, ValueError) as error:
        raise RegistryError(f"{folder} is not a model version that I can publish ({error}).") from error
    sums = {part: found for part, found in _sums(_parts(folder)).items() if part in _SEALED}
    description = json.loads(written) | {"published": dict(published), "sha256": sums}
    (folder / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=1), encoding="utf-8")


def parts(folder: Path) -> dict[str, bytes]:
    """All that makes a version, by the names of its files, to be carried to another machine.

    Raises
    ------
    DamagedVersion
        There is no description, or a part cannot be read.
    """
    try:
        return _parts(folder)
    except _Unfit as error:
        raise DamagedVersion(folder.name, str(error)) from error


def digest(parts: Mapping[str, bytes]) -> str:
    """As `ModelVersion.digest`, of parts that were carried here."""
    return _digest(_sums(parts))


def read_examples(folder: Path) -> dict[str, list[int]]:
    """The ids of the faces that each character was learned from; empty for a version that was imported.

    Raises
    ------
    RegistryError
        The list is damaged.
    """
    if not (folder / EXAMPLES).exists():
        return {}
    try:
        return _LISTED.validate_json(_bytes(folder / EXAMPLES))
    except (_Unfit, ValueError) as error:
        raise RegistryError(f"{folder / EXAMPLES} cannot be read ({error}).") from error


def stamps(folder: Path) -> dict[Path, Stamp]:
    """What changes with the files that `read` looks at; costs no reading."""
    return {path: stamp(path) for path in (folder / part for part in PARTS)}


def stamp(path: Path) -> Stamp:
    """What changes with a file; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class _Unfit(Exception):
    """Why a folder holds no version, in a few words without a path."""


def _parts(folder: Path) -> dict[str, bytes]:
    found = {DESCRIPTION: _bytes(folder / DESCRIPTION)}
    return found | {part: _bytes(folder / part) for part in _SEALED if (folder / part).exists()}


def _sums(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {part: hashlib.sha256(parts[part]).hexdigest() for part in PARTS if part in parts}


def _digest(sums: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(f"{part} {found}\n" for part, found in sums.items()).encode()).hexdigest()


def _compare(sums: Mapping[str, str], sealed: Mapping[str, str]) -> None:
    for part, expected in sealed.items():
        if part not in sums:
            raise _Unfit(f"{part} is missing")
        if sums[part] != expected:
            raise _Unfit(f"{part} was altered")


def _check(folder: Path) -> None:
    try:
        Classifier.load(folder / CLASSIFIER)
        read_examples(folder)
    except ClassifierError as error:
        there = (folder / CLASSIFIER).exists()
        raise _Unfit(f"{CLASSIFIER} {'cannot be read' if there else 'is missing'}") from error
    except RegistryError as error:
        raise _Unfit(f"{EXAMPLES} cannot be read") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _Unfit(f"{path.name} is missing") from error
    except OSError as error:
        raise _Unfit(f"{path.name} cannot be read: {error.strerror}") from error
