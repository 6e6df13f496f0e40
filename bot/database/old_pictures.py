"""Forgetting what is old: pictures posted on Discord, and all that hangs on them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import scrubbing
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample


@dataclass(frozen=True, slots=True)
class Expired:
    """How much was forgotten for its age: pictures, and the faces of them that were kept to learn from."""

    pictures: int
    samples: int


async def expire(session: AsyncSession, *, before: datetime) -> Expired:
    """Forget the pictures that were first answered before a moment, with their faces, samples and corrections.

    What was answered again later is the same old picture, and goes with it. Imports stay, with what was said of them;
    so do the names of characters, which are the guild's words. Afterwards call `Database.scrub`.
    """
    old = (Picture.source == "discord") & (Picture.created_at < before)
    attachments = select(Picture.attachment_id).where(old, Picture.attachment_id.is_not(None))
    gone = (Picture.source == "discord") & or_(Picture.created_at < before, Picture.attachment_id.in_(attachments))
    samples = await session.scalar(
        select(func.count()).select_from(Sample).join(Face, Face.id == Sample.face_id).join(Face.picture).where(gone)
    )
    deleted = (await session.scalars(delete(Picture).where(gone).returning(Picture.id))).all()
    if deleted:
        await scrubbing.owe(session)
    return Expired(len(deleted), samples or 0)
