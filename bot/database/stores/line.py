"""A process's line to the others over PostgreSQL: one connection, which hears what is told and holds what is ours.

A thread keeps it, so that it goes on however busy the bot is. What is ours are advisory locks of the connection: they
are free when it ends, however it ends. It ends at our side within 15 s of a network that is gone, and at the server's
after 20 s, so that nobody takes over from one who does not know yet.
"""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Final, TypeAlias

from psycopg import Connection, Error, Notify

from bot.database.errors import ShardTaken, UnreachableDatabase
from bot.database.notices import CHANNEL, Heard, Notice

log = logging.getLogger(__name__)

_OURS: Final = int.from_bytes(b"kore")  # of locks: the first of their two numbers; the second is …
_SCHEDULE: Final = 0
_ALL_SHARDS: Final = -1  # shared by those who hold some; and one more than its number for each shard
_PAUSE: Final = 5.0  # seconds: so often it is looked whether the line is there, and the schedule free
_PATIENCE: Final = 60.0  # seconds that a process which is about to end may go on holding our shards
_SILENT: Final = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 2")

Connected: TypeAlias = Connection[Any]


class PostgresLine:
    """As `bot.database.notices.Line`.

    Parameters
    ----------
    connect
        Makes a connection that commits by itself.
    name
        Of the database, for people.
    """

    def __init__(self, connect: Callable[[], Connected], name: str) -> None:
        self._connect, self._name = connect, name
        self._ear, self._call = socket.socketpair()  # wakes the thread
        self._over = self._mine = False
        self._shards: Sequence[int] = ()
        self._hear: Callable[[Heard], None]
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread | None = None

    async def open(self, shards: Sequence[int], hear: Callable[[Heard], None]) -> bool:
        """As `Line` says."""
        self._shards, self._hear, self._loop = shards, hear, asyncio.get_running_loop()
        try:
            connection = await asyncio.to_thread(self._begin)
        except asyncio.CancelledError:
            self._end()
            raise
        log.info("I run the schedule." if self._mine else "Another process runs the schedule.")
        self._thread = threading.Thread(target=self._keep, args=(connection,), name="line", daemon=True)
        self._thread.start()
        return self._mine

    async def close(self) -> None:
        """As `Line` says."""
        self._end()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, _PAUSE)

    def _end(self) -> None:
        self._over = True
        self._call.send(b".")

    def _begin(self) -> Connected:
        try:
            connection = self._connected()
            try:
                self._hold_shards(connection)
                self._mine = _lock(connection, "pg_try_advisory_lock", _SCHEDULE)
            except BaseException:
                connection.close()
                raise
        except Error as error:
            raise UnreachableDatabase(self._name, str(error).strip()) from error
        return connection

    def _connected(self) -> Connected:
        connection = self._connect()
        connection.add_notify_handler(self._notified)
        for setting in _SILENT:
            connection.execute(f"SET {setting}".encode())
        connection.execute(f"LISTEN {CHANNEL}".encode())
        return connection

    def _hold_shards(self, connection: Connected) -> None:
        """Hold those that are ours, when whoever holds them lets go of them."""
        until, told = time.monotonic() + _PATIENCE, False
        while (taken := self._taken(connection)) is not None:
            if self._over or time.monotonic() > until:
                raise taken
            if not told:
                log.warning("%s I wait for a minute, as that one may be about to end.", taken)
                told = True
            self._wait(1.0)

    def _taken(self, connection: Connected) -> ShardTaken | None:
        """Hold our shards; none of them, if another process has one."""
        all_of_them = "pg_try_advisory_lock_shared" if self._shards else "pg_try_advisory_lock"
        for how, which in ((all_of_them, _ALL_SHARDS), *(("pg_try_advisory_lock", each + 1) for each in self._shards)):
            if not _lock(connection, how, which):
                connection.execute("SELECT pg_advisory_unlock_all()")
                return ShardTaken(None if which == _ALL_SHARDS else which - 1)
        return None

    def _keep(self, connection: Connected) -> None:
        """Keep the line until it is closed."""
        while not self._over:
            try:
                self._wait(_PAUSE, connection)
                if self._mine:
                    connection.execute("SELECT")  # whoever has notified us is heard meanwhile
                elif _lock(connection, "pg_try_advisory_lock", _SCHEDULE):
                    self._mine = True
                    log.info("I run the schedule from now on.")
                    self._tell("taken")
            except Error as error:
                log.warning("The line to my other processes is down: %s", str(error).strip().partition("\n")[0])
                if self._mine:
                    self._mine = False
                    self._tell("lost")
                connection.close()
                connection = self._again() or connection
        with suppress(Error):  # else all is free as the connection ends
            connection.execute("SELECT pg_advisory_unlock_all()")
            connection.execute(f"NOTIFY {CHANNEL}".encode())  # and nobody need wait to look
        connection.close()

    def _again(self) -> Connected | None:
        while not self._over:
            self._wait(_PAUSE)
            try:
                connection = self._connected()
            except Error:
                continue
            try:
                self._hold_shards(connection)  # the server may take the old connection for alive yet
            except (Error, ShardTaken) as error:
                connection.close()
                if isinstance(error, ShardTaken):
                    log.error("%s Whoever posts there is answered twice.", error)  # noqa: TRY400  it says all
                continue
            self._tell("missed")
            log.info("The line to my other processes is up again.")
            return connection
        return None

    def _wait(self, seconds: float, connection: Connected | None = None) -> None:
        """Wait until somebody tells us something, or it is over."""
        with DefaultSelector() as selector:
            selector.register(self._ear, EVENT_READ)
            if connection is not None:
                selector.register(connection.fileno(), EVENT_READ)
            selector.select(0 if self._over else seconds)

    def _notified(self, notify: Notify) -> None:
        if (notice := Notice.read(notify.payload)) is not None:
            self._tell(notice)

    def _tell(self, heard: Heard) -> None:
        with suppress(RuntimeError):  # the bot's loop has ended
            self._loop.call_soon_threadsafe(self._hear, heard)


def _lock(connection: Connected, how: str, which: int) -> bool:
    row = connection.execute(f"SELECT {how}({_OURS}, {which})".encode()).fetchone()
    assert row is not None
    return row[0]
