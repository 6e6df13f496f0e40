"""Which version answers, how versions came along, and going back."""

import asyncio
import io

import discord
from discord import app_commands
from discord.ext import commands

from bot import publishing, reports
from bot.client import Koredare
from bot.database import versions
from bot.database.versions import Author
from ml.charts import history
from ml.charts.history import Milestone
from ml.registry import CONFUSION, ModelVersion, Registry, read_examples
from ml.report import Report


class Models(commands.Cog):
    """See and choose the version of the model that answers."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Bring the ledger of versions up to date with the disk: a process may have been killed between the two."""
        for guild_id in publishing.owners(self.bot.settings):
            await publishing.reconcile(self.bot.settings, self.bot.database, guild_id=guild_id)

    @commands.hybrid_group(fallback="show")
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    async def model(self, ctx: commands.Context[Koredare]) -> None:
        """The version that answers here: since when, from how many faces, how well."""
        assert ctx.guild is not None
        active = self.bot.model(ctx.guild.id)
        shared = active is not None and active != Registry(self.bot.settings.models(ctx.guild.id)).active()
        async with self.bot.database.reading() as session:
            text = reports.version(
                active,
                await versions.put_in_charge(session, guild_id=None if shared else ctx.guild.id),
                await versions.last_retraining(session, guild_id=ctx.guild.id),
                shared=shared,
                forgotten=await versions.forgotten(session, _faces(active)),
                prefix=self.bot.settings.discord.prefix,
            )
        confusion = None if active is None else active.folder / CONFUSION
        if confusion is None or not confusion.is_file():
            await ctx.send(text)
        else:
            alt = "Chart: of the faces set aside, who was called what."
            await ctx.send(text, file=discord.File(confusion, "confusion.png", description=alt))

    @model.command(name="history")
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    async def versions(self, ctx: commands.Context[Koredare]) -> None:
        """How well each version did, as a picture."""
        assert ctx.guild is not None
        registry = Registry(self.bot.settings.models(ctx.guild.id))
        kept = registry.versions()
        milestones = _milestones(kept, registry.active())
        if not milestones:
            await ctx.send(reports.history(kept))
            return
        chart = await asyncio.to_thread(history.draw, milestones)
        file = discord.File(io.BytesIO(chart), "history.png", description=reports.history_text(milestones))
        await ctx.send(reports.history(kept), file=file)

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(version="As `model history` names it, v3 for example; the one before, if left out")
    async def rollback(self, ctx: commands.Context[Koredare], version: str = "") -> None:
        """Go back to an earlier version, at once."""
        assert ctx.guild is not None
        back = await publishing.roll_back(
            self.bot.settings,
            self.bot.database,
            version,
            guild_id=ctx.guild.id,
            by=Author("chat", ctx.author.id),
        )
        await ctx.send(reports.rolled_back(back))


def _faces(active: ModelVersion | None) -> list[int]:
    if active is None:
        return []
    return [face for faces in read_examples(active.folder).values() for face in faces]


def _milestones(kept: list[ModelVersion], active: ModelVersion | None) -> list[Milestone]:
    """What the picture shows of each version; those that an earlier Koredare measured otherwise are left out."""
    found: list[Milestone] = []
    for version in kept:
        try:
            report = Report.from_json(version.metrics)
        except ValueError:
            continue
        found.append(Milestone(version.name, version == active, report.naming.after, report.strangers.after))
    return found


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Models(bot))
