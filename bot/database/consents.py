"""Whether a person agrees that their pictures are learned from, everywhere."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database import pictures, samples, scrubbing
from bot.database.base import Base, one_of
from bot.database.pictures import Picture

Answer: TypeAlias = Literal["yes", "no"]
AGAIN_AFTER: Final = timedelta(days=1)  # an evening's work may be finished on the next, and nobody is asked every hour


class Consent(Base):
    """What one person answered, if anything: who was asked and kept silent is asked again if a moderator wants it."""

    __tablename__ = "consents"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (at IS NULL)", name="answer_dated"),)

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    answer: Mapped[Answer | None] = mapped_column(one_of("answer", get_args(Answer)), default=None)
    at: Mapped[datetime | None] = mapped_column(default=None)


async def get(session: AsyncSession, user_id: int) -> Answer | None:
    """What a person answered; None if they have not."""
    consent = await session.get(Consent, user_id)
    return consent and consent.answer


async def to_be_asked(session: AsyncSession, user_id: int) -> bool:
    """Whether the question has never been put to a person, and they have not answered by themselves either."""
    consent = await session.get(Consent, user_id)
    return consent is None or (consent.asked_at is None and consent.answer is None)


async def may_be_asked_again(session: AsyncSession, user_id: int) -> bool:
    """Whether a person has not answered, nor been asked lately."""
    consent = await session.get(Consent, user_id)
    if consent is None:
        return True
    return consent.answer is None and (consent.asked_at is None or consent.asked_at <= now() - AGAIN_AFTER)


async def latest_forgetting(session: AsyncSession) -> datetime | None:
    """When somebody was forgotten last, who has not said yes since; None: nobody was."""
    return await session.scalar(select(func.max(Consent.at)).where(Consent.answer == "no", Consent.asked_at.is_(None)))


async def asked(session: AsyncSession, user_id: int) -> None:
    """Write down that the question has been put to a person, so that it is not again by itself."""
    consent = await _of(session, user_id)
    if consent.answer is None:  # of who has answered meanwhile no more is kept than that
        consent.asked_at = now()


async def answer(session: AsyncSession, user_id: int, answer: Answer) -> int:
    """Write down what a person answers; the latest counts.

    A "no" deletes what was kept of their pictures and drops the corrections that waited: no picture posted before
    a "no", or while it held, is ever learned from, whatever they answer later; but for those that they gave to learn
    from since.

    Returns
    -------
    int
        How many samples were deleted; if any were, call `Database.scrub` afterwards, outside the transaction.
    """
    consent = await _of(session, user_id)
    declined = "no" in (consent.answer, answer)
    consent.answer, consent.at = answer, now()
    if not declined:
        return 0
    theirs = select(Picture.id).where(Picture.poster_id == user_id)
    gone = theirs if answer == "no" else theirs.where(~Picture.given)
    await pictures.decline(session, gone)
    dropped = await samples.drop(session, gone)
    if dropped:
        await scrubbing.owe(session)
    return dropped


async def _of(session: AsyncSession, user_id: int) -> Consent:
    consent = await session.get(Consent, user_id)
    if consent is None:
        consent = Consent(user_id=user_id)
        session.add(consent)
    return consent
