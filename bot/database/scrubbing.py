"""What deleted rows have left on the disk is overwritten: at once if nobody is in the way, else later."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.dialects import OWED, owing
from bot.database.errors import DatabaseError

log = logging.getLogger(__name__)

_LONG: Final = 1.0  # seconds; what takes no longer holds nobody up for long
_SHARE: Final = 20


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

    Nobody can write meanwhile, and anybody can have something deleted, as often as they like: where it takes long, it
    is done for a twentieth of the time at most.

    Parameters
    ----------
    overwrite
        As of `bot.database.stores.Store.scrubbing`.
    """

    def __init__(self, overwrite: Callable[[], bool], *, clock: Callable[[], float] = time.perf_counter) -> None:
        self._overwrite = overwrite
        self._clock = clock
        self._turn = asyncio.Lock()
        self._rests_until = -math.inf

    async def scrub(self) -> bool:
        """Do what can be done now; false if somebody was in the way, or it is too soon, so it is to be tried again."""
        async with self._turn:
            if (began := self._clock()) < self._rests_until:
                log.info("The traces of deleted rows are still on the disk; others were overwritten just now.")
                return False
            try:
                done = await asyncio.to_thread(self._overwrite)
            except DatabaseError as error:
                log.warning("The traces of deleted rows could not be overwritten: %s", error)
                return False
            except Exception:  # whatever it is, the rows are gone, and the next attempt may do better
                log.exception("The traces of deleted rows could not be overwritten")
                return False
            if done and (took := self._clock() - began) > _LONG:
                self._rests_until = began + _SHARE * took
            if not done:
                log.info("The traces of deleted rows are still on the disk, as the database is in use.")
            return done
