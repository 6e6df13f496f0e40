"""The ledger of what people said of faces; `bot.database.corrections` writes it, and others read it."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.clock import now
from bot.database.base import Base, one_of

Said: TypeAlias = Literal["right", "name", "not", "not_face"]
Kind: TypeAlias = Literal["right", "name", "not", "not_face", "undo"]
Via: TypeAlias = Literal["reaction", "button", "menu", "reply", "command", "import"]


class Correction(Base):
    """One row of the ledger. SQLite refuses to change one; only forgetting a person deletes any.

    Attributes
    ----------
    kind
        "right": the guess is true. "name": it is this character. "not": it is not this character. "not_face": no
        face at all. "undo": the correction `undoes` is taken back.
    character_id
        Of "right", "name" and "not".
    user_id
        Who said it; None: whoever ran `koredare import`.
    moderator
        Whether that person was a moderator there at that moment.
    undoes
        The correction taken back; each can be once. Whoever deletes an undo must delete what it undid as well, or
        that would count again.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('right', 'name', 'not')) = (character_id IS NOT NULL)", name="character_where_named"
        ),
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undoes_where_undo"),
        CheckConstraint("user_id IS NOT NULL OR via = 'import'", name="user_known"),
        # All that a verdict reads, in the order in which it reads it: twice as fast over a whole guild.
        Index("ix_corrections_said", "face_id", "user_id", "character_id", "kind", "via", "moderator", "at"),
        {"sqlite_autoincrement": True},  # "latest" is by id: a clock may go back, ids may not
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(one_of("kind", get_args(Kind)))
    user_id: Mapped[int | None] = mapped_column(index=True)
    moderator: Mapped[bool]
    via: Mapped[Via] = mapped_column(one_of("via", get_args(Via)))
    character_id: Mapped[int | None] = mapped_column(ForeignKey("characters.id"), default=None, index=True)
    undoes: Mapped[int | None] = mapped_column(
        ForeignKey("corrections.id", ondelete="CASCADE"), default=None, unique=True
    )
    at: Mapped[datetime] = mapped_column(default_factory=now)


_undo = aliased(Correction)
alive = (Correction.kind != "undo") & ~exists().where(_undo.undoes == Correction.id)
"""The condition that a correction has not been taken back."""

trusted = or_(Correction.moderator, Correction.via == "import")
"""The condition that a moderator or an importer said it."""

_later, _taken_back = aliased(Correction), aliased(Correction)
stands = (
    Correction.kind.in_(("right", "name"))
    & alive
    & ~exists().where(
        _later.face_id == Correction.face_id,
        _later.user_id.is_not_distinct_from(Correction.user_id),
        _later.id + 0 > Correction.id,  # the sum keeps SQLite from going through all that the person has said since
        _later.kind.in_(("right", "name", "not_face"))
        | ((_later.kind == "not") & (_later.character_id == Correction.character_id)),
        ~exists().where(_taken_back.undoes == _later.id),
    )
)
"""The condition that somebody says who a face is, and has neither taken it back nor said otherwise since."""


async def said_by_reaction(
    session: AsyncSession, face_ids: Collection[int], *, user_id: int, kinds: Collection[Kind]
) -> bool:
    """Whether somebody has said such a thing of any of these faces by reaction, taken back since or not."""
    said = select(Correction.id).where(
        Correction.face_id.in_(face_ids),
        Correction.user_id == user_id,
        Correction.via == "reaction",
        Correction.kind.in_(kinds),
    )
    return bool(await session.scalar(select(said.exists())))
