"""Pictures and the faces in them come back as they were recorded."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.database import Database, pictures
from bot.database.pictures import Picture
from ml import Box, NamedFace
from ml.naming.classifier import Candidate

Act = Callable[..., Awaitable[Any]]
SNOWFLAKE = 1_430_000_000_000_000_000


async def test_a_face_comes_back_as_it_was_found(database: Database) -> None:
    found = NamedFace(
        box=Box(12, 0, 96, 101),
        angle=-17.5,
        score=0.93,
        name=None,
        confidence=0.41,
        candidates=(Candidate("Riko", 0.41), Candidate("真希", 0.2)),
        quality=1.0,
    )
    tokyo = datetime(2026, 11, 23, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    picture = Picture(
        guild_id=SNOWFLAKE,
        source="discord",
        channel_id=SNOWFLAKE + 1,
        message_id=SNOWFLAKE + 2,
        poster_id=SNOWFLAKE + 3,
        model="7",
        created_at=tokyo,
    )
    async with database.writing() as session:
        (recorded,) = await pictures.record(session, picture, [found])
    async with database.reading() as session:
        (face,) = await pictures.shown_with(session, [recorded.id])
    assert (face.box, face.angle, face.score, face.name) == ((12, 0, 96, 101), -17.5, 0.93, None)
    assert face.candidates == found.candidates
    assert face.candidates[1].name == "真希"
    assert face.picture.message_id == SNOWFLAKE + 2
    assert face.picture.created_at == tokyo
    assert face.picture.created_at.tzinfo is UTC


async def test_a_reply_shows_the_faces_of_all_its_pictures_by_number(database: Database, post: Act) -> None:
    later, earlier = await post("Maki", "Riko", first=3, reply_id=7), await post("Riko", None, reply_id=7)
    await post("Riko", reply_id=8)
    async with database.reading() as session:
        faces = await pictures.faces_of_reply(session, 7)
        assert await pictures.faces_of_reply(session, 9) == []
        assert [face.id for face in await pictures.shown_with(session, later[:1])] == [*earlier, *later]
        assert [face.id for face in await pictures.shown_with(session, [], reply_id=7)] == [*earlier, *later]
    assert [(face.number, face.id) for face in faces] == list(enumerate([*earlier, *later], start=1))
    assert {face.picture.reply_id for face in faces} == {7}


async def test_nothing_from_discord_belongs_to_everyone(post: Act) -> None:
    with pytest.raises(IntegrityError, match="only_imports_are_for_everyone"):
        await post("Riko", guild_id=None, source="discord")
