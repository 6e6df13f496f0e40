"""Makes a backup, also while the bot runs: the database of one moment, and the models that belong to it."""

import os
import sqlite3
import tomllib
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import disk
from bot.clock import now
from bot.config import Settings
from bot.config.loading import secrets_in, text_of
from bot.database import copying, homes, stores
from bot.database.errors import DatabaseError
from bot.database.schema import known, strange
from bot.database.stores import SqliteFile, Store
from bot.keeping.contents import (
    CONFIG,
    DATABASE,
    FORMAT,
    LIST,
    LISTED,
    BackupError,
    Contents,
    Part,
    kept_of,
    revision,
    unpack,
)
from bot.retraining.publishing import owners
from ml import files
from ml.versions.version import DESCRIPTION


@dataclass(frozen=True, slots=True)
class Saved:
    """What is in a backup.

    Attributes
    ----------
    versions
        Of all models together.
    config
        Whether the configuration is in it: without the token, which is left out for certain or the whole with it.
    """

    file: Path
    size: int
    contents: Contents
    versions: int
    config: bool


def back_up(settings: Settings, file: Path | None = None, *, config: Path | None = None) -> Saved:
    """Write all that a data folder knows into one new file, and restore that on trial before saying so.

    Parameters
    ----------
    file
        None: `koredare-DATE-TIME.zip` in the current folder.
    config
        The configuration in use; None: that of the data folder, if there is one.

    Raises
    ------
    BackupError
        The file is there already or cannot be written, there is nothing to keep, or the database is gone or damaged.
    HomeBeingReplaced, NewerDatabase, HalfCopied
        It is just being restored, or its database is not one that this version can restore.
    NoRoom
        It would not fit: a copy of the database, the file, and what is restored of it on trial.
    """
    file = file or Path(f"koredare-{now():%Y%m%d-%H%M%S}.zip")
    home = settings.home
    store, kept = stores.of(settings), list(kept_of(home))
    if not store.exists():
        if not kept:
            raise BackupError(f"There is nothing to keep in {home} yet.")
        if any(path.name == DESCRIPTION for path in kept):
            raise BackupError(
                f"There are models in {home}, and the database {store.name} is gone: without it there would be no word "
                "of anybody's in the backup."
            )
    if os.path.lexists(file):
        raise BackupError(f"{file} exists already; name another.")
    size = sum(store.sizes().values()) + sum(path.stat().st_size for path in kept)
    disk.require(file.absolute().parent, 3 * size)
    try:
        with homes.using(home), files.scratch(file.absolute().parent) as scratch:
            text = _without_secrets(config or home / CONFIG)
            aside, trial = scratch / "backup.zip", scratch / "trial"
            aside.touch(mode=0o600)
            _write(settings, store, aside, scratch, text)
            trial.mkdir()
            contents = unpack(aside, trial)
            files.put_new(aside, file)
            size = file.stat().st_size
    except OSError as error:
        raise BackupError(f"{error.filename or file} cannot be written: {error.strerror or error}.") from error
    versions = sum(name.endswith("/version.json") for name in contents.files)
    return Saved(file, size, contents, versions, config=text is not None)


def _write(settings: Settings, store: Store, aside: Path, scratch: Path, config: str | None) -> None:
    home, parts, schema = settings.home, dict[str, Part](), ""
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:

        def add(path: Path, name: str) -> None:
            parts[name] = Part(files.digest(path), path.stat().st_size)
            archive.write(path, name)

        with ExitStack() as held:
            _hold_still(settings, held)
            if store.exists():
                schema = _snapshot(store, scratch / DATABASE)
            for path in kept_of(home):
                add(path, path.relative_to(home).as_posix())
        if schema:
            add(scratch / DATABASE, DATABASE)
        if config is not None:
            (scratch / CONFIG).write_text(config, encoding="utf-8")
            add(scratch / CONFIG, CONFIG)
        contents = Contents(FORMAT, metadata.version("koredare"), schema, now(), parts)
        archive.writestr(LISTED, LIST.dump_json(contents))


def _hold_still(settings: Settings, held: ExitStack) -> None:
    """Have no model published or pruned until `held` is left, also none of a server that had none before."""
    locked = set[int | None]()
    while new := [owner for owner in owners(settings) if owner not in locked]:
        for owner in new:
            registry = settings.registry(owner)
            if registry.store.folder.is_dir():
                held.enter_context(registry.still())
        locked |= set(new)


def _snapshot(store: Store, copy: Path) -> str:
    """Copy a database as it is at one moment, without traces of what was deleted from it; gives its schema."""
    if (found := store.schema()) is not None and found not in known():
        raise strange(store.name, found)
    try:
        if not store.save(copy):
            copying.check(store)
            with store.reading() as connection:
                copying.copy_from(connection, SqliteFile(copy.parent), told=lambda _table, _rows: None)
        return revision(copy)
    except (sqlite3.Error, DBAPIError, DatabaseError) as error:
        raise BackupError(
            f"The database {store.name} cannot be copied to {copy.parent.parent} ({error}); `koredare doctor --deep` "
            "says whether it is well itself."
        ) from error


def _without_secrets(file: Path) -> str | None:
    """The text of a configuration without its secrets; None: there is none, or they could not be taken out."""
    try:
        text = text_of(file)
        for secret in secrets_in(tomllib.loads(text)):
            text = "".join(line for line in text.splitlines(keepends=True) if secret not in line)
            if secret in text:
                return None
        return None if secrets_in(tomllib.loads(text)) else text
    except (OSError, ValueError):
        return None
