"""Disks and databases that fail while people use the bot: a sentence for them, a line in the log, nothing lost."""

import io
import json
import logging
import re
import shutil
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from bot import logs
from bot.correcting.menus import NAME
from ml.painting import CAST
from tests import databases
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord
from tests.e2e.forging import answered, told, use, written

NEW = CAST[6]


async def test_on_a_disk_that_is_nearly_full_what_people_say_counts_and_is_learned_once_there_is_room(
    club: Discord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await club.post(club.ann, png(NEW, seed=51))
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 9 * 10**8, 10**8))
        reply = await club.post(club.ann, png(NEW, seed=52))
        await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
        await club.agree(club.ann)
        assert f"{NEW.name} ✔" in club.again(reply).content
        await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
        assert "I learn from it once my disk has room again" in club.last().content
        await club.mod.send(club.pictures, "!retrain")
        assert "The disk has 95 MB left" in club.last().content
        await club.mod.send(club.pictures, f"!teach {NEW.name}", attachments=[("her.png", png(NEW, seed=53))])
        assert "The disk has 95 MB left" in club.last().content
    assert "No face is kept to learn from" in caplog.text
    await club.mod.send(club.pictures, "!retrain")
    assert f"I know {NEW.name} now." in club.last().content


async def test_what_fails_by_our_fault_is_in_the_log_under_the_id_that_was_told_with_the_picture_that_it_was(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("Riko\n2026-11-28 09:00:00 INFO bot: all is well")

    root, written = logging.getLogger(), io.StringIO()
    before = root.handlers[:]
    logs.begin(form="json", to=written)
    monkeypatch.setattr(club.bot.recognition, "run", broken)
    for ask in ("", "!whois"):
        written.seek(0)
        written.truncate()
        posted = await club.ann.send(club.pictures, ask, attachments=[("p.png", png(NEW, seed=51))])
        told = re.search(r"`([0-9a-f]{8})`", club.last().content)
        assert told is not None
        (line,) = [json.loads(each) for each in written.getvalue().splitlines() if told[1] in each]
        assert (line["level"], line["message"]) == ("error", posted.id)
        assert line["picture"] == posted.attachments[0].id
        assert "ZeroDivisionError" in line["exception"]
    root.handlers[:] = before
    club.env._errors.clear()  # that of the command, which was meant


@pytest.mark.sqlite_only
async def test_while_the_database_fails_people_are_told_and_nothing_is_said_to_be_noted_that_is_not(
    newborn: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    club, path = newborn, newborn.home / "koredare.db"
    face = await answered(club, guild_id=club.guild_id, channel_id=club.general.id, poster_id=1, reply_id=11)

    async def says(name: str) -> str:
        used = await use(club, club.mod, "NameMenu", f"koredare:names:{face.id}", [f"{NAME}{name}"])
        return told(used) + club.last(club.general).content

    assert "Noted: **Riko**" in await says("Riko")
    before = (await written(club))["corrections"]

    path.rename(club.home / "away.db")
    posted = await club.ann.send(club.pictures, "!whois", attachments=[("p.png", png(NEW, seed=51))])
    assert "my operator can mend it, and finds it in the log" in club.last().content
    assert club.last().id != posted.id
    assert "it is gone" in caplog.text
    assert not path.exists()
    (club.home / "away.db").rename(path)

    async with club.bot.database.writing() as session:
        await session.execute(text("PRAGMA busy_timeout = 1"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "The database is busy" in await says("Maki")
        other.execute("ROLLBACK")
    assert (await written(club))["corrections"] == before
    assert "Noted: **Maki**" in await says("Maki")
    assert len((await written(club))["corrections"]) == len(before) + 1


@pytest.mark.sqlite_only
async def test_what_discords_trouble_kept_back_waits_for_the_database_too(club: Discord) -> None:
    path, away = club.home / "koredare.db", club.home / "away.db"
    answer = await club.post(club.ann, png(KNOWN[0], seed=61))
    club.env.inject_error("POST", "/channels/*/messages", status=503)  # the question for consent
    club.env.inject_error("PATCH", "/channels/*/messages/*", status=503)  # what shows the correction
    await club.mod.react(answer, "✅")
    said = {each.id: each.content for each in club.pictures.history()}
    path.rename(away)
    await club.env.advance_time(65)
    assert {each.id: each.content for each in club.pictures.history()} == said
    away.rename(path)
    await club.env.advance_time(65)
    assert "a moderator says so" in club.again(answer).content
    assert "may I keep" in club.last().content


async def test_a_bar_that_cannot_be_ended_is_ended_once_discord_lets_us(club: Discord) -> None:
    club.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=None)
    await club.mod.send(club.pictures, "!retrain")
    assert "nothing new to learn" in club.last().content
    (bar,) = [each for each in club.pictures.history() if "▱" in each.content]
    club.env.backend.faults.clear()
    await club.env.advance_time(65)
    assert "what came of it stands below" in club.again(bar).content
    assert not list((club.home / "bars").iterdir())


@pytest.mark.postgres_only
async def test_while_the_server_of_the_database_is_away_people_are_asked_to_try_again_and_nothing_is_lost(
    newborn: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    club = newborn
    face = await answered(club, guild_id=club.guild_id, channel_id=club.general.id, poster_id=1, reply_id=11)

    async def says(name: str) -> str:
        used = await use(club, club.mod, "NameMenu", f"koredare:names:{face.id}", [f"{NAME}{name}"])
        return told(used) + club.last(club.general).content

    assert "Noted: **Riko**" in await says("Riko")
    before = (await written(club))["corrections"]
    databases.server().stop()
    assert "The database is busy" in await says("Maki")
    await club.ann.send(club.pictures, "!whois", attachments=[("p.png", png(NEW, seed=51))])
    assert "The database is busy" in club.last().content
    databases.server().start()
    assert "I cannot reach the database postgresql://" in caplog.text
    assert (await written(club))["corrections"] == before
    assert "Noted: **Maki**" in await says("Maki")
    assert len((await written(club))["corrections"]) == len(before) + 1


async def test_where_all_models_are_gone_it_goes_by_what_was_taught_until_they_are_back(club: Discord) -> None:
    models = club.home / "models"
    models.rename(club.home / "away")
    assert "not measured yet" in (await club.post(club.ann, png(KNOWN[0], seed=54))).content
    await club.mod.send(club.pictures, "!model")
    assert "No version yet" in club.last().content
    (club.home / "away").rename(models)
    answer = await club.post(club.ann, png(KNOWN[0], seed=55))
    assert KNOWN[0].name in answer.content
    assert "not measured yet" not in answer.content
