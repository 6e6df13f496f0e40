"""Learning where people look: a moderator is shown the faces that would teach most, and says who they are."""

from collections.abc import Sequence
from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from sqlalchemy import text, update

from bot.clock import now
from bot.database.samples import Sample
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.databases import on_disk
from tests.e2e.conftest import Discord
from tests.e2e.test_forgetting import telling

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW, OTHER = CAST[6], CAST[5]


async def rows(club: Discord, query: str) -> list[tuple[object, ...]]:
    """What the database holds."""
    async with club.bot.database.reading() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def waiting(club: Discord) -> int:
    """How many faces are kept that nobody has named."""
    return len(await rows(club, "SELECT face_id FROM samples WHERE held_out IS NULL"))


async def agree(club: Discord) -> None:
    """Ann lets the bot learn from her pictures."""
    await club.ann.send(club.pictures, "!privacy")
    await club.ann.click(club.last(), label="Yes, learn from them")


async def post_stranger(club: Discord, seeds: Sequence[int] = range(51, 55)) -> list[discord.Message]:
    """Ann, who agreed, posts somebody whom the bot does not know, again and again."""
    await agree(club)
    return [await club.post(club.ann, png(NEW, seed=seed)) for seed in seeds]


async def review(club: Discord) -> discord.Message:
    """The moderator asks what to name."""
    await club.mod.send(club.pictures, "!review")
    return club.last()


def controls(message: discord.Message) -> dict[str, discord.SelectMenu | discord.Button]:
    """The menus and buttons of a message, by what their ids say they are for."""
    found: dict[str, discord.SelectMenu | discord.Button] = {}
    for row in message.components:
        assert isinstance(row, discord.ActionRow)
        for item in row.children:
            assert isinstance(item, discord.SelectMenu | discord.Button)
            assert item.custom_id is not None
            assert len(item.custom_id) <= 100
            found[item.custom_id.split(":")[2]] = item
    return found


async def choose(club: Discord, sheet: discord.Message, menu: str, *places: int) -> None:
    """The moderator chooses options of a menu by their places."""
    control = controls(club.again(sheet))[menu]
    assert isinstance(control, discord.SelectMenu)
    await club.mod.select(sheet, [control.options[place].value for place in places], custom_id=control.custom_id)


async def press(club: Discord, sheet: discord.Message, button: str) -> None:
    """The moderator presses a button."""
    control = controls(club.again(sheet))[button]
    assert control.custom_id is not None
    await club.mod.click(sheet, custom_id=control.custom_id)


async def name(club: Discord, sheet: discord.Message, typed: str) -> None:
    """The moderator types a name."""
    control = controls(club.again(sheet))["names"]
    assert control.custom_id is not None
    form = await club.mod.select(sheet, ["other"], custom_id=control.custom_id)
    await club.mod.submit_modal(form, {"name": typed})


async def test_strangers_who_look_alike_are_named_in_one_tap_and_known_after_a_retraining(newborn: Discord) -> None:
    replies = await post_stranger(newborn)
    sheet = await review(newborn)
    assert "these 4 faces look alike" in sheet.content
    (picture,) = sheet.attachments
    assert picture.description == "4 faces that look alike"
    assert newborn.env.backend.get_message(newborn.pictures.id, sheet.id).ping_user_ids == []

    await newborn.restart()  # what was asked can be answered all the same
    await name(newborn, sheet, NEW.name)

    said = newborn.again(sheet)
    assert f"these 4 are **{NEW.name}**" in said.content
    assert "That was all" in said.content
    assert said.attachments == []
    assert all(f"{NEW.name} ✔ a moderator says so" in newborn.again(reply).content for reply in replies)
    assert await waiting(newborn) == 0
    await newborn.mod.send(newborn.pictures, "!retrain")
    assert "Published as v1" in newborn.last().content
    assert NEW.name in (await newborn.post(newborn.ben, png(NEW, seed=56))).content


async def test_what_was_named_in_one_tap_is_taken_back_in_one(newborn: Discord) -> None:
    replies = await post_stranger(newborn)
    await newborn.mod.slash(newborn.pictures, "review")
    sheet = newborn.last()
    await name(newborn, sheet, "Riko")
    await press(newborn, sheet, "unsay")
    assert newborn.again(sheet).content.startswith("Taken back.")
    assert "these 4 faces look alike" in newborn.again(sheet).content
    assert "Riko" not in newborn.again(replies[0]).content
    await name(newborn, sheet, "Riko")
    await newborn.mod.send(newborn.pictures, f"!undo {newborn.mod.id}")
    assert "4 corrections" in newborn.last().content
    assert "these 4 faces look alike" in (await review(newborn)).content


async def test_what_another_moderator_has_named_meanwhile_stands(newborn: Discord) -> None:
    answers = await post_stranger(newborn)
    mine, theirs = await review(newborn), await review(newborn)
    await newborn.mod.send(newborn.pictures, "they are all Hana", reply_to=mine)
    assert "with the menu below it" in newborn.last().content
    other = newborn.env.guild.add_member(
        newborn.env.create_user("other mod"), roles=[newborn.env.guild.roles["Moderators"]]
    )
    await other.send(newborn.pictures, "it's Hana", reply_to=answers[0])
    await name(newborn, mine, "Yuki")
    assert "Noted: these 3 are **Yuki**. Of 1 of them another moderator has said meanwhile who it is: **Hana**." in (
        newborn.again(mine).content
    )
    menu = controls(theirs)["names"]
    await other.select(theirs, ["not a face"], custom_id=menu.custom_id or "")  # their own face is theirs to change
    assert "Of 3 of them another moderator has said meanwhile who they are: **Yuki**." in newborn.again(theirs).content
    assert [newborn.again(each).content.count("Yuki ✔") for each in answers] == [0, 1, 1, 1]


async def test_who_is_not_the_same_is_left_out_and_asked_for_alone(newborn: Discord) -> None:
    await post_stranger(newborn)
    sheet = await review(newborn)
    await choose(newborn, sheet, "odd", 0)
    assert "these 3 faces look alike" in newborn.again(sheet).content
    await press(newborn, sheet, "apart")
    assert "Who are these?" in newborn.again(sheet).content
    assert newborn.again(sheet).content.count("somebody new?") == 4
    await choose(newborn, sheet, "face", 1)
    assert newborn.again(sheet).content.startswith("**2** ")
    await choose(newborn, sheet, "names", 1)  # not a face: nobody is known yet
    assert "that is no face" in newborn.again(sheet).content
    assert newborn.again(sheet).content.count("somebody new?") == 3


async def test_what_is_skipped_comes_again_in_the_next_review_only(newborn: Discord) -> None:
    await post_stranger(newborn)
    sheet = await review(newborn)
    await press(newborn, sheet, "skip")
    assert newborn.again(sheet).content.startswith("That was all")
    assert "look alike" in (await review(newborn)).content


async def test_people_who_disagree_are_settled_and_nearly_known_names_are_asked_back(club: Discord) -> None:
    await agree(club)
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    assert await waiting(club) == 0  # the bot was sure
    await club.ann.react(reply, "✅")
    await club.ben.send(club.pictures, f"1 is {TSUKIYO.name}", reply_to=reply)
    sheet = await review(club)
    assert f"1 says {AKEHA.name}" in sheet.content
    assert f"1 says {TSUKIYO.name}" in sheet.content
    await choose(club, sheet, "face", 0)
    await press(club, sheet, "back")
    assert "Who are these?" in club.again(sheet).content
    await choose(club, sheet, "face", 0)
    await name(club, sheet, TSUKIYO.name[:-1])
    assert "Did you mean one of these?" in club.again(sheet).content
    await choose(club, sheet, "names", 0)
    assert f"that is **{TSUKIYO.name}**" in club.again(sheet).content
    assert f"{TSUKIYO.name} ✔ a moderator says so" in club.again(reply).content


async def test_where_nothing_may_be_learned_nothing_is_kept_or_reviewed(club: Discord) -> None:
    await agree(club)
    reply = await club.post(club.ann, png(AKEHA, seed=35))
    await club.ben.react(reply, "❌")
    await club.mod.send(club.pictures, "!settings consent never")
    assert "No picture from Discord is learned from here" in (await review(club)).content
    await club.post(club.ann, png(NEW, seed=51))
    assert await waiting(club) == 0


async def test_a_name_that_people_refused_is_not_offered(club: Discord) -> None:
    await agree(club)
    reply = await club.post(club.ann, png(AKEHA, seed=34))
    await club.ben.react(reply, "❌")
    sheet = await review(club)
    assert f"1 says not {AKEHA.name}" in sheet.content
    await choose(club, sheet, "face", 0)
    menu = controls(club.again(sheet))["names"]
    assert isinstance(menu, discord.SelectMenu)
    assert AKEHA.name not in [option.label for option in menu.options]
    assert TSUKIYO.name in [option.label for option in menu.options]


async def test_only_moderators_review_by_command_slash_menu_and_button(newborn: Discord) -> None:
    await post_stranger(newborn)
    await newborn.ann.send(newborn.pictures, "!review")
    assert "That is for moderators" in newborn.last().content
    commands = newborn.env.backend.commands[None].items()
    command = next(int(each["id"]) for (called, _), each in commands if called == "review")
    newborn.env.guild.set_command_permissions(command, {newborn.ann: True})
    refused = await newborn.ann.slash(newborn.pictures, "review")
    assert refused.response is not None
    assert "That is for moderators" in refused.response.content

    sheet = await review(newborn)
    before = sheet.content
    for kind, control in controls(sheet).items():
        assert control.custom_id is not None
        if isinstance(control, discord.SelectMenu):
            value = control.options[-1].value if kind == "names" else control.options[0].value
            refused = await newborn.ann.select(sheet, [value], custom_id=control.custom_id)
        else:
            refused = await newborn.ann.click(sheet, custom_id=control.custom_id)
        assert refused.response is not None
        assert "That is for moderators" in refused.response.content, kind
    assert newborn.again(sheet).content == before
    assert await waiting(newborn) == 4


async def test_nothing_is_kept_of_who_did_not_agree_and_a_no_deletes_what_was(newborn: Discord) -> None:
    for seed in range(51, 54):
        await newborn.post(newborn.ben, png(NEW, seed=seed))
    assert await waiting(newborn) == 0
    assert "nothing to review" in (await review(newborn)).content
    await post_stranger(newborn, range(54, 57))
    assert await waiting(newborn) == 3
    await newborn.ann.send(newborn.pictures, "!privacy")
    assert "3 faces kept to learn from (3 of them wait for a name)" in newborn.last().content
    await newborn.ann.click(newborn.last(), label="No")
    assert await waiting(newborn) == 0


async def test_faces_without_a_name_are_forgotten_with_who_posted_them(newborn: Discord) -> None:
    await post_stranger(newborn)
    sheet = await review(newborn)
    await press(newborn, sheet, "skip")
    data = [part for crop in await rows(newborn, "SELECT crop, embedding FROM samples") for part in crop]
    pieces = [piece for part in data if isinstance(part, bytes) for piece in telling(part)]
    assert any(piece in on_disk(newborn.home) for piece in pieces)
    await newborn.ann.send(newborn.pictures, "!forgetme")
    await newborn.ann.click(newborn.last(), label="Delete it all")
    disk = on_disk(newborn.home)
    assert not [piece for piece in pieces if piece in disk]
    assert await rows(newborn, "SELECT face_id FROM reviews") == []
    assert "nothing to review" in (await review(newborn)).content


async def test_what_was_posted_out_of_sight_is_shown_out_of_sight_only(newborn: Discord) -> None:
    guild, seen = newborn.env.guild, discord.PermissionOverwrite(view_channel=True)
    itself = MemberActor(newborn.env, guild, UserHandle(newborn.env, newborn.env.backend.bot_user))
    unseen = {guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    hidden = guild.create_text_channel(
        "hidden", overwrites=unseen | dict.fromkeys((newborn.ann, newborn.mod, itself), seen)
    )
    await newborn.env.settle()
    await newborn.mod.send(hidden, "!watch")
    await agree(newborn)
    for seed in range(51, 54):
        await newborn.ann.send(hidden, attachments=[("picture.png", png(NEW, seed=seed))])
    assert await waiting(newborn) == 3
    assert "nothing to review" in (await review(newborn)).content
    await newborn.mod.send(hidden, "!review")
    assert "these 3 faces look alike" in newborn.last(hidden).content


@pytest.mark.parametrize("days", [29, 31])
async def test_faces_wait_for_a_name_for_thirty_days(newborn: Discord, days: int) -> None:
    await post_stranger(newborn)
    async with newborn.bot.database.writing() as session:
        await session.execute(update(Sample).values(created_at=now() - timedelta(days=days)))
    await newborn.restart()
    assert await waiting(newborn) == (4 if days < 30 else 0)
