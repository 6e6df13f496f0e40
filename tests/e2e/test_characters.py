"""Everybody who is known: lists, pages, and what moderators do to names, by text and by slash."""

import io

import discord
import pytest
from PIL import Image
from sqlalchemy import select

from bot.database import characters, examples
from bot.database.ledger import Correction
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]


def buttons(message: discord.Message) -> dict[str, discord.Button]:
    return {
        str(child.label): child
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button)
    }


async def test_everybody_sees_who_is_known_and_how_well(club: Discord) -> None:
    await club.ann.send(club.general, "!characters")
    said = club.last(club.general).content
    assert "I know **4 characters**" in said
    for character in KNOWN:
        assert f"**{character.name}** · " in said
    assert "examples · " in said
    assert "known" in said
    await club.ann.slash(club.general, "characters")
    assert club.last(club.general).content == said


async def test_a_long_list_has_pages_that_are_turned_also_after_a_restart(newborn: Discord) -> None:
    async with newborn.bot.database.writing() as session:
        for number in range(20):
            await characters.get_or_create(session, f"Somebody {number}", guild_id=newborn.guild_id)
    await newborn.ann.send(newborn.pictures, "!characters")
    first = newborn.last()
    assert "Page 1 of 2" in first.content
    assert buttons(first)["Back"].disabled
    await newborn.restart()
    await newborn.ben.click(first, label="On")
    second = newborn.again(first)
    assert "Page 2 of 2" in second.content
    assert not buttons(second)["Back"].disabled
    assert buttons(second)["On"].disabled
    await newborn.ben.click(second, label="Back")
    assert newborn.again(first).content == first.content


async def test_a_newborn_knows_nobody_and_says_what_helps(newborn: Discord) -> None:
    await newborn.ann.send(newborn.pictures, "!characters")
    assert "I know nobody yet" in newborn.last().content


async def test_a_merge_is_seen_at_once_in_answers_lists_and_corrections_and_is_undone(club: Discord) -> None:
    await club.mod.send(club.pictures, f"!character merge {TSUKIYO.name} {AKEHA.name}")
    assert f"**{TSUKIYO.name}** is **{AKEHA.name}** from now on" in club.last().content
    assert "examples move" in club.last().content
    reply = await club.post(club.ann, png(TSUKIYO, seed=60))
    assert AKEHA.name in reply.content
    assert TSUKIYO.name not in reply.content
    assert TSUKIYO.name not in (reply.attachments[0].description or "")
    await club.ann.send(club.pictures, "!characters")
    assert "I know **3 characters**" in club.last().content

    await club.mod.send(club.pictures, "!character undo")
    assert f"**{TSUKIYO.name}** and **{AKEHA.name}** are two again" in club.last().content
    assert TSUKIYO.name in (await club.post(club.ann, png(TSUKIYO, seed=60))).content
    await club.mod.send(club.pictures, "!character undo")
    assert "nothing left to undo" in club.last().content
    await club.mod.send(club.pictures, "!character")
    assert f"<@{club.mod.user.id}>: {TSUKIYO.name} is **{AKEHA.name}** (undone)" in club.last().content
    await club.mod.slash(club.pictures, "character changes")
    assert "(undone)" in club.last().content


async def test_what_was_refused_stays_refused_under_a_new_name(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=61))
    await club.ann.react(reply, "❌")
    await club.mod.send(club.pictures, f'!character rename {AKEHA.name} "Akeha the Red"')
    assert "is called **Akeha the Red** from now on" in club.last().content
    posted = next(m for m in club.pictures.history() if m.author.id == club.ann.id and m.attachments)
    await club.ben.send(club.pictures, "!whois", reply_to=posted)
    assert "not Akeha the Red" in club.last().content
    other = await club.post(club.ann, png(AKEHA, seed=62))
    assert "Akeha the Red" in other.content


async def test_an_alias_in_any_script_is_understood_in_a_correction(club: Discord) -> None:
    await club.mod.slash(club.pictures, "character alias", name=AKEHA.name, alias="あけは")
    assert f"**あけは** is another name of **{AKEHA.name}**" in club.last().content
    reply = await club.post(club.ann, png(NEW, seed=63))
    await club.mod.send(club.pictures, "1 is アケハ", reply_to=reply)  # in katakana it is another name
    await club.mod.send(club.pictures, "1 is あけは", reply_to=reply)
    assert f"{AKEHA.name} ✔" in club.again(reply).content
    await club.mod.slash(club.pictures, "character unalias", name="あけは", alias="あけは")
    assert "is no longer a name of" in club.last().content
    await club.mod.slash(club.pictures, "character undo")
    assert "is a name of" in club.last().content


async def test_names_are_suggested_while_typing_with_a_slip_forgiven(club: Discord) -> None:
    for command, option in (("merge", "into"), ("rename", "name"), ("alias", "name"), ("unalias", "name")):
        typed = AKEHA.name[:1] + AKEHA.name[2:]
        found = await club.mod.autocomplete(club.pictures, f"character {command}", option, typed)
        assert AKEHA.name in [choice["value"] for choice in found], command


async def test_slash_twins_rename_and_merge(club: Discord) -> None:
    await club.mod.slash(club.pictures, "character rename", name=AKEHA.name, new="Akeha the Red")
    assert "is called **Akeha the Red**" in club.last().content
    await club.mod.slash(club.pictures, "character merge", name=TSUKIYO.name, into="akeha the red")
    assert f"**{TSUKIYO.name}** is **Akeha the Red** from now on" in club.last().content


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (f"rename {AKEHA.name} {TSUKIYO.name}", f"**{TSUKIYO.name}** is somebody here already"),
        ("rename Nobody Somebody", "I know nobody called **Nobody**"),
        ("delete Nobody", "I know nobody called **Nobody**"),
        (f"delete {AKEHA.name}", "all servers share faces of that name"),
        (f"rename {AKEHA.name} unknown", "“unknown” is what I call somebody whom I don't know"),
        (f"alias {AKEHA.name} 知らない人", "“知らない人” is what I call somebody whom I don't know"),
        (f"rename {AKEHA.name[:-1]}x Somebody", f"Did you mean **{AKEHA.name}**"),
        (f"rename {AKEHA.name} the Red", f"**{AKEHA.name}** is called **the Red** from now on"),
        (f'rename {AKEHA.name} "the Red', "goes in quotes"),
        (f"merge {AKEHA.name} {AKEHA.name.upper()}", "are the same character already"),
        (f"alias {AKEHA.name} {TSUKIYO.name}", "somebody here already. Choose another name"),
        (f"unalias {AKEHA.name} {AKEHA.name}", "is not another name of"),
        (f"rename {AKEHA.name} \u200b", "at least one visible character"),
        (
            f"merge {AKEHA.name}",
            "Something is missing: **into**. It is said like this: `!character merge <name> <into>`",
        ),
        ("remove Akeha", "`!character` has no part **remove**. It has: `alias`, `delete`, `merge`"),
        ("renmae Akeha Aki", "Did you mean `!character rename`?"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_what_can(club: Discord, words: str, answer: str) -> None:
    await club.mod.send(club.pictures, f"!character {words}")
    assert answer in club.last().content


async def test_names_of_several_words_need_no_quotes_where_they_can_mean_one_thing_only(club: Discord) -> None:
    name = AKEHA.name
    for words, answer in (
        (f"rename {name} to Akeha Sakurai", f"**{name}** is called **Akeha Sakurai**"),
        ("rename akeha sakurai Akeha of Kyoto", "**Akeha Sakurai** is called **Akeha of Kyoto**"),  # not Akeha alone
        ('rename "Akeha of Kyoto" to Akeha Sakurai', "**Akeha of Kyoto** is called **Akeha Sakurai**"),
        ("alias Akeha Sakurai the Red One", "**the Red One** is another name of **Akeha Sakurai**"),
        ("alias Akeha Sakurai Red", "**Red** is another name"),
        ("unalias Akeha Sakurai the Red One", "**the Red One** is no longer a name"),
        (f"merge {TSUKIYO.name} into Akeha Sakurai", f"**{TSUKIYO.name}** is **Akeha Sakurai** from now on"),
        ("merge Akehu Sakurai into Red", "I know nobody called **Akehu Sakurai**. Did you mean **Akeha Sakurai**?"),
        ("rename Akeha Sakuria Akeha", "goes in quotes"),  # a slip in the longer name
        ("rename Some Body Else", "goes in quotes"),
        ("delete Akeha of Kyoto", "all servers share faces of that name"),
    ):
        await club.mod.send(club.pictures, f"!character {words}")
        assert answer in club.last().content, (words, club.last().content)


async def test_names_are_for_moderators_to_change(club: Discord) -> None:
    for words in (
        f"rename {AKEHA.name} Aki",
        f"merge {AKEHA.name} {TSUKIYO.name}",
        f"alias {AKEHA.name} Aki",
        f"unalias {AKEHA.name} Aki",
        f"delete {AKEHA.name}",
        "undo",
        "",
    ):
        await club.ann.send(club.pictures, f"!character {words}")
        assert "That is for moderators" in club.last().content, words


async def test_a_characters_page_shows_its_names_its_examples_and_its_faces(club: Discord) -> None:
    await club.mod.send(club.pictures, f"!character alias {AKEHA.name} あけは")
    wrong = await club.post(club.ann, png(AKEHA, seed=64))
    await club.mod.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=wrong)
    await club.agree(club.ann)
    await club.ben.send(club.pictures, "!whois あけは")
    said = club.last()
    assert f"**{AKEHA.name}**" in said.content
    assert "Also called: あけは." in said.content
    assert "from what all servers share" in said.content
    assert f"Taken for somebody else in chat: {TSUKIYO.name} (once)" in said.content
    (picture,) = said.attachments
    assert AKEHA.name in (picture.description or "")
    assert Image.open(io.BytesIO(await picture.read())).format == "PNG"


async def test_a_renaming_makes_nobody_new_and_the_version_before_no_worse(club: Discord) -> None:
    await club.mod.send(club.pictures, f'!character rename {AKEHA.name} "Akeha the Red"')
    await club.mod.send(club.pictures, f"!character merge {TSUKIYO.name} {KNOWN[2].name}")
    await club.mod.send(club.pictures, "!retrain")
    said = club.last().content
    assert "I learned 3 characters" in said
    assert "I know" not in said
    assert "Akeha the Red" in (await club.post(club.ann, png(AKEHA, seed=65))).content
    await club.ben.send(club.pictures, "!characters")
    assert "I know **3 characters**" in club.last().content


async def test_a_part_of_a_name_is_enough_where_one_has_it_and_several_are_listed(club: Discord) -> None:
    for typed in (AKEHA.name[:-1] + "x", AKEHA.name[1:], AKEHA.name[:3].lower(), f'"{AKEHA.name[:3]}"'):
        await club.ann.send(club.general, f"!whois {typed}")
        assert club.last(club.general).content.startswith(f"**{AKEHA.name}**"), typed
    await club.mod.send(club.pictures, f'!character rename {AKEHA.name} "Akeha Sakurai"')
    await club.mod.send(club.pictures, f'!character rename {TSUKIYO.name} "Tsukiyo Sakurai"')
    await club.ann.slash(club.general, "whois", name="sakurai")
    assert "Did you mean **Akeha Sakurai**, **Tsukiyo Sakurai**?" in club.last(club.general).content
    await club.ann.send(club.general, "!whois Akeha Sakurai and Tsukiyo Sakurai")
    assert "Did you mean **Tsukiyo Sakurai**, **Akeha Sakurai**?" in club.last(club.general).content
    await club.ann.slash(club.general, "whois", name="\u200b ")
    assert "at least one visible character" in club.last(club.general).content
    await club.ann.slash(club.general, "whois", name="akeha s")
    assert club.last(club.general).content.startswith("**Akeha Sakurai**")


async def named(club: Discord, name: str, *, seed: int) -> discord.Message:
    """The moderator names a face that Ann posted; gives the answer."""
    answer = await club.post(club.ann, png(NEW, seed=seed))
    await club.mod.send(club.pictures, f"it's {name}", reply_to=answer)
    return answer


async def everywhere(club: Discord, typed: str) -> str:
    """All that people are shown of characters, and what is suggested for a name."""
    said: list[str] = []
    for words in ("!characters", f"!whois {typed}", "!stats"):
        await club.mod.send(club.general, words)
        said.append(club.last(club.general).content)
    for command, option in (("whois", "name"), ("character delete", "name")):
        said += [str(each["value"]) for each in await club.mod.autocomplete(club.general, command, option, typed)]
    return "\n".join(said)


async def test_a_name_taken_back_that_nobody_else_used_is_gone_and_may_be_given_anew(club: Discord) -> None:
    answer = await named(club, "Hanasakii", seed=66)
    assert "**Hanasakii**" in await everywhere(club, "hanas")
    await club.ben.send(club.pictures, "it's Hanasakii", reply_to=answer)
    await club.mod.send(club.pictures, "undo", reply_to=answer)
    assert "**Hanasakii**" in await everywhere(club, "hanas"), "Ben says so still"
    await club.mod.send(club.pictures, f"!undo <@{club.ben.id}>")
    gone = await everywhere(club, "hanas")
    assert "Hanasakii" not in gone
    assert "I know nobody called **hanas**" in gone
    await club.mod.react(answer, "1️⃣")
    assert "Hanasakii" not in str(club.last().components)
    await club.mod.send(club.pictures, "it's HANASAKII", reply_to=answer)
    assert "**HANASAKII** is new to me" in club.last().content


async def test_a_character_that_should_not_be_is_deleted_after_asking(club: Discord) -> None:
    answer = await named(club, "Hana", seed=67)
    await club.agree(club.ann)
    await club.ben.send(club.pictures, "it's Hana", reply_to=answer)
    await club.mod.send(club.pictures, "!character delete hana")
    asked = club.last()
    assert "Delete **Hana**? 2 corrections" in asked.content
    assert "1 face that I learn from loses it. **This cannot be undone.**" in asked.content
    await club.mod.click(asked, label="Keep it")
    assert "nothing was deleted" in club.again(asked).content
    assert "Hana ✔" in club.again(answer).content
    assert "Hana" in (await club.post(club.ann, png(NEW, seed=68))).content, "she is known at once"
    async with club.bot.database.reading() as session:
        rows = len((await session.scalars(select(Correction.id))).all())
    await club.mod.slash(club.pictures, "character delete", name="Hana")
    asked = club.last()
    await club.restart()
    refused = await club.ben.click(asked, label="Delete it")
    assert refused.response is not None
    assert "for moderators" in refused.response.content
    await club.mod.click(asked, label="Delete it")
    assert "**Hana** is deleted: 2 corrections count no more" in club.again(asked).content
    assert "Hana" not in club.again(answer).content
    assert "**Hana**" not in (await everywhere(club, "hana")).replace("nobody called **hana**", "")
    assert "Hana" not in (await club.post(club.ann, png(NEW, seed=69))).content, "nor is she named any more"
    async with club.bot.database.reading() as session:
        after = await session.execute(select(Correction.kind).order_by(Correction.id))
        assert [row.kind for row in after][rows:] == ["undo", "undo"], "the ledger only grows"
        learned = await examples.counts(session, guild_id=club.guild_id, quorum=2)
        assert "Hana" not in {each.name for each in learned}


async def test_a_list_of_the_longest_names_that_there_can_be_ends_with_a_whole_line(newborn: Discord) -> None:
    async with newborn.bot.database.writing() as session:
        for number in range(20):
            await characters.get_or_create(session, f"{number:02} {'*' * 77}", guild_id=newborn.guild_id)
    await newborn.ann.send(newborn.general, "!characters")
    lines = newborn.last(newborn.general).content.splitlines()[1:]
    assert len(lines) > 5
    assert len({line[-12:] for line in lines}) == 1  # as all of them end
