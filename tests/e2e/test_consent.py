"""The question whether a poster's faces may be kept: put once, and never lost on its way."""

import asyncio

import pytest

from bot.database import pictures
from bot.privacy import consent
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord


def questions(club: Discord) -> int:
    """How often somebody was asked."""
    return sum("may I keep" in message.content for message in club.pictures.history())


@pytest.mark.parametrize("step", ["finding out what the poster is called", "sending"])
async def test_a_question_that_did_not_get_through_is_asked_at_the_next_correction(club: Discord, step: str) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=61))
    if step == "sending":
        club.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    else:
        club.env.inject_error("GET", "/users/*", status=404, code=10013, message="Unknown User")
    await club.mod.react(reply, "✅")
    assert questions(club) == 0
    assert "a moderator says so" in club.again(reply).content
    await club.ben.react(reply, "✅")
    assert questions(club) == 1
    await club.ben.react(reply, "❌")
    assert questions(club) == 1


async def test_of_two_corrections_at_once_one_asks(club: Discord) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=61))
    async with club.bot.database.reading() as session:
        (face,) = await pictures.faces_of_reply(session, reply.id)
    await asyncio.gather(*(consent.ask(club.bot.at(club.guild_id), face.picture) for _ in range(2)))
    assert questions(club) == 1
