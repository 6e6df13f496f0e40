"""Faces without a name: what is kept of them, for how long, and what a review is asked to look at."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.clock import now
from bot.database import Database, consents, erasing, examples, reviews, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.samples import MOST_UNNAMED, UNNAMED_FOR, Sample
from ml import Sample as Cut

Act = Callable[..., Awaitable[Any]]
GUILD, POSTER, ANN, BEN, MOD = 1, 100, 11, 12, 14


def cut(face: int, *, look: str | None = None) -> Cut:
    picture = sha256(b"%d" % face).hexdigest()
    return Cut(b"png", b"vector %d" % face, "e1", picture, look or picture * 2, 1.0)


@pytest.fixture
async def keep(database: Database) -> Act:
    """Keep a face of a poster who agreed."""
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")

    async def keep(face: int, **about: Any) -> None:
        async with database.writing() as session:
            await examples.keep(session, face, cut(face, **about))

    return keep


@pytest.fixture
def asked(database: Database) -> Act:
    """The faces that a review which begins now may ask for."""

    async def asked(*, since: timedelta = timedelta(), guild_id: int = GUILD) -> list[int]:
        async with database.reading() as session:
            found = await reviews.unsettled(session, guild_id=guild_id, since=now() + since, quorum=2)
        return [each.face.id for each in found]

    return asked


async def kept(database: Database) -> list[tuple[int, bool | None]]:
    async with database.reading() as session:
        rows = await session.execute(select(Sample.face_id, Sample.held_out).order_by(Sample.face_id))
        return [(row.face_id, row.held_out) for row in rows]


async def test_a_face_without_a_name_is_no_example_until_it_has_one(
    database: Database, post: Act, say: Act, keep: Act
) -> None:
    (face,) = await post(None)
    await keep(face)
    async with database.reading() as session:
        assert await examples.examples(session, guild_id=GUILD, quorum=2) == []
    await say(face, MOD, "name", "Riko", moderator=True)
    async with database.reading() as session:
        assert await examples.examples(session, guild_id=GUILD, quorum=2) == []  # nobody has chosen its side yet
        assert await examples.counts(session, guild_id=GUILD, quorum=2) == []
        assert [each.id for each in await examples.ready(session, guild_id=GUILD, quorum=2)] == [face]
        assert await samples.kept(session, [face, 99]) == [face]
    async with database.writing() as session:
        assert (await examples.settle(session, face, quorum=2)).held_out is False
    async with database.reading() as session:
        assert await examples.ready(session, guild_id=GUILD, quorum=2) == []
        (example,) = await examples.examples(session, guild_id=GUILD, quorum=2)
    assert (example.face_id, example.name) == (face, "Riko")


async def test_every_fifth_picture_is_held_out_of_those_that_waited_too(
    database: Database, post: Act, say: Act, keep: Act
) -> None:
    faces = [(await post(None))[0] for _ in range(10)]
    for face in faces:
        await keep(face)
        await say(face, MOD, "name", "Riko", moderator=True)
    async with database.writing() as session:
        sides = [(await examples.settle(session, face, quorum=2)).held_out for face in faces]
    assert sides == [False, False, False, False, True] * 2


async def test_only_what_is_agreed_to_and_there_is_kept(database: Database, post: Act, keep: Act) -> None:
    (theirs,) = await post(None, poster_id=BEN)
    (mine,) = await post(None)
    await keep(mine)
    await keep(mine)
    with pytest.raises(NoConsent):
        await keep(theirs)
    with pytest.raises(NoSuchFace):
        await keep(99)
    async with database.writing() as session:
        with pytest.raises(Unsettled):
            await examples.settle(session, mine, quorum=2)
    assert await kept(database) == [(mine, None)]
    async with database.writing() as session:
        await consents.answer(session, POSTER, "no")
    assert await kept(database) == []


async def test_the_oldest_make_room_and_what_waited_too_long_goes(database: Database, post: Act, keep: Act) -> None:
    faces = await post(*[None] * (MOST_UNNAMED + 2))
    (elsewhere,) = await post(None, guild_id=2)
    for face in (*faces, elsewhere):
        await keep(face)
    async with database.writing() as session:
        await samples.make_room(session, guild_id=GUILD)
    assert [face for face, _ in await kept(database)] == [*faces[2:], elsewhere]
    async with database.writing() as session:
        old = update(Sample).where(Sample.face_id.in_([faces[2], elsewhere]))
        await session.execute(old.values(created_at=now() - UNNAMED_FOR - timedelta(minutes=1)))
        await samples.expire(session)
    assert [face for face, _ in await kept(database)] == faces[3:]


async def test_what_has_a_name_stays_however_old(database: Database, post: Act, say: Act, keep: Act) -> None:
    (face,) = await post("Riko")
    await keep(face)
    await say(face, MOD, "right", moderator=True)
    async with database.writing() as session:
        await examples.settle(session, face, quorum=2)
        await session.execute(update(Sample).values(created_at=now() - 2 * UNNAMED_FOR))
        await samples.expire(session)
    assert await kept(database) == [(face, False)]


async def test_settled_and_skipped_faces_and_those_of_others_are_not_asked(
    database: Database, post: Act, say: Act, keep: Act, asked: Act
) -> None:
    named, none, disputed, new, skipped, elsewhere = [(await post("Riko", guild_id=g))[0] for g in (1, 1, 1, 1, 1, 2)]
    for face in (named, none, disputed, new, skipped, elsewhere):
        await keep(face)
    await say(named, MOD, "right", moderator=True)
    await say(none, MOD, "not_face", moderator=True)
    await say(disputed, ANN, "right")
    await say(disputed, BEN, "name", "Maki")
    async with database.writing() as session:
        await reviews.skip(session, [skipped, 99])
        await reviews.part(session, [new])
    assert await asked(since=timedelta(minutes=-1)) == [disputed, new]
    assert await asked(since=timedelta(minutes=1)) == [disputed, new, skipped]
    async with database.reading() as session:
        found = await reviews.unsettled(session, guild_id=GUILD, since=now() + timedelta(minutes=1), quorum=2)
    assert [(each.apart, each.skipped) for each in found] == [(False, False), (True, False), (False, True)]
    assert [vote.name for vote in found[0].standing.votes] == ["Maki", "Riko"]


async def test_of_faces_that_were_not_kept_only_contradicted_ones_of_posters_who_agreed_are_fetched(
    database: Database, post: Act, say: Act, keep: Act
) -> None:
    confirmed, contradicted, settled, kept_already, silent = [
        (await post("Riko", poster_id=poster))[0] for poster in (POSTER, POSTER, POSTER, POSTER, BEN)
    ]
    await keep(kept_already)
    await say(confirmed, ANN, "right")
    for face in (contradicted, kept_already, silent):
        await say(face, ANN, "not", "Riko")
    await say(settled, MOD, "name", "Maki", moderator=True)
    async with database.reading() as session:
        found = await reviews.disputed_unkept(session, guild_id=GUILD, quorum=2, limit=9)
        assert [face.id for face in found] == [contradicted]
        assert await reviews.disputed_unkept(session, guild_id=2, quorum=2, limit=9) == []


async def test_looks_of_all_kept_faces_but_those_asked_for(database: Database, post: Act, keep: Act) -> None:
    one, other = [(await post(None))[0] for _ in range(2)]
    await keep(one, look="0" * 128)
    await keep(other, look="f" * 128)
    async with database.reading() as session:
        assert await reviews.other_looks(session, guild_id=GUILD, asked=[one]) == ["f" * 128]
        assert await session.scalar(select(func.count()).select_from(Sample)) == 2


async def test_a_forgotten_face_takes_what_was_answered_of_it_along(database: Database, post: Act, keep: Act) -> None:
    (face,) = await post(None)
    await keep(face)
    async with database.writing() as session:
        await reviews.skip(session, [face])
        await reviews.part(session, [face])
    async with database.writing() as session:
        await erasing.forget(session, POSTER)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(reviews.Review)) == 0


async def test_of_thousands_that_a_higher_quorum_unsettles_the_latest_are_asked(
    post: Act, keep: Act, asked: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces = [(await post(None))[0] for _ in range(4)]
    for face in faces:
        await keep(face)
    monkeypatch.setattr(reviews, "MOST_ASKED", 3)
    assert await asked() == faces[1:]


async def test_a_face_that_waited_too_long_meanwhile_is_no_example(
    database: Database, post: Act, say: Act, keep: Act
) -> None:
    (face,) = await post(None)
    await keep(face)
    await say(face, MOD, "name", "Riko", moderator=True)
    async with database.writing() as session:
        await session.execute(update(Sample).values(created_at=now() - UNNAMED_FOR - timedelta(days=1)))
        await samples.expire(session)
        with pytest.raises(NoSuchFace):
            await examples.settle(session, face, quorum=2)
