"""What moderators do to characters: rename, merge, give and take aliases, and undo. Nothing of it loses anything."""

import asyncio
from collections.abc import Iterable

from sqlalchemy import exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.characters import MOST_SPELLINGS, clean, find, known, names, spellings
from bot.database.errors import NameTaken, NoAlias, NoSuchCharacter, NothingToUndo, SameCharacter, TooManyNames
from bot.database.meanings import Character, is_there, known_to
from bot.database.spellings import Act, Change, Spelling, standing
from ml.naming.names import fold


async def rename(session: AsyncSession, name: str, new: str, *, guild_id: int, user_id: int | None) -> Change:
    """Call a character otherwise; its former name stays an alias.

    Raises
    ------
    NoSuchCharacter
        The name means nobody.
    NameTaken
        The new name means somebody else, or is its name already.
    BadName
        The new name is empty or too long.
    """
    shown = clean(new)
    character, today = await _found(session, name, guild_id=guild_id)
    meant = await find(session, new, guild_id=guild_id)
    if shown == today:
        raise NameTaken(shown, today)
    if meant is not None and meant.id != character.id:
        raise NameTaken(shown, await _name(session, meant, guild_id))
    change = await _write(session, "rename", today, shown, guild_id=guild_id, user_id=user_id)
    session.add(Spelling(change_id=change.id, folded=fold(shown), name=shown, character_id=character.id, shown=True))
    await session.flush()
    return change


async def merge(session: AsyncSession, name: str, into: str, *, guild_id: int, user_id: int | None) -> Change:
    """Say that two characters are one: whatever meant the first means the second from now on.

    What people said of the first stays in the ledger as they said it.

    Raises
    ------
    NoSuchCharacter
        One of the names means nobody.
    SameCharacter
        They are one already.
    """
    character, today = await _found(session, name, guild_id=guild_id)
    other, lasting = await _found(session, into, guild_id=guild_id)
    if character.id == other.id:
        raise SameCharacter(name, lasting)
    change = await _write(session, "merge", today, lasting, guild_id=guild_id, user_id=user_id)
    (gone,) = [each for each in await known(session, guild_id=guild_id) if each.id == character.id]
    for spelled in (gone.name, *gone.aliases):
        session.add(Spelling(change_id=change.id, folded=fold(spelled), name=spelled, character_id=other.id))
    await session.flush()
    return change


async def add_alias(session: AsyncSession, name: str, alias: str, *, guild_id: int, user_id: int | None) -> Change:
    """Give a character another spelling.

    Raises
    ------
    NoSuchCharacter
        The name means nobody.
    NameTaken
        The alias means somebody already.
    BadName
        The alias is empty or too long.
    """
    shown = clean(alias)
    character, today = await _found(session, name, guild_id=guild_id)
    meant = await find(session, alias, guild_id=guild_id)
    if meant is not None:
        raise NameTaken(shown, await _name(session, meant, guild_id))
    change = await _write(session, "alias", today, shown, guild_id=guild_id, user_id=user_id)
    session.add(Spelling(change_id=change.id, folded=fold(shown), name=shown, character_id=character.id))
    await session.flush()
    return change


async def remove_alias(session: AsyncSession, name: str, alias: str, *, guild_id: int, user_id: int | None) -> Change:
    """Take a spelling from a character, so that it means nobody again.

    Raises
    ------
    NoSuchCharacter
        The name means nobody.
    NoAlias
        It is no alias of that character, or it is what it, or one merged into it, was called at first.
    """
    character, today = await _found(session, name, guild_id=guild_id)
    meant = await find(session, alias, guild_id=guild_id)
    named = exists().where(Character.folded == fold(alias), known_to(guild_id), is_there(Character.id))
    first = await session.scalar(select(named))
    if meant is None or meant.id != character.id or first or fold(alias) == fold(today):
        raise NoAlias(alias, today)
    change = await _write(session, "unalias", today, clean(alias), guild_id=guild_id, user_id=user_id)
    session.add(Spelling(change_id=change.id, folded=fold(alias), name=clean(alias), character_id=None))
    await session.flush()
    return change


async def import_aliases(
    session: AsyncSession,
    aliases: Iterable[tuple[Character, Iterable[str]]],
    *,
    file: str,
    guild_id: int,
    user_id: int | None,
) -> int:
    """Give characters aliases from a file, as one change; gives how many are new.

    An alias that means somebody already is passed over.

    Raises
    ------
    BadName
        One of the aliases is empty or too long.
    TooManyNames
        The guild would have more than it may.
    """
    taken = await spellings(session, guild_id=guild_id)
    given = [(alias, character.id) for character, own in aliases for alias in own]

    def look_through() -> dict[str, tuple[str, int]]:
        new: dict[str, tuple[str, int]] = {}
        for alias, character_id in given:
            if (folded := fold(shown := clean(alias))) not in taken:
                new.setdefault(folded, (shown, character_id))
        return new

    new = await asyncio.to_thread(look_through)  # thousands
    if len(taken) + len(new) > MOST_SPELLINGS:
        raise TooManyNames(MOST_SPELLINGS)
    if new:
        change = await _write(session, "import", file, None, guild_id=guild_id, user_id=user_id)
        about = {"change_id": change.id, "shown": False}
        rows = [{"folded": each, "name": name, "character_id": who} | about for each, (name, who) in new.items()]
        await session.execute(insert(Spelling), rows)
    return len(new)


async def undo(session: AsyncSession, *, guild_id: int, user_id: int | None) -> Change:
    """Undo the latest change of a guild that stands, and give it; all means what it meant before.

    Raises
    ------
    NothingToUndo
        No change stands.
    """
    latest = await session.scalar(
        select(Change).where(Change.guild_id == guild_id, standing).order_by(Change.id.desc()).limit(1)
    )
    if latest is None:
        raise NothingToUndo
    session.add(Change(guild_id=guild_id, kind="undo", user_id=user_id, undoes=latest.id))
    await session.flush()
    return latest


async def history(session: AsyncSession, *, guild_id: int, limit: int = 10) -> list[tuple[Change, bool]]:
    """The latest changes of a guild, newest first, without the undoing ones, and whether each stands."""
    rows = await session.execute(
        select(Change, standing)
        .where(Change.guild_id == guild_id, Change.kind != "undo")
        .order_by(Change.id.desc())
        .limit(limit)
    )
    return [(row[0], bool(row[1])) for row in rows]


async def _found(session: AsyncSession, name: str, *, guild_id: int) -> tuple[Character, str]:
    """The character of a name, and what it is called today."""
    found = await find(session, name, guild_id=guild_id)
    if found is None:
        raise NoSuchCharacter(name)
    return found, await _name(session, found, guild_id)


async def _name(session: AsyncSession, character: Character, guild_id: int) -> str:
    return (await names(session, guild_id=guild_id))(character.name)


async def _write(
    session: AsyncSession, kind: Act, name: str, other: str | None, *, guild_id: int, user_id: int | None
) -> Change:
    change = Change(guild_id=guild_id, kind=kind, name=name, other=other, user_id=user_id)
    session.add(change)
    await session.flush()
    return change
