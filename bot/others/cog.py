"""Hears what other processes of the bot have written, and runs the schedule when it is this one's."""

import asyncio

from discord.ext import commands

from bot.client import Koredare
from bot.database.notices import Heard, Notice
from bot.loops import every, outliving


class Others(commands.Cog):
    """Keeps in touch with the other processes of the bot."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._line = bot.database.line()
        self._turn = asyncio.Lock()
        self._hearing = set[asyncio.Task[None]]()

    async def cog_load(self) -> None:
        """Be there for the others; what changes from now on is heard, so only now is read what they may change."""
        if await self._line.open(self.bot.settings.discord.shard_ids, self._hear):
            self.bot.schedule.take()
        await self.bot.choices.read()
        self.look_again.start()

    async def cog_unload(self) -> None:
        """Leave the schedule, and the others."""
        self.look_again.cancel()
        await self.bot.schedule.give_up()
        await self._line.close()

    def _hear(self, heard: Heard) -> None:
        task = asyncio.create_task(self._heed(heard))
        self._hearing.add(task)
        task.add_done_callback(self._hearing.discard)

    async def _heed(self, heard: Heard) -> None:
        async with self._turn:  # else an older choice might be read later
            with outliving("Heeding other processes"):
                await self._do(heard)
                return
            self.bot.unsure = True

    async def _do(self, heard: Heard) -> None:
        match heard:
            case "taken":
                self.bot.schedule.take()
            case "lost":
                await self.bot.schedule.give_up()
            case "missed":
                await self._look_anew()
            case Notice():
                await self.bot.heed(heard)

    async def _look_anew(self) -> None:
        self.bot.held.clear()
        self.bot.since.clear()
        self.bot.models.missed()
        await self.bot.choices.read()

    @every(minutes=1)
    async def look_again(self) -> None:
        """Look at everything anew, where that was not to be had when it was told."""
        if self.bot.unsure:
            self.bot.unsure = False
            await self._heed("missed")


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Others(bot))
