"""Correcting the bot: by reaction, button, menu and words; and who may decide what."""

import asyncio
from collections.abc import Mapping
from typing import Any
from unittest.mock import AsyncMock

import discord
import pytest
from sqlalchemy import func, select

from bot.answers import update
from bot.calls import Unreached
from bot.database import corrections, pictures
from bot.database.samples import Sample
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]
IMPORTED = 40


async def kept(club: Discord) -> int:
    """How many faces from Discord are kept to learn from, beside the imported ones."""
    async with club.bot.database.reading() as session:
        return (await session.scalar(select(func.count()).select_from(Sample)) or 0) - IMPORTED


def menu(message: discord.Message) -> discord.SelectMenu:
    """The menu of a message."""
    row = message.components[0]
    assert isinstance(row, discord.ActionRow)
    select_menu = row.children[0]
    assert isinstance(select_menu, discord.SelectMenu)
    return select_menu


async def test_a_moderators_tick_settles_every_name(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.react(reply, "✅")
    assert club.again(reply).content.count("✔ a moderator says so") == 2


async def test_one_member_is_heard_and_two_who_agree_decide(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.ann.react(reply, "✅")
    assert f"1 says {AKEHA.name}" in club.again(reply).content
    await club.ben.react(reply, "✅")
    assert f"{AKEHA.name} ✔ you agree" in club.again(reply).content


async def test_a_reaction_taken_away_counts_no_more(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=32))
    before = reply.content
    await club.mod.react(reply, "✅")
    await club.mod.unreact(reply, "✅")
    assert club.again(reply).content == before


async def test_a_tick_and_a_cross_are_about_the_names_that_the_answer_says_now(club: Discord) -> None:
    answer = await club.post(club.ann, png(KNOWN[0], seed=30))
    await club.mod.send(club.pictures, f"it's {KNOWN[1].name}", reply_to=answer)
    settled = f"**1** {KNOWN[1].name} ✔ a moderator says so"
    for who in (club.ben, club.mod):
        await who.react(answer, "✅")
        assert club.again(answer).content == settled
        await who.unreact(answer, "✅")
        assert club.again(answer).content == settled
    await club.ben.send(club.pictures, "1 is right", reply_to=answer)
    assert f"Noted: **{KNOWN[1].name}**" in club.last().content
    stranger = await club.post(club.ann, png(NEW, seed=51))
    await club.ann.send(club.pictures, "it's Riko", reply_to=stranger)
    await club.ben.react(stranger, "✅")
    assert club.again(stranger).content == "**1** Riko ✔ you agree"
    await club.ben.unreact(stranger, "✅")
    assert "1 says Riko" in club.again(stranger).content


async def test_a_cross_asks_for_the_right_name_and_never_offers_the_wrong_one_again(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    await club.ann.react(reply, "❌")
    assert f"1 says not {AKEHA.name}" in club.again(reply).content
    assert f"{AKEHA.name} ·" not in club.again(reply).content
    offered = [option.label for option in menu(club.last()).options]
    assert TSUKIYO.name in offered
    assert AKEHA.name not in offered


async def test_what_was_said_of_a_picture_holds_when_it_is_asked_about_again(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=46))
    posted = next(m for m in club.pictures.history() if m.author.id == club.ann.id and m.attachments)
    await club.ann.send(club.pictures, f"2 is {NEW.name}", reply_to=reply)
    await club.mod.send(club.pictures, "1 not a face", reply_to=reply)

    await club.ben.send(club.pictures, "!whois", reply_to=posted)
    again = club.last()
    first, second = again.content.splitlines()
    assert "not a face ✔ a moderator says so" in first
    assert f"1 says {NEW.name}" in second
    await club.ben.send(club.pictures, f"2 is {NEW.name}", reply_to=again)
    assert f"{NEW.name} ✔ you agree" in club.again(again).content


async def test_a_name_that_was_refused_is_not_said_of_the_same_picture_again(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=47))
    posted = next(m for m in club.pictures.history() if m.author.id == club.ann.id and m.attachments)
    await club.ben.react(reply, "❌")
    await club.restart()
    await club.ben.send(club.pictures, "!whois", reply_to=posted)
    assert f"1 says not {AKEHA.name}" in club.last().content
    assert f"{AKEHA.name} ·" not in club.last().content


async def test_a_digit_and_a_choice_correct_one_face_of_two(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=34))
    await club.mod.react(reply, "2️⃣")
    question = club.last()
    assert "Who is face **2**?" in question.content
    await club.mod.select(question, [f"name:{KNOWN[2].name}"])
    first, second = club.again(reply).content.splitlines()
    assert "✔" not in first
    assert f"{KNOWN[2].name} ✔ a moderator says so" in second


async def test_not_a_face_is_said_with_one_reaction(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=35))
    await club.mod.react(reply, "🚫")
    assert "not a face ✔" in club.again(reply).content


async def test_the_buttons_lead_to_a_name_typed_by_hand(club: Discord) -> None:
    reply = await club.post(club.ann, png(NEW, seed=36))
    asked = await club.mod.click(reply, label="Correct…")
    assert asked.ephemeral
    assert asked.response is not None
    form = await club.mod.select(asked.response, ["other"])
    await club.mod.submit_modal(form, {"name": NEW.name})
    assert f"{NEW.name} ✔ a moderator says so" in club.again(reply).content


@pytest.mark.parametrize("words", ["2 is {}", "2 {}", "face 2: {}", "#2 = {}"])
async def test_a_reply_in_words_names_a_face(club: Discord, words: str) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=37))
    await club.mod.send(club.pictures, words.format(NEW.name), reply_to=reply)
    assert "Noted" in club.last().content
    assert f"{NEW.name} ✔" in club.again(reply).content.splitlines()[1]


async def test_a_reply_that_names_no_face_of_several_is_asked_back(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=38))
    for said in ("Riko", "it's somebodynew"):
        await club.mod.send(club.pictures, said, reply_to=reply)
        assert "Which face do you mean?" in club.last().content
    await club.mod.send(club.pictures, "7 is Riko", reply_to=reply)
    assert "no face 7" in club.last().content


async def test_reactions_on_a_message_from_before_a_restart_count(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=39))
    await club.restart()
    await club.mod.react(reply, "✅")
    assert "✔ a moderator says so" in club.again(reply).content
    await club.mod.react(reply, "1️⃣")
    await club.restart()
    await club.mod.select(club.last(), [f"name:{TSUKIYO.name}"])
    assert f"{TSUKIYO.name} ✔" in club.again(reply).content


async def test_reactions_on_other_messages_are_nobodys_business(club: Discord) -> None:
    posted = await club.ann.send(club.pictures, "just talking")
    await club.ben.react(posted, "❌")
    assert club.last().id == posted.id


async def test_nothing_is_kept_until_the_poster_agrees(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=40))
    await club.mod.react(reply, "✅")
    question = club.last()
    assert "ann" in question.content
    assert "may I keep" in question.content
    assert await kept(club) == 0
    refused = await club.ben.click(question, label="Yes, learn from them")
    assert refused.response is not None
    assert "Only the person who posted" in refused.response.content
    assert await kept(club) == 0
    await club.agree(club.ann)
    assert await kept(club) == 1


async def test_the_poster_is_asked_once(club: Discord) -> None:
    for seed in (41, 42):
        reply = await club.post(club.ann, png(AKEHA, seed=seed))
        await club.mod.react(reply, "✅")
    assert sum("may I keep" in message.content for message in club.pictures.history()) == 1


async def test_a_no_drops_what_waited(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=43))
    await club.mod.react(reply, "✅")
    await club.ann.click(club.last(), label="No")
    assert "nothing of your pictures is kept" in club.last().content
    assert await kept(club) == 0


async def test_a_picture_uploaded_with_the_slash_command_can_be_learned_too(club: Discord) -> None:
    await club.ann.slash(club.pictures, "whois", picture=("picture.png", png(AKEHA, seed=44)))
    await club.mod.react(club.last(), "✅")
    await club.agree(club.ann)
    assert await kept(club) == 1


async def test_a_failing_discord_costs_a_sentence_and_loses_no_correction(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=45))
    club.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    await club.mod.react(reply, "✅")
    assert "✔ a moderator says so" not in club.again(reply).content
    await club.env.advance_time(65)
    assert "✔ a moderator says so" in club.again(reply).content


async def test_a_lost_connection_costs_what_was_to_be_shown_and_breaks_nothing_off(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=45))
    with monkeypatch.context() as offline:
        lost = AsyncMock(side_effect=Unreached("gone"))
        offline.setattr(discord.PartialMessage, "fetch", lost)
        await club.mod.react(reply, "✅")
        lost.assert_awaited()
    await club.agree(club.ann)  # she was asked all the same
    assert await kept(club) == 1
    await club.ben.react(reply, "✅")
    assert "✔ a moderator says so" in club.again(reply).content


async def test_an_answer_is_brought_up_to_date_once_for_all_who_speak_of_it_meanwhile(newborn: Discord) -> None:
    answer = await newborn.post(newborn.ann, png(NEW, seed=30))
    async with newborn.bot.database.reading() as session:
        shown = await pictures.faces_of_reply(session, answer.id)
    edited: list[str] = []

    def hear(event: str, message: Mapping[str, Any]) -> None:
        if event == "MESSAGE_UPDATE" and message["id"] == str(answer.id):
            edited.append(message["content"])

    newborn.env.backend.subscribers.append(hear)

    async with newborn.bot.database.writing() as session:
        for user_id in range(20):
            about: dict[str, Any] = {"user_id": user_id, "moderator": False, "via": "reply", "kind": "name"}
            await corrections.add(session, face_id=shown[0].id, name=f"Name {user_id}", **about)
    told = await asyncio.gather(*(update.renew(newborn.bot, shown) for _ in range(20)))
    assert [len(standings[shown[0].id].votes) for standings in told] == [20] * 20
    assert "Name 19" in newborn.again(answer).content
    assert len(edited) == 2  # one that was under way, and one for all who came then
