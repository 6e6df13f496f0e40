"""Who a face is, as people settle it: by the stated rules, and quickly."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, corrections, judging, rules, verdicts
from bot.database.ledger import Correction
from bot.database.verdicts import Verdict, Votes
from tests import databases

Act = Callable[..., Awaitable[Any]]
ANN, BEN, CAT, MOD, MEG = range(11, 16)


@pytest.fixture
def verdict(database: Database) -> Act:
    async def verdict(face_id: int, *, quorum: int = 2) -> tuple[str | None, str] | None:
        """The name, or None for no face, and who settled it; None while it is unsettled."""
        async with database.reading() as session:
            settled = (await verdicts.standings(session, [face_id], quorum=quorum))[face_id].verdict
        return settled and (settled.name, "trusted" if settled.trusted else "quorum")

    return verdict


async def test_nobody_has_spoken(post: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    assert await verdict(face) is None


async def test_two_members_who_agree_settle_it_and_one_does_not(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "right")
    await say(face, ANN, "name", "Riko")
    assert await verdict(face) is None
    assert await verdict(face, quorum=1) == ("Riko", "quorum")
    await say(face, BEN, "name", "RIKO")
    assert await verdict(face) == ("Riko", "quorum")


@pytest.mark.parametrize("objection", [("name", "Maki"), ("not", "Riko"), ("not_face", None)])
async def test_a_member_who_disagrees_unsettles_it(post: Act, say: Act, verdict: Act, objection: Any) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "right")
    await say(face, BEN, "right")
    await say(face, CAT, *objection)
    assert await verdict(face) is None


async def test_saying_who_it_is_not_does_not_disagree_with_who_it_is(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "name", "Maki")
    await say(face, ANN, "not", "Riko")
    await say(face, BEN, "name", "Maki")
    await say(face, CAT, "not")
    assert await verdict(face) == ("Maki", "quorum")


async def test_who_changes_their_mind_has_one_voice(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "name", "Maki")
    await say(face, ANN, "not", "Riko")
    await say(face, ANN, "right")
    await say(face, BEN, "right")
    assert await verdict(face) == ("Riko", "quorum")
    await say(face, BEN, "not")
    assert await verdict(face) is None


async def test_the_latest_moderator_decides_whatever_members_say(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    for member in (ANN, BEN, CAT):
        await say(face, member, "right")
    await say(face, MOD, "name", "Maki", moderator=True)
    assert await verdict(face) == ("Maki", "trusted")
    await say(face, MEG, "not_face", moderator=True)
    await say(face, ANN, "name", "Aoi")
    assert await verdict(face) == (None, "trusted")


async def test_a_moderators_no_unsettles_what_a_moderator_named(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, MOD, "right", moderator=True)
    await say(face, ANN, "not")
    assert await verdict(face) == ("Riko", "trusted")
    await say(face, MEG, "not", moderator=True)
    assert await verdict(face) is None
    await say(face, MOD, "right", moderator=True)
    assert await verdict(face) == ("Riko", "trusted")


async def test_what_is_taken_back_was_never_said(database: Database, post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, MOD, "right", moderator=True)
    await say(face, MOD, "name", "Maki", moderator=True)
    async with database.writing() as session:
        await corrections.take_back(session, face_id=face, user_id=MOD, moderator=False, via="reaction")
    assert await verdict(face) == ("Riko", "trusted")


async def test_an_import_is_trusted(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post(None, guild_id=None, source="import")
    await say(face, None, "name", "Riko", via="import")
    assert await verdict(face) == ("Riko", "trusted")


async def test_a_reply_can_show_how_its_faces_stand(database: Database, post: Act, say: Act) -> None:
    disputed, quiet = await post("Riko", "Aoi")
    for member, kind, name in ((ANN, "right", None), (BEN, "name", "Riko"), (CAT, "name", "Maki"), (MEG, "not", "Aoi")):
        await say(disputed, member, kind, name)
    async with database.reading() as session:
        standings = await verdicts.standings(session, [disputed, quiet], quorum=2)
        assert (await verdicts.standings(session, [disputed], quorum=1))[disputed].refused == {"Aoi"}
        assert (await verdicts.standings(session, [quiet], quorum=1))[quiet].refused == frozenset()
    assert standings[disputed].votes == (Votes("Riko", 2, 0, 2), Votes("Maki", 1, 0, 1), Votes("Aoi", 0, 1, 0))
    assert standings[disputed].verdict is None
    assert standings[quiet].votes == ()


async def test_a_refused_name_may_be_offered_again_once_its_refusal_is_gone(
    database: Database, post: Act, say: Act
) -> None:
    (face,) = await post("Riko")
    for member in (ANN, BEN):
        await say(face, member, "not")
    await say(face, ANN, "right")
    async with database.writing() as session:
        assert (await verdicts.standings(session, [face], quorum=1))[face].refused == {"Riko"}
        await corrections.take_back(session, face_id=face, user_id=BEN, moderator=False, via="button")
        assert (await verdicts.standings(session, [face], quorum=1))[face].refused == frozenset()


async def test_a_guild_sees_its_own_verdicts_and_everyones(database: Database, post: Act, say: Act) -> None:
    (mine,), (theirs,) = await post("Riko", guild_id=1), await post("Riko", guild_id=2)
    (everyones,) = await post(None, guild_id=None, source="import")
    await say(mine, MOD, "right", moderator=True)
    await say(theirs, MOD, "not_face", moderator=True)
    await say(everyones, None, "name", "Maki", via="import")
    async with database.reading() as session:
        seen = {
            guild_id: [verdict.face_id for verdict in await verdicts.verdicts(session, guild_id=guild_id, quorum=2)]
            for guild_id in (1, 2, 3, None)
        }
        assert await verdicts.verdicts(session, guild_id=3, quorum=2) == [Verdict(everyones, "Maki", trusted=True)]
    assert seen == {1: [mine, everyones], 2: [theirs, everyones], 3: [everyones], None: [everyones]}


async def test_a_quorum_of_nobody_is_refused(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(ValueError, match="quorum"):
            await verdicts.verdicts(session, guild_id=1, quorum=0)


# Whose word counts.

EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)


async def test_a_new_accounts_word_is_shown_and_does_not_count(
    database: Database, post: Act, say: Act, verdict: Act
) -> None:
    def made(before: timedelta) -> int:
        return discord.utils.time_snowflake(EVENING - before)

    (face,) = await post("Riko")
    await say(face, ANN, "right", at=EVENING)
    await say(face, made(timedelta(days=6)), "right", at=EVENING)
    await say(face, made(timedelta(days=2)), "not", at=EVENING)
    async with database.reading() as session:
        standing = (await verdicts.standings(session, [face], quorum=2))[face]
    assert standing.votes == (Votes("Riko", people=2, against=1, counting=1),)
    assert standing.verdict is None
    await say(face, made(timedelta(days=8)), "right", at=EVENING)
    assert await verdict(face) == ("Riko", "quorum")


async def test_a_new_account_that_moderates_counts(post: Act, say: Act, verdict: Act) -> None:
    (face,) = await post("Riko")
    await say(face, discord.utils.time_snowflake(EVENING), "right", at=EVENING, moderator=True)
    assert await verdict(face) == ("Riko", "trusted")


async def test_what_is_said_in_a_burst_does_not_count(post: Act, say: Act, verdict: Act) -> None:
    faces = [(await post("Riko"))[0] for _ in range(rules.BURST + 1)]
    for n, face in enumerate(faces):
        await say(face, ANN, "right", at=EVENING + timedelta(seconds=n))
        await say(face, BEN, "right", at=EVENING + timedelta(minutes=n))
        if n == rules.BURST - 1:
            assert await verdict(faces[0]) == ("Riko", "quorum")
    assert [await verdict(face) for face in faces] == [None] * len(faces)


async def test_many_faces_in_one_picture_are_no_burst(post: Act, say: Act, verdict: Act) -> None:
    faces = await post(*["Riko"] * 30)
    for face in faces:
        await say(face, ANN, "right", at=EVENING)
        await say(face, BEN, "right", at=EVENING)
    assert await verdict(faces[-1]) == ("Riko", "quorum")


async def test_one_days_words_of_one_member_are_bounded(post: Act, say: Act, verdict: Act) -> None:
    *faces, last = await post(*["Riko"] * (rules.PER_DAY + 1))
    for face in faces:
        await say(face, ANN, "right", at=EVENING)
    for member, when in ((ANN, EVENING), (BEN, EVENING)):
        await say(last, member, "right", at=when)
    await say(faces[-1], BEN, "right", at=EVENING)
    assert await verdict(faces[-1]) == ("Riko", "quorum")
    assert await verdict(last) is None
    await say(last, ANN, "right", at=EVENING + timedelta(days=1))
    assert await verdict(last) == ("Riko", "quorum")


async def test_members_whom_moderators_overrule_lose_their_voice_and_what_it_settled(
    post: Act, say: Act, verdict: Act
) -> None:
    lies = [(await post("Riko"))[0] for _ in range(9)]
    for face in lies:
        await say(face, ANN, "name", "Maki")
        await say(face, BEN, "name", "Maki")
    assert {await verdict(face) for face in lies} == {("Maki", "quorum")}
    await say(lies[0], MOD, "name", "Riko", moderator=True)
    await say(lies[1], MOD, "not", "Maki", moderator=True)
    assert await verdict(lies[8]) == ("Maki", "quorum")
    await say(lies[2], MOD, "not_face", moderator=True)
    assert await verdict(lies[8]) is None
    for face in lies[3:8]:
        await say(face, CAT, "right")
        await say(face, MEG, "right")
        assert await verdict(face) == ("Riko", "quorum")  # nor can they object any more


async def test_who_is_upheld_more_often_than_overruled_keeps_their_voice(post: Act, say: Act, verdict: Act) -> None:
    faces = [(await post("Riko"))[0] for _ in range(8)]
    for n, face in enumerate(faces):
        await say(face, ANN, "name", "Maki" if n < 3 else "Riko")
        if n < 6:
            await say(face, MOD, "right", moderator=True)
        else:
            await say(face, BEN, "right")
    assert await verdict(faces[7]) == ("Riko", "quorum")
    await say(faces[6], MOD, "name", "Aoi", moderator=True)
    assert await verdict(faces[7]) is None


async def test_conduct_in_one_guild_is_nobodys_business_in_another(post: Act, say: Act, verdict: Act) -> None:
    for _ in range(3):
        (face,) = await post("Riko", guild_id=2)
        await say(face, ANN, "name", "Maki")
        await say(face, MOD, "right", moderator=True)
    (face,) = await post("Riko", guild_id=1)
    await say(face, ANN, "right")
    await say(face, BEN, "right")
    assert await verdict(face) == ("Riko", "quorum")


# The rules once more, as one would tell them: going through the ledger row by row.


@dataclass(frozen=True)
class Row:
    id: int
    person: int
    kind: str
    name: str | None
    trusted: bool


def settled(rows: list[Row], quorum: int) -> tuple[str | None] | None:
    words: dict[int, Row] = {}
    refusals: dict[tuple[int, str | None], Row] = {}
    for row in rows:
        if row.kind == "not":
            refusals[row.person, row.name] = row
            if row.person in words and words[row.person].name == row.name:
                del words[row.person]
        else:
            words[row.person] = row
            refusals.pop((row.person, row.name), None)
    trusted = sorted((row for row in words.values() if row.trusted), key=lambda row: row.id)
    if trusted:
        last = trusted[-1]
        since = [no for no in refusals.values() if no.trusted and no.name == last.name and no.id > last.id]
        return None if since else (last.name,)
    names = {row.name for row in words.values()}
    if len(words) < quorum or len(names) != 1 or names & {no.name for no in refusals.values()}:
        return None
    return (names.pop(),)


_people = st.integers(1, 4)
_says = st.tuples(
    st.just("say"), _people, st.sampled_from(["right", "name", "not", "not_face"]), st.sampled_from("AB"), st.booleans()
)
_takes_back = st.tuples(st.just("take back"), _people)


@given(st.lists(_says | _says | _takes_back, max_size=12), st.integers(1, 3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_rules_are_kept_as_one_would_tell_them(
    database: Database, post: Act, story: list[tuple[Any, ...]], quorum: int
) -> None:
    (face,) = await post("A")
    ledger: list[Row] = []
    async with database.writing() as session:
        for act, who, *said in story:
            person = 10 * face + who  # every story has its own people, whose conduct is blameless
            if act == "take back":
                gone = await corrections.take_back(
                    session, face_id=face, user_id=person, moderator=False, via="reaction"
                )
                assert (gone is None) == all(row.person != person for row in ledger)
                ledger = [row for row in ledger if gone is None or row.id != gone.id]
                continue
            kind, name, moderator = said
            given_name = {"right": None, "not_face": None}.get(kind, name)
            row: Correction = await corrections.add(
                session, face_id=face, kind=kind, user_id=person, moderator=moderator, via="menu", name=given_name
            )
            meant = {"right": "A", "not_face": None}.get(kind, name)
            ledger.append(Row(row.id, person, kind, meant, moderator))
        standing = (await verdicts.standings(session, [face], quorum=quorum))[face]
    assert (standing.verdict and (standing.verdict.name,)) == settled(ledger, quorum)


async def fill(database: Database, n: int) -> int:
    """So many faces of a thousand characters, each named by two people; gives how many of these are one."""
    at = "2026-11-23 09:00:00"
    faces = [
        {
            "id": i,
            "user": i % 400,
            "other": i % 401,
            "character": i % 1000 + 1,
            "at": f"{datetime(2025, 1, 1) + timedelta(days=i // 400, minutes=i % 60)}.000000",  # noqa: DTZ001  as stored
        }
        for i in range(1, n + 1)
    ]
    async with database.writing() as session:
        await session.execute(
            text(f"INSERT INTO characters (id, guild_id, name, folded, created_at) VALUES (:id, 1, :id, :id, '{at}')"),
            faces[:1000],
        )
        await session.execute(
            text(
                "INSERT INTO pictures (id, guild_id, source, poster_id, declined, created_at) "
                f"VALUES (:id, 1, 'discord', :user, 0, '{at}')"
            ),
            faces,
        )
        await session.execute(
            text(
                "INSERT INTO faces (id, picture_id, number, x, y, w, h, angle, score, confidence, candidates) "
                "VALUES (:id, :id, 1, 0, 0, 9, 9, 0, 1, 1, '[]')"
            ),
            faces,
        )
        for who in ("user", "other"):
            await session.execute(
                text(
                    "INSERT INTO corrections (face_id, kind, user_id, moderator, via, character_id, at) "
                    f"VALUES (:id, 'name', :{who}, 0, 'menu', :character, :at)"
                ),
                faces,
            )
    return sum(face["user"] == face["other"] for face in faces)


async def steps(session: AsyncSession, query: Awaitable[Any]) -> tuple[int, Any]:
    """How many times ten steps of its own machine SQLite takes for something, and what comes of it."""
    connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    await connection.set_progress_handler(step, 10)
    found = await query
    await connection.set_progress_handler(None, 0)
    return taken, found


@pytest.mark.sqlite_only
async def test_a_correction_takes_no_more_work_however_much_was_said_before(tmp_path: Path) -> None:
    said: list[int] = []
    shown: list[int] = []
    for n in (1_500, 6_000):
        (tmp_path / str(n)).mkdir()
        database = Database(databases.migrated(tmp_path / str(n)))
        alone = await fill(database, n)
        async with database.reading() as session:
            assert len(await verdicts.verdicts(session, guild_id=1, quorum=2)) == n - alone
            shown.append((await steps(session, verdicts.standings(session, [n], quorum=2)))[0])
        async with database.writing() as session:
            about: Any = {"face_id": n, "kind": "not_face", "user_id": n % 400, "moderator": False, "via": "menu"}
            await corrections.add(session, **about)
            said.append((await steps(session, judging.catch_up(session)))[0])
        await database.close()
    assert said[1] < 2 * said[0]  # four times, if it went through all
    assert shown[1] < 2 * shown[0]
