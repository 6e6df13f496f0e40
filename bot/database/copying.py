"""All that one database holds, put into another, whichever kind each is; broken off, it goes on where it was."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, exists, func, insert, select, text

from bot.database import migrate
from bot.database.base import Base
from bot.database.dialects import ever_numbered, number_on
from bot.database.errors import DatabaseError
from bot.database.judgements import Conduct, Judgement, Stale, WordRow
from bot.database.moved import Moved, MovedCharacter
from bot.database.samples import Sample
from bot.database.schema import HALF, is_current, newest
from bot.database.stores import Store

_PATIENCE: Final = 60.0  # seconds, for who else writes
_AT_ONCE: Final = 2000  # rows
_LARGE: Final = 100  # rows, of tables with pictures in them
# What follows from the others by itself, and so is there already, in part, when those are: in this order, as the
# triggers of each change those after it.
_FOLLOWING: Final = (WordRow, Conduct, Judgement, Moved, MovedCharacter, Stale)
_LAST: Final = tuple(Base.metadata.tables[each.__tablename__] for each in _FOLLOWING)
_FIRST: Final = tuple(table for table in Base.metadata.sorted_tables if table not in _LAST)


class CopyError(DatabaseError):
    """Why a database cannot be copied, or a copy is none."""


def copy(source: Store, target: Store, *, told: Callable[[str, int], None]) -> None:
    """Put all that a database holds into another one, which is made, or empty, or was begun by this before.

    Nobody can write to the source meanwhile. Each table is compared in the end, row by row.

    Parameters
    ----------
    told
        Called with each table that is found to be the same in both, and with how many rows.

    Raises
    ------
    CopyError
        The source is not of this version's schema; there is something else in the target; or a table is another there.
    DatabaseBusy, UnusableDatabase
        As `Store.alone`.
    """
    if source.name == target.name:
        raise CopyError(f"{source.name} cannot be copied into itself.")
    check(source)
    with source.alone(patience=_PATIENCE) as connection:
        copy_from(connection, target, told=told)


def check(source: Store) -> None:
    """See that there is something to copy, which this version knows.

    Raises
    ------
    CopyError
        There is not.
    """
    if not source.exists():
        raise CopyError(f"There is nothing in {source.name} to copy.")
    if (schema := source.schema()) is None:
        raise CopyError(f"{source.name} is no database of mine, or cannot be read: `koredare doctor` says more.")
    if not is_current(schema):
        raise CopyError(f"{source.name} is of another version's schema ({schema}): start this Koredare on it once.")


def copy_from(source: Connection, target: Store, *, told: Callable[[str, int], None]) -> None:
    """As `copy`, from a connection that sees one moment of a database of this version's schema."""
    schema = _begin(target)
    for table in _FIRST:
        _fill(source, target, table)
    with target.alone(patience=_PATIENCE) as connection:
        for table in _LAST:
            connection.execute(delete(table))
            for rows in _rows(source, table):
                connection.execute(insert(table), rows)
        for each in Base.metadata.sorted_tables:
            told(each.name, _compare(source, connection, each, target))
        for table in Base.metadata.sorted_tables:
            if table.autoincrement_column is not None:
                connection.execute(number_on(table, source.scalar(ever_numbered(table)) or 0))
        _mark(connection, schema)
    target.take_stock()


def _begin(target: Store) -> str:
    """Have a database be one that is being copied into; gives the schema that it is to have in the end."""
    if target.schema() != HALF:
        migrate.upgrade(target)
    with target.alone(patience=_PATIENCE) as connection:
        schema = connection.execute(_SCHEMA).scalar_one()
        if schema != HALF:
            for table in Base.metadata.sorted_tables:
                if connection.scalar(select(exists(select(table)))):
                    raise CopyError(
                        f"There is something in {target.name} already ({table.name}): name an empty database. "
                        "Nothing was changed."
                    )
            _mark(connection, HALF)
    return newest()


_SCHEMA: Final = text("SELECT version_num FROM alembic_version")


def _mark(connection: Connection, schema: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})


def _fill(source: Connection, target: Store, table: Table) -> None:
    """Add the rows that are not there yet, some at a time, each time for good."""
    key = _key(table)
    if len(key) == 1:
        with target.alone(patience=_PATIENCE) as connection:
            last = connection.scalar(select(func.max(key[0])))
    else:
        last = None
        with target.alone(patience=_PATIENCE) as connection:
            connection.execute(delete(table))
    for rows in _rows(source, table, after=last):
        with target.alone(patience=_PATIENCE) as connection:
            connection.execute(insert(table), rows)


def _key(table: Table) -> Sequence[Any]:
    return list(table.primary_key.columns)


def _rows(source: Connection, table: Table, *, after: int | None = None) -> Iterator[list[dict[str, Any]]]:
    """All rows, or those with a higher key, in the order of the key, some at a time."""
    key = _key(table)
    query = select(table).order_by(*key)
    if after is not None:
        query = query.where(key[0] > after)
    at_once = _LARGE if table.name == Sample.__tablename__ else _AT_ONCE
    with source.execute(query, execution_options={"yield_per": at_once}) as found:
        for some in found.mappings().partitions():
            yield [dict(row) for row in some]


def _compare(source: Connection, copied: Connection, table: Table, target: Store) -> int:
    """How many rows a table has, which are the same in both."""
    counted, digests = list[int](), list[bytes]()
    for connection in (source, copied):
        number, digest = 0, blake2b()
        for rows in _rows(connection, table):
            number += len(rows)
            for row in rows:
                digest.update(repr(list(row.values())).encode("utf-8", "surrogatepass"))
        counted.append(number)
        digests.append(digest.digest())
    if digests[0] != digests[1]:
        raise CopyError(
            f"{table.name} is not the same in {target.name}: {counted[1]:,} rows of {counted[0]:,}. "
            "What was copied there before was of another database, or of an earlier day: name an empty one."
        )
    return counted[0]
