"""Servers that the bot was taken out of: when, and all that is theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database import scrubbing
from bot.database.base import Base
from bot.database.channels import WatchedChannel
from bot.database.ledger import Correction
from bot.database.meanings import Character
from bot.database.pictures import Face, Picture
from bot.database.settings import SettingsRow
from bot.database.spellings import Change, Spelling


class Departure(Base):
    """A server that the bot is not in any more, and since when that is known."""

    __tablename__ = "departures"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default_factory=now)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What there is of a server: pictures that were posted in it or imported for it, and what was said of them."""

    pictures: int
    corrections: int


async def left(session: AsyncSession, guild_id: int) -> None:
    """The bot is not in a server any more; nothing changes if that was known."""
    if await session.get(Departure, guild_id) is None:
        session.add(Departure(guild_id=guild_id))


async def back(session: AsyncSession, guild_ids: Collection[int]) -> None:
    """The bot is in these servers: what is theirs stays."""
    known = await session.scalars(select(Departure.guild_id))
    if here := set(known) & set(guild_ids):
        await session.execute(delete(Departure).where(Departure.guild_id.in_(here)))


async def missed(session: AsyncSession, guild_ids: Collection[int]) -> Sequence[int]:
    """The servers in which the bot has been and is no more, as it is in these only, but for those known to be left.

    Conversations with the bot alone are none, nor is a server for which only pictures were imported beforehand.
    """
    posted = select(Picture.guild_id).where(Picture.source == "discord", Picture.channel_id != Picture.guild_id)
    been = union(posted, select(WatchedChannel.guild_id), select(SettingsRow.guild_id)).subquery()
    found = await session.scalars(select(been.c.guild_id).where(been.c.guild_id.not_in(select(Departure.guild_id))))
    return sorted({each for each in found if each is not None} - set(guild_ids))


async def due(session: AsyncSession, *, before: datetime) -> Sequence[int]:
    """The servers that the bot left before a moment."""
    found = await session.scalars(select(Departure.guild_id).where(Departure.at < before).order_by(Departure.guild_id))
    return found.all()


async def belongings(session: AsyncSession, guild_id: int) -> Belongings:
    """Count what there is of a server."""
    of = select(func.count()).select_from(Picture).where(Picture.guild_id == guild_id)
    said = of.join(Face, Face.picture_id == Picture.id).join(Correction, Correction.face_id == Face.id)
    return Belongings(await session.scalar(of) or 0, await session.scalar(said) or 0)


async def erase(session: AsyncSession, guild_id: int) -> None:
    """Delete every row that is a server's; afterwards call `Database.scrub`, outside the transaction.

    What people agreed to with the bot, or did not, is theirs and holds in all servers, so it stays.
    """
    changes = select(Change.id).where(Change.guild_id == guild_id)
    characters = select(Character.id).where(Character.guild_id == guild_id)
    await session.execute(delete(Spelling).where(Spelling.change_id.in_(changes)))
    await session.execute(delete(Correction).where(Correction.character_id.in_(characters)))
    for table in reversed(Base.metadata.sorted_tables):  # those first that others do not refer to
        if "guild_id" in table.c:
            await session.execute(table.delete().where(table.c.guild_id == guild_id))
    await scrubbing.owe(session)
