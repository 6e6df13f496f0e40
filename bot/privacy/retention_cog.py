"""Looks once a day for what is too old to be kept."""

import logging

from discord.ext import commands, tasks

from bot.client import Koredare
from bot.database.base import now
from bot.privacy import retention
from ml.errors import KoredareError

log = logging.getLogger(__name__)


class Retention(commands.Cog):
    """Forgets pictures when the operator's period is over."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Begin, if there is a period."""
        if self.bot.settings.privacy.retention_days:
            self.look.start()

    async def cog_unload(self) -> None:
        """End."""
        self.look.cancel()

    @tasks.loop(hours=24)
    async def look(self) -> None:
        """Forget what is too old."""
        try:
            await retention.enforce(self.bot.settings, self.bot.database, now=now())
        except KoredareError as error:
            log.warning("Forgetting what is too old: %s", error)
        except Exception:
            log.exception("Forgetting what is too old failed")  # an error would end the loop for good


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Retention(bot))
