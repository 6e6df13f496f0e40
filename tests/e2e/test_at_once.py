"""A trusted example counts from the next picture on, without a retraining, and no longer than it is trusted."""

import discord
import pytest
from simcord.actors import MemberActor

from bot.database import consents
from bot.examples import at_once
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

NEW, OTHER = CAST[6], CAST[1]
SINCE = "learned from 1 picture, not measured yet"


async def agree(club: Discord, *people: MemberActor) -> None:
    """These people have agreed before that their pictures are learned from."""
    async with club.bot.database.writing() as session:
        for each in people:
            await consents.answer(session, each.id, "yes")


async def name_newcomer(club: Discord) -> discord.Message:
    """Ann posts somebody new, and the moderator says who it is."""
    reply = await club.post(club.ann, png(NEW, seed=51))
    assert NEW.name not in reply.content
    await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
    return reply


async def test_a_newcomer_is_named_after_one_correction_until_it_is_taken_back_or_forgotten(club: Discord) -> None:
    await agree(club, club.ann)
    reply = await name_newcomer(club)
    assert "I go by that from the next picture on" in club.last().content
    answer = await club.post(club.ben, png(NEW, seed=53))
    assert NEW.name in answer.content
    assert SINCE in answer.content
    assert NEW.name in (answer.attachments[0].description or "")
    known = (await club.post(club.ben, png(KNOWN[0], seed=54))).content
    assert KNOWN[0].name in known
    assert SINCE not in known

    await club.restart()
    assert SINCE in (await club.post(club.ben, png(NEW, seed=55))).content
    await club.mod.react(answer, "✅")  # what is brought up to date keeps who it was said to be
    assert f"{NEW.name} ✔" in club.again(answer).content

    await club.mod.send(club.pictures, f"!undo <@{club.mod.id}>")
    assert NEW.name not in (await club.post(club.ben, png(NEW, seed=56))).content

    await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
    assert NEW.name in (await club.post(club.ben, png(NEW, seed=57))).content
    await club.mod.send(club.pictures, f"1 is not {NEW.name}", reply_to=reply)
    assert NEW.name not in (await club.post(club.ben, png(NEW, seed=58))).content

    await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
    assert NEW.name in (await club.post(club.ben, png(NEW, seed=59))).content
    await club.ann.send(club.pictures, "!forgetme")
    await club.ann.click(club.last(), label="Delete it all")
    assert NEW.name not in (await club.post(club.ben, png(NEW, seed=60))).content


async def test_where_nothing_was_ever_learned_the_first_examples_name_people(
    newborn: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_once, "_HELD", 1)  # the second makes it let go of both, and they are read again
    await agree(newborn, newborn.ann)
    for who, seed in ((NEW, 51), (OTHER, 52)):
        reply = await newborn.post(newborn.ann, png(who, seed=seed))
        await newborn.mod.send(newborn.pictures, f"1 is {who.name}", reply_to=reply)
    for who, seed in ((NEW, 53), (OTHER, 54)):
        answer = await newborn.post(newborn.ben, png(who, seed=seed))
        assert f"{who.name} ·" in answer.content or f"{who.name}?" in answer.content
        assert SINCE in answer.content
    assert newborn.bot.since[newborn.guild_id].taught.lessons is None


async def test_a_members_word_and_what_its_poster_has_not_agreed_to_change_nothing(club: Discord) -> None:
    await name_newcomer(club)
    assert NEW.name not in (await club.post(club.ben, png(NEW, seed=53))).content
    await club.agree(club.ann)
    assert NEW.name in (await club.post(club.ben, png(NEW, seed=55))).content
    await agree(club, club.ben)
    reply = await club.post(club.ben, png(OTHER, seed=53))
    await club.ann.send(club.pictures, f"1 is {OTHER.name}", reply_to=reply)
    assert OTHER.name not in (await club.post(club.ben, png(OTHER, seed=54))).content
