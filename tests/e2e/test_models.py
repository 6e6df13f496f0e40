"""What moderators see of versions in chat: which one answers, how they came along, and going back."""

import asyncio
import io
import re
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
from PIL import Image

from bot.database import versions
from ml.painting import CAST
from tests import databases
from tests.bot.retraining.test_run import trainers, wait_until
from tests.bot.shell.test_commands import spoil
from tests.conftest import KNOWN, outdate, png
from tests.e2e.conftest import Discord, furnish, running
from tests.e2e.test_damaged_versions import publish_again

NEW = CAST[6]


async def shown(message: discord.Message) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """The picture of a message, which people who cannot see it are told of."""
    attachment = message.attachments[0]
    assert attachment.description
    with Image.open(io.BytesIO(await attachment.read())) as image:
        return np.asarray(image.convert("RGB"))


async def teach(club: Discord, *seeds: int) -> None:
    for seed in seeds:
        reply = await club.post(club.mod, png(NEW, seed=seed))
        await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
    await club.agree(club.mod)


def figures(report: str) -> list[int]:
    """Of a report: the faces with a name, those learned from, those held out, those left aside."""
    found = re.search(
        r"(\d+) faces have a name that I trust\. I learned \d+ characters from (\d+); (\d+) are held out to try me"
        r"(?:; (\d+) looks? like)?",  # of two that look the same one counts, which depends a little on the cascade
        report,
    )
    assert found is not None, report
    return [int(each or 0) for each in found.groups()]


async def test_a_moderator_retrains_and_is_told_what_came_of_it(club: Discord) -> None:
    await club.mod.send(club.pictures, "!model")
    assert "v1 answers" in club.last().content
    assert "all servers share" in club.last().content

    await teach(club, 51, 52, 54)
    await club.restart()  # what was said outlives the bot
    await club.mod.send(club.pictures, "!retrain")
    said = club.last()
    assert "Published as v1" in said.content
    assert said.content.startswith(f"**I know {NEW.name} now.**")
    assert "shared" not in said.content
    assert "%" not in said.content, "the statistics are in the file"
    faces, learned, held_out, repeated = figures(said.content)
    assert faces == learned + held_out + repeated == 43, "the numbers agree"
    told = (await said.attachments[1].read()).decode()
    assert said.attachments[1].filename == "retraining.txt"
    assert f"{NEW.name} (learned from 3, new): none held out yet" in told
    assert f"Faces held out named rightly: {held_out} of {held_out}" in told
    assert (await shown(said)).shape[1] == 920

    await club.mod.send(club.pictures, "!model")
    said = club.last()
    assert f"published by <@{club.mod.id}>" in said.content
    # Of two that look the same one counts, which depends a little on the cascade.
    assert re.search(r"Learned from 3[45] faces of 5 characters", said.content)
    assert "A name is said from" in said.content
    await shown(said)
    assert KNOWN[0].name in (await club.post(club.ben, png(KNOWN[0], seed=54))).content

    outdate(club.home)
    spoil(club.home)
    await club.mod.send(club.pictures, "!retrain")
    assert "The old v1 stays" in club.last().content
    assert "`!retrain override`" in club.last().content
    assert NEW.name in (await club.post(club.ann, png(NEW, seed=53))).content


async def test_a_moderator_overrides_the_gate_on_the_record_and_goes_back(club: Discord) -> None:
    publish_again(club.home, club.guild_id)
    outdate(club.home)
    spoil(club.home)
    await club.mod.send(club.pictures, "!retrain overide")
    assert club.last().content.startswith("Did you mean `override`?")
    await club.mod.send(club.pictures, "!retrain Override")
    assert "Published as v2, against the gate" in club.last().content
    assert "Go back with `!rollback`" in club.last().content
    await club.mod.send(club.pictures, "!model")
    assert f"published against the gate by <@{club.mod.id}>" in club.last().content

    await club.mod.send(club.pictures, "!model history")
    assert "2 versions are kept, v1 to v2" in club.last().content
    await shown(club.last())

    await club.mod.send(club.pictures, "!rollback")
    assert club.last().content == "**v1** answers from now on."
    assert KNOWN[0].name in (await club.post(club.ann, png(KNOWN[0], seed=54))).content
    await club.mod.send(club.pictures, "!model")
    assert f"gone back to by <@{club.mod.id}>" in club.last().content
    await club.mod.send(club.pictures, "!rollback 1")
    assert "**v1** answers from now on" in club.last().content
    await club.mod.send(club.pictures, "!rollback v7")
    assert "There is no version 'v7'. There are: v1, v2" in club.last().content

    with databases.opened(club.home) as database:
        database.execute("DELETE FROM samples WHERE face_id IN (SELECT min(face_id) FROM samples WHERE NOT held_out)")
    await club.mod.send(club.pictures, "!model")
    assert "trained with 1 face that has been forgotten since" in club.last().content


async def test_with_nothing_to_learn_the_moderator_is_told_what_to_do(newborn: Discord) -> None:
    await newborn.mod.send(newborn.pictures, "!retrain")
    assert "nothing to learn from yet" in newborn.last().content


async def test_versions_are_for_moderators(club: Discord) -> None:
    for words in ("!model", "!model history", "!rollback", "!retrain", "!retrain override"):
        await club.ann.send(club.pictures, words)
        assert "That is for moderators" in club.last().content, words


async def test_what_one_server_teaches_reaches_no_other(club: Discord) -> None:
    guild = club.env.create_guild("Rivals")
    boss = discord.Permissions(manage_guild=True)
    rival = guild.add_member(club.env.create_user("rival"), roles=[guild.create_role("Boss", permissions=boss)])
    theirs = guild.create_text_channel("pictures")
    await rival.send(theirs, "!watch")

    await teach(club, 51, 52, 54)
    await club.mod.send(club.pictures, "!retrain")
    assert NEW.name in (await club.post(club.ann, png(NEW, seed=53))).content

    await rival.send(theirs, attachments=[("p.png", png(NEW, seed=53))])
    assert NEW.name not in club.last(theirs).content
    assert "someone I don't know" in club.last(theirs).content
    await rival.send(theirs, "!retrain")
    assert "nothing new to learn: v1 knows all that is trusted" in club.last(theirs).content
    outdate(club.home)
    await rival.send(theirs, "!retrain")  # from what everybody shares
    report = club.last(theirs)
    assert "Published as v1" in report.content
    assert re.search(r"I learned 4 characters from 3[12];", report.content)
    assert NEW.name not in report.content
    folder = club.home / "models" / str(guild.id) / "v1"
    assert NEW.name not in "".join(path.read_text() for path in folder.glob("*.json"))
    assert NEW.name.encode() not in (folder / "classifier.npz").read_bytes()
    await rival.send(theirs, attachments=[("p.png", png(KNOWN[0], seed=54))])
    assert KNOWN[0].name in club.last(theirs).content


async def test_a_bot_that_is_stopped_takes_its_retraining_along_and_says_so(club: Discord) -> None:
    outdate(club.home)
    asking = asyncio.create_task(club.mod.send(club.pictures, "!retrain"))
    await asyncio.to_thread(wait_until, lambda: trainers(club.home))
    await club.bot.remove_cog("Training")  # as `close` does with all of them
    assert not trainers(club.home)
    await asking
    assert "was stopped" in club.last().content


async def test_a_retraining_waits_while_as_many_run_as_the_operator_wants_and_says_so(club: Discord) -> None:
    slots: asyncio.Semaphore = club.bot.get_cog("Training")._slots  # type: ignore[union-attr]
    async with slots:  # somebody else's
        assert slots.locked()
        asking = asyncio.create_task(club.mod.send(club.pictures, "!retrain"))
        while "waiting until another one has ended" not in club.last().content:  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.01)
        assert not trainers(club.home)
    await asking
    assert "nothing new to learn" in club.last().content


async def test_the_schedule_retrains_as_many_servers_side_by_side_as_the_operator_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_now, most, done = 0, 0, list[int]()

    async def learners(_: object) -> list[int]:
        return [1, 2, 3, 4, 5]

    async def retrained(_: object, guild_id: int) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        for _turn in range(5):
            await asyncio.sleep(0)
        running_now -= 1
        done.append(guild_id)

    monkeypatch.setattr(versions, "learners", learners)
    async with running(tmp_path, more="[retraining]\nat_once = 2\n") as env:
        training: Any = (await furnish(env, tmp_path)).bot.get_cog("Training")
        monkeypatch.setattr(type(training), "_by_schedule", retrained)
        await training.look()
    assert most == 2
    assert set(done) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("more", ["[retraining]\nafter_corrections = 3\n"])
async def test_the_schedule_retrains_a_server_in_which_something_was_corrected(club: Discord) -> None:
    await club.mod.send(club.pictures, f"!settings reports <#{club.general.id}>")
    assert f"say in <#{club.general.id}>" in club.last().content
    await teach(club, 51, 52, 54)
    await club.env.advance_time(61)
    report = club.last(club.general)
    assert "Published as v1" in report.content
    assert report.attachments
    await club.mod.send(club.pictures, "!model")
    assert "v1 answers" in club.last().content
    assert "by the schedule" in club.last().content
    assert "all servers share" not in club.last().content
