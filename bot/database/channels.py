"""Channels in which every picture is answered without asking."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database.base import Base


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


async def is_watched(session: AsyncSession, channel_id: int) -> bool:
    """Whether pictures in a channel are answered without asking."""
    return bool(await session.scalar(select(exists().where(WatchedChannel.channel_id == channel_id))))


async def watched(session: AsyncSession, *, guild_id: int) -> tuple[int, ...]:
    """The ids of the watched channels of a guild, first watched first."""
    return (await _watched(session, WatchedChannel.guild_id == guild_id)).get(guild_id, ())


async def everywhere(session: AsyncSession) -> dict[int, tuple[int, ...]]:
    """As `watched`, of every guild that has some."""
    return await _watched(session, true())


async def _watched(session: AsyncSession, which: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    found = defaultdict[int, list[int]](list)
    asked = select(WatchedChannel.guild_id, WatchedChannel.channel_id).where(which)
    for guild_id, channel_id in await session.execute(asked.order_by(WatchedChannel.at)):
        found[guild_id].append(channel_id)
    return {guild_id: tuple(channel_ids) for guild_id, channel_ids in found.items()}
