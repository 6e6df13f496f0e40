"""The few pieces of SQL that each kind of database spells in its own way; what else differs is in `stores`.

All other statements are the same everywhere. For that to hold, `==` compares with what may be None, not
`is_not_distinct_from`, for which PostgreSQL uses no index; who orders by what may be missing says where that comes; and
nothing compares by LIKE, for which SQLite takes capitals and small letters for the same.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, String, Table, cast, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.expression import ClauseElement, Executable
from sqlalchemy.sql.functions import GenericFunction


class Spelled(Executable, ClauseElement):
    """A statement that is another in each dialect; no % is in it.

    Examples
    --------
    >>> await session.scalar(Spelled(sqlite="PRAGMA user_version", postgresql="SELECT 0"))
    """

    inherit_cache = False

    def __init__(self, **texts: str) -> None:
        self.texts = texts


@compiles(Spelled)
def _spell(element: Spelled, compiler: Any, **_: object) -> str:  # pyright: ignore[reportUnusedFunction]
    return element.texts[compiler.dialect.name]


class _place(GenericFunction[int]):  # noqa: N801  as functions are called
    """Where one text begins in another, from 1; 0: it is not in it."""

    type = Integer()
    inherit_cache = True


@compiles(_place, "sqlite")
def _instr(element: Any, compiler: Any, **how: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"instr({compiler.process(element.clauses, **how)})"


@compiles(_place, "postgresql")
def _strpos(element: Any, compiler: Any, **how: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"strpos({compiler.process(element.clauses, **how)})"


def before(sign: str, of: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """What of a text is before a sign that is in it."""
    return func.substr(of, 1, _place(of, sign) - 1, type_=String())


def begins(of: InstrumentedAttribute[str | None], beginning: str) -> ColumnElement[bool]:
    """The condition that a text begins so, to the letter."""
    return func.substr(of, 1, len(beginning)) == beginning


def total(of: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The sum of whole numbers as one of them, 0 of none; PostgreSQL would give a decimal number."""
    return cast(func.coalesce(func.sum(of), 0), BigInteger)


def ever_numbered(table: Table) -> Spelled:
    """How many rows a table has ever given an id to, forgotten ones too.

    PostgreSQL gives none back that was given to what was not written after all.
    """
    lasting = f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'"  # noqa: S608  ours
    return Spelled(
        sqlite=lasting if _numbers_for_ever(table) else f"SELECT max(id) FROM {table.name}",  # noqa: S608
        postgresql=f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table.name}_id_seq",  # noqa: S608
    )


def number_on(table: Table, last: int) -> Spelled:
    """Have a table go on numbering its rows after that one."""
    there = f"(SELECT rowid FROM sqlite_sequence WHERE name = '{table.name}')"  # noqa: S608  ours
    lasting = f"INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq) VALUES ({there}, '{table.name}', {last})"  # noqa: S608
    return Spelled(
        sqlite=lasting if _numbers_for_ever(table) else "SELECT 1",
        postgresql=f"SELECT setval('{table.name}_id_seq', {max(last, 1)}, {last > 0})",
    )


def _numbers_for_ever(table: Table) -> bool:
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def is_dangling(error: IntegrityError) -> bool:
    """Whether a row was refused because it refers to one that is not there."""
    return getattr(error.orig, "sqlstate", None) == "23503" or "FOREIGN KEY" in str(error.orig)


OWED = Spelled(
    sqlite="PRAGMA user_version",
    postgresql="SELECT coalesce(obj_description('alembic_version'::regclass)::bigint, 0)",
)
"""A number that is kept with the database for whoever owns it: how many deletions traces are owed for."""


def owing(number: int) -> Spelled:
    """Have that number be another, together with what else a transaction does or not at all."""
    return Spelled(
        sqlite=f"PRAGMA user_version = {number}",
        postgresql=f"COMMENT ON TABLE alembic_version IS '{number}'",
    )


def telling(channel: str, text: str) -> Spelled:
    """Tell a text without apostrophes to whoever listens, if what a transaction does is written; SQLite has nobody."""
    return Spelled(sqlite="SELECT NULL", postgresql=f"SELECT pg_notify('{channel}', '{text}')")
