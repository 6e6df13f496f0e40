"""How much was done in a guild."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import examples
from bot.database.dialects import total
from bot.database.judgements import Judgement
from bot.database.pictures import Picture


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was done in a guild.

    Attributes
    ----------
    pictures
        That were answered.
    corrections
        Of the faces in them; those that were taken back are left out.
    examples, characters
        Faces that the guild can learn from, imports included, and how many characters they are of.
    """

    pictures: int
    corrections: int
    examples: int
    characters: int


async def counts(session: AsyncSession, *, guild_id: int, quorum: int) -> Counts:
    """Count what was done in a guild."""
    posted = (Picture.guild_id == guild_id) & (Picture.source == "discord")
    said = select(total(Judgement.said)).where(Judgement.guild_id == guild_id, Judgement.posted)
    known = await examples.counts(session, guild_id=guild_id, quorum=quorum)
    return Counts(
        pictures=await session.scalar(select(func.count()).where(posted, ~Picture.given)) or 0,
        corrections=await session.scalar(said) or 0,
        examples=sum(each.training + each.held_out for each in known),
        characters=len(known),
    )
