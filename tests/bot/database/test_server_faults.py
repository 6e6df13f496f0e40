"""What befalls a server of PostgreSQL is told in the words of a file, and what was acknowledged is never lost."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from bot.config import ConfigError, load_settings
from bot.database import Database, channels, stores
from bot.database.channels import WatchedChannel
from bot.database.errors import DatabaseBusy, UnreachableDatabase, UnusableDatabase
from bot.database.migrate import upgrade
from bot.database.stores.postgres import Postgres
from tests.databases import Server

pytestmark = pytest.mark.postgres_only
CONNECTIONS = 8


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be stopped, as nobody else uses it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    server = Server(
        port=port, max_connections=str(CONNECTIONS), superuser_reserved_connections="0", deadlock_timeout="10ms"
    )
    server.do("CREATE DATABASE club")
    upgrade(Postgres(tmp_path_factory.mktemp("home"), server.url("club")))
    yield server
    server.end()


@pytest.fixture
def server(one: Server) -> Server:
    if not one.runs:
        one.start()
    one.do("DELETE FROM watched_channels", database="club")
    return one


@pytest.fixture
async def database(server: Server, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(Postgres(tmp_path, server.url_with_password("club")), patience=5)
    yield database
    await database.close()


async def watch(database: Database, channel_id: int) -> None:
    async with database.writing() as session:
        await channels.watch(session, channel_id, guild_id=1, added_by=2)


async def watched(database: Database) -> set[int]:
    async with database.reading() as session:
        return set(await session.scalars(select(WatchedChannel.channel_id)))


async def test_while_it_is_stopped_all_are_asked_to_try_again_and_afterwards_all_are_answered(
    server: Server, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await watch(database, 1)
    assert await watched(database) == {1}
    server.stop()
    for _ in range(2):
        with pytest.raises(DatabaseBusy):
            await watched(database)
        with pytest.raises(DatabaseBusy):
            await watch(database, 2)
    server.start()
    await watch(database, 3)
    assert await watched(database) == {1, 3}
    told = [record.getMessage() for record in caplog.records if record.name == "bot.database.engine"]
    assert len(told) == 2
    assert told[0].startswith("I cannot reach the database postgresql://koredare@127.0.0.1")
    assert told[1] == "The database can be reached again."
    assert Server.PASSWORD not in caplog.text


async def test_connections_that_were_lost_meanwhile_are_made_again_and_nobody_hears_of_it(
    server: Server, database: Database
) -> None:
    await watch(database, 1)
    await watched(database)
    server.stop()
    server.start()
    assert await watched(database) == {1}
    await watch(database, 2)
    server.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'club'")
    await watch(database, 3)
    assert await watched(database) == {1, 2, 3}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
async def test_a_block_in_whose_middle_it_goes_is_told_so_and_nothing_of_it_is_kept(
    server: Server, database: Database, how: signal.Signals
) -> None:
    await watch(database, 1)

    async def go_on() -> None:
        async with database.writing() as session:
            await channels.watch(session, 2, guild_id=1, added_by=2)
            server.stop(how)

    with pytest.raises(DatabaseBusy):
        await go_on()
    server.start()
    assert await watched(database) == {1}


async def test_whatever_was_acknowledged_is_there_after_crashes(server: Server, database: Database) -> None:
    acknowledged = set[int]()
    enough = asyncio.Event()

    async def people() -> None:
        for channel_id in range(1, 400):
            try:
                await watch(database, channel_id)
            except DatabaseBusy:
                continue
            acknowledged.add(channel_id)
            if len(acknowledged) % 20 == 0:
                enough.set()

    talking = asyncio.create_task(people())
    for _ in range(3):
        await enough.wait()
        await asyncio.to_thread(server.stop, signal.SIGQUIT)
        server.start()
        enough.clear()
    await talking
    assert len(acknowledged) > 40
    assert await watched(database) >= acknowledged


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03", "57014", "57P01", "57P03", "08006", "53300"])
async def test_what_passes_is_told_as_busy(database: Database, code: str) -> None:
    with pytest.raises(DatabaseBusy):
        await fail(database, code)
    await watch(database, 1)


@pytest.mark.parametrize("code", ["53100", "53200", "58030", "XX001", "42501"])
async def test_what_only_an_operator_can_mend_is_told_as_that(database: Database, code: str) -> None:
    with pytest.raises(UnusableDatabase, match="the reason"):
        await fail(database, code)


async def fail(database: Database, code: str) -> None:
    async with database.writing() as session:
        await session.execute(text(f"DO 'BEGIN RAISE EXCEPTION ''the reason'' USING ERRCODE = ''{code}''; END'"))


async def test_two_who_wait_for_each_other_are_parted_and_one_is_told_to_try_again(
    server: Server, database: Database
) -> None:
    await watch(database, 1)
    with psycopg.connect(server.url("club")) as other:
        other.execute("SET deadlock_timeout = '1h'")  # so that we are the ones who see it
        other.execute("LOCK TABLE consents")

        async def lock() -> None:
            async with database.writing() as session:
                await session.execute(text("LOCK TABLE watched_channels"))
                waiting = asyncio.create_task(asyncio.to_thread(other.execute, "LOCK TABLE watched_channels"))
                try:
                    await session.execute(text("LOCK TABLE consents"))
                finally:
                    await session.rollback()
                    await waiting

        with pytest.raises(DatabaseBusy):
            await lock()
        other.rollback()
    await watch(database, 2)


async def test_when_others_have_all_its_connections_all_are_asked_to_try_again(
    server: Server, database: Database
) -> None:
    with ExitStack() as held:
        for _ in range(CONNECTIONS):
            held.enter_context(psycopg.connect(server.url("postgres")))
        with pytest.raises(UnreachableDatabase, match="database is busy") as refused:
            await watched(database)
        assert "too many clients" in refused.value.cause
    assert await watched(database) == set()


def test_a_password_is_in_no_message(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.url_with_password("club")
    monkeypatch.setenv("KOREDARE_DATABASE", url)
    settings = load_settings(home=tmp_path)
    store = stores.of(settings)
    wrong = stores.at(tmp_path, url=url.replace(Server.PASSWORD, "wrong-" + Server.PASSWORD))
    missing = stores.at(tmp_path, url=server.url_with_password("nowhere") + "?sslmode=disable")
    said = [repr(settings), str(settings), repr(store), store.name]
    for each, why in ((wrong, "password authentication failed"), (missing, '"nowhere" does not exist')):
        with pytest.raises(UnusableDatabase, match=why) as refused:
            upgrade(each)
        said += [str(refused.value), repr(refused.value.__cause__)]
    server.stop()
    for words in (("doctor", "--deep"), ("run",), ("retrain",), ("backup", tmp_path / "b.zip")):
        command = [sys.executable, "-m", "bot", *map(str, words), "--home", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said += [done.stdout, done.stderr]
        assert done.returncode != 0
    for bad in ("mysql://u:" + Server.PASSWORD + "@h/d", "postgresql://u:" + Server.PASSWORD + "@h", "postgresql://[x"):
        monkeypatch.setenv("KOREDARE_DATABASE", bad)
        with pytest.raises(ConfigError, match=r"KOREDARE_DATABASE: that is no URL of a database") as refused:
            load_settings(home=tmp_path)
        said.append(str(refused.value))
    assert not [each for each in said if Server.PASSWORD in each]
    assert any("Connection refused" in each for each in said)
