"""What moderators do about wrong corrections: undo all of a person's, and look at what looks wrong."""

import io

from PIL import Image
from sqlalchemy import text

from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord
from tests.e2e.test_feedback import menu

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]


async def test_everything_that_somebody_said_is_undone_at_once(club: Discord) -> None:
    replies = [await club.post(who, png(AKEHA, seed=31 + n)) for n, who in enumerate((club.ann, club.ann, club.ben))]
    for reply in replies:
        await club.ben.send(club.pictures, TSUKIYO.name, reply_to=reply)
    await club.ann.send(club.pictures, TSUKIYO.name, reply_to=replies[0])
    assert f"{TSUKIYO.name} ✔ you agree" in club.again(replies[0]).content
    await club.mod.send(club.pictures, f"!undo <@{club.ben.id}> <@{club.ann.id}>")
    assert club.last().content.startswith("I take one at a time there.")
    await club.mod.send(club.pictures, f"!undo <@{club.ben.id}>")
    said = next(m.content for m in reversed(club.pictures.history()) if "Taken back" in m.content)
    assert "3 corrections of **ben**" in said
    assert f"1 says {TSUKIYO.name}" in club.again(replies[0]).content
    for reply in replies[1:]:
        assert club.again(reply).content == reply.content
    async with club.bot.database.reading() as session:
        ledger = await session.execute(text("SELECT kind, count(*) FROM corrections WHERE via != 'import' GROUP BY 1"))
        assert {row[0]: row[1] for row in ledger} == {"name": 4, "undo": 3}  # nothing was deleted


async def test_it_is_said_how_many_examples_an_undo_touches(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=34))
    await club.mod.react(reply, "✅")
    await club.agree(club.ann)
    await club.mod.slash(club.pictures, "undo", member=club.mod.user)
    said = next(m.content for m in reversed(club.pictures.history()) if "Taken back" in m.content)
    assert "1 correction of **mod**" in said
    assert "1 face to learn from lost its name" in said
    await club.mod.send(club.pictures, f"!undo <@{club.mod.id}>")
    assert "has said nothing here that still counts" in club.last().content


async def test_members_may_neither_undo_nor_look_at_suspects(club: Discord) -> None:
    for command in (f"!undo <@{club.ben.id}>", "!suspects"):
        await club.ann.send(club.pictures, command)
        assert "That is for moderators" in club.last().content


async def test_what_looks_wrong_is_shown_after_a_retraining_and_mended_with_two_choices(club: Discord) -> None:
    await club.mod.send(club.pictures, "!suspects")
    assert "No face that I learn from looks wrong" in club.last().content
    first = await club.post(club.ann, png(AKEHA, seed=40))
    await club.mod.react(first, "❌")
    await club.mod.send(club.pictures, TSUKIYO.name, reply_to=first)
    await club.agree(club.ann)
    for seed in (41, 42):
        right = await club.post(club.ann, png(AKEHA, seed=seed))
        await club.mod.send(club.pictures, AKEHA.name, reply_to=right)

    await club.mod.send(club.pictures, "!retrain")
    assert "1 face that I learned from looks wrong to me: `!suspects`" in club.last().content

    await club.mod.send(club.pictures, "!suspects")
    sheet = club.last()
    assert f"**1** {TSUKIYO.name}, looks like {AKEHA.name}" in sheet.content
    assert f"{first.id})" in sheet.content
    assert len(menu(sheet).options) == 1
    (attachment,) = sheet.attachments
    assert f"1: named {TSUKIYO.name}" in (attachment.description or "")
    assert Image.open(io.BytesIO(await attachment.read())).format == "PNG"

    asked = await club.mod.select(sheet, [menu(sheet).options[0].value])
    assert asked.ephemeral
    assert asked.response is not None
    assert asked.response.message is not None
    names = [option.value for option in menu(asked.response.message).options]
    assert names[:2] == [f"name:{TSUKIYO.name}", f"name:{AKEHA.name}"]
    await club.mod.select(asked.response, [f"name:{AKEHA.name}"])
    assert f"{AKEHA.name} ✔" in club.again(first).content
    await club.mod.send(club.pictures, "!suspects")
    assert "No face that I learn from looks wrong" in club.last().content
