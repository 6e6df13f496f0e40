"""Answers the errors of commands; `bot.chat.errors` has the sentences."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import errors
from bot.chat.replies import quoted
from bot.client import Koredare
from bot.database.search import slipped
from bot.words import Words
from bot.words import commands as commands_words


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
        words = self.bot.place_of(ctx).words
        if ctx.interaction is not None:
            await errors.answer(ctx.interaction, error)
        elif isinstance(error, commands.CommandNotFound):
            # Another bot may share the prefix: only what is all but one of ours is spoken of.
            near = slipped(ctx.invoked_with or "", (each.name for each in self.bot.commands if not each.hidden))
            if said := errors.did_you_mean(near, words, before=self.bot.prefix):
                await errors.reply(ctx.message, " ".join(said))
        elif isinstance(error, commands.TooManyArguments) and isinstance(ctx.command, commands.Group):
            await errors.reply(ctx.message, self._no_such_part(ctx.command, ctx.subcommand_passed or "", words))
        else:
            usage = "" if ctx.command is None else commands_words.usage(ctx.command, self.bot.prefix)
            if isinstance(error, commands.TooManyArguments) and ctx.command is not None and not _names(ctx.command):
                said = " ".join([*_too_much(ctx, ctx.command, words), words("error-usage", usage=usage)])
            else:
                said = errors.explain(error, words, usage=usage)
            await errors.reply(ctx.message, said)

    def _no_such_part(self, group: commands.Group[Any, ..., Any], typed: str, words: Words) -> str:
        """What to answer to a word after a command that is none of its parts."""
        command = f"{self.bot.prefix}{group.qualified_name}"
        parts = sorted(each.name for each in group.commands if not each.hidden)
        said = words(
            "error-no-such-part",
            command=command,
            part=quoted(typed[:100]),
            parts=words("comma").join(f"`{part}`" for part in parts),
        )
        return " ".join([said, *errors.did_you_mean(slipped(typed, parts), words, before=f"{command} ")])

    async def on_app_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Slash commands and message menus."""
        await errors.answer(interaction, error)


def _too_much(ctx: commands.Context[Koredare], command: commands.Command[Any, ..., Any], words: Words) -> list[str]:
    """What to answer to a word too many: it may be a choice with a slip."""
    typed = ctx.view.buffer[ctx.view.index :].split()
    near = slipped(typed[0], commands_words.choices(command)) if typed else []
    return errors.did_you_mean(near, words) or [words("error-too-much")]


def _names(command: commands.Command[Any, ..., Any]) -> bool:
    """Whether a command takes names, which may be of several words."""
    return any(parameter.annotation is str for parameter in command.clean_params.values())


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Errors(bot))
