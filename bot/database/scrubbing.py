"""What deleted rows have left on the disk is overwritten: at once if nobody is in the way, else later."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.dialects import OWED, owing
from bot.database.errors import DatabaseError

log = logging.getLogger(__name__)


async def owe(session: AsyncSession) -> None:
    """Remember, together with the deletion of rows or not at all, that their traces are to be overwritten."""
    await session.execute(owing(await _owed(session) + 1))


async def owed(session: AsyncSession) -> bool:
    """Whether traces of deleted rows may still be on the disk."""
    return await _owed(session) > 0


async def _owed(session: AsyncSession) -> int:
    return await session.scalar(OWED) or 0


class Scrubber:
    """Has what deleted rows have left be overwritten, one attempt at a time.

    Parameters
    ----------
    overwrite
        As of `bot.database.stores.Store.scrubbing`.
    """

    def __init__(self, overwrite: Callable[[], bool]) -> None:
        self._overwrite = overwrite
        self._turn = asyncio.Lock()

    async def scrub(self) -> bool:
        """Do what can be done now; false if somebody was in the way, so that it is to be tried again."""
        async with self._turn:
            try:
                done = await asyncio.to_thread(self._overwrite)
            except DatabaseError as error:
                log.warning("The traces of deleted rows could not be overwritten: %s", error)
                return False
            except Exception:  # whatever it is, the rows are gone, and the next attempt may do better
                log.exception("The traces of deleted rows could not be overwritten")
                return False
            if not done:
                log.info("The traces of deleted rows are still on the disk, as the database is in use.")
            return done
