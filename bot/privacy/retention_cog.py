"""Looks once a day for what is too old to be kept."""

from discord.ext import commands

from bot.client import Koredare
from bot.database.base import now
from bot.loops import Clock, every
from bot.privacy import retention


class Retention(commands.Cog):
    """Forgets pictures when the operator's period is over."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._clock = Clock()

    async def cog_load(self) -> None:
        """Begin, if there is a period."""
        if self.bot.settings.privacy.retention_days:
            self.bot.schedule.add(self.look)

    async def cog_unload(self) -> None:
        """End."""
        self.bot.schedule.remove(self.look)

    @every(hours=24)
    async def look(self) -> None:
        """Forget what is too old; a day later, if the clock leapt: it may be wrong."""
        if self._clock.doubtful():
            return
        await retention.enforce(self.bot.settings, self.bot.database, now=now())


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Retention(bot))
