"""What the migrations say in one way, and each kind of database in its own.

It has to mean the same next year: what a migration uses is not changed any more.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

# 64 bits, as Discord's ids have; SQLite numbers rows by themselves only where the type is INTEGER, which holds as many.
ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted and compared sign by sign, whatever language a server was set up in.
TEXT: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def create_trigger(name: str, when: str, what: str) -> None:
    """Have something done after each row that is changed: "INSERT ON samples WHEN NEW.held_out IS NOT NULL"."""
    event, _, condition = when.partition(" WHEN ")
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {what}; END")
    else:
        _create_function(name, f"{what}; RETURN NULL")
        only = f"WHEN ({condition})" if condition else ""
        op.execute(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW {only} EXECUTE FUNCTION {name}()")


def forbid(name: str, when: str, why: str) -> None:
    """Refuse a change of rows: "UPDATE ON corrections"."""
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{why}'); END")
    else:
        _create_function(name, f"RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'")
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION {name}()")


def forbid_replacing(name: str, table: str, where: str, why: str) -> None:
    """Refuse rows that would take the place of another: SQLite's INSERT OR REPLACE fires no trigger for updates."""
    if _is_sqlite():
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {where})"  # noqa: S608  ours
        forbid(name, f"INSERT ON {table} WHEN {there}", why)


def drop_trigger(name: str) -> None:
    """Have nothing of it any more."""
    op.execute(f"DROP TRIGGER {name}" if _is_sqlite() else f"DROP FUNCTION {name}() CASCADE")


def drop_table(name: str, *triggers: str) -> None:
    """Drop a table with its indexes and these triggers, which SQLite takes along by itself."""
    op.drop_table(name)
    for trigger in () if _is_sqlite() else triggers:
        op.execute(f"DROP FUNCTION {trigger}()")


def _create_function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
