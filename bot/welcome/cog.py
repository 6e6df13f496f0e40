"""When the bot joins a server it says once what it does, with buttons to set it up; `setup` shows that again."""

from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui
from discord.ext import commands

from bot.chat.items import Interaction, Item, acknowledge, replace, view
from bot.chat.lost import unless_lost
from bot.chat.permissions import MODERATORS, Claim, moderators_only
from bot.client import Koredare, Place
from bot.database import channels
from bot.settings import choosing
from bot.settings.choosing import ChoiceMenu, RolesMenu
from bot.words import Words

Step: TypeAlias = Literal["watch", "language", "roles", "consent"]
_STEPS: dict[Step, str] = {"watch": "👀", "language": "💬", "roles": "🛡️", "consent": "🎓"}


class Welcome(commands.Cog):
    """Introduces itself, and is set up by buttons."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(SetupButton)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello where it may."""
        place = self.bot.at(guild.id)
        first = [guild.system_channel] if guild.system_channel is not None else []
        for channel in [*first, *guild.text_channels]:
            allowed = channel.permissions_for(guild.me)
            if allowed.view_channel and allowed.send_messages:
                with unless_lost(f"Saying hello to server {guild.id}"):
                    await channel.send(await _hello(place), view=_buttons(place.words))
                    return

    @commands.hybrid_command()
    @moderators_only
    async def setup(self, ctx: commands.Context[Koredare]) -> None:
        """What I do, and buttons to set me up: where I answer, in which language, who moderates, how I learn."""
        place = self.bot.at(self.bot.place_of(ctx).id)
        await ctx.send(await _hello(place), view=_buttons(place.words))


class SetupButton(Item[ui.Button[Any]], template=r"koredare:setup:(?P<step>watch|language|roles|consent)"):
    """One of the things to set up."""

    @classmethod
    def of(cls, step: Step, words: Words) -> Self:
        """Make it."""
        label = words("welcome-step", step=step)
        return cls(ui.Button(label=label, emoji=_STEPS[step], custom_id=f"koredare:setup:{step}"))

    def claim(self, interaction: Interaction) -> Claim:
        """The server's settings."""
        return MODERATORS

    async def act(self, interaction: Interaction) -> None:
        """Answer pictures here from now on, and say so; or show a setting, to them alone, with its menu."""
        place, step = interaction.client.place_of(interaction), cast("Step", self.match["step"])
        if step == "watch":
            assert interaction.channel_id is not None  # a button stands below a message
            await acknowledge(interaction)
            async with place.bot.telling("settings", place.id) as session:
                who = interaction.user.id
                await channels.watch(session, interaction.channel_id, guild_id=place.id, added_by=who)
            await replace(interaction, content=await _hello(place), view=_buttons(place.words))
            return
        menu = RolesMenu.of(place) if step == "roles" else ChoiceMenu.of(step, place)
        text = choosing.describe_roles(place) if step == "roles" else await choosing.describe(place, step)
        await interaction.response.send_message(text, view=view(menu), ephemeral=True)


def _buttons(words: Words) -> ui.View:
    return view(*(SetupButton.of(step, words) for step in _STEPS))


async def _hello(place: Place) -> str:
    words, prefix = place.words, place.bot.prefix
    lines = [words("welcome-hello"), words("welcome-teach", prefix=prefix), words("welcome-setup", prefix=prefix)]
    if watched := place.watched:
        listed = words("comma").join(f"<#{each}>" for each in watched[:10])
        lines.append(words("welcome-watched", channels=listed))
        if not place.bot.intents.message_content:
            lines.append(words("watching-blind"))
    return "\n\n".join(lines)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Welcome(bot))
