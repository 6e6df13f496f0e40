"""How well the bot does in a server, and who helped."""

import asyncio
import io
from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui
from discord.ext import commands

from bot.chat.cooldowns import costs
from bot.chat.items import Interaction, Item, acknowledge, view
from bot.chat.lost import tell, typing
from bot.chat.permissions import Claim, Speaker
from bot.chat.replies import fit, shown
from bot.client import Koredare, Place
from bot.database import helpers, statistics
from bot.privacy.waiting import waiting
from bot.retraining import lineage
from bot.words import Words
from ml.measuring import history_chart
from ml.training.report import CharacterReport, measured
from ml.versions.version import ModelVersion

Wish: TypeAlias = Literal["join", "leave"]
_HELPERS = 5
_WEAK = 5


class Stats(commands.Cog):
    """See how well the bot does here, and who taught it."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(HelperButton)

    @costs("drawing")
    @commands.hybrid_group(fallback="show", ignore_extra=False, case_insensitive=True)
    @commands.guild_only()
    async def stats(self, ctx: commands.Context[Koredare]) -> None:
        """What was answered and corrected here, how well I do, and who helped most."""
        place = self.bot.place_of(ctx)
        guild_id, words, quorum = place.id, place.words, place.quorum
        async with typing(ctx), self.bot.database.reading() as session:
            counted = await statistics.counts(session, guild_id=guild_id, quorum=quorum)
            best = await helpers.most_helpful(session, guild_id=guild_id, quorum=quorum, most=_HELPERS)
        found, charge = await waiting(place), await place.in_charge()
        active = charge.version
        said = [
            words(
                "stats-done",
                pictures=counted.pictures,
                corrections=counted.corrections,
                examples=counted.examples,
                characters=counted.characters,
            ),
            *found.told(words),
            *_accuracy(active, words),
            _helped(best, words),
        ]
        buttons = found.buttons(words) if Speaker.of(ctx).moderator else []
        wishes = view(HelperButton.of("join", words), HelperButton.of("leave", words), *buttons)
        shared = active is not None and charge.shared
        kept = await asyncio.to_thread(self.bot.settings.registry(None if shared else guild_id).versions)
        milestones = lineage.milestones(kept, active)
        if not milestones:
            await ctx.send(fit(said), view=wishes)
            return
        chart = await asyncio.to_thread(history_chart.draw, milestones, words)
        file = discord.File(io.BytesIO(chart), "history.png", description=lineage.history_text(milestones, words))
        await ctx.send(fit(said), file=file, view=wishes)

    @stats.command()
    @commands.guild_only()
    async def join(self, ctx: commands.Context[Koredare]) -> None:
        """Be named among those who helped most."""
        await acknowledge(ctx, ephemeral=True)
        await ctx.send(await _wish(self.bot.place_of(ctx), "join", ctx.author.id), ephemeral=True)

    @stats.command()
    @commands.guild_only()
    async def leave(self, ctx: commands.Context[Koredare]) -> None:
        """Be named no longer."""
        await acknowledge(ctx, ephemeral=True)
        await ctx.send(await _wish(self.bot.place_of(ctx), "leave", ctx.author.id), ephemeral=True)


class HelperButton(Item[ui.Button[Any]], template=r"koredare:helpers:(?P<wish>join|leave)"):
    """Be named among those who helped most, or not; everybody decides for themselves."""

    @classmethod
    def of(cls, wish: Wish, words: Words) -> Self:
        """Make it."""
        label = words("stats-join-label") if wish == "join" else words("stats-leave-label")
        return cls(ui.Button(label=label, custom_id=f"koredare:helpers:{wish}"))

    def claim(self, interaction: Interaction) -> Claim:
        """Themselves, in this server."""
        return Claim(in_server=True)

    async def act(self, interaction: Interaction) -> None:
        """Do as wished, and say so to them alone."""
        await acknowledge(interaction, ephemeral=True)
        wish = cast("Wish", self.match["wish"])
        said = await _wish(interaction.client.place_of(interaction), wish, interaction.user.id)
        await tell(interaction, said)


async def _wish(place: Place, wish: Wish, user_id: int) -> str:
    words = place.words
    async with place.database.writing() as session:
        if wish == "join":
            await helpers.join(session, user_id, guild_id=place.id)
            return words("stats-joined")
        await helpers.leave(session, user_id, guild_id=place.id)
        return words("stats-left")


def _helped(best: list[helpers.Helper], words: Words) -> str:
    if not best:
        return words("stats-no-helpers")
    named = [words("stats-helper", who=f"<@{each.user_id}>", faces=each.faces) for each in best]
    return words("stats-helpers", helpers=words("comma").join(named))


def _accuracy(active: ModelVersion | None, words: Words) -> list[str]:
    if active is None:
        return [words("stats-no-version")]
    report = measured(active)
    if report is None:
        return []
    told = [each for each in report.characters if each.after.total]
    missed = [each for each in told if each.after.right < each.after.total]
    said: list[str] = []
    if missed:
        weakest = sorted(missed, key=_weakness)[:_WEAK]
        lines = [
            words("stats-weak-character", name=shown(each.name), right=each.after.right, total=each.after.total)
            for each in weakest
        ]
        said.append(words("stats-weak", version=active.name, characters=words("comma").join(lines)))
    elif told:
        said.append(words("stats-none-weak", version=active.name, faces=report.naming.after.total))
    few = sorted((each for each in report.characters if not each.after.total), key=lambda each: each.learned_from)
    if few:
        lines = [words("stats-few-character", name=shown(each.name), faces=each.learned_from) for each in few[:_WEAK]]
        said.append(words("stats-few", count=len(few), characters=words("comma").join(lines)))
    return said


def _weakness(each: CharacterReport) -> tuple[float, int, str]:
    return each.after.right / each.after.total, -each.after.total, each.name


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Stats(bot))
