"""The one SQLite file of a home: many readers at once, one writer at a time."""

import logging
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.database.errors import DatabaseBusy, DatabaseError, LogGone, UnusableDatabase
from bot.database.notices import Line, Nobody
from bot.database.stores.store import Condition, Store, Trial
from bot.database.stores.traces import Rewriting
from ml.files import for_owner, scratch, written_whole

log = logging.getLogger(__name__)

# WAL: readers and the writer do not wait for each other. FULL: a commit is on the disk when it returns, so that
# an acknowledged correction outlives a power cut too (NORMAL would only outlive the process). secure_delete:
# what is forgotten is overwritten with zeros, not only unlinked.
_PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "secure_delete": "ON"}

# What SQLite says where the disk is full, fails or is not ours to write, or the file is damaged: no fault of ours.
_THE_MACHINES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
_FULL = 2**20  # bytes left: SQLite writes pages beside the file before it writes there
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def database_path(home: Path) -> Path:
    """Where the database of a home lies."""
    return home / "koredare.db"


class SqliteFile(Store):
    """The file of a data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = database_path(home)
        self.name = str(self.path)

    def readers(self, *, patience: float) -> AsyncEngine:
        """As `Store` says."""
        engine = self._engine(patience=patience, size=4)
        _prepare(engine.sync_engine, begin="BEGIN", foreign_keys="ON", query_only="ON")
        return engine

    def writer(self, *, patience: float) -> AsyncEngine:
        """As `Store` says."""
        engine = self._engine(patience=patience, size=1)
        _prepare(engine.sync_engine, begin="BEGIN IMMEDIATE", foreign_keys="ON")
        return engine

    def _engine(self, *, patience: float, size: int) -> AsyncEngine:
        return create_async_engine(
            # "rw": a database that is gone is not begun anew behind everybody's back.
            URL.create("sqlite+aiosqlite", database=self.path.absolute().as_uri(), query={"mode": "rw", "uri": "true"}),
            pool_size=size,
            max_overflow=0,
            pool_timeout=None,  # first come, first served, for ever
            connect_args={"timeout": patience, "isolation_level": None, "factory": _Connection},
        )

    def watch(self) -> Callable[[], None]:
        """See that what our connections hold open still lies there: else all that is written would be lost with us."""
        beside = [self.path.with_name(f"{self.path.name}{suffix}") for suffix in ("-wal", "-shm")]
        ours: dict[Path, tuple[int, int]] = {}  # which they are, from the first session on

        def look() -> None:
            try:
                found = _which(self.path)
            except OSError as error:
                raise UnusableDatabase(
                    self.name, f"it is gone ({error.strerror}); put it back and start me again"
                ) from error
            if ours.setdefault(self.path, found) != found:
                raise UnusableDatabase(self.name, "another was put in its place while I use it; start me again")
            for path in beside:
                try:
                    found = _which(path)
                except FileNotFoundError:
                    if path in ours:
                        raise LogGone(self.name, path.name) from None
                    continue  # there is none before the first connection
                if ours.setdefault(path, found) != found:
                    raise LogGone(self.name, path.name)

        return look

    async def fold(self, writer: AsyncEngine) -> None:
        """As `Store` says: out of the log into the file."""

        def empty_log(connection: Connection) -> None:
            cursor = connection.connection.cursor()  # the driver's: in a transaction it cannot be done
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_) = cursor.fetchone() or (1,)
            if busy:
                raise DatabaseBusy

        async with writer.connect() as connection:
            await connection.run_sync(empty_log)

    def refusal(self, error: DBAPIError, *, reading: bool = False) -> DatabaseError | None:
        """As `Store` says."""
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_BUSY:
            return DatabaseBusy()
        ours = code == sqlite3.SQLITE_READONLY and reading  # a reader of ours that would write
        if code & 0xFF in _THE_MACHINES and not ours:  # the lower byte says what, the others where
            return UnusableDatabase(self.name, self._reason(error.orig), damaged=code & 0xFF in _DAMAGED)
        return None

    @contextmanager
    def migrating(self, *, patience: float) -> Generator[Connection]:
        """As `Store` says."""
        # SQLite's own lock does not do here: two who turn a new file to write-ahead logging at once do not wait for
        # each other, whatever the timeout; one of them is told at once that the file is busy.
        lock = FileLock(self.home / ".migrating")
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            raise DatabaseBusy from error
        except OSError as error:
            raise UnusableDatabase(self.name, str(error.strerror)) from error
        try:
            with self.alone(patience=patience) as connection:
                yield connection
        finally:
            lock.release()

    @contextmanager
    def alone(self, *, patience: float) -> Generator[Connection]:
        """As `Store` says."""
        try:
            self.path.touch(mode=0o600)  # nobody else reads it from its first byte on; an empty file is a new database
        except OSError as error:
            raise UnusableDatabase(self.name, str(error.strerror)) from error
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            poolclass=NullPool,
            connect_args={"timeout": patience, "isolation_level": None},
        )
        # Alembic changes a table by copying it and dropping the old one, which would take its children along. For a
        # moment there is none of that name, which the triggers that ask it are not to mind.
        _prepare(engine, begin="BEGIN IMMEDIATE", foreign_keys="OFF", legacy_alter_table="ON")
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._refused(error.orig) from error

    def broken_reference(self, connection: Connection) -> str | None:
        """As `Store` says."""
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        return None if broken is None else str(broken[0])

    def keep_copy(self, *, before: str) -> Path:
        """As `Store` says: `koredare.before-REVISION.db` beside it; only the latest such copy is kept."""
        copy = self.home / f"koredare.before-{before}.db"
        with written_whole(copy) as aside:
            self._copy(aside)
        for_owner(copy)
        for other in self.home.glob("*koredare.before-*"):
            if other != copy:
                other.unlink()
        return copy

    def _copy(self, to: Path) -> None:
        with (
            self._in_words("it cannot be copied: "),
            closing(sqlite3.connect(self.path)) as source,
            closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)

    @contextmanager
    def _in_words(self, what: str = "") -> Generator[None]:
        """What SQLite refuses where nobody is between it and us, as a refusal of ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._refused(error, what) from error

    def _refused(self, said: object, what: str = "") -> DatabaseError:
        code = getattr(said, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return DatabaseBusy()
        return UnusableDatabase(self.name, f"{what}{self._reason(said)}", damaged=code in _DAMAGED)

    def schema(self) -> str | None:
        """As `Store` says."""
        if not self.path.is_file():
            return None
        try:
            with closing(sqlite3.connect(self.path)) as connection:
                found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.DatabaseError:
            return None  # whatever is wrong with it, the migration says so in words
        return found[0][0] if len(found) == 1 else None

    def secure(self) -> None:
        """As `Store` says: what people said and showed is for the account alone that runs the bot."""
        try:
            for_owner(self.path)
        except OSError as error:  # it is another account's, who lets us write to it
            log.warning("Others may read the database %s: %s", self.path, error.strerror)

    def exists(self) -> bool:
        """As `Store` says."""
        return self.path.exists() and self.path.stat().st_size > 0

    def scrubbing(self) -> Callable[[], bool]:
        """As `Store` says."""
        rewriting = Rewriting(self.path)

        def scrub() -> bool:
            with self._in_words():
                return rewriting()

        return scrub

    def take_stock(self) -> None:
        """As `Store` says: it goes by its indexes alone."""

    @contextmanager
    def trial(self, tables: Sequence[str]) -> Generator[Trial]:
        """As `Store` says: on a copy, which needs as much room again for a while."""
        with scratch(self.home) as folder:
            copy = SqliteFile(folder)
            self._copy(copy.path)
            with copy.alone(patience=60.0) as connection:
                for table in tables:
                    connection.exec_driver_sql(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608  ours
                yield Trial(connection, {table: f"temp.kept_{table}" for table in tables})

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """As `Store` says."""
        url = URL.create("sqlite", database=self.path.absolute().as_uri(), query={"mode": "rw", "uri": "true"})
        with create_engine(url, poolclass=NullPool, connect_args={"timeout": 2.0}).connect() as connection:
            yield connection

    def condition(self) -> Condition:
        """As `Store` says."""
        try:
            with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                (schema, rows) = connection.execute("SELECT max(version_num), count(*) FROM alembic_version").fetchone()
                if found == "ok" and rows != 1:
                    found = "it does not say which schema it has"
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF in _THE_MACHINES - _DAMAGED:
                return Condition(
                    fine=False,
                    said=f"database {self.path} cannot be used ({self._reason(error)}): see that whoever runs me may "
                    "read and write it and its folder, and that its disk has room",
                )
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return Condition(
                    fine=False, said=f"database {self.path} is held by another program; see which: fuser {self.path}"
                )
            found, schema = str(error), ""
        if found == "ok":
            size = self.path.stat().st_size / 2**20
            return Condition(fine=True, said=f"database {self.path} ({size:.1f} MB)", schema=str(schema))
        copies = ", ".join(str(each) for each in sorted(self.home.glob("koredare.before-*.db")))
        beside = (
            f"the copy from before the last update is {copies}" if copies else "there is no copy from before an update"
        )
        return Condition(
            fine=False,
            said=f"database {self.path} is damaged, or none of ours ({found}): stop the bot, and "
            f"`koredare restore FILE`; what lies there now is put aside, and {beside}",
        )

    def _reason(self, said: object) -> str:
        """What SQLite says, and that the disk is full where it is: its words do not always tell."""
        with suppress(OSError):  # it may be gone altogether
            if shutil.disk_usage(self.home).free < _FULL:
                return f"{said}, and its disk is full"
        return str(said)

    def line(self) -> Line:
        """As `Store` says: there are no others."""
        return Nobody()

    @asynccontextmanager
    async def claim(self, what: str) -> AsyncGenerator[bool]:
        """As `Store` says: who uses the file uses its data folder, and sees the locks that are files there."""
        yield True

    def damage(self) -> str | None:
        """As `Store` says."""
        return look_through(self.path)

    def save(self, to: Path) -> bool:
        """As `Store` says; raises what SQLite does."""
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
        return True

    def sizes(self) -> dict[str, int]:
        """As `Store` says."""
        files = {"database": self.path, "log": self.path.with_name(f"{self.path.name}-wal")}
        return {what: each.stat().st_size if each.exists() else 0 for what, each in files.items()}


def _which(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def look_through(path: Path) -> str | None:
    """What is wrong with a file, looked at from end to end; None: nothing."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                return str(found)
            if (broken := connection.execute("PRAGMA foreign_key_check").fetchone()) is not None:
                return f"a row of {broken[0]} belongs to one of {broken[2]} that is not there"
    except sqlite3.Error as error:
        return str(error)
    return None


class _Connection(sqlite3.Connection):
    """A connection that lets go of its lock when it is closed, even if a query's rows are still being held.

    SQLite puts off closing until the last query is gone. When a task is cancelled in the middle of one, its
    traceback keeps the query, and with it the write lock that everybody else waits for.
    """

    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it was closed before
            self.rollback()
        super().close()


def _prepare(engine: Engine, *, begin: Literal["BEGIN", "BEGIN IMMEDIATE"], **pragmas: str) -> None:
    """Give each connection our pragmas, and let us begin its transactions instead of the driver.

    Parameters
    ----------
    engine
        Made with the connect argument `isolation_level=None`: `sqlite3` then begins nothing by itself.
    begin
        "BEGIN IMMEDIATE" takes the write lock at once, where waiting for it is possible; a transaction that
        has read before it first writes would fail at once if another writer came between.
    pragmas
        Further ones, beside those that every connection gets.

    Notes
    -----
    The recipe of SQLAlchemy's page on SQLite, "Enabling non-legacy SQLite transactional modes".
    """

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
        cursor = connection.cursor()
        for pragma, value in (_PRAGMAS | pragmas).items():
            cursor.execute(f"PRAGMA {pragma} = {value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_ourselves(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
        connection.exec_driver_sql(begin)
