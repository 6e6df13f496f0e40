"""The database of a data folder for as long as a block lasts, without a bot around it: for the shell and the demo."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.database import homes, schema
from bot.database.engine import Database


@asynccontextmanager
async def opened(home: Path) -> AsyncGenerator[Database]:
    """The database of a data folder; both are made if they are missing, and migrated as needed.

    Raises
    ------
    DatabaseError
        As `bot.database.migrate.upgrade`, and `HomeBeingReplaced`.
    """
    with homes.using(home):
        await asyncio.to_thread(schema.ensure, home)
        database = Database(home)
        try:
            yield database
        finally:
            await database.close()
