"""Learning where people look: moderators are asked who the faces are that would teach most."""

from typing import cast

from discord.ext import commands

from bot.chat.cooldowns import costs
from bot.chat.lost import typing
from bot.chat.permissions import Speaker, moderators_only
from bot.chat.places import Channel
from bot.client import Koredare
from bot.clock import now
from bot.database import samples
from bot.loops import every
from bot.reviewing import menus, sheets


class Review(commands.Cog):
    """Name the faces that would teach most."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(*menus.ITEMS)

    async def cog_load(self) -> None:
        """Begin to drop what has waited for a name too long."""
        self.bot.schedule.add(self.drop)

    async def cog_unload(self) -> None:
        """End."""
        self.bot.schedule.remove(self.drop)

    @costs("drawing")
    @commands.hybrid_command()
    @moderators_only
    async def review(self, ctx: commands.Context[Koredare]) -> None:
        """The faces that would teach me most: strangers who look alike, disputes, and what I am unsure about."""
        speaker = Speaker.of(ctx)
        async with typing(ctx):
            await sheets.fetch_disputed(speaker.place)
            nothing = speaker.place.words("review-nothing")
            shown = await menus.show(speaker, cast("Channel", ctx.channel), now(), nothing=nothing)
        await ctx.send(shown.content, files=shown.files, view=shown.view)

    @every(hours=24)
    async def drop(self) -> None:
        """Delete faces that nobody has named for too long."""
        async with self.bot.database.writing() as session:
            await samples.expire(session)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Review(bot))
