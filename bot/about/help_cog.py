"""What the bot does, which commands there are, and how each is used."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import permissions
from bot.chat.errors import UserError
from bot.chat.permissions import Speaker
from bot.chat.replies import quoted
from bot.client import Koredare
from bot.words import Words
from bot.words.commands import description, options, usage

Command: TypeAlias = commands.Command[Any, ..., Any]


class Help(commands.Cog):
    """Find out what the bot can do."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_command(name="help")
    @app_commands.describe(command="The one to explain; all of them, if left out")
    async def explain(self, ctx: commands.Context[Koredare], *, command: str = "") -> None:
        """What I do, and which commands there are."""
        words = self.bot.place_of(ctx).words
        if not command:
            await ctx.send(self._all(ctx, words), ephemeral=True)
            return
        found = self.bot.get_command(command.removeprefix(self._prefix).removeprefix("/"))
        if found is None or found.hidden:
            raise UserError(words("help-unknown", name=quoted(command[:100])))
        await ctx.send(self._one(found, words), ephemeral=True)

    @explain.autocomplete("command")
    async def suggest(self, interaction: discord.Interaction[Koredare], typed: str) -> list[app_commands.Choice[str]]:
        """The commands for this person that what was typed so far occurs in."""
        moderator = Speaker.of(interaction).moderator
        found = [each for each in self.bot.walk_commands() if moderator or not permissions.for_moderators(each)]
        names = sorted(each.qualified_name for each in found if not each.hidden)
        return [app_commands.Choice(name=name, value=name) for name in names if typed.casefold() in name][:25]

    @property
    def _prefix(self) -> str:
        return self.bot.prefix

    def _all(self, ctx: commands.Context[Koredare], words: Words) -> str:
        # As they were loaded, the most useful first; `all_commands` has those with aliases several times.
        shown = [each for each in dict.fromkeys(self.bot.all_commands.values()) if not each.hidden]
        said = [words("help-what-i-do"), words("help-correct"), words("help-everyone")]
        said += self._lines((each for each in shown if not permissions.for_moderators(each)), words)
        if ctx.guild is not None and Speaker.of(ctx).moderator:
            said.append(words("help-moderators"))
            said += self._lines((each for each in shown if permissions.for_moderators(each)), words)
        said.append(words("help-more", command=f"{self._prefix}help whois"))
        return "\n".join(said)

    def _one(self, command: Command, words: Words) -> str:
        said = [words("help-usage", usage=usage(command, self._prefix)), description(command, words)]
        said += [words("help-option", name=name, description=what) for name, what in options(command, words).items()]
        if permissions.for_moderators(command):
            said.append(words("help-for-moderators"))
        if isinstance(command, commands.Group):
            parts = sorted(command.commands, key=lambda each: each.name)
            said += [words("help-parts"), *self._lines(parts, words)]
        return "\n".join(said)

    def _lines(self, listed: Iterable[Command], words: Words) -> list[str]:
        return [
            words("help-line", command=f"{self._prefix}{each.qualified_name}", description=description(each, words))
            for each in listed
        ]


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Help(bot))
