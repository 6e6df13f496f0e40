"""Examples that looked wrong at the last retraining, for moderators to look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database import characters, verdicts
from bot.database.base import Base
from bot.database.ledger import Correction, alive
from bot.database.pictures import Face
from bot.database.samples import Sample
from ml.naming.names import fold
from ml.training import suspects


class Suspect(Base):
    """An example whose face looks like somebody else's.

    Attributes
    ----------
    guild_id
        In whose retraining; None: in everyone's.
    name
        What it is an example of.
    looks_like
        The character that it looks like.
    at
        When it was first found.
    """

    __tablename__ = "suspects"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int | None]
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    looks_like: Mapped[str]
    at: Mapped[datetime] = mapped_column(default_factory=now)


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect that nobody has answered for yet, with its face (and its picture); `samples.crops` has how it looks."""

    name: str
    looks_like: str
    face: Face


async def replace(session: AsyncSession, found: Iterable[suspects.Suspect], *, guild_id: int | None) -> None:
    """Remember what looked wrong at a retraining, and forget what does not any more."""
    stored = await session.scalars(select(Suspect).where(Suspect.guild_id == guild_id))
    before = {(each.face_id, each.name): each for each in stored}
    for each in found:
        known = before.pop((each.face, each.name), None)
        if known is not None:
            known.looks_like = each.looks_like
        elif await session.get(Face, each.face) is not None:  # or it was forgotten while the retraining ran
            session.add(Suspect(guild_id=guild_id, face_id=each.face, name=each.name, looks_like=each.looks_like))
    for gone in before.values():
        await session.delete(gone)
    await session.flush()


async def unanswered(session: AsyncSession, *, guild_id: int | None, quorum: int) -> list[Suspected]:
    """The suspects that still bear the name, and of which no moderator has spoken since they were found."""
    answered = exists().where(
        Correction.face_id == Suspect.face_id, Correction.moderator, Correction.at > Suspect.at, alive
    )
    rows = await session.execute(
        select(Suspect, Face)
        .join(Face, Face.id == Suspect.face_id)
        .join(Sample, Sample.face_id == Suspect.face_id)
        .where(Suspect.guild_id == guild_id, ~answered)
        .order_by(Suspect.id)
    )
    today = await characters.names(session, guild_id=guild_id)
    found = [Suspected(today(suspect.name), today(suspect.looks_like), face) for suspect, face in rows]
    faces = [each.face.id for each in found]
    standings = await verdicts.standings(session, faces, quorum=quorum, guild_id=guild_id)

    def stands(each: Suspected) -> bool:
        verdict = standings[each.face.id].verdict
        if verdict is None or verdict.name is None or fold(each.name) == fold(each.looks_like):
            return False  # the last: they were merged since
        return fold(verdict.name) == fold(each.name)

    return [each for each in found if stands(each)]
