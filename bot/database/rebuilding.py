"""What is thought of faces, made anew from all that was said; and whether what is kept is that."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, inspect, select, union

from bot.database.engine import database_path
from bot.database.judgements import Conduct, Judgement, Stale, WordRow
from bot.database.judging import settle
from bot.database.ledger import Correction
from bot.database.migrate import opened
from bot.database.samples import Sample

_TABLES: Final = (WordRow, Conduct, Judgement)


def rebuild(home: Path) -> int:
    """Fill the tables of a home anew; gives of how many faces. Others cannot write meanwhile: for minutes, where many.

    Raises
    ------
    DatabaseBusy, UnusableDatabase
        As `bot.database.migrate.upgrade`.
    """
    with opened(home) as connection:
        return fill(connection)


def fill(connection: Connection) -> int:
    """As `rebuild`, in a transaction that is open."""
    for table in (*_TABLES, Stale):
        connection.execute(delete(table))
    faces = union(select(Correction.face_id), select(Sample.face_id))
    connection.execute(insert(Stale).from_select(["face_id"], faces))
    marked = connection.scalar(select(func.count()).select_from(Stale)) or 0
    settle(connection)
    return marked


def differing(home: Path) -> int:
    """How many rows of the tables of a home are not what the rules make of all that was said; 0: all is well.

    It is found out on a copy, which needs as much room again for a while; the bot may run. What an earlier Koredare
    wrote has no such tables yet, and so is well.
    """
    with tempfile.TemporaryDirectory(dir=home, prefix=".checked-") as folder:
        copy = database_path(Path(folder))
        with closing(sqlite3.connect(database_path(home))) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with opened(Path(folder)) as connection:
            names = [table.__tablename__ for table in _TABLES]
            if not inspect(connection).has_table(names[0]):
                return 0
            for name in names:
                connection.exec_driver_sql(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name}")  # noqa: S608  ours
            fill(connection)
            found = 0
            for name in names:
                both = [f"SELECT * FROM {name}", f"SELECT * FROM temp.kept_{name}"]  # noqa: S608  ours
                unlike = [f"SELECT count(*) FROM ({one} EXCEPT {other})" for one, other in (both, both[::-1])]  # noqa: S608
                found += max(connection.exec_driver_sql(each).scalar_one() for each in unlike)
        return found
