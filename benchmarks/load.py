"""The bot with more to do than it can.

    python benchmarks/load.py [--pictures 1000] [--rate R] [--only NAME …]

The real bot in a simulated Discord, with a freshly trained model. There are no rate limits, no network between, and no
"typing…": at each clock of the bot's that runs out, the simulation looks at all that is going on, which takes seconds.
Prints:

- *one*: a picture, while nothing else is to do: the median of ten. What others wait is told in such idle answers, too.
- *throughput*: 240 painted pictures of 50 people in 5 servers, all posted at once, with one and with two workers.
- *crowd*: 1,000 pictures of the same people, posted at twice that rate in a random order, and every second one of
  somebody in a sixth server: how many were answered, refused in words, or neither; how long they waited, and he did;
  gaps of a heartbeat of 5 ms on the event loop (aim: 99 % of them under 50 ms); memory of the bot's process.
- *hundred*: one person posts a hundred pictures, and then somebody in another server one.
- *hostile*: the same behind twelve pictures that take long (40 megapixels of noise, as JPEG files).
- *deleted*: 60 pictures of which 55 are deleted at once: how many are looked at all the same.
- *heavy*: 80 pictures of 20 MB each by 40 people in 4 servers: how much memory that takes.

It exits 1 if a picture was left without a word, or somebody was told that the database is busy.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import numpy as np
import psutil
from answering import HEARTBEAT, heartbeat, prepare
from PIL import Image
from simcord import Env

from bot.client import Koredare, create_bot
from bot.config import load_settings
from bot.database import channels
from bot.recognition import worker

SERVERS, PEOPLE = 5, 10  # in each
SILENCE = 45.0  # seconds after which nothing more comes
MEMORY = 0.25  # seconds between two looks at it
LOOKED = 0.1  # seconds between two looks at what was answered: they take time of the event loop that is measured


@dataclass(eq=False)
class Post:
    """A picture that somebody posted, and what was said in reply to it, and when (`time.perf_counter`)."""

    person: int
    at: float
    replies: list[tuple[float, str]] = field(default_factory=list)

    @property
    def answered(self) -> float | None:
        """Seconds until the answer."""
        return next((when - self.at for when, said in self.replies if said.startswith("**1**")), None)


class World:
    """The bot, and servers with people and a watched channel each."""

    def __init__(self, env: Env, bot: Koredare) -> None:
        self.env = env
        self.bot = bot
        self.posts: dict[int, Post] = {}
        self.busy = Counter[int]()  # sentences that there is too much to do, by person
        self.looked = 0
        self.latest = 0.0  # when the bot said anything
        self.gaps: list[float] = []
        self.memory = 0.0
        self.rooms: list[tuple[int, list[int]]] = []
        self._send = env.backend.create_message
        env.backend.create_message = self._sent  # type: ignore[method-assign]

    def _sent(self, channel_id: int, author_id: int, content: str | None = "", **what: Any) -> Any:
        message = self._send(channel_id, author_id, content, **what)
        if self.bot.user is not None and author_id == self.bot.user.id:
            self.latest = time.perf_counter()
            for each in message.attachments:  # Discord would keep them elsewhere
                self.env.backend.cdn._blobs[each["url"]] = b""  # noqa: SLF001
            post = self.posts.get(int((what.get("reference") or {}).get("message_id", 0)))
            if post is not None:
                post.replies.append((time.perf_counter(), content or ""))
                self.busy[post.person] += "I am busy" in (content or "")
        return message

    async def furnish(self, servers: int, people: int) -> None:
        """Make so many servers, each with so many people."""
        for number in range(servers):
            guild = self.env.create_guild(f"Server {number}")
            channel = guild.create_text_channel("pictures")
            members = [guild.add_member(self.env.create_user(f"s{number}p{person}")).id for person in range(people)]
            async with self.bot.telling("settings", guild.id) as session:
                await channels.watch(session, channel.id, guild_id=guild.id, added_by=guild.owner.id)
            self.rooms.append((channel.id, members))
        await self.env.settle()

    def post(self, server: int, person: int, data: bytes, text: str = "") -> Post:
        """Post a picture, and go on."""
        channel, members = self.rooms[server]
        stored = self.env.backend.store_attachments(channel, [("picture.png", data)])
        made = Post(members[person], time.perf_counter())
        message = self._send(channel, members[person], text, attachments=stored)
        self.posts[message.id] = made
        return made

    def delete(self, server: int, post: Post) -> None:
        """Delete what was posted."""
        message = next(each for each, made in self.posts.items() if made is post)
        self.env.backend.delete_message(self.rooms[server][0], message)

    async def answered(self, posts: Sequence[Post]) -> None:
        """Wait until there is nothing more to come."""
        self.latest = time.perf_counter()
        while any(post.answered is None for post in posts) and time.perf_counter() < self.latest + SILENCE:
            if all(post.replies and "waiting" not in post.replies[-1][1] for post in posts):
                return
            await asyncio.sleep(LOOKED)

    @asynccontextmanager
    async def watched(self) -> AsyncGenerator[None]:
        """Look at the event loop and the memory while the block runs."""
        self.gaps.clear()
        beating = asyncio.create_task(heartbeat(self.gaps))
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            beating.cancel()
            watching.cancel()

    async def _watch(self) -> None:
        process = psutil.Process()
        self.memory = 0.0
        while True:
            self.memory = max(self.memory, process.memory_info().rss / 2**20)
            await asyncio.sleep(MEMORY)


@asynccontextmanager
async def no_typing(_: object) -> AsyncGenerator[None]:
    """In the place of "typing…"."""
    yield


@asynccontextmanager
async def world(home: Path, *, workers: int, servers: int, people: int = PEOPLE) -> AsyncGenerator[World]:
    """A bot of so many workers, warm."""
    settings = load_settings(home=home)
    settings = settings.model_copy(update={"recognition": settings.recognition.model_copy(update={"workers": workers})})
    env = Env(create_bot(settings), shard_count=1, settle_timeout=600)
    await env.start()
    bot = env.bot
    assert isinstance(bot, Koredare)
    made, read = World(env, bot), bot.http.get_from_cdn

    def counted(run: Any) -> Any:
        async def and_run(work: Any, *args: Any, **kwargs: Any) -> Any:
            made.looked += work is worker.identify
            return await run(work, *args, **kwargs)

        return and_run

    async def copied(url: str) -> bytes:
        return bytes(bytearray(await read(url)))  # as it would be, had it come over the network

    bot.recognition.run, bot.recognition.first = counted(bot.recognition.run), counted(bot.recognition.first)
    bot.http.get_from_cdn = copied
    try:
        await made.furnish(servers, people)
        yield made
    finally:
        await env.shutdown()
        await bot.close()


class Load:
    """The measurements, one after the other on the same data folder."""

    def __init__(self, home: Path, *, pictures: int) -> None:
        self.home = home
        self.count = pictures
        self.pictures = [path.read_bytes() for path in sorted((home / "gallery").glob("*/*.jpg"))]
        known = home / "known.json"
        self.idle, self.rate = json.loads(known.read_text()) if known.exists() else (0.0, 25.0)
        self.failed = False

    async def one(self) -> None:
        """A picture while nothing else is to do."""
        async with world(self.home, workers=2, servers=1) as made:
            seconds: list[float] = []
            for turn in range(13):
                post = made.post(0, 0, self.pictures[turn])
                await made.answered([post])
                seconds.append(post.answered or 0.0)
            self.idle = statistics.median(seconds[3:])
        print(f"one: {self.idle * 1000:.0f} ms (an idle answer)")

    async def throughput(self) -> None:
        """As many as can be."""
        for workers in (1, 2):
            async with world(self.home, workers=workers, servers=SERVERS) as made:
                await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
                before = time.perf_counter()
                posts = [
                    made.post(number % SERVERS, number // SERVERS % PEOPLE, self.pictures[number % len(self.pictures)])
                    for number in range(240)
                ]
                await made.answered(posts)
                self.rate = len(posts) / (time.perf_counter() - before)
                self._judge(made, posts, f"throughput, {workers} worker{'s' * (workers > 1)}: {self.rate:.1f} a second")

    async def crowd(self) -> None:
        """Twice what can be."""
        chance = random.Random(1)
        order = [(number % SERVERS, number // SERVERS % PEOPLE) for number in range(self.count)]
        chance.shuffle(order)
        async with world(self.home, workers=2, servers=SERVERS + 1) as made:
            await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
            before = psutil.Process().memory_info().rss / 2**20
            posts: list[Post] = []
            singles: list[Post] = []
            async with made.watched():
                began = time.perf_counter()
                for number, (server, person) in enumerate(order):
                    await asyncio.sleep(max(0.0, began + number / (2 * self.rate) - time.perf_counter()))
                    posts.append(made.post(server, person, self.pictures[number % len(self.pictures)]))
                    if time.perf_counter() - began > len(singles) + 1:
                        singles.append(made.post(SERVERS, 0, self.pictures[number % len(self.pictures)]))
                await made.answered([*posts, *singles])
            self._judge(made, posts, f"crowd, {len(posts)} pictures at {2 * self.rate:.0f} a second")
            self._waits("  they waited", posts)
            self._waits("  the one in another server", singles)
            meanwhile(singles, posts)
            self._loop(made)
            print(f"  memory: {before:.0f} MB before, at most {made.memory:.0f} MB")

    async def hundred(self) -> None:
        """Behind a hundred of one person."""
        async with world(self.home, workers=2, servers=2) as made:
            await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
            posts = [made.post(0, 0, self.pictures[number % len(self.pictures)]) for number in range(100)]
            await asyncio.sleep(1.0)
            single = made.post(1, 0, self.pictures[1])
            await made.answered([*posts, single])
            self._judge(made, [*posts, single], "hundred of one person")
            self._waits("  they waited", posts)
            self._waits("  the one in another server", [single])
            meanwhile([single], posts)

    async def hostile(self) -> None:
        """Behind twelve that take long."""
        async with world(self.home, workers=2, servers=2) as made:
            await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
            assert made.bot.user is not None  # who asks is answered where there is no face, too
            posts = [made.post(0, 0, noise(number), f"<@{made.bot.user.id}>") for number in range(12)]
            await asyncio.sleep(1.0)
            single = made.post(1, 0, self.pictures[1])
            await made.answered([*posts, single])
            self._judge(made, [*posts, single], "hostile, twelve of one person")
            last = max(post.replies[0][0] - post.at for post in posts if post.replies)
            print(f"  the last of them was over after {last:.1f} s")
            self._waits("  the one in another server", [single])
            meanwhile([single], posts)

    async def deleted(self) -> None:
        """What is deleted at once."""
        async with world(self.home, workers=2, servers=SERVERS) as made:
            await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
            looked = made.looked
            posts = [made.post(number % SERVERS, number % PEOPLE, self.pictures[number % 40]) for number in range(60)]
            for number, post in enumerate(posts[5:], start=5):
                made.delete(number % SERVERS, post)
            await made.answered(posts[:5])
            await made.env.settle()
            looked = made.looked - looked - 5
            self._judge(made, posts[:5], f"deleted: {looked} of 55 were looked at")
            print(f"  {sum(post.answered is not None for post in posts[5:])} of 55 were answered")

    async def heavy(self) -> None:
        """Many bytes."""
        data = padded(self.pictures[0], 20 * 2**20)
        async with world(self.home, workers=2, servers=4) as made:
            await made.answered([made.post(0, 0, self.pictures[0]) for _ in range(4)])
            before = psutil.Process().memory_info().rss / 2**20
            async with made.watched():
                posts = [made.post(number % 4, number // 4 % PEOPLE, data) for number in range(80)]
                await made.answered(posts)
            self._judge(made, posts, f"heavy, 80 pictures of {len(data) / 2**20:.0f} MB")
            self._waits("  they waited", posts)
            self._loop(made)
            print(f"  memory: {before:.0f} MB before, at most {made.memory:.0f} MB")

    def _judge(self, made: World, posts: Sequence[Post], what: str) -> None:
        answered = sum(post.answered is not None for post in posts)
        database = sum("database is busy" in said for post in posts for _, said in post.replies)
        silent = sum(not post.replies and not made.busy[post.person] for post in posts)
        told = len(posts) - answered - database - silent
        print(f"{what}: {answered} answered, {told} told why not, {silent} without a word, {database} database busy")
        print(f"  (load {os.getloadavg()[0]:.1f})", flush=True)
        self.failed = self.failed or silent > 0 or database > 0

    def _waits(self, who: str, posts: Sequence[Post]) -> None:
        waits = sorted(post.answered for post in posts if post.answered is not None)
        if not waits:
            print(f"{who}: nobody was answered")
            return
        middle, most = statistics.median(waits), waits[-1]
        idle = f", in idle answers {middle / self.idle:.1f} and {most / self.idle:.1f}" if self.idle else ""
        print(f"{who}: median {middle:.2f} s, longest {most:.2f} s{idle}")

    def _loop(self, made: World) -> None:
        gaps = np.array(made.gaps) * 1000
        print(
            f"  gaps of the event loop: 99 % under {np.percentile(gaps, 99):.0f} ms, longest {gaps.max():.0f} ms"
            f" ({len(gaps)} turns of {HEARTBEAT * 1000:.0f} ms)"
        )


def meanwhile(singles: Sequence[Post], others: Sequence[Post]) -> None:
    """Tell how many answers others got while somebody waited for one: that says the same on any machine."""
    given = [post.replies[-1][0] for post in others if post.replies]
    counts = [
        sum(single.at < when < single.at + single.answered for when in given)
        for single in singles
        if single.answered is not None
    ]
    if counts:
        print(f"    others were answered meanwhile: median {statistics.median(counts):.0f}, most {max(counts)}")


def noise(seed: int) -> bytes:
    """A picture in which cascades look for long."""
    pixels = np.random.default_rng(seed).integers(0, 256, (1250, 2000, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).resize((8000, 5000), Image.Resampling.BILINEAR).save(file, "JPEG", quality=60)
    return file.getvalue()


def padded(picture: bytes, size: int) -> bytes:
    """The same picture as a PNG of so many bytes, most of them of no use."""
    file = BytesIO()
    Image.open(BytesIO(picture)).save(file, "PNG")
    data = file.getvalue()
    filling = b"fiLl" + bytes(size - len(data) - 12)
    chunk = struct.pack(">I", len(filling) - 4) + filling + struct.pack(">I", zlib.crc32(filling))
    return data[:-12] + chunk + data[-12:]


NAMES = ("one", "throughput", "crowd", "hundred", "hostile", "deleted", "heavy")


def main() -> None:
    """Prepare, and measure each thing in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not needed: `make bench` gives it to every benchmark")
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--rate", type=float, help="what to take for the throughput, to compare two runs")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.home is not None:
        logging.disable(logging.WARNING)
        discord.abc.Messageable.typing = no_typing  # type: ignore[assignment, method-assign]
        load = Load(given.home, pictures=given.pictures)
        load.rate = given.rate or load.rate
        asyncio.run(getattr(load, given.only[0])())
        (given.home / "known.json").write_text(json.dumps([load.idle, load.rate]))
        sys.exit(load.failed)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        for name in NAMES:
            if name in given.only or name == "one":
                command = [sys.executable, __file__, "--home", folder, "--pictures", str(given.pictures)]
                command += ["--rate", str(given.rate)] if given.rate else []
                failed |= subprocess.run([*command, "--only", name], check=False).returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
