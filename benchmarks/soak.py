"""The bot as `koredare run` starts it, over a real wire, for half an hour: what it takes at the start and at the end.

    python benchmarks/soak.py [--minutes 30] [--every 2] [--kill-every SECONDS]

It talks with the small Discord of `tests/wire`. People post a picture every so many seconds, each fourth is corrected
by a moderator, each tenth is deleted at once. With each eighth picture a call is refused with 500, or loses its
connection before or after the work was done; every three minutes the gateway goes away, and is resumed or has to begin
anew. With `--kill-every` the bot is ended in the middle of all that, by SIGKILL and by SIGTERM in turn, and started
again. Printed once a minute, and of the first and the last fifth: memory of the bot and of its workers, open files,
threads, milliseconds from a picture to its answer. In the end: what went unanswered, what the log has as errors, and
what of the acknowledged corrections is not in the database, and what was answered twice. Exits 1 if there is any.
"""

import argparse
import asyncio
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from ml.painting import CAST, Character
from tests.conftest import koredare, png
from tests.wire.conftest import Club, Process
from tests.wire.faults import Fault, Way
from tests.wire.service import Service
from tests.wire.world import Json

KNOWN, NEW = CAST[:3], CAST[3:6]
LEARNED, SEEDS = 6, 40  # pictures of each who is known; pictures that are posted of each
WAYS: tuple[Way, ...] = ("status", "drop", "lose")
CALLS = (("POST", "/channels/*/messages"), ("PATCH", "/channels/*/messages/*"), ("GET", "/channels/*/messages/*"))
LAST = 60.0  # seconds that are waited for what has not been answered


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment: megabytes, numbers, and the median time in milliseconds of what was answered since the last one."""

    bot: float
    workers: float
    files: int
    threads: int
    answered: int
    median: float

    def __str__(self) -> str:
        return (
            f"{self.bot:7.0f} {self.workers:8.0f} {self.files:6} {self.threads:8} {self.answered:9} {self.median:7.0f}"
        )


def taught(home: Path) -> None:
    """Make a data folder that knows some characters."""
    with tempfile.TemporaryDirectory() as gallery:
        for who in KNOWN:
            folder = Path(gallery) / who.name
            folder.mkdir()
            for seed in range(LEARNED):
                (folder / f"{seed}.png").write_bytes(png(who, seed=seed))
        koredare("import", gallery, home=home)
    koredare("retrain", home=home)


class Soak:
    """People in a small Discord, and what becomes of what they do."""

    def __init__(self, club: Club, *, seed: int) -> None:
        self.club = club
        self.world = club.world
        self.rng = random.Random(seed)
        self.posted: dict[int, float] = {}
        self.took: list[float] = []
        self.corrected: list[Json] = []
        self.thanked = 0
        self.deleted = 0
        self.twice = set[str]()
        self.kills = 0

    def post(self, who: Character) -> None:
        """Ann or Ben posts a picture; now and then it is deleted at once, and now and then a call goes wrong."""
        if self.rng.random() < 0.12:
            method, path = self.rng.choice(CALLS)
            self.club.service.fault(Fault(method, path, way=self.rng.choice(WAYS)))
        poster = self.rng.choice((self.world.ann, self.world.ben))
        message = self.club.posts(poster, png(who, seed=self.rng.randrange(LEARNED, SEEDS)))
        if self.rng.random() < 0.1:
            self.world.delete(message)
            self.deleted += 1
        else:
            self.posted[int(message["id"])] = time.monotonic()

    def look(self) -> None:
        """See what was answered; a moderator corrects some of that, and what is old is forgotten, here as there."""
        replies = {each.get("message_reference", {}).get("message_id"): each for each in self.club.by_bot()}
        labelled = Counter(
            each["message_reference"]["message_id"]
            for each in self.club.by_bot()
            if each["attachments"] and "message_reference" in each
        )
        self.twice |= {each for each, answers in labelled.items() if answers > 1}
        for message_id in [each for each in self.posted if str(each) in replies]:
            self.took.append(1000 * (time.monotonic() - self.posted.pop(message_id)))
            if self.rng.random() < 0.25:
                name = self.rng.choice((*KNOWN, *NEW)).name
                self.corrected.append(self.club.posts(self.world.mod, text=f"1 is {name}", to=replies[str(message_id)]))
        heard = [each for each in self.corrected if each["id"] in replies]
        self.thanked += sum(replies[each["id"]]["content"].startswith("Noted") for each in heard)  # or asked back
        self.corrected = [each for each in self.corrected if each not in heard]
        for old in list(self.world.messages)[:-400]:
            for each in self.world.messages.pop(old)["attachments"]:
                self.world.files.pop(int(each["id"]), None)

    async def outage(self, number: int) -> None:
        """The gateway goes away; every second time it knows no session any more."""
        if number % 2:
            self.club.gateway.forget()
        await self.club.gateway.drop()

    def sample(self, process: psutil.Process) -> Sample:
        """What the bot takes just now."""
        took, self.took = self.took, []
        workers = [each for each in process.children() if each.is_running()]
        return Sample(
            process.memory_info().rss / 2**20,
            sum(each.memory_info().rss for each in workers) / 2**20,
            process.num_fds(),
            process.num_threads(),
            len(took),
            statistics.median(took) if took else 0.0,
        )


async def soak(home: Path, *, minutes: float, every: float, kill_every: float | None, seed: int) -> int:
    """Play, and print; gives the exit code."""
    service = Service()
    await service.start()
    bot = Process(service, home)
    await bot.start()
    await bot.ready()
    club = Club(service, bot)
    await club.says(club.world.mod, "!watch")
    people, process = Soak(club, seed=seed), _bot_of(home)
    samples: list[Sample] = []
    log: list[str] = []
    began, outages = time.monotonic(), 0
    print("minute   bot MB  workers   files  threads  answered  median ms", flush=True)
    while (gone := time.monotonic() - began) < 60 * minutes:
        people.post(people.rng.choice((*KNOWN, *NEW)))
        await asyncio.sleep(every)
        people.look()
        service.faults = [each for each in service.faults if each.met < each.times]
        if gone > 60 * (len(samples) + 1):
            samples.append(people.sample(process))
            print(f"{len(samples):6} {samples[-1]}", flush=True)
        if kill_every is not None and gone > kill_every * (people.kills + 1):
            people.kills += 1
            await bot.end(signal.SIGKILL if people.kills % 2 else signal.SIGTERM)
            log += bot.said
            await bot.start()
            await bot.ready()
            process = _bot_of(home)
        if gone > 180 * (outages + 1):
            outages += 1
            await people.outage(outages)
    service.heal()
    patience = time.monotonic() + LAST
    while (people.posted or people.corrected) and time.monotonic() < patience:
        await asyncio.sleep(0.5)
        people.look()
    code = await bot.end(signal.SIGTERM)
    await service.stop()
    return _judge(people, samples, [*log, *bot.said], home, code)


def _bot_of(home: Path) -> psutil.Process:
    return next(each for each in psutil.Process().children() if str(home) in each.cmdline())


def _judge(people: Soak, samples: list[Sample], log: list[str], home: Path, code: int) -> int:
    fifth = max(1, len(samples) // 5)
    for name, some in (("first", samples[:fifth]), ("last", samples[-fifth:])):
        means = [statistics.mean(getattr(each, field) for each in some) for field in Sample.__slots__]
        print(f"{name:6} {Sample(means[0], means[1], round(means[2]), round(means[3]), round(means[4]), means[5])}")
    with closing(sqlite3.connect(home / "koredare.db")) as database:
        (kept,) = database.execute("SELECT count(*) FROM corrections WHERE via = 'reply'").fetchone()
    errors = [line for line in log if " ERROR " in line]
    lost = max(0, people.thanked - kept)
    print(
        f"{sum(each.answered for each in samples)} answered, {people.deleted} deleted, {len(people.posted)} not; "
        f"{people.thanked} corrections thanked for, {len(people.corrected)} not, {lost} of the former not in the "
        f"database; {people.club.gateway.resumed} resumed, {people.club.gateway.identified} identified; "
        f"{len(errors)} errors in {len(log)} lines of the log; ended {people.kills} times in between, at last with "
        f"{code}; {len(people.twice)} answered twice"
    )
    for line in errors[:10]:
        print(line)
    return int(bool(people.posted or people.corrected or people.twice or lost or errors or code))


def main() -> int:
    """Make a data folder, and play."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not used: the pictures are painted")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two pictures")
    parser.add_argument("--kill-every", type=float, help="seconds after which the bot is ended and started again")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        taught(home)
        how = {"minutes": options.minutes, "every": options.every, "kill_every": options.kill_every}
        return asyncio.run(soak(home, **how, seed=options.seed))


if __name__ == "__main__":
    sys.exit(main())
