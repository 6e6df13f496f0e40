"""Sessions on the database of a bot: many readers at once, one writer at a time."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.database import judging
from bot.database.errors import LogGone, UnreachableDatabase
from bot.database.notices import Line
from bot.database.scrubbing import Scrubber
from bot.database.stores import Store

log = logging.getLogger(__name__)


class Database:
    """Sessions on the database of a bot, which `bot.database.migrate.upgrade` has prepared before.

    Parameters
    ----------
    store
        Where it is.
    patience
        Seconds that a session waits for another process before it raises `DatabaseBusy`. For each other the sessions
        of this one wait as long as it takes: how many there are is bounded by what they serve.

    Examples
    --------
    >>> async with database.writing() as session:
    ...     await corrections.add(session, face_id=7, kind="right", user_id=ann, moderator=False, via="button")
    """

    def __init__(self, store: Store, *, patience: float = 10.0) -> None:
        self._store = store
        self._readers = store.readers(patience=patience)
        # One connection only: writers of this process queue here, first come first served, and share the database's
        # own lock with other processes alone.
        self._writer = store.writer(patience=patience)
        self._reading = async_sessionmaker(self._readers, expire_on_commit=False)
        self._writing = async_sessionmaker(self._writer, expire_on_commit=False, sync_session_class=judging.Writing)
        self._scrubber = Scrubber(store.scrubbing())
        self._watch = store.watch()
        self._away = False
        self._open_sessions = 0
        self._none_open = asyncio.Event()
        self._renewing = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A session that sees one moment of the database and cannot change it.

        No second one inside, however deep: with all readers' connections held by those who want another, all would wait
        for ever.

        Raises
        ------
        DatabaseBusy
            When another process kept it locked, or it cannot be reached.
        UnusableDatabase
            When the disk is full or fails, or the database is damaged.
        """
        async with self._open(self._reading) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """A session that holds the write lock; what it did is on the disk when the block is left without an error.

        What is thought of faces (`bot.database.judgements`) then follows from it.

        Keep the block short, with no network, no recognition and no second session inside: everyone else's
        corrections wait for it.

        Raises
        ------
        DatabaseBusy
            When another process kept the lock: nothing was written. When a server was lost: nothing was, or, where it
            was lost while it said that it had, all of it.
        UnusableDatabase
            As for `reading`; nothing was written.
        """
        async with self._open(self._writing) as session:
            await session.connection()  # takes the lock now, so that every read in the block is of what it will change
            yield session
            await judging.catch_up(session)

    async def scrub(self) -> bool:
        """Overwrite what rows have left on the disk whose deletion owes it (`bot.database.scrubbing.owe`).

        Returns
        -------
        bool
            Whether it is done. If not, somebody was in the way: it is tried again in the background until it is done,
            or until the database is closed; after that, call it again.
        """
        return await self._scrubber.scrub()

    def line(self) -> Line:
        """A line to the other processes that use it; not opened yet."""
        return self._store.line()

    @asynccontextmanager
    async def claim(self, what: str) -> AsyncGenerator[bool]:
        """Whether nobody else does something, with whatever data folder; for as long as the block lasts nobody can.

        Raises
        ------
        DatabaseError
            It cannot be told.
        """
        async with AsyncExitStack() as stack:
            try:
                mine = await stack.enter_async_context(self._store.claim(what))
            except DBAPIError as error:
                raise self._store.refusal(error) or error from error
            yield mine

    async def sizes(self) -> dict[str, int]:
        """Bytes of it, by what they are: "database", and "log" where that is known; raises as `reading`."""
        return await asyncio.to_thread(self._store.sizes)

    async def close(self) -> None:
        """Close all connections; the last one to leave folds SQLite's write-ahead log into the file."""
        await self._readers.dispose()
        await self._writer.dispose()
        self._watch = self._store.watch()

    async def _see_that_it_lasts(self) -> None:
        """See that what is written now is found later; where it would not be, bring all there that was written."""
        with suppress(LogGone):
            return self._watch()
        async with self._renewing:
            try:
                self._watch()  # whoever was before us may have done it
            except LogGone as gone:
                while self._open_sessions:  # others wait for us, so there will be none
                    self._none_open.clear()
                    await self._none_open.wait()
                await self._store.fold(self._writer)
                await self.close()
                log.warning("%s was taken away while I use it; what was in it is in the database now.", gone.file)

    @asynccontextmanager
    async def _open(self, sessions: async_sessionmaker[AsyncSession]) -> AsyncGenerator[AsyncSession]:
        try:
            await self._see_that_it_lasts()
            self._open_sessions += 1
            try:
                async with sessions.begin() as session:
                    yield session
            finally:
                self._open_sessions -= 1
                if not self._open_sessions:
                    self._none_open.set()
            if self._away:
                self._away = False
                log.info("The database can be reached again.")
        except DBAPIError as error:
            refusal = self._store.refusal(error, reading=sessions is self._reading)
            if refusal is None:
                raise
            if isinstance(refusal, UnreachableDatabase) and not self._away:
                self._away = True  # that it lasts is worth no other line
                log.warning("%s", refusal.cause)
            raise refusal from error
