"""Who a face is, as people have settled it: a view over the ledger, never stored.

The rules, for one face. Corrections that were taken back do not exist.

1. A person's *word* is the latest of their "right", "name" and "not_face" ("right" names the guess). A later "not
   X" of the same person cancels their word X, and a later word X cancels their "not X".
2. The latest word of a moderator or an importer settles the face, unless one of these has since said "not" that.
3. Otherwise the face is settled where at least `quorum` people have the same word, nobody has another, and nobody
   says "not" that. Here only what *counts* is heard.
4. Otherwise it is unsettled, and nobody's example.

What a moderator or an importer says counts. What a member says is always shown, and counts unless

a. their account was younger than `NEW_ACCOUNT` when they said it,
b. they spoke of more than `BURST` pictures within that minute,
c. it was not among the first `PER_DAY` things that they said in the guild on that day (UTC), so that nobody teaches
   a guild alone with one helper in one night,
d. rule 2 has overruled them in the guild at least `OVERRULED` times, and more often than it has upheld them. Lies
   that a moderator finds so take the liars' other words along, and those of the friends who agreed, at once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, cast, distinct, exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.characters import called, meanings
from bot.database.corrections import Correction, alive
from bot.database.pictures import Face, Picture

FaceIds: TypeAlias = Select[int]

NEW_ACCOUNT: Final = timedelta(days=7)
BURST: Final = 20  # pictures a minute: three seconds each, which nobody needs who looks at them
PER_DAY: Final = 100  # things said: an evening's work, and a small part of what a guild learns from
OVERRULED: Final = 3

_trusted = or_(Correction.moderator, Correction.via == "import")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is settled of a face: who it is, or that it is none.

    Attributes
    ----------
    name
        The character; None: not a face.
    trusted
        A moderator or an importer said so, not only a quorum of members.
    """

    face_id: int
    name: str | None
    trusted: bool


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people say of a face that it is a character, and how many that it is not.

    Attributes
    ----------
    name
        None: that it is not a face; nobody can be against that.
    counting
        Those of `people` whose word counts.
    """

    name: str | None
    people: int
    against: int
    counting: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a face stands among people, as a reply shows it ("2 say Riko, 1 says Maki").

    Attributes
    ----------
    votes
        Most people first; names that nobody has ever said of the face are missing.
    verdict
        None while it is unsettled.
    """

    votes: tuple[Votes, ...]
    verdict: Verdict | None

    @property
    def refused(self) -> frozenset[str]:
        """Names that somebody said it is not: not to be offered for this face again."""
        return frozenset(vote.name for vote in self.votes if vote.name is not None and vote.against)


def visible(guild_id: int | None) -> FaceIds:
    """Ids of the faces that a guild learns from: its own and those imported for everyone (None: only these)."""
    mine = or_(Picture.guild_id == guild_id, Picture.guild_id.is_(None))
    return select(Face.id).join(Picture, Face.picture_id == Picture.id).where(mine)


def claims(faces: FaceIds, *, guild_id: int | None, quorum: int) -> CTE:
    """What is said of each of these faces, a row for each face and character, and whether that is settled.

    Parameters
    ----------
    guild_id
        Whose characters: two that were merged there are one. None: everyone's.
    quorum
        How many members must agree where no moderator has spoken; at least 1.

    Returns
    -------
    CTE
        Columns face_id, character_id (NULL: not a face), people, against, counting (those of `people` whose word
        counts), trusted (someone trusted decided it), settled (at most one row of a face is).
    """
    if quorum < 1:
        raise ValueError(f"a quorum of {quorum} settles everything")
    asked = faces.cte("asked")
    heard = _heard(_words(_said(asked, guild_id=guild_id)))
    counted = (
        select(
            heard.c.face_id,
            heard.c.character_id,
            func.count().filter(~heard.c.against).label("people"),
            func.count().filter(heard.c.against).label("against"),
            func.count().filter(~heard.c.against, heard.c.counts).label("counting"),
            func.count().filter(heard.c.against, heard.c.counts).label("counting_against"),
            func.max(heard.c.upheld).label("trusted"),
        )
        .where(heard.c.face_id.in_(select(asked.c.id)))
        .group_by(heard.c.face_id, heard.c.character_id)
        .cte("counted")
    )
    agreed = and_(
        counted.c.counting >= quorum,
        counted.c.counting == func.sum(counted.c.counting).over(partition_by=counted.c.face_id),
        counted.c.counting_against == 0,
    )
    # Both can hold, but never of two characters: a trusted word for one is a voice against unanimity for another.
    return select(
        counted.c.face_id,
        counted.c.character_id,
        counted.c.people,
        counted.c.against,
        counted.c.counting,
        (counted.c.trusted == 1).label("trusted"),
        or_(counted.c.trusted == 1, agreed).label("settled"),
    ).cte("claims")


def doubtful(faces: FaceIds) -> FaceIds:
    """These faces without those that are settled at a glance: by trusted words alone, none of them "not".

    What is left may be settled too; `claims` says so, at a cost that grows with all that the same members have said.
    """
    said = (Correction.face_id == Face.id) & alive
    doubted = or_(Correction.kind == "not", ~_trusted)
    return faces.where(or_(~exists().where(said), exists().where(said, doubted)))


def _said(asked: CTE, *, guild_id: int | None) -> CTE:
    """What stands of the ledger, of the faces asked about and of all others of which the same members have spoken.

    Columns beside the ledger's own: character_id (of the character that it means today), against, trusted, latest (of
    the same person, face and character), word (the id of what the person last called the face).
    """
    meaning = meanings(guild_id)
    who = func.coalesce(meaning.c.means, Correction.character_id)
    members = select(Correction.user_id).where(
        Correction.face_id.in_(select(asked.c.id)), Correction.user_id.is_not(None), ~Correction.moderator
    )
    reach = union(select(asked.c.id), select(Correction.face_id).where(Correction.user_id.in_(members)))
    against = Correction.kind == "not"
    person: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id]}
    same: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id, who]}
    last_of_same: ColumnElement[int] = func.max(Correction.id).over(**same)
    return (
        select(
            Correction.id,
            Correction.face_id,
            Correction.user_id,
            who.label("character_id"),
            Correction.at,
            against.label("against"),
            _trusted.label("trusted"),
            (Correction.id == last_of_same).label("latest"),
            func.max(Correction.id).filter(~against).over(**person).label("word"),
        )
        .join(meaning, meaning.c.character_id == Correction.character_id, isouter=True)
        .where(Correction.face_id.in_(reach), alive)
        .cte("said")
    )


def _words(said: CTE) -> CTE:
    """What each person says last of each character of a face, and what trusted people make of that.

    Further columns: guild_id, picture_id, upheld (rule 2 settles the face as this character), overruled (rule 2
    settles the face otherwise, or somebody trusted says "not" that).
    """
    face: dict[str, Any] = {"partition_by": said.c.face_id}
    claim: dict[str, Any] = {"partition_by": [said.c.face_id, said.c.character_id]}
    naming = func.max(said.c.id).filter(~said.c.against, said.c.trusted)
    refusing = func.max(said.c.id).filter(said.c.against, said.c.trusted)
    last = (
        select(
            said,
            naming.over(**claim).label("trusted_word"),
            func.coalesce(refusing.over(**claim), 0).label("trusted_refusal"),
            naming.over(**face).label("last_trusted_word"),
        )
        .where(said.c.latest, or_(said.c.against, said.c.id == said.c.word))
        .cte("last")
    )
    upheld = func.coalesce(
        and_(last.c.trusted_word == last.c.last_trusted_word, last.c.trusted_word > last.c.trusted_refusal), False
    )
    judged = select(last, upheld.label("upheld")).cte("judged")
    decided = func.max(judged.c.upheld).over(partition_by=judged.c.face_id)
    refused = judged.c.trusted_refusal > func.coalesce(judged.c.trusted_word, 0)
    return (
        select(
            judged,
            Picture.guild_id,
            Face.picture_id,
            and_(judged.c.upheld == 0, or_(decided == 1, refused)).label("overruled"),
        )
        .join(Face, Face.id == judged.c.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .cte("words")
    )


def _heard(words: CTE) -> CTE:
    """The words, and whether each counts (rules a to d)."""
    who = (words.c.guild_id, words.c.user_id)
    day, minute = func.substr(words.c.at, 1, 10), func.substr(words.c.at, 1, 16)
    bursts = (
        select(*who, minute.label("minute"))
        .group_by(*who, minute)
        .having(func.count(distinct(words.c.picture_id)) > BURST)
        .cte("bursts")
    )
    # Who says "not X" of an X is overruled; who says it of another is not upheld by that, which would be cheap.
    wrong = func.count().filter(or_(and_(words.c.against, words.c.upheld), and_(~words.c.against, words.c.overruled)))
    right = func.count().filter(~words.c.against, words.c.upheld)
    liars = select(*who).where(~words.c.trusted).group_by(*who).having(wrong >= OVERRULED, wrong > right).cte("liars")
    # A snowflake holds the moment when the account was made. One from the future tells of a clock that is wrong.
    made = words.c.user_id.op(">>")(22) / 1000 + 1_420_070_400
    age = cast(func.strftime("%s", words.c.at), Integer) - made
    nth = func.row_number().over(partition_by=[*who, day], order_by=words.c.id)
    ordinary = and_(
        ~age.between(0, NEW_ACCOUNT.total_seconds()),
        bursts.c.minute.is_(None),
        nth <= PER_DAY,
        liars.c.user_id.is_(None),
    )
    return (
        select(words, or_(words.c.trusted, ordinary).label("counts"))
        .join(
            bursts,
            (bursts.c.user_id == words.c.user_id)
            & (bursts.c.guild_id == words.c.guild_id)
            & (bursts.c.minute == minute),
            isouter=True,
        )
        .join(liars, (liars.c.user_id == words.c.user_id) & (liars.c.guild_id == words.c.guild_id), isouter=True)
        .cte("heard")
    )


async def standings(
    session: AsyncSession, face_ids: Collection[int], *, quorum: int, guild_id: int | None = None
) -> dict[int, Standing]:
    """How each of these faces stands, also those of which nobody has said anything.

    Parameters
    ----------
    guild_id
        Whose names; None: those of the guild in which the pictures were posted, which is one.
    """
    if guild_id is None:
        guild_id = await _guild_of(session, face_ids)
    again = select(Face.id, Face.same_as).where(Face.id.in_(face_ids), Face.same_as.is_not(None))
    first = {row.id: row.same_as for row in await session.execute(again)}
    asked = {first.get(face_id, face_id) for face_id in face_ids}
    found = await _standings(session, asked, guild_id=guild_id, quorum=quorum)
    return {face_id: found[first.get(face_id, face_id)] for face_id in face_ids}


async def standings_of(
    session: AsyncSession, faces: Iterable[Face], *, guild_id: int | None, quorum: int
) -> dict[int, Standing]:
    """How each of these faces stands, by the id to which goes what people say of it (`Face.spoken_of`)."""
    return await _standings(session, {face.spoken_of for face in faces}, guild_id=guild_id, quorum=quorum)


async def _standings(
    session: AsyncSession, asked: set[int], *, guild_id: int | None, quorum: int
) -> dict[int, Standing]:
    claim, names = claims(select(Face.id).where(Face.id.in_(asked)), guild_id=guild_id, quorum=quorum), called(guild_id)
    rows = await session.execute(
        select(claim, names.c.name)
        .join(names, names.c.character_id == claim.c.character_id, isouter=True)
        .order_by(claim.c.people.desc(), claim.c.against, names.c.name)
    )
    votes: dict[int, list[Votes]] = {face_id: [] for face_id in asked}
    settled: dict[int, Verdict] = {}
    for row in rows:
        votes[row.face_id].append(Votes(row.name, row.people, row.against, row.counting))
        if row.settled:
            settled[row.face_id] = Verdict(row.face_id, row.name, row.trusted)
    return {face_id: Standing(tuple(votes[face_id]), settled.get(face_id)) for face_id in asked}


async def _guild_of(session: AsyncSession, face_ids: Collection[int]) -> int | None:
    posted = select(Picture.guild_id).join(Face, Face.picture_id == Picture.id).where(Face.id.in_(face_ids))
    return await session.scalar(posted.where(Picture.guild_id.is_not(None)).limit(1))


async def verdicts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Verdict]:
    """All that is settled of the faces that a guild learns from, by face id."""
    claim, names = claims(visible(guild_id), guild_id=guild_id, quorum=quorum), called(guild_id)
    rows = await session.execute(
        select(claim.c.face_id, names.c.name, claim.c.trusted)
        .join(names, names.c.character_id == claim.c.character_id, isouter=True)
        .where(claim.c.settled)
        .order_by(claim.c.face_id)
    )
    return [Verdict(*row) for row in rows]
