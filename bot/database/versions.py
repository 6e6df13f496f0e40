"""What happened to the models: publishing, keeping and going back, beside the folders of `ml.versions.registry`.

Which version answers is said by the registry alone; `bot.retraining.publishing.reconcile` makes up for the row that
is missing where a process was killed between the two.

Nothing is marked when somebody is forgotten: a version's folder lists the faces that it was trained on, and
`forgotten` counts those of which nothing is kept any more. So no version can escape the mark, not even one that was
being trained at that moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from sqlalchemy import CheckConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database.base import Base, one_of
from bot.database.ledger import Correction
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample

EventKind: TypeAlias = Literal["published", "overridden", "kept", "rolled_back", "imported"]
Via: TypeAlias = Literal["chat", "shell", "schedule"]
_AT_ONCE: Final = 10_000  # values in one query: SQLite takes some 32,000, PostgreSQL some 65,000


@dataclass(frozen=True, slots=True)
class Author:
    """Who did something to a model: a person in chat, or the operator on the shell or by the schedule."""

    via: Via
    user_id: int | None = None


class VersionEvent(Base):
    """One thing that happened to a model; rows are only added.

    Attributes
    ----------
    guild_id
        Whose model; None: the one that everyone shares.
    kind
        "published": no worse, so it answers. "overridden": a person published it against the gate. "kept": a
        retraining left the active version as it was. "rolled_back": an earlier one answers again. "imported": it
        came from a file.
    number
        The version that answers from then on; None for "kept".
    user_id
        Who did it in chat; None: the operator or the schedule, or somebody who was forgotten since.
    verdict
        What the gate said, as `ml.training.gate.Verdict`; None where nothing was measured.
    last_correction
        The newest row of the ledger of corrections that a retraining knew of; None for the others.
    """

    __tablename__ = "version_events"
    __table_args__ = (
        CheckConstraint("(kind = 'kept') = (number IS NULL)", name="numbered_unless_kept"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[EventKind] = mapped_column(one_of("kind", get_args(EventKind)))
    number: Mapped[int | None]
    via: Mapped[Via] = mapped_column(one_of("via", get_args(Via)))
    user_id: Mapped[int | None] = mapped_column(index=True)
    verdict: Mapped[str | None] = mapped_column(default=None)
    last_correction: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime] = mapped_column(default_factory=now)


async def record(
    session: AsyncSession,
    kind: EventKind,
    *,
    guild_id: int | None,
    number: int | None,
    by: Author,
    verdict: str | None = None,
    last_correction: int | None = None,
) -> VersionEvent:
    """Write down what happened to a model; see `VersionEvent`."""
    event = VersionEvent(
        guild_id=guild_id,
        kind=kind,
        number=number,
        via=by.via,
        user_id=by.user_id,
        verdict=verdict,
        last_correction=last_correction,
    )
    session.add(event)
    await session.flush()
    return event


async def history(session: AsyncSession, *, guild_id: int | None) -> Sequence[VersionEvent]:
    """All that happened to a model, oldest first."""
    found = await session.scalars(
        select(VersionEvent).where(VersionEvent.guild_id == guild_id).order_by(VersionEvent.id)
    )
    return found.all()


async def put_in_charge(session: AsyncSession, *, guild_id: int | None) -> VersionEvent | None:
    """The event by which the version that answers came to answer; None if nothing was ever published."""
    return await session.scalar(
        select(VersionEvent)
        .where(VersionEvent.guild_id == guild_id, VersionEvent.number.is_not(None))
        .order_by(VersionEvent.id.desc())
        .limit(1)
    )


async def last_retraining(session: AsyncSession, *, guild_id: int | None) -> VersionEvent | None:
    """The newest retraining, whether or not it published anything; None if there was none."""
    return await session.scalar(
        select(VersionEvent)
        .where(VersionEvent.guild_id == guild_id, VersionEvent.last_correction.is_not(None))
        .order_by(VersionEvent.id.desc())
        .limit(1)
    )


async def newest_correction(session: AsyncSession) -> int:
    """The id of the newest row of the ledger of corrections; 0 if there is none."""
    return await session.scalar(select(func.coalesce(func.max(Correction.id), 0))) or 0


@dataclass(frozen=True, slots=True)
class Unheard:
    """How much was said, or taken back, of a guild's own faces since its last retraining, and when the first of it."""

    corrections: int
    since: datetime | None


async def unheard(session: AsyncSession, *, guild_id: int | None) -> Unheard:
    """What a guild's last retraining did not know of."""
    last = await last_retraining(session, guild_id=guild_id)
    known = 0 if last is None else last.last_correction or 0
    found = await session.execute(
        select(func.count(), func.min(Correction.at))
        .select_from(Correction)
        .join(Face, Face.id == Correction.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .where(Picture.guild_id == guild_id, Correction.id > known)
    )
    return Unheard(*found.one())


async def learners(session: AsyncSession) -> Sequence[int | None]:
    """The guilds whose faces people have said something of (None: everyone's imports), that first, then by id."""
    found = await session.scalars(
        select(Picture.guild_id)
        .join(Face, Face.picture_id == Picture.id)
        .join(Correction, Correction.face_id == Face.id)
        .distinct()
        .order_by(Picture.guild_id.nulls_first())
    )
    return found.all()


async def forgotten(session: AsyncSession, face_ids: Sequence[int]) -> int:
    """How many of these faces, on which a version was trained, are no longer kept."""
    kept = 0
    for start in range(0, len(face_ids), _AT_ONCE):
        some = Sample.face_id.in_(face_ids[start : start + _AT_ONCE])
        kept += await session.scalar(select(func.count()).where(some)) or 0
    return len(face_ids) - kept


async def forget_author(session: AsyncSession, user_id: int) -> None:
    """Take a person's id off what they did to models; that it was done stays on the record."""
    await session.execute(update(VersionEvent).where(VersionEvent.user_id == user_id).values(user_id=None))
