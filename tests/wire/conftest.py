"""The bot as `koredare run` starts it, a process of its own, and the small Discord that it talks with."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.wire.service import TOKEN, Service
from tests.wire.world import Json

CONFIG = """
[discord]
api = "{api}"
{shards}
[recognition]
workers = 1
seconds = 600  # of a picture: slow machines pass the tests too
[retraining]
every = ""
after_corrections = 0
"""


class Process:
    """The bot's process. `said` are the lines of its log.

    `shards` are those that it holds, of two; none: all there are. `tables`: more of its configuration.
    """

    def __init__(self, service: Service, home: Path, *, shards: Sequence[int] = (), tables: str = "") -> None:
        self.service, self.home, self.shards, self.tables = service, home, list(shards), tables
        self.said: list[str] = []
        self._process: asyncio.subprocess.Process
        self._reading: asyncio.Task[None]

    async def start(self, *, token: str = TOKEN) -> None:
        """Start it, without waiting for anything."""
        self.said.clear()
        (self.home / "config.toml").write_text(self._config(), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--home", str(self.home)),
            env=os.environ | {"KOREDARE_TOKEN": token},
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        self._reading = asyncio.create_task(self._read())

    def _config(self) -> str:
        shards = f"shards = 2\nshard_ids = {self.shards}" if self.shards else ""
        return CONFIG.format(api=self.service.api, shards=shards) + self.tables

    async def ready(self) -> None:
        """Wait until it is there."""
        await self.until_said("Ready")

    async def until_said(self, words: str) -> str:
        """Wait for a line of its log."""
        ended = self._reading
        found = await self.service.world.until(
            lambda: next((line for line in self.said if words in line), None) or (ended.done() and "ended") or None
        )
        assert found != "ended", f"it never said {words!r}:\n{self.log}"
        return found

    @property
    def log(self) -> str:
        return "\n".join(self.said)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal; gives how it ended."""
        self._process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended; gives how. Whatever befell it, its log never has the token."""
        code = await self._process.wait()
        await self._reading
        assert TOKEN not in self.log
        return code

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.said.append(line.decode(errors="replace").rstrip("\n"))
            self.service.world.changed()
        self.service.world.changed()


class Club:
    """People in a server, the first if no other is named, whose bot is a process, over a real wire."""

    def __init__(self, service: Service, process: Process, guild_id: int | None = None) -> None:
        self.service, self.process = service, process
        self.world, self.gateway = service.world, service.gateway
        self.guild_id = self.world.guild_id if guild_id is None else guild_id
        self.pictures = next(each for each, where in self.world.guild_of.items() if where == self.guild_id)

    def posts(self, who: Json, picture: bytes | None = None, text: str = "", **how: Any) -> Json:
        """Somebody posts a picture, or text, in the watched channel (or `where`)."""
        files = [] if picture is None else [("picture.png", picture)]
        what: Json = {"content": text}
        if (to := how.pop("to", None)) is not None:
            what["message_reference"] = {"message_id": to["id"]}
        return self.world.put(who, how.pop("where", self.pictures), what, files, **how)

    def answers(self, message: Json) -> list[Json]:
        """What the bot has said in reply to a message."""
        said = [each for each in self.world.messages.values() if each["author"]["id"] == self.world.bot["id"]]
        return [each for each in said if each.get("message_reference", {}).get("message_id") == message["id"]]

    async def answer(self, message: Json) -> Json:
        """The bot's first reply to a message, when it comes."""
        return (await self.world.until(lambda: self.answers(message)))[0]

    async def says(self, who: Json, text: str, **how: Any) -> Json:
        """Somebody writes something that is answered; gives the answer."""
        said = int(self.posts(who, text=text, **how)["id"])
        return (await self.world.until(lambda: [each for each in self.by_bot() if int(each["id"]) > said]))[0]

    def by_bot(self) -> list[Json]:
        """All that the bot has said there and that still stands."""
        said = [each for each in self.world.messages.values() if each.get("guild_id") == str(self.guild_id)]
        return [each for each in said if each["author"]["id"] == self.world.bot["id"]]

    def presses(self, who: Json, message: Json, label: str) -> Json:
        """Somebody presses a button; gives what is known of that."""
        for row in message["components"]:
            for each in row["components"]:
                if each.get("label") == label:
                    data = {"custom_id": each["custom_id"], "component_type": 2}
                    return self.world.interact(who, 3, data, channel_id=int(message["channel_id"]), message=message)
        raise AssertionError(f"no button {label!r} below {message['content']!r}")

    def slash(self, who: Json, name: str, /, **options: object) -> Json:
        """Somebody uses a slash command."""
        command = next(each for each in self.world.commands if each["name"] == name)
        given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {"id": command["id"], "name": name, "type": 1, "options": given}
        return self.world.interact(who, 2, data, channel_id=self.pictures)

    async def stored(self, message: Json) -> Json:
        """An answer, when the bot has it in its database too: then it is known which one it is."""
        used = self.presses(self.world.ben, message, "Correct…")
        await self.world.until(lambda: used["original"])
        return message

    async def stays_silent(self, message: Json) -> bool:
        """Whether a message is not answered more than once: a later one is heard and answered, that one not again."""
        before = len(self.answers(message))
        await self.says(self.world.mod, "!settings")
        return len(self.answers(message)) == before


@pytest.fixture(scope="module")
def home(_trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has learned the gallery, for the bot of a module."""
    return Path(shutil.copytree(_trained, tmp_path_factory.mktemp("wire") / "home"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_club(home: Path) -> AsyncGenerator[Club]:
    """A running bot that watches a channel; one for all tests of a module, as a start takes seconds."""
    service = Service()
    await service.start()
    process = Process(service, home)
    await process.start()
    try:
        await process.ready()
        club = Club(service, process)
        await club.says(club.world.mod, "!watch")
        yield club
    finally:
        if process.running:
            await process.end(signal.SIGKILL)
        await service.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def club(whole_club: Club) -> AsyncGenerator[Club]:
    """The bot of the module, on a wire that is whole."""
    yield whole_club
    print(whole_club.process.log, *whole_club.service.calls, sep="\n")  # shown where the test failed
    whole_club.service.heal()
    whole_club.gateway.refuses = whole_club.gateway.closes = None
    whole_club.gateway.shuts = False
