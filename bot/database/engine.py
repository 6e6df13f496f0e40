"""The one SQLite file of a home: many readers at once, one writer at a time."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.database import judging
from bot.database.errors import DatabaseBusy, UnusableDatabase
from bot.database.notices import Line, Nobody
from bot.database.scrubbing import Scrubber

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


DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def database_path(home: Path) -> Path:
    """Where the database of a home lies."""
    return home / "koredare.db"


def prepare(engine: Engine, *, begin: Literal["BEGIN", "BEGIN IMMEDIATE"], **pragmas: str) -> None:
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


class Database:
    """Sessions on the database of a home, which `bot.database.migrate.upgrade` has prepared before.

    Parameters
    ----------
    home
        The data folder.
    patience
        Seconds that a session waits for another process before it raises `DatabaseBusy`. For each other the sessions
        of this one wait as long as it takes: how many there are is bounded by what they serve.

    Examples
    --------
    >>> async with database.writing() as session:
    ...     await corrections.add(session, face_id=7, kind="right", user_id=ann, moderator=False, via="button")
    """

    def __init__(self, home: Path, *, patience: float = 10.0) -> None:
        self._path = path = database_path(home)
        self._readers = _engine(path, patience=patience, size=4)
        prepare(self._readers.sync_engine, begin="BEGIN", foreign_keys="ON", query_only="ON")
        # One connection only: writers of this process queue here, first come first served, instead of polling
        # for SQLite's lock, which they then share with other processes alone.
        self._writer = _engine(path, patience=patience, size=1)
        prepare(self._writer.sync_engine, begin="BEGIN IMMEDIATE", foreign_keys="ON")
        self._reading = async_sessionmaker(self._readers, expire_on_commit=False)
        self._writing = async_sessionmaker(self._writer, expire_on_commit=False, sync_session_class=judging.Writing)
        self._scrubber = Scrubber(path)
        self._file: tuple[int, int] | None = None  # which file it is, from the first session on

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A session that sees one moment of the database and cannot change it.

        No second one inside, however deep: with all readers' connections held by those who want another, all would wait
        for ever.

        Raises
        ------
        DatabaseBusy
            When another process kept it locked.
        UnusableDatabase
            When the disk is full or fails, or the file is damaged.
        """
        async with self._open(self._reading) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """A session that holds the write lock; what it did is on the disk when the block is left without an error.

        What is thought of faces (`bot.database.judgements`) then follows from it.

        Keep the block short, with no network, no recognition and no second session inside: everyone else's
        corrections wait for it.

        Raises
        ------
        DatabaseBusy
            When another process kept the lock; nothing was written.
        UnusableDatabase
            As for `reading`; nothing was written.
        """
        async with self._open(self._writing) as session:
            await session.connection()  # takes the lock now, so that every read in the block is of what it will change
            yield session
            await judging.catch_up(session)

    async def scrub(self) -> bool:
        """Overwrite what rows have left on the disk whose deletion owes it (`bot.database.scrubbing.owe`).

        Returns
        -------
        bool
            Whether it is done. If not, somebody was in the way: it is tried again in the background until it is done,
            or until the database is closed; after that, call it again.
        """
        return await self._scrubber.scrub()

    def line(self) -> Line:
        """A line to the other processes that use it."""
        return Nobody()

    async def close(self) -> None:
        """Close all connections; the last one to leave folds the write-ahead log into the file."""
        await self._readers.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def _open(self, sessions: async_sessionmaker[AsyncSession]) -> AsyncGenerator[AsyncSession]:
        try:
            self._check_file()
            async with sessions.begin() as session:
                yield session
        except DBAPIError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy from error
            ours = code == sqlite3.SQLITE_READONLY and sessions is self._reading  # a reader of ours that would write
            if code & 0xFF in _THE_MACHINES and not ours:  # the lower byte says what, the others where
                raise UnusableDatabase(self._path, str(error.orig), damaged=code & 0xFF in DAMAGED) from error
            raise

    def _check_file(self) -> None:
        """See that what our connections hold open still lies there: else all that is written would be lost with us."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise UnusableDatabase(
                self._path, f"it is gone ({error.strerror}); put it back and start me again"
            ) from error
        if self._file not in {None, (file := (status.st_dev, status.st_ino))}:
            raise UnusableDatabase(self._path, "another was put in its place while I use it; start me again")
        self._file = file


class _Connection(sqlite3.Connection):
    """A connection that lets go of its lock when it is closed, even if a query's rows are still being held.

    SQLite puts off closing until the last query is gone. When a task is cancelled in the middle of one, its
    traceback keeps the query, and with it the write lock that everybody else waits for.
    """

    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it was closed before
            self.rollback()
        super().close()


def _engine(path: Path, *, patience: float, size: int) -> AsyncEngine:
    return create_async_engine(
        # "rw": a database that is gone is not begun anew behind everybody's back.
        URL.create("sqlite+aiosqlite", database=path.absolute().as_uri(), query={"mode": "rw", "uri": "true"}),
        pool_size=size,
        max_overflow=0,
        pool_timeout=None,  # first come, first served, for ever
        connect_args={"timeout": patience, "isolation_level": None, "factory": _Connection},
    )
