"""Somebody teaches a character with pictures: one post, one answer."""

import io
import zipfile

import discord
import pytest
from simcord.actors import MemberActor
from sqlalchemy import text

from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

NEW, OTHER = CAST[6], CAST[1]
NOTHING = b"no picture"


def pictures(*seeds: int) -> list[tuple[str, bytes]]:
    return [(f"{seed}.png", png(NEW, seed=seed)) for seed in seeds]


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


async def rows(club: Discord, query: str) -> list[tuple[object, ...]]:
    async with club.bot.database.reading() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def teach(club: Discord, who: MemberActor, files: list[tuple[str, bytes]], said: str = "!teach Riko") -> str:
    """Somebody posts pictures with the command; gives the one answer."""
    before = len(club.general.history())
    await who.send(club.general, said, attachments=files)
    assert len(club.general.history()) == before + 2
    return club.last(club.general).content


def again(club: Discord, message: discord.Message) -> discord.Message:
    return next(each for each in club.general.history() if each.id == message.id)


def menus(message: discord.Message) -> list[discord.SelectMenu]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [item for row in rows for item in row.children if isinstance(item, discord.SelectMenu)]


async def test_a_moderator_teaches_somebody_new_with_one_post(newborn: Discord) -> None:
    files = [*pictures(51, 52, 53), ("two.png", png(NEW, OTHER, seed=4)), ("notes.png", NOTHING)]
    said = await teach(newborn, newborn.mod, files)
    assert said.startswith("**Riko**: 3 faces · ✔ a moderator says so\nOne picture has several faces")
    assert "Riko is new to me." in said
    assert "agrees that I keep the faces" in said
    assert "Left out: notes.png: " in said
    answer = newborn.last(newborn.general)
    (sheet,) = answer.attachments
    assert sheet.filename == "taught.png"
    assert sheet.description == "The faces: 1: Riko; 2: Riko; 3: Riko; 4: ?; 5: ?"
    assert await rows(newborn, "SELECT count(*) FROM samples WHERE held_out IS NOT NULL") == [(3,)]

    (menu,) = menus(answer)
    await newborn.mod.select(answer, [menu.options[0].value], custom_id=menu.custom_id)
    now = again(newborn, answer)
    assert now.content.startswith("**Riko**: 4 faces · ✔ a moderator says so\n-# ")
    assert menus(now) == []
    assert await rows(newborn, "SELECT count(*) FROM samples WHERE held_out IS NOT NULL") == [(4,)]

    await newborn.mod.send(newborn.general, "5 is Hana", reply_to=now)  # it is an answer as any other
    assert "5 faces of 2 characters · ✔ a moderator says so: Hana (1), Riko (4)" in again(newborn, answer).content
    for said in ("!teach Riko", "!teach リコちゃん"):
        assert "One picture I had already." in await teach(newborn, newborn.mod, pictures(51), said)
    link = "!teach Riko https://example.org/riko.png"
    assert "says more than a name" in await teach(newborn, newborn.mod, pictures(51), link)
    assert "the same picture is Riko here" in await teach(newborn, newborn.mod, pictures(52), "!teach Hana")


async def test_what_was_taught_is_taken_back_with_all_that_was_kept_for_it(newborn: Discord) -> None:
    await teach(newborn, newborn.mod, pictures(51, 52))
    answer = newborn.last(newborn.general)
    refused = await newborn.ann.click(answer, label="Take it back")
    assert refused.response is not None
    assert "Only the one who said that" in refused.response.content
    await newborn.mod.click(answer, label="Take it back")
    assert again(newborn, answer).content == "Taken back: it counts no more."
    assert again(newborn, answer).attachments == []
    assert await rows(newborn, "SELECT * FROM samples") == []


async def test_members_teach_as_a_vote(newborn: Discord) -> None:
    said = await teach(newborn, newborn.ann, pictures(51, 52))
    assert said.startswith("**Riko**: 2 faces · 1 more to agree, or a moderator\n")
    answer = newborn.last(newborn.general)
    await newborn.mod.send(newborn.general, "!review")
    assert "1 says Riko" in newborn.last(newborn.general).content
    await newborn.ben.click(answer, label="All right")
    assert again(newborn, answer).content.startswith("**Riko**: 2 faces · ✔ you agree\n")
    assert await rows(newborn, "SELECT count(*) FROM samples WHERE held_out IS NOT NULL") == [(2,)]


@pytest.mark.parametrize("menu", ["in reply", "by the menu"])
async def test_other_peoples_pictures_wait_for_their_yes(newborn: Discord, menu: str) -> None:
    await newborn.ann.send(newborn.pictures, attachments=pictures(51, 52))
    answer, post = newborn.last(), newborn.pictures.history()[-2]
    if menu == "in reply":
        await newborn.mod.send(newborn.pictures, "!teach Riko", reply_to=post)
    else:
        form = await newborn.mod.context_menu(newborn.pictures, "Teach…", post)
        await newborn.mod.submit_modal(form, {"name": "Riko"})
    taught = next(each for each in newborn.pictures.history() if "**Riko**: 2 faces" in each.content)
    assert "I learn from once they agree" in taught.content
    assert "agrees that I keep" not in taught.content
    assert "**1** Riko ✔ a moderator says so" in newborn.again(answer).content
    assert await rows(newborn, "SELECT * FROM samples") == []
    await newborn.agree(newborn.ann)
    assert await rows(newborn, "SELECT count(*) FROM samples WHERE held_out IS NOT NULL") == [(2,)]


async def test_a_slash_command_teaches_too(newborn: Discord) -> None:
    attachment = ("51.png", png(NEW, seed=51))
    result = await newborn.mod.slash(newborn.general, "teach", picture=attachment, name="Riko")
    assert result.acknowledged
    assert newborn.last(newborn.general).content.startswith("**Riko**: 1 face · ✔ a moderator says so")


async def test_a_zip_teaches_many_at_once(newborn: Discord) -> None:
    files = {f"all/{each.name}/{seed}.png": png(each, seed=seed) for each in KNOWN[:2] for seed in (10, 11)}
    files |= {"all/_rest/1.png": NOTHING, "__MACOSX/all/._1.png": NOTHING, "all/Riko/a.png": NOTHING}
    said = await teach(newborn, newborn.mod, [("my club.zip", packed(files))], "!teach")
    assert said.startswith("4 faces of 2 characters · ✔ a moderator says so: ")
    assert "2 of them are new to me." in said
    assert "Left out: all/\\_rest/1.png: neither in a character's folder" in said
    assert "Left out: all/Riko/a.png: " in said
    assert "`!knowledge remove my club` forgets them again." in said
    assert await rows(newborn, "SELECT count(*) FROM characters") == [(2,)]
    one, two = sorted(each.name for each in KNOWN[:2])
    answer = newborn.last(newborn.general)
    before = answer.attachments[0]
    assert before.description == f"The faces: 1: {one} (2); 3: {two} (2)"
    await newborn.mod.send(newborn.general, f"1 is {two}", reply_to=answer)
    (now,) = [each for each in newborn.general.history() if each.id == answer.id]
    assert f"{one} (1), {two} (3)" in now.content
    assert now.attachments[0].description == f"The faces: 2: {one} (1); 1: {two} (3)"
    assert await now.attachments[0].read() != await before.read()
    await newborn.mod.send(newborn.general, "!knowledge")
    assert "**my club**: 4 faces" in newborn.last(newborn.general).content

    mine = packed({f"{NEW.name}_{seed}.png": png(NEW, seed=seed) for seed in (51, 52)})
    said = await teach(newborn, newborn.ann, [("mine.zip", mine)], "!teach")
    assert said.startswith(f"**{NEW.name}**: 2 faces · 1 more to agree")
    assert "!knowledge" not in said
    many = packed({f"Riko_{number}.png": NOTHING for number in range(21)})
    said = await teach(newborn, newborn.ann, [("a.zip", many)], "!teach")
    assert said.startswith("That ZIP has 21 pictures. From a member I take up to 20 at a time")
    assert "That is no ZIP file" in await teach(newborn, newborn.mod, [("a.zip", NOTHING)], "!teach")
    nobody = packed({"_rest/1.png": NOTHING})
    assert "shows nobody whose name" in await teach(newborn, newborn.mod, [("a.zip", nobody)], "!teach")
    many = packed({f"Riko_{number}.png": NOTHING for number in range(7)})
    assert "7 files are left out; the list is attached." in await teach(
        newborn, newborn.mod, [("a.zip", many)], "!teach"
    )
    (listed,) = newborn.last(newborn.general).attachments
    assert "Riko_6.png: " in (await listed.read()).decode()


async def test_from_nothing_to_thirty_characters(newborn: Discord) -> None:
    files = {
        f"{number:02}th girl/{seed}.png": png(CAST[number % len(CAST)], seed=40 + 2 * number + seed)
        for number in range(1, 30)
        for seed in (0, 1)
    }
    await newborn.mod.send(newborn.general, "!setup")
    await newborn.mod.click(newborn.last(newborn.general), label="Answer pictures here")
    await newborn.mod.send(newborn.general, "!teach", attachments=[("cast.zip", packed(files))])
    assert newborn.last(newborn.general).content.startswith("58 faces of 29 characters · ✔ a moderator says so: ")
    await newborn.mod.send(newborn.general, "!teach Riko", attachments=pictures(51, 52, 53, 54, 55))
    await newborn.mod.send(newborn.general, "!characters")
    assert "**30 characters**" in newborn.last(newborn.general).content
    said = len(newborn.general.history())
    print(f"From nothing to thirty characters: {said} messages in the channel")
    assert said == 8


async def test_where_nothing_is_kept_nothing_is_taught(newborn: Discord) -> None:
    await newborn.mod.send(newborn.general, "!settings consent never")
    said = await teach(newborn, newborn.mod, pictures(51))
    assert f"`koredare import --guild {newborn.guild_id}`" in said
    assert await rows(newborn, "SELECT * FROM pictures") == []


async def test_what_is_missing_is_asked_for(newborn: Discord) -> None:
    assert "Whom do the pictures show?" in await teach(newborn, newborn.ann, pictures(51), "!teach")
    assert "Attach up to ten pictures of **Riko**" in await teach(newborn, newborn.ann, [])
    assert "says more than a name" in await teach(newborn, newborn.mod, pictures(51), "!teach Riko and 2 is Maki")
    assert "says more than a name" in await teach(newborn, newborn.mod, pictures(51), f"!teach {newborn.ann.mention}")
    assert (await teach(newborn, newborn.mod, pictures(51), "!teach this is **Riko**")).startswith("**Riko**: 1 face")
    assert "That is no ZIP file. Pack" in await teach(newborn, newborn.mod, [("a.rar", b"Rar!")], "!teach")
    assert "protected by a password" in await teach(
        newborn, newborn.mod, [("a.zip", packed({"Riko/1.png": NOTHING})[:-30])], "!teach"
    )
    files = {"IMG_0001.png": png(NEW, seed=51), "screenshots/2.png": png(NEW, seed=52)}
    assert "shows nobody whose name" in await teach(newborn, newborn.mod, [("a.zip", packed(files))], "!teach")
    files = {f"Maki/set {number}/1.png": png(KNOWN[0], seed=10 + number) for number in range(2)}
    assert (await teach(newborn, newborn.mod, [("a.zip", packed(files))], "!teach")).startswith("**Maki**: 2 faces")
