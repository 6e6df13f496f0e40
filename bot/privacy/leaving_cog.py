"""Notices when the bot is taken out of a server, and looks once a day whose data is to go."""

import discord
from discord.ext import commands

from bot.client import Koredare
from bot.database import departures
from bot.database.notices import Notice
from bot.loops import every
from bot.privacy import leaving


class Leaving(commands.Cog):
    """Forgets servers that it is in no more."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Begin, if there is a period."""
        if self.bot.settings.privacy.left_days:
            self.bot.schedule.add(self.look)

    async def cog_unload(self) -> None:
        """End."""
        self.bot.schedule.remove(self.look)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """See which servers took it out while it was away."""
        await leaving.notice(self.bot.settings, self.bot.database, [guild.id for guild in self.bot.guilds])

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """It is let in, perhaps again: what is there stays."""
        async with self.bot.database.writing() as session:
            await departures.back(session, [guild.id])

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """It was taken out."""
        async with self.bot.database.writing() as session:
            await departures.left(session, guild.id)
        leaving.tell(self.bot.settings, guild.id)

    @every(hours=24)
    async def look(self) -> None:
        """Forget the servers whose time is over."""
        for guild_id in await leaving.enforce(self.bot.settings, self.bot.database):
            await self.bot.heed(Notice("settings", guild_id))


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Leaving(bot))
