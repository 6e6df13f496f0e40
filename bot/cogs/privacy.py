"""What is kept of a person, and their say in it."""

from discord.ext import commands

from bot import consent, replies
from bot.client import Koredare
from bot.database import consents


class Privacy(commands.Cog):
    """See and change what the bot may keep of your pictures."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_command()
    async def privacy(self, ctx: commands.Context[Koredare]) -> None:
        """What I keep of your pictures, and two buttons to change it."""
        async with self.bot.database.reading() as session:
            answer = await consents.get(session, ctx.author.id)
        text = replies.privacy(answer, self.bot.settings.feedback.consent)
        if self.bot.settings.feedback.consent == "never":
            await ctx.send(text, ephemeral=True)
        else:
            await ctx.send(text, view=consent.view(ctx.author.id), ephemeral=True)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Privacy(bot))
