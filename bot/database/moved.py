"""Whether a guild's examples may be others than before, and whose: asked with every picture, so two rows to read."""

from functools import cache
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import BigInteger, Index, Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base
from bot.database.characters import meanings

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
    found = set[int]()
    counted = dict(before)
    for whose in (guild_id, _EVERYONE):
        found |= set(await session.scalars(_LATER, {"whose": whose, "before": counted.get(whose, 0)}))
    if _ALL in found or len(found) > _MANY:
        return None
    for character_id, means in await session.execute(_same(), {"guild": guild_id, "characters": list(found)}):
        found |= {character_id, means}
    return frozenset(found)


# Built once, for all guilds: to put one of these together takes longer than to carry it out.
_WHOSE: Final = bindparam("guilds", expanding=True, type_=BigInteger())
_STAMP: Final = select(Moved.guild_id, Moved.times).where(Moved.guild_id.in_(_WHOSE)).order_by(Moved.guild_id)
_LATER: Final = (
    select(MovedCharacter.character_id)
    .where(MovedCharacter.guild_id == bindparam("whose"), MovedCharacter.times > bindparam("before"))
    .limit(_MANY + 1)
)


@cache
def _same() -> Select[int, int]:
    asked = bindparam("characters", expanding=True, type_=BigInteger())
    meaning = meanings(cast("Any", bindparam("guild", type_=BigInteger())))
    return select(meaning.c.character_id, meaning.c.means).where(
        or_(meaning.c.character_id.in_(asked), meaning.c.means.in_(asked))
    )
