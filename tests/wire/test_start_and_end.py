"""The bot starts in whatever state Discord is, or says in one line why not; and it ends when it is told to."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from discord.http import Route

from bot import serving
from bot.choices import Choices
from bot.config import load_settings
from bot.config.loading import DATABASE_VARIABLE
from bot.database.errors import DatabaseBusy
from ml.errors import KoredareError
from tests.conftest import KNOWN, outdate, png
from tests.wire.conftest import CONFIG, Club, Process
from tests.wire.faults import Fault, rate_limited
from tests.wire.service import TOKEN, Service

NEVER = 10**6  # times: a fault that does not pass


@pytest.fixture
async def service() -> AsyncGenerator[Service]:
    """A Discord without a bot."""
    service = Service()
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def process(service: Service, tmp_path: Path) -> AsyncGenerator[Process]:
    """A bot that has not been started and never learned anything."""
    process = Process(service, tmp_path)
    yield process
    print(process.log, *service.calls, sep="\n")  # shown where the test failed
    if process.running:
        await process.end(signal.SIGKILL)


Start = Callable[[], Awaitable[str]]


@pytest.fixture
def start(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Start]:
    """Starts the bot here, where it cannot start, and does not wait between its tries; gives what ends it."""
    genuine = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _seconds: genuine(0))
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setenv("KOREDARE_TOKEN", TOKEN)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("discord."):
            monkeypatch.setattr(logging.getLogger(name), "filters", [])

    async def start() -> str:
        (tmp_path / "config.toml").write_text(CONFIG.format(api=service.api, shards=""), encoding="utf-8")
        with pytest.raises(KoredareError) as refused:
            await serving.run(load_settings(home=tmp_path))
        return str(refused.value)

    yield start
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


async def refusal(process: Process) -> str:
    """Start the bot where it cannot; gives what it says, which is one line beside discord.py's "logging in"."""
    await process.start()
    assert await process.ended() == 1
    *others, said = process.said
    assert all(" INFO " in line for line in others), process.log
    return said


@pytest.mark.parametrize(
    ("code", "said"),
    [(4004, "refuses the bot token"), (4011, "more shards"), (4013, "does not know the intents")],
)
async def test_who_is_closed_out_for_good_says_why(service: Service, start: Start, code: int, said: str) -> None:
    service.gateway.closes = code
    assert said in await start()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("GET", "/users/@me", status=401, times=NEVER), "refuses the bot token"),
        (Fault("GET", "/users/@me", status=503, body="<html>", times=NEVER), "does not let me start"),
        (Fault("GET", "/users/@me", status=429, body="<html>", times=NEVER), "does not let me start"),
        (Fault("GET", "/gateway/bot", status=503, times=NEVER), "does not say where its gateway is"),
        (Fault("GET", "/users/@me", "drop", times=NEVER), "cannot reach Discord (Server disconnected)"),
    ],
    ids=lambda value: f"{value.path} {value.way} {value.status}" if isinstance(value, Fault) else "",
)
async def test_a_discord_that_has_trouble_is_told_of(service: Service, start: Start, fault: Fault, said: str) -> None:
    service.fault(fault)
    assert said in await start()


async def test_a_database_that_is_lost_while_the_bot_starts_is_told_of(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_: Choices) -> None:
        raise DatabaseBusy

    monkeypatch.setattr(Choices, "read", lost)
    assert await start() == "The database is busy with something else; please try again in a moment."


async def test_who_cannot_start_says_so_in_a_line(service: Service, process: Process) -> None:
    service.gateway.closes = 4013
    assert "koredare: Discord does not know the intents" in await refusal(process)


async def test_a_bot_that_is_refused_the_intent_goes_on_without_it(service: Service, process: Process) -> None:
    service.gateway.closes = 4014
    await process.start()
    await process.until_said("message_content = false")
    service.gateway.closes = None
    await process.ready()
    assert not service.gateway.intents & 1 << 15


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        (Fault("GET", "/users/@me", "hang"), signal.SIGTERM),
        (rate_limited("GET", "/users/@me", 50), signal.SIGINT),
        (Fault("GET", "/oauth2/applications/@me", "hang"), signal.SIGTERM),
        (Fault("GET", "/gateway/bot", "hang"), signal.SIGINT),
        (None, signal.SIGTERM),
    ],
    ids=lambda value: f"{value.path} {value.way}" if isinstance(value, Fault) else None,
)
async def test_it_ends_when_it_is_told_to_before_it_is_ready(
    service: Service, process: Process, fault: Fault | None, number: signal.Signals
) -> None:
    if fault is None:
        service.gateway.refuses = 503
    else:
        fault = service.fault(Fault(fault.method, fault.path, fault.way, fault.status, fault.body, fault.headers))
    await process.start()
    await service.world.until(lambda: service.gateway.tried if fault is None else fault.met)
    assert await process.end(number) == 0
    assert "Traceback" not in process.log


async def test_commands_that_discord_does_not_take_keep_nobody_waiting(service: Service, process: Process) -> None:
    service.fault(rate_limited("PUT", "/applications/*/commands", 200, times=NEVER))
    await process.start()
    await process.until_said("was not told the commands")
    club = Club(service, process)
    assert "I answer every picture" in (await club.says(club.world.mod, "!watch"))["content"]
    assert "Traceback" not in process.log


async def test_a_gateway_that_refuses_is_told_of_once_and_who_waits_for_an_answer_at_the_end_too(
    service: Service, process: Process
) -> None:
    await process.start()
    await process.ready()
    service.gateway.refuses = 503
    await service.gateway.drop()
    tried = service.gateway.tried
    await service.world.until(lambda: service.gateway.tried > tried + 1)
    assert process.log.count("Discord has trouble") == 1
    assert "Traceback" not in process.log
    service.gateway.refuses = None
    await service.world.until(service.gateway.online)
    club = Club(service, process)
    await club.says(club.world.mod, "!watch")
    stalled = service.fault(Fault("GET", "/attachments/*", "hang"))
    posted = club.posts(club.world.ann, png(KNOWN[0], seed=20))
    await service.world.until(lambda: stalled.met)
    assert await process.end() == 0
    (answer,) = club.answers(posted)
    assert "try again" in answer["content"]


async def test_a_gateway_that_shuts_the_door_or_talks_nonsense_is_gone_to_again(
    service: Service, process: Process
) -> None:
    await process.start()
    await process.ready()
    gateway = service.gateway
    gateway.refuses = 503  # then all begins anew
    await gateway.drop()
    await service.world.until(lambda: gateway.tried > 1)
    gateway.refuses, gateway.shuts = None, True
    tried = gateway.tried
    await service.world.until(lambda: gateway.tried > tried)
    gateway.shuts = False
    await service.world.until(lambda: gateway.identified == 2)
    await gateway.talk_nonsense()
    await service.world.until(lambda: gateway.identified == 3)
    await process.until_said("Ready")
    club = Club(service, process)
    assert "I answer every picture" in (await club.says(club.world.mod, "!watch"))["content"]
    assert "Traceback" not in process.log


async def test_it_ends_when_it_is_told_to_while_it_connects_anew(service: Service, process: Process) -> None:
    await process.start()
    await process.ready()
    service.gateway.mute = True
    await service.gateway.drop()
    await service.world.until(lambda: service.gateway.tried > 1)
    assert await process.end() == 0
    assert "Traceback" not in process.log


async def test_of_two_shards_one_that_begins_anew_hears_what_it_missed(service: Service, process: Process) -> None:
    elsewhere = service.world.found("Manga club", "pictures")
    process.shards = [0, 1]
    await process.start()
    await process.ready()
    there = Club(service, process, elsewhere)
    await there.says(there.world.mod, "!watch")
    await service.gateway.lose(1)
    posted = there.posts(there.world.ann, png(KNOWN[0], seed=20), quietly=True)
    await there.answer(posted)


async def test_processes_that_share_no_database_do_not_start(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    process.shards = [1]
    assert "They have to share one database" in await refusal(process)


async def test_it_goes_by_discords_clock_where_the_machines_is_wrong(service: Service, process: Process) -> None:
    service.clock = timedelta(days=-400)
    await process.start()
    await process.until_said("The machine's clock is 400 days, 0:00:0")
    await process.ready()
    assert await process.end() == 0


async def test_a_data_folder_has_one_bot(service: Service, process: Process) -> None:
    await process.start()
    await process.ready()
    assert "A bot runs on" in await refusal(Process(service, process.home))
    assert await process.end(signal.SIGKILL) == -signal.SIGKILL
    await process.start()
    await process.ready()


async def test_a_bar_that_a_killed_bot_left_is_ended_at_the_next_start(
    service: Service, process: Process, trained_home: Path
) -> None:
    process.home = trained_home
    outdate(trained_home)
    await process.start()
    await process.ready()
    club = Club(service, process)
    bar = await club.says(club.world.mod, "!retrain")
    await service.world.until(lambda: bar["edited_timestamp"])
    await process.end(signal.SIGKILL)
    assert "▱" in bar["content"]
    await process.start()
    await service.world.until(lambda: "The retraining was stopped" in bar["content"])
    again = await club.says(club.world.mod, "!retrain")
    await service.world.until(lambda: again["edited_timestamp"])
    assert await process.end() == 0
    assert "The retraining was stopped" in again["content"]
