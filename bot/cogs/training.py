"""Retraining, on a moderator's word."""

import asyncio
import time

import discord
from discord import app_commands
from discord.ext import commands

from bot import learning, replies
from bot.client import Koredare
from bot.retraining import retrain


class Training(commands.Cog):
    """Teach the bot what was corrected."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    async def retrain(self, ctx: commands.Context[Koredare]) -> None:
        """Learn everything that was corrected; the new version answers only if it is no worse."""
        assert ctx.guild is not None
        message = await ctx.send(replies.progress("starting", 0))
        progress = Progress(message)
        try:
            await learning.learn(self.bot, ctx.guild.id)
            # A task of its own, so that the demo can tell what takes long from what visitors wait for.
            outcome = await asyncio.create_task(
                retrain(self.bot.settings, self.bot.database, guild_id=ctx.guild.id, progress=progress.show)
            )
        except Exception:
            await message.delete()  # a bar that never fills would be a riddle; the error is answered below
            raise
        published = outcome.published and outcome.published.name
        await message.edit(content=replies.report(outcome.report, published=published, stale=outcome.stale))


class Progress:
    """A message that shows how far a retraining has come, edited no oftener than Discord likes."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._next = 0.0

    async def show(self, stage: str, share: float) -> None:
        """Show a stage and how much of it is done, 0..1, if the last time was long enough ago."""
        if time.perf_counter() >= self._next:
            self._next = time.perf_counter() + 1.5
            await self._message.edit(content=replies.progress(stage, share))


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Training(bot))
