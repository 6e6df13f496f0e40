"""Forgetting a person: every row that is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import now
from bot.database import helpers, scrubbing, versions
from bot.database.channels import WatchedChannel
from bot.database.consents import Consent
from bot.database.ledger import Correction
from bot.database.meanings import Character
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample
from bot.database.spellings import Change, Spelling


@dataclass(frozen=True, slots=True)
class Held:
    """How much is held of a person.

    Attributes
    ----------
    pictures
        Posted by them and answered: ids, boxes and names, no pixels.
    samples
        Faces from these pictures that are kept to learn from, with their crops.
    corrections
        Of theirs, also those that were taken back.
    unnamed
        Of the samples, those that nobody has ever named: kept for a while, so that somebody may.
    """

    pictures: int
    samples: int
    corrections: int
    unnamed: int = 0


async def held(session: AsyncSession, user_id: int) -> Held:
    """Count what is held of a person, in all guilds."""
    theirs = Picture.poster_id == user_id
    sampled = select(func.count()).select_from(Sample).join(Face, Face.id == Sample.face_id).join(Face.picture)
    return Held(
        pictures=await session.scalar(select(func.count()).select_from(Picture).where(theirs)) or 0,
        samples=await session.scalar(sampled.where(theirs)) or 0,
        corrections=await session.scalar(
            select(func.count()).where(Correction.user_id == user_id, Correction.kind != "undo")
        )
        or 0,
        unnamed=await session.scalar(sampled.where(theirs, Sample.held_out.is_(None))) or 0,
    )


async def guilds_of(session: AsyncSession, user_id: int) -> list[int]:
    """The guilds in which a person posted pictures or said something of one."""
    spoke = exists().where(Face.picture_id == Picture.id, Correction.face_id == Face.id, Correction.user_id == user_id)
    found = await session.scalars(
        select(Picture.guild_id).where(or_(Picture.poster_id == user_id, spoke)).distinct().order_by(Picture.guild_id)
    )
    return [guild_id for guild_id in found if guild_id is not None]


async def forget(session: AsyncSession, user_id: int) -> None:
    """Delete every row that is a person's; afterwards call `Database.scrub`, outside the transaction.

    As poster: pictures, with their faces, samples and all that was said of them. As corrector: what they said, and
    what they took back together with the taking back, so that it does not count again. What they did as a moderator
    to models, characters and channels stays without their name. A "no" is kept with their id, and nothing else: so
    that nothing is kept of them again, under whatever policy, nor are they asked, until they say yes with `privacy`.
    """
    said = select(Correction.id).where(Correction.user_id == user_id, Correction.kind != "undo")
    took_back = select(Correction.undoes).where(Correction.user_id == user_id, Correction.kind == "undo")
    named = await session.scalars(
        delete(Correction)
        .where(or_(Correction.id.in_(said), Correction.id.in_(took_back)))  # their undoing rows follow by cascade
        .returning(Correction.character_id)
    )
    characters = {character_id for character_id in named if character_id is not None}
    characters |= set(await _named_in_pictures_of(session, user_id))
    await session.execute(delete(Picture).where(Picture.poster_id == user_id))
    await drop_unsaid(session, characters)
    await session.execute(update(WatchedChannel).where(WatchedChannel.added_by == user_id).values(added_by=None))
    await session.execute(update(Change).where(Change.user_id == user_id).values(user_id=None))
    await versions.forget_author(session, user_id)
    await helpers.forget(session, user_id)
    await session.execute(delete(Consent).where(Consent.user_id == user_id))
    session.add(Consent(user_id=user_id, answer="no", at=now()))
    await scrubbing.owe(session)


async def _named_in_pictures_of(session: AsyncSession, user_id: int) -> list[int]:
    found = await session.scalars(
        select(Correction.character_id)
        .join(Face, Face.id == Correction.face_id)
        .join(Face.picture)
        .where(Picture.poster_id == user_id, Correction.character_id.is_not(None))
        .distinct()
    )
    return [character_id for character_id in found if character_id is not None]


async def drop_unsaid(session: AsyncSession, characters: Iterable[int]) -> None:
    """Delete characters that nobody speaks of any more, but those to whom a moderator gave a name."""
    for character_id in characters:
        await session.execute(
            delete(Character).where(
                Character.id == character_id,
                ~exists().where(Correction.character_id == character_id),
                ~exists().where(Spelling.character_id == character_id),
            )
        )
