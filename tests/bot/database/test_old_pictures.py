"""What is older than the operator allows is forgotten, with all that hangs on it and no trace left; imports stay."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.config import Settings
from bot.config.tables import PrivacySettings
from bot.database import Database, verdicts
from bot.database.ledger import Correction
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample
from bot.privacy import retention
from tests import databases
from tests.databases import on_disk

Post = Callable[..., Awaitable[list[int]]]
Say = Callable[..., Awaitable[int]]
ANN, BEN = 101, 102


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, privacy=PrivacySettings(retention_days=30))


async def keep(database: Database, face_id: int) -> bytes:
    """Keep a sample of a face; gives its crop."""
    crop = random.randbytes(5_000)
    async with database.writing() as session:
        session.add(
            Sample(
                face_id=face_id,
                held_out=False,
                picture_hash="0" * 64,
                perceptual_hash=None,
                embedder="e1",
                embedding=b"00",
                crop=crop,
            )
        )
    return crop


async def left(database: Database) -> dict[str, list[int]]:
    async with database.reading() as session:
        return {
            "pictures": list(await session.scalars(select(Picture.id))),
            "faces": list(await session.scalars(select(Face.id))),
            "samples": list(await session.scalars(select(Sample.face_id))),
            "spoken of": list(await session.scalars(select(Correction.face_id))),
        }


async def test_old_pictures_go_with_all_that_hangs_on_them(
    settings: Settings, database: Database, post: Post, say: Say, tmp_path: Path
) -> None:
    (old,) = await post("Riko", created_at=now() - timedelta(days=31))
    (young,) = await post("Riko", created_at=now() - timedelta(days=29))
    crops = {face: await keep(database, face) for face in (old, young)}
    for face in (old, young):
        await say(face, ANN, "right")
    expired = await retention.enforce(settings, database)
    assert (expired.pictures, expired.samples) == (1, 1)
    assert await left(database) == {"pictures": [2], "faces": [young], "samples": [young], "spoken of": [young]}
    if databases.kind == "sqlite":
        assert crops[old][:100] not in on_disk(tmp_path)
        assert crops[young][:100] in on_disk(tmp_path)


async def test_what_was_taken_back_does_not_count_again(
    settings: Settings, database: Database, post: Post, say: Say
) -> None:
    (old,) = await post("Riko", created_at=now() - timedelta(days=31))
    said = await say(old, ANN, "name", "Maki")
    async with database.writing() as session:
        session.add(Correction(face_id=old, kind="undo", user_id=ANN, moderator=False, via="button", undoes=said))
    await retention.enforce(settings, database)
    assert not any((await left(database)).values())


async def test_imports_stay_whatever_their_age(settings: Settings, database: Database, post: Post, say: Say) -> None:
    (face,) = await post(None, source="import", guild_id=None, created_at=now() - timedelta(days=400))
    await say(face, None, "name", "Riko", moderator=True, via="import", at=now() - timedelta(days=400))
    await keep(database, face)
    assert (await retention.enforce(settings, database)).pictures == 0
    assert (await left(database))["samples"] == [face]


async def test_an_old_picture_that_was_answered_again_goes_too(
    settings: Settings, database: Database, post: Post, say: Say
) -> None:
    await post("Riko", attachment_id=7, created_at=now() - timedelta(days=31))
    (again,) = await post("Riko", attachment_id=7, created_at=now() - timedelta(days=1))
    (other,) = await post("Riko", attachment_id=8, created_at=now() - timedelta(days=1))
    await say(again, ANN, "right")
    await retention.enforce(settings, database)
    assert (await left(database))["faces"] == [other]
    await say(other, BEN, "right", moderator=True)  # what is left can be spoken of
    async with database.reading() as session:
        assert (await verdicts.standings(session, [other], quorum=2))[other].verdict is not None
