"""A database in a folder of its own, and people who post pictures and say what they see."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.database import Database, corrections, pictures
from bot.database.pictures import Picture
from ml import Box, NamedFace
from tests import databases

GUILD = 1
POSTER = 100


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    store = await asyncio.to_thread(databases.migrated, tmp_path)
    database = Database(store, patience=600)  # disks of busy machines stall
    yield database
    await database.close()


@pytest.fixture
def post(database: Database) -> Callable[..., Awaitable[list[int]]]:
    """Somebody posts a picture with a face for each guess; gives the ids of the faces."""

    async def post(*guesses: str | None, guild_id: int | None = GUILD, **about: Any) -> list[int]:
        about = {"source": "discord", "poster_id": POSTER} | about
        if about["source"] == "import":
            about["poster_id"] = None
        first = about.pop("first", 1)
        faces = [
            NamedFace(Box(10, 20, 30, 40), -5.0, 0.9, quality=1.0, name=name, confidence=0.8, candidates=())
            for name in guesses
        ]
        async with database.writing() as session:
            rows = await pictures.record(session, Picture(guild_id=guild_id, **about), faces, first=first)
        return [row.id for row in rows]

    return post


@pytest.fixture
def say(database: Database) -> Callable[..., Awaitable[int]]:
    """Somebody says something of a face; gives the id of the correction."""

    async def say(face_id: int, user_id: int | None, kind: Any, name: str | None = None, **how: Any) -> int:
        how = {"moderator": False, "via": "button"} | how
        async with database.writing() as session:
            row = await corrections.add(session, face_id=face_id, user_id=user_id, kind=kind, name=name, **how)
        return row.id

    return say
