"""Names are found however they are typed, and only where they belong."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.database import Database, changes, characters, corrections, deleting, exchange
from bot.database.characters import Known, clean
from bot.database.errors import BadName, TooManyNames
from bot.database.meanings import Character
from ml import Sample
from ml.naming.names import fold
from tests.bot.database.conftest import GUILD

Post = Callable[..., Awaitable[list[int]]]
Say = Callable[..., Awaitable[int]]


@pytest.mark.parametrize(
    "typed",
    [
        "riko sakura",
        "RIKO  SAKURA",
        " Ｒｉｋｏ\u3000Ｓａｋｕｒａ\n",
        "Riko\u200b Sakura",
        "Riko\ufe0f Sa\u034fkura\u3164",
    ],
)
async def test_a_name_is_the_same_however_it_is_typed(database: Database, typed: str) -> None:
    async with database.writing() as session:
        first = await characters.get_or_create(session, "Riko Sakura", guild_id=1)
        again = await characters.get_or_create(session, typed, guild_id=1)
    assert again.id == first.id
    assert again.name == "Riko Sakura"


@given(st.text())
def test_folding_is_done_after_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    fold(name).encode()


@given(st.text())
def test_a_name_is_shown_on_one_line_or_refused(name: str) -> None:
    try:
        shown = clean(name)
    except BadName:
        return
    assert 0 < len(shown) <= 80
    assert shown == clean(shown)
    assert shown.splitlines() == [shown]
    assert fold(shown) == fold(name)


@pytest.mark.parametrize("name", ["", "  \n", "\u200b\u202e", "\u3164\u2800", "x" * 81])
async def test_an_invisible_or_endless_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(BadName, match="at most 80"):
        async with database.writing() as session:
            await characters.get_or_create(session, name, guild_id=1)


async def test_a_guild_knows_so_many_and_refuses_more_in_words(
    database: Database, post: Post, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(characters, "MOST_CHARACTERS", 3)
    monkeypatch.setattr(changes, "MOST_SPELLINGS", 4)
    (face,) = await post("Riko")
    await say(face, 9, "name", "Hana")
    async with database.writing() as session:
        named = await characters.get_or_create_all(session, ["Riko", "Maki", "RIKO"], guild_id=GUILD)
        assert named["RIKO"].name == "Riko"
        assert await changes.import_aliases(
            session, [(named["Riko"], ["りこ", "RIKO", "りこ"])], file="x", guild_id=GUILD, user_id=9
        )
    async with database.writing() as session:
        for more in (["Yuki"], ["Maki", "Yuki", "Mio"]):
            with pytest.raises(TooManyNames, match="no more than 3 names"):
                await characters.get_or_create_all(session, more, guild_id=GUILD)
        with pytest.raises(TooManyNames):
            await characters.get_or_create(session, "Yuki", guild_id=GUILD)
        with pytest.raises(TooManyNames, match="no more than 4 names"):
            await changes.import_aliases(session, [(named["Riko"], ["リコ"])], file="x", guild_id=GUILD, user_id=9)
        assert (await characters.get_or_create(session, "riko", guild_id=GUILD)).name == "Riko"
        await characters.get_or_create(session, "Yuki", guild_id=GUILD + 1)
    async with database.writing() as session:
        await corrections.take_back(session, face_id=face, user_id=9, moderator=False, via="button")  # Hana is nobody
    async with database.writing() as session:
        await characters.get_or_create(session, "Yuki", guild_id=GUILD)


async def test_everyones_characters_are_known_in_every_guild_but_not_the_other_way_round(database: Database) -> None:
    async with database.writing() as session:
        everyones = await characters.get_or_create(session, "Riko", guild_id=None)
        theirs = await characters.get_or_create(session, "Maki", guild_id=2)
    async with database.writing() as session:
        assert (await characters.get_or_create(session, "RIKO", guild_id=1)).id == everyones.id
        assert (await characters.get_or_create(session, "maki", guild_id=1)).id != theirs.id
        assert (await characters.get_or_create(session, "maki", guild_id=None)).id != theirs.id


async def test_a_guilds_own_character_comes_before_everyones(database: Database) -> None:
    async with database.writing() as session:
        own = await characters.get_or_create(session, "riko", guild_id=1)
        await characters.get_or_create(session, "RIKO", guild_id=None)
    async with database.reading() as session:
        found = await characters.find(session, "Riko", guild_id=1)
        assert found is not None
        assert found.id == own.id
        assert await characters.search(session, "RI", guild_id=1) == ["riko"]
        assert await characters.search(session, "RI", guild_id=2) == ["RIKO"]


async def test_searching_offers_beginnings_first_and_takes_no_character_for_a_wildcard(database: Database) -> None:
    async with database.writing() as session:
        for name in ("Mariko", "Riko", "Rikako", "100% Maki", "Makoto"):
            await characters.get_or_create(session, name, guild_id=1)
        await characters.get_or_create(session, "Rikochet", guild_id=2)
    async with database.reading() as session:
        assert await characters.search(session, "ri", guild_id=1) == ["Rikako", "Riko", "Mariko"]
        assert await characters.search(session, "%", guild_id=1) == ["100% Maki"]
        assert await characters.search(session, "", guild_id=1, limit=2) == ["100% Maki", "Makoto"]


async def test_while_a_name_is_typed_only_that_is_folded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.writing() as session:
        await characters.get_or_create_all(session, [f"Riko {n}" for n in range(30)], guild_id=1)
    folded: list[str] = []
    monkeypatch.setattr(characters, "fold", lambda name: folded.append(name) or fold(name))
    async with database.reading() as session:
        assert (await characters.search(session, "RIKO 2", guild_id=1))[:2] == ["Riko 2", "Riko 20"]
    assert folded == ["RIKO 2"]  # of thousands of names it would take longer than all else


async def test_a_name_is_there_as_long_as_anybody_says_it(database: Database, post: Post, say: Say) -> None:
    async def lists() -> tuple[list[str], list[str]]:
        async with database.reading() as session:
            shown = [each.name for each in await characters.known(session, guild_id=GUILD)]
            return shown, await characters.search(session, "rik", guild_id=GUILD)

    face, other = await post(None, None)
    await say(face, 5, "name", "Rikko")
    await say(other, 6, "name", "Rikko")
    async with database.writing() as session:
        await corrections.take_back(session, face_id=face, user_id=5, moderator=False, via="button")
    assert await lists() == (["Rikko"], ["Rikko"])
    async with database.writing() as session:
        await corrections.take_back(session, face_id=other, user_id=6, moderator=False, via="button")
        assert await characters.find(session, "rikko", guild_id=GUILD) is None
    assert await lists() == ([], [])

    await say(face, 5, "name", "RIKKO")
    assert await lists() == (["RIKKO"], ["RIKKO"]), "as it is said now"
    for kind, name in (("not", "Rikko"), ("name", "Maki"), ("not_face", None)):
        await say(face, 5, kind, name)
        assert "RIKKO" not in (await lists())[0], "they have said otherwise"
        async with database.writing() as session:
            await corrections.take_back(session, face_id=face, user_id=5, moderator=False, via="button")
        assert await lists() == (["RIKKO"], ["RIKKO"])
    await say(other, 5, "name", "Riko")
    async with database.writing() as session:
        await changes.merge(session, "Rikko", "Riko", guild_id=GUILD, user_id=9)
        await corrections.take_back(session, face_id=other, user_id=5, moderator=False, via="button")
    assert await lists() == (["Riko"], ["Riko"]), "what was merged into it is said"
    async with database.writing() as session:
        await corrections.take_back(session, face_id=face, user_id=5, moderator=False, via="button")
    assert await lists() == ([], [])


async def test_a_name_that_only_a_removed_file_gave_is_gone(database: Database) -> None:
    cut = Sample(b"png", b"vector", "e1", "0" * 64, "0" * 128, 1.0)
    async with database.writing() as session:
        await exchange.take_in(session, [], [("Maki", cut)], file="f", guild_id=GUILD, user_id=None, quorum=2)
        assert await exchange.remove(session, "f", guild_id=GUILD) == 1
        assert await characters.known(session, guild_id=GUILD) == []


async def test_a_name_that_came_without_faces_is_deleted_too(database: Database) -> None:
    async with database.writing() as session:
        await exchange.take_in(
            session, [Known(0, "Maki", ("真姫",))], [], file="f", guild_id=GUILD, user_id=9, quorum=2
        )
        who = await characters.called_today(session, "真姫", guild_id=GUILD)
        assert who is not None
        await deleting.delete_character(session, who, guild_id=GUILD, user_id=9, moderator=True, via="command")
        assert await characters.known(session, guild_id=GUILD) == []


@pytest.mark.parametrize("guild_id", [1, None])
async def test_two_characters_of_one_name_cannot_be_in_one_place(database: Database, guild_id: int | None) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        async with database.writing() as session:
            session.add_all([Character(guild_id=guild_id, name=name, folded="riko") for name in ("Riko", "RIKO")])
