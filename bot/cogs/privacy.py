"""What is kept of a person, and their say in it."""

import re
from typing import Any, Self

import discord
from discord import ui
from discord.ext import commands

from bot import consent, feedback, forgetting, replies
from bot.client import Koredare
from bot.database import consents
from bot.database import forgetting as rows
from bot.errors import Answering


class Privacy(commands.Cog):
    """See and change what the bot may keep of you."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(ForgetButton)

    @commands.hybrid_command()
    async def privacy(self, ctx: commands.Context[Koredare]) -> None:
        """What I keep of you and your pictures, and two buttons to change it."""
        async with self.bot.database.reading() as session:
            answer = await consents.get(session, ctx.author.id)
            held = await rows.held(session, ctx.author.id)
        text = replies.privacy(answer, held, self.bot.settings.feedback.consent)
        if self.bot.settings.feedback.consent == "never":
            await ctx.send(text, ephemeral=True)
        else:
            await ctx.send(text, view=consent.view(ctx.author.id), ephemeral=True)

    @commands.hybrid_command()
    async def forgetme(self, ctx: commands.Context[Koredare]) -> None:
        """Delete all that I keep of you: faces from your pictures, and what you said of others'."""
        async with self.bot.database.reading() as session:
            held = await rows.held(session, ctx.author.id)
        view = ui.View(timeout=None)
        view.add_item(ForgetButton(ctx.author.id, "yes"))
        view.add_item(ForgetButton(ctx.author.id, "no"))
        await ctx.send(replies.ask_forget(held), view=view, ephemeral=True)


class ForgetButton(
    Answering, ui.DynamicItem[ui.Button[Any]], template=r"koredare:forget:(?P<person>\d+):(?P<answer>yes|no)"
):
    """One of the two answers, for one person."""

    def __init__(self, user_id: int, answer: str) -> None:
        self.user_id, self.answer = user_id, answer
        super().__init__(
            ui.Button(
                label="Delete it all" if answer == "yes" else "Keep it",
                style=discord.ButtonStyle.danger if answer == "yes" else discord.ButtonStyle.secondary,
                custom_id=f"koredare:forget:{user_id}:{answer}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["person"]), match["answer"])

    async def act(self, interaction: discord.Interaction[Koredare]) -> None:
        """Forget the person, or not; nobody else may answer for them."""
        if interaction.user.id != self.user_id:
            await interaction.response.send_message(replies.FORGET_NOT_YOURS, ephemeral=True)
            return
        if self.answer == "no":
            await interaction.response.edit_message(content=replies.FORGET_KEPT, view=None)
            return
        await interaction.response.defer()
        forgotten = await forgetting.forget(interaction.client, self.user_id)
        await interaction.edit_original_response(
            content=replies.forgotten(forgotten.held, forgotten.dropped), view=None
        )
        await feedback.show(interaction.client, forgotten.faces)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Privacy(bot))
