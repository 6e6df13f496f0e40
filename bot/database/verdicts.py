"""Who a face is, as people have settled it: a view over the ledger, never stored.

The rules, for one face. Corrections that were taken back do not exist.

1. A person's *word* is the latest of their "right", "name" and "not_face" ("right" names the guess). A later "not
   X" of the same person cancels their word X, and a later word X cancels their "not X".
2. The latest word of a moderator or an importer settles the face, unless one of these has since said "not" that.
3. Otherwise the face is settled where at least `quorum` people have the same word, nobody has another, and nobody
   says "not" that.
4. Otherwise it is unsettled, and nobody's example.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.characters import Character
from bot.database.corrections import Correction, alive
from bot.database.pictures import Face, Picture

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

    `name` None: that it is not a face; nobody can be against that.
    """

    name: str | None
    people: int
    against: int


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


def claims(faces: FaceIds, *, quorum: int) -> CTE:
    """What is said of each of these faces, a row for each face and character, and whether that is settled.

    Parameters
    ----------
    quorum
        How many members must agree where no moderator has spoken; at least 1.

    Returns
    -------
    CTE
        Columns face_id, character_id (NULL: not a face), people, against, trusted (someone trusted decided it),
        settled (at most one row of a face is).
    """
    if quorum < 1:
        raise ValueError(f"a quorum of {quorum} settles everything")
    said = _said(faces)
    naming = ~said.c.against
    counted = (
        select(
            said.c.face_id,
            said.c.character_id,
            func.count().filter(naming).label("people"),
            func.count().filter(said.c.against).label("against"),
            func.max(said.c.id).filter(naming, said.c.trusted).label("trusted_word"),
            func.max(said.c.id).filter(said.c.against, said.c.trusted).label("trusted_refusal"),
        )
        .where(said.c.latest, or_(said.c.against, said.c.id == said.c.word))
        .group_by(said.c.face_id, said.c.character_id)
        .cte("counted")
    )
    face: dict[str, Any] = {"partition_by": counted.c.face_id}
    trusted = and_(
        counted.c.trusted_word == func.max(counted.c.trusted_word).over(**face),
        counted.c.trusted_word > func.coalesce(counted.c.trusted_refusal, 0),
    )
    agreed = and_(
        counted.c.people >= quorum,
        counted.c.people == func.sum(counted.c.people).over(**face),
        counted.c.against == 0,
    )
    # Both can hold, but never of two characters: a trusted word for one is a voice against unanimity for another.
    return select(
        counted.c.face_id,
        counted.c.character_id,
        counted.c.people,
        counted.c.against,
        func.coalesce(trusted, False).label("trusted"),
        func.coalesce(or_(trusted, agreed), False).label("settled"),
    ).cte("claims")


def _said(faces: FaceIds) -> CTE:
    """Corrections of these faces that stand, with what each person said last of each character and of all."""
    against = Correction.kind == "not"
    person: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id]}
    same: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id, Correction.character_id]}
    last_of_same: ColumnElement[int] = func.max(Correction.id).over(**same)
    return (
        select(
            Correction.id,
            Correction.face_id,
            Correction.character_id,
            against.label("against"),
            or_(Correction.moderator, Correction.via == "import").label("trusted"),
            (Correction.id == last_of_same).label("latest"),
            func.max(Correction.id).filter(~against).over(**person).label("word"),
        )
        .where(Correction.face_id.in_(faces), alive)
        .cte("said")
    )


async def standings(session: AsyncSession, face_ids: Collection[int], *, quorum: int) -> dict[int, Standing]:
    """How each of these faces stands, also those of which nobody has said anything."""
    claim = claims(select(Face.id).where(Face.id.in_(face_ids)), quorum=quorum)
    rows = await session.execute(
        select(claim, Character.name)
        .join(Character, Character.id == claim.c.character_id, isouter=True)
        .order_by(claim.c.people.desc(), claim.c.against, Character.name)
    )
    votes: dict[int, list[Votes]] = {face_id: [] for face_id in face_ids}
    settled: dict[int, Verdict] = {}
    for row in rows:
        votes[row.face_id].append(Votes(row.name, row.people, row.against))
        if row.settled:
            settled[row.face_id] = Verdict(row.face_id, row.name, row.trusted)
    return {face_id: Standing(tuple(votes[face_id]), settled.get(face_id)) for face_id in votes}


async def verdicts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Verdict]:
    """All that is settled of the faces that a guild learns from, by face id."""
    claim = claims(visible(guild_id), quorum=quorum)
    rows = await session.execute(
        select(claim.c.face_id, Character.name, claim.c.trusted)
        .join(Character, Character.id == claim.c.character_id, isouter=True)
        .where(claim.c.settled)
        .order_by(claim.c.face_id)
    )
    return [Verdict(*row) for row in rows]


async def refused_names(session: AsyncSession, face_id: int) -> frozenset[str]:
    """Names that somebody said this face is not: not to be offered for it again."""
    standing = await standings(session, [face_id], quorum=1)
    return standing[face_id].refused
