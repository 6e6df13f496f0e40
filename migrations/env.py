"""How Alembic runs our migrations: on the connection that `bot.database.migrate` hands it, in its transaction."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from bot.database import Base


def _plain(kind: str, thing: Any, _context: object) -> str | Literal[False]:
    """Write our own column types as what they are in SQLite: a migration must not change when the code does."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_plain,
    render_as_batch=True,  # SQLite alters little in place: Alembic copies the table instead
)
with context.begin_transaction():
    context.run_migrations()
