"""Faces posted out of sight are shown out of sight only; what was imported is nobody's to be asked about."""

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, UserHandle

from bot.clock import now
from bot.database import channels, characters
from bot.database.pictures import Picture
from bot.database.suspects import Suspect
from bot.privacy import consent
from ml.painting import CAST
from tests.conftest import png
from tests.e2e.conftest import Discord
from tests.e2e.test_feedback import menu
from tests.e2e.test_review import agree

NEW = CAST[6]


def out_of_sight(club: Discord, name: str, *members: MemberActor) -> ChannelHandle:
    """A channel that only these and the bot see."""
    guild, seen = club.env.guild, discord.PermissionOverwrite(view_channel=True)
    itself = MemberActor(club.env, guild, UserHandle(club.env, club.env.backend.bot_user))
    unseen = {guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    return guild.create_text_channel(name, overwrites=unseen | dict.fromkeys((*members, itself), seen))


@pytest.fixture
async def hidden(newborn: Discord) -> ChannelHandle:
    """A channel that only Ann, the moderator and the bot see, where Ann posted one whom the moderator named."""
    channel = out_of_sight(newborn, "hidden", newborn.ann, newborn.mod)
    await newborn.env.settle()
    await newborn.mod.send(channel, "!watch")
    await agree(newborn)
    await newborn.ann.send(channel, attachments=[("picture.png", png(NEW, seed=51))])
    await newborn.mod.send(channel, f"1 is {NEW.name}", reply_to=newborn.last(channel))
    return channel


async def test_the_page_of_a_character_shows_no_face_from_a_hidden_channel_elsewhere(
    newborn: Discord, hidden: ChannelHandle
) -> None:
    await newborn.ben.send(newborn.pictures, f"!whois {NEW.name}")
    assert f"**{NEW.name}**" in newborn.last().content
    assert newborn.last().attachments == []
    await newborn.ann.send(hidden, f"!whois {NEW.name}")
    assert len(newborn.last(hidden).attachments) == 1
    # A channel of Ben's own is hidden too, but he cannot see that one.
    bens = out_of_sight(newborn, "bens", newborn.ben)
    await newborn.env.settle()
    await newborn.ben.send(bens, f"!whois {NEW.name}")
    assert f"**{NEW.name}**" in newborn.last(bens).content
    assert newborn.last(bens).attachments == []


async def test_what_a_server_knows_is_exported_without_faces_from_channels_that_who_exports_it_does_not_see(
    newborn: Discord, hidden: ChannelHandle
) -> None:
    role = newborn.env.guild.create_role("Helpers", permissions=discord.Permissions(manage_guild=True))
    helper = newborn.env.guild.add_member(newborn.env.create_user("helper"), roles=[role])
    for who, faces in ((newborn.mod, "one face"), (helper, "0 faces")):
        told = (await who.slash(newborn.pictures, "knowledge export")).response
        assert told is not None
        assert f"one character and {faces}," in told.content
        assert ("channels that you cannot see are left out" in told.content) == (who is helper)


async def test_suspects_from_a_hidden_channel_are_shown_there_and_are_moderators_to_correct(
    newborn: Discord, hidden: ChannelHandle
) -> None:
    async with newborn.bot.database.writing() as session:
        session.add(Suspect(guild_id=newborn.guild_id, face_id=1, name=NEW.name, looks_like="Riko", at=now()))
    await newborn.mod.send(newborn.pictures, "!suspects")
    assert "No face that I learn from looks wrong" in newborn.last().content
    await newborn.mod.send(hidden, "!suspects")
    sheet = newborn.last(hidden)
    assert NEW.name in sheet.content
    refused = await newborn.ann.select(sheet, [menu(sheet).options[0].value])
    assert refused.response is not None
    assert "That is for moderators" in refused.response.content


async def test_nobody_is_asked_about_a_picture_that_was_imported(newborn: Discord) -> None:
    before = newborn.last()
    await consent.ask(newborn.bot.at(newborn.guild_id), Picture(guild_id=newborn.guild_id, source="import"))
    assert newborn.last() == before


async def test_what_is_offered_while_typing_is_of_this_server_and_of_what_they_see(newborn: Discord) -> None:
    other = newborn.env.create_guild("Another club")
    theirs = other.create_text_channel("secret-theirs")
    unseen = discord.PermissionOverwrite(view_channel=False)
    hidden = newborn.env.guild.create_text_channel("secret-hidden", overwrites={newborn.env.guild.default_role: unseen})
    endless = newborn.env.guild.create_text_channel("x" * 99)
    await newborn.env.settle()
    async with newborn.bot.database.writing() as session:
        await characters.get_or_create(session, "Riko", guild_id=newborn.guild_id)
        for guild_id, file in ((other.id, "secret file"), (newborn.guild_id, "club file")):
            await characters.get_or_create(session, f"{file} Maki", guild_id=other.id)
            session.add(Picture(guild_id=guild_id, source="import", origin=f"{file}/Riko"))
            for channel in (theirs, hidden, endless):
                at = other.id if channel is theirs else newborn.guild_id
                await channels.watch(session, channel.id, guild_id=at, added_by=1)
    options = [
        (command.qualified_name, parameter.name)
        for command in newborn.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
        for parameter in command.parameters
        if parameter.autocomplete
    ]
    assert len(options) >= 8
    for who in (newborn.mod, newborn.ann):
        for name, option in options:
            if who is newborn.ann and name.split()[0] not in ("whois", "teach", "help"):
                continue  # Discord hides it from her
            for typed in ("", "secret", "r", str(theirs.id), str(hidden.id)):
                offered = await who.autocomplete(newborn.general, name, option, typed)
                told = " ".join(f"{each['name']} {each['value']}" for each in offered)
                assert "secret" not in told, (name, typed)
                assert str(theirs.id) not in told, (name, typed)
                assert str(hidden.id) not in told, (name, typed)
                assert all(0 < len(each["name"]) <= 100 for each in offered), (name, typed)
