"""Characters are renamed, merged and given aliases without loss: what people said stays, and undo brings all back."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, changes, characters, erasing, examples, pictures, verdicts
from bot.database.characters import Known
from bot.database.errors import NameTaken, NoAlias, NoSuchCharacter, NothingToUndo, SameCharacter
from ml import Box, NamedFace, Sample
from ml.naming.classifier import Candidate
from ml.naming.names import fold
from tests.bot.database.conftest import GUILD

BY = {"guild_id": GUILD, "user_id": 9}
Post = Callable[..., Awaitable[list[int]]]
Say = Callable[..., Awaitable[int]]


@pytest.fixture
async def cast(database: Database) -> Database:
    """A database in which a guild knows Riko and Maki, and everyone knows Akeha."""
    async with database.writing() as session:
        for name, guild_id in (("Riko", GUILD), ("Maki", GUILD), ("Akeha", None)):
            await characters.get_or_create(session, name, guild_id=guild_id)
    return database


async def known(database: Database, guild_id: int = GUILD) -> dict[str, tuple[str, ...]]:
    async with database.reading() as session:
        return {each.name: each.aliases for each in await characters.known(session, guild_id=guild_id)}


async def standing(database: Database, face_id: int) -> verdicts.Standing:
    async with database.reading() as session:
        return (await verdicts.standings(session, [face_id], quorum=2))[face_id]


async def meant(database: Database, name: str, guild_id: int = GUILD) -> str | None:
    async with database.reading() as session:
        found = await characters.find(session, name, guild_id=guild_id)
        today = await characters.names(session, guild_id=guild_id)
        return found and today(found.name)


async def test_a_renamed_character_is_found_by_both_names_and_shown_by_the_new(
    cast: Database, post: Post, say: Say
) -> None:
    (face,) = await post(None)
    await say(face, 5, "name", "Riko", moderator=True)
    async with cast.writing() as session:
        await changes.rename(session, "riko", "Riko Sakurauchi", **BY)
    assert await known(cast) == {"Akeha": (), "Maki": (), "Riko Sakurauchi": ("Riko",)}
    assert (await meant(cast, "RIKO"), await meant(cast, "riko sakurauchi")) == ("Riko Sakurauchi",) * 2
    verdict = (await standing(cast, face)).verdict
    assert verdict is not None
    assert verdict.name == "Riko Sakurauchi"


async def test_a_renaming_in_one_guild_is_nobody_elses_business(cast: Database) -> None:
    async with cast.writing() as session:
        await changes.rename(session, "Akeha", "Aki", **BY)
        await changes.merge(session, "Maki", "Aki", **BY)
    assert await known(cast) == {"Aki": ("Akeha", "Maki"), "Riko": ()}
    assert await known(cast, guild_id=2) == {"Akeha": ()}
    assert await meant(cast, "Maki", guild_id=2) is None


async def test_merged_characters_are_one_in_every_vote_and_example(cast: Database, post: Post, say: Say) -> None:
    disputed, settled = await post(None, None, source="import")
    await say(disputed, 5, "name", "Riko")
    await say(disputed, 6, "name", "Maki")
    await say(settled, 7, "name", "Riko", moderator=True)
    async with cast.writing() as session:
        sample = Sample(b"png", b"vector", "e1", picture_hash="0" * 64, perceptual_hash="0" * 128, quality=1.0)
        await examples.save(session, settled, sample, quorum=2)
    assert (await standing(cast, disputed)).verdict is None
    async with cast.writing() as session:
        await changes.merge(session, "Riko", "Maki", **BY)
    (vote,) = (await standing(cast, disputed)).votes
    assert (vote.name, vote.people) == ("Maki", 2)
    async with cast.reading() as session:
        assert [each.name for each in await examples.examples(session, guild_id=GUILD, quorum=2)] == ["Maki"]
    async with cast.writing() as session:
        await changes.undo(session, **BY)
    assert {vote.name for vote in (await standing(cast, disputed)).votes} == {"Riko", "Maki"}


async def test_not_x_holds_after_x_is_renamed_or_merged(cast: Database, post: Post, say: Say) -> None:
    (face,) = await post("Riko")
    await say(face, 5, "not", "Riko")
    async with cast.writing() as session:
        await changes.rename(session, "Riko", "Rikochan", **BY)
        await changes.merge(session, "Rikochan", "Maki", **BY)
        assert (await verdicts.standings(session, [face], quorum=1))[face].refused == {"Maki"}


async def test_what_a_version_on_disk_calls_a_character_is_shown_under_todays_name(cast: Database) -> None:
    async with cast.writing() as session:
        await changes.merge(session, "Riko", "Maki", **BY)
        await changes.rename(session, "Maki", "Maki Nishikino", **BY)
        found = NamedFace(
            box=Box(0, 0, 9, 9),
            angle=0.0,
            score=1.0,
            name="Akeha",
            confidence=0.4,
            candidates=(Candidate("Akeha", 0.4), Candidate("Riko", 0.3), Candidate("Maki", 0.25)),
            quality=1.0,
        )
        row = pictures.Picture(guild_id=GUILD, source="discord", poster_id=1)
        (face,) = await pictures.record(session, row, [found])
        assert [each.name for each in face.candidates] == ["Maki Nishikino", "Akeha"]
    async with cast.reading() as session:
        (again,) = await pictures.shown_with(session, [face.id])
        assert again.candidates == face.candidates
        stored = await session.scalar(text("SELECT candidates FROM faces"))
        assert "Riko" in str(stored)  # what was said stays


async def test_an_alias_is_a_name_until_it_is_taken_away(cast: Database) -> None:
    async with cast.writing() as session:
        await changes.add_alias(session, "Riko", "梨子", **BY)
        again = await characters.get_or_create(session, "梨子", guild_id=GUILD)
        assert again.name == "Riko"
        with pytest.raises(NameTaken, match="means Riko already"):
            await changes.add_alias(session, "Maki", "梨子", **BY)
        await changes.remove_alias(session, "Riko", "梨子", **BY)
        await changes.add_alias(session, "Maki", "梨子", **BY)
    assert await known(cast) == {"Akeha": (), "Maki": ("梨子",), "Riko": ()}


async def test_what_cannot_be_done_is_refused_in_words(cast: Database) -> None:
    async with cast.writing() as session:
        with pytest.raises(NoSuchCharacter, match="nobody called Eli"):
            await changes.rename(session, "Eli", "Ellie", **BY)
        with pytest.raises(NameTaken, match="Maki means Maki already"):
            await changes.rename(session, "Riko", "Maki", **BY)
        with pytest.raises(SameCharacter):
            await changes.merge(session, "Riko", "RIKO", **BY)
        with pytest.raises(NoAlias):
            await changes.remove_alias(session, "Riko", "Maki", **BY)
        await changes.rename(session, "Riko", "Rikochan", **BY)
        for stays in ("Riko", "Rikochan"):  # the first name, which corrections and versions know, and today's
            with pytest.raises(NoAlias):
                await changes.remove_alias(session, "Rikochan", stays, **BY)


async def test_changes_are_undone_one_after_the_other(cast: Database) -> None:
    async with cast.writing() as session:
        await changes.rename(session, "Riko", "Rikochan", **BY)
        await changes.merge(session, "Rikochan", "Maki", **BY)
        assert (await changes.undo(session, **BY)).kind == "merge"
        assert (await changes.undo(session, **BY)).kind == "rename"
        with pytest.raises(NothingToUndo):
            await changes.undo(session, **BY)
    assert await known(cast) == {"Akeha": (), "Maki": (), "Riko": ()}


async def test_a_moderator_who_is_forgotten_leaves_what_they_did_without_their_name(
    cast: Database, post: Post, say: Say
) -> None:
    (face,) = await post(None)
    await say(face, 9, "name", "Riko")
    async with cast.writing() as session:
        await changes.add_alias(session, "Riko", "梨子", **BY)
        await erasing.forget(session, 9)
        assert await session.scalar(text("SELECT count(*) FROM character_changes WHERE user_id IS NOT NULL")) == 0
    assert (await known(cast))["Riko"] == ("梨子",)


NAMES = st.sampled_from(["Riko", "riko ", "Maki", "Akeha", "Aki", "梨子", "Ｒｉｎ"])
ACTS = st.lists(
    st.tuples(st.sampled_from(["rename", "merge", "add_alias", "remove_alias", "undo"]), NAMES, NAMES), max_size=8
)
REFUSED = (NameTaken, NoAlias, NoSuchCharacter, NothingToUndo, SameCharacter)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_undoing_everything_brings_back_what_was_and_a_name_always_means_one(
    cast: Database, acts: list[tuple[str, str, str]]
) -> None:
    before = await known(cast)
    async with cast.writing() as session:
        history: list[list[Known]] = []
        for act, name, other in acts:
            was = await characters.known(session, guild_id=GUILD)
            try:
                if act == "undo":
                    await changes.undo(session, **BY)
                    assert await characters.known(session, guild_id=GUILD) == history.pop()
                    continue
                await getattr(changes, act)(session, name, other, **BY)
            except REFUSED:
                assert await characters.known(session, guild_id=GUILD) == was
                continue
            history.append(was)
            await _check(session)
        while history:
            await changes.undo(session, **BY)
            assert await characters.known(session, guild_id=GUILD) == history.pop()
    assert await known(cast) == before


async def _check(session: AsyncSession) -> None:
    """Every spelling means one character, the one that `find`, `names` and `search` give."""
    found = await characters.known(session, guild_id=GUILD)
    spellings = [spelling for each in found for spelling in (each.name, *each.aliases)]
    assert len({fold(each) for each in spellings}) == len(spellings)
    today = await characters.names(session, guild_id=GUILD)
    for each in found:
        for spelling in (each.name, *each.aliases):
            character = await characters.find(session, spelling, guild_id=GUILD)
            assert character is not None
            assert character.id == each.id
            assert today(spelling) == each.name
            assert (await characters.search(session, spelling, guild_id=GUILD))[0] == each.name
