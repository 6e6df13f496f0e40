"""What grows with a bot: `python benchmarks/scale.py [--parts database retraining servers] [--postgres]`.

`database`, what a large server asks of it (corrections: 0.3 of each face). Rows are made up: some 50 members and 5
moderators speak of the faces of 2,000 characters, a third of the posters never said whether their pictures may be
learned from. For each thing that people do: the median and the slowest of several times, in milliseconds of processor
time, SQLAlchemy's share included (other programs and a slow disk do not count), and by the clock, of which on a busy
machine the least tells most. Below, where there are not too many:
what the view takes that went over the whole ledger, as it was before. Reach: a correction 20 ms, a picture 10 ms, also
where it is the first after a correction; `!characters`, `!stats`, `!review` 300 ms each.

`retraining`, of 10 to 10,000 made-up characters with 20 faces each. `servers`, the bot's start in 10 to 10,000 of them,
over a wire.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from _growing import retrainings, starts
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import (
    Database,
    characters,
    consents,
    copying,
    corrections,
    examples,
    helpers,
    judging,
    moved,
    pictures,
    portraits,
    reviews,
    verdicts,
)
from bot.database import statistics as counting
from bot.database.ledger import Correction
from bot.database.migrate import upgrade
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample
from bot.database.stores import SqliteFile, Store, at
from bot.database.stores.sqlite import database_path
from ml import Box, NamedFace

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.bot.database.view import claims  # the view, as it was
from tests.databases import Server

GUILD: Final = 1
QUORUM: Final = 2
CHARACTERS: Final = 2000
MEMBERS: Final = [1000 + n for n in range(50)]
MODERATORS: Final = [2000 + n for n in range(5)]
POSTERS: Final = [3000 + n for n in range(300)]
BEGIN: Final = datetime(2024, 1, 1, tzinfo=UTC)
OWN: Final = "own"
PARTS: Final = ("database", "retraining", "servers")
VIEWED: Final = 100_000  # corrections: of more, the view takes minutes

MIX: Final = (
    85,
    8,
    3,
    2,
    1,
    1,
)  # of 100 things: pictures, words of members and of moderators, a character, all, !stats
MIXED: Final = 200
THE_MIX: Final = f"{MIXED} things as they come"

Row = tuple[Any, ...]


def fill(home: Path, faces: int) -> None:
    """A server's database: so many faces, a correction of every third or so, and examples of those that are settled."""
    upgrade(SqliteFile(home))
    dice = random.Random(1)
    with closing(sqlite3.connect(database_path(home))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        names = ((n, GUILD, f"Character {n}", f"character {n}", _at(0)) for n in range(1, CHARACTERS + 1))
        connection.executemany("INSERT INTO characters VALUES (?, ?, ?, ?, ?)", names)
        connection.executemany(
            "INSERT INTO consents (user_id, answer, at) VALUES (?, ?, ?)",
            ((poster, "yes" if poster % 3 else "no", _at(0)) for poster in POSTERS[: len(POSTERS) * 2 // 3]),
        )
        connection.executemany(
            "INSERT INTO pictures (id, guild_id, source, poster_id, declined, channel_id, message_id, reply_id, "
            "attachment_id, created_at) VALUES (?, ?, 'discord', ?, 0, 7, ?, ?, ?, ?)",
            ((n, GUILD, dice.choice(POSTERS), n, n, n, _at(n / faces)) for n in range(1, faces + 1)),
        )
        connection.executemany(
            "INSERT INTO faces "
            "(id, picture_id, number, x, y, w, h, angle, score, name, confidence, candidates, quality) "
            "VALUES (?, ?, 1, 0, 0, 9, 9, 0, 1, ?, 0.9, '[]', 1)",
            ((n, n, f"Character {_who(n)}") for n in range(1, faces + 1)),
        )
        said = list(_said(faces, dice))
        connection.executemany(
            "INSERT INTO corrections (face_id, kind, user_id, moderator, via, character_id, at) "
            "VALUES (?, ?, ?, ?, 'menu', ?, ?)",
            said,
        )
        named = sorted({row[0] for row in said if row[1] != "not_face"})
        connection.executemany(
            "INSERT INTO samples "
            "(face_id, held_out, picture_hash, perceptual_hash, embedder, embedding, crop, created_at) "
            "SELECT ?, ?, ?, ?, 'e', zeroblob(1024), zeroblob(4096), ? FROM consents, pictures "
            "WHERE pictures.id = ? AND consents.user_id = pictures.poster_id AND consents.answer = 'yes'",
            (
                (face, None if face % 400 == 0 else face % 5 == 0, f"{face:064x}", f"{dice.getrandbits(512):0128x}",
                 _at(face / faces), face)
                for face in named
            ),
        )  # fmt: skip
        connection.execute("INSERT INTO named_helpers SELECT 1, value FROM json_each(?)", [json.dumps(MEMBERS[:20])])
        connection.commit()


def _said(faces: int, dice: random.Random) -> Iterator[Row]:
    """What was said, in its order: two members of most faces, a moderator of some."""
    for face in range(1, faces, 7):
        for member in dice.sample(MEMBERS, 2):
            who = _who(face) if dice.random() < 0.97 else dice.randint(1, CHARACTERS)
            yield face, "name", member, False, who, _at(face / faces)
        if dice.random() < 0.1:
            yield face, "name", dice.choice(MODERATORS), True, _who(face), _at(face / faces)


def _who(face: int) -> int:
    return face % CHARACTERS + 1


def _at(share: float) -> str:
    return f"{BEGIN + timedelta(days=1000 * share):%Y-%m-%d %H:%M:%S.%f}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What something took each time, in seconds: of processor in this process, and of the clock."""

    processor: list[float]
    clock: list[float]


async def measure(database: Database, faces: int) -> dict[str, Taken]:  # noqa: PLR0915  one after another
    """What each thing takes."""
    dice = random.Random(2)
    found: dict[str, Taken] = {}

    async def timed(
        what: str, do: Callable[[], Awaitable[Any]], times: int, *, after: Callable[[], Awaitable[Any]] | None = None
    ) -> None:
        await do()  # statements are put together, pages are read
        taken = found[what] = Taken([], [])
        for _ in range(times):
            if after is not None:
                await after()
            used, begun = time.process_time(), time.perf_counter()
            await do()
            taken.processor.append(time.process_time() - used)
            taken.clock.append(time.perf_counter() - begun)

    seen: dict[str, moved.Stamp] = {}

    def any_face() -> int:
        return dice.randrange(1, faces, 7)

    async def correct(who: int, kind: Any, *, moderator: bool, among: Sequence[int] | None = None) -> None:
        face = dice.choice(among) if among else any_face()
        async with database.writing() as session:
            row = await session.get_one(Face, face)
            name = f"Character {dice.randint(1, CHARACTERS)}"
            character = await characters.get_or_create(session, name, guild_id=GUILD)
            about: dict[str, Any] = {"user_id": who, "moderator": moderator, "via": "menu"}
            await corrections.say(session, row, kind=kind, character_id=character.id, **about)
        async with database.reading() as session:
            shown = await pictures.shown_with(session, [face])
            await verdicts.standings_of(session, shown, guild_id=GUILD, quorum=QUORUM)
            await examples.ready(session, guild_id=GUILD, quorum=QUORUM, among=[face])

    async def picture() -> None:
        posted = Picture(guild_id=GUILD, source="discord", poster_id=POSTERS[0], attachment_id=any_face() + 10**9)
        face = NamedFace(Box(1, 1, 9, 9), 0.0, 1.0, quality=1.0, name="Character 7", confidence=0.9, candidates=())
        async with database.reading() as session:
            before, seen["stamp"] = seen.get("stamp", ()), await moved.stamp(session, GUILD)
            if before != seen["stamp"]:  # as bot.examples.at_once
                changed = await moved.since(session, GUILD, before) if before else None
                await examples.examples(session, guild_id=GUILD, quorum=QUORUM, of=changed)
            await consents.get(session, POSTERS[0])
        async with database.reading() as session:  # as bot.whois.answering
            await pictures.answered_before(session, [posted.attachment_id or 0], guild_id=GUILD)
        async with database.writing() as session:
            await pictures.record(session, posted, [face, face], first=1)

    async def start() -> None:
        seen.clear()

    async def listed() -> None:
        async with database.reading() as session:
            await characters.known(session, guild_id=GUILD)
            await examples.counts(session, guild_id=GUILD, quorum=QUORUM)

    async def stats() -> None:
        async with database.reading() as session:
            await counting.counts(session, guild_id=GUILD, quorum=QUORUM)
            await helpers.most_helpful(session, guild_id=GUILD, quorum=QUORUM, most=5)
        async with database.reading() as session:
            await examples.waiting(session, guild_id=GUILD, quorum=QUORUM)

    async def review() -> None:
        async with database.reading() as session:
            await reviews.disputed_unkept(session, guild_id=GUILD, quorum=QUORUM, limit=27)
        async with database.reading() as session:
            asked = await reviews.unsettled(session, guild_id=GUILD, since=datetime.now(UTC), quorum=QUORUM)
            await reviews.other_looks(session, guild_id=GUILD, asked=[each.face.id for each in asked])

    async def portrait() -> None:
        async with database.reading() as session:
            await portraits.portrait(session, f"Character {dice.randint(1, CHARACTERS)}", guild_id=GUILD, quorum=QUORUM)

    await timed("a correction by a member", lambda: correct(dice.choice(MEMBERS), "name", moderator=False), 30)
    moderator = lambda: correct(dice.choice(MODERATORS), "name", moderator=True)  # noqa: E731
    await timed("a correction by a moderator", moderator, 30)
    await timed("a picture", picture, 30)
    async with database.reading() as session:
        learned = list(await session.scalars(select(Sample.face_id).where(Sample.held_out.is_not(None)).limit(10_000)))
    unlearn = lambda: correct(dice.choice(MODERATORS), "name", moderator=True, among=learned)  # noqa: E731
    await timed("… after a correction", picture, 30, after=unlearn)
    await timed("… after a start", picture, 1, after=start)
    await timed("!characters", listed, 5)
    await timed("!character NAME", portrait, 5)
    await timed("!stats", stats, 5)
    await timed("!review", review, 5)
    member = lambda: correct(dice.choice(MEMBERS), "name", moderator=False)  # noqa: E731
    acts = dice.choices([picture, member, moderator, portrait, listed, stats], weights=MIX, k=MIXED)

    async def mix() -> None:
        for act in acts:
            await act()

    await timed(THE_MIX, mix, 3)
    return found


async def viewed(session: AsyncSession, face: int | None) -> float:
    """What the view takes for one face, or for all of the server."""
    faces = select(Face.id).join(Face.picture).where(Picture.guild_id == GUILD)
    claim = claims(faces if face is None else faces.where(Face.id == face), guild_id=GUILD, quorum=QUORUM)
    begun = time.process_time()
    (await session.execute(select(claim).where(claim.c.settled))).all()
    return time.process_time() - begun


async def database(faces: int, url: str | None) -> None:
    """Make the database, measure, and print a table; with a URL also what the same takes there."""
    with tempfile.TemporaryDirectory() as folder, postgres(url) as elsewhere:
        store = SqliteFile(Path(folder))
        begun = time.perf_counter()
        fill(store.home, faces)
        print(f"made in {time.perf_counter() - begun:.0f} s, {database_path(store.home).stat().st_size / 2**20:.0f} MB")
        database = Database(store, patience=3600)
        begun = time.process_time()
        async with database.writing() as session:
            await (await session.connection()).run_sync(judging.settle)
        settled = time.process_time() - begun
        async with database.reading() as session:
            said = await session.scalar(select(func.count()).select_from(Correction)) or 0
        print(f"{faces:,} faces, {said:,} corrections; all tables filled anew in {settled:.0f} s")
        await database.close()
        stores: list[Store] = [store]
        if elsewhere:
            stores.append(at(Path(folder), url=elsewhere))
            begun = time.perf_counter()
            copying.copy(store, stores[1], told=lambda _table, _rows: None)
            print(f"copied into {stores[1].name} and compared in {time.perf_counter() - begun:.0f} s")
        first: dict[str, Taken] = {}
        for each in stores:
            database = Database(each, patience=3600)
            print(f"-- {each.name}: {await _size(database) / 2**20:.0f} MB")
            measured = await measure(database, faces)
            for what, taken in measured.items():
                print(_line(what, taken, first.get(what)))
            if said <= VIEWED and each is store:
                async with database.reading() as session:
                    print(f"{'the view, of one face':30}{await viewed(session, 8) * 1000:9.1f} ms")
                    print(f"{'the view, of the server':30}{await viewed(session, None) * 1000:9.1f} ms")
            await database.close()
            first = measured


async def _size(database: Database) -> int:
    return (await database.sizes())["database"]


def _line(what: str, taken: Taken, before: Taken | None) -> str:
    used, passed = taken.processor, taken.clock
    line = (
        f"{what:30}{statistics.median(used) * 1000:9.1f} ms   at most {max(used) * 1000:9.1f} ms"
        f"   by the clock {statistics.median(passed) * 1000:9.1f} ms, at least {min(passed) * 1000:9.1f} ms"
    )
    if before is not None:
        line += f"   {statistics.median(passed) / statistics.median(before.clock):.2f} ×"
    return line


@contextmanager
def postgres(url: str | None) -> Iterator[str | None]:
    """A database of PostgreSQL: the one at a URL, or one of a server that is started for it, as safe as it comes."""
    if url != OWN:
        yield url
        return
    server = Server(fsync="on", full_page_writes="on", shared_buffers="512MB")
    try:
        server.do("CREATE DATABASE scale")
        yield server.url("scale")
    finally:
        server.end()


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not used: `make bench-long` gives it to every benchmark")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument(
        "--postgres",
        nargs="?",
        const=OWN,
        metavar="URL",
        help="the same rows in PostgreSQL too: in the empty database there, or in one that is started for it",
    )
    chosen = parser.parse_args()
    for part in chosen.parts:
        print(f"-- {part}")
        match part:
            case "database":
                asyncio.run(database(chosen.faces, chosen.postgres))
            case "retraining":
                for line in retrainings():
                    print(line, flush=True)
            case _:
                for line in starts():
                    print(line, flush=True)


if __name__ == "__main__":
    main()
