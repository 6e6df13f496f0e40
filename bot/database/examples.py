"""Examples: faces with a trusted name and a sample; where verdicts, samples and consent meet."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, distinct, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, contains_eager

from bot.database.characters import Character
from bot.database.consents import Consent
from bot.database.corrections import Correction
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.pictures import Face, Picture, Source
from bot.database.samples import Sample
from bot.database.verdicts import claims, visible

_TRAINING_PER_HELD_OUT = 4  # every fifth picture of a character measures the others


@dataclass(frozen=True, slots=True)
class Example:
    """A face to learn from.

    Attributes
    ----------
    name
        The character, as the guild spells it.
    embedding
        float16, little-endian, as bytes.
    embedder
        Fingerprint of the embedder that made it.
    picture_hash
        SHA-256 of the picture, hex: examples of one hash must stay on one side of any split.
    held_out
        To measure on, never to train on.
    """

    face_id: int
    name: str
    embedding: bytes
    embedder: str
    picture_hash: str
    held_out: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Count:
    """How many examples a character has: faces to train on and faces held out."""

    name: str
    training: int
    held_out: int


async def examples(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Example]:
    """What a guild learns from, by face id: its own examples and everyone's (None: only these)."""
    name, named = _named(guild_id, quorum=quorum)
    rows = await session.execute(
        named.with_only_columns(
            Sample.face_id,
            name,
            Sample.embedding,
            Sample.embedder,
            Sample.picture_hash,
            Sample.held_out,
            Picture.source,
        ).order_by(Sample.face_id)
    )
    return [Example(*row) for row in rows]


async def counts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Count]:
    """How many examples a guild has of each character, by name; characters without any are missing."""
    name, named = _named(guild_id, quorum=quorum)
    held_out = func.count().filter(Sample.held_out)
    rows = await session.execute(
        named.with_only_columns(name, func.count() - held_out, held_out).group_by(name).order_by(name)
    )
    return [Count(*row) for row in rows]


def _named(guild_id: int | None, *, quorum: int) -> tuple[ColumnElement[str], Select[int]]:
    """The name of each sample whose face is settled to be somebody, and the query that these names are in."""
    claim = claims(visible(guild_id), quorum=quorum)
    own = aliased(Character)
    query = (
        select(Sample.face_id)
        .join(claim, (claim.c.face_id == Sample.face_id) & claim.c.settled)
        .join(Character, Character.id == claim.c.character_id)
        # One name, known to the guild and to everyone, is one character: the guild's spelling is shown.
        .join(own, (own.folded == Character.folded) & (own.guild_id == guild_id), isouter=True)
        .join(Face, Face.id == Sample.face_id)
        .join(Picture, Picture.id == Face.picture_id)
    )
    return func.coalesce(own.name, Character.name), query


async def ready(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Face]:
    """Faces settled to be somebody, whose poster agreed, but of which no sample is kept yet: fetch, embed, `save`.

    With their pictures, by id. Imports need nobody's consent.
    """
    agreed = or_(Consent.answer == "yes", Picture.source == "import")
    return await _without_sample(session, agreed, guild_id=guild_id, quorum=quorum)


async def waiting(session: AsyncSession, *, guild_id: int, quorum: int) -> list[Face]:
    """Faces settled to be somebody that become examples once their poster agrees, with their pictures, by id."""
    silent = Consent.answer.is_(None) & (Picture.source == "discord")
    return await _without_sample(session, silent, guild_id=guild_id, quorum=quorum)


async def _without_sample(
    session: AsyncSession, consent: ColumnElement[bool], *, guild_id: int | None, quorum: int
) -> list[Face]:
    unkept = (
        select(Face.id)
        .join(Picture, Picture.id == Face.picture_id)
        .join(Consent, Consent.user_id == Picture.poster_id, isouter=True)
        .where(Picture.guild_id.is_not_distinct_from(guild_id), ~Picture.declined, consent)
        .where(~exists().where(Sample.face_id == Face.id))
    )
    claim = claims(unkept, quorum=quorum)
    somebody = select(claim.c.face_id).where(claim.c.settled, claim.c.character_id.is_not(None))
    found = await session.scalars(
        select(Face)
        .join(Face.picture)
        .options(contains_eager(Face.picture))
        .where(Face.id.in_(somebody))
        .order_by(Face.id)
    )
    return list(found)


async def save(
    session: AsyncSession,
    face_id: int,
    *,
    crop: bytes,
    embedding: bytes,
    embedder: str,
    picture_hash: str,
    quorum: int,
    perceptual_hash: str | None = None,
) -> Sample:
    """Keep a sample of a face; if there is one already, that stays as it is and is given back.

    Parameters
    ----------
    crop, embedding, embedder, picture_hash, perceptual_hash
        As in `Sample`.

    Raises
    ------
    NoSuchFace
        When the face has been forgotten meanwhile.
    NoConsent
        When the poster has not agreed, or not any more.
    Unsettled
        When the face is not, or no longer, settled to be somebody.
    """
    face = await session.get(Face, face_id)
    if face is None:
        raise NoSuchFace(face_id)
    kept = await session.get(Sample, face_id)
    if kept is not None:
        return kept
    await _check_consent(session, face.picture)
    sample = Sample(
        face_id=face_id,
        held_out=await _hold_out(session, face, picture_hash, quorum=quorum),
        picture_hash=picture_hash,
        perceptual_hash=perceptual_hash,
        embedder=embedder,
        embedding=embedding,
        crop=crop,
    )
    session.add(sample)
    await session.flush()
    return sample


async def _check_consent(session: AsyncSession, picture: Picture) -> None:
    if picture.source == "import":
        return
    consent = await session.get(Consent, picture.poster_id)
    if picture.declined or consent is None or consent.answer != "yes":
        raise NoConsent


async def _hold_out(session: AsyncSession, face: Face, picture_hash: str, *, quorum: int) -> bool:
    """Whether a new sample is kept from training.

    A picture seen before (in whatever guild: imports are shared) stays on its side. Otherwise a character's first
    four pictures are for training and every fifth is held out, counted so that a picture held out for the sake of
    somebody else in it is made up for by more for training.
    """
    claim = claims(select(Face.id).where(Face.id == face.id), quorum=quorum)
    character = await session.scalar(select(claim.c.character_id).where(claim.c.settled))
    if character is None:
        raise Unsettled
    decided = await session.scalar(select(Sample.held_out).where(Sample.picture_hash == picture_hash).limit(1))
    if decided is not None:
        return decided
    training, held_out = await _pictures(session, character, guild_id=face.picture.guild_id, quorum=quorum)
    return training >= _TRAINING_PER_HELD_OUT * (held_out + 1)


async def _pictures(session: AsyncSession, character_id: int, *, guild_id: int | None, quorum: int) -> tuple[int, int]:
    """Different pictures of a character among a guild's examples: for training, and held out."""
    named = visible(guild_id).where(
        Face.id.in_(select(Correction.face_id).where(Correction.character_id == character_id)),
        exists().where(Sample.face_id == Face.id),
    )
    claim = claims(named, quorum=quorum)
    counted = await session.execute(
        select(
            func.count(distinct(Sample.picture_hash)).filter(~Sample.held_out),
            func.count(distinct(Sample.picture_hash)).filter(Sample.held_out),
        )
        .join(claim, claim.c.face_id == Sample.face_id)
        .where(claim.c.settled, claim.c.character_id == character_id)
    )
    training, held_out = counted.one()
    return training, held_out
