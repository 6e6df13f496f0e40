"""Bringing the database of a bot to this version's schema, at start-up."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from bot.database import judging
from bot.database.errors import UnusableDatabase
from bot.database.schema import MIGRATIONS, strange
from bot.database.stores import SqliteFile, Store

_TOLD: Final = 5  # of the tables that are there


def upgrade(store: Store, *, patience: float = 60.0) -> Path | None:
    """Create the database of a bot, or bring it to the newest schema; nothing to do is the usual case.

    All in one transaction, so that whatever goes wrong leaves it as it was. Processes that start at once take turns.
    A file that holds something is copied before it is changed, to `koredare.before-REVISION.db` beside it; only the
    latest such copy is kept. Of a database of PostgreSQL its operator makes one, with `pg_dump`.

    Parameters
    ----------
    patience
        Seconds to wait for another process that is at it.

    Returns
    -------
    Path or None
        The copy, if one was made. It holds what the database held: forgetting a person must reach it too.

    Raises
    ------
    NewerDatabase, HalfCopied
        When a later version of Koredare has written it, or it is not all there yet.
    DatabaseBusy
        When another process kept it locked.
    UnusableDatabase
        When it cannot be opened, read or changed.
    """
    try:
        store.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableDatabase(store.name, f"{error.strerror}: choose another folder with --home") from error
    with store.migrating(patience=patience) as connection:
        config = configure(connection)
        scripts = ScriptDirectory.from_config(config)
        head = scripts.get_current_head()
        heads = MigrationContext.configure(connection).get_current_heads()
        current = heads[0] if len(heads) == 1 else None
        if current == head:
            return None
        if current is None and (tables := _tables(connection)):
            told = ", ".join(tables[:_TOLD]) + (", …" if len(tables) > _TOLD else "")
            raise UnusableDatabase(store.name, f"it is none of mine, or not whole: it has {told}", damaged=True)
        if current not in {None, *(script.revision for script in scripts.walk_revisions())}:
            raise strange(store.name, str(current))
        copy = None if current is None else store.keep_copy(before=str(head))
        try:
            command.upgrade(config, "head")
        except DBAPIError as error:
            if store.refusal(error) is not None:
                raise
            raise UnusableDatabase(
                store.name, f"it is not built as its schema says, {current} ({error.orig})", damaged=True
            ) from error
        judging.settle(connection)
        broken = store.broken_reference(connection)
        if broken is not None:
            raise UnusableDatabase(store.name, f"migrating it would break a reference of {broken}")
        return copy


def _tables(connection: Connection) -> list[str]:
    """Those that are there, but Alembic's own, which is left when all are gone."""
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]


def configure(connection: Connection) -> Config:
    """Alembic's configuration for our migrations on an open connection; it touches no logging."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def write_revision(message: str) -> None:
    """Draft the next migration from the difference between the tables in the code and the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteFile(Path(folder))
        upgrade(store)
        with store.alone(patience=1.0) as connection:
            config = configure(connection)
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    write_revision(" ".join(sys.argv[1:]))
