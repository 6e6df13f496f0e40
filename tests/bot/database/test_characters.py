"""Names are found however they are typed, and only where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.database import Database, characters
from bot.database.characters import Character, clean, fold
from bot.database.errors import BadName


@pytest.mark.parametrize("typed", ["riko sakura", "RIKO  SAKURA", " Ｒｉｋｏ\u3000Ｓａｋｕｒａ\n", "Riko\u200b Sakura"])
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


@pytest.mark.parametrize("name", ["", "  \n", "\u200b\u202e", "x" * 81])
async def test_an_invisible_or_endless_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(BadName, match="at most 80"):
        async with database.writing() as session:
            await characters.get_or_create(session, name, guild_id=1)


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


@pytest.mark.parametrize("guild_id", [1, None])
async def test_two_characters_of_one_name_cannot_be_in_one_place(database: Database, guild_id: int | None) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with database.writing() as session:
            session.add_all([Character(guild_id=guild_id, name=name, folded="riko") for name in ("Riko", "RIKO")])
