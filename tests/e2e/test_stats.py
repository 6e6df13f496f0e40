"""How well the bot does in a server, told to everyone in it; who helped is named only if they want to be."""

from sqlalchemy import func, select

from bot.database.helpers import NamedHelper
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, NEW = KNOWN[0], CAST[6]


async def stats(club: Discord) -> str:
    await club.ann.send(club.general, "!stats")
    return club.last(club.general).content


async def test_what_was_done_is_counted(club: Discord) -> None:
    for seed in (30, 31):
        answer = await club.post(club.ann, png(AKEHA, seed=seed))
        await club.mod.react(answer, "✅")
    await club.mod.unreact(answer, "✅")
    said = await stats(club)
    assert "I answered 2 pictures; 1 correction counts" in said
    assert "4 characters from 40 faces" in said


async def test_a_picture_shows_how_accuracy_moved_and_says_so_in_words_too(club: Discord) -> None:
    await stats(club)
    (chart,) = club.last(club.general).attachments
    assert chart.filename == "history.png"
    assert "v1" in (chart.description or "")
    assert (await chart.read()).startswith(b"\x89PNG")


async def test_a_bot_that_has_learned_nothing_says_what_to_do(newborn: Discord) -> None:
    assert "I have not been retrained yet" in await stats(newborn)
    assert newborn.last(newborn.general).attachments == []


async def test_helpers_are_named_only_if_they_want_to_be(club: Discord) -> None:
    answer = await club.post(club.ann, png(AKEHA, seed=32))
    await club.ann.react(answer, "✅")
    await club.ben.react(answer, "✅")
    assert "nobody has asked to be named" in await stats(club)
    await club.ben.click(club.last(club.general), custom_id="koredare:helpers:join")
    said = await stats(club)
    assert f"<@{club.ben.id}> (1 face rightly named)" in said
    assert str(club.ann.id) not in said
    await club.ben.send(club.general, "!stats leave")
    assert "nobody has asked to be named" in await stats(club)


async def test_only_what_holds_counts_for_a_helper(club: Discord) -> None:
    await club.ann.send(club.general, "!stats join")
    answer = await club.post(club.ben, png(AKEHA, seed=33))
    await club.ann.send(club.pictures, f"it's {NEW.name}", reply_to=answer)
    await club.mod.react(answer, "✅")
    assert "nobody has asked to be named" in await stats(club)
    await club.ann.send(club.pictures, AKEHA.name, reply_to=answer)
    assert f"<@{club.ann.id}> (1 face rightly named)" in await stats(club)


async def test_the_slash_twins_do_the_same(club: Discord) -> None:
    joined = await club.ann.slash(club.general, "stats join")
    assert joined.ephemeral
    answer = await club.ann.slash(club.general, "stats show")
    assert answer.response is not None
    assert "I answered 0 pictures" in answer.response.content


async def test_who_is_forgotten_is_named_no_longer(club: Discord) -> None:
    await club.ann.send(club.general, "!stats join")
    await club.ann.send(club.general, "!forgetme")
    await club.ann.click(club.last(club.general), label="Delete it all")
    async with club.bot.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(NamedHelper)) == 0
