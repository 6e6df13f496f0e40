"""What people see of their pictures' turns: a notice if it takes long until one comes, "typing…" from then on."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

import discord

from bot.chat.lost import typing, unless_lost
from bot.recognition.limits import spell_out
from bot.recognition.queue import Queue
from bot.recognition.tickets import Ticket
from bot.words import Words

Send = Callable[..., Awaitable[discord.Message | None]]


class Turns(AsyncExitStack):
    """The turns of the pictures of one answer, until it is given.

    Parameters
    ----------
    send
        Posts the notice; called with discord.py's `content`, gives the message. It is deleted in the end.
    asking
        The message that wants the answer; None: an interaction, which shows by itself that one is to come.
    """

    def __init__(self, queue: Queue, ticket: Ticket, words: Words, send: Send, asking: discord.Message | None) -> None:
        super().__init__()
        self._queue = queue
        self._ticket = ticket
        self._words = words
        self._send = send
        self._asking = asking
        self._over = False

    async def __aenter__(self) -> Self:
        """Begin."""
        self.callback(self._end)
        return self

    def _end(self) -> None:
        self._over = True

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[bool]:
        """As `Queue.turn`."""
        async with self._queue.turn(self._ticket, self._tell) as beside:
            if self._asking is not None:
                await self.enter_async_context(typing(self._asking.channel))
                self._asking = None
            yield beside

    async def _tell(self, seconds: int) -> None:
        with unless_lost("Saying how long pictures have to wait"):
            notice = await self._send(content=self._words("answer-waits", **spell_out(seconds)))
            if notice is None:
                return
            if self._over:
                await _take_away(notice)
            else:
                self.push_async_callback(_take_away, notice)


async def _take_away(notice: discord.Message) -> None:
    with unless_lost("Taking away what said how long pictures have to wait"):
        await notice.delete()
