"""Whether the database of a bot has this version's schema; usually it has, and Alembic need not even be imported."""

import logging
from pathlib import Path
from typing import Final

from bot.database import homes
from bot.database.errors import DatabaseError, HalfCopied, NewerDatabase
from bot.database.stores import Store

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
HALF: Final = "half copied"
"""The schema of a database that is not all there yet (`bot.database.copying`), so that nobody uses it."""


def ensure(store: Store) -> None:
    """Create or migrate the database of a bot, if need be; blocks while it does.

    A restore that was broken off is finished first. What people said and showed is for the account alone that runs
    the bot.

    Raises
    ------
    DatabaseError
        As `bot.database.migrate.upgrade`, which does the work.
    """
    homes.finish(store.home)
    if not is_current(found := store.schema()):
        if found is None and any((store.home / "models").glob("*/v*")) and not store.exists():
            log.warning(
                "There are models in %s and no database: I begin a new one. Is it lost? koredare restore FILE",
                store.home,
            )
        from bot.database import migrate  # noqa: PLC0415  a third of a second that most starts need not spend

        migrate.upgrade(store)
    store.secure()


def known() -> set[str]:
    """The schemas that this version can read, or bring to its own."""
    return {file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def newest() -> str:
    """This version's schema."""
    return max(known())


def is_current(schema: str | None) -> bool:
    """Whether a schema is this version's."""
    return schema == newest()


def strange(name: str, schema: str) -> DatabaseError:
    """Why a database of a schema that is not known cannot be used."""
    return HalfCopied(name) if schema == HALF else NewerDatabase(name, schema)
