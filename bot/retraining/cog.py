"""Retraining, on a moderator's word or by the schedule."""

import asyncio
import io
import logging
from pathlib import Path
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import errors
from bot.chat.cooldowns import costs
from bot.chat.items import view
from bot.chat.lost import unless_lost
from bot.chat.permissions import moderators_only
from bot.client import Koredare, Place
from bot.clock import now
from bot.database import versions
from bot.database.errors import DatabaseBusy
from bot.database.versions import Author
from bot.examples import from_posts
from bot.loops import every, outliving
from bot.privacy.waiting import waiting
from bot.recognition.errors import Stopping
from bot.retraining import bars, reports
from bot.retraining.bars import Bar, progress
from bot.retraining.run import AlreadyRetraining, Gate, NothingNew, NothingToLearn, Outcome, retrain
from bot.retraining.scheduling import is_due
from bot.retraining.training import Progress, possible
from bot.words import Words
from ml.training import changes_chart

log = logging.getLogger(__name__)


class Training(commands.Cog):
    """Teach the bot what was corrected."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._slots = asyncio.Semaphore(bot.settings.retraining.at_once)
        self._running: dict[asyncio.Task[Outcome], Bar | None] = {}
        self._left: list[Path] = []
        self._ended = False
        self._in_vain: dict[int | None, int] = {}  # corrections at which a scheduled retraining failed

    async def cog_load(self) -> None:
        """End what a bot has left that was killed, and look after the schedule, if there is one."""
        self._left = bars.left(self.bot)
        self.end_bars.start()
        chosen = self.bot.settings.retraining
        if not possible(self.bot.settings):
            log.warning("TensorFlow is not installed, so nothing is retrained: pip install 'koredare[train]'")
        elif chosen.every is not None or chosen.after_corrections:
            self.bot.schedule.add(self.look)

    async def cog_unload(self) -> None:
        """Kill what is being trained, and say so where somebody waits for it."""
        self.bot.schedule.remove(self.look)
        self.end_bars.cancel()
        self._ended = True
        running = dict(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for bar in filter(None, running.values()):
            await bar.stop()

    @costs("whole server")
    @commands.hybrid_command(ignore_extra=False)  # "overide" is no wish for less
    @moderators_only
    @app_commands.describe(gate="override: publish even if it is worse; that goes on record under your name")
    async def retrain(self, ctx: commands.Context[Koredare], gate: Literal["override"] | None = None) -> None:
        """Learn everything that was corrected; the new version answers only if it is no worse."""
        place = self.bot.place_of(ctx)
        bar = Bar(place, await ctx.send(progress("starting", 0, place.words)))
        try:
            await self._show(place, bar, gate or "heed", by=ctx.author.id)
        except Exception:
            await bar.remove()  # the error is answered below
            raise
        finally:
            self._left.append(bar.file)

    async def _show(self, place: Place, bar: Bar, gate: Gate, *, by: int) -> None:
        words = place.words
        try:
            outcome = await self._retrain(place.id, by=Author("chat", by), gate=gate, progress=bar.show, bar=bar)
        except (NothingToLearn, NothingNew) as error:
            found = await waiting(place)
            never = [words("never-learned")] if place.consent == "never" else []
            text = "\n".join([errors.explain(error, words), *never, *found.told(words)])
            await bar.end(text, view(*found.buttons(words)))
        else:
            found = await waiting(place)
            text = reports.retrained(outcome, words, prefix=self.bot.prefix, waiting=found.told(words))
            await bar.end(text, view(*found.buttons(words)), lambda: _files(outcome, words))

    @every(minutes=1)
    async def end_bars(self) -> None:
        """End the bars that were left: by who was killed, or as Discord had trouble."""
        await self.bot.wait_until_ready()
        for file in list(self._left):
            if await bars.end(self.bot, file):
                self._left.remove(file)

    # One guild after the other, on as many hands as retrainings may run side by side.
    @every(minutes=1)
    async def look(self) -> None:
        """Retrain what is due."""
        await self.bot.wait_until_ready()  # pictures are read from Discord
        async with self.bot.database.reading() as session:
            learners = await versions.learners(session)
        left = iter(learners)

        async def work_through() -> None:
            for guild_id in left:
                whose = "the shared model" if guild_id is None else f"the model of server {guild_id}"
                with outliving(f"Retraining {whose} by the schedule"):
                    await self._by_schedule(guild_id)

        await asyncio.gather(*(work_through() for _ in range(self.bot.settings.retraining.at_once)))

    async def _by_schedule(self, guild_id: int | None) -> None:
        async with self.bot.database.reading() as session:
            unheard = await versions.unheard(session, guild_id=guild_id)
        corrections = unheard.corrections
        due = is_due(self.bot.settings.retraining, now=now(), since=unheard.since, corrections=corrections)
        if not due or self._in_vain.get(guild_id) == corrections:
            return
        try:
            outcome = await self._retrain(guild_id, by=Author("schedule"), gate="heed", progress=_unseen, bar=None)
        except (DatabaseBusy, AlreadyRetraining):
            raise  # that passes: the next look tries again
        except NothingNew:
            self._in_vain[guild_id] = corrections
            return
        except Exception:
            self._in_vain[guild_id] = corrections  # tried again when people have said more
            raise
        self._in_vain.pop(guild_id, None)
        log.info("Retrained by the schedule: %s.\n%s", guild_id or "the shared model", reports.printed(outcome))
        if guild_id is not None:
            await self._report(await self.bot.there(guild_id), outcome)

    async def _report(self, place: Place, outcome: Outcome) -> None:
        """Say what came of a retraining where a moderator asked for that."""
        channel_id, words = place.chosen.reports, place.words
        if channel_id is None:
            return
        text = reports.retrained(outcome, words, prefix=self.bot.prefix)
        with unless_lost(f"The report of a retraining in {channel_id}"):  # the channel may be gone
            await self.bot.get_partial_messageable(channel_id).send(text, files=await _files(outcome, words))

    async def _retrain(
        self, guild_id: int | None, *, by: Author, gate: Gate, progress: Progress, bar: Bar | None
    ) -> Outcome:
        if guild_id is not None:
            await from_posts.learn_all(self.bot.at(guild_id))
        if self._ended:
            raise Stopping
        # A task of its own, so that the demo can tell what takes long from what visitors wait for.
        task = asyncio.create_task(
            retrain(
                self.bot.settings,
                self.bot.database,
                guild_id=guild_id,
                by=by,
                gate=gate,
                progress=progress,
                slots=self._slots,
            )
        )
        self._running[task] = bar
        try:
            return await task
        finally:
            self._running.pop(task, None)


async def _files(outcome: Outcome, words: Words) -> list[discord.File]:
    """What comes with a report: the chart, and all figures for who wants them."""
    drawn = await asyncio.to_thread(changes_chart.draw, outcome.report, words)
    chart = discord.File(io.BytesIO(drawn), "changes.png", description=reports.chart_text(outcome, words))
    return [chart, discord.File(io.BytesIO(reports.figures_of(outcome, words)), "retraining.txt")]


async def _unseen(stage: str, share: float) -> None:
    del stage, share


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Training(bot))
