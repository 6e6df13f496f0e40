"""The ledger of versions: who let which one answer, what has been said since, and whom it has forgotten."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from bot.database import Database, erasing, examples, versions
from bot.database.versions import Author
from ml import Sample
from tests.bot.database.conftest import GUILD, POSTER

MOD = 300


async def happened(database: Database, kind: Any, number: int | None, *, by: Author, **about: Any) -> None:
    async with database.writing() as session:
        await versions.record(session, kind, number=number, by=by, guild_id=about.pop("guild_id", GUILD), **about)


async def test_the_latest_that_put_a_version_in_charge_is_told_with_who_did_it(database: Database) -> None:
    await happened(database, "published", 1, by=Author("schedule"))
    await happened(database, "overridden", 2, by=Author("chat", MOD), verdict="naming_worse")
    await happened(database, "kept", None, by=Author("shell"))
    await happened(database, "published", 9, by=Author("shell"), guild_id=None)
    async with database.reading() as session:
        found = await versions.put_in_charge(session, guild_id=GUILD)
        everyones = await versions.put_in_charge(session, guild_id=None)
        elsewhere = await versions.put_in_charge(session, guild_id=GUILD + 1)
    assert found is not None
    assert (found.number, found.kind, found.user_id, found.verdict) == (2, "overridden", MOD, "naming_worse")
    assert everyones is not None
    assert everyones.number == 9
    assert elsewhere is None


async def test_what_was_said_since_the_last_retraining_is_counted_for_each_guild(
    database: Database, post: Callable[..., Awaitable[list[int]]], say: Callable[..., Awaitable[int]]
) -> None:
    mine, other = (await post("Riko"))[0], (await post("Riko", guild_id=GUILD + 1))[0]
    await say(mine, MOD, "right")
    async with database.reading() as session:
        newest = await versions.newest_correction(session)
        assert (await versions.unheard(session, guild_id=GUILD)).corrections == 1
        assert await versions.learners(session) == [GUILD]
    await say(mine, 1, "right")  # while it is being trained
    await happened(database, "kept", None, by=Author("schedule"), last_correction=newest)
    await happened(database, "rolled_back", 1, by=Author("chat", MOD))
    await say(other, MOD, "not_face")
    async with database.reading() as session:
        assert (await versions.unheard(session, guild_id=GUILD)).corrections == 1
        assert (await versions.unheard(session, guild_id=GUILD + 1)).corrections == 1
        assert (await versions.unheard(session, guild_id=None)).corrections == 0
        assert await versions.learners(session) == [GUILD, GUILD + 1]


async def test_a_version_counts_those_of_its_faces_that_were_forgotten(
    database: Database, post: Callable[..., Awaitable[list[int]]], say: Callable[..., Awaitable[int]]
) -> None:
    faces = [(await post("Riko", source="import", poster_id=None, guild_id=None))[0] for _ in range(3)]
    for number, face in enumerate(faces):
        await say(face, None, "name", "Riko", via="import")
        async with database.writing() as session:
            look = hashlib.sha512(bytes([number])).hexdigest()
            kept = Sample(b"c", b"\0\0", "e", f"{number:064}", look, 1.0)
            await examples.save(session, face, kept, quorum=2)
    async with database.reading() as session:
        assert await versions.forgotten(session, faces) == 0
        assert await versions.forgotten(session, []) == 0
        assert await versions.forgotten(session, [*faces, 77, *range(1000, 90_000)]) == 89_001


async def test_forgetting_a_person_leaves_what_was_done_and_takes_their_id(database: Database) -> None:
    await happened(database, "published", 1, by=Author("chat", POSTER))
    await happened(database, "rolled_back", 1, by=Author("chat", MOD))
    async with database.writing() as session:
        await erasing.forget(session, POSTER)
    async with database.reading() as session:
        found = await versions.history(session, guild_id=GUILD)
    assert [(event.kind, event.user_id) for event in found] == [("published", None), ("rolled_back", MOD)]
