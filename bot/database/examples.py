"""Examples: faces with a trusted name and a sample; where verdicts, samples and consent meet."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, contains_eager

from bot.database.characters import Character
from bot.database.consents import Consent
from bot.database.corrections import Correction
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.pictures import Face, Picture, Source
from bot.database.samples import Sample
from bot.database.verdicts import claims, visible
from ml import Sample as Cut
from ml.duplicates import distinct_looks, repeats

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
    trusted
        A moderator or an importer named it, not only a quorum of members.
    """

    face_id: int
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


async def examples(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Example]:
    """What a guild learns from, by face id: its own examples and everyone's (None: only these).

    Of one character's faces that look the same (a picture saved anew, retouched, mirrored, or the next frame), only
    the first is there: they count once, and on one side.
    """
    query, name, trusted = _named(guild_id, quorum=quorum)
    columns: tuple[Any, ...] = (
        Sample.face_id,
        name,
        Sample.embedding,
        Sample.embedder,
        Sample.picture_hash,
        Sample.held_out,
        Picture.source,
        trusted,
        Sample.perceptual_hash,
    )
    rows = await session.execute(query.with_only_columns(*columns).order_by(Sample.face_id))
    looks: dict[str, list[tuple[int, str]]] = defaultdict(list)
    found: list[Example] = []
    for row in rows:
        *about, look = row
        example = Example(*about)
        found.append(example)
        if look is not None:
            looks[example.name].append((example.face_id, look))
    again: set[int] = set()
    for faces in looks.values():
        first = set(distinct_looks([look for _, look in faces]))
        again |= {face_id for index, (face_id, _) in enumerate(faces) if index not in first}
    return [example for example in found if example.face_id not in again]


async def names(session: AsyncSession, *, guild_id: int | None, quorum: int) -> dict[int, str]:
    """The character of each face that is kept and settled to be somebody, of a guild and of everyone."""
    query, name, _ = _named(guild_id, quorum=quorum)
    rows = await session.execute(query.with_only_columns(Sample.face_id, name))
    return {row[0]: row[1] for row in rows}


async def counts(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Count]:
    """How many examples a guild has of each character, by name; characters without any are missing."""
    query, name, _ = _named(guild_id, quorum=quorum)
    held_out = func.count().filter(Sample.held_out)
    rows = await session.execute(
        query.with_only_columns(name, func.count() - held_out, held_out).group_by(name).order_by(name)
    )
    return [Count(*row) for row in rows]


def _named(guild_id: int | None, *, quorum: int) -> tuple[Select[int], ColumnElement[str], ColumnElement[bool]]:
    """The samples whose faces are settled to be somebody, who that is, and whether somebody trusted said so."""
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
    return query, func.coalesce(own.name, Character.name), claim.c.trusted


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


async def save(session: AsyncSession, face_id: int, cut: Cut, *, quorum: int) -> Sample:
    """Keep a sample of a face; if there is one already, that stays as it is and is given back.

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
        held_out=await _hold_out(session, face, cut, quorum=quorum),
        picture_hash=cut.picture_hash,
        perceptual_hash=cut.perceptual_hash,
        embedder=cut.embedder,
        embedding=cut.embedding,
        crop=cut.crop,
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


async def _hold_out(session: AsyncSession, face: Face, cut: Cut, *, quorum: int) -> bool:
    """Whether a new sample is kept from training.

    A picture seen before (in whatever guild: imports are shared) stays on its side, and so does one that looks like
    another of the same character. Otherwise a character's first four pictures are for training and every fifth is
    held out, counted so that a picture held out for the sake of somebody else in it is made up for by more for
    training.
    """
    claim = claims(select(Face.id).where(Face.id == face.id), quorum=quorum)
    character = await session.scalar(select(claim.c.character_id).where(claim.c.settled))
    if character is None:
        raise Unsettled
    decided = await session.scalar(select(Sample.held_out).where(Sample.picture_hash == cut.picture_hash).limit(1))
    if decided is not None:
        return decided
    before = await _samples_of(session, character, guild_id=face.picture.guild_id, quorum=quorum)
    looks = [sample for sample in before if sample.perceptual_hash is not None]
    same = repeats(cut.perceptual_hash, [sample.perceptual_hash or "" for sample in looks])
    if same is not None:
        return looks[same].held_out
    held_out = len({sample.picture_hash for sample in before if sample.held_out})
    training = len({sample.picture_hash for sample in before if not sample.held_out})
    return training >= _TRAINING_PER_HELD_OUT * (held_out + 1)


@dataclass(frozen=True, slots=True)
class _Kept:
    picture_hash: str
    perceptual_hash: str | None
    held_out: bool


async def _samples_of(session: AsyncSession, character_id: int, *, guild_id: int | None, quorum: int) -> list[_Kept]:
    """A guild's samples of a character, by face id."""
    named = visible(guild_id).where(
        Face.id.in_(select(Correction.face_id).where(Correction.character_id == character_id)),
        exists().where(Sample.face_id == Face.id),
    )
    claim = claims(named, quorum=quorum)
    rows = await session.execute(
        select(Sample.picture_hash, Sample.perceptual_hash, Sample.held_out)
        .join(claim, claim.c.face_id == Sample.face_id)
        .where(claim.c.settled, claim.c.character_id == character_id)
        .order_by(Sample.face_id)
    )
    return [_Kept(*row) for row in rows]
