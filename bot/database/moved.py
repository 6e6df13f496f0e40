"""Whether any guild's examples may be others than before: asked with every picture, so it is one row to read."""

from sqlalchemy import CheckConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base


class Moved(Base):
    """How often something changed on which examples rest; SQLite counts, so that no writer can forget to.

    Its triggers (in `migrations/versions/0010_moved.py`) see what is said, taken back, renamed, learned and forgotten,
    by whatever process and also where rows go with the picture on which they hang.
    """

    __tablename__ = "moved"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    times: Mapped[int] = mapped_column(default=0)


async def stamp(session: AsyncSession) -> int:
    """What is another whenever any guild's examples, or their names, may be others than before."""
    return (await session.execute(select(Moved.times))).scalar_one()
