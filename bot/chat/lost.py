"""Calls to Discord that come to nothing: it refuses them, or never answers (`bot.calls` has repeated what it may)."""

import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, Final

import discord
from discord.abc import Messageable

from bot.calls import Unreached

log = logging.getLogger(__name__)

LOST: Final = (discord.HTTPException, Unreached)
"""What a call raises that came to nothing: it is refused (gone, not ours to do, Discord's trouble), or not answered."""


def passes(error: discord.DiscordException) -> bool:
    """Whether the same call may well come to something later: nobody answered, or Discord has its own trouble."""
    return not isinstance(error, discord.HTTPException) or error.status >= 500 or error.status == 429


async def tell(interaction: discord.Interaction[Any], text: str, **what: Any) -> None:
    """Say something to the one who pressed, and only to them, whether or not Discord heard an answer of ours before.

    `what`: discord.py's `view`.
    """
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, **what)
    else:
        await interaction.response.send_message(text, ephemeral=True, **what)


@contextmanager
def unless_lost(what: str) -> Generator[None]:
    """Do without what the block would have Discord do, where that comes to nothing; the log says so."""
    try:
        yield
    except LOST as error:
        log.info("%s came to nothing: %r", what, error)


@asynccontextmanager
async def typing(where: Messageable) -> AsyncGenerator[None]:
    """Show in a channel that we are at it (to a slash command: that an answer comes), while the block is done.

    It is done also where that is not shown.
    """
    async with AsyncExitStack() as stack:
        with unless_lost("Typing"):
            await stack.enter_async_context(where.typing())
        yield
