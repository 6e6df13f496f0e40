"""Which channels are watched."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Koredare
from bot.database import channels


class Settings(commands.Cog):
    """Choose where pictures are answered without asking."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(channel="This one, if left out")
    async def watch(self, ctx: commands.Context[Koredare], channel: discord.TextChannel | None = None) -> None:
        """Answer every picture in a channel."""
        assert ctx.guild is not None
        channel_id = channel.id if channel is not None else ctx.channel.id
        async with self.bot.database.writing() as session:
            new = await channels.watch(session, channel_id, guild_id=ctx.guild.id, added_by=ctx.author.id)
        words = self.bot.words(ctx.guild.id)
        await ctx.send(words("watching" if new else "watching-already", channel=f"<#{channel_id}>"))

    @commands.hybrid_command()
    @commands.guild_only()
    @commands.has_guild_permissions(manage_guild=True)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(channel="This one, if left out")
    async def unwatch(self, ctx: commands.Context[Koredare], channel: discord.TextChannel | None = None) -> None:
        """Answer pictures in a channel only when asked."""
        assert ctx.guild is not None
        channel_id = channel.id if channel is not None else ctx.channel.id
        async with self.bot.database.writing() as session:
            ended = await channels.unwatch(session, channel_id, guild_id=ctx.guild.id)
        words = self.bot.words(ctx.guild.id)
        await ctx.send(words("watching-ended" if ended else "watching-never", channel=f"<#{channel_id}>"))


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Settings(bot))
