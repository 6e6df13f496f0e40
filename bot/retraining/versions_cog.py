"""Which version answers, how versions came along, and going back."""

import asyncio
import io
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.items import acknowledge
from bot.chat.permissions import moderators_only
from bot.client import Koredare
from bot.database import versions
from bot.database.versions import Author
from bot.retraining import lineage, publishing
from bot.words import Words
from ml.errors import KoredareError
from ml.measuring import confusion_chart, history_chart
from ml.measuring.judged import confusion
from ml.training.report import Report, measured
from ml.versions.version import ModelVersion, read_examples

log = logging.getLogger(__name__)


class Models(commands.Cog):
    """See and choose the version of the model that answers."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Bring the ledger of versions up to date with the disk: a process may have been killed between the two."""
        for guild_id in publishing.owners(self.bot.settings):
            try:
                await publishing.reconcile(self.bot.settings, self.bot.database, guild_id=guild_id)
            except KoredareError as error:  # all others are served, and its next retraining tries again
                log.warning("The ledger of versions of %s is not up to date: %s", guild_id or "all servers", error)

    @commands.hybrid_group(fallback="show", ignore_extra=False, case_insensitive=True)
    @moderators_only
    async def model(self, ctx: commands.Context[Koredare]) -> None:
        """The version that answers here: since when, from how many faces, how well."""
        place = self.bot.place_of(ctx)
        charge, words = await place.in_charge(), place.words
        active = charge.version
        shared = active is not None and charge.shared
        learned = [] if active is None else await asyncio.to_thread(_faces, active)
        _, damaged = await asyncio.to_thread(self.bot.settings.registry(place.id).look)
        async with self.bot.database.reading() as session:
            text = lineage.version(
                charge,
                await versions.put_in_charge(session, guild_id=None if shared else place.id),
                await versions.last_retraining(session, guild_id=place.id),
                words,
                set_aside=list(damaged),
                caution=place.caution,
                forgotten=await versions.forgotten(session, learned),
                prefix=self.bot.prefix,
            )
        report = None if active is None else measured(active)
        if active is None or report is None or not report.answers:
            await ctx.send(text)
        else:
            chart = await asyncio.to_thread(_confusion, report, active.name, words)
            file = discord.File(io.BytesIO(chart), "confusion.png", description=words("version-confusion-alt"))
            await ctx.send(text, file=file)

    @model.command(name="history")
    @moderators_only
    async def versions(self, ctx: commands.Context[Koredare]) -> None:
        """How well each version did, as a picture."""
        place = self.bot.place_of(ctx)
        words, registry = place.words, self.bot.settings.registry(place.id)
        kept, damaged = await asyncio.to_thread(registry.look)
        text = lineage.history(kept, list(damaged), words)
        milestones = lineage.milestones(kept, await place.model())
        if not milestones:
            await ctx.send(text)
            return
        chart = await asyncio.to_thread(history_chart.draw, milestones, words)
        file = discord.File(io.BytesIO(chart), "history.png", description=lineage.history_text(milestones, words))
        await ctx.send(text, file=file)

    @commands.hybrid_command()
    @moderators_only
    @app_commands.describe(version="As `model history` names it, v3 for example; the one before, if left out")
    async def rollback(self, ctx: commands.Context[Koredare], version: str = "") -> None:
        """Go back to an earlier version, at once."""
        place = self.bot.place_of(ctx)
        await acknowledge(ctx)
        back = await publishing.roll_back(
            self.bot.settings,
            self.bot.database,
            f"v{version}" if version.isdecimal() else version.lower(),
            guild_id=place.id,
            by=Author("chat", ctx.author.id),
        )
        await ctx.send(place.words("version-back", version=back.name))


def _confusion(report: Report, version: str, words: Words) -> bytes:
    answers: dict[tuple[str | None, str | None], int] = {(a.truth, a.said): a.faces for a in report.answers}
    found = confusion(answers, known=[each.name for each in report.characters])
    return confusion_chart.draw(found, words, about=words("chart-confusion-below", version=version))


def _faces(active: ModelVersion) -> list[int]:
    return [face for faces in read_examples(active.folder).values() for face in faces]


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Models(bot))
