"""A picture full of unknown faces is named in one go: one reply, one answer; or from face to face."""

import discord
import pytest
from sqlalchemy import text

from ml.painting import CAST
from tests.conftest import png
from tests.e2e.conftest import Discord

FACES = 3


@pytest.fixture
async def answer(newborn: Discord) -> discord.Message:
    """An answer that shows three faces, all of them unknown."""
    posted = [("picture.png", png(CAST[0], CAST[3], CAST[4], seed=10))]
    await newborn.mod.send(newborn.pictures, "!whois", attachments=posted)
    answer = newborn.last()
    assert len(answer.content.splitlines()) == FACES
    return answer


async def say(club: Discord, answer: discord.Message, said: str) -> discord.Message:
    """The moderator replies to the answer; gives the one message that comes of it, consent asked by then."""
    before = len([each for each in club.pictures.history() if "may I keep" not in each.content])
    await club.mod.send(club.pictures, said, reply_to=answer)
    now = [each for each in club.pictures.history() if "may I keep" not in each.content]
    assert len(now) == before + 2, [each.content for each in now[before:]]
    return now[-1]


def controls(message: discord.Message) -> list[discord.Button | discord.SelectMenu]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [item for row in rows for item in row.children if isinstance(item, discord.Button | discord.SelectMenu)]


async def names(club: Discord) -> list[str]:
    async with club.bot.database.reading() as session:
        return list(await session.scalars(text("SELECT name FROM characters ORDER BY id")))


async def test_one_answer_and_one_way_back_for_all_that_a_reply_names(
    newborn: Discord, answer: discord.Message
) -> None:
    thanks = await say(newborn, answer, "1 is Hana, 2 is Yuki\n3 is Maki")
    assert [line[:23] for line in thanks.content.splitlines()] == [
        "**1** Noted: **Hana**. ",
        "**2** Noted: **Yuki**. ",
        "**3** Noted: **Maki**. ",
    ]
    assert newborn.again(answer).content.count("✔ a moderator says so") == FACES
    (back,) = controls(thanks)
    await newborn.mod.click(thanks, custom_id=back.custom_id or "")
    assert newborn.again(answer).content.count("someone I don't know") == FACES

    thanks = await say(newborn, answer, "all are Hana")
    assert thanks.content.startswith("**1, 2, 3** Noted: **Hana**.")
    assert newborn.again(answer).content.count("Hana ✔ a moderator says so") == FACES


async def test_what_is_asked_back_stands_in_the_same_message(newborn: Discord, answer: discord.Message) -> None:
    await say(newborn, answer, "1 is Hana and 2 is Yuki")
    asked = await say(newborn, answer, "1 is Hanna, 2 is Yukii, 3 is Maki")
    assert [line[:12] for line in asked.content.splitlines()] == ["**1** I know", "**2** I know", "**3** Noted:"]
    one, two, _ = controls(asked)
    assert isinstance(one, discord.SelectMenu)
    assert one.placeholder == "Who is face 1?"
    await newborn.mod.select(asked, [one.options[0].value], custom_id=one.custom_id)
    now = newborn.again(asked)
    assert sorted(line[:12] for line in now.content.splitlines()) == ["**1** Noted:", "**2** I know", "**3** Noted:"]
    assert controls(now)[0].custom_id == two.custom_id
    await newborn.mod.click(now, label="Take it back")
    assert newborn.again(answer).content.count("✔") == 2  # as was said before
    assert newborn.again(answer).content.endswith("**3** someone I don't know")


async def test_far_too_much_at_once_is_refused_in_one_answer(newborn: Discord, answer: discord.Message) -> None:
    many = "\n".join(f"1 is Name{number}" for number in range(140))
    assert "up to 50 things" in (await say(newborn, answer, many)).content
    assert "more than one thing" in (await say(newborn, answer, "1 is Hana, 1 is Yuki")).content
    assert await names(newborn) == []


async def test_correcting_leads_from_face_to_face(newborn: Discord, answer: discord.Message) -> None:
    asked = (await newborn.mod.click(answer, label="Correct…")).response
    assert asked is not None
    for number, name in enumerate(("Hana", "Yuki", "Maki"), start=1):
        assert f"Who is face **{number}**?" in asked.content
        menu = controls(asked.message)[0]
        form = await newborn.mod.select(asked, ["other"], custom_id=menu.custom_id or "")
        sent = await newborn.mod.submit_modal(form, {"name": name})
        assert sent.response is not None
        asked = sent.response
    assert "Who is" not in asked.content
    assert newborn.again(answer).content.count("✔ a moderator says so") == FACES
