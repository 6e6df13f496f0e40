"""Everybody who is known here, and what moderators do to their names."""

from typing import Any, Self

from discord import app_commands, ui
from discord.ext import commands

from bot.characters import deleting, pages, renaming
from bot.characters.deleting import DeleteButton
from bot.characters.pages import Listing, suggest
from bot.characters.parted import two_names
from bot.chat.items import Interaction, Item, acknowledge, replace, view
from bot.chat.permissions import Claim, moderators_only
from bot.client import Koredare
from bot.words import Words
from ml.naming.names import tidy

Context = commands.Context[Koredare]


class PageButton(Item[ui.Button[Any]], template=r"koredare:characters:(?P<page>\d+)"):
    """To another page of the list of characters."""

    @classmethod
    def of(cls, page: int, label: str, emoji: str, *, disabled: bool) -> Self:
        """Make it."""
        return cls(ui.Button(label=label, emoji=emoji, custom_id=f"koredare:characters:{page}", disabled=disabled))

    def claim(self, interaction: Interaction) -> Claim:
        """The list of where it is."""
        return Claim()

    async def act(self, interaction: Interaction) -> None:
        """Turn the page, for everybody who sees the list."""
        await acknowledge(interaction)
        place = interaction.client.place_of(interaction)
        found = await pages.listing(place, int(self.match["page"]))
        await replace(interaction, content=found.text, view=_pages(found, place.words))


def _pages(found: Listing, words: Words) -> ui.View:
    """The buttons below a list; none below one that has a single page."""
    if found.pages == 1:
        return view()
    return view(
        PageButton.of(found.page - 1, words("characters-back"), "◀️", disabled=found.page == 1),
        PageButton.of(found.page + 1, words("characters-on"), "▶️", disabled=found.page == found.pages),
    )


class Characters(commands.Cog):
    """See who is known, and keep the names in order."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(PageButton, DeleteButton)

    async def cog_before_invoke(self, ctx: commands.Context[Any]) -> None:
        """Acknowledge a slash command at once: a change may have to wait for its turn to write."""
        await acknowledge(ctx)

    @commands.hybrid_command()
    @app_commands.describe(page="Of the list; the first, if left out")
    async def characters(self, ctx: Context, page: int = 1) -> None:
        """Everybody I know here, with how many examples and how well."""
        place = self.bot.place_of(ctx)
        found = await pages.listing(place, page)
        await ctx.send(found.text, view=_pages(found, place.words))

    @commands.hybrid_group(fallback="changes", ignore_extra=False, case_insensitive=True)
    @moderators_only
    async def character(self, ctx: Context) -> None:
        """What was renamed, merged and given other names here lately, and by whom."""
        await ctx.send(await renaming.history(self.bot.place_of(ctx)))

    @character.command()
    @moderators_only
    @app_commands.describe(name="Who", new="What they are called from now on")
    @app_commands.autocomplete(name=suggest)
    async def rename(self, ctx: Context, name: str, *, new: str) -> None:
        """Call a character otherwise; the former name still finds them."""
        place = self.bot.place_of(ctx)
        name, new = await two_names(ctx, place, name, new, both_known=False)
        await ctx.send(await renaming.rename(place, name, new, by=ctx.author.id))

    @character.command()
    @moderators_only
    @app_commands.describe(name="Who is somebody else", into="Who that is")
    @app_commands.autocomplete(name=suggest, into=suggest)
    async def merge(self, ctx: Context, name: str, *, into: str) -> None:
        """Make two characters one, with all their examples."""
        place = self.bot.place_of(ctx)
        name, into = await two_names(ctx, place, name, into, both_known=True)
        await ctx.send(await renaming.merge(place, name, into, by=ctx.author.id))

    @character.command()
    @moderators_only
    @app_commands.describe(name="Who", alias="What else they are called, in any script")
    @app_commands.autocomplete(name=suggest)
    async def alias(self, ctx: Context, name: str, *, alias: str) -> None:
        """Give a character another name, romanised or native, by which they are found."""
        place = self.bot.place_of(ctx)
        name, alias = await two_names(ctx, place, name, alias, both_known=False)
        await ctx.send(await renaming.add_alias(place, name, alias, by=ctx.author.id))

    @character.command()
    @moderators_only
    @app_commands.describe(name="Who", alias="The other name that is wrong")
    @app_commands.autocomplete(name=suggest)
    async def unalias(self, ctx: Context, name: str, *, alias: str) -> None:
        """Take another name from a character."""
        place = self.bot.place_of(ctx)
        name, alias = await two_names(ctx, place, name, alias, both_known=True)
        await ctx.send(await renaming.remove_alias(place, name, alias, by=ctx.author.id))

    @character.command()
    @moderators_only
    @app_commands.describe(name="Who should not be there at all")
    @app_commands.autocomplete(name=suggest)
    async def delete(self, ctx: Context, *, name: str) -> None:
        """Delete a character with all that was said of it; asks first, as it cannot be undone."""
        text, answers = await deleting.question(self.bot.place_of(ctx), tidy(name))
        await ctx.send(text, view=answers)

    @character.command()
    @moderators_only
    async def undo(self, ctx: Context) -> None:
        """Undo the last change to a name here; again for the one before."""
        await ctx.send(await renaming.undo(self.bot.place_of(ctx), by=ctx.author.id))


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Characters(bot))
