"""Whether a database is built as its schema says: somebody may have lost, or put back by hand, a part of it."""

import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.database import migrate
from bot.database.stores import SqliteFile, Store

_PARTS: Final = """
    SELECT type || ' ' || name FROM sqlite_master
    UNION SELECT 'column ' || tables.name || '.' || columns.name
    FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
"""


def lacking(store: Store) -> list[str]:
    """The tables, columns, indexes and triggers that a file of this version's schema should have and has not.

    Of a server's database nothing is looked at: whoever can drop a table there is asked for it by name.

    Raises
    ------
    DBAPIError
        It cannot be read.
    """
    if not isinstance(store, SqliteFile):
        return []
    with tempfile.TemporaryDirectory() as folder:
        migrate.upgrade(fresh := SqliteFile(Path(folder)))
        with fresh.reading() as connection:
            wanted = _parts(connection)
    with store.reading() as connection:
        return sorted(wanted - _parts(connection))


def _parts(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql(_PARTS).scalars())
