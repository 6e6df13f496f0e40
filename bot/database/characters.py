"""Characters: names that belong to a guild, or to everyone."""

import unicodedata
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.database.base import Base, now
from bot.database.errors import BadName

NAME_LIMIT = 80  # characters; the label of a Discord button holds as many


class Character(Base):
    """Somebody who can be recognised.

    Attributes
    ----------
    guild_id
        Whose it is; None: everyone's.
    name
        As shown.
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
    shown = _tidy(name)
    if not fold(shown) or len(shown) > NAME_LIMIT:
        raise BadName(NAME_LIMIT)
    return shown


def fold(name: str) -> str:
    """A name as compared: neither case, width nor spacing matters; an underscore is a space, as in names of folders.

    Examples
    --------
    >>> fold("  Ｒｉｋｏ\\n Sakura") == fold("riko SAKURA")
    True

    Notes
    -----
    Compatibility caseless matching of the Unicode Standard (section 3.13, D146), after dropping what is invisible.
    """
    folded = unicodedata.normalize("NFD", _tidy(name.replace("_", " ")))
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return _tidy(folded)


def _tidy(name: str) -> str:
    spaced = " ".join(name.split())
    # Cc, Cf, Cs: control characters, formatting (zero-width, bidirectional overrides), lone surrogates.
    visible = "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})
    return " ".join(visible.split())


async def get_or_create(session: AsyncSession, name: str, *, guild_id: int | None) -> Character:
    """The character of that name as a guild knows it; made for the guild (None: for everyone) if there is none.

    Raises
    ------
    BadName
        When the name is empty or too long.
    """
    found = await find(session, name, guild_id=guild_id)
    if found is None:
        found = Character(guild_id=guild_id, name=clean(name), folded=fold(name))
        session.add(found)
        await session.flush()
    return found


async def find(session: AsyncSession, name: str, *, guild_id: int | None) -> Character | None:
    """The character of that name as a guild knows it: its own before everyone's; None if there is none."""
    return await session.scalar(
        select(Character)
        .where(Character.folded == fold(name), known_to(guild_id))
        .order_by(Character.guild_id.is_(None))
        .limit(1)
    )


async def search(session: AsyncSession, words: str, *, guild_id: int | None, limit: int = 25) -> list[str]:
    """Names known to a guild that contain these words, those that begin with them first, then by name.

    A guild's own spelling hides everyone's. Empty `words` match every name. 25 is what Discord shows at once.
    """
    folded = fold(words)
    own = aliased(Character)
    hidden = exists().where(own.guild_id == guild_id, own.folded == Character.folded, Character.guild_id.is_(None))
    found = await session.scalars(
        select(Character.name)
        .where(Character.folded.contains(folded, autoescape=True), known_to(guild_id), ~hidden)
        .order_by(~Character.folded.startswith(folded, autoescape=True), Character.folded)
        .limit(limit)
    )
    return list(found)


def known_to(guild_id: int | None) -> ColumnElement[bool]:
    """The condition that a character is the guild's own or everyone's."""
    return or_(Character.guild_id == guild_id, Character.guild_id.is_(None))
