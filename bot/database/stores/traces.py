"""What deleted rows have left in a file of SQLite, and in its log, is overwritten."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

_PATIENCE: Final = 3.0  # seconds of one attempt: somebody waits to hear what came of it
_TRIES: Final = 10  # in which the log is emptied within that time


class Rewriting:
    """Overwrites what deleted rows have left: in the file, in its write-ahead log, in copies; where that is owed.

    SQLite's secure_delete overwrites what is deleted, but not what it has moved within a page before; so the file is
    written anew, about 100 MB a second, while others cannot write. Then the log is emptied, which takes a moment in
    which nobody reads what was there before.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rewritten = 0  # what was owed when the file was written anew; 0: nothing, or the log is empty since

    def __call__(self) -> bool:
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
