"""Disks and databases that fail while people use the bot: a sentence for them, a line in the log, nothing lost."""

import io
import json
import logging
import re
import shutil
from typing import Any

import pytest

from bot import logs
from ml.painting import CAST
from tests.conftest import png
from tests.e2e.conftest import Discord

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
