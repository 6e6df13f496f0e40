"""Two processes of one bot, a shard each, over one PostgreSQL and one store of models: what one does the other goes by.

One is killed, too.
"""

import asyncio
import shutil
import signal
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.config import Settings
from bot.database.opened import opened
from bot.database.versions import Author
from bot.retraining import publishing
from ml.painting import CAST
from ml.versions.version import EXAMPLES
from tests import databases
from tests.bot.recognition.clusters import until
from tests.conftest import KNOWN, png
from tests.wire.conftest import Club, Process
from tests.wire.service import Service
from tests.wire.world import Json

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(databases.programs() is None, reason="PostgreSQL is not installed: apt-get install postgresql"),
]
AKEHA, RIKO = KNOWN[0], CAST[6]


@dataclass
class Pair:
    """Two servers, `here` and `there`, whose bots are two processes; the first has the schedule."""

    service: Service
    here: Club
    there: Club
    url: str
    folder: Path

    def another(self, name: str, *shards: int) -> Process:
        """One more process of the bot, on a machine of its own; not started."""
        (home := self.folder / name).mkdir()
        tables = f'[database]\nurl = "{self.url}"\n[models]\nurl = "{self.store}"\n'
        return Process(self.service, home, shards=shards, tables=tables)

    @property
    def store(self) -> str:
        """Where the versions are of which all know."""
        return (self.folder / "store").as_uri()

    def machine(self, home: Path) -> Settings:
        """As a machine with that data folder is set up, whether or not a bot runs on it."""
        return Settings.model_validate({"home": home, "database": {"url": self.url}, "models": {"url": self.store}})

    @property
    def third(self) -> Settings:
        """Of a machine on which none does."""
        return self.machine(self.folder / "shell")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Pair]:
    """Both are there, and watch a channel each."""
    service = Service()
    elsewhere = service.world.found("Manga club", "pictures")
    await service.start()
    server = databases.server()
    server.do("CREATE DATABASE two_bots")
    folder = tmp_path_factory.mktemp("machines")
    started: list[Process] = []
    made = Pair(service, None, None, server.url("two_bots"), folder)  # type: ignore[arg-type]
    try:
        for name, guild_id, shard in (("here", service.world.guild_id, 0), ("there", elsewhere, 1)):
            process = made.another(name, shard)
            started.append(process)
            await process.start()
            await process.ready()
            club = Club(service, process, guild_id)
            await club.says(club.world.mod, "!watch")
            setattr(made, name, club)
        yield made
    finally:
        for process in {*started, made.here.process, made.there.process}:
            if process.running:
                await process.end(signal.SIGKILL)
        await service.stop()
        server.do("DROP DATABASE two_bots WITH (FORCE)")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def _shown(pair: Pair) -> AsyncGenerator[None]:
    yield
    print(pair.here.process.log, pair.there.process.log, *pair.service.calls, sep="\n")  # where the test failed


async def test_one_runs_the_schedule_and_tells_discord_the_commands(pair: Pair) -> None:
    await pair.here.process.until_said("Told Discord the commands")
    assert "I run the schedule." in pair.here.process.log
    assert "Another process runs the schedule." in pair.there.process.log
    assert "Servers: 1. Shards: 1 of 2." in pair.there.process.log
    assert pair.service.called("PUT /applications") == 1


async def test_what_one_writes_the_other_goes_by_at_once(pair: Pair) -> None:
    here, there, ann, mod = pair.here, pair.there, pair.here.world.ann, pair.here.world.mod
    answer = await here.stored(await here.answer(here.posts(mod, png(RIKO, seed=54))))
    plain = answer["content"]
    await here.answer(here.posts(ann, text=f"1 is {RIKO.name}", to=answer))
    await here.world.until(lambda: RIKO.name in answer["content"])

    # The language of a server is chosen with its own bot, and Ann is forgotten by the other's, which edits the answer.
    await here.says(mod, "!settings language ja")
    there.posts(ann, text="!forgetme")
    asked = await there.world.until(
        lambda: [each for each in there.by_bot() if "Delete it all" in str(each["components"])]
    )
    there.presses(ann, asked[0], "Delete it all")
    await here.world.until(lambda: RIKO.name not in answer["content"])
    assert answer["content"] != plain
    assert any("\u3040" <= sign <= "\u30ff" for sign in answer["content"]), answer["content"]
    await here.says(mod, "!settings language en")


async def test_what_is_published_refused_and_forgotten_elsewhere_holds_here_without_a_restart(
    pair: Pair, trained_home: Path
) -> None:
    here, there, world = pair.here, pair.there, pair.here.world

    async def post() -> Json:
        """Ben posts a picture of three."""
        return await there.stored(await there.answer(there.posts(world.ben, png(*CAST[4:7], seed=57))))

    async def read_again(answer: Json, face: int) -> int:
        """How often that picture is read from Discord for a correction."""
        before = pair.service.called("GET /attachments")
        await there.answer(there.posts(world.mod, text=f"{face} is {CAST[3 + face].name}", to=answer))
        return pair.service.called("GET /attachments") - before

    async def publish() -> None:
        """Publish a version on a third machine; when both bots have taken it up, they have heard all before it too."""
        async with opened(pair.third) as database:
            with pair.third.registry(None).staging() as staged:
                shutil.copytree(trained_home / "models/everyone/v1", staged, dirs_exist_ok=True)
                (staged / EXAMPLES).unlink()  # its faces are not in this database, and would count as forgotten
                version = await publishing.publish(
                    pair.third, database, staged, kind="published", guild_id=None, by=Author("shell")
                )
        for each in (here, there):
            known = pair.machine(each.process.home).registry(None)
            await asyncio.to_thread(until, lambda known=known: known.chosen() == version.name)

    assert AKEHA.name not in (await here.answer(here.posts(world.ben, png(AKEHA, seed=54))))["content"]
    answer = await post()
    await there.answer(there.posts(world.mod, text=f"1 is {CAST[4].name}", to=answer))
    (question,) = await world.until(lambda: [each for each in there.by_bot() if "may I keep" in each["content"]])
    before = pair.service.called("GET /attachments")
    there.presses(world.ben, question, "Yes, learn from them")
    await world.until(lambda: pair.service.called("GET /attachments") > before)
    assert await read_again(answer, 2) == 0  # it is still in memory

    asked = await here.says(world.ann, "!privacy")
    no = here.presses(world.ann, asked, "No")
    await world.until(lambda: no["callback"])
    await publish()
    for each in (here, there):
        assert AKEHA.name in (await each.answer(each.posts(world.ben, png(AKEHA, seed=54))))["content"]
    assert await read_again(answer, 3) == 1

    answer = await post()
    assert [await read_again(answer, face) for face in (1, 2)] == [1, 0]
    await here.answer(here.posts(world.ann, png(RIKO, seed=60)))
    asked = await here.says(world.ann, "!forgetme")
    done = here.presses(world.ann, asked, "Delete it all")
    await world.until(lambda: done["original"])
    await publish()
    assert await read_again(answer, 3) == 1


async def test_a_retraining_that_another_process_does_is_told_in_a_sentence(pair: Pair) -> None:
    there = pair.there
    async with opened(pair.third) as database, database.claim(f"retraining {there.guild_id}") as mine:
        assert mine
        there.posts(there.world.mod, text="!retrain")
        told = "A retraining is running already; wait for it to end."
        await there.world.until(lambda: [each for each in there.by_bot() if told in each["content"]])


async def test_when_one_is_killed_the_other_goes_on_and_takes_the_schedule_and_a_third_its_servers(pair: Pair) -> None:
    here, there, mod = pair.here, pair.there, pair.here.world.mod
    answer = await here.stored(await here.answer(here.posts(mod, png(RIKO, seed=55))))
    await here.process.end(signal.SIGKILL)
    await there.process.until_said("I run the schedule from now on.")
    await there.process.until_said("Discord knows the commands already")
    assert (await there.answer(there.posts(mod, png(RIKO, seed=56))))["content"]

    third = here.process = pair.another("third", 0)
    await third.start()
    await third.ready()
    assert "Another process runs the schedule." in third.log
    here.world.react(mod, answer, "❌")  # on an answer of the one that was killed
    await here.answer(answer)
    await here.answer(here.posts(mod, text=f"1 is {RIKO.name}", to=answer))
    await here.world.until(lambda: RIKO.name in answer["content"])


async def test_a_shard_is_held_by_one_process(pair: Pair) -> None:
    twin = pair.another("twin", 1)
    await twin.start()
    await twin.until_said("Another process of this bot holds shard 1 already")
    await pair.there.process.end(signal.SIGKILL)
    await twin.ready()
    pair.there.process = twin
    await pair.there.process.until_said("chedule")
