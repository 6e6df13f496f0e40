"""Examples: faces with a trusted name and a sample; where verdicts, samples and consent meet."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from bot.database.consents import Consent
from bot.database.dialects import total
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.judgements import Judgement
from bot.database.judging import catch_up
from bot.database.meanings import called
from bot.database.pictures import Face, Picture, Source
from bot.database.samples import Sample, sample_of
from bot.database.verdicts import FaceIds, about, settled
from ml import Sample as Cut
from ml.faces.quality import LEARNABLE
from ml.pictures.duplicates import distinct, repeats

_TRAINING_PER_HELD_OUT = 4  # every fifth picture of a character measures the others


@dataclass(frozen=True, slots=True)
class Example:
    """A face to learn from.

    Attributes
    ----------
    character_id, name
        The character, and as the guild spells it.
    embedding
        float16, little-endian, as bytes.
    embedder
        Fingerprint of the embedder that made it.
    picture_hash
        SHA-256 of the picture, hex: examples of one hash must stay on one side of any split.
    held_out
        To measure on, never to train on.
    trusted
        A moderator or an importer named it, not only a quorum of members.
    """

    face_id: int
    character_id: int
    name: str
    embedding: bytes
    embedder: str
    picture_hash: str
    held_out: bool
    source: Source
    trusted: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many examples a character has: faces to train on and faces held out."""

    name: str
    training: int
    held_out: int


async def examples(
    session: AsyncSession, *, guild_id: int | None, quorum: int, of: Collection[int] | None = None
) -> list[Example]:
    """What a guild learns from, by face id: its own examples and everyone's (None: only these).

    Of one character's faces that look the same (a picture saved anew, retouched, mirrored, or the next frame), only
    the first is there: they count once, and on one side.

    `of`: only of these characters, by id.
    """
    await catch_up(session)
    query = _examples(everyones=guild_id is None, quorum=quorum, of_some=of is not None)
    rows = await session.execute(query, {"guild": guild_id} | ({} if of is None else {"characters": list(of)}))
    return await asyncio.to_thread(_distinct, rows)  # of 60,000 faces: a tenth of a second


@cache
def _examples(*, everyones: bool, quorum: int, of_some: bool) -> Select[*tuple[Any, ...]]:
    """The examples of a "guild", perhaps of some "characters" only; built once, as that takes longer than to ask."""
    guild: Any = None if everyones else cast("Any", bindparam("guild", type_=BigInteger()))
    asked = bindparam("characters", expanding=True, type_=BigInteger())
    some = about(asked, guild_id=guild) if of_some else None
    found = _learned(guild, quorum=quorum, faces=some)
    query, name, trusted = _named(found, guild)
    columns: tuple[Any, ...] = (
        Sample.face_id,
        found.c.character_id,
        name,
        Sample.embedding,
        Sample.embedder,
        Sample.picture_hash,
        Sample.held_out,
        Picture.source,
        trusted,
        Sample.perceptual_hash,
    )
    return query.with_only_columns(*columns).order_by(Sample.face_id)


def _distinct(rows: Iterable[Any]) -> list[Example]:
    """Examples of rows that end with their look, without those that repeat another one of the same character."""
    looks: dict[str, list[tuple[int, str]]] = defaultdict(list)
    found: list[Example] = []
    for row in rows:
        *about, look = row
        example = Example(*about)
        found.append(example)
        if look is not None:
            looks[example.name].append((example.face_id, look))
    again = _again(looks.values())
    return [example for example in found if example.face_id not in again]


def _again(looks: Iterable[Sequence[tuple[int, str]]]) -> set[int]:
    """The faces that repeat an earlier one of the same character; each with its look."""
    again: set[int] = set()
    for faces in looks:
        again |= {face_id for face_id, _ in faces}
        again -= {faces[index][0] for index in distinct([look for _, look in faces])}
    return again


async def names(session: AsyncSession, *, guild_id: int | None, quorum: int) -> dict[int, str]:
    """The character of each face that is kept and settled to be somebody, of a guild and of everyone."""
    await catch_up(session)
    found, names = _learned(guild_id, quorum=quorum), called(guild_id)
    rows = await session.execute(
        select(found.c.face_id, names.c.name).join(names, names.c.character_id == found.c.character_id)
    )
    return {row[0]: row[1] for row in rows}


async def counts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Count]:
    """How many examples a guild has of each character, by name; characters without any are missing."""
    await catch_up(session)
    found, names = _learned(guild_id, quorum=quorum), called(guild_id)
    held_out = func.count().filter(found.c.kept == "held_out")
    each = select(found.c.character_id, (func.count() - held_out).label("training"), held_out.label("held_out"))
    of = each.group_by(found.c.character_id).cte()
    rows = await session.execute(
        select(names.c.name, total(of.c.training), total(of.c.held_out))
        .join(names, names.c.character_id == of.c.character_id)
        .group_by(names.c.name)
        .order_by(names.c.name)
    )
    return [Count(*row) for row in rows]


def named(guild_id: int | None, *, quorum: int) -> tuple[Select[int], ColumnElement[str], ColumnElement[bool]]:
    """The samples whose faces are settled to be somebody, who that is, and whether somebody trusted said so."""
    return _named(_learned(guild_id, quorum=quorum), guild_id)


def _named(found: CTE, guild_id: int | None) -> tuple[Select[int], ColumnElement[str], ColumnElement[bool]]:
    names = called(guild_id)
    query = (
        select(Sample.face_id)
        .join(found, found.c.face_id == Sample.face_id)
        .join(names, names.c.character_id == found.c.character_id)
        .join(Face, Face.id == Sample.face_id)
        .join(Picture, Picture.id == Face.picture_id)
    )
    return query, names.c.name, found.c.trusted


def _learned(guild_id: int | None, *, quorum: int, faces: FaceIds | None = None) -> CTE:
    """The examples of a guild: columns as of `settled`."""
    found = settled(guild_id, quorum=quorum, faces=faces)
    return select(found).where(found.c.kept != "waiting", found.c.character_id.is_not(None)).cte("learned")


async def ready(
    session: AsyncSession, *, guild_id: int | None, quorum: int, among: Collection[int] | None = None
) -> list[Face]:
    """Faces settled to be somebody, whose poster agreed, but which are no examples yet: fetch, embed, `save`.

    With their pictures, by id; without those that are too small or blurred to learn from. What was given to learn from
    needs nobody's consent. Those that were kept while they had no name need no fetching: `settle`.

    `among`: only of these faces, by id.
    """
    await catch_up(session)
    found = await session.scalars(
        select(Face)
        .join(Judgement, Judgement.face_id == Face.id)
        .join(Face.picture)
        .join(Consent, Consent.user_id == Picture.poster_id, isouter=True)
        .options(contains_eager(Face.picture))
        .where(Judgement.guild_id == guild_id, _unlearned(quorum))
        .where(true() if among is None else Face.id.in_(among))
        .where(~Picture.declined, or_(Consent.answer == "yes", Picture.given))
        .where(or_(Face.quality.is_(None), Face.quality >= LEARNABLE))
        .order_by(Face.id)
    )
    return list(found)


async def waiting(session: AsyncSession, *, guild_id: int, quorum: int) -> list[tuple[Face, int]]:
    """Of each poster who has not said whether they agree: how many faces become examples once they do.

    With the latest of these faces, and its picture.
    """
    each = (
        select(Judgement.asks, func.count().label("faces"), func.max(Judgement.face_id).label("latest"))
        .where(Judgement.guild_id == guild_id, Judgement.asks.is_not(None), _unlearned(quorum))
        .group_by(Judgement.asks)
        .subquery()
    )
    rows = await session.execute(
        select(Face, each.c.faces)
        .join(each, each.c.latest == Face.id)
        .join(Face.picture)
        .join(Consent, Consent.user_id == each.c.asks, isouter=True)
        .options(contains_eager(Face.picture))
        .where(Consent.answer.is_(None))
        .order_by(Face.id)
    )
    return [(row[0], row[1]) for row in rows]


def _unlearned(quorum: int) -> ColumnElement[bool]:
    """The condition that a face is settled to be somebody, and is no example yet."""
    unkept = or_(Judgement.kept.is_(None), Judgement.kept == "waiting")
    return and_(Judgement.voices >= quorum, Judgement.character_id.is_not(None), unkept)


async def save(session: AsyncSession, face_id: int, cut: Cut, *, quorum: int) -> Sample:
    """Make a face an example; if it is one already, or was kept before it had a name, that sample stays.

    Raises
    ------
    NoSuchFace
        When the face has been forgotten meanwhile.
    NoConsent
        When the poster has not agreed, or not any more.
    Unsettled
        When the face is not, or no longer, settled to be somebody.
    """
    face, kept = await _agreed(session, face_id)
    if kept is not None:
        return await _settle(session, face, kept, quorum=quorum)
    return await _add(session, face_id, cut, held_out=await _hold_out(session, face, cut, quorum=quorum))


async def settle(session: AsyncSession, face_id: int, *, quorum: int) -> Sample:
    """Make a face an example that was kept before it had a name; raises as `save`, `NoSuchFace` if it is not kept."""
    face, kept = await _agreed(session, face_id)
    if kept is None:  # it had waited for a name too long
        raise NoSuchFace(face_id)
    return await _settle(session, face, kept, quorum=quorum)


async def _settle(session: AsyncSession, face: Face, kept: Sample, *, quorum: int) -> Sample:
    if kept.held_out is None:
        kept.held_out = await _hold_out(session, face, kept, quorum=quorum)
    return kept


async def keep(session: AsyncSession, face_id: int, cut: Cut) -> Sample:
    """Keep a face that nobody has named yet, for people to name; if it is kept already, that stays.

    Raises
    ------
    NoSuchFace, NoConsent
        As `save`.
    """
    _, kept = await _agreed(session, face_id)
    return kept or await _add(session, face_id, cut, held_out=None)


async def _agreed(session: AsyncSession, face_id: int) -> tuple[Face, Sample | None]:
    """A face that may be kept, and what is kept of it."""
    rows = await session.execute(
        select(Face, Sample, Consent.answer)
        .join(Face.picture)
        .join(Sample, Sample.face_id == Face.id, isouter=True)
        .join(Consent, Consent.user_id == Picture.poster_id, isouter=True)
        .options(contains_eager(Face.picture))
        .where(Face.id == face_id)
    )
    found = rows.one_or_none()
    if found is None:
        raise NoSuchFace(face_id)
    face, kept, answer = found
    if face.picture.declined or not (face.picture.given or answer == "yes"):
        raise NoConsent
    return face, kept


async def _add(session: AsyncSession, face_id: int, cut: Cut, *, held_out: bool | None) -> Sample:
    sample = sample_of(face_id, cut, held_out=held_out)
    session.add(sample)
    await session.flush()
    return sample


async def _hold_out(session: AsyncSession, face: Face, cut: Cut | Sample, *, quorum: int) -> bool:
    """Whether a new sample is kept from training.

    A picture seen before (in whatever guild: imports are shared) stays on its side, and so does one that looks like
    another of the same character. Otherwise a character's first four pictures are for training and every fifth is
    held out, counted so that a picture held out for the sake of somebody else in it is made up for by more for
    training.
    """
    guild_id = face.picture.guild_id
    await catch_up(session)
    who = select(Judgement.character_id).where(Judgement.face_id == face.id, Judgement.voices >= quorum)
    character = await session.scalar(who)
    if character is None:
        raise Unsettled
    same_picture = (Sample.picture_hash == cut.picture_hash) & Sample.held_out.is_not(None)
    decided = await session.scalar(select(Sample.held_out).where(same_picture).limit(1))
    if decided is not None:
        return decided
    before = await _samples_of(session, character, guild_id=guild_id, quorum=quorum)
    same = repeated(cut.perceptual_hash, before)
    return next_side(before) if same is None else same.held_out


@dataclass(frozen=True, slots=True)
class Kept:
    """What decides on which side the next sample of a character comes: one that is kept of it."""

    picture_hash: str
    perceptual_hash: str | None
    held_out: bool


def repeated(look: str | None, before: Sequence[Kept]) -> Kept | None:
    """The first of these that looks the same; None if none does."""
    looks = [kept for kept in before if kept.perceptual_hash is not None]
    if look is None or not looks:
        return None
    same = repeats(look, [kept.perceptual_hash or "" for kept in looks])
    return None if same is None else looks[same]


def next_side(before: Iterable[Kept]) -> bool:
    """Whether a character's next picture is held out, after these."""
    sides = {(kept.picture_hash, kept.held_out) for kept in before}
    return is_held_out(len(sides), sum(side for _, side in sides))


def is_held_out(pictures: int, held_out: int) -> bool:
    """Whether a character's next picture is, after so many of which so many were: every fifth is."""
    return pictures - held_out >= _TRAINING_PER_HELD_OUT * (held_out + 1)


async def _samples_of(session: AsyncSession, character_id: int, *, guild_id: int | None, quorum: int) -> list[Kept]:
    """A guild's samples of a character, by face id."""
    found = settled(guild_id, quorum=quorum, faces=about([character_id], guild_id=guild_id))
    rows = await session.execute(
        select(Sample.picture_hash, Sample.perceptual_hash, Sample.held_out)
        .join(found, found.c.face_id == Sample.face_id)
        .where(found.c.character_id == character_id, found.c.kept != "waiting")
        .order_by(Sample.face_id)
    )
    return [Kept(*row) for row in rows]
