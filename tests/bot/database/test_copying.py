"""A database is carried from a file to a server and back, and nothing of it is lost on the way."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Insert, Table, insert

from bot.config.loading import DATABASE_VARIABLE
from bot.database import Base, Database, consents, copying, corrections, erasing, examples, pictures
from bot.database.errors import HalfCopied
from bot.database.migrate import upgrade
from bot.database.pictures import Picture
from bot.database.stores import SqliteFile, Store
from bot.database.versions import Author, record
from ml import Box, NamedFace, Sample
from ml.naming.classifier import Candidate
from tests import databases

pytestmark = pytest.mark.postgres_only
Act = Callable[..., Awaitable[Any]]
ANN, BEN = 1_430_000_000_000_000_011, 12


async def live_in(store: Store) -> None:
    """Have there be something of many kinds, some of it forgotten again."""
    database = Database(store)
    async with database.writing() as session:
        await consents.answer(session, ANN, "yes")
        for n in range(30):
            found = NamedFace(
                *(Box(1, 2, 30, 40), 0.1 + 0.2, 1 / 3),
                name="Riko",
                confidence=0.1,
                candidates=(Candidate("Riko", 0.1), Candidate("真姫", 1e-17)),
                quality=1.0,
            )
            row = Picture(guild_id=1 << 60, source="discord", poster_id=BEN if n == 29 else ANN, url="https://cdn/🦊")
            (face,) = await pictures.record(session, row, [found])
            about: Any = {"face_id": face.id, "user_id": ANN, "moderator": n % 2 == 0, "via": "button"}
            await corrections.add(session, kind="name", name=f"Riko {n % 3}", **about)
            if n % 6 == 4:
                cut = Sample(bytes(range(256)), b"\x00\xff" * 9, "e1", f"{n:064}", "", quality=1.0)
                await examples.save(session, face.id, cut, quorum=2)
            if n % 4 == 0:
                await corrections.add(session, kind="not", name="真姫", **about)
            if n % 5 == 0:
                await corrections.take_back(session, **about)
        await record(session, "published", guild_id=None, number=1, by=Author("shell"))
    async with database.writing() as session:
        await erasing.forget(session, BEN)
    await database.close()


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def file(tmp_path: Path) -> SqliteFile:
    (tmp_path / "file").mkdir()
    store = SqliteFile(tmp_path / "file")
    upgrade(store)
    asyncio.run(live_in(store))
    return store


def copied(source: str, target: str) -> "subprocess.CompletedProcess[str]":
    """Have the command line copy."""
    return command("db", "copy", source, target)


def command(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def told(_table: str, _rows: int) -> None:
    pass


def test_it_goes_to_a_server_and_back_and_the_bot_goes_on_there(file: SqliteFile, tmp_path: Path) -> None:
    before, url = rows(file), databases.url(tmp_path / "server")
    assert all(before[table] for table in ("corrections", "samples", "words", "judgements", "moved", "characters"))
    done = copied(str(file.home), url)
    assert done.returncode == 0, done.stderr
    assert f"corrections: {len(before['corrections'])} rows, the same in both" in done.stdout
    assert "Nothing was taken away" in done.stdout
    server = databases.store(tmp_path / "server")
    assert rows(server) == before == rows(file)
    with server.reading() as connection:  # the server plans by what is there, at once
        known = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'words'")
        assert known.scalar_one() == len(before["words"])

    done = copied(url, str(tmp_path / "again"))
    assert done.returncode == 0, done.stderr
    again = SqliteFile(tmp_path / "again")
    assert rows(again) == before
    assert again.damage() is None

    for store in (server, again):  # an id that was given to somebody who was forgotten is not given again
        asyncio.run(live_in(store))
        new = rows(store)["faces"][len(before["faces"])]
        assert (before["faces"][-1][0], new[0]) == (29, 31)
        assert {row[0] for row in rows(store)["corrections"]} > {row[0] for row in before["corrections"]}


@pytest.mark.parametrize("way", ["to a server", "to a file"])
@pytest.mark.parametrize("breaks_at", [1, 6, 13, 22, 31])
def test_broken_off_at_any_moment_it_goes_on_and_nobody_uses_half_of_it(
    file: SqliteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, breaks_at: int
) -> None:
    before = rows(file)
    source: Store = file
    target: Store = databases.store(tmp_path / "server")
    if way == "to a file":
        copying.copy(file, target, told=told)
        source, target = target, SqliteFile(tmp_path / "again")
    monkeypatch.setattr(copying, "_AT_ONCE", 7)
    monkeypatch.setattr(copying, "_LARGE", 2)
    done = 0

    def insert_or_break_off(table: Table) -> Insert:
        nonlocal done
        done += 1
        if done == breaks_at:
            raise KeyboardInterrupt
        return insert(table)

    with monkeypatch.context() as patch:
        patch.setattr(copying, "insert", insert_or_break_off)
        with pytest.raises(KeyboardInterrupt):
            copying.copy(source, target, told=told)
    with pytest.raises(HalfCopied, match="let `koredare db copy` go on"):
        upgrade(target)
    copying.copy(source, target, told=told)
    assert rows(target) == before
    assert upgrade(target) is None


def test_what_is_in_the_way_is_told_and_left_alone(file: SqliteFile, tmp_path: Path) -> None:
    target = databases.migrated(tmp_path / "server")
    asyncio.run(live_in(target))
    before = rows(target)
    with pytest.raises(
        copying.CopyError, match=r"There is something in postgresql://.* already .*name an empty database"
    ):
        copying.copy(file, target, told=told)
    assert rows(target) == before
    with pytest.raises(copying.CopyError, match="cannot be copied into itself"):
        copying.copy(file, SqliteFile(file.home), told=told)
    with pytest.raises(copying.CopyError, match="There is nothing in"):
        copying.copy(SqliteFile(tmp_path), target, told=told)
    with databases.connected(tmp_path / "server") as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(copying.CopyError, match=r"of another version's schema .0007.: start this Koredare on it once"):
        copying.copy(target, SqliteFile(tmp_path / "again"), told=told)


def test_a_row_that_came_out_otherwise_is_found(
    file: SqliteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = databases.store(tmp_path / "server")

    def fill_and_spoil(source: Connection, to: Store, table: Table) -> None:
        fill(source, to, table)
        if table.name == "samples":
            with to.alone(patience=10) as connection:
                connection.exec_driver_sql("UPDATE samples SET perceptual_hash = 'ff' WHERE face_id = 5")

    fill = copying._fill
    monkeypatch.setattr(copying, "_fill", fill_and_spoil)
    with pytest.raises(copying.CopyError, match="samples is not the same in postgresql://"):
        copying.copy(file, target, told=told)
    with pytest.raises(HalfCopied):
        upgrade(target)


def test_a_backup_of_a_server_is_restored_as_a_folder_which_can_be_copied_to_a_server(
    file: SqliteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "server"
    copying.copy(file, databases.store(home), told=told)
    before = rows(databases.store(home))
    monkeypatch.setenv(DATABASE_VARIABLE, databases.url(home))
    looked = command("doctor", "--deep", "--home", home).stdout
    assert "MEND  database postgresql://koredare@" in looked
    assert "a power cut may take what people said: set fsync" in looked, "as is right for tests alone"
    assert "ok    the database is whole, from end to end" in looked
    done = command("backup", tmp_path / "backup.zip", "--home", home)
    assert "restored on trial, it is whole" in done.stdout, done.stderr
    refused = command("restore", tmp_path / "backup.zip", "--home", home)
    assert refused.returncode == 1
    assert "restore this into a folder of its own, with --home, then `koredare db copy`" in refused.stderr
    monkeypatch.delenv(DATABASE_VARIABLE)
    done = command("restore", tmp_path / "backup.zip", "--home", tmp_path / "there")
    assert done.returncode == 0, done.stderr
    assert rows(SqliteFile(tmp_path / "there")) == before
    done = copied(str(tmp_path / "there"), databases.url(tmp_path / "another"))
    assert done.returncode == 0, done.stderr
    assert rows(databases.store(tmp_path / "another")) == before
