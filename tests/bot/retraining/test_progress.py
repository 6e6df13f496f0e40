"""A retraining goes on whatever becomes of the message that shows how far it has come."""

from unittest.mock import create_autospec

import aiohttp
import discord
import pytest
from aiohttp import ClientResponse

from bot.retraining.cog import Bar
from bot.words import words_in

DELETED = discord.NotFound(create_autospec(ClientResponse, status=404, reason="Not Found"), "Unknown Message")


@pytest.mark.parametrize(
    "lost",
    [DELETED, aiohttp.ServerDisconnectedError(), TimeoutError(), ConnectionResetError()],
    ids=lambda error: type(error).__name__,
)
async def test_a_progress_message_that_discord_does_not_take_stops_nothing(lost: Exception) -> None:
    message = create_autospec(discord.Message, instance=True)
    message.edit.side_effect = lost
    await Bar(message, words_in("en")).show("training", 0.5)
    message.edit.assert_awaited_once()
