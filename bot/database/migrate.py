"""Bringing the database of a home to this version's schema, at start-up."""

import sqlite3
import sys
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.database import judging
from bot.database.engine import DAMAGED, database_path, prepare
from bot.database.errors import DatabaseBusy, NewerDatabase, UnusableDatabase
from bot.database.schema import MIGRATIONS
from ml.files import for_owner, written_whole


def upgrade(home: Path, *, patience: float = 60.0) -> Path | None:
    """Create the database of a home, or bring it to the newest schema; nothing to do is the usual case.

    All in one transaction, so that whatever goes wrong leaves the file as it was. Processes that start at once
    take turns. A file that holds something is copied before it is changed, to `koredare.before-REVISION.db`
    beside it; only the latest such copy is kept.

    Parameters
    ----------
    patience
        Seconds to wait for another process that is at it.

    Returns
    -------
    Path or None
        The copy, if one was made. It holds what the database held: forgetting a person must reach it too.

    Raises
    ------
    NewerDatabase
        When a later version of Koredare has written the file.
    DatabaseBusy
        When another process kept it locked.
    UnusableDatabase
        When it cannot be opened, read or changed.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableDatabase(database_path(home), f"{error.strerror}: choose another folder with --home") from error
    with _alone(home, patience=patience), _locked(database_path(home), patience=patience) as connection:
        config = configure(connection)
        scripts = ScriptDirectory.from_config(config)
        head = scripts.get_current_head()
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return None
        if current not in {None, *(script.revision for script in scripts.walk_revisions())}:
            raise NewerDatabase(database_path(home), str(current))
        copy = None if current is None else _copy(home, before=str(head))
        command.upgrade(config, "head")
        judging.settle(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise UnusableDatabase(database_path(home), f"migrating it would break a reference of {broken[0]}")
        return copy


def configure(connection: Connection) -> Config:
    """Alembic's configuration for our migrations on an open connection; it touches no logging."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(home: Path, *, patience: float) -> Generator[None]:
    # SQLite's own lock does not do here: two who turn a new file to write-ahead logging at once do not wait for
    # each other, whatever the timeout; one of them is told at once that the file is busy.
    lock = FileLock(home / ".migrating")
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise DatabaseBusy from error
    except OSError as error:
        raise UnusableDatabase(database_path(home), str(error.strerror)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def opened(home: Path, *, patience: float = 60.0) -> Generator[Connection]:
    """A transaction on the database of a home, beside which nobody else writes.

    Raises
    ------
    DatabaseBusy, UnusableDatabase
        As `upgrade`, which has prepared it before.
    """
    with _locked(database_path(home), patience=patience) as connection:
        yield connection


@contextmanager
def _locked(path: Path, *, patience: float) -> Generator[Connection]:
    """A transaction that nobody else writes beside, committed if the block is left without an error."""
    try:
        path.touch(mode=0o600)  # nobody else reads it from its first byte on; an empty file is a new database
    except OSError as error:
        raise UnusableDatabase(path, str(error.strerror)) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": patience, "isolation_level": None},
    )
    # Alembic changes a table by copying it and dropping the old one, which would take its children along. For a moment
    # there is none of that name, which the triggers that ask it are not to mind.
    prepare(engine, begin="BEGIN IMMEDIATE", foreign_keys="OFF", legacy_alter_table="ON")
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            raise DatabaseBusy from error
        raise UnusableDatabase(path, str(error.orig), damaged=code in DAMAGED) from error


def _copy(home: Path, *, before: str) -> Path:
    copy = home / f"koredare.before-{before}.db"
    with (
        written_whole(copy) as aside,
        closing(sqlite3.connect(database_path(home))) as source,
        closing(sqlite3.connect(aside)) as target,
    ):
        source.backup(target)
    for_owner(copy)
    for other in home.glob("*koredare.before-*"):
        if other != copy:
            other.unlink()
    return copy


def write_revision(message: str) -> None:
    """Draft the next migration from the difference between the tables in the code and the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        upgrade(Path(folder))
        with _locked(database_path(Path(folder)), patience=1) as connection:
            config = configure(connection)
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    write_revision(" ".join(sys.argv[1:]))
