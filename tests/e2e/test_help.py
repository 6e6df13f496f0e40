"""Somebody who never read a manual asks for help."""

from tests.e2e.conftest import Discord


async def test_members_are_told_what_the_bot_does_and_how_to_correct_it(club: Discord) -> None:
    await club.ann.send(club.pictures, "!help")
    said = club.last().content
    assert said.startswith("I name the anime faces in pictures.")
    assert "2 is Riko" in said
    assert "`!whois` Name the faces" in said
    assert "`!forgetme`" in said
    assert "retrain" not in said
    assert "For moderators" not in said


async def test_moderators_are_told_their_commands_too_and_all_fits_in_one_message(club: Discord) -> None:
    await club.mod.send(club.pictures, "!help")
    everyone, moderators = club.last().content.split("**For moderators**")
    assert "`!privacy`" in everyone
    assert "`!retrain`" not in everyone
    assert "`!retrain` Learn everything" in moderators
    told = await club.mod.slash(club.pictures, "help")
    assert told.ephemeral
    assert told.response is not None
    assert told.response.content == club.last().content


async def test_one_command_is_explained_with_its_options(club: Discord) -> None:
    await club.ann.send(club.pictures, "!help whois")
    said = club.last().content
    assert said.startswith("`!whois [picture] [name]`\n")
    assert "Another one" not in said
    assert "The picture to look at" in said
    await club.mod.send(club.pictures, "!help /model")
    assert "Only moderators may use it" in club.last().content
    assert "`!model history` How well each version did" in club.last().content
    await club.mod.send(club.pictures, "!help retrain")
    assert club.last().content.startswith("`!retrain [override]`")
    typed = await club.ann.autocomplete(club.pictures, "help", "command", "fo")
    assert "forgetme" in [choice["value"] for choice in typed]


async def test_a_command_that_is_not_there_is_said_to_be_so(club: Discord) -> None:
    await club.ann.send(club.pictures, "!help dance")
    assert "I have no command **dance**" in club.last().content


async def test_a_command_with_a_slip_is_answered_with_the_right_one_and_other_bots_commands_with_nothing(
    club: Discord,
) -> None:
    await club.ann.send(club.pictures, "!charcters")
    assert club.last().content == "Did you mean `!characters`?"
    for foreign in ("!play", "!rank", "!userinfo", "!kick @ben"):
        said = await club.ann.send(club.pictures, foreign)
        assert club.last().id == said.id
