"""Who is a moderator, and what only moderators may do."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Koredare

F = TypeVar("F", bound=Callable[..., Any])


class NotModerator(commands.CheckFailure):
    """Somebody who is no moderator wanted what only moderators may do."""


def is_moderator(bot: Koredare, who: discord.Member | discord.User | None, *, guild_id: int | None) -> bool:
    """Whether somebody may manage the server, or has one of the roles that it counts as moderators'.

    Parameters
    ----------
    who
        As Discord sent them with what they did; None: it did not.
    guild_id
        None: alone with the bot, where everybody is.
    """
    if guild_id is None:
        return True
    if not isinstance(who, discord.Member):
        return False
    roles = bot.guild_settings(guild_id).moderator_roles
    return who.guild_permissions.manage_guild or any(role.id in roles for role in who.roles)


def require_moderator(interaction: discord.Interaction[Koredare]) -> None:
    """Let only moderators go on who press a button or choose from a menu; hiding it would not be enough.

    Raises
    ------
    NotModerator
        `bot.errors` has the sentence.
    """
    if not is_moderator(interaction.client, interaction.user, guild_id=interaction.guild_id):
        raise NotModerator


def for_moderators(command: commands.Command[Any, ..., Any]) -> bool:
    """Whether only moderators may use a command."""
    return _by_moderator in command.checks


def moderators_only(command: F) -> F:
    """Make a hybrid command the moderators': it works in servers only, is hidden from others, and refuses them.

    Examples
    --------
    >>> @commands.hybrid_command()
    ... @moderators_only
    ... async def watch(self, ctx: commands.Context[Koredare]) -> None: ...
    """
    hidden = app_commands.default_permissions(manage_guild=True)(command)
    return commands.guild_only()(commands.check(_by_moderator)(hidden))


def _by_moderator(ctx: commands.Context[Koredare]) -> bool:
    if not is_moderator(ctx.bot, ctx.author, guild_id=None if ctx.guild is None else ctx.guild.id):
        raise NotModerator
    return True
