"""Disks and databases that fail while people use the bot: a sentence for them, a line in the log, nothing lost."""

import shutil

import pytest

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
