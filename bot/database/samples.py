"""What is kept of a face to learn from it: its crop and its embedding, where the poster agreed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import now
from bot.database.base import Base, where
from bot.database.pictures import Face, Picture
from ml import Sample as Cut

# Of faces that nobody has named, in each guild: a moderator answers for some dozens in an evening, 300 crops are 13 MB,
# and a stranger of whom there are not three in a month is not often posted.
MOST_UNNAMED: Final = 300
UNNAMED_FOR: Final = timedelta(days=30)


class Sample(Base):
    """A face kept for learning; `bot.database.examples` and `unnamed` are the rooms that make one.

    Attributes
    ----------
    held_out
        Kept from training, to measure versions on. The same for all faces of one picture, decided once, when the face
        is named for the first time; None: that is awaited still, and only for a while (`make_room`, `expire`).
    picture_hash
        SHA-256 of the picture's bytes, hex.
    perceptual_hash
        Of the picture's look, hex; None if it was not computed.
    embedder
        Fingerprint of the embedder that made the embedding.
    embedding
        float16, little-endian, as bytes.
    crop
        PNG, to embed again with another embedder.
    """

    __tablename__ = "samples"
    __table_args__ = (
        CheckConstraint("length(picture_hash) = 64", name="picture_hash_is_sha256"),
        # Those that wait for a name: a few hundred of each guild, beside all that it learns from.
        Index("ix_samples_waiting", "face_id", **where("held_out IS NULL")),
    )

    # The order matters: SQLite reads a row from its beginning, and training wants all but the crop.
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    held_out: Mapped[bool | None]
    picture_hash: Mapped[str] = mapped_column(index=True)
    perceptual_hash: Mapped[str | None]
    embedder: Mapped[str]
    embedding: Mapped[bytes]
    crop: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


def sample_of(face_id: int, cut: Cut, *, held_out: bool | None) -> Sample:
    """What is kept of a face that was cut out; to be added to a session."""
    return Sample(
        face_id=face_id,
        held_out=held_out,
        picture_hash=cut.picture_hash,
        perceptual_hash=cut.perceptual_hash,
        embedder=cut.embedder,
        embedding=cut.embedding,
        crop=cut.crop,
    )


async def kept(session: AsyncSession, face_ids: Collection[int]) -> list[int]:
    """Those of these faces that are kept, named or not, by id."""
    found = await session.scalars(select(Sample.face_id).where(Sample.face_id.in_(face_ids)).order_by(Sample.face_id))
    return list(found)


async def faces_of_hash(session: AsyncSession, picture_hash: str, *, guild_id: int | None) -> list[int]:
    """Faces already kept from the very same picture in a guild (None: among everyone's), by id."""
    found = await session.scalars(
        select(Sample.face_id)
        .join(Face, Face.id == Sample.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .where(Sample.picture_hash == picture_hash, Picture.guild_id == guild_id)
        .order_by(Sample.face_id)
    )
    return list(found)


def waiting(guild_id: int) -> Select[int]:
    """The faces of a guild that wait for a name, by id."""
    return (
        select(Sample.face_id)
        .join(Face, Face.id == Sample.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        # The sum keeps SQLite from going through all pictures of the guild instead of the few faces that wait.
        .where(Sample.held_out.is_(None), Picture.guild_id + 0 == guild_id)
    )


async def make_room(session: AsyncSession, *, guild_id: int) -> None:
    """Delete the oldest faces of a guild that wait for a name, where too many do."""
    newest_first = waiting(guild_id).order_by(Sample.face_id.desc())
    oldest = list(await session.scalars(newest_first.offset(MOST_UNNAMED)))
    await session.execute(delete(Sample).where(Sample.face_id.in_(oldest)))


async def expire(session: AsyncSession) -> None:
    """Delete the faces, of all guilds, that have waited for a name too long."""
    await session.execute(delete(Sample).where(Sample.held_out.is_(None), Sample.created_at < now() - UNNAMED_FOR))


async def crops(session: AsyncSession, face_ids: Collection[int]) -> dict[int, bytes]:
    """What is kept of these faces, as PNGs; what was forgotten is missing."""
    found = await session.execute(select(Sample.face_id, Sample.crop).where(Sample.face_id.in_(face_ids)))
    return {row.face_id: row.crop for row in found}


async def count_stale(session: AsyncSession, *, embedder: str, guild_id: int | None) -> int:
    """How many samples that a guild learns from (None: everyone's) are of another embedder than this one."""
    return await session.scalar(select(func.count(Sample.face_id)).where(_stale(embedder, guild_id))) or 0


async def stale(
    session: AsyncSession, *, embedder: str, guild_id: int | None, after: int, limit: int
) -> dict[int, bytes]:
    """The crops of such samples by face, of the first `limit` faces with a higher id than `after`."""
    found = await session.execute(
        select(Sample.face_id, Sample.crop)
        .where(_stale(embedder, guild_id), Sample.face_id > after)
        .order_by(Sample.face_id)
        .limit(limit)
    )
    return {row.face_id: row.crop for row in found}


async def put_embeddings(session: AsyncSession, embeddings: Mapping[int, bytes], *, embedder: str) -> None:
    """Replace embeddings, by face, with those of this embedder; what was forgotten meanwhile stays forgotten."""
    for face_id, embedding in embeddings.items():
        await session.execute(
            update(Sample).where(Sample.face_id == face_id).values(embedding=embedding, embedder=embedder)
        )


def _stale(embedder: str, guild_id: int | None) -> ColumnElement[bool]:
    mine = or_(Picture.guild_id == guild_id, Picture.guild_id.is_(None))
    faces = select(Face.id).join(Picture, Picture.id == Face.picture_id).where(mine)
    return (Sample.embedder != embedder) & Sample.face_id.in_(faces)


async def drop(session: AsyncSession, picture_ids: Collection[int] | Select[int]) -> int:
    """Delete every sample from these pictures; gives how many there were."""
    theirs = select(Face.id).where(Face.picture_id.in_(picture_ids))
    gone = await session.scalars(delete(Sample).where(Sample.face_id.in_(theirs)).returning(Sample.face_id))
    return len(gone.all())
