"""What is kept of a person, and their say in it."""

import logging
from typing import Any, Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answers import update
from bot.chat.items import Interaction, Item, acknowledge, number, replace, yes_or_no
from bot.chat.permissions import Claim
from bot.chat.replies import MESSAGE_LIMIT, shown
from bot.client import Koredare
from bot.database import consents, scrubbing
from bot.database import erasing as rows
from bot.database.erasing import Held
from bot.loops import every
from bot.privacy import consent, forgetting
from bot.privacy.forgetting import Forgotten
from bot.privacy.waiting import AskAgainButton
from bot.words import Words

log = logging.getLogger(__name__)

_PRIVACY = {"yes": "privacy-agreed", "no": "privacy-refused", None: "privacy-unanswered"}
_NAMES = 20  # characters that are named of those of which less is learned


class Privacy(commands.Cog):
    """See and change what the bot may keep of you."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(ForgetButton, AskAgainButton)

    async def cog_load(self) -> None:
        """Go on with what was still to be removed from the disk when the bot was stopped."""
        self.scrub.start()
        self.ask.start()

    async def cog_unload(self) -> None:
        """End."""
        self.scrub.cancel()
        self.ask.cancel()

    @every(minutes=1)
    async def scrub(self) -> None:
        """Overwrite the traces of what was deleted, where somebody was in the way when it was."""
        async with self.bot.database.reading() as session:
            owed = await scrubbing.owed(session)
        if owed and await forgetting.scrub(self.bot.settings, self.bot.database):
            log.info("The traces of deleted rows are overwritten now.")

    @every(minutes=1)
    async def ask(self) -> None:
        """Put those questions for consent that did not get through."""
        await consent.ask_those_unasked(self.bot)

    @commands.hybrid_command()
    @app_commands.describe(answer="Whether I may learn from your pictures; left out: what I keep of you")
    async def privacy(self, ctx: commands.Context[Koredare], answer: Literal["yes", "no"] | None = None) -> None:
        """What I keep of you and your pictures, and two buttons to change it."""
        if answer is not None:
            await self._take(ctx, yes=answer == "yes")
            return
        async with self.bot.database.reading() as session:
            before = await consents.get(session, ctx.author.id)
            held = await rows.held(session, ctx.author.id)
        place = self.bot.place_of(ctx)
        words = place.words
        days = self.bot.settings.privacy.retention_days
        if place.consent == "never":
            text = words("privacy-never", held=_counted(held, words))
            await ctx.send(f"{text} {words('privacy-retention', days=days)}", ephemeral=True)
        else:
            text = f"{words(_PRIVACY[before], held=_counted(held, words))} {words('privacy-retention', days=days)}"
            await ctx.send(text, view=consent.choice(ctx.author.id, words), ephemeral=True)

    async def _take(self, ctx: commands.Context[Koredare], *, yes: bool) -> None:
        await acknowledge(ctx, ephemeral=True)

        async def tell(text: str) -> None:
            await ctx.send(text, ephemeral=True)

        await consent.take(self.bot, ctx.author.id, yes=yes, words=self.bot.place_of(ctx).words, tell=tell)

    @commands.hybrid_command()
    async def forgetme(self, ctx: commands.Context[Koredare]) -> None:
        """Delete all that I keep of you: faces from your pictures, and what you said of others'."""
        async with self.bot.database.reading() as session:
            held = await rows.held(session, ctx.author.id)
        words = self.bot.place_of(ctx).words
        answers = yes_or_no(
            ForgetButton,
            f"koredare:forget:{ctx.author.id}",
            yes=words("forget-yes-label"),
            no=words("forget-no-label"),
            style=discord.ButtonStyle.danger,
        )
        await ctx.send(words("forget-question", held=_counted(held, words)), view=answers, ephemeral=True)


class ForgetButton(Item[ui.Button[Any]], template=r"koredare:forget:(?P<person>\d+):(?P<answer>yes|no)"):
    """One of the two answers, for one person."""

    def claim(self, interaction: Interaction) -> Claim:
        """The person; nobody else may answer for them."""
        return Claim(owner=number(self.match["person"]), not_yours="not your request")

    async def act(self, interaction: Interaction) -> None:
        """Forget the person, or not."""
        words = interaction.client.place_of(interaction).words
        if self.match["answer"] == "no":
            await interaction.response.edit_message(content=words("forget-kept"), view=None)
            return
        await acknowledge(interaction)
        forgotten = await forgetting.forget(interaction.client, interaction.user.id)
        await replace(interaction, content=_said(forgotten, words), view=None)
        await update.show(interaction.client, forgotten.faces)


def _counted(held: Held, words: Words) -> str:
    return words(
        "privacy-held",
        pictures=held.pictures,
        faces=held.samples,
        unnamed=held.unnamed,
        corrections=held.corrections,
    )


def _said(forgotten: Forgotten, words: Words) -> str:
    dropped = forgotten.dropped
    if dropped:
        names = [words("forget-name", name=shown(name), faces=dropped[name]) for name in list(dropped)[:_NAMES]]
        learning = words("forget-fewer", faces=sum(dropped.values()), names=words("comma").join(names))
    else:
        learning = words("forget-nothing-learned")
    lines = [words("forget-done", held=_counted(forgotten.held, words), learning=learning)]
    if not forgotten.scrubbed:
        lines.append(words("forget-traces"))
    return "\n".join(lines)[:MESSAGE_LIMIT]


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Privacy(bot))
