"""What there is to count in the database at little cost, for whoever watches the bot."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.base import Base
from bot.database.dialects import ever_numbered
from bot.database.ledger import Correction
from bot.database.versions import VersionEvent


@dataclass(frozen=True, slots=True)
class Counted:
    """How much there is.

    Attributes
    ----------
    corrections
        That were ever written down, also those that were taken back or forgotten since.
    events
        What happened to models, by kind.
    retrained_at
        The last retraining that came to an end, of any model; None: there was none.
    """

    corrections: int
    events: dict[str, int]
    retrained_at: datetime | None


async def count(session: AsyncSession) -> Counted:
    """Look at the database; the ledger is not gone through for it."""
    corrections = await session.scalar(ever_numbered(Base.metadata.tables[Correction.__tablename__]))
    events = await session.execute(select(VersionEvent.kind, func.count().label("number")).group_by(VersionEvent.kind))
    last = await session.scalar(
        select(VersionEvent.at)
        .where(VersionEvent.last_correction.is_not(None))
        .order_by(VersionEvent.id.desc())
        .limit(1)
    )
    return Counted(corrections or 0, {row.kind: row.number for row in events}, last)
