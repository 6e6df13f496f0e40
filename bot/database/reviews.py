"""Faces that a moderator could settle: those kept without a name, and those that people disagree about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, contains_eager, mapped_column

from bot.clock import now
from bot.database import verdicts
from bot.database.base import Base
from bot.database.consents import Consent
from bot.database.judgements import Judgement
from bot.database.ledger import Correction, alive
from bot.database.pictures import Face
from bot.database.samples import Sample
from bot.database.verdicts import Standing

# More than wait for a name (`samples.MOST_UNNAMED`). A higher quorum can unsettle thousands at once, and all that are
# asked about are compared with one another.
MOST_ASKED: Final = 600


class Review(Base):
    """What moderators answered of a face when they were asked for its name and gave none.

    Attributes
    ----------
    skipped_at
        When somebody did not want to say; it is not asked again in the review of that moment.
    apart
        It is not who the faces are that it looks like: never again one of a group.
    """

    __tablename__ = "reviews"

    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    skipped_at: Mapped[datetime | None] = mapped_column(default=None)
    apart: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A kept face that is not settled, with how it stands among people.

    Attributes
    ----------
    embedding, embedder
        As of `Sample`.
    look
        The sample's perceptual hash, None if it was not computed.
    apart
        As of `Review`.
    skipped
        It was skipped in an earlier review.
    """

    face: Face
    standing: Standing
    embedding: bytes
    embedder: str
    look: str | None
    apart: bool
    skipped: bool


async def unsettled(session: AsyncSession, *, guild_id: int, since: datetime, quorum: int) -> list[Unsettled]:
    """The kept faces of a guild that are not settled and were not skipped since then, by face id: the latest of them.

    Faces of posters who do not agree (any more), and what was imported for everyone, are not among them.
    """
    unsettled = select(Judgement.face_id).where(
        Judgement.guild_id == guild_id, Judgement.kept.is_not(None), Judgement.posted, Judgement.voices < quorum
    )
    rows = await session.execute(
        select(Face, Sample.embedding, Sample.embedder, Sample.perceptual_hash, Review.apart, Review.skipped_at)
        .join(Face.picture)
        .join(Sample, Sample.face_id == Face.id)
        .join(Review, Review.face_id == Face.id, isouter=True)
        .options(contains_eager(Face.picture))
        .where(
            Face.id.in_(unsettled),
            or_(Review.skipped_at.is_(None), Review.skipped_at < since),
        )
        .order_by(Face.id.desc())
        .limit(MOST_ASKED)
    )
    found = rows.all()[::-1]
    standings = await verdicts.standings(session, [row.Face.id for row in found], guild_id=guild_id, quorum=quorum)
    return [
        Unsettled(
            row.Face,
            standings[row.Face.id],
            row.embedding,
            row.embedder,
            row.perceptual_hash,
            bool(row.apart),
            row.skipped_at is not None,
        )
        for row in found
    ]


async def disputed_unkept(session: AsyncSession, *, guild_id: int, quorum: int, limit: int) -> list[Face]:
    """Faces of which somebody contradicts our answer and which are not settled, whose poster agreed, but not kept.

    None that are too small or blurred to learn from. With their pictures, the latest first: at most `limit`.
    """
    contradicted = exists().where(Correction.face_id == Face.id, Correction.kind != "right", alive)
    found = await session.scalars(
        select(Face)
        .join(Judgement, Judgement.face_id == Face.id)
        .join(Face.picture)
        .join(Consent, Consent.user_id == Judgement.asks)
        .options(contains_eager(Face.picture))
        .where(Judgement.guild_id == guild_id, Judgement.asks.is_not(None), Consent.answer == "yes")
        .where(Judgement.kept.is_(None), Judgement.voices < quorum, contradicted)
        .order_by(Judgement.face_id.desc())
        .limit(limit)
    )
    return list(found)


async def other_looks(session: AsyncSession, *, guild_id: int, asked: Collection[int]) -> list[str]:
    """How the kept faces of a guild look but those asked for: what repeats one of them need not be asked."""
    found = await session.execute(
        select(Sample.face_id, Sample.perceptual_hash)
        .join(Judgement, Judgement.face_id == Sample.face_id)
        .where(Judgement.guild_id == guild_id, Judgement.kept.is_not(None), Sample.perceptual_hash.is_not(None))
    )
    leave_out = set(asked)
    return [look for face_id, look in found if look is not None and face_id not in leave_out]


async def skip(session: AsyncSession, face_ids: Collection[int]) -> None:
    """Write down that nobody wanted to name these faces now; what was forgotten meanwhile stays forgotten."""
    for review in await _reviews(session, face_ids):
        review.skipped_at = now()


async def part(session: AsyncSession, face_ids: Collection[int]) -> None:
    """Write down that these faces are not who the others are that they look like."""
    for review in await _reviews(session, face_ids):
        review.apart = True


async def _reviews(session: AsyncSession, face_ids: Collection[int]) -> list[Review]:
    before = {each.face_id: each for each in await session.scalars(select(Review).where(Review.face_id.in_(face_ids)))}
    there = await session.scalars(select(Face.id).where(Face.id.in_(face_ids)))
    new = [Review(face_id=face_id) for face_id in there if face_id not in before]
    session.add_all(new)
    return [*before.values(), *new]
