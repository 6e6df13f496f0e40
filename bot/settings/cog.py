"""What moderators choose: the channels that are watched, and all else that a guild may have its own way."""

import re
from typing import Annotated, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.items import acknowledge
from bot.chat.permissions import Refused, Speaker, moderators_only
from bot.client import Koredare, Place
from bot.database import channels
from bot.settings import choosing
from bot.settings.choosing import Choice

Interaction = discord.Interaction[Koredare]
Watchable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel | discord.Thread

_NOTHING = frozenset({choosing.DEFAULT, "none", "off", "nowhere", "nobody"})  # what people say for the default
# Not `| None`: discord.py would take what it does not understand for nothing, and complain of what is left over.
_THIS_ONE: Any = commands.parameter(default=None)


class _ChannelId(commands.Converter[int]):
    """A channel that is there, or the id of one that is gone."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> int:
        if (match := re.fullmatch(r"<#(\d{1,20})>|(\d{1,20})", argument)) is not None:
            return int(match[1] or match[2])
        return (await commands.GuildChannelConverter().convert(ctx, argument.removeprefix("#"))).id


class Settings(commands.Cog):
    """Choose where pictures are answered without asking, whose word counts, and in which language."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(choosing.ChoiceMenu, choosing.RolesMenu)

    @commands.hybrid_command(ignore_extra=False)
    @moderators_only
    @app_commands.describe(channel="This one, if left out; a forum's posts and a channel's threads belong to it")
    async def watch(self, ctx: commands.Context[Koredare], channel: Watchable = _THIS_ONE) -> None:
        """Answer every picture in a channel."""
        assert ctx.guild is not None
        channel_id = await _seen_by(ctx, (channel or ctx.channel).id)
        if channel_id == ctx.channel.id and not ctx.bot_permissions.view_channel:
            raise commands.BotMissingPermissions(["view_channel"])
        await acknowledge(ctx)
        async with self.bot.telling("settings", ctx.guild.id) as session:
            new = await channels.watch(session, channel_id, guild_id=ctx.guild.id, added_by=ctx.author.id)
        words = self.bot.place_of(ctx).words
        channel_shown = f"<#{channel_id}>"
        said = words("watching", channel=channel_shown) if new else words("watching-already", channel=channel_shown)
        await ctx.send(said if self.bot.intents.message_content else f"{said} {words('watching-blind')}")

    @commands.hybrid_command(ignore_extra=False)
    @moderators_only
    @app_commands.describe(channel="This one, if left out")
    async def unwatch(self, ctx: commands.Context[Koredare], channel: Annotated[int, _ChannelId] = _THIS_ONE) -> None:
        """Answer pictures in a channel only when asked."""
        assert ctx.guild is not None
        channel_id = await _seen_by(ctx, channel or ctx.channel.id)
        await acknowledge(ctx)
        thread = ctx.guild.get_thread(channel_id)
        async with self.bot.telling("settings", ctx.guild.id) as session:
            ended = await channels.unwatch(session, channel_id, guild_id=ctx.guild.id)
        place, shown = self.bot.place_of(ctx), f"<#{channel_id}>"
        if thread is not None and thread.parent_id in place.watched:
            parent = f"<#{thread.parent_id}>"
            said = place.words("watching-with", channel=shown, parent=parent, prefix=self.bot.prefix)
        else:
            said = place.words("watching-ended" if ended else "watching-never", channel=shown)
        await ctx.send(said)

    @unwatch.autocomplete("channel")
    async def _watched(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The watched channels that a moderator sees; of one that is gone, its id."""
        place, speaker = self.bot.place_of(interaction), Speaker.of(interaction)
        if not speaker.moderator:
            return []
        names = {each: _name(place, each) for each in place.watched if await speaker.sees(each)}
        return [
            app_commands.Choice(name=name, value=str(channel_id))
            for channel_id, name in names.items()
            if current.casefold() in name.casefold()
        ][:25]

    @commands.hybrid_group(fallback="show", ignore_extra=False, case_insensitive=True)
    @moderators_only
    async def settings(self, ctx: commands.Context[Koredare]) -> None:
        """Every setting and what it does now, with menus to change it."""
        place = self.bot.place_of(ctx)
        await ctx.send(await choosing.overview(place), view=choosing.menus(place), ephemeral=True)

    @settings.command()
    @moderators_only
    @app_commands.describe(threshold="strict: say fewer names; bold: say more; default: as measured")
    async def threshold(self, ctx: commands.Context[Koredare], threshold: Literal["strict", "default", "bold"]) -> None:
        """How sure I must be before I say a name."""
        await self._choose(ctx, "threshold", threshold)

    @settings.command()
    @moderators_only
    @app_commands.describe(quorum="A number from 1 to 20, or default")
    async def quorum(self, ctx: commands.Context[Koredare], quorum: str) -> None:
        """How many members must agree before a name is trusted."""
        await self._choose(ctx, "quorum", quorum)

    @settings.command()
    @moderators_only
    @app_commands.describe(language="default: as Discord's server settings say")
    async def language(self, ctx: commands.Context[Koredare], language: Literal["default", "en", "ja"]) -> None:
        """The language that I speak here."""
        await self._choose(ctx, "language", language)

    @settings.command()
    @moderators_only
    @app_commands.describe(consent="never: nothing is kept; default: as my operator has it")
    async def consent(self, ctx: commands.Context[Koredare], consent: Literal["default", "never"]) -> None:
        """Whether I keep faces of pictures posted here, to learn from."""
        await self._choose(ctx, "consent", consent)

    @settings.command()
    @moderators_only
    @app_commands.describe(roles="Mention them all; default: none")
    async def roles(self, ctx: commands.Context[Koredare], *, roles: str) -> None:
        """Roles that count as moderators, beside those who may manage the server."""
        place = self.bot.place_of(ctx)
        named = [] if roles.casefold() in _NOTHING else await _roles(ctx, roles)
        await acknowledge(ctx, ephemeral=True)
        await choosing.choose_roles(place, named)
        await ctx.send(choosing.describe_roles(place), ephemeral=True)

    @settings.command()
    @moderators_only
    @app_commands.describe(channel="Mention it; default: nowhere")
    async def reports(self, ctx: commands.Context[Koredare], *, channel: str) -> None:
        """Where I say what came of retrainings that nobody asked for."""
        place = self.bot.place_of(ctx)
        chosen = None
        if channel.casefold() not in _NOTHING:
            chosen = await _seen_by(ctx, await _postable(ctx, channel))
        await acknowledge(ctx, ephemeral=True)
        await choosing.choose_reports(place, chosen)
        await ctx.send(choosing.describe_reports(place), ephemeral=True)

    async def _choose(self, ctx: commands.Context[Koredare], choice: Choice, value: str) -> None:
        place = self.bot.place_of(ctx)
        await acknowledge(ctx, ephemeral=True)
        await choosing.choose(place, choice, value)
        await ctx.send(await choosing.describe(place, choice), ephemeral=True)


async def _roles(ctx: commands.Context[Koredare], said: str) -> list[discord.Role]:
    """The roles that somebody names: one by all of what they say, or several, between commas or spaces."""
    find = commands.RoleConverter()
    for parts in ([said], re.split(r"\s*[,、]\s*", said)):
        try:
            return [await find.convert(ctx, part.strip('"').removeprefix("@")) for part in parts]
        except commands.RoleNotFound:
            continue
    return [await find.convert(ctx, part) for part in said.split()]


async def _postable(ctx: commands.Context[Koredare], said: str) -> int:
    """The channel or thread that somebody names, if one can post there."""
    found = await commands.GuildChannelConverter().convert(ctx, said)
    if not isinstance(found, discord.abc.Messageable):
        raise commands.ChannelNotFound(said)
    return found.id


async def _seen_by(ctx: commands.Context[Koredare], channel_id: int) -> int:
    """A channel that is meant, which whoever says so has to see."""
    if not await Speaker.of(ctx).sees(channel_id):
        raise Refused("out of sight")
    return channel_id


def _name(place: Place, channel_id: int) -> str:
    channel = None if place.guild is None else place.guild.get_channel_or_thread(channel_id)
    return str(channel_id) if channel is None else f"#{channel.name}"[:100]  # what Discord takes


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Settings(bot))
