"""Processes over one PostgreSQL hear what is written, one of them has the schedule, and each its own shards."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from bot.database import notices, stores
from bot.database.engine import Database
from bot.database.errors import ShardTaken
from bot.database.migrate import upgrade
from bot.database.notices import Heard, Line, Notice
from bot.database.stores import line as module
from tests import databases

pytestmark = pytest.mark.skipif(databases.programs() is None, reason="PostgreSQL is not installed")
NAME = "lines"


class One:
    """A process: its database, its line, and what it heard."""

    def __init__(self, home: Path) -> None:
        self.database = Database(stores.at(home, url=databases.server().url(NAME)))
        self.line: Line = self.database.line()
        self.heard = asyncio.Queue[Heard]()

    async def open(self, *shards: int) -> bool:
        return await self.line.open(shards, self.heard.put_nowait)

    async def close(self) -> None:
        await self.line.close()
        await self.database.close()


@pytest.fixture
async def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Sequence[One]]:
    """Two processes, which look for one another often."""
    monkeypatch.setattr(module, "_PAUSE", 0.05)
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    server = databases.server()
    server.do(f"CREATE DATABASE {NAME}")
    upgrade(stores.at(tmp_path, url=server.url(NAME)))
    made = One(tmp_path), One(tmp_path)
    yield made
    for each in made:
        await each.close()
    server.do(f"DROP DATABASE {NAME} WITH (FORCE)")


async def test_what_is_told_is_heard_when_it_is_written_and_not_when_it_is_not(pair: Sequence[One]) -> None:
    one, other = pair
    assert await one.open(0)
    assert not await other.open(1)
    with suppress(ZeroDivisionError):
        async with one.database.writing() as session:
            await notices.tell(session, "settings", 1)
            raise ZeroDivisionError
    async with one.database.writing() as session:
        await notices.tell(session, "settings", 2)
        await notices.tell(session, "forgotten", 3)
    for each in pair:
        assert [await each.heard.get() for _ in range(2)] == [Notice("settings", 2), Notice("forgotten", 3)]


async def test_who_loses_its_line_gives_the_schedule_up_and_looks_at_everything_anew(pair: Sequence[One]) -> None:
    one, other = pair
    assert await one.open(0)
    databases.server().do(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NAME}' AND pid <> pg_backend_pid()"
    )
    assert [await one.heard.get() for _ in range(3)] == ["lost", "missed", "taken"]
    await one.line.close()
    assert await other.open(0)


async def test_what_is_not_told_by_this_koredare_is_passed_over(pair: Sequence[One]) -> None:
    one, _ = pair
    await one.open()
    told = ("weather 7", "settings", "settings x", "", "model 0")
    databases.server().do(*(f"NOTIFY koredare, '{each}'" for each in told), database=NAME)
    assert await one.heard.get() == Notice("model", notices.EVERYONE)


@pytest.mark.parametrize(("held", "wanted"), [((0, 1), (1,)), ((), (1,)), ((0,), ())])
async def test_no_shard_is_held_twice(pair: Sequence[One], held: Sequence[int], wanted: Sequence[int]) -> None:
    one, other = pair
    await one.open(*held)
    with pytest.raises(ShardTaken, match="each needs its own"):
        await other.open(*wanted)
    await one.line.close()
    assert await other.open(*wanted)


async def test_what_is_claimed_by_one_is_free_when_it_is_done(pair: Sequence[One]) -> None:
    one, other = pair
    async with one.database.claim("retraining 7") as mine, other.database.claim("retraining 7") as theirs:
        assert (mine, theirs) == (True, False)
        async with other.database.claim("retraining 8") as another:
            assert another
    async with other.database.claim("retraining 7") as mine:
        assert mine
