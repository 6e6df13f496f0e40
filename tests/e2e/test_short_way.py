"""A picture and a correction take the short way: little SQL, and nothing is drawn or downloaded twice."""

import discord
from simcord.actors import MemberActor

from benchmarks._counting import Costs, counting
from bot.database import consents
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]
OF_A_PICTURE, OF_A_CORRECTION = 8, 40  # of the latter, ten for each thing said keep what is thought of the face


async def agree(club: Discord, who: MemberActor) -> None:
    """Somebody has agreed before that their pictures are learned from."""
    async with club.bot.database.writing() as session:
        await consents.answer(session, who.id, "yes")


async def correct(club: Discord, reply: discord.Message) -> None:
    """A cross below an answer, and a name typed into the form to which the question leads."""
    await club.mod.react(reply, "❌")
    question = next(each for each in reversed(club.pictures.history()) if "Who is" in each.content)
    form = await club.mod.select(question, ["other"])
    await club.mod.submit_modal(form, {"name": TSUKIYO.name})
    assert f"{TSUKIYO.name} ✔" in club.again(reply).content


def asked_for(costs: Costs, message: discord.Message) -> bool:
    """Whether a message was asked for."""
    return any(each.startswith("GET") and each.endswith(f"/{message.id}") for each in costs.requests)


def posted_by(club: Discord, who: MemberActor) -> discord.Message:
    """The latest picture that somebody posted."""
    return next(each for each in reversed(club.pictures.history()) if each.author.id == who.id and each.attachments)


async def test_a_picture_costs_little_and_is_drawn_and_downloaded_once(club: Discord) -> None:
    await agree(club, club.ben)
    for who in (club.ann, club.ben):
        with counting(club.env) as costs:
            await club.post(who, png(NEW, AKEHA, seed=72))
        assert len(costs.statements) <= OF_A_PICTURE, "\n".join(costs.statements)
        assert (costs.downloads.total(), len(costs.drawn)) == (1, 1)


async def test_each_of_four_pictures_is_drawn_once_with_its_own_numbers(club: Discord) -> None:
    with counting(club.env) as costs:
        await club.ann.send(club.pictures, attachments=[(f"{n}.png", png(AKEHA, seed=30 + n)) for n in range(4)])
    assert [line[:5] for line in club.last().content.splitlines()] == ["**1**", "**2**", "**3**", "**4**"]
    assert "4: " in (club.last().attachments[3].description or "")
    assert len(costs.drawn) == 4
    assert costs.downloads.total() == 4


async def test_a_picture_of_somebody_who_was_renamed_is_drawn_once_with_the_new_name(club: Discord) -> None:
    await club.mod.send(club.pictures, f'!character rename "{AKEHA.name}" "Akeha of the Hill"')
    with counting(club.env) as costs:
        answer = await club.post(club.ann, png(AKEHA, seed=33))
    assert "Akeha of the Hill" in (answer.attachments[0].description or "")
    assert len(costs.drawn) == 1


async def test_a_correction_costs_little_and_its_picture_is_downloaded_once(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    with counting(club.env) as costs:
        await correct(club, reply)
    assert len(costs.statements) <= OF_A_CORRECTION, "\n".join(costs.statements)
    assert costs.downloads.total() == 1
    assert len(costs.drawn) == 2  # "?" after the cross, then the name


async def test_what_was_downloaded_for_the_answer_serves_the_sample_too(club: Discord) -> None:
    await agree(club, club.ann)
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    with counting(club.env) as costs:
        await club.mod.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=reply)
    assert "from the next picture on" in club.last().content
    assert len(costs.statements) <= OF_A_CORRECTION, "\n".join(costs.statements)
    assert costs.downloads.total() == 1
    assert len(costs.drawn) == 1


async def test_a_correction_asks_for_no_other_posts(club: Discord) -> None:
    await agree(club, club.ann)
    lost = await club.post(club.ann, png(AKEHA, seed=33))
    gone = posted_by(club, club.ann)
    club.env.backend.delete_message(club.pictures.id, gone.id)
    with counting(club.env) as costs:
        await club.mod.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=lost)
    assert asked_for(costs, gone)
    reply = await club.post(club.ann, png(AKEHA, seed=34))
    with counting(club.env) as costs:
        await club.mod.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=reply)
    assert not asked_for(costs, gone)


async def test_what_is_deleted_is_held_no_longer(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    await club.mod.react(reply, "❌")
    before = club.again(reply).attachments[0].description
    club.env.backend.delete_message(club.pictures.id, posted_by(club, club.ann).id)
    await club.env.settle()
    await club.mod.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=reply)
    assert f"{TSUKIYO.name} ✔" in club.again(reply).content
    assert club.again(reply).attachments[0].description == before


async def test_nothing_is_held_of_who_says_no(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    (picture,) = posted_by(club, club.ann).attachments
    await club.mod.react(reply, "❌")
    assert club.bot.held.get(picture.id) is not None
    question = next(each for each in club.pictures.history() if "may I keep" in each.content)
    await club.ann.click(question, label="No")
    assert club.bot.held.get(picture.id) is None
