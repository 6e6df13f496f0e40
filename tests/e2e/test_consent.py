"""The question whether a poster's faces may be kept: put once, and never lost on its way."""

import asyncio

import pytest
from simcord.results import InteractionResult
from sqlalchemy import select

from bot.clock import now
from bot.database import pictures
from bot.database.consents import AGAIN_AFTER, Consent
from bot.privacy import consent
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

NEW = CAST[6]


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


async def test_a_question_that_discords_trouble_kept_back_is_put_by_itself(club: Discord) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=61))
    club.env.inject_error("POST", "/channels/*/messages", status=503)
    await club.mod.react(reply, "✅")
    assert questions(club) == 0
    await club.env.advance_time(65)
    assert questions(club) == 1


async def test_the_question_may_be_answered_in_words_by_whom_it_asks(club: Discord) -> None:
    answer = await club.post(club.ann, png(KNOWN[0], seed=30))
    await club.mod.react(answer, "✅")
    question = next(each for each in club.pictures.history() if "may I keep" in each.content)
    await club.ben.send(club.pictures, "yes", reply_to=question)
    assert "may I keep" in club.again(question).content
    await club.ann.send(club.pictures, "大丈夫です", reply_to=question)  # "it's fine", or "no, thank you"
    assert "may I keep" in club.again(question).content
    assert club.last().content.startswith("Please press one of the buttons, or reply `yes` or `no`.")
    await club.ann.send(club.pictures, "ok", reply_to=question)
    assert club.again(question).content.startswith("Thank you! I keep faces")
    assert not club.again(question).components


async def test_of_two_corrections_at_once_one_asks(club: Discord) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=61))
    async with club.bot.database.reading() as session:
        (face,) = await pictures.faces_of_reply(session, reply.id)
    await asyncio.gather(*(consent.ask(club.bot.at(club.guild_id), face.picture) for _ in range(2)))
    assert questions(club) == 1


async def test_what_waits_for_a_yes_is_said_wherever_it_matters_and_is_no_dead_end(newborn: Discord) -> None:
    for seed in (51, 52, 54):
        reply = await newborn.post(newborn.ann, png(NEW, seed=seed))
        await newborn.mod.send(newborn.pictures, f"it's {NEW.name}", reply_to=reply)
        assert newborn.last().content.startswith(f"Noted: **{NEW.name}**. It waits for the poster's yes")
    assert questions(newborn) == 1
    for command in ("!stats", "!review", "!retrain"):
        await newborn.mod.send(newborn.pictures, command)
        assert "**3 faces that have a name wait** for the yes of 1 person" in newborn.last().content, command
    assert "nothing to learn from yet" in newborn.last().content
    told = newborn.last()

    assert "moderators" in said(await newborn.ann.click(told, label="Ask again"))
    assert "asked less than a day ago" in said(await newborn.mod.click(told, label="Ask again"))
    assert questions(newborn) == 1
    await a_day_passes(newborn)
    assert "I have asked 1 person again" in said(await newborn.mod.click(told, label="Ask again"))
    assert questions(newborn) == 2
    question = newborn.last()
    assert question.reference is not None
    posted = [each.id for each in newborn.pictures.history() if each.author.id == newborn.ann.id]
    assert question.reference.message_id in posted
    assert "asked less than a day ago" in said(await newborn.mod.click(told, label="Ask again")), "it is no nag"

    await newborn.ann.click(question, label="Yes, learn from them")
    assert "Nothing waits for a yes any more" in said(await newborn.mod.click(told, label="Ask again"))
    await newborn.mod.send(newborn.pictures, "!stats")
    assert "wait" not in newborn.last().content
    assert "1 character from 3 faces" in newborn.last().content


async def test_who_is_silent_is_counted_in_a_report_and_who_said_no_is_not(club: Discord) -> None:
    for poster, seed in ((club.ann, 51), (club.ben, 52)):
        reply = await club.post(poster, png(NEW, seed=seed))
        await club.mod.send(club.pictures, f"it's {NEW.name}", reply_to=reply)
    asked = [each for each in club.pictures.history() if "may I keep" in each.content]
    await club.ben.click(asked[-1], label="No")
    await club.mod.send(club.pictures, f"it's {NEW.name}", reply_to=reply)
    assert club.last().content == f"Noted: **{NEW.name}**. It is not learned, as who posted it has not agreed to that."
    await club.mod.send(club.pictures, "!retrain")
    report = club.last()
    assert "nothing new to learn" in report.content
    assert "**1 face that has a name waits** for the yes of 1 person who posted it" in report.content
    assert "asked less than a day ago" in said(await club.mod.click(report, label="Ask again"))


async def test_where_nothing_is_learned_the_thanks_say_so(newborn: Discord) -> None:
    await newborn.mod.send(newborn.general, "!settings consent never")
    reply = await newborn.post(newborn.ann, png(NEW, seed=51))
    await newborn.mod.send(newborn.pictures, f"it's {NEW.name}", reply_to=reply)
    assert newborn.last().content.startswith(
        f"Noted: **{NEW.name}**. It is not learned: nothing that is posted here is."
    )
    assert questions(newborn) == 0
    await newborn.mod.send(newborn.pictures, "!retrain")
    assert "nothing is learned: `settings consent` says so" in newborn.last().content


def said(used: InteractionResult) -> str:
    """What the one who pressed a button was told."""
    return "\n".join(each.content for each in (used.response, *used.followups) if each is not None)


async def a_day_passes(club: Discord) -> None:
    """Since everybody was asked."""
    async with club.bot.database.writing() as session:
        for asked in await session.scalars(select(Consent)):
            asked.asked_at = now() - AGAIN_AFTER
