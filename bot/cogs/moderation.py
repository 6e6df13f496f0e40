"""What moderators do about wrong corrections."""

from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot import feedback, replies, views
from bot.client import Koredare
from bot.database import suspects
from bot.feedback import Speaker
from ml.charts.suspects import MOST, Doubt


class Moderation(commands.Cog):
    """Keep what is learned right."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(views.SuspectMenu)

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(member="Whose corrections count no more; also somebody who has left")
    async def undo(self, ctx: commands.Context[Koredare], member: discord.User) -> None:
        """Take back everything that somebody said here."""
        assert ctx.guild is not None
        async with ctx.typing():
            speaker = Speaker(self.bot, ctx.author.id, moderator=True)
            undone = await feedback.undo_all(speaker, member.id, guild_id=ctx.guild.id)
        await ctx.send(replies.undone(member.display_name, undone.corrections, undone.examples))
        await feedback.show(self.bot, undone.faces)

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    async def suspects(self, ctx: commands.Context[Koredare]) -> None:
        """The faces that looked wrong at the last retraining, to correct or to confirm."""
        assert ctx.guild is not None
        async with ctx.typing():
            quorum = self.bot.settings.feedback.quorum
            async with self.bot.database.reading() as session:
                found = await suspects.unanswered(session, guild_id=ctx.guild.id, quorum=quorum)
            if not found:
                await ctx.send(replies.NO_SUSPECTS)
                return
            shown = found[:MOST]
            sheet = await self.bot.recognition.draw_suspects(
                [Doubt(each.crop, each.name, each.looks_like) for each in shown]
            )
        file = discord.File(BytesIO(sheet), "suspects.png", description=replies.suspects_alt_text(shown))
        await ctx.send(
            replies.suspects(shown, total=len(found), guild_id=ctx.guild.id), file=file, view=views.suspects_view(shown)
        )


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Moderation(bot))
