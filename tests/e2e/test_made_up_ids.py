"""Ids that somebody made up reach nothing: not another server's, nor what is hidden, nor another person's.

Buttons, menus and forms are found by walking the bot: a new one has to stand in a table here.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from sqlalchemy import update

from bot.chat.items import Form
from bot.correcting.menus import NAME, OTHER
from bot.database import characters
from bot.database.pictures import Face, Picture
from bot.reviewing.ids import About
from bot.words import words_in
from tests.e2e.conftest import Discord
from tests.e2e.forging import answered, items, told, use, written

EN = words_in("en")
FORGOTTEN, UNSEEN, SERVERS = EN("answer-forgotten"), EN("error-out-of-sight"), EN("error-servers-only")
NOT_YOURS = {EN("consent-not-yours"), EN("forget-not-yours"), EN("correction-not-yours")}
REFUSALS = {FORGOTTEN, UNSEEN, SERVERS, EN("error-moderators"), *NOT_YOURS}

OF_AN_ANSWER = {
    "RightButton": ("koredare:right",),
    "CorrectButton": ("koredare:correct",),
    "WhichMenu": ("koredare:teach:which",),
    "BackButton": ("koredare:teach:back:{user}",),
}
"""They speak of the message that they stand below."""
OF_A_FACE = {
    "FaceMenu": ("koredare:faces:{reply}", "koredare:faces:{reply}:none"),
    "NameMenu": ("koredare:names:{face}", "koredare:names:{face}:meant"),
    "TakeBackButton": ("koredare:back:face:{face}:{user}", "koredare:back:answer:{reply}:{user}"),
}
BY_MODERATORS = {
    "SuspectMenu": ("koredare:suspects",),
    "ReviewNamesMenu": ("koredare:review:names:{about}",),
    "ReviewFaceMenu": ("koredare:review:face:{about}",),
    "ReviewOddMenu": ("koredare:review:odd:{about}",),
    "ReviewButton": tuple(f"koredare:review:{press}:{{about}}" for press in ("apart", "skip", "unsay", "back")),
}
"""These speak of a face too."""
OF_A_PERSON = {
    "ConsentButton": ("koredare:consent:{user}:yes", "koredare:consent:{user}:no"),
    "ForgetButton": ("koredare:forget:{user}:yes", "koredare:forget:{user}:no"),
    "TakeBackButton": OF_A_FACE["TakeBackButton"],
    "BackButton": OF_AN_ANSWER["BackButton"],
}
OF_A_CHARACTER = {"DeleteButton": ("koredare:delete:{character}:yes", "koredare:delete:{character}:no")}
OF_THE_PLACE = {"ChoiceMenu", "RolesMenu", "SetupButton", "HelperButton", "PageButton", "AskAgainButton"}
"""Their ids name nothing: what they act on is of where they are."""
FORMS = {"NameForm": "NameMenu", "ReviewForm": "ReviewNamesMenu"}
"""Each with the menu that opens it."""
FORMS_OF_A_MESSAGE = {"TeachForm"}
"""Opened on somebody's message, by *Apps*; they act on what it shows to who sent them, where they did."""
TOO_LARGE = (2**63, 2**64, 10**30, 10**300)
"""For SQLite; the last is longer than any id that Discord takes."""
NO_FACES = ("x", "-1", "0", "²", "1 OR 1=1", str(2**63), "9" * 90)


@dataclass
class Faces:
    """Faces in answers of the bot: `near` is everybody's to correct, the others are out of reach of who tries."""

    near: Face
    strange: Face
    everyones: Face
    hidden: Face


@pytest.fixture
async def faces(newborn: Discord) -> Faces:
    guild = newborn.env.guild
    other = newborn.env.create_guild("Another club")
    theirs = other.create_text_channel("pictures")
    unseen = discord.PermissionOverwrite(view_channel=False)
    hidden = guild.create_text_channel("hidden", overwrites={guild.default_role: unseen})
    await newborn.env.settle()
    here = newborn.guild_id
    return Faces(
        await answered(newborn, guild_id=here, channel_id=newborn.pictures.id, poster_id=1, reply_id=11),
        await answered(newborn, guild_id=other.id, channel_id=theirs.id, poster_id=1, reply_id=12),
        await answered(newborn, guild_id=None, channel_id=None, poster_id=None, reply_id=13),
        await answered(newborn, guild_id=here, channel_id=hidden.id, poster_id=1, reply_id=14),
    )


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A refusal is no fault: nothing of it is in the log."""
    yield
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def made_up(table: dict[str, tuple[str, ...]], *, face: int, reply: int, user: int) -> Iterator[tuple[str, str]]:
    """Each name of a class with each of its ids."""
    about = About(discord.utils.utcnow(), [face])
    for name, ids in table.items():
        for each in ids:
            yield name, each.format(face=face, reply=reply, user=user, about=about)


async def try_all(
    club: Discord,
    who: MemberActor | UserHandle,
    table: dict[str, tuple[str, ...]],
    face: Face,
    *,
    where: discord.abc.Messageable | None = None,
) -> dict[str, str]:
    """Somebody uses each with a face in its id, and as its option; gives what they are told, by id."""
    answer, said = face if table is OF_AN_ANSWER else None, dict[str, str]()
    for name, custom_id in made_up(table, face=face.id, reply=face.picture.reply_id or 0, user=who.id):
        values = [f"{NAME}Riko" if "names" in custom_id else str(face.id)]
        used = await use(club, who, name, custom_id, values, where=where, answer=answer)
        said[custom_id] = told(used)
    return said


def test_every_button_menu_and_form_stands_in_a_table_here(newborn: Discord) -> None:
    stand = {*OF_AN_ANSWER, *OF_A_FACE, *BY_MODERATORS, *OF_A_PERSON, *OF_A_CHARACTER, *OF_THE_PLACE}
    assert set(items(newborn)) == stand
    assert {form.__name__ for form in all_forms(Form)} == {*FORMS, *FORMS_OF_A_MESSAGE}


def all_forms(form: type[Form]) -> Iterator[type[Form]]:
    for each in form.__subclasses__():
        yield each
        yield from all_forms(each)


async def test_what_is_in_reach_is_not_refused(newborn: Discord, faces: Faces) -> None:
    for table in (OF_A_FACE, BY_MODERATORS, OF_AN_ANSWER):
        before = await written(newborn)
        said = await try_all(newborn, newborn.mod, table, faces.near)
        assert not REFUSALS & set(said.values())
        assert await written(newborn) != before


async def test_the_faces_of_another_server_and_everyones_are_out_of_reach(newborn: Discord, faces: Faces) -> None:
    before = await written(newborn)
    for face in (faces.strange, faces.everyones):
        for table in (OF_AN_ANSWER, OF_A_FACE, BY_MODERATORS):
            said = await try_all(newborn, newborn.mod, table, face)
            assert set(said.values()) == {FORGOTTEN}, said
    assert await written(newborn) == before


async def test_a_face_in_a_channel_that_they_cannot_see_is_out_of_reach(newborn: Discord, faces: Faces) -> None:
    before = await written(newborn)
    for table in (OF_A_FACE, BY_MODERATORS):
        said = await try_all(newborn, newborn.mod, table, faces.hidden)
        assert set(said.values()) == {UNSEEN}, said
    assert await written(newborn) == before


async def test_alone_with_the_bot_no_servers_faces_are_in_reach(newborn: Discord, faces: Faces) -> None:
    await newborn.ann.send_dm("hello")
    dm = await (await newborn.bot.fetch_user(newborn.ann.id)).create_dm()
    before = await written(newborn)
    for face in (faces.near, faces.everyones):
        for table in (OF_AN_ANSWER, OF_A_FACE, BY_MODERATORS):
            said = await try_all(newborn, newborn.ann.user, table, face, where=dm)
            assert set(said.values()) == {SERVERS if table is BY_MODERATORS else FORGOTTEN}, said
    assert await written(newborn) == before


async def test_alone_with_the_bot_there_are_no_settings_and_no_helpers(newborn: Discord) -> None:
    await newborn.ann.send_dm("hello")
    dm = await (await newborn.bot.fetch_user(newborn.ann.id)).create_dm()
    before = await written(newborn)
    for name, custom_id in {
        "ChoiceMenu": "koredare:settings:quorum",
        "RolesMenu": "koredare:settings:roles",
        "SetupButton": "koredare:setup:watch",
        "HelperButton": "koredare:helpers:join",
        "AskAgainButton": "koredare:askagain",
    }.items():
        used = await use(newborn, newborn.ann.user, name, custom_id, ["1"], where=dm)
        assert told(used) == SERVERS, name
    assert await written(newborn) == before


async def test_what_is_another_persons_is_not_theirs(newborn: Discord, faces: Faces) -> None:
    before = await written(newborn)
    for name, custom_id in made_up(OF_A_PERSON, face=faces.near.id, reply=11, user=newborn.ben.id):
        used = await use(newborn, newborn.ann, name, custom_id)
        assert told(used) in NOT_YOURS, custom_id
    assert await written(newborn) == before


async def test_numbers_that_no_database_holds_are_refused_in_words(newborn: Discord) -> None:
    before = await written(newborn)
    everything = [
        (number, *each)
        for number in TOO_LARGE
        for each in made_up(OF_A_FACE | BY_MODERATORS | OF_A_PERSON, face=number, reply=number, user=number)
    ]
    for number, name, custom_id in everything:
        used = await use(newborn, newborn.mod, name, custom_id, [str(number)[:100]])
        assert told(used) in REFUSALS, custom_id
    assert await written(newborn) == before


async def test_a_character_is_deleted_by_moderators_of_its_own_server_only(newborn: Discord) -> None:
    async with newborn.bot.database.writing() as session:
        own = (await characters.get_or_create(session, "Riko", guild_id=newborn.guild_id)).id
        strange = (await characters.get_or_create(session, "Maki", guild_id=newborn.guild_id + 1)).id
    await newborn.ann.send_dm("hello")
    dm = await (await newborn.bot.fetch_user(newborn.ann.id)).create_dm()
    before = await written(newborn)
    for custom_id in OF_A_CHARACTER["DeleteButton"]:
        for character in (strange, 99, *TOO_LARGE):
            used = await use(newborn, newborn.mod, "DeleteButton", custom_id.format(character=character))
            assert told(used) == (FORGOTTEN if character in TOO_LARGE else EN("delete-gone")), character
        theirs = custom_id.format(character=own)
        assert told(await use(newborn, newborn.ann, "DeleteButton", theirs)) == EN("error-moderators")
        assert told(await use(newborn, newborn.ann.user, "DeleteButton", theirs, where=dm)) == SERVERS
    assert await written(newborn) == before


async def test_a_page_that_there_is_not_is_the_last(newborn: Discord) -> None:
    for page in TOO_LARGE:
        custom_id = f"koredare:characters:{page}"
        used = await use(newborn, newborn.ann, "PageButton", custom_id)
        assert used.acknowledged


async def test_options_that_are_no_faces_are_refused_in_words(newborn: Discord, faces: Faces) -> None:
    before = await written(newborn)
    menus = {"FaceMenu": OF_A_FACE["FaceMenu"]} | {
        name: BY_MODERATORS[name] for name in ("SuspectMenu", "ReviewFaceMenu", "ReviewOddMenu")
    }
    for value in (*NO_FACES, str(faces.strange.id)):
        for name, custom_id in made_up(menus, face=faces.near.id, reply=11, user=newborn.mod.id):
            used = await use(newborn, newborn.mod, name, custom_id, [value])
            assert told(used) == FORGOTTEN, (custom_id, value)
    assert await written(newborn) == before


async def test_ids_that_say_nothing_are_not_ours(newborn: Discord, faces: Faces) -> None:
    before = await written(newborn)
    everything = OF_AN_ANSWER | OF_A_FACE | BY_MODERATORS | OF_A_PERSON
    for name, custom_id in made_up(everything, face=faces.near.id, reply=11, user=newborn.mod.id):
        for broken in (custom_id + ":;--", custom_id.replace("koredare:", "koredare::"), custom_id + "\n"):
            used = await use(newborn, newborn.mod, name, broken, ["1"])
            assert not used.acknowledged, broken
    assert await written(newborn) == before


async def test_reactions_and_replies_reach_no_other_servers_answer(newborn: Discord, faces: Faces) -> None:
    for face in (faces.strange, faces.everyones):
        await use(newborn, newborn.mod, "CorrectButton", "koredare:correct", answer=face)
        answer = newborn.last(newborn.general)
        before = await written(newborn)
        for emoji in ("✅", "❌", "🚫", "1️⃣"):
            await newborn.mod.react(answer, emoji)
            assert newborn.last(newborn.general).content == FORGOTTEN, emoji
        await newborn.mod.unreact(answer, "✅")
        assert newborn.last(newborn.general).content == FORGOTTEN
        for text in ("1 is Maki", "undo", "no face"):
            await newborn.mod.send(newborn.general, text, reply_to=answer)
            assert newborn.last(newborn.general).content == FORGOTTEN, text
        assert await written(newborn) == before


@pytest.mark.parametrize("form", FORMS)
async def test_a_form_is_checked_when_it_is_sent(newborn: Discord, faces: Faces, form: str) -> None:
    menu = FORMS[form]
    ids = {menu: (OF_A_FACE | BY_MODERATORS)[menu]}
    _, custom_id = next(made_up(ids, face=faces.near.id, reply=11, user=newborn.mod.id))
    opened = await use(newborn, newborn.mod, menu, custom_id, [OTHER])
    async with newborn.bot.database.writing() as session:
        elsewhere = {"channel_id": faces.hidden.picture.channel_id}
        await session.execute(update(Picture).where(Picture.id == faces.near.picture_id).values(elsewhere))
    before = await written(newborn)
    sent: Any = await newborn.mod.submit_modal(opened, {"name": "Maki"})
    assert told(sent) == UNSEEN
    assert await written(newborn) == before


async def test_forms_that_nobody_sends_are_forgotten(newborn: Discord, faces: Faces) -> None:
    open_forms: dict[str, Any] = newborn.bot._connection._view_store._modals
    for _ in range(3):
        await use(newborn, newborn.ann, "NameMenu", f"koredare:names:{faces.near.id}", [OTHER])
    assert len(open_forms) == 3
    await newborn.env.advance_time(15 * 60)
    assert open_forms == {}
