"""Characters: names that belong to a guild, or to everyone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import (
    CTE,
    CheckConstraint,
    ColumnElement,
    CompoundSelect,
    Index,
    Select,
    UniqueConstraint,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.database.base import Base, now
from bot.database.errors import BadName
from bot.database.search import spotted
from bot.database.spellings import chosen_names, current
from ml.naming.names import Names, fold, tidy

NAME_LIMIT = 80  # characters; the label of a Discord button holds as many


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
        Index("uq_characters_everyones", "folded", unique=True, sqlite_where=text("guild_id IS NULL")),
        CheckConstraint("length(folded) > 0", name="name_visible"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int | None]
    name: Mapped[str]
    folded: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


def clean(name: str) -> str:
    """A name as shown: no invisible or control characters, single spaces, nothing around it.

    Raises
    ------
    BadName
        When nothing visible is left, or more than `NAME_LIMIT` characters.
    """
    shown = tidy(name)
    if not fold(shown) or len(shown) > NAME_LIMIT:
        raise BadName(NAME_LIMIT)
    return shown


@dataclass(frozen=True, slots=True)
class Called:
    """A character, and what it is called today."""

    id: int
    name: str


async def get_or_create(session: AsyncSession, name: str, *, guild_id: int | None) -> Character:
    """The character that a name means in a guild; made for the guild (None: for everyone) if it means nobody.

    Raises
    ------
    BadName
        When the name is empty or too long.
    """
    return await find(session, name, guild_id=guild_id) or await create(session, name, guild_id=guild_id)


async def create(session: AsyncSession, name: str, *, guild_id: int | None) -> Character:
    """A new character of a guild (None: of everyone), of a name that means nobody there; raises as `get_or_create`."""
    made = Character(guild_id=guild_id, name=clean(name), folded=fold(name))
    session.add(made)
    await session.flush()
    return made


async def get_or_create_all(session: AsyncSession, names: Iterable[str], *, guild_id: int) -> dict[str, Character]:
    """As `get_or_create` for each of many names, thousands in a second, by name."""
    there = {each.id: each for each in await session.scalars(select(Character).where(known_to(guild_id)))}
    meant = {
        fold(spelling): there[each.id]
        for each in await known(session, guild_id=guild_id)
        for spelling in (each.name, *each.aliases)
    }
    found: dict[str, Character] = {}
    for name in names:
        if fold(name) not in meant:
            meant[fold(name)] = Character(guild_id=guild_id, name=clean(name), folded=fold(name))
            session.add(meant[fold(name)])
        found[name] = meant[fold(name)]
    await session.flush()
    return found


async def find(session: AsyncSession, name: str, *, guild_id: int | None) -> Character | None:
    """The character that a name means in a guild, by any spelling: its own before everyone's; None if nobody."""
    found = (await session.execute(_meant(name, guild_id))).one_or_none()
    return None if found is None else found[0]


async def called_today(session: AsyncSession, name: str, *, guild_id: int) -> Called | None:
    """As `find`, with what the character is called today."""
    found = (await session.execute(_meant(name, guild_id))).one_or_none()
    return None if found is None else Called(found[0].id, found[1])


def _meant(name: str, guild_id: int | None) -> Select[Character, str]:
    spelled, named = current(guild_id), aliased(Character)
    meant = select(spelled.c.character_id).where(spelled.c.folded == fold(name)).scalar_subquery()
    first = (
        select(named.id)
        .where(named.folded == fold(name), or_(named.guild_id == guild_id, named.guild_id.is_(None)))
        .order_by(named.guild_id.is_(None))
        .limit(1)
        .scalar_subquery()
    )
    names = called(guild_id)
    return (
        select(Character, names.c.name)
        .join(names, names.c.character_id == Character.id)
        .where(Character.id == func.coalesce(meant, first))
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A character as a guild knows it today.

    Attributes
    ----------
    aliases
        Its other spellings: given to it, former names, and the names of characters that were merged into it.
    """

    id: int
    name: str
    aliases: tuple[str, ...]


async def known(session: AsyncSession, *, guild_id: int | None) -> list[Known]:
    """All characters that a guild knows, by name; one that was merged into another is among that one's aliases."""
    return [
        Known(character_id, shown, tuple(sorted(name for each, name in spellings.items() if each != folded)))
        for character_id, (folded, shown, spellings) in await _spelled(session, guild_id)
    ]


_Spelled: TypeAlias = tuple[int, tuple[str, str, dict[str, str]]]


async def _spelled(session: AsyncSession, guild_id: int | None) -> list[_Spelled]:
    """The id of each character that a guild knows, its name folded and as shown, and all its spellings likewise.

    By the folded name. Nothing is folded here, as all of it is stored so: that would take longer than all else, and a
    guild may know thousands.
    """
    rows = await session.execute(
        select(Character.folded, Character.name, Character.id)
        .where(known_to(guild_id))
        .order_by(Character.guild_id.is_not(None))  # so that a guild's own spelling hides everyone's
    )
    named: dict[int, tuple[str, str]] = {}
    means: dict[str, tuple[str, int]] = {}
    for folded, name, character_id in rows:
        named[character_id] = folded, name
        means[folded] = name, character_id
    today = current(guild_id)
    columns = (today.c.folded, today.c.name, today.c.character_id, today.c.shown)
    for folded, name, character_id, shown in await session.execute(select(*columns).order_by(today.c.id)):
        means[folded] = name, character_id
        if shown:
            named[character_id] = folded, name
    spellings: dict[int, dict[str, str]] = defaultdict(dict)
    for folded, (name, character_id) in means.items():
        spellings[character_id][folded] = name
    found = [(character_id, (*named[character_id], spelled)) for character_id, spelled in spellings.items()]
    return sorted(found, key=lambda each: each[1][0])


async def search(session: AsyncSession, words: str, *, guild_id: int | None, limit: int = 25) -> list[str]:
    """Names known to a guild that are spelled like these words, the likest first; see `bot.database.search`.

    Empty `words` match every name, in order. 25 is what Discord shows at once.
    """
    found = await _spelled(session, guild_id)
    return spotted(fold(words), [(shown, [folded, *spellings]) for _, (folded, shown, spellings) in found])[:limit]


async def names(session: AsyncSession, *, guild_id: int | None) -> Names:
    """Today's names in a guild."""
    return Names({row[0]: row[1] for row in await session.execute(_renamed(guild_id))})


@lru_cache(maxsize=64)
def _renamed(guild_id: int | None) -> CompoundSelect[str, str, int]:
    """Spellings that do not mean what they once did, and today's name; built once, as every answer asks this.

    Of two rows of one spelling the later holds.
    """
    spelled = current(guild_id)
    chosen = chosen_names(spelled)
    first = select(Character.folded, chosen.c.name, literal(0).label("later")).join(
        chosen, chosen.c.character_id == Character.id
    )
    later = (
        select(spelled.c.folded, func.coalesce(chosen.c.name, Character.name), literal(1))
        .join(Character, Character.id == spelled.c.character_id)
        .join(chosen, chosen.c.character_id == spelled.c.character_id, isouter=True)
    )
    return union_all(first, later).order_by("later")


def meanings(guild_id: int | None) -> CTE:
    """Characters that stand for another one in a guild: columns character_id (unique), means.

    They were merged into it; or they are everyone's, and the guild has one of that name.
    """
    spelled, own = current(guild_id), aliased(Character)
    means = func.coalesce(spelled.c.character_id, own.id)
    return (
        select(Character.id.label("character_id"), means.label("means"))
        .join(spelled, spelled.c.folded == Character.folded, isouter=True)
        .join(
            own,
            (own.folded == Character.folded) & (own.guild_id == guild_id) & Character.guild_id.is_(None),
            isouter=True,
        )
        .where(known_to(guild_id), means != Character.id)
        .cte()
    )


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
