"""Faces that are kept before anybody has named them."""

from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.database.consents import Consent
from bot.database.pictures import Face, Picture
from bot.database.samples import MOST_UNNAMED, Sample, make_room, sample_of, waiting
from ml import Sample as Cut


async def keep(session: AsyncSession, cuts: Mapping[int, Cut], *, guild_id: int) -> None:
    """Keep faces of a guild that nobody has named yet, by id, for people to name; the oldest make room.

    Without those whose poster has not agreed, or not any more, that were forgotten meanwhile, or from whose picture
    (the very same, in whatever message) something is kept already.
    """
    if not cuts:
        return
    is_from = case({face_id: cut.picture_hash for face_id, cut in cuts.items()}, value=Face.id)
    other, there = aliased(Face), aliased(Picture)
    same = (
        select(Sample.face_id)
        .join(other, other.id == Sample.face_id)
        .join(there, there.id == other.picture_id)
        .where(Sample.picture_hash == is_from, there.guild_id == guild_id)
    )
    rows = await session.execute(
        select(Face.id, waiting(guild_id).with_only_columns(func.count()).scalar_subquery())
        .join(Picture, Picture.id == Face.picture_id)
        .join(Consent, Consent.user_id == Picture.poster_id)
        .where(Face.id.in_(cuts), ~Picture.declined, Consent.answer == "yes", ~same.exists())
    )
    allowed = {row[0]: row[1] for row in rows}
    session.add_all([sample_of(face_id, cuts[face_id], held_out=None) for face_id in allowed])
    await session.flush()
    if allowed and max(allowed.values()) + len(allowed) > MOST_UNNAMED:
        await make_room(session, guild_id=guild_id)
