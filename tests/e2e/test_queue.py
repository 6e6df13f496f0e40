"""Many pictures at once: each is answered in its turn, or told in words that there are too many."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from benchmarks._counting import DRAWING
from bot.recognition.limits import Limits
from bot.recognition.queue import Queue
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA = KNOWN[0]
PICTURE = png(AKEHA, seed=20)


class Gate:
    """Holds up whatever looks at a picture, until the test lets it through.

    Attributes
    ----------
    downloads
        How many pictures were read from Discord.
    """

    def __init__(self, club: Discord) -> None:
        self.downloads = 0
        self.open = asyncio.Event()
        self._came = asyncio.Queue[None]()
        self._run, self._read = club.bot.recognition.run, club.bot.http.get_from_cdn

    async def run(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        if work in DRAWING:
            self._came.put_nowait(None)
            await self.open.wait()
        return await self._run(work, *args, **kwargs)

    async def read(self, url: str) -> bytes:
        self.downloads += 1
        return await self._read(url)

    async def looking(self, pictures: int) -> None:
        """So many more are being looked at."""
        for _ in range(pictures):
            await self._came.get()


@contextmanager
def gated(club: Discord, monkeypatch: pytest.MonkeyPatch, **queue: Any) -> Iterator[Gate]:
    """Hold up what is looked at; `queue`: as the queue has it."""
    gate = Gate(club)
    with monkeypatch.context() as patched:
        patched.setattr(club.bot.recognition, "run", gate.run)
        patched.setattr(club.bot.http, "get_from_cdn", gate.read)
        patched.setattr(club.bot, "queue", Queue(workers=1, **queue))
        yield gate


def post(club: Discord, who: MemberActor, text: str = "", *, channel: ChannelHandle | None = None) -> Any:
    """Post a picture, and do not wait for what comes of it."""
    where = (channel or club.pictures).id
    stored = club.env.backend.store_attachments(where, [("p.png", PICTURE)])
    return club.env.backend.create_message(where, who.id, text, attachments=stored)


def said(club: Discord, channel: ChannelHandle | None = None) -> list[discord.Message]:
    """What the bot says in a channel now, without what it said to the moderator at first."""
    history = (channel or club.pictures).history()
    return [each for each in history if each.author == club.bot.user and "every picture in" not in each.content]


async def until(happened: Callable[[], object]) -> None:
    """What was posted has come so far."""
    while not happened():  # noqa: ASYNC110  there is nothing to wait for but that
        await asyncio.sleep(0)


async def test_what_is_deleted_is_not_looked_at_and_not_answered(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = club.env.backend
    other = club.env.guild.create_text_channel("other")
    await club.mod.send(other, "!watch")
    with gated(club, monkeypatch) as gate:
        looked_at, *waiting, last = [post(club, club.ann) for _ in range(5)]
        post(club, club.ann, channel=other)
        asked = backend.create_message(
            club.general.id,
            club.ann.id,
            f"{club.mention} who?",
            attachments=backend.store_attachments(club.general.id, [("p.png", PICTURE)]),
        )
        await until(lambda: club.bot.queue.waiting == 6)
        await gate.looking(1)
        backend.delete_message(club.pictures.id, looked_at.id)
        backend.delete_message(club.pictures.id, waiting[0].id)
        backend.bulk_delete_messages(club.pictures.id, [each.id for each in waiting[1:]])
        backend.delete_message(club.general.id, asked.id)
        backend.delete_channel(other.id)
        await until(lambda: club.bot.queue.waiting == 1)
        gate.open.set()
        await club.env.settle()
        assert gate.downloads == 2
    (answer,) = said(club)
    assert answer.reference is not None
    assert answer.reference.message_id == last.id
    assert said(club, club.general) == []
    assert (club.bot.queue.pictures, club.bot.queue.bytes) == (0, 0)


async def test_who_asks_about_a_picture_that_is_deleted_meanwhile_is_told_so(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = club.env.backend
    posted = post(club, club.ann, channel=club.general)
    with gated(club, monkeypatch) as gate:
        post(club, club.ben)
        await gate.looking(1)
        reference = {"message_id": str(posted.id), "channel_id": str(club.general.id)}
        backend.create_message(club.general.id, club.ben.id, "!whois", reference=reference)
        await until(lambda: club.bot.queue.waiting == 1)
        backend.delete_message(club.general.id, posted.id)
        gate.open.set()
        await club.env.settle()
    (told,) = said(club, club.general)
    assert "no longer has that message" in told.content


async def test_what_is_too_much_is_said_once_and_to_each_who_asks(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gated(club, monkeypatch, most=Limits(person=2)) as gate:
        for _ in range(5):
            post(club, club.ann)
        await until(lambda: club.bot.queue.waiting == 1)
        await gate.looking(1)
        post(club, club.ben)  # another's first is not refused
        await gate.looking(1)
        await until(lambda: club.bot.queue.refused == 3)
        gate.open.set()
        await club.env.settle()
        told = [each.content for each in said(club)]
        assert [AKEHA.name in each for each in told].count(True) == 3
        (busy,) = [each for each in told if AKEHA.name not in each]
        assert "as many of your pictures as I take at a time are waiting" in busy
        assert "in about 5 s" in busy
        assert (club.bot.queue.refused, club.bot.queue.pictures) == (3, 0)

        await club.mod.send(club.general, "!teach Riko", attachments=[(f"{n}.png", PICTURE) for n in range(3)])
        assert "1.png" not in club.last(club.general).content
        assert "2.png: I am busy" in club.last(club.general).content.replace("**", "")


async def test_whoever_waits_for_long_is_told_once_until_the_answers_come(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gated(club, monkeypatch, soon=0.0) as gate:
        for _ in range(4):
            post(club, club.ann)
        await until(lambda: club.bot.queue.waiting == 3)
        await gate.looking(1)
        await until(lambda: said(club))
        (notice,) = said(club)
        assert notice.content == "Many pictures are waiting: the answer comes in about 5 s."
        gate.open.set()
        await club.env.settle()
    assert [AKEHA.name in each.content for each in said(club)] == [True] * 4


async def test_pictures_that_many_correct_at_once_are_not_all_read_at_once(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [await club.post(club.ann, PICTURE, name=f"{number}.png") for number in range(4)]
    club.bot.held.clear()
    with gated(club, monkeypatch) as gate:
        for answer in answers:
            reference = {"message_id": str(answer.id), "channel_id": str(club.pictures.id)}
            club.env.backend.create_message(club.pictures.id, club.mod.id, "1 is Riko", reference=reference)
        await gate.looking(2)
        for _ in range(500):
            await asyncio.sleep(0)
        assert gate.downloads == 2
        gate.open.set()
        await club.env.settle()
        assert gate.downloads == 4
    assert all("Riko ✔" in club.again(answer).content for answer in answers)


async def test_who_uses_what_costs_again_and_again_is_told_how_long_to_wait(newborn: Discord) -> None:
    for _ in range(30):
        await newborn.ann.send(newborn.general, "!stats")
        assert "Slower" not in newborn.last(newborn.general).content
    for command in ("!stats", "!stats"):
        await newborn.ann.send(newborn.general, command)
        assert newborn.last(newborn.general).content == "Slower, please: try again in 60 seconds."
    await newborn.ben.send(newborn.general, "!stats")
    assert "Slower" not in newborn.last(newborn.general).content
    await newborn.env.advance_time(61)
    await newborn.ann.send(newborn.general, "!stats")
    assert "Slower" not in newborn.last(newborn.general).content
