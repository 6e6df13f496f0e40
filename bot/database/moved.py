"""Whether a guild's examples may be others than before: asked with every picture, so it is two rows to read."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base

_EVERYONE: Final = 0  # no guild of Discord's has this id


class Moved(Base):
    """How often something changed on which a guild's examples rest; SQLite counts, so that no writer can forget to.

    Its triggers (in `migrations/versions/0013_moved_by_guild.py`) see who is learned, settled otherwise, renamed and
    forgotten, by whatever process and also where rows go with the picture on which they hang.
    """

    __tablename__ = "moved"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]


async def stamp(session: AsyncSession, guild_id: int) -> tuple[tuple[int, int], ...]:
    """What is another whenever the examples of a guild or of everyone, or their names, may be others than before."""
    rows = select(Moved.guild_id, Moved.times).where(Moved.guild_id.in_((guild_id, _EVERYONE)))
    return tuple((row.guild_id, row.times) for row in await session.execute(rows.order_by(Moved.guild_id)))
