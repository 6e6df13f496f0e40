"""Where a bot's rows are: in a file of SQLite in the data folder, or in a database of PostgreSQL.

All that is done otherwise in one than in the other is in `sqlite.py` and `postgres.py`, by the names of `store.py`; of
statements, in `bot.database.dialects`.
"""

from pathlib import Path

from bot.config import Settings
from bot.database.stores.sqlite import SqliteFile
from bot.database.stores.store import Store

__all__ = ["SqliteFile", "Store", "at", "of"]


def of(settings: Settings) -> Store:
    """Where the configuration says that they are.

    Raises
    ------
    NoDriver
        It names a database of PostgreSQL, and what speaks with one is not installed.
    """
    return at(settings.home, url=settings.database.url.get_secret_value())


def at(home: Path, *, url: str) -> Store:
    """As `of`, of a data folder; empty `url`: in its file."""
    if not url:
        return SqliteFile(home)
    from bot.database.stores.postgres import Postgres  # noqa: PLC0415  most have none, and need not have its driver

    return Postgres(home, url)
