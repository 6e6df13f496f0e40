"""The message that shows how far a retraining has come: it always ends, if need be at the next start."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
from discord import ui

from bot.chat.lost import LOST, passes, unless_lost
from bot.client import Koredare, Place
from bot.words import Words

log = logging.getLogger(__name__)

Files = Callable[[], Awaitable[list[discord.File]]]


class Bar:
    """A message of a retraining, edited no oftener than Discord likes.

    For as long as it stands there is a file in the data folder, named after where it is, that has what is to take its
    place: nothing, until that is known.
    """

    def __init__(self, place: Place, message: discord.Message) -> None:
        self._bot = place.bot
        self._words = place.words
        self._message = message
        self._next = 0.0
        self.file = _folder(place.bot) / f"{place.id}.{message.channel.id}.{message.id}"
        self.file.parent.mkdir(exist_ok=True)
        self.file.touch()

    async def show(self, stage: str, share: float) -> None:
        """Show a stage and how much of it is done, 0..1, if the last time was long enough ago."""
        if time.perf_counter() >= self._next:
            self._next = time.perf_counter() + 1.5
            with unless_lost("Showing how far a retraining is"):  # no reason to stop
                await self._message.edit(content=progress(stage, share, self._words))

    async def end(self, text: str, view: ui.View, files: Files | None = None) -> None:
        """Put in its place what came of the retraining, or say it below."""
        await asyncio.to_thread(self.file.write_text, text, encoding="utf-8")
        sent = [] if files is None else await files()
        try:
            await self._message.edit(content=text, attachments=sent, view=view)
        except LOST:  # it was deleted, or Discord takes no more answers to a slash command so old, or has trouble
            with unless_lost(f"The report of a retraining in {self._message.channel.id}"):  # it is done all the same
                sent = [] if files is None else await files()
                await self._message.channel.send(text, files=sent, view=view)
                await self._say_below()
            await end(self._bot, self.file)
        else:
            await asyncio.to_thread(self.file.unlink, missing_ok=True)

    async def stop(self) -> None:
        """Say that the retraining was stopped, as the bot is."""
        await end(self._bot, self.file)

    async def remove(self) -> None:
        """Take it away: a bar that never fills would be a riddle."""
        await self._say_below()
        try:
            await self._message.delete()
        except LOST:
            await end(self._bot, self.file)
        else:
            await asyncio.to_thread(self.file.unlink, missing_ok=True)

    async def _say_below(self) -> None:
        await asyncio.to_thread(self.file.write_text, self._words("retraining-below"), encoding="utf-8")


def left(bot: Koredare) -> list[Path]:
    """The bars that a bot has left which was killed before it could end them."""
    return list(_folder(bot).glob("*.*.*"))


async def end(bot: Koredare, file: Path) -> bool:
    """Put in the place of a bar what its file has, or that its retraining was stopped; gives whether it is ended."""
    if (text := await asyncio.to_thread(_text, file)) is None:
        return True
    place_id, channel_id, message_id = map(int, file.name.split("."))
    message = bot.get_partial_messageable(channel_id).get_partial_message(message_id)
    try:
        await message.edit(content=text or bot.at(place_id).words("retraining-stopped"))
    except LOST as error:
        log.info("Ending the bar %s in %s came to nothing: %r", message_id, channel_id, error)
        if passes(error):
            return False
    await asyncio.to_thread(file.unlink, missing_ok=True)
    return True


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None  # it was ended meanwhile


def progress(stage: str, share: float, words: Words) -> str:
    """The message of a retraining under way."""
    bar = "▰" * round(share * 10) + "▱" * (10 - round(share * 10))
    return words("retraining-progress", stage=stage, bar=bar)


def _folder(bot: Koredare) -> Path:
    return bot.settings.home / "bars"
