"""Retraining as a process: bounded, killable, and never half-published."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from bot.config import Settings, load_settings
from bot.database import Database, versions
from bot.database.opened import opened
from bot.database.versions import Author
from bot.retraining import publishing
from bot.retraining.run import NothingToLearn, retrain
from bot.retraining.training import RetrainingError
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES
from tests.conftest import KNOWN, koredare, outdate

OPERATOR = Author("shell")


@pytest.fixture
def settings(trained_home: Path) -> Settings:
    outdate(trained_home)
    return load_settings(home=trained_home)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    async with opened(settings) as database:
        yield database


def configured(settings: Settings, **chosen: object) -> Settings:
    return settings.model_copy(update={"retraining": settings.retraining.model_copy(update=chosen)})


def trainers(home: Path) -> list[psutil.Process]:
    """Processes that train on a job in this data folder."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "ml.training.process" in words and any(word.startswith(str(home)) for word in words):
            found.append(process)
    return found


def wait_until(happened: Callable[[], object]) -> None:
    while not happened():
        time.sleep(0.1)


def events(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "koredare.db")) as database:
        return database.execute("SELECT kind, number, via, user_id FROM version_events ORDER BY id").fetchall()


def test_a_version_folder_holds_all_that_its_answers_rest_on(trained_home: Path) -> None:
    folder = trained_home / "models" / "everyone" / "v1"
    assert {path.name for path in folder.iterdir()} == {CLASSIFIER, DESCRIPTION, EXAMPLES}
    told = json.loads((folder / DESCRIPTION).read_text())
    assert len(told["embedder"]) == 64
    assert 0.5 <= told["threshold"] < 1
    assert told["published"] == {"kind": "published", "via": "shell"}
    learned = json.loads((folder / EXAMPLES).read_text())
    assert sorted(learned) == sorted(each.name for each in KNOWN)
    with closing(sqlite3.connect(trained_home / "koredare.db")) as database:
        kept = database.execute("SELECT face_id FROM samples WHERE NOT held_out").fetchall()
    listed, there = {face for faces in learned.values() for face in faces}, {face for (face,) in kept}
    assert listed <= there
    assert len(listed) >= len(there) - 1  # of two that look the same one counts


async def test_one_that_takes_too_long_is_killed(settings: Settings, database: Database) -> None:
    with pytest.raises(RetrainingError, match=r"took over 0\.001 minutes and was stopped"):
        await retrain(configured(settings, minutes=0.001), database, guild_id=None, by=OPERATOR)
    assert not trainers(settings.home)
    assert [path.name for path in (settings.home / "models/everyone").glob(".staging-*")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
async def test_one_that_needs_too_much_memory_ends_with_a_sentence_that_says_how_to_allow_more(
    settings: Settings, database: Database
) -> None:
    with pytest.raises(RetrainingError, match=r"more than 150 MB of memory.*megabytes"):
        await retrain(configured(settings, megabytes=150), database, guild_id=None, by=OPERATOR)
    assert settings.registry(None).active() is not None


async def test_one_at_a_time(settings: Settings, database: Database) -> None:
    first = asyncio.create_task(retrain(settings, database, guild_id=None, by=OPERATOR))
    await asyncio.to_thread(wait_until, lambda: trainers(settings.home))
    with pytest.raises(RetrainingError, match="running already"):
        await retrain(settings, database, guild_id=None, by=OPERATOR)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not trainers(settings.home)  # whoever is cancelled takes the process along


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and niceness are POSIX")
def test_a_retraining_runs_at_low_priority_and_ends_with_whoever_started_it(trained_home: Path) -> None:
    outdate(trained_home)
    parent = subprocess.Popen(
        [sys.executable, "-m", "bot", "retrain", "--home", str(trained_home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: trainers(trained_home))
    (child,) = trainers(trained_home)
    wait_until(lambda: child.nice() >= 10)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not trainers(trained_home))
    assert [event[0] for event in events(trained_home)] == ["published"]
    assert koredare("model", "list", home=trained_home).returncode == 0


async def test_what_a_killed_publisher_could_not_write_down_is_made_up_for(
    settings: Settings, database: Database
) -> None:
    registry = settings.registry(None)
    first = registry.active()
    assert first is not None
    with registry.staging() as staging:  # as a process that is killed before its transaction
        for part in first.folder.iterdir():
            (staging / part.name).write_bytes(part.read_bytes())
        registry.publish(staging, published={"kind": "overridden", "via": "chat"})
    for _ in range(2):
        await publishing.reconcile(settings, database, guild_id=None)
    registry.activate("v1")  # and one that went back
    for _ in range(2):
        await publishing.reconcile(settings, database, guild_id=None)
    async with database.reading() as session:
        found = await versions.history(session, guild_id=None)
    assert [(event.kind, event.number, event.via) for event in found] == [
        ("published", 1, "shell"),
        ("overridden", 2, "chat"),
        ("rolled_back", 1, "shell"),
    ]


async def test_what_a_server_chose_holds_on_the_shell_too(settings: Settings, database: Database) -> None:
    server = 1
    async with database.writing() as session:
        # As if the imported pictures had been posted there.
        for statement in (
            f"UPDATE pictures SET guild_id = {server}, source = 'discord', poster_id = 7",
            f"UPDATE characters SET guild_id = {server}",
            f"INSERT INTO guild_settings (guild_id, consent, moderator_roles) VALUES ({server}, 'never', '[]')",
        ):
            await session.execute(text(statement))
    with pytest.raises(NothingToLearn):
        await retrain(settings, database, guild_id=server, by=OPERATOR)
    async with database.writing() as session:
        await session.execute(text("DELETE FROM guild_settings"))
    with pytest.raises(RetrainingError, match="minutes and was stopped"):
        await retrain(configured(settings, minutes=0.001), database, guild_id=server, by=OPERATOR)
