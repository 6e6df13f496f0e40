"""Who asks to be forgotten leaves nothing behind, and changes nothing that others said."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot.database import (
    Base,
    Database,
    consents,
    corrections,
    erasing,
    examples,
    pictures,
    scrubbing,
    verdicts,
    versions,
)
from bot.database.erasing import Held
from bot.database.pictures import Picture
from bot.database.stores.sqlite import database_path
from bot.database.versions import Author
from ml import Box, NamedFace, Sample
from tests import databases
from tests.databases import on_disk

Act = Callable[..., Awaitable[Any]]
ANN, BEN, CAT, MOD = 1_430_000_000_000_000_011, 12, 13, 14


@pytest.fixture
def forget(database: Database) -> Act:
    async def forget(user_id: int) -> None:
        async with database.writing() as session:
            await erasing.forget(session, user_id)
        assert await database.scrub()

    return forget


@pytest.fixture
def keep(database: Database) -> Act:
    async def keep(face_id: int, cut: Sample) -> None:
        async with database.writing() as session:
            await examples.save(session, face_id, cut, quorum=2)

    return keep


def cut(seed: int) -> Sample:
    """A face like no other."""
    random = Random(seed)
    return Sample(
        crop=random.randbytes(random.randrange(200, 30_000)),
        embedding=random.randbytes(2560),
        embedder="e1",
        picture_hash=sha256(b"%d" % seed).hexdigest(),
        perceptual_hash=random.randbytes(64).hex(),
        quality=1.0,
    )


def pieces(sample: Sample) -> list[bytes]:
    """Short stretches of what was kept: pages of the database cut long values up."""
    whole = sample.crop + sample.embedding
    return [whole[start : start + 16] for start in range(0, len(whole) - 16, 100)]


def copy_before_migration(home: Path) -> None:
    """Copy the database as a migration would."""
    with (
        closing(sqlite3.connect(database_path(home))) as source,
        closing(sqlite3.connect(home / "koredare.before-0002.db")) as copy,
    ):
        source.backup(copy)


@pytest.mark.sqlite_only
async def test_nothing_of_a_person_is_left_on_the_disk(
    database: Database, post: Act, say: Act, keep: Act, forget: Act, *, tmp_path: Path
) -> None:
    mine: list[Sample] = []
    theirs: list[Sample] = []
    for poster in (ANN, BEN):
        async with database.writing() as session:
            await consents.answer(session, poster, "yes")
    for n in range(60):
        poster, kept = (ANN, mine) if n % 3 else (BEN, theirs)
        (face,) = await post("Riko", poster_id=poster, url=f"https://cdn/{'ann' if poster == ANN else 'ben'}-{n}")
        await say(face, MOD, "name", f"Name of {poster} {n % 2}", moderator=True)
        kept.append(cut(n))
        await keep(face, kept[-1])
    (bens,) = await post("Riko", poster_id=BEN)
    await say(bens, ANN, "name", "Only Ann says so")
    async with database.writing() as session:
        await versions.record(session, "published", guild_id=1, number=1, by=Author("chat", ANN))
    copy_before_migration(tmp_path)
    before = on_disk(tmp_path)
    assert all(piece in before for sample in mine for piece in pieces(sample)[:3])
    assert b"Only Ann says so" in before

    await forget(ANN)

    after = on_disk(tmp_path)
    assert not [piece for sample in mine for piece in pieces(sample) if piece in after]
    for trace in (b"cdn/ann", b"Only Ann says so", b"Name of %d" % ANN, mine[0].picture_hash.encode()):
        assert trace not in after
    assert all(piece in after for sample in theirs for piece in pieces(sample)[:3])
    assert not (tmp_path / "koredare.before-0002.db").exists()
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                theirs_still = text(f"SELECT count(*) FROM {table.name} WHERE {column.name} = {ANN}")  # whatever type
                left = await session.scalar(theirs_still)
                assert left == (1 if (table.name, column.name) == ("consents", "user_id") else 0), column
        assert await session.scalar(text("SELECT count(*) FROM samples")) == len(theirs)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_trace_is_left_of_rows_that_were_moved_about_before_they_were_deleted(
    database: Database, forget: Act, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    for round_ in range(5):  # pages fill, empty, and fill again
        async with database.writing() as session:
            for n in range(250):
                poster = random.choice((ANN, BEN, CAT))
                mark = f"mark {poster} {round_} {n} {random.randrange(10**9)}"
                picture = Picture(guild_id=1, source="discord", poster_id=poster, url=mark * random.randrange(1, 4))
                face = NamedFace(
                    box=Box(0, 0, 9, 9), angle=0, score=1, name=mark, confidence=1, quality=1.0, candidates=()
                )
                await pictures.record(session, picture, [face])
        if round_ == 2:
            await forget(CAT)
    assert b"mark %d" % ANN in on_disk(tmp_path)
    await forget(ANN)
    assert b"mark %d" % ANN not in on_disk(tmp_path)


async def test_what_is_held_is_counted_and_then_nothing(
    database: Database, post: Act, say: Act, keep: Act, forget: Act
) -> None:
    async with database.writing() as session:
        await consents.answer(session, ANN, "yes")
    first, _second = await post("Riko", "Maki", poster_id=ANN)
    await say(first, MOD, "right", moderator=True)
    await keep(first, cut(1))
    (other,) = await post("Riko", guild_id=2, poster_id=BEN)
    await say(other, ANN, "right")
    async with database.reading() as session:
        assert await erasing.held(session, ANN) == Held(pictures=1, samples=1, corrections=1)
        assert await erasing.guilds_of(session, ANN) == [1, 2]
    await forget(ANN)
    async with database.reading() as session:
        assert await erasing.held(session, ANN) == Held(pictures=0, samples=0, corrections=0)
        assert await erasing.guilds_of(session, ANN) == []


async def test_forgetting_who_took_something_back_does_not_bring_it_back(
    database: Database, post: Act, say: Act, forget: Act
) -> None:
    (face,) = await post("Riko", poster_id=BEN)
    await say(face, CAT, "name", "Maki", moderator=True)
    await say(face, ANN, "right", moderator=True)
    await say(face, BEN, "right")
    async with database.writing() as session:
        for who in (CAT, ANN):  # the moderator takes back what Cat said, and what she said herself
            await corrections.undo_all(session, who, guild_id=1, user_id=ANN, moderator=True, via="command")
    await forget(ANN)
    async with database.reading() as session:
        standing = (await verdicts.standings(session, [face], quorum=2))[face]
        assert [(vote.name, vote.people) for vote in standing.votes] == [("Riko", 1)]
        assert await session.scalar(text("SELECT count(*) FROM corrections")) == 1


async def test_a_forgotten_persons_word_settles_nothing_and_others_words_stay(
    database: Database, post: Act, say: Act, forget: Act
) -> None:
    settled, unsettled = await post("Riko", "Maki", poster_id=BEN)
    for who in (ANN, BEN, CAT):
        await say(settled, who, "right")
    for who in (ANN, CAT):
        await say(unsettled, who, "right")
    await forget(ANN)
    async with database.reading() as session:
        standings = await verdicts.standings(session, [settled, unsettled], quorum=2)
    assert standings[settled].verdict is not None
    assert standings[unsettled].verdict is None


async def test_who_was_forgotten_is_not_asked_again_and_nothing_is_kept_until_they_say_yes(
    database: Database, post: Act, say: Act, forget: Act
) -> None:
    async with database.writing() as session:
        await consents.answer(session, ANN, "yes")
    await forget(ANN)
    (face,) = await post("Riko", poster_id=ANN)
    await say(face, MOD, "right", moderator=True)
    async with database.writing() as session:
        assert not await consents.to_be_asked(session, ANN)
        assert await examples.ready(session, guild_id=1, quorum=2) == []
        await consents.answer(session, ANN, "yes")
    (later,) = await post("Riko", poster_id=ANN)
    await say(later, MOD, "right", moderator=True)
    async with database.reading() as session:
        assert [face.id for face in await examples.ready(session, guild_id=1, quorum=2)] == [later]


def traces(home: Path) -> bytes:
    """What whoever has the disk finds in the file; of a server, what its own tools find in its pages."""
    return on_disk(home) if databases.kind == "sqlite" else databases.deleted_but_there(home)


async def test_traces_that_somebody_still_reads_are_owed_also_after_a_restart(
    database: Database, post: Act, tmp_path: Path
) -> None:
    await post("Riko", poster_id=ANN, url="https://cdn/ann")
    async with database.reading() as reading:
        await reading.execute(text("SELECT count(*) FROM pictures"))
        async with database.writing() as session:
            await erasing.forget(session, ANN)
        assert not await database.scrub()
        assert b"cdn/ann" in traces(tmp_path)
        await post("Maki", poster_id=BEN)  # nobody waits for it
    await database.close()

    again = Database(databases.store(tmp_path))
    async with again.reading() as session:
        assert await scrubbing.owed(session)
    assert await again.scrub()
    assert b"cdn/ann" not in traces(tmp_path)
    async with again.reading() as session:
        assert not await scrubbing.owed(session)
    await again.close()


async def test_what_is_not_deleted_after_all_owes_nothing(database: Database, post: Act) -> None:
    await post("Riko", poster_id=ANN)

    async def fail() -> None:
        async with database.writing() as session:
            await erasing.forget(session, ANN)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.reading() as session:
        assert not await scrubbing.owed(session)
        assert (await erasing.held(session, ANN)).pictures == 1


@pytest.mark.sqlite_only
async def test_a_disk_that_fails_leaves_it_owed(database: Database, post: Act, tmp_path: Path) -> None:
    (tmp_path / "koredare.before-0002.db").mkdir()  # cannot be removed as a file
    async with database.writing() as session:
        await erasing.forget(session, ANN)
    assert not await database.scrub()
    (tmp_path / "koredare.before-0002.db").rmdir()
    assert await database.scrub()
