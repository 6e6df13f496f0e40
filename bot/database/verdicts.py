"""Who a face is, as people have settled it by the rules (`bot.database.rules`): what is asked of the tables.

Each face is judged once, by the names of the guild where it was posted. What was imported for everyone is judged by
everyone's names, and then called as the guild calls it that looks at it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import CTE, BindParameter, ColumnElement, Select, bindparam, case, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import rules
from bot.database.judgements import WORD, Conduct, Judgement, Kept, WordRow
from bot.database.judging import catch_up
from bot.database.meanings import Character, called, meanings, meant_in
from bot.database.pictures import Face, Picture
from bot.database.rules import TRUSTED, Word

FaceIds: TypeAlias = Select[int]


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


def settled(guild_id: int | None, *, quorum: int, faces: FaceIds | None = None) -> CTE:
    """The settled faces that a guild learns from: its own and those imported for everyone (None: only these).

    Parameters
    ----------
    quorum
        How many members must agree where no moderator has spoken; at least 1.
    faces
        Only these.

    Returns
    -------
    CTE
        Columns face_id (unique), character_id (NULL: not a face), trusted (someone trusted decided it), and kept, as of
        `Judgement`. `bot.database.judging.catch_up` first, where
        something was written.

    Raises
    ------
    ValueError
        The quorum is below 1.
    """
    if quorum < 1:
        raise ValueError(f"a quorum of {quorum} settles everything")

    # The sum keeps SQLite from going through all of the guild where it is asked for a few faces.
    guild = Judgement.guild_id if faces is None else Judgement.guild_id + 0

    def those(who: ColumnElement[int | None], *, of: int | None) -> Select[int, int | None, bool, Kept | None]:
        trusted = Judgement.voices == TRUSTED
        found = select(Judgement.face_id, who.label("character_id"), trusted.label("trusted"), Judgement.kept)
        found = found.where(guild == of, Judgement.voices >= quorum)
        return found if faces is None else found.where(Judgement.face_id.in_(faces))

    own = those(Judgement.character_id.expression, of=guild_id)
    if guild_id is None:
        return own.cte("settled")
    meaning = meanings(guild_id)
    everyones = those(func.coalesce(meaning.c.means, Judgement.character_id), of=None).join(
        meaning, meaning.c.character_id == Judgement.character_id, isouter=True
    )
    return union_all(own, everyones).cte("settled")


def about(character_ids: Collection[int] | BindParameter[Any], *, guild_id: int | None) -> FaceIds:
    """Faces that a guild learns from and that are settled, under some quorum, to be one of these or what means them."""
    meaning = meanings(guild_id)
    same = select(meaning.c.character_id).where(meaning.c.means.in_(character_ids))
    ids = union_all(select(Character.id).where(Character.id.in_(character_ids)), same)
    own, everyones = (
        select(Judgement.face_id).where(guild, Judgement.character_id.in_(ids))
        for guild in (Judgement.guild_id == guild_id, Judgement.guild_id.is_(None))
    )
    return select(union_all(own, everyones).subquery().c.face_id)


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
    await catch_up(session)
    words: dict[int, list[Word]] = defaultdict(list)
    liars = set[tuple[int, int]]()
    name_of: dict[int | None, str] = {}
    for *fields, wrong, right, name in await session.execute(_words_on(guild_id), {"faces": list(asked)}):
        word = Word._make(fields)
        words[word.face_id].append(word)
        name_of[word.character_id] = name
        if word.speaker is not None and rules.is_liar(wrong=wrong or 0, right=right or 0):
            liars.add(word.speaker)
    found: dict[int, Standing] = {}
    for face_id in asked:
        judged = rules.judge(words[face_id], liars=liars)
        votes = [Votes(name_of[each.character_id], each.people, each.against, each.counting) for each in judged.claims]
        votes.sort(key=lambda vote: (-vote.people, vote.against, vote.name or ""))
        verdict = (
            Verdict(face_id, name_of[judged.character_id], judged.voices == TRUSTED)
            if judged.voices >= quorum
            else None
        )
        found[face_id] = Standing(tuple(votes), verdict)
    return found


@lru_cache(maxsize=64)
def _words_on(guild_id: int | None) -> Select[*tuple[Any, ...]]:
    """The words on some "faces", with their speakers' conduct and with names; built once, as every answer asks this."""
    names = called(guild_id)
    everyones = Character.id.expression if guild_id is None else meant_in(guild_id)
    who = case((WordRow.guild_id.is_(None), everyones), else_=WordRow.character_id)
    conduct = (Conduct.guild_id == WordRow.guild_id) & (Conduct.user_id == WordRow.user_id)
    return (
        select(*WORD, Conduct.wrong, Conduct.right, names.c.name)
        .join(Character, Character.id == WordRow.character_id, isouter=True)
        .join(names, names.c.character_id == who, isouter=True)
        .join(Conduct, conduct, isouter=True)
        .where(WordRow.face_id.in_(bindparam("faces", expanding=True)))
    )


async def _guild_of(session: AsyncSession, face_ids: Collection[int]) -> int | None:
    posted = select(Picture.guild_id).join(Face, Face.picture_id == Picture.id).where(Face.id.in_(face_ids))
    return await session.scalar(posted.where(Picture.guild_id.is_not(None)).limit(1))


async def verdicts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Verdict]:
    """All that is settled of the faces that a guild learns from, by face id."""
    await catch_up(session)
    found, names = settled(guild_id, quorum=quorum), called(guild_id)
    rows = await session.execute(
        select(found.c.face_id, names.c.name, found.c.trusted)
        .join(names, names.c.character_id == found.c.character_id, isouter=True)
        .order_by(found.c.face_id)
    )
    return [Verdict(*row) for row in rows]
