"""Channels in which every picture is answered without asking."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base, now


class WatchedChannel(Base):
    """A channel that a moderator told us to watch."""

    __tablename__ = "watched_channels"

    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(index=True)
    added_by: Mapped[int | None]  # None: that person has been forgotten
    at: Mapped[datetime] = mapped_column(default_factory=now)


async def watch(session: AsyncSession, channel_id: int, *, guild_id: int, added_by: int) -> bool:
    """Watch a channel; false if it was watched already."""
    if await is_watched(session, channel_id):
        return False
    session.add(WatchedChannel(channel_id=channel_id, guild_id=guild_id, added_by=added_by))
    await session.flush()
    return True


async def unwatch(session: AsyncSession, channel_id: int, *, guild_id: int) -> bool:
    """Watch a channel of this guild no longer; false if it was not watched there."""
    gone = await session.scalars(
        delete(WatchedChannel)
        .where(WatchedChannel.channel_id == channel_id, WatchedChannel.guild_id == guild_id)
        .returning(WatchedChannel.channel_id)
    )
    return bool(gone.all())


async def is_watched(session: AsyncSession, *channel_ids: int) -> bool:
    """Whether pictures in any of these channels are answered without asking."""
    return bool(await session.scalar(select(exists().where(WatchedChannel.channel_id.in_(channel_ids)))))


async def watched(session: AsyncSession, *, guild_id: int) -> list[WatchedChannel]:
    """The watched channels of a guild, first watched first."""
    found = await session.scalars(
        select(WatchedChannel).where(WatchedChannel.guild_id == guild_id).order_by(WatchedChannel.at)
    )
    return list(found)
