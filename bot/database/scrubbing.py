"""What deleted rows have left on the disk is overwritten: at once if nobody is in the way, else later."""

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

log = logging.getLogger(__name__)

_PATIENCE: Final = 3.0  # seconds of one attempt: somebody waits to hear what came of it
_TRIES: Final = 10  # in which the log is emptied within that time


async def owe(session: AsyncSession) -> None:
    """Remember, together with the deletion of rows or not at all, that their traces are to be overwritten."""
    # A number that SQLite keeps in the file's header for whoever owns the file: how many deletions are owed for.
    await session.execute(text(f"PRAGMA user_version = {await _owed(session) + 1}"))


async def owed(session: AsyncSession) -> bool:
    """Whether traces of deleted rows may still be on the disk."""
    return await _owed(session) > 0


async def _owed(session: AsyncSession) -> int:
    return await session.scalar(text("PRAGMA user_version")) or 0


class Scrubber:
    """Overwrites what deleted rows have left: in the file, in its write-ahead log, in copies; where that is owed.

    SQLite's secure_delete overwrites what is deleted, but not what it has moved within a page before; so the file is
    written anew, about 100 MB a second, while others cannot write. Then the log is emptied, which takes a moment in
    which nobody reads what was there before.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()
        self._rewritten = 0  # what was owed when the file was written anew; 0: nothing, or the log is empty since

    async def scrub(self) -> bool:
        """Do what can be done now; false if somebody was in the way, so that it is to be tried again."""
        async with self._turn:
            try:
                done = await asyncio.to_thread(self._work)
            except Exception:  # whatever it is, the rows are gone, and the next attempt may do better
                log.exception("The traces of deleted rows could not be overwritten")
                return False
            if not done:
                log.info("The traces of deleted rows are still on the disk, as the database is in use.")
            return done

    def _work(self) -> bool:
        """Do what can be done now; false if somebody is in the way."""
        with closing(
            sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)
        ) as connection:
            try:
                while owed := _number(connection, "PRAGMA user_version"):
                    if self._rewritten != owed:
                        for copy in self._path.parent.glob("*koredare.before-*"):
                            copy.unlink(missing_ok=True)
                        connection.execute("VACUUM")
                        self._rewritten = owed  # the log holds all of it now: again and again, it would grow and grow
                    if not _empty_log(connection):
                        return False
                    connection.execute("BEGIN IMMEDIATE")
                    if _number(connection, "PRAGMA user_version") == owed:  # else more was deleted meanwhile
                        connection.execute("PRAGMA user_version = 0")
                        self._rewritten = 0
                    connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                    return False
                raise
        return True


def _empty_log(connection: sqlite3.Connection) -> bool:
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE / _TRIES * 1000:.0f}")
    for _ in range(_TRIES):
        if not _number(connection, "PRAGMA wal_checkpoint(TRUNCATE)"):  # whether it was busy
            return True
        time.sleep(_PATIENCE / _TRIES / 10)  # for another's checkpoint SQLite does not wait by itself
    return False


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return connection.execute(pragma).fetchone()[0]
