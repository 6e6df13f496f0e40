"""What moderators do to characters in chat, and what they are told of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.characters.pages import unknown
from bot.chat.errors import UserError
from bot.chat.replies import MESSAGE_LIMIT, shown
from bot.client import Place
from bot.database import changes, examples
from bot.database.errors import NameTaken, NoAlias, NoSuchCharacter, NothingToUndo, SameCharacter
from bot.database.spellings import Change
from bot.words import Words


async def rename(place: Place, name: str, new: str, *, by: int) -> str:
    """Call a character otherwise; gives the sentence that says so, as all of these do.

    Raises
    ------
    UserError, BadName
        This cannot be done, as for the others; the message says why.
    """
    async with _changing(place) as session:
        change = await changes.rename(session, name, new, guild_id=place.id, user_id=by)
    return place.words("character-renamed", **_both(change), undo=_undo(place))


async def merge(place: Place, name: str, into: str, *, by: int) -> str:
    """Make two characters one."""
    async with place.database.reading() as session:
        counts = await examples.counts(session, guild_id=place.id, quorum=place.quorum)
    async with _changing(place) as session:
        change = await changes.merge(session, name, into, guild_id=place.id, user_id=by)
    moved = sum(each.training + each.held_out for each in counts if each.name == change.name)
    return place.words("character-merged", **_both(change), faces=moved, undo=_undo(place))


async def add_alias(place: Place, name: str, alias: str, *, by: int) -> str:
    """Give a character another spelling."""
    async with _changing(place) as session:
        change = await changes.add_alias(session, name, alias, guild_id=place.id, user_id=by)
    return place.words("character-alias-given", **_both(change))


async def remove_alias(place: Place, name: str, alias: str, *, by: int) -> str:
    """Take a spelling from a character."""
    async with _changing(place) as session:
        change = await changes.remove_alias(session, name, alias, guild_id=place.id, user_id=by)
    return place.words("character-alias-taken", **_both(change))


async def undo(place: Place, *, by: int) -> str:
    """Undo the latest of these that stands."""
    async with _changing(place) as session:
        change = await changes.undo(session, guild_id=place.id, user_id=by)
    words = place.words
    return words("character-undone", what=_what(change, words))


async def history(place: Place) -> str:
    """The latest changes, who made them and when, and which of them were undone."""
    words = place.words
    async with place.database.reading() as session:
        found = await changes.history(session, guild_id=place.id)
    lines = [words("character-changes", changes=len(found))]
    for change, stands in found:
        who = words("character-changed-by-somebody") if change.user_id is None else f"<@{change.user_id}>"
        lines.append(
            words(
                "character-change",
                kind=change.kind,
                **_both(change),
                who=who,
                when=discord.utils.format_dt(change.at, "R"),
                stands=str(stands).lower(),
            )
        )
    return "\n".join(lines)[:MESSAGE_LIMIT]


def _what(change: Change, words: Words) -> str:
    match change.kind:
        case "rename":
            return words("character-undone-rename", **_both(change))
        case "merge":
            return words("character-undone-merge", **_both(change))
        case "alias":
            return words("character-undone-alias", **_both(change))
        case "unalias":
            return words("character-undone-unalias", **_both(change))
        case _:
            return words("character-undone-import", file=shown(change.name or ""))


def _both(change: Change) -> dict[str, str]:
    return {"name": shown(change.name or ""), "other": shown(change.other or "")}


def _undo(place: Place) -> str:
    return f"{place.bot.prefix}character undo"


@asynccontextmanager
async def _changing(place: Place) -> AsyncGenerator[AsyncSession]:
    """A session to change names in, whose refusals are said in the guild's language."""
    words = place.words
    try:
        async with place.database.writing() as session:
            yield session
    except NoSuchCharacter as error:
        raise await unknown(place, error.name) from error
    except NameTaken as error:
        same = str(error.name == error.by).lower()
        text = words("character-taken", name=shown(error.name), by=shown(error.by), same=same)
        raise UserError(text) from error
    except SameCharacter as error:
        raise UserError(words("character-same", name=shown(error.name), by=shown(error.by))) from error
    except NoAlias as error:
        raise UserError(words("character-no-alias", name=shown(error.name), of=shown(error.of))) from error
    except NothingToUndo as error:
        raise UserError(words("character-nothing-to-undo")) from error
