"""What the tables say of a face is what the rules make of all that was said, whatever happens, and at once."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, changes, corrections, deleting, erasing, pictures, rebuilding, rules, verdicts
from bot.database.characters import called_today
from bot.database.judgements import Conduct, Judgement, Stale, WordRow
from bot.database.meanings import Character
from bot.database.pictures import Face, Picture
from bot.database.rules import TRUSTED
from bot.database.samples import Sample
from ml import Box, NamedFace
from ml.errors import KoredareError
from tests import databases
from tests.bot.database.following import Follower
from tests.bot.database.view import claims

EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)
NEWCOMER = discord.utils.time_snowflake(EVENING - timedelta(days=3))
MOD, POSTER = 15, 100
GUILDS = (1, 2, None)
FACES = 14

_people = st.sampled_from([11, 12, 13, NEWCOMER])
_faces = st.integers(1, FACES)
_names = st.sampled_from(["A", "B", "C"])
_moments = st.sampled_from([timedelta(), timedelta(seconds=30), timedelta(minutes=2), timedelta(days=1)])
_guilds = st.sampled_from([1, 1, 1, 2])
_says = st.tuples(
    st.just("say"), _faces, _people, st.sampled_from(["right", "name", "name", "not", "not_face"]), _names, _moments
)
_settles = st.tuples(st.just("moderate"), _faces, st.sampled_from(["right", "name", "not", "not_face"]), _names)
_hurries = st.tuples(st.just("hurry"), _people, _names, st.integers(1, FACES), _moments)
_takes_back = st.tuples(st.just("take back"), _faces, _people | st.just(MOD))
_undoes_all = st.tuples(st.just("undo all"), _guilds, _people | st.just(MOD))
_renames = st.tuples(st.just("change"), st.sampled_from(["rename", "merge", "add_alias"]), _guilds, _names, _names)
_unchanges = st.tuples(st.just("unchange"), _guilds)
_imports = st.tuples(st.just("import"), st.sampled_from(GUILDS), _names)
_deletes = st.tuples(st.just("delete"), _guilds, _names)
_forgets = st.tuples(st.just("forget"), _people | st.sampled_from([MOD, POSTER, POSTER + 1]))
_declines = st.tuples(st.just("decline"), st.integers(1, FACES // 2))
_keeps = st.tuples(st.just("keep"), _faces, st.sampled_from([None, True, False, "drop"]))
_steps = st.one_of(
    *[_says] * 4, *[_settles] * 2, _hurries, _takes_back, _undoes_all, _renames, _renames, _unchanges, _imports,
    _deletes, _forgets, _declines, _keeps,
)  # fmt: skip


def found(guess: str | None) -> NamedFace:
    return NamedFace(Box(10, 20, 30, 40), -5.0, 0.9, quality=1.0, name=guess, confidence=0.8, candidates=())


async def furnish(session: AsyncSession) -> None:
    """Seven pictures of two faces: four of one guild, two of another, and one that was imported for everyone.

    Two members have named most of them, one a day, so that whatever happens next changes something.
    """
    for n, guild_id in enumerate([1, 1, 1, 1, 2, 2, None]):
        about: dict[str, Any] = {"source": "discord", "poster_id": POSTER + n % 2} if guild_id else {"source": "import"}
        await pictures.record(session, Picture(guild_id=guild_id, **about), [found("A"), found("B")])
    for face in (1, 2, 3, 4, 5, 6, 9, 10):
        for who in (11, 12):
            await say(session, face, who, "name", "AB"[(face + 1) % 2], at=EVENING - timedelta(days=face))


async def say(session: AsyncSession, face: int, who: int | None, kind: Any, name: str, **how: Any) -> None:
    about = {"moderator": False, "via": "menu"} | how
    called = None if kind in ("right", "not_face") else name
    await corrections.add(session, face_id=face, user_id=who, kind=kind, name=called, **about)


async def act(session: AsyncSession, what: str, *about: Any) -> None:  # noqa: PLR0912  a case for each thing
    match (what, *about):
        case ("say", face, who, kind, name, later):
            await say(session, face, who, kind, name, at=EVENING + later)
        case ("moderate", face, kind, name):
            await say(session, face, MOD, kind, name, moderator=True, at=EVENING)
        case ("hurry", who, name, faces, later):
            for face in range(1, faces + 1):
                with suppress(KoredareError):
                    await say(session, face, who, "name", name, at=EVENING + later)
        case ("take back", face, who):
            await corrections.take_back(session, face_id=face, user_id=who, moderator=False, via="menu")
        case ("undo all", guild_id, who):
            how: Any = {"guild_id": guild_id, "user_id": MOD, "moderator": True, "via": "command"}
            await corrections.undo_all(session, who, **how)
        case ("change", kind, guild_id, name, other):
            await getattr(changes, kind)(session, name, other, guild_id=guild_id, user_id=MOD)
        case ("unchange", guild_id):
            await changes.undo(session, guild_id=guild_id, user_id=MOD)
        case ("import", guild_id, name):
            picture = Picture(guild_id=guild_id, source="import", origin=f"file/{name}")
            (face,) = await pictures.record(session, picture, [found(None)])
            await say(session, face.id, None, "name", name, moderator=True, via="import")
        case ("delete", guild_id, name):
            who = await called_today(session, name, guild_id=guild_id)
            if who is not None:
                how = {"guild_id": guild_id, "user_id": MOD, "moderator": True, "via": "command"}
                await deleting.delete_character(session, who, **how)
        case ("forget", who):
            await erasing.forget(session, who)
        case ("decline", picture_id):
            await pictures.decline(session, [picture_id])
        case ("keep", face, side):
            if await session.get(Face, face) is not None:
                await session.execute(delete(Sample).where(Sample.face_id == face))
                if side != "drop":
                    about_it: dict[str, Any] = {"picture_hash": "0" * 64, "perceptual_hash": None, "embedder": "e"}
                    session.add(Sample(face_id=face, held_out=None, embedding=b"", crop=b"", **about_it))
                    await session.flush()
                    (await session.get_one(Sample, face)).held_out = side
        case _:
            raise ValueError(what)


@cache
def views() -> list[Select[Any]]:
    """The view of each guild's own faces, and of everyone's; built once, as that takes longer than asking."""
    return [
        select(
            claims(
                select(Face.id).join(Face.picture).where(Picture.guild_id.is_not_distinct_from(guild_id)),
                guild_id=guild_id,
                quorum=1,
            )
        )
        for guild_id in GUILDS
    ]


async def expected(session: AsyncSession) -> dict[int, tuple[set[tuple[int | None, int, int, int]], Any, int]]:
    """Of each face: what is said of it, who it is and with how many voices, as the view has it."""
    judged: dict[int, tuple[set[Any], Any, int]] = {}
    for view in views():
        for row in await session.execute(view):
            votes, who, voices = judged.get(row.face_id, (set(), None, 0))
            votes.add((row.character_id, row.people, row.against, row.counting))
            if row.settled:
                who, voices = row.character_id, TRUSTED if row.trusted else row.counting
            judged[row.face_id] = votes, who, voices
    return judged


async def agree(session: AsyncSession) -> None:
    """The tables say what the view does, and so does what is shown."""
    want = await expected(session)
    kept = {row.face_id: row.held_out for row in await session.execute(select(Sample.face_id, Sample.held_out))}
    sides = {None: "waiting", True: "held_out", False: "training"}
    rows = {row.face_id: row for row in await session.scalars(select(Judgement))}
    assert rows.keys() == want.keys() | kept.keys()
    for face_id, row in rows.items():
        assert (row.character_id, row.voices) == want.get(face_id, ((), None, 0))[1:]
        assert row.kept == (sides[kept[face_id]] if face_id in kept else None)
    faces = await session.scalars(select(Face).where(Face.id.in_(want)))
    shown = await verdicts.standings_of(session, faces, guild_id=None, quorum=1)
    name = {row.id: row.name for row in await session.execute(select(Character.id, Character.name))}
    for face_id, standing in shown.items():
        votes = {(vote.name, vote.people, vote.against, vote.counting) for vote in standing.votes}
        assert votes == {(who and name[who], *numbers) for who, *numbers in want[face_id][0]}


TABLES = (WordRow, Conduct, Judgement, Stale)


async def dump(session: AsyncSession) -> list[list[Any]]:
    return [sorted(map(repr, await session.execute(select(*table.__table__.c)))) for table in TABLES]


@asynccontextmanager
async def new() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory() as folder, databases.dropping():
        database = Database(databases.migrated(Path(folder)), patience=600)
        yield database
        await database.close()


@pytest.fixture(scope="module")
def strict() -> Iterator[None]:
    """Limits that a few words reach; the view is built with them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "BURST", 2)
        patch.setattr(rules, "PER_DAY", 4)
        patch.setattr(rules, "OVERRULED", 2)
        yield


NOW = timedelta()


@given(st.lists(_steps, min_size=1, max_size=10))
@example([("change", "merge", 1, "A", "B"), ("unchange", 1)])
@example([("say", 8, 13, "name", "A", NOW), ("hurry", 13, "A", 6, timedelta(seconds=30)), ("undo all", 1, 13)])
@example([("moderate", 1, "name", "B"), ("moderate", 3, "not_face", ""), ("take back", 3, MOD), ("forget", MOD)])
@example([("forget", POSTER)])
@settings(max_examples=40, deadline=None)
@pytest.mark.usefixtures("strict")
async def test_the_tables_follow_whatever_is_said_and_done(steps: list[Any]) -> None:
    async with new() as database:
        async with database.writing() as session:
            await furnish(session)
        kept: list[list[Any]] = [[]] * 3
        follower = Follower(1)
        for step in steps:
            with suppress(KoredareError):
                async with database.writing() as session:
                    await act(session, *step)
            async with database.reading() as session:
                await agree(session)
                await follower.moves(session)
                kept = await dump(session)
        async with database.writing() as session:
            rebuilt = await (await session.connection()).run_sync(rebuilding.fill)
            assert len(kept[2]) <= rebuilt  # all of it was taken back of some
            assert await dump(session) == kept
