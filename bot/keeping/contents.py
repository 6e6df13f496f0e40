"""What a backup holds: a ZIP of the data folder's files, and a list of them with their hashes."""

import hashlib
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from bot import disk
from bot.database.schema import known
from bot.database.stores.sqlite import database_path, look_through
from ml import files
from ml.errors import KoredareError

LISTED: Final = "koredare-backup.json"
FORMAT: Final = 1
CONFIG: Final = "config.toml"
DATABASE: Final = "koredare.db"
FOLDERS: Final = ("models", "backbones", "cascades")
_LONGEST_LIST: Final = 64 * 2**20  # bytes: some 400,000 files
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, KeyError, ValueError, RuntimeError)
_CHUNK: Final = 2**20


class BackupError(KoredareError):
    """A backup that cannot be made, or is none, or is damaged; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in it: SHA-256, hexadecimal, and bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself.

    Attributes
    ----------
    format
        Of the backup; `FORMAT` is the newest that we know.
    koredare
        The version that made it.
    schema
        The revision of its database; empty: there was none yet.
    files
        By their paths in the data folder, with slashes.
    """

    format: int
    koredare: str
    schema: str
    made_at: AwareDatetime
    files: dict[str, Part]


LIST = TypeAdapter(Contents)


def unpack(file: Path, folder: Path) -> Contents:
    """Put what is in a backup into an empty folder, each file checked against its hash, the database opened.

    Raises
    ------
    BackupError
        The file is no backup, damaged, or made by a newer Koredare.
    NoRoom
        There is too little room on the folder's disk.
    """
    try:
        files.check_ordinary(file)
        with zipfile.ZipFile(file) as archive:
            contents = _contents(file, archive)
            disk.require(folder, sum(part.size for part in contents.files.values()))
            for name, part in contents.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, (folder / name).open("xb") as written:
                    (folder / name).chmod(0o600)
                    _copy(name, part, packed, written)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {file}.") from error
    except OSError as error:
        raise BackupError(f"{file} cannot be restored: {error.strerror or error}; nothing was changed.") from error
    except _BROKEN as error:
        raise BackupError(
            f"{file} is no backup of Koredare's, or it is damaged ({error}); nothing was changed."
        ) from error
    if contents.schema and (found := look_through(database_path(folder))) is not None:
        raise BackupError(f"The database in {file} is damaged ({found}); nothing was changed.")
    return contents


def revision(path: Path) -> str:
    """The schema of a database.

    Raises
    ------
    sqlite3.Error
        It is damaged, or none of ours.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(found) != 1:
        raise sqlite3.DatabaseError("it does not say which schema it has")
    return str(found[0][0])


def kept_of(home: Path) -> Iterator[Path]:
    """The files of a data folder that go into a backup beside database and configuration.

    What begins with a dot is being written, or a lock.
    """
    for top in FOLDERS:
        for path in sorted((home / top).rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(home).parts):
                yield path


def _contents(file: Path, archive: zipfile.ZipFile) -> Contents:
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in archive.infolist()):
        raise ValueError("it is packed in another way")  # of which zipfile unpacks as much at once as there is
    if archive.getinfo(LISTED).file_size > _LONGEST_LIST:
        raise ValueError("its list is too long")
    try:
        contents = LIST.validate_json(archive.read(LISTED))
    except ValidationError as error:
        raise ValueError("its list does not say what it should") from error
    if contents.format > FORMAT or contents.schema not in {"", *known()}:
        raise BackupError(
            f"{file} was made by a newer Koredare ({contents.koredare}; its schema is {contents.schema}). "
            "Update Koredare, then restore it."
        )
    names = archive.namelist()
    if sorted(names) != sorted([LISTED, *contents.files]):
        raise ValueError("other files are in it than it lists")
    for name in contents.files:
        if not _ours(name):
            raise ValueError(f"{name!r} does not belong into a data folder")
    return contents


def _ours(name: str) -> bool:
    """Whether a path is one that a backup may write: of our own folders, and never out of them."""
    parts = name.split("/")
    plain = all(re.fullmatch(r"[^.\\/:\0][^\\/:\0]*", part) for part in parts)
    return plain and (name in {DATABASE, CONFIG} or (len(parts) > 1 and parts[0] in FOLDERS))


def _copy(name: str, part: Part, packed: IO[bytes], written: IO[bytes]) -> None:
    digest, size = hashlib.sha256(), 0
    while chunk := packed.read(_CHUNK):
        size += len(chunk)
        if size > part.size:
            break
        digest.update(chunk)
        written.write(chunk)
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise ValueError(f"{name} was altered")
