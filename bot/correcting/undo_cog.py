"""What moderators do about somebody who corrects wrongly."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import update
from bot.chat.items import acknowledge
from bot.chat.permissions import Speaker, moderators_only
from bot.chat.replies import quoted
from bot.client import Koredare
from bot.correcting import correct


class Undo(commands.Cog):
    """Take back what somebody said."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_command(ignore_extra=False)  # whoever is mentioned second would be passed over
    @moderators_only
    @app_commands.describe(member="Whose corrections count no more; also somebody who has left")
    async def undo(self, ctx: commands.Context[Koredare], member: discord.User) -> None:
        """Take back everything that somebody said here."""
        await acknowledge(ctx)
        speaker = Speaker.of(ctx)
        undone = await correct.undo_all(speaker, member.id)
        words, name = speaker.place.words, quoted(member.display_name)
        if undone.corrections:
            await ctx.send(words("undo-done", name=name, corrections=undone.corrections, faces=undone.examples))
        else:
            await ctx.send(words("undo-nothing", name=name))
        await update.show(self.bot, undone.faces)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Undo(bot))
