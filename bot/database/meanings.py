"""Characters as rows, and what they mean and are called in a guild: conditions and tables for other queries.

What is asked of them by name is in `characters.py`.
"""

from datetime import datetime

from sqlalchemy import (
    CTE,
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from bot.clock import now
from bot.database.base import Base, where
from bot.database.ledger import Correction, stands
from bot.database.spellings import Change, Spelling, chosen_names, current, standing


class Character(Base):
    """Somebody who can be recognised.

    Attributes
    ----------
    guild_id
        Whose it is; None: everyone's.
    name
        As first written; `bot.database.spellings` says what it is called today, and what else means it.
    folded
        As compared (see `fold`); unique among the guild's own, and among everyone's.
    """

    __tablename__ = "characters"
    __table_args__ = (
        UniqueConstraint("guild_id", "folded"),
        # SQL holds two NULLs for different, so the constraint above does not see everyone's characters.
        Index("uq_characters_everyones", "folded", unique=True, **where("guild_id IS NULL")),
        CheckConstraint("length(folded) > 0", name="name_visible"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int | None]
    name: Mapped[str]
    folded: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


def is_there(character_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that a face is called so by somebody, or that none ever was: not all of it has been taken back.

    Of one character alone: what is merged into it may be there where it is not.
    """
    of_it = Correction.character_id == character_id
    return ~exists().where(of_it, Correction.kind.in_(("right", "name"))) | exists().where(of_it, stands)


def meanings(guild_id: int | None) -> CTE:
    """Characters that stand for another one in a guild: columns character_id (unique), means.

    They were merged into it; or they are everyone's, and the guild has one of that name.
    """
    spelled, own = current(guild_id), aliased(Character)
    # From the few sides that there are, not from all characters.
    merged = (
        select(Character.id.label("character_id"), spelled.c.character_id.label("means"))
        .join(spelled, spelled.c.folded == Character.folded)
        .where(known_to(guild_id), spelled.c.character_id != Character.id)
    )
    here_too = (
        select(Character.id, own.id)
        .join(own, (own.folded == Character.folded) & (own.guild_id == guild_id))
        .where(Character.guild_id.is_(None), own.id != Character.id)
        .where(Character.folded.not_in(select(spelled.c.folded)))
    )
    return union_all(merged, here_too).cte()


def meant_in(guild_id: InstrumentedAttribute[int | None] | int) -> ColumnElement[int]:
    """What the `Character` of a query's row means in a guild, or in the one of that row: as `meanings`, row by row."""
    own = aliased(Character)
    spelled = (
        select(Spelling.character_id)
        .join(Change, Change.id == Spelling.change_id)
        .where(Spelling.folded == Character.folded, Change.guild_id == guild_id, standing)
        .order_by(Spelling.id.desc())
        .limit(1)
    )
    named = select(own.id).where(own.folded == Character.folded, own.guild_id == guild_id, Character.guild_id.is_(None))
    outside = (Character,) if isinstance(guild_id, int) else (Character, guild_id.parent)
    first, then = (each.correlate(*outside).scalar_subquery() for each in (spelled, named))
    return func.coalesce(first, then, Character.id)


def called(guild_id: int | None) -> CTE:
    """What characters are called in a guild: columns character_id (unique), name."""
    chosen = chosen_names(current(guild_id))
    return (
        select(Character.id.label("character_id"), func.coalesce(chosen.c.name, Character.name).label("name"))
        .join(chosen, chosen.c.character_id == Character.id, isouter=True)
        .cte()
    )


def known_to(guild_id: int | None) -> ColumnElement[bool]:
    """The condition that a character is the guild's own or everyone's."""
    return or_(Character.guild_id == guild_id, Character.guild_id.is_(None))
