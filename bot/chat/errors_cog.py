"""Answers the errors of commands; `bot.chat.errors` has the sentences."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import errors
from bot.client import Koredare


class Errors(commands.Cog):
    """Says what went wrong."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._before = bot.tree.on_error
        bot.tree.on_error = self.on_app_command_error

    async def cog_unload(self) -> None:
        """Leave the command tree as it was."""
        self.bot.tree.on_error = self._before

    @commands.Cog.listener()
    async def on_command_error(self, ctx: commands.Context[Koredare], error: commands.CommandError) -> None:
        """Text commands, and slash commands that are their twins."""
        if isinstance(error, commands.CommandNotFound):
            return  # another bot may share the prefix
        if ctx.interaction is None:
            await errors.reply(ctx.message, errors.explain(error, self.bot.place_of(ctx).words))
        else:
            await errors.answer(ctx.interaction, error)

    async def on_app_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Slash commands and message menus."""
        await errors.answer(interaction, error)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Errors(bot))
