"""Pictures that were posted, and what the model said of the faces in them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    insert,
    inspect,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from bot.clock import now
from bot.database import characters
from bot.database.base import Base, one_of
from ml import NamedFace
from ml.naming.classifier import Candidate, called
from ml.naming.names import Names

Source: TypeAlias = Literal["discord", "import"]


class _Candidates(TypeDecorator[tuple[Candidate, ...]]):
    """Candidates as JSON: a list of {"name", "confidence"}, with "learned" where that is not 0."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Candidate, ...] | None, dialect: Dialect) -> Any:
        said = [asdict(candidate) for candidate in value or ()]
        return [{key: each[key] for key in each if key != "learned" or each[key]} for each in said]

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Candidate, ...]:
        return tuple(Candidate(**candidate) for candidate in value or ())


class Picture(Base):
    """One picture, as posted or imported. Its pixels are never stored.

    Attributes
    ----------
    guild_id
        Whose it is; None: imported for everyone. For a picture from a direct message, the id of that channel: a
        conversation is a guild of its own, and nothing of it reaches everyone.
    message_id
        Where it was posted; None for what came with a slash command, and for imports.
    reply_id
        Our answer; several pictures may share one. None until it has been sent.
    attachment_id, url
        To read it again once its poster agrees; erased when the poster declines.
    poster_id
        Who posted it; None for imports.
    origin
        The file that it was taught with: "Riko/01.png" in a folder, "club.zip/Riko" in a ZIP; None: it was only posted.
    model
        The model version that answered; None if the picture was imported.
    declined
        Its poster said no, or is nobody who could say yes: it is never learned from, whatever the poster says later.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("guild_id IS NOT NULL OR source = 'import'", name="only_imports_are_for_everyone"),
        CheckConstraint("poster_id IS NOT NULL OR source = 'import'", name="poster_known"),
        # With what tells those that were answered from what was given to learn from, to be counted.
        Index("ix_pictures_guild_id", "guild_id", "source", "origin"),
        {"sqlite_autoincrement": True},  # ids of what was forgotten are not given again: model versions list them
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int | None]
    source: Mapped[Source] = mapped_column(one_of("source", get_args(Source)))
    channel_id: Mapped[int | None] = mapped_column(default=None)
    message_id: Mapped[int | None] = mapped_column(default=None)
    reply_id: Mapped[int | None] = mapped_column(default=None, index=True)
    attachment_id: Mapped[int | None] = mapped_column(default=None, index=True)
    url: Mapped[str | None] = mapped_column(default=None)
    poster_id: Mapped[int | None] = mapped_column(default=None, index=True)
    origin: Mapped[str | None] = mapped_column(default=None)
    model: Mapped[str | None] = mapped_column(default=None)
    declined: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)

    @hybrid_property
    def given(self) -> bool:
        """Whether it was given to be learned from, imported or uploaded to teach, so that nobody need be asked."""
        return self.source == "import" or self.origin is not None

    @given.inplace.expression
    @classmethod
    def _given(cls) -> ColumnElement[bool]:
        return or_(cls.source == "import", cls.origin.is_not(None))


class Face(Base):
    """A face in a picture and its identification, as the recogniser gave it (`ml.NamedFace`).

    Attributes
    ----------
    number
        What the reply calls it, from 1; unique in the reply, over all its pictures.
    name
        What the answer calls it: the guess, or whom the picture was to teach; None for "unknown".
    confidence
        Calibrated probability that the first candidate is right, 0..1.
    candidates
        The likeliest names, best first, also where `name` is None.
    quality
        How well it can be told, 0..1 (`ml.faces.quality`); None: answered before that was measured.
    same_as
        The face that was found here when the same attachment was first answered, if it was answered before: what
        people say of this one is said of that one. Both are one poster's, and are forgotten together.
    """

    __tablename__ = "faces"
    __table_args__ = (
        UniqueConstraint("picture_id", "number"),
        CheckConstraint("number > 0", name="number_from_one"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id", ondelete="CASCADE"), init=False)
    number: Mapped[int]
    x: Mapped[int]
    y: Mapped[int]
    w: Mapped[int]
    h: Mapped[int]
    angle: Mapped[float]
    score: Mapped[float]
    name: Mapped[str | None]
    confidence: Mapped[float]
    candidates: Mapped[tuple[Candidate, ...]] = mapped_column(_Candidates)
    picture: Mapped[Picture] = relationship(lazy="joined", innerjoin=True, repr=False)
    same_as: Mapped[int | None] = mapped_column(default=None)
    quality: Mapped[float | None] = mapped_column(default=None)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, w, h in pixels of the upright picture."""
        return self.x, self.y, self.w, self.h

    @property
    def spoken_of(self) -> int:
        """The id of the face to which goes what people say of this one; None for a new face that is not stored yet."""
        return self.same_as or self.id


_FACE = [each.key for each in inspect(Face).column_attrs if each.key != "id"]
_SAME = 0.5  # overlap of two boxes that hold the same face of the same picture
_faces = select(Face).join(Face.picture).options(contains_eager(Face.picture))


async def record(session: AsyncSession, picture: Picture, faces: Sequence[NamedFace], *, first: int = 1) -> list[Face]:
    """Store a picture and the faces found in it, both with their new ids; the faces come back under today's names.

    `first`: the number of the first of them.
    """
    asked = [] if picture.attachment_id is None else [picture.attachment_id]
    before = await answered_before(session, asked, guild_id=picture.guild_id)
    rows = faces_of(picture, faces, first=first, before=before)
    session.add(picture)
    if rows:
        await store(session, rows)
    return today(rows, await characters.names(session, guild_id=picture.guild_id))


def faces_of(picture: Picture, found: Sequence[NamedFace], *, first: int, before: Sequence[Face]) -> list[Face]:
    """The faces found in a picture, to be stored, numbered from `first` on.

    Parameters
    ----------
    before
        Of `answered_before`, at least those of the same attachment.
    """
    mine = [each for each in before if each.picture.attachment_id == picture.attachment_id]
    rows = [_row(picture, face, number) for number, face in enumerate(found, start=first)]
    for row in rows:
        row.same_as = next((each.id for each in mine if _overlap(each.box, row.box) > _SAME), None)
    return rows


async def store(session: AsyncSession, faces: Sequence[Face]) -> None:
    """Store new faces, and the pictures in which they are; both get their ids.

    All faces in one statement: the unit of work takes one for each, to know which id is whose.
    """
    session.add_all({id(face.picture): face.picture for face in faces}.values())
    await session.flush()
    for face in faces:
        face.picture_id = face.picture.id
    rows = [{name: getattr(face, name) for name in _FACE} for face in faces]
    new = insert(Face).returning(Face.id, Face.picture_id, Face.number)
    # With every NULL written out: rows without would be other statements than rows with one.
    stored = await session.execute(new, rows, execution_options={"render_nulls": True})
    ids = {(row.picture_id, row.number): row.id for row in stored}
    for face in faces:
        face.id = ids[face.picture_id, face.number]


async def answered_before(
    session: AsyncSession, attachment_ids: Collection[int], *, guild_id: int | None
) -> list[Face]:
    """The faces of these attachments as they were first answered in a guild."""
    if not attachment_ids:
        return []
    found = await session.scalars(
        _faces.where(
            Picture.attachment_id.in_(attachment_ids), Picture.guild_id == guild_id, Face.same_as.is_(None)
        ).order_by(Face.id)
    )
    return list(found)


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """How much two boxes overlap: their intersection over their union, 0..1."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0, width) * max(0, height)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def _row(picture: Picture, face: NamedFace, number: int) -> Face:
    x, y, w, h = face.box
    return Face(
        picture=picture,
        number=number,
        x=x,
        y=y,
        w=w,
        h=h,
        angle=face.angle,
        score=face.score,
        name=face.name,
        confidence=face.confidence,
        candidates=face.candidates,
        quality=face.quality,
    )


async def faces_of_reply(session: AsyncSession, reply_id: int) -> list[Face]:
    """The faces that a reply of ours shows, by number, with their pictures; empty if it is none of ours.

    Under today's names, as from all that give faces.
    """
    return await _today(session, _faces.where(Picture.reply_id == reply_id).order_by(Face.number))


async def answered_last(session: AsyncSession, *, guild_id: int) -> list[Face]:
    """The faces that the latest reply in a guild shows."""
    answered = select(Picture.reply_id).where(Picture.guild_id == guild_id, Picture.reply_id.is_not(None))
    reply_id = await session.scalar(answered.order_by(Picture.id.desc()).limit(1))
    return [] if reply_id is None else await faces_of_reply(session, reply_id)


async def answered_in_channel(session: AsyncSession, channel_id: int, *, since: int) -> list[Face]:
    """The faces that the latest reply in a channel shows, of those with a higher id than `since`."""
    there = select(Picture.reply_id).where(Picture.reply_id > since, Picture.channel_id == channel_id)
    reply_id = await session.scalar(there.order_by(Picture.reply_id.desc()).limit(1))
    return [] if reply_id is None else await faces_of_reply(session, reply_id)


async def answered_in(session: AsyncSession, *, since: datetime) -> dict[int, int | None]:
    """The channels in which something was answered since then, with what they belong to (`Picture.guild_id`)."""
    answered = select(Picture.channel_id, Picture.guild_id).where(
        Picture.reply_id.is_not(None), Picture.created_at > since
    )
    found = (await session.execute(answered.distinct())).all()
    return {channel_id: guild_id for channel_id, guild_id in found if channel_id is not None}


async def shown_with(session: AsyncSession, face_ids: Collection[int], *, reply_id: int | None = None) -> list[Face]:
    """Those of these faces that there are, and all others of the replies that show them, with their pictures.

    Whosever they are, by reply and number. `reply_id`: and those of this reply.
    """
    by_picture = select(Face.id).join(Picture, Face.picture_id == Picture.id)
    replies = select(Picture.reply_id).join(Face, Face.picture_id == Picture.id).where(Face.id.in_(face_ids))
    # One select for each way to be shown: for one condition that is either, SQLite would go through all faces.
    shown = [select(Face.id).where(Face.id.in_(face_ids)), by_picture.where(Picture.reply_id.in_(replies))]
    if reply_id is not None:  # what has no reply is none of this one's
        shown.append(by_picture.where(Picture.reply_id == reply_id))
    faces = _faces.where(Face.id.in_(union(*shown)))
    return await _today(session, faces.order_by(Picture.reply_id.nulls_first(), Face.number, Face.id))


async def _today(session: AsyncSession, query: Select[Face]) -> list[Face]:
    found = list(await session.scalars(query))
    return today(found, await characters.names(session, guild_id=found[0].picture.guild_id)) if found else []


def today(faces: list[Face], names: Names) -> list[Face]:
    """The faces under the names that their characters have today; what is stored stays as it was said.

    Of faces that were loaded, or that no session will store; once, as a name may mean another one today.
    """
    if names:
        for face in faces:
            candidates = called(face.candidates, names)
            set_committed_value(face, "candidates", candidates)
            set_committed_value(face, "confidence", candidates[0].confidence if candidates else face.confidence)
            set_committed_value(face, "name", face.name and names(face.name))
    return faces


async def decline(session: AsyncSession, picture_ids: Collection[int] | Select[int]) -> None:
    """Never learn from these pictures (any more): who gave them takes that back."""
    gone = {"declined": True, "url": None, "attachment_id": None}
    await session.execute(update(Picture).where(Picture.id.in_(picture_ids)).values(gone))


async def guilds_of(session: AsyncSession, poster_id: int) -> list[int]:
    """The guilds in which that person posted pictures that we answered."""
    found = await session.scalars(
        select(Picture.guild_id)
        .where(Picture.poster_id == poster_id, Picture.guild_id.is_not(None))
        .distinct()
        .order_by(Picture.guild_id)
    )
    return [guild_id for guild_id in found if guild_id is not None]
