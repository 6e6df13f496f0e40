"""Two names behind a command that nobody put in quotes: where the first one ends."""

import re
from typing import Any, Final

from discord.ext import commands

from bot.client import Place
from bot.database import characters

_WORD: Final = re.compile(r'"[^"]*"|\S+')
_JOINT: Final = frozenset({"to", "into", "as", "with", "and", "is", "=", "->", "=>", "→", "⇒"})


async def two_names(
    ctx: commands.Context[Any], place: Place, name: str, rest: str, *, both_known: bool
) -> tuple[str, str]:
    """The two names that a command was given.

    As they are where they came by a slash, in quotes or in one word each. Otherwise where there is one way alone to
    part them so that the first is somebody here; "to" and the like may stand between.

    Parameters
    ----------
    name, rest
        The first word, or what was in quotes there; and all that follows.
    both_known
        The second has to be somebody as well.

    Raises
    ------
    ArgumentParsingError
        They can be parted in several ways, or a quote is missing.
    """
    if ctx.interaction is not None:
        return name, rest
    words = [name, *_WORD.findall(rest)]
    if any(word.startswith('"') != word.endswith('"') for word in words):
        raise commands.ArgumentParsingError
    in_quotes = not ctx.view.buffer[: ctx.view.previous].rstrip().endswith(name)
    ends = [1] if in_quotes else range(1, len(words))
    ways = [(" ".join(words[:end]), " ".join(words[end:])) for end in ends]
    joined = [
        (" ".join(words[:end]), " ".join(words[end + 1 :]))
        for end in ends
        if end + 1 < len(words) and words[end].casefold() in _JOINT
    ]
    if len(ways) == 1:
        return (joined or ways)[0]
    async with place.database.reading() as session:

        async def somebody(name: str) -> int | None:
            called = await characters.called_today(session, name, guild_id=place.id)
            return None if called is None else called.id

        async def found(ways: list[tuple[str, str]]) -> list[tuple[str, str]]:
            """Those in which the names are somebody's; the longest, where they are all the same one's."""
            meant = [(await somebody(first), (first, second)) for first, second in ways]
            there = [(who, way) for who, way in meant if who and (not both_known or await somebody(way[1]) is not None)]
            return [way for _, way in there[-1:] if len({who for who, _ in there}) == 1] or [way for _, way in there]

        # Of "to" between two that nobody knows it is told who is not known.
        meant = await found(joined) or await found(ways) or joined
        longer = [first for first, _ in ways if meant and len(first) > len(meant[0][0])]
        slipped = [
            each
            for each in longer
            for name in await characters.search(session, each, guild_id=place.id)
            if len(name.split()) == len(each.split())
        ]
    if len(meant) != 1 or (slipped and not joined):
        raise commands.ArgumentParsingError
    return meant[0]
