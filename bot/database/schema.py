"""Whether the database of a home has this version's schema; usually it has, and Alembic need not even be imported."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.database import homes
from bot.database.engine import database_path
from ml.files import for_owner

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def ensure(home: Path) -> None:
    """Create or migrate the database of a home, if need be; blocks while it does.

    A restore that was broken off is finished first. What people said and showed is for the account alone that runs
    the bot.

    Raises
    ------
    DatabaseError
        As `bot.database.migrate.upgrade`, which does the work.
    """
    homes.finish(home)
    path = database_path(home)
    if not path.exists() and any((home / "models").glob("*/v*")):
        log.warning(
            "There are models in %s and no database: I begin a new one. Is it lost? koredare restore FILE", home
        )
    if not _is_current(path):
        from bot.database import migrate  # noqa: PLC0415  a third of a second that most starts need not spend

        migrate.upgrade(home)
    try:
        for_owner(path)
    except OSError as error:  # it is another account's, who lets us write to it
        log.warning("Others may read the database %s: %s", path, error.strerror)


def _is_current(path: Path) -> bool:
    if not path.is_file():
        return False
    newest = max(file.stem for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.DatabaseError:
        return False  # whatever is wrong with it, the migration says so in words
    return found == [(newest.partition("_")[0],)]
