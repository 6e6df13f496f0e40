"""Without the message content intent everything works but watched channels, and the bot says so."""

from collections.abc import AsyncGenerator
from pathlib import Path

import discord
import pytest

from bot import client
from bot.config import Settings
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord, PoliteEnv, running

AKEHA = KNOWN[0]
WITHOUT = "[discord]\nmessage_content = false\n"


@pytest.fixture
async def trained_env(trained_home: Path) -> AsyncGenerator[PoliteEnv]:
    """A Discord that gives the bot no privileged intent."""
    async with running(trained_home, more=WITHOUT, intents=discord.Intents.default()) as env:
        yield env


async def test_a_watched_channel_is_not_seen_and_that_is_said(club: Discord) -> None:
    answer = await club.mod.slash(club.pictures, "watch")
    assert answer.response is not None
    assert "Message Content Intent" in answer.response.content
    settings = await club.mod.slash(club.pictures, "settings show")
    assert settings.response is not None
    assert "Message Content Intent" in settings.response.content
    posted = await club.ann.send(club.pictures, attachments=[("picture.png", png(AKEHA, seed=30))])
    assert club.last().id == posted.id


async def test_a_mention_is_answered_and_can_be_corrected(club: Discord) -> None:
    await club.ann.send(club.general, club.mention, attachments=[("picture.png", png(AKEHA, seed=30))])
    answer = club.last(club.general)
    assert AKEHA.name in answer.content
    await club.mod.react(answer, "✅")
    assert "a moderator says so" in club.last(club.general).content or "may I keep" in club.last(club.general).content


async def test_slash_and_menu_are_answered(club: Discord) -> None:
    asked = await club.ann.slash(club.general, "whois", picture=("picture.png", png(AKEHA, seed=31)))
    assert asked.acknowledged
    assert AKEHA.name in club.last(club.general).content
    posted = await club.ben.send(club.general, attachments=[("picture.png", png(AKEHA, seed=32))])
    await club.ann.context_menu(club.general, "Who is this?", posted)
    answer = club.last(club.general)
    assert AKEHA.name in answer.content


async def test_what_was_answered_by_the_menu_is_learned_too(club: Discord) -> None:
    posted = await club.ben.send(club.general, attachments=[("picture.png", png(AKEHA, seed=32))])
    await club.ann.context_menu(club.general, "Who is this?", posted)
    await club.mod.react(club.last(club.general), "✅")
    await club.ben.click(club.last(club.general), label="Yes, learn from them")
    held = await club.ben.slash(club.general, "privacy")
    assert held.response is not None
    assert "1 face kept to learn from" in held.response.content


async def test_a_picture_that_discord_hides_is_explained(club: Discord) -> None:
    posted = await club.ben.send(club.general, attachments=[("picture.png", png(AKEHA, seed=33))])
    await club.ann.send(club.general, club.mention, reply_to=posted)
    assert "Open its menu instead" in club.last(club.general).content


def test_the_operator_may_choose_not_to_ask(tmp_path: Path) -> None:
    settings = Settings.model_validate({"home": tmp_path, "discord": {"message_content": False}})
    assert not client.create_bot(settings).intents.message_content
