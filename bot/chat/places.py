"""Where a face may be shown again: what was posted out of sight, or where age is restricted, stays in such places."""

from collections.abc import Iterable
from typing import TypeAlias

import discord
from discord.abc import Snowflake

from bot.chat.permissions import Speaker

Channel: TypeAlias = (
    discord.TextChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.ForumChannel
    | discord.CategoryChannel
    | discord.Thread
)
"""Where something is posted in a server."""


def may_show(posted_in: int | None, channel: Snowflake) -> bool:
    """Whether what was posted in a channel may be shown in another of the same server.

    Parameters
    ----------
    posted_in
        The id of the channel; None: it was imported, so it may be shown everywhere.
    """
    if posted_in is None or posted_in == channel.id:
        return True
    if not isinstance(channel, Channel):
        return False
    posted = channel.guild.get_channel_or_thread(posted_in)
    if posted is None:  # deleted, or a thread that is archived
        return _hidden(channel)
    return (_hidden(channel) or not _hidden(posted)) and (_restricted(channel) or not _restricted(posted))


async def shown_to(speaker: Speaker, posted_in: Iterable[int | None], channel: Snowflake) -> set[int | None]:
    """Those of some channels (None: imported) of which something may be shown in a channel to one who sees them."""
    channels = [each for each in set(posted_in) if may_show(each, channel)]
    return {each for each in channels if await speaker.sees(each)}


def _hidden(channel: Channel) -> bool:
    """Whether not everybody in the server sees it."""
    if isinstance(channel, discord.Thread):
        return channel.is_private() or channel.parent is None or _hidden(channel.parent)
    return not channel.permissions_for(channel.guild.default_role).view_channel


def _restricted(channel: Channel) -> bool:
    return not isinstance(channel, discord.CategoryChannel) and channel.is_nsfw()
