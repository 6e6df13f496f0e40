"""Whether a guild's examples may be others than before, and whose: asked with every picture, so two rows to read."""

from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import BigInteger, CompoundSelect, Index, and_, bindparam, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base
from bot.database.meanings import meanings

_EVERYONE: Final = 0  # no guild of Discord's has this id
_ALL: Final = 0  # nor has any character
_MANY: Final = 500  # characters: of more it is as quick to look at all

Stamp: TypeAlias = tuple[tuple[int, int], ...]


class Moved(Base):
    """How often something changed on which a guild's examples rest; the database counts, so no writer can forget to.

    Its triggers (in `migrations/versions/0014_moved_by_character.py`) see who is learned, settled otherwise, renamed
    and forgotten, by whatever process and also where rows go with the picture on which they hang.
    """

    __tablename__ = "moved"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]


class MovedCharacter(Base):
    """At which count of its guild the examples of a character changed last; 0: those of all of them may have."""

    __tablename__ = "moved_characters"
    __table_args__ = (Index("ix_moved_characters_times", "guild_id", "times"),)

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    character_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]


async def stamp(session: AsyncSession, guild_id: int) -> Stamp:
    """What is another whenever the examples of a guild or of everyone, or their names, may be others than before."""
    rows = await session.execute(_STAMP, {"guilds": (guild_id, _EVERYONE)})
    return tuple((row.guild_id, row.times) for row in rows)


async def since(session: AsyncSession, guild_id: int, before: Stamp) -> frozenset[int] | None:
    """The characters whose examples may be others than at a stamp, with all that mean the same in the guild.

    None: everybody's may be, or somebody is called otherwise.
    """
    counted = dict(before)
    then = {"guild": guild_id, "before": counted.get(guild_id, 0), "everyones_before": counted.get(_EVERYONE, 0)}
    found = frozenset(await session.scalars(_changed(), then))
    return None if _ALL in found or len(found) > _MANY else found


# Built once, for all guilds: to put one of these together takes longer than to carry it out.
_WHOSE: Final = bindparam("guilds", expanding=True, type_=BigInteger())
_STAMP: Final = select(Moved.guild_id, Moved.times).where(Moved.guild_id.in_(_WHOSE)).order_by(Moved.guild_id)


@cache
def _changed() -> CompoundSelect[int]:
    guild: Any = bindparam("guild", type_=BigInteger())
    own = and_(MovedCharacter.guild_id == guild, MovedCharacter.times > bindparam("before"))
    everyones = and_(MovedCharacter.guild_id == _EVERYONE, MovedCharacter.times > bindparam("everyones_before"))
    later = select(MovedCharacter.character_id).where(or_(own, everyones)).limit(_MANY + 1).cte()
    changed, meaning = select(later.c.character_id), meanings(guild)
    return union_all(
        changed,
        select(meaning.c.means).where(meaning.c.character_id.in_(changed)),
        select(meaning.c.character_id).where(meaning.c.means.in_(changed)),
    )
