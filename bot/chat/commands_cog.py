"""Tells Discord which commands there are, beside the start and only where it knows others."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from discord.ext import commands
from discord.http import Route

from bot.chat.lost import LOST
from bot.client import Koredare
from bot.loops import every

log = logging.getLogger(__name__)

_TAKEN_FOR_SAID: Final[Mapping[str, object]] = {"type": 1, "dm_permission": True, "min_length": 0}
"""What Discord takes for said where nothing is."""


class Commands(commands.Cog):
    """Keeps the commands that Discord offers to people up to date."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._told = False

    async def cog_load(self) -> None:
        """Begin."""
        self.bot.schedule.add(self.tell)  # they are the application's, and all processes have the same

    async def cog_unload(self) -> None:
        """End."""
        self.bot.schedule.remove(self.tell)

    @every(minutes=10)
    async def tell(self) -> None:
        """Tell Discord, once; tried again later where it does not take them."""
        await self.bot.wait_until_ready()  # nothing here is worth being away for
        if self._told:
            return
        try:
            if same(await self._ours(), await self._known()):
                log.info("Discord knows the commands already.")
            else:
                await self.bot.tree.sync()
                log.info("Told Discord the commands.")
        except LOST as error:
            log.warning("Discord was not told the commands, and will be in ten minutes: %s", error)
        else:
            self._told = True

    async def _ours(self) -> list[dict[str, Any]]:
        tree = self.bot.tree
        assert tree.translator is not None
        return [await each.get_translated_payload(tree, tree.translator) for each in tree.get_commands()]

    async def _known(self) -> list[dict[str, Any]]:
        assert self.bot.application_id is not None
        route = Route("GET", "/applications/{application_id}/commands", application_id=self.bot.application_id)
        return await self.bot.http.request(route, params={"with_localizations": "true"})


def same(ours: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Discord knows these commands and no others; it adds keys of its own to them."""
    theirs = {(each["name"], each.get("type", 1)): each for each in known}
    mine = {(each["name"], each.get("type", 1)): each for each in ours}
    return theirs.keys() == mine.keys() and all(_within(mine[key], theirs[key]) for key in mine)


def _within(ours: object, known: object) -> bool:
    """Whether all that we say stands in what is known."""
    match ours, known:
        case dict(), dict():
            said, there = cast("Mapping[str, object]", ours), cast("Mapping[str, object]", known)
            return all(_within(value, there.get(key, _TAKEN_FOR_SAID.get(key))) for key, value in said.items())
        case list() | tuple(), list() | tuple():
            one, other = cast("Sequence[object]", ours), cast("Sequence[object]", known)
            return len(one) == len(other) and all(map(_within, one, other))
        case _:
            return ours == known or not (ours or known)  # nothing is said in several ways


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Commands(bot))
