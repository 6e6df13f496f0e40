"""What is for moderators is refused to everybody else, by prefix, slash and button; a role can make a moderator.

Commands, menus and buttons are found by walking the bot: a new one is refused, or stands in a list here.
"""

from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor

from bot.words import words_in
from ml.painting import CAST
from tests.conftest import png
from tests.e2e.conftest import Discord
from tests.e2e.forging import items, told, use

REFUSAL = words_in("en")("error-moderators")
EVERYBODYS = {
    "forgetme",
    "help",
    "privacy",
    "stats",
    "stats join",
    "stats leave",
    "teach",
    "whois",
    "characters",
    "character",
}
"""Commands that members may use, a group with its fallback under the group's name."""
EVERYBODYS_ITEMS = {
    "BackButton",
    "ConsentButton",
    "CorrectButton",
    "FaceMenu",
    "ForgetButton",
    "HelperButton",
    "NameMenu",
    "PageButton",
    "RightButton",
    "TakeBackButton",
    "WhichMenu",
}
"""Buttons and menus that members may use: of their own data, and to say who somebody is, in their own name."""
MODERATORS_ITEMS = {
    "AskAgainButton": "koredare:askagain",
    "DeleteButton": "koredare:delete:1:yes",
    "SetupButton": "koredare:setup:watch",
    "SuspectMenu": "koredare:suspects",
    "ChoiceMenu": "koredare:settings:quorum",
    "RolesMenu": "koredare:settings:roles",
    "ReviewNamesMenu": "koredare:review:names:t6bvi0:1",
    "ReviewFaceMenu": "koredare:review:face:t6bvi0:1",
    "ReviewOddMenu": "koredare:review:odd:t6bvi0:1",
    "ReviewButton": "koredare:review:skip:t6bvi0:1",
}
"""The others, with an id that they could have."""


def moderators_commands(club: Discord) -> list[str]:
    """The text commands that are not everybody's."""
    return sorted(
        command.qualified_name
        for command in club.bot.walk_commands()
        if command.qualified_name not in EVERYBODYS and not command.hidden
    )


def moderators_slashes(club: Discord) -> list[app_commands.Command[Any, ..., Any]]:
    """The slash commands that are not everybody's."""
    everybodys = EVERYBODYS | {f"{name} show" for name in EVERYBODYS} | {f"{name} list" for name in EVERYBODYS}
    return [
        command
        for command in club.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command) and command.qualified_name not in everybodys
    ]


def filled(command: app_commands.Command[Any, ..., Any], club: Discord) -> dict[str, Any]:
    """Something for each option that must be given."""
    options: dict[str, Any] = {}
    for option in command.parameters:
        if not option.required:
            continue
        if option.choices:
            options[option.display_name] = option.choices[0].value
            continue
        match option.type:
            case discord.AppCommandOptionType.user:
                options[option.display_name] = club.ben
            case discord.AppCommandOptionType.attachment:
                options[option.display_name] = ("picture.png", png(CAST[0], seed=1))
            case discord.AppCommandOptionType.integer:
                options[option.display_name] = option.min_value or 1
            case _:
                options[option.display_name] = "something"
    return options


def show_slash_commands(club: Discord, who: MemberActor) -> None:
    """Have Discord show somebody the moderators' slash commands, as a server's settings can."""
    for described in club.env.backend.commands[None].values():
        club.env.guild.set_command_permissions(int(described["id"]), {who: True})


@pytest.fixture
async def helper(newborn: Discord) -> MemberActor:
    """Somebody with a role that the moderators chose."""
    role = newborn.env.guild.create_role("Helpers")
    await newborn.mod.send(newborn.general, f"!settings roles <@&{role.id}>")
    assert "Helpers" in newborn.last(newborn.general).content or str(role.id) in newborn.last(newborn.general).content
    return newborn.env.guild.add_member(newborn.env.create_user("helper"), roles=[role])


async def test_text_commands_of_moderators_are_refused_to_members(newborn: Discord) -> None:
    names = moderators_commands(newborn)
    assert {"retrain", "settings quorum", "watch", "undo"} <= set(names)
    for name in names:
        await newborn.ann.send(newborn.general, f"!{name}")
        assert newborn.last(newborn.general).content == REFUSAL, name


async def test_slash_commands_of_moderators_are_refused_to_members(newborn: Discord) -> None:
    show_slash_commands(newborn, newborn.ann)
    for command in moderators_slashes(newborn):
        answer = await newborn.ann.slash(newborn.general, command.qualified_name, **filled(command, newborn))
        assert answer.response is not None, command.qualified_name
        assert answer.response.content == REFUSAL, command.qualified_name
        assert answer.ephemeral, command.qualified_name


async def test_slash_commands_of_moderators_are_hidden_from_members(newborn: Discord) -> None:
    roots = {(command.root_parent or command) for command in moderators_slashes(newborn)}
    for command in roots:
        shown = {"stats", "characters", "character"}  # groups of which members may use a part
        assert command.name in shown or command.default_permissions == discord.Permissions(manage_guild=True)


async def test_a_chosen_role_makes_a_moderator_by_text_command(newborn: Discord, helper: MemberActor) -> None:
    for name in moderators_commands(newborn):
        await helper.send(newborn.general, f"!{name}")
        assert newborn.last(newborn.general).content != REFUSAL, name


async def test_a_chosen_role_makes_a_moderator_by_slash(newborn: Discord, helper: MemberActor) -> None:
    show_slash_commands(newborn, helper)
    for command in moderators_slashes(newborn):
        answer = await helper.slash(newborn.general, command.qualified_name, **filled(command, newborn))
        assert answer.acknowledged, command.qualified_name
        said = [each.content for each in (answer.response, *answer.followups) if each is not None]
        assert REFUSAL not in said, command.qualified_name


async def press(club: Discord, who: MemberActor, name: str) -> str:
    """Somebody uses such a button or menu of moderators; gives what they alone are told."""
    return told(await use(club, who, name, MODERATORS_ITEMS[name], ["1"]))


async def test_buttons_and_menus_of_moderators_are_refused_to_members(newborn: Discord) -> None:
    assert set(items(newborn)) == EVERYBODYS_ITEMS | set(MODERATORS_ITEMS)
    for name in MODERATORS_ITEMS:
        assert await press(newborn, newborn.ann, name) == REFUSAL, name


async def test_buttons_and_menus_work_for_who_has_a_chosen_role(newborn: Discord, helper: MemberActor) -> None:
    for name in sorted(MODERATORS_ITEMS, key=lambda each: each == "RolesMenu"):  # last: it takes the role away
        assert await press(newborn, helper, name) != REFUSAL, name


async def test_the_word_of_who_has_a_chosen_role_settles_a_face(club: Discord) -> None:
    role = club.env.guild.create_role("Helpers")
    await club.mod.send(club.general, f"!settings roles <@&{role.id}>")
    somebody = club.env.guild.add_member(club.env.create_user("helper"), roles=[role])
    answer = await club.post(club.ann, png(CAST[0], seed=30))
    await somebody.react(answer, "✅")
    assert "a moderator says so" in club.again(answer).content
