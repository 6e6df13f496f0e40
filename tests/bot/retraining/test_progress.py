"""A retraining goes on whatever becomes of the message that shows how far it has come."""

from unittest.mock import AsyncMock, create_autospec

import discord
from aiohttp import ClientResponse

from bot.retraining.cog import Bar
from bot.words import words_in


async def test_a_progress_message_that_somebody_deleted_stops_nothing() -> None:
    gone = discord.NotFound(create_autospec(ClientResponse, status=404, reason="Not Found"), "Unknown Message")
    message = create_autospec(discord.Message, instance=True, edit=AsyncMock(side_effect=gone))
    await Bar(message, words_in("en")).show("training", 0.5)
    message.edit.assert_awaited_once()
