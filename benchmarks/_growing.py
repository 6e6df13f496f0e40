"""What grows with characters and with servers: a retraining, and the bot's start."""

import asyncio
import copy
import signal
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from retraining import embeddings, job, run

from bot.database.migrate import upgrade
from bot.database.stores import SqliteFile
from bot.database.stores.sqlite import database_path
from tests.wire.conftest import Process
from tests.wire.gateway import Gateway, Session
from tests.wire.service import Service
from tests.wire.world import Json

CHARACTERS: Final = (10, 100, 1_000, 10_000)
FACES: Final = 20  # of each character, every fifth held out
SERVERS: Final = (10, 1_000, 10_000)
ROOM: Final = 2**16  # MB: enough for any, as it is to be seen how much each takes
CHANNELS, ROLES, EMOJIS = 30, 20, 50  # of a server, as Discord tells a bot of it


def retrainings(sizes: Sequence[int] = CHARACTERS, *, times: int = 1) -> Iterator[str]:
    """Lines of a table: so many characters, and what a retraining takes."""
    yield f"{'characters':>10} {'faces':>9} {'seconds':>21} {'processor':>21} {'MB':>7}"
    for characters in sizes:
        taken = list[float]()
        busy = list[float]()
        peak = 0.0
        for seed in range(times):
            with tempfile.TemporaryDirectory() as folder:
                job(characters, FACES).save(Path(folder), embeddings(characters, FACES, seed=seed))
                stages, used, most, _ = run(Path(folder), megabytes=ROOM)
            taken.append(stages["ended"])
            busy.append(used)
            peak = max(peak, most)
        yield f"{characters:10,} {characters * FACES:9,} {_spread(taken)} {_spread(busy)} {peak:7.0f}"


class Crowded(Gateway):
    """A gateway of a bot that is in many servers; nothing happens in any but the first."""

    def __init__(self, world: Any, servers: int) -> None:
        super().__init__(world)
        self.servers = servers

    async def _tell(self, session: Session, event: str, data: Json) -> None:
        others = [(number << 40) + 5 for number in range(1, self.servers)]
        match event:
            case "READY":
                data["guilds"] += [{"id": str(each), "unavailable": True} for each in others]
                await super()._tell(session, event, data)
            case "GUILD_CREATE":
                await super()._tell(session, event, data)
                for each in others:
                    await super()._tell(session, event, _server(data, each))
            case _:
                await super()._tell(session, event, data)


def _server(like: Json, guild_id: int) -> Json:
    """A server as large as they are, with ids of its own."""
    made = copy.copy(like) | {"id": str(guild_id), "name": f"Server {guild_id}"}
    role, channel = like["roles"][0], like["channels"][0]
    made["roles"] = [role | {"id": str(guild_id + n), "name": f"role {n}"} for n in range(ROLES)]
    of_it = {"guild_id": str(guild_id)}
    made["channels"] = [channel | of_it | {"id": str(guild_id + 100 + n), "name": f"c{n}"} for n in range(CHANNELS)]
    made["emojis"] = [
        {"id": str(guild_id + 200 + n), "name": f"e{n}", "roles": [], "require_colons": True, "managed": False,
         "animated": False, "available": True}
        for n in range(EMOJIS)
    ]  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Start:
    """What a start took: seconds until it said that it is there, seconds of processor, and memory in MB then."""

    seconds: float
    processor: float
    bot: float
    workers: float


async def start(home: Path, servers: int) -> Start:
    """Start the bot in so many servers."""
    service = Service()
    service.gateway = Crowded(service.world, servers)
    await service.start()
    process = Process(service, home)
    try:
        begun = time.perf_counter()
        await process.start()
        said = await process.until_said("Ready.")
        taken = time.perf_counter() - begun
        assert f"Servers: {servers}." in said, said
        bot = psutil.Process(process._process.pid)  # noqa: SLF001
        with bot.oneshot():
            used, memory = bot.cpu_times(), bot.memory_info().rss
        workers = sum(each.memory_info().rss for each in bot.children(recursive=True))
        await process.end()
        return Start(taken, used.user + used.system, memory / 2**20, workers / 2**20)
    finally:
        if process.running:
            await process.end(signal.SIGKILL)
        await service.stop()


def know(home: Path, servers: int) -> None:
    """Have so many servers chosen something: a language, a channel that is watched."""
    upgrade(SqliteFile(home))
    ids = [(number << 40) + 5 for number in range(1, servers)]
    with closing(sqlite3.connect(database_path(home))) as connection, connection:
        connection.executemany(
            "INSERT INTO guild_settings (guild_id, language, moderator_roles) VALUES (?, 'ja', '[]')",
            ((each,) for each in ids),
        )
        connection.executemany(
            "INSERT INTO watched_channels (channel_id, guild_id, added_by, at) VALUES (?, ?, 1, '2026-11-28 09:00:00')",
            ((each + 100, each) for each in ids),
        )


def starts(sizes: Sequence[int] = SERVERS, *, times: int = 3) -> Iterator[str]:
    """Lines of a table: so many servers, and what a start takes."""
    yield f"{'servers':>10} {'seconds':>21} {'processor':>21} {'bot, MB':>21} {'worker, MB':>21}"
    for servers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            know(home, servers)
            found = [asyncio.run(start(home, servers)) for _ in range(times)]
        columns = zip(*((each.seconds, each.processor, each.bot, each.workers) for each in found), strict=True)
        yield f"{servers:10,} " + " ".join(_spread(list(column)) for column in columns)


def _spread(values: Sequence[float]) -> str:
    """The median, and the others' reach where there are others."""
    reach = "" if len(values) == 1 else f" ({min(values):.1f}–{max(values):.1f})"
    return f"{f'{statistics.median(values):.1f}{reach}':>21}"
