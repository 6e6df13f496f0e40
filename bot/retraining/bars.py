"""The message that shows how far a retraining has come: it always ends, if need be at the next start of the bot."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
from discord import ui

from bot.chat.lost import LOST, unless_lost
from bot.client import Koredare, Place
from bot.words import Words

Files = Callable[[], Awaitable[list[discord.File]]]


class Bar:
    """A message of a retraining, edited no oftener than Discord likes.

    For as long as it stands there is an empty file in the data folder that is named after where it is.
    """

    def __init__(self, place: Place, message: discord.Message) -> None:
        self._words = place.words
        self._message = message
        self._next = 0.0
        self._file = _folder(place.bot) / f"{place.id}.{message.channel.id}.{message.id}"
        self._file.parent.mkdir(exist_ok=True)
        self._file.touch()

    async def show(self, stage: str, share: float) -> None:
        """Show a stage and how much of it is done, 0..1, if the last time was long enough ago."""
        if time.perf_counter() >= self._next:
            self._next = time.perf_counter() + 1.5
            with unless_lost("Showing how far a retraining is"):  # no reason to stop
                await self._message.edit(content=progress(stage, share, self._words))

    async def end(self, text: str, view: ui.View, files: Files | None = None) -> None:
        """Put in its place what came of the retraining, or say it below."""
        self._file.unlink(missing_ok=True)
        sent = [] if files is None else await files()
        try:
            await self._message.edit(content=text, attachments=sent, view=view)
        except LOST:  # it was deleted, or Discord takes no more answers to a slash command so old
            with unless_lost(f"The report of a retraining in {self._message.channel.id}"):  # it is done all the same
                sent = [] if files is None else await files()
                await self._message.channel.send(text, files=sent, view=view)

    async def stop(self) -> None:
        """Say that the retraining was stopped, as the bot is."""
        self._file.unlink(missing_ok=True)
        with unless_lost("Saying that a retraining was stopped"):
            await self._message.edit(content=self._words("retraining-stopped"))

    async def remove(self) -> None:
        """Take it away: a bar that never fills would be a riddle."""
        self._file.unlink(missing_ok=True)
        with unless_lost("Taking a progress bar away"):
            await self._message.delete()


def left(bot: Koredare) -> list[Path]:
    """The bars that a bot has left which was killed before it could end them."""
    return list(_folder(bot).glob("*.*.*"))


async def stop(bot: Koredare, file: Path) -> None:
    """Say of a bar that was left that its retraining was stopped."""
    place_id, channel_id, message_id = map(int, file.name.split("."))
    message = bot.get_partial_messageable(channel_id).get_partial_message(message_id)
    with unless_lost(f"Ending the bar {message_id} in {channel_id}"):
        await message.edit(content=bot.at(place_id).words("retraining-stopped"))
    await asyncio.to_thread(file.unlink, missing_ok=True)


def progress(stage: str, share: float, words: Words) -> str:
    """The message of a retraining under way."""
    bar = "▰" * round(share * 10) + "▱" * (10 - round(share * 10))
    return words("retraining-progress", stage=stage, bar=bar)


def _folder(bot: Koredare) -> Path:
    return bot.settings.home / "bars"
