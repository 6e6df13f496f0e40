"""The database of a bot for as long as a block lasts, without a bot around it: for the shell and the demo."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.config import Settings
from bot.database import homes, schema, stores
from bot.database.engine import Database


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """The database and the data folder of a bot; both are made if they are missing, and migrated as needed.

    Raises
    ------
    DatabaseError
        As `bot.database.migrate.upgrade`, and `HomeBeingReplaced`.
    """
    with homes.using(settings.home):
        store = stores.of(settings)
        await asyncio.to_thread(schema.ensure, store)
        database = Database(store)
        try:
            yield database
        finally:
            await database.close()
