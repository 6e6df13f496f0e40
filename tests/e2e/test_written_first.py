"""What somebody chose is written before they are told so, and is written also where Discord hears nothing of it."""

from collections.abc import AsyncGenerator

import pytest
from simcord.results import InteractionResult

from bot.correcting.menus import NAME
from bot.database.pictures import Face
from tests import databases
from tests.e2e.conftest import Discord
from tests.e2e.forging import answered, told, use, written
from tests.e2e.test_made_up_ids import OF_AN_ANSWER, made_up

CHOICES = {
    "ConsentButton": ("koredare:consent:{user}:yes", "koredare:consent:{user}:no"),
    "HelperButton": ("koredare:helpers:join", "koredare:helpers:leave"),
    "ChoiceMenu": ("koredare:settings:quorum",),
    "SetupButton": ("koredare:setup:watch",),
    "RightButton": ("koredare:right",),
    "NameMenu": ("koredare:names:{face}",),
    "FaceMenu": ("koredare:faces:{reply}:none",),
    "TakeBackButton": ("koredare:back:face:{face}:{user}",),
    "WhichMenu": ("koredare:teach:which",),
    "BackButton": ("koredare:teach:back:{user}",),
    "ReviewNamesMenu": ("koredare:review:names:{about}",),
    "ReviewOddMenu": ("koredare:review:odd:{about}",),
    "ReviewButton": tuple(f"koredare:review:{press}:{{about}}" for press in ("unsay", "skip")),
    "ForgetButton": ("koredare:forget:{user}:yes",),
}
"""Everything by which something is chosen, in an order in which each changes what is written."""
COMMANDS = {
    "unwatch": {},
    "watch": {},
    "settings quorum": {"quorum": "3"},
    "settings language": {"language": "en"},
    "stats join": {},
    "stats leave": {},
    "character alias": {"name": "Riko", "alias": "Rikochan"},
    "character rename": {"name": "Riko", "new": "Rikosan"},
}


@pytest.fixture
async def face(newborn: Discord) -> Face:
    """A face in an answer."""
    club = newborn
    return await answered(club, guild_id=club.guild_id, channel_id=club.general.id, poster_id=1, reply_id=11)


@pytest.fixture
async def deaf(newborn: Discord) -> AsyncGenerator[Discord]:
    """Discord hears no answer to what people press and choose."""
    for method, path in (("POST", "/interactions/*"), ("POST", "/webhooks/*"), ("PATCH", "/webhooks/*")):
        newborn.env.inject_error(method, path, status=500, times=None)
    yield newborn
    newborn.env.backend.faults.clear()


async def choose(club: Discord, face: Face, name: str, custom_id: str) -> InteractionResult:
    """The moderator uses one of these."""
    match name:
        case "FaceMenu" | "ReviewOddMenu" | "WhichMenu":
            value = str(face.id)
        case "ChoiceMenu":
            value = "3"
        case _:
            value = f"{NAME}Riko"
    return await use(club, club.mod, name, custom_id, [value], answer=face if name in OF_AN_ANSWER else None)


async def test_what_is_chosen_is_written_though_discord_hears_nothing(deaf: Discord, face: Face) -> None:
    for name, custom_id in made_up(CHOICES, face=face.id, reply=11, user=deaf.mod.id):
        before = await written(deaf)
        assert not (await choose(deaf, face, name, custom_id)).acknowledged
        assert await written(deaf) != before, custom_id


async def test_what_is_commanded_is_written_and_said_though_discord_did_not_hear_that_it_takes_a_while(
    newborn: Discord, face: Face
) -> None:
    await choose(newborn, face, "NameMenu", f"koredare:names:{face.id}")
    for name, options in COMMANDS.items():
        before = await written(newborn)
        newborn.env.inject_error("POST", "/interactions/*", status=500)
        answer = await newborn.mod.slash(newborn.pictures, name, **options)
        assert answer.response is not None, name
        assert answer.response.content, name
        assert await written(newborn) != before, name


async def test_nobody_is_told_what_could_not_be_written(newborn: Discord, face: Face) -> None:
    ids = list(made_up(CHOICES, face=face.id, reply=11, user=newborn.mod.id))
    for name, custom_id in ids:
        if name in {
            "HelperButton",
            "NameMenu",
            "WhichMenu",
            "ReviewNamesMenu",
        }:  # so that there is something to take back
            await choose(newborn, face, name, custom_id.replace("leave", "join"))
    databases.refuse_changes(newborn.home, (await written(newborn)).keys() - {"faces"})
    before = await written(newborn)
    for name, custom_id in ids:
        if custom_id.endswith(":join"):
            continue  # they have, above: there is nothing to write
        used = await choose(newborn, face, name, custom_id)
        assert "did not foresee" in told(used), custom_id
        assert newborn.last(newborn.general).content == "press here", custom_id
    assert await written(newborn) == before
