"""What the database file promises, whoever uses it."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, channels, pictures, stores
from bot.database.channels import WatchedChannel
from bot.database.errors import DatabaseBusy, NoDriver, UnusableDatabase
from bot.database.pictures import Picture
from bot.database.stores import SqliteFile
from bot.database.stores.sqlite import database_path
from tests import databases

CORRECTING = """
import asyncio, sys
from pathlib import Path
from bot.config import load_settings
from bot.database import Database, corrections, pictures, stores
from bot.database.pictures import Picture
from ml import Box, NamedFace

async def main():
    settings = load_settings(home=Path(sys.argv[1]))
    database = Database(stores.of(settings))
    face = NamedFace(box=Box(0, 0, 9, 9), angle=0.0, score=1.0, name="Riko", confidence=0.9, quality=1.0, candidates=())
    async with database.writing() as session:
        picture = Picture(guild_id=1, source="discord", poster_id=2)
        face_id = (await pictures.record(session, picture, [face]))[0].id
    while True:
        async with database.writing() as session:
            row = await corrections.add(
                session, face_id=face_id, kind="right", user_id=3, moderator=False, via="button"
            )
        print(row.id, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_an_acknowledged_correction_survives_a_kill(tmp_path: Path, acknowledged: int) -> None:
    databases.migrated(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", CORRECTING, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | databases.environment(tmp_path),
    ) as bot:
        assert bot.stdout is not None
        said = [int(bot.stdout.readline()) for _ in range(acknowledged)]
        os.kill(bot.pid, signal.SIGKILL)
        said += [int(line) for line in bot.stdout if line.endswith("\n")]
    with databases.opened(tmp_path) as after:
        kept = {id_ for (id_,) in after.execute("SELECT id FROM corrections")}
    assert databases.store(tmp_path).damage() is None
    assert len(said) >= acknowledged
    assert kept >= set(said)


async def test_many_people_watch_channels_at_once_and_none_is_turned_away(database: Database) -> None:
    async def watch(channel_id: int) -> None:
        async with database.writing() as session:
            await channels.watch(session, channel_id, guild_id=1, added_by=2)

    await asyncio.gather(*(watch(channel_id) for channel_id in range(50)))
    async with database.reading() as session:
        assert len(await channels.watched(session, guild_id=1)) == 50


async def test_readers_and_writers_wait_for_each_other_as_long_as_it_takes(tmp_path: Path) -> None:
    database = Database(databases.migrated(tmp_path), patience=0.0)  # that is for other processes
    held, enough = asyncio.Semaphore(0), asyncio.Event()

    async def hold(session: AbstractAsyncContextManager[AsyncSession]) -> None:
        async with session:
            held.release()
            await enough.wait()

    holding = [asyncio.create_task(hold(database.reading())) for _ in range(20)]
    holding += [asyncio.create_task(hold(database.writing())) for _ in range(3)]
    for _ in range(4 + 1):  # that many have a connection, the others none yet
        await held.acquire()
    enough.set()
    await asyncio.gather(*holding)
    await database.close()


async def test_nothing_of_a_block_that_fails_is_kept(database: Database) -> None:
    async def watch_and_fail() -> None:
        async with database.writing() as session:
            await channels.watch(session, 5, guild_id=1, added_by=2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await watch_and_fail()
    async with database.reading() as session:
        assert not await channels.is_watched(session, 5)


async def test_a_reader_sees_one_moment_and_does_not_wait_for_the_writer(database: Database) -> None:
    async with database.reading() as before:
        assert not await channels.is_watched(before, 5)
        async with database.writing() as session:
            await channels.watch(session, 5, guild_id=1, added_by=2)
            async with database.reading() as meanwhile:
                assert not await channels.is_watched(meanwhile, 5)
        assert not await channels.is_watched(before, 5)
    async with database.reading() as after:
        assert await channels.is_watched(after, 5)


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with database.reading() as session:
            session.add(WatchedChannel(channel_id=5, guild_id=1, added_by=2))


async def test_whoever_waits_too_long_for_another_process_is_told_so(tmp_path: Path) -> None:
    other = databases.migrated(tmp_path)
    database = Database(databases.store(tmp_path), patience=0.2)
    with other.alone(patience=10), pytest.raises(DatabaseBusy, match="try again"):
        async with database.writing():
            pytest.fail("the other holds the lock")
    async with database.writing() as session:
        assert await channels.watch(session, 5, guild_id=1, added_by=2)
    await database.close()


async def store(database: Database, *, url: str, times: int = 1) -> None:
    async with database.writing() as session:
        for _ in range(times):
            await pictures.record(session, Picture(guild_id=1, source="discord", poster_id=2, url=url), [])


async def filled(home: Path) -> Path:
    """A database with some rows, folded into one file."""
    database = Database(databases.migrated(home))
    await store(database, url="x" * 500, times=200)
    await database.close()
    return database_path(home)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scramble(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(reversed(whole[8192:])))


def overwrite(path: Path) -> None:
    path.write_bytes(b"a picture of Riko" * 1000)


async def use(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(select(Picture))
        await channels.watch(session, 5, guild_id=1, added_by=2)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("when", ["before it is used", "while it is used"])
@pytest.mark.parametrize("damage", [cut, scramble, overwrite])
async def test_a_damaged_database_is_told_in_a_sentence_that_offers_the_backup(
    tmp_path: Path, damage: Callable[[Path], None], when: str
) -> None:
    path = await filled(tmp_path)
    whole = path.read_bytes()
    if when == "before it is used":
        damage(path)
    database = Database(SqliteFile(tmp_path))
    if when == "while it is used":
        await use(database)
        await database.close()  # its connections; those that follow find what is there then
        damage(path)
    with pytest.raises(UnusableDatabase, match="koredare restore FILE"):
        await use(database)
    await database.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    path.write_bytes(whole)
    again = Database(SqliteFile(tmp_path))  # as after a restore
    await use(again)
    await again.close()


@pytest.mark.sqlite_only
async def test_a_database_that_is_gone_or_another_takes_no_word_more_and_is_not_begun_anew(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    database = Database(SqliteFile(tmp_path))
    await use(database)
    path.rename(tmp_path / "away.db")
    for _ in range(2):
        with pytest.raises(UnusableDatabase, match="it is gone"):
            await use(database)
        assert not path.exists()
    await database.scrub()
    assert not path.exists()
    shutil.copy(tmp_path / "away.db", path)
    with pytest.raises(UnusableDatabase, match="another was put in its place"):
        await use(database)
    path.unlink()
    (tmp_path / "away.db").rename(path)
    await use(database)  # it is the same again
    await database.close()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("taken", [["-wal"], ["-shm"], ["-wal", "-shm"]])
async def test_what_was_acknowledged_is_there_though_the_log_was_taken_away_while_it_is_used(
    tmp_path: Path, taken: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = await filled(tmp_path)
    database = Database(SqliteFile(tmp_path))

    async def watched() -> list[int]:
        async with database.reading() as session:
            return list(await channels.watched(session, guild_id=1))

    async def watch(channel: int) -> None:
        async with database.writing() as session:
            await channels.watch(session, channel, guild_id=1, added_by=2)

    for before in (1, 2):
        await watch(before)
        await watched()
    async with database.reading() as session:  # somebody is at it just then
        await session.execute(select(Picture))
        for suffix in taken:
            path.with_name(f"{path.name}{suffix}").unlink()
        others = [asyncio.create_task(watch(each)) for each in (3, 4)]
        await asyncio.sleep(0)
    await asyncio.gather(*others)
    await watch(5)
    assert await asyncio.gather(*(watched() for _ in range(8))) == [[1, 2, 3, 4, 5]] * 8
    killed = tmp_path / "killed"  # what the disk has, as if we were killed now
    shutil.copytree(tmp_path, killed, ignore=shutil.ignore_patterns("killed"))
    again = Database(SqliteFile(killed))
    async with again.reading() as session:
        assert await channels.watched(session, guild_id=1) == (1, 2, 3, 4, 5)
    assert [each.getMessage() for each in caplog.records if each.name == "bot.database.engine"] == [
        f"koredare.db{taken[0]} was taken away while I use it; what was in it is in the database now."
    ]
    await again.close()
    await database.close()


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("fault", "said"),
    [("query_only = ON", "attempt to write a readonly database"), ("max_page_count = 1", "database or disk is full")],
)
async def test_what_cannot_be_written_is_told_and_the_next_that_can_be_is(
    tmp_path: Path, fault: str, said: str
) -> None:
    await filled(tmp_path)
    database = Database(SqliteFile(tmp_path))
    async with database.writing() as session:
        await session.execute(text(f"PRAGMA {fault}"))
    for _ in range(2):
        with pytest.raises(UnusableDatabase, match=said):
            await store(database, url="x" * 100_000)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Picture)) == 200
    await database._writer.dispose()  # its connection had the fault
    await use(database)
    await database.close()


@pytest.mark.parametrize("turns", range(12))
async def test_a_writer_cancelled_at_any_moment_leaves_the_lock_to_the_next(database: Database, turns: int) -> None:
    async def watch() -> None:
        async with database.writing() as session:
            await channels.watch(session, 5, guild_id=1, added_by=2)
            await asyncio.Event().wait()

    writer = asyncio.create_task(watch())
    for _ in range(turns):
        await asyncio.sleep(0.001)
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    async with database.writing() as session:
        assert await channels.watch(session, 5, guild_id=1, added_by=2)


@pytest.mark.sqlite_only
async def test_what_was_deleted_is_overwritten_in_the_file(database: Database, tmp_path: Path) -> None:
    secret = "https://example.org/a-picture-that-somebody-regrets.png"
    async with database.writing() as session:
        await pictures.record(session, Picture(guild_id=1, source="discord", poster_id=2, url=secret), [])
    assert secret.encode() in everything(tmp_path)
    async with database.writing() as session:
        await session.execute(text("DELETE FROM pictures"))
    await database.close()
    assert secret.encode() not in everything(tmp_path)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_where_nothing_speaks_with_a_server_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.stores.postgres.find_spec", lambda _: None)
    with pytest.raises(NoDriver, match=r"pip install 'koredare\[postgres\]'"):
        stores.at(tmp_path, url="postgresql://bot@nowhere/name")
    assert isinstance(stores.at(tmp_path, url=""), SqliteFile)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="no time zone"):
        async with database.writing() as session:
            await pictures.record(session, Picture(guild_id=1, source="discord", poster_id=2, created_at=naive), [])
