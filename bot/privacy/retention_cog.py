"""Looks once a day for what is too old to be kept."""

from discord.ext import commands

from bot.client import Koredare
from bot.loops import every
from bot.privacy import retention


class Retention(commands.Cog):
    """Forgets pictures when the operator's period is over."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Begin, if there is a period."""
        if self.bot.settings.privacy.retention_days:
            self.bot.schedule.add(self.look)

    async def cog_unload(self) -> None:
        """End."""
        self.bot.schedule.remove(self.look)

    @every(hours=24)
    async def look(self) -> None:
        """Forget what is too old."""
        await retention.enforce(self.bot.settings, self.bot.database)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Retention(bot))
