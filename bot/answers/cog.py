"""Brings answers up to date later on that Discord did not let us edit at once."""

from discord.ext import commands

from bot.answers import update
from bot.client import Koredare
from bot.loops import every


class Answers(commands.Cog):
    """Tries again."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Begin."""
        self.catch_up.start()

    async def cog_unload(self) -> None:
        """End."""
        self.catch_up.cancel()

    @every(minutes=1)
    async def catch_up(self) -> None:
        """Bring up to date what could not be."""
        await update.catch_up(self.bot)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Answers(bot))
