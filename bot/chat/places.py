"""Where a face may be shown again: what was posted out of sight, or where age is restricted, stays in such places."""

from collections.abc import Iterable
from typing import TypeAlias

import discord
from discord.abc import Snowflake

from bot.chat.permissions import Speaker

Place: TypeAlias = (
    discord.TextChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.ForumChannel
    | discord.CategoryChannel
    | discord.Thread
)
"""Where something is posted in a server."""


def may_show(posted_in: int | None, place: Snowflake) -> bool:
    """Whether what was posted in a channel may be shown in a place of the same server.

    Parameters
    ----------
    posted_in
        The id of the channel; None: it was imported, so it may be shown everywhere.
    """
    if posted_in is None or posted_in == place.id:
        return True
    if not isinstance(place, Place):
        return False
    posted = place.guild.get_channel_or_thread(posted_in)
    if posted is None:  # deleted, or a thread that is archived
        return _hidden(place)
    return (_hidden(place) or not _hidden(posted)) and (_restricted(place) or not _restricted(posted))


async def shown_to(speaker: Speaker, posted_in: Iterable[int | None], place: Snowflake) -> set[int | None]:
    """Those of some channels (None: imported) of which something may be shown in a place to one who sees them there."""
    channels = [each for each in set(posted_in) if may_show(each, place)]
    return {each for each in channels if await speaker.sees(each)}


def _hidden(place: Place) -> bool:
    """Whether not everybody in the server sees it."""
    if isinstance(place, discord.Thread):
        return place.is_private() or place.parent is None or _hidden(place.parent)
    return not place.permissions_for(place.guild.default_role).view_channel


def _restricted(place: Place) -> bool:
    return not isinstance(place, discord.CategoryChannel) and place.is_nsfw()
