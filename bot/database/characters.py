"""Characters by their names, which belong to a guild or to everyone.

A name that people gave, and that nobody gives any more, means nobody: all of it was taken back, or they have said
otherwise since. No list has it, and whoever says it again names somebody new. Its row stays for the ledger's sake.
"""

import asyncio
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    CompoundSelect,
    Select,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.clock import now
from bot.database.errors import BadName, OwnWord, TooManyNames
from bot.database.meanings import Character, called, is_there, known_to, meanings
from bot.database.search import held, likely, sounding, spotted
from bot.database.sounds import sound
from bot.database.spellings import chosen_names, current
from ml.naming.names import Names, fold, is_own_word, tidy, unhonoured

NAME_LIMIT = 80  # characters; the label of a Discord button holds as many
# Of one guild: all of them are looked through whenever somebody types a name.
MOST_CHARACTERS = 10_000
MOST_SPELLINGS = 30_000


def clean(name: str) -> str:
    """A name as shown: no invisible or control characters, single spaces, nothing around it.

    Raises
    ------
    BadName
        When nothing visible is left, or more than `NAME_LIMIT` characters.
    OwnWord
        When it is what we call strangers.
    """
    shown = tidy(name)
    if not fold(shown) or len(shown) > NAME_LIMIT:
        raise BadName(NAME_LIMIT)
    if is_own_word(shown):
        raise OwnWord(shown)
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
    BadName, OwnWord
        As `clean`.
    TooManyNames
        It means nobody, and the guild has as many as it may.
    """
    return (await _meant_or_new(session, name, guild_id))[0]


async def called_or_new(session: AsyncSession, name: str, *, guild_id: int) -> tuple[Called, bool]:
    """As `get_or_create`, with what the character is called today, and whether it is somebody new."""
    character, called_so, new = await _meant_or_new(session, name, guild_id)
    return Called(character.id, called_so), new


async def _meant_or_new(session: AsyncSession, name: str, guild_id: int | None) -> tuple[Character, str, bool]:
    found = (await session.execute(_meant(guild_id), {"folded": fold(name)})).one_or_none()
    if found is None:
        made = Character(guild_id=guild_id, name=clean(name), folded=fold(name))
        await _require_room(session, guild_id, more=1)
        session.add(made)
        await session.flush()
        return made, made.name, True
    character, called_so, there = found
    if not there and called_so == character.name and character.folded == fold(name):
        # Nobody's spelling any more: it is written from now on as it is said now.
        character.name = called_so = clean(name)
        await session.flush()
    return character, called_so, not there


async def _require_room(session: AsyncSession, guild_id: int | None, *, more: int) -> None:
    own = select(func.count()).where(Character.guild_id == guild_id)  # of everyone's there are as many as are imported
    if (await session.scalar(own) or 0) + more > MOST_CHARACTERS:
        there = await session.scalar(own.where(is_there(Character.id))) or 0
        if there + more > MOST_CHARACTERS:
            raise TooManyNames(MOST_CHARACTERS)


async def get_or_create_all(session: AsyncSession, names: Iterable[str], *, guild_id: int) -> dict[str, Character]:
    """As `get_or_create` for each of many names, thousands in a second, by name."""
    means = {folded: each.id for each in await _spelled(session, guild_id) for folded in each.spellings}
    found, new = await asyncio.to_thread(_new, names, means)
    if new:
        await _require_room(session, guild_id, more=len(new))
        at = now()
        rows = [{"guild_id": guild_id, "name": name, "folded": each, "created_at": at} for each, name in new.items()]
        await session.execute(insert(Character), rows)
    there = {each.id: each for each in await session.scalars(select(Character).where(known_to(guild_id)))}
    made = {each.folded: each for each in there.values() if each.guild_id == guild_id}
    return {name: there[means[each]] if each in means else made[each] for name, each in found.items()}


def _new(names: Iterable[str], means: Container[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Names, folded; and those of them that mean nobody, as first written, by what they are folded."""
    folded = {name: fold(name) for name in names}
    new: dict[str, str] = {}
    for name, each in folded.items():
        if each not in means and each not in new:
            new[each] = clean(name)
    return folded, new


async def spellings(session: AsyncSession, *, guild_id: int) -> set[str]:
    """All spellings that mean somebody in a guild, folded."""
    return {folded for each in await _spelled(session, guild_id) if each.there for folded in each.spellings}


async def find(session: AsyncSession, name: str, *, guild_id: int | None) -> Character | None:
    """The character that a name means in a guild, by any spelling: its own before everyone's; None if nobody."""
    found = (await session.execute(_meant(guild_id), {"folded": fold(name)})).one_or_none()
    return None if found is None or not found[2] else found[0]


async def called_today(session: AsyncSession, name: str, *, guild_id: int) -> Called | None:
    """As `find`, with what the character is called today."""
    found = (await session.execute(_meant(guild_id), {"folded": fold(name)})).one_or_none()
    return None if found is None or not found[2] else Called(found[0].id, found[1])


async def called_as_said(session: AsyncSession, name: str, *, guild_id: int) -> Called | None:
    """As `called_today`; a name may be said politely, too: "Hana-chan" is Hana, unless somebody is called just so.

    And in kana or in Latin letters: リコ is Riko, where that is one character alone.
    """
    said = dict.fromkeys((name, unhonoured(name)))
    for each in said:
        if (found := await called_today(session, each, guild_id=guild_id)) is not None:
            return found
    if not (heard := [folded for each in said if sound(folded := fold(each))]):
        return None
    spelled = await _spellings(session, guild_id)
    for folded in heard:
        alike = sounding(folded, spelled)
        if len(alike) == 1:
            return await called_today(session, alike[0], guild_id=guild_id)
    return None


@lru_cache(maxsize=64)
def _meant(guild_id: int | None) -> Select[Character, str, bool]:
    """The character that a name means ("folded"), what it is called today, and whether anybody is still called so."""
    spelled, named = current(guild_id), aliased(Character)
    meant = select(spelled.c.character_id).where(spelled.c.folded == bindparam("folded")).scalar_subquery()
    first = (
        select(named.id)
        .where(named.folded == bindparam("folded"), or_(named.guild_id == guild_id, named.guild_id.is_(None)))
        .order_by(named.guild_id.is_(None))
        .limit(1)
        .scalar_subquery()
    )
    names, meaning = called(guild_id), meanings(guild_id)
    merged = select(meaning.c.character_id).where(meaning.c.means == Character.id).correlate(Character)
    other = aliased(Character)  # first who is merged into it, then whether they are there: not the other way about
    there = is_there(Character.id) | exists(select(other.id).where(other.id.in_(merged), is_there(other.id)))
    return (
        select(Character, names.c.name, there)
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
    found: list[Known] = []
    for each in await _spelled(session, guild_id):
        if each.there:
            aliases = sorted(name for folded, name in each.spellings.items() if folded != each.folded)
            found.append(Known(each.id, each.shown, tuple(aliases)))
    return found


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A character of a guild: its name folded and as shown, all its spellings likewise.

    `there`: as the module has it, there is still somebody of that name.
    """

    id: int
    folded: str
    shown: str
    spellings: dict[str, str]
    there: bool


async def _spelled(session: AsyncSession, guild_id: int | None) -> list[_Spelled]:
    """The characters of a guild, also those of whom all was taken back, by the folded name.

    Nothing is folded here, as all of it is stored so: that would take longer than all else, and a guild may know
    thousands.
    """
    rows = await session.execute(
        select(Character.folded, Character.name, Character.id, is_there(Character.id))
        .where(known_to(guild_id))
        .order_by(Character.guild_id.is_not(None))  # so that a guild's own spelling hides everyone's
    )
    named: dict[int, tuple[str, str]] = {}
    means: dict[str, tuple[str, int]] = {}
    there: list[str] = []
    for folded, name, character_id, is_one in rows:
        named[character_id] = folded, name
        means[folded] = name, character_id
        if is_one:
            there.append(folded)
    today = current(guild_id)
    columns = (today.c.folded, today.c.name, today.c.character_id, today.c.shown)
    for folded, name, character_id, shown in await session.execute(select(*columns).order_by(today.c.id)):
        means[folded] = name, character_id
        if shown:
            named[character_id] = folded, name
    alive_today = {means[folded][1] for folded in there}  # one that was merged into another makes that one be there
    spellings: dict[int, dict[str, str]] = defaultdict(dict)
    for folded, (name, character_id) in means.items():
        spellings[character_id][folded] = name
    found = [_Spelled(each, *named[each], spelled, there=each in alive_today) for each, spelled in spellings.items()]
    return sorted(found, key=lambda each: each.folded)


async def search(session: AsyncSession, words: str, *, guild_id: int | None, limit: int = 25) -> list[str]:
    """Names known to a guild that are spelled like these words, the likest first; see `bot.database.search`.

    Empty `words` match every name, in order. 25 is what Discord shows at once.
    """
    found = await _spellings(session, guild_id)
    if not words:  # as every menu of names asks: they need not be compared
        return [name for name, _ in found[:limit]]
    return (await asyncio.to_thread(spotted, fold(words), found))[:limit]


async def alike(session: AsyncSession, name: str, *, guild_id: int | None) -> list[str]:
    """Whom somebody may mean by a name that nobody bears: as `search`, then those whose names stand within it."""
    found, sought = await _spellings(session, guild_id), fold(name)

    def look() -> dict[str, None]:
        return dict.fromkeys([*spotted(sought, found)[:25], *held(sought, found)])

    return list(await asyncio.to_thread(look))[:25]


async def meant_by(session: AsyncSession, words: str, *, guild_id: int | None) -> list[str]:
    """Whom somebody means who says a part of a name: as `search`, with slips only where nobody is spelled so."""
    found = await _spellings(session, guild_id)
    return await asyncio.to_thread(likely, fold(words), found)


async def _spellings(session: AsyncSession, guild_id: int | None) -> list[tuple[str, list[str]]]:
    found = await _spelled(session, guild_id)
    return [(each.shown, [each.folded, *each.spellings]) for each in found if each.there]


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
