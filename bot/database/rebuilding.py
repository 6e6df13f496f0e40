"""What is thought of faces, made anew from all that was said; and whether what is kept is that."""

from typing import Final

from sqlalchemy import Connection, delete, func, insert, inspect, select, union

from bot.database.judgements import Conduct, Judgement, Stale, WordRow
from bot.database.judging import settle
from bot.database.ledger import Correction
from bot.database.samples import Sample
from bot.database.stores import Store

_TABLES: Final = (WordRow, Conduct, Judgement)


def rebuild(store: Store) -> int:
    """Fill the tables of a bot anew; gives of how many faces. Others cannot write meanwhile: for minutes, where many.

    Raises
    ------
    DatabaseBusy, UnusableDatabase
        As `bot.database.migrate.upgrade`.
    """
    with store.alone(patience=60.0) as connection:
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


def differing(store: Store) -> int:
    """How many rows of the tables of a bot are not what the rules make of all that was said; 0: all is well.

    It is found out on the side: the bot may run. What an earlier Koredare wrote has no such tables yet, and so is well.
    """
    with store.reading() as connection:
        if not inspect(connection).has_table(WordRow.__tablename__):
            return 0
    with store.trial([table.__tablename__ for table in (*_TABLES, Stale)]) as trial:
        fill(trial.connection)
        found = 0
        for name in (table.__tablename__ for table in _TABLES):
            both = [f"SELECT * FROM {name}", f"SELECT * FROM {trial.kept[name]}"]  # noqa: S608  ours
            unlike = [f"SELECT count(*) FROM ({one} EXCEPT {other}) AS unlike" for one, other in (both, both[::-1])]  # noqa: S608
            found += max(trial.connection.exec_driver_sql(each).scalar_one() for each in unlike)
        return found
