"""What is kept of a face to learn from it: its crop and its embedding, where the poster agreed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base, now
from bot.database.pictures import Face, Picture


class Sample(Base):
    """A face kept for learning; `bot.database.examples.save` is the only way to make one.

    Attributes
    ----------
    held_out
        Kept from training, to measure versions on. The same for all faces of one picture, decided once.
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
    __table_args__ = (CheckConstraint("length(picture_hash) = 64", name="picture_hash_is_sha256"),)

    # The order matters: SQLite reads a row from its beginning, and training wants all but the crop.
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    held_out: Mapped[bool]
    picture_hash: Mapped[str] = mapped_column(index=True)
    perceptual_hash: Mapped[str | None]
    embedder: Mapped[str]
    embedding: Mapped[bytes]
    crop: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


async def faces_of_hash(session: AsyncSession, picture_hash: str, *, guild_id: int | None) -> list[int]:
    """Faces already kept from the very same picture in a guild (None: among everyone's), by id."""
    found = await session.scalars(
        select(Sample.face_id)
        .join(Face, Face.id == Sample.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .where(Sample.picture_hash == picture_hash, Picture.guild_id.is_not_distinct_from(guild_id))
        .order_by(Sample.face_id)
    )
    return list(found)


async def drop_posted_by(session: AsyncSession, poster_id: int) -> int:
    """Delete every sample from that person's pictures; gives how many there were."""
    theirs = select(Face.id).join(Picture, Picture.id == Face.picture_id).where(Picture.poster_id == poster_id)
    gone = await session.scalars(delete(Sample).where(Sample.face_id.in_(theirs)).returning(Sample.face_id))
    return len(gone.all())
