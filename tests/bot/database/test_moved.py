"""Whatever changes what is learned from moves the stamp, and what comes with every picture does not."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.database import Database, changes, consents, corrections, erasing, examples, moved, samples
from ml import Sample
from tests.bot.database.following import Follower

Act = Callable[..., Awaitable[Any]]
GUILD, POSTER, MOD = 1, 100, 14
CUT = Sample(
    crop=b"png", embedding=b"vector", embedder="e1", picture_hash="0" * 64, perceptual_hash="0" * 128, quality=1.0
)


@pytest.fixture
def moves(database: Database) -> Act:
    """Whether something moved the stamp of a guild since this was asked last."""
    following: dict[int, Follower] = {}

    async def moves(guild_id: int = GUILD) -> bool:
        async with database.reading() as session:
            return await following.setdefault(guild_id, Follower(guild_id)).moves(session)

    return moves


async def test_what_is_learned_from_does_not_change_unseen(database: Database, post: Act, say: Act, moves: Act) -> None:
    (face,) = await post("Riko")
    (other,) = await post("Maki")
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")
    assert not await moves()

    await say(face, MOD, "right", moderator=True)
    assert not await moves(), "of what is not kept nothing is learned"
    async with database.writing() as session:
        await examples.save(session, face, CUT, quorum=2)
    assert await moves()

    async with database.writing() as session:
        await examples.keep(session, other, CUT)
    assert not await moves(), "who waits for a name is no example"
    await say(other, MOD, "name", "Aoi", moderator=True)
    assert not await moves()
    async with database.writing() as session:
        await examples.settle(session, other, quorum=2)
    assert await moves()

    async with database.writing() as session:
        await corrections.take_back(session, face_id=other, user_id=MOD, moderator=True, via="button")
    assert await moves()
    async with database.writing() as session:
        await samples.put_embeddings(session, {face: b"another"}, embedder="e2")
    assert await moves()
    async with database.writing() as session:
        await changes.rename(session, "Riko", "Rikosan", guild_id=1, user_id=MOD)
    assert await moves()
    async with database.writing() as session:
        await consents.answer(session, POSTER, "no")
    assert await moves()


async def test_who_is_forgotten_moves_it_though_only_their_pictures_are_deleted(
    database: Database, post: Act, say: Act, moves: Act
) -> None:
    (face,) = await post("Riko")
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")
    await say(face, MOD, "right", moderator=True)
    async with database.writing() as session:
        await examples.save(session, face, CUT, quorum=2)
    assert await moves()
    async with database.writing() as session:
        await erasing.forget(session, POSTER)
    assert await moves()


async def test_what_one_guild_learns_is_no_news_to_another_and_what_everyone_learns_is(
    database: Database, post: Act, say: Act, moves: Act
) -> None:
    (face,) = await post("Riko")
    (shared,) = await post("Riko", guild_id=None, source="import")
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")
    await say(face, MOD, "right", moderator=True)
    async with database.writing() as session:
        await examples.save(session, face, CUT, quorum=2)
    assert await moves()
    assert not await moves(GUILD + 1)
    await say(shared, None, "name", "Riko", via="import")
    async with database.writing() as session:
        await examples.save(session, shared, replace(CUT, perceptual_hash="f" * 128), quorum=2)
    assert await moves()
    assert await moves(GUILD + 1)


async def test_who_is_read_anew_is_who_changed_with_all_that_mean_the_same(
    database: Database, post: Act, say: Act, moves: Act
) -> None:
    faces = [(await post(name, guild_id=where, source="import"))[0] for name in ("Riko", "Maki") for where in (None, 1)]
    for number, face in enumerate(faces):
        await say(face, None, "name", "Riko" if number < 2 else "Maki", via="import")
        async with database.writing() as session:
            await examples.save(session, face, replace(CUT, perceptual_hash=f"{number:x}" * 128), quorum=2)
        assert await moves()
        assert await moves(GUILD + 1) == (number % 2 == 0)
    async with database.reading() as session:
        before = await moved.stamp(session, GUILD)
        assert await moved.since(session, GUILD, before) == frozenset()
    await say(faces[1], MOD, "not", "Riko", moderator=True)
    async with database.reading() as session:
        riko = await moved.since(session, GUILD, before)
        assert riko is not None
        assert len(riko) == 1
        of_riko = await examples.examples(session, guild_id=GUILD, quorum=2, of=riko)
    assert [each.face_id for each in of_riko] == faces[:1]
    assert await moves()
    async with database.writing() as session:
        await changes.merge(session, "Riko", "Maki", guild_id=GUILD, user_id=MOD)
    async with database.reading() as session:
        assert await moved.since(session, GUILD, before) is None  # names are others
    assert await moves()
    await say(faces[1], MOD, "name", "Riko", moderator=True)  # which means Maki now
    assert await moves()
    assert not await moves(GUILD + 1)
    await say(faces[0], MOD, "not_face", moderator=True)
    assert await moves()
    assert await moves(GUILD + 1)
