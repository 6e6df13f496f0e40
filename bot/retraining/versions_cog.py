"""Which version answers, how versions came along, and going back."""

import asyncio
import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.items import acknowledge
from bot.chat.permissions import moderators_only
from bot.client import Koredare
from bot.database import versions
from bot.database.versions import Author
from bot.retraining import lineage, publishing
from ml.versions import history_chart
from ml.versions.registry import CONFUSION, ModelVersion, Registry, read_examples


class Models(commands.Cog):
    """See and choose the version of the model that answers."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Bring the ledger of versions up to date with the disk: a process may have been killed between the two."""
        for guild_id in publishing.owners(self.bot.settings):
            await publishing.reconcile(self.bot.settings, self.bot.database, guild_id=guild_id)

    @commands.hybrid_group(fallback="show")
    @moderators_only
    async def model(self, ctx: commands.Context[Koredare]) -> None:
        """The version that answers here: since when, from how many faces, how well."""
        place = self.bot.place_of(ctx)
        active, words = place.model, place.words
        shared = active is not None and active != Registry(self.bot.settings.models(place.id)).active()
        async with self.bot.database.reading() as session:
            text = lineage.version(
                active,
                await versions.put_in_charge(session, guild_id=None if shared else place.id),
                await versions.last_retraining(session, guild_id=place.id),
                words,
                shared=shared,
                caution=place.caution,
                forgotten=await versions.forgotten(session, _faces(active)),
                prefix=self.bot.prefix,
            )
        confusion = None if active is None else active.folder / CONFUSION
        if confusion is None or not confusion.is_file():
            await ctx.send(text)
        else:
            alt = words("version-confusion-alt")
            await ctx.send(text, file=discord.File(confusion, "confusion.png", description=alt))

    @model.command(name="history")
    @moderators_only
    async def versions(self, ctx: commands.Context[Koredare]) -> None:
        """How well each version did, as a picture."""
        place = self.bot.place_of(ctx)
        words, registry = place.words, Registry(self.bot.settings.models(place.id))
        kept = registry.versions()
        milestones = lineage.milestones(kept, registry.active())
        if not milestones:
            await ctx.send(lineage.history(kept, words))
            return
        chart = await asyncio.to_thread(history_chart.draw, milestones)
        file = discord.File(io.BytesIO(chart), "history.png", description=lineage.history_text(milestones, words))
        await ctx.send(lineage.history(kept, words), file=file)

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
            version,
            guild_id=place.id,
            by=Author("chat", ctx.author.id),
        )
        await ctx.send(place.words("version-back", version=back.name))


def _faces(active: ModelVersion | None) -> list[int]:
    if active is None:
        return []
    return [face for faces in read_examples(active.folder).values() for face in faces]


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Models(bot))
