"""Who is in this picture? All the ways to ask."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.characters import pages
from bot.chat import errors
from bot.chat.cooldowns import costs
from bot.chat.errors import UserError
from bot.chat.items import acknowledge
from bot.chat.lost import typing, unless_lost
from bot.chat.permissions import Speaker, posts
from bot.chat.posted import attached
from bot.client import Koredare, Place
from bot.correcting.replying import Reply
from bot.database import pictures
from bot.whois import answering
from bot.whois.attachments import Posted, pictures_of
from bot.whois.turns import Send

Interaction = discord.Interaction[Koredare]


class Whois(commands.Cog):
    """Name the faces in pictures."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        # A cog cannot hold a message menu; it is added by hand, and taken away with the cog.
        menu = app_commands.ContextMenu(name="Who is this?", callback=self.who_is_this)
        self._menu = costs("pictures")(menu)
        bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @costs("pictures")
    @commands.hybrid_command()
    @app_commands.describe(
        picture="The picture to look at",
        picture2="Another one",
        picture3="Another one",
        picture4="Another one",
        name="A character to tell you about, instead of a picture",
    )
    async def whois(
        self,
        ctx: commands.Context[Koredare],
        picture: discord.Attachment | None = None,
        picture2: discord.Attachment | None = None,
        picture3: discord.Attachment | None = None,
        picture4: discord.Attachment | None = None,
        *,
        name: str | None = None,
    ) -> None:
        """Name the faces in a picture: attach one, or use this in reply to one; or name a character."""
        # Without anybody's locale: so the answer will be brought up to date.
        place = self.bot.at(self.bot.place_of(ctx).id)
        if ctx.interaction is not None:
            uploaded = [each for each in (picture, picture2, picture3, picture4) if each is not None]
            posted = Posted(uploaded, ctx.author.id, place, ctx.channel.id, message_id=None, of=len(uploaded))
            shown, send = ctx.message, ctx.send
        else:
            shown = await shown_in(ctx.message)
            posted, send = Posted.in_message(self.bot, shown), replying_to(ctx.message)
        if name is None or posted.attachments or attached(ctx.message) or "://" in name:
            self._check(posted, shown)
        if posted.attachments:
            await acknowledge(ctx)
            asking = ctx.message if ctx.interaction is None else None
            await answering.answer(posted, send, by=ctx.author.id, asking=asking, asked=True)
        elif name is not None:
            async with typing(ctx):
                page = await pages.page(Speaker.of(ctx), name, channel=ctx.channel)
                await send(content=page.text, files=page.files())

    @whois.autocomplete("name")
    async def _names(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await pages.suggest(interaction, current)

    async def who_is_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Name the faces in the message that the menu was opened on."""
        posted = Posted.in_message(self.bot, message)
        self._check(posted, message)
        if not self.bot.intents.message_content:
            # Asked for again, to learn from it, the message would come without its pictures; their addresses serve.
            posted = replace(posted, message_id=None)
        await interaction.response.defer()

        async def send(**what: Any) -> discord.Message:
            return await interaction.followup.send(**what, wait=True)

        await answering.answer(posted, send, by=interaction.user.id, asking=None, asked=True)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """What is deleted need not be looked at."""
        self.bot.queue.withdraw(messages={payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """What is deleted need not be looked at."""
        self.bot.queue.withdraw(messages=payload.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Nor what was in a channel."""
        self.bot.queue.withdraw(channel=channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Nor in a thread."""
        self.bot.queue.withdraw(channel=payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Nor in a server where we are no more."""
        self.bot.queue.withdraw(server=guild.id)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer pictures in watched channels, and whoever mentions the bot or writes to it alone."""
        if not posts(message) or (await self.bot.get_context(message)).valid:
            return
        await self._hear(message, Posted.in_message(self.bot, message))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer the pictures that a message got by being edited, as if they had been posted by themselves."""
        message = payload.message
        # Ids grow with time, and files are there before the message that they are posted with.
        added = [picture for picture in pictures_of(message) if picture.id > message.id]
        if not added or not posts(message):
            return
        # Of two edits of one message the second waits, and what the first brought is answered then.
        async with self.bot.editing.setdefault(added[0].id, asyncio.Lock()), self.bot.database.reading() as session:
            place = self.bot.place_of(message)
            before = await pictures.answered_before(session, [each.id for each in added], guild_id=place.id)
        answered = {face.picture.attachment_id for face in before}
        if new := [each for each in added if each.id not in answered]:
            await self._hear(message, Posted.in_message(self.bot, message, new))

    async def _hear(self, message: discord.Message, posted: Posted) -> None:
        """Answer a message if it asks, or has pictures and is posted where pictures are watched."""
        assert self.bot.user is not None
        meant = asked = message.guild is None or f"<@{self.bot.user.id}>" in message.content
        try:
            if not posted.attachments and await Reply.to(self.bot, message) is not None:
                return  # it is a correction in words
            meant = asked or (bool(posted.attachments) and await _is_watched(posted.place, message))
            if meant:
                await self._answer(message, posted, asked=asked)
        except Exception as error:
            if not meant:
                raise  # nobody can tell whether it was: the log has it
            await errors.reply(message, errors.explain(error, self.bot.place_of(message).words))

    async def _answer(self, message: discord.Message, posted: Posted, *, asked: bool) -> None:
        if asked:
            shown = await shown_in(message)
            if not posted.attachments:
                posted = Posted.in_message(self.bot, shown)
            if not posted.attachments and shown is message and "://" not in message.content and not attached(message):
                raise UserError(posted.place.words("answer-hint"))
            self._check(posted, shown)
        await answering.answer(posted, replying_to(message), by=message.author.id, asking=message, asked=asked)

    def _check(self, posted: Posted, shown: discord.Message) -> None:
        """Refuse, in words, to look at a message without pictures or at our own answers."""
        words = posted.place.words
        if self.bot.user is not None and posted.poster_id == self.bot.user.id:
            raise UserError(words("answer-my-own"))
        if not posted.attachments:
            hidden = not self.bot.intents.message_content and shown.guild is not None
            if hidden and posted.message_id is not None and self.bot.user not in shown.mentions:
                raise UserError(words("answer-hidden"))
            if attached(shown):
                raise UserError(words("answer-other-files"))
            raise UserError(words("answer-only-a-link" if "://" in shown.content else "answer-no-picture"))


async def _is_watched(place: Place, message: discord.Message) -> bool:
    # Threads, and posts of a forum, are watched with the channel that they are in.
    channel, watched = message.channel, place.watched
    if watched and isinstance(channel, discord.PartialMessageable):  # Discord may tell of a thread after its first post
        with unless_lost(f"Looking what channel {channel.id} is"):
            channel = await place.bot.fetch_channel(channel.id)
    return channel.id in watched or (isinstance(channel, discord.Thread) and channel.parent_id in watched)


def replying_to(message: discord.Message) -> Send:
    """Post in reply to a message, also if it has been deleted meanwhile."""
    return partial(message.channel.send, reference=message.to_reference(fail_if_not_exists=False))


async def shown_in(message: discord.Message) -> discord.Message:
    """The message that is asked about: itself if it has a picture, else the one that it answers."""
    reference = message.reference
    if pictures_of(message) or reference is None or reference.message_id is None:
        return message
    if reference.type is not discord.MessageReferenceType.reply:
        return message  # what is forwarded may be where we cannot look; all that we are to see came along
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    return await message.channel.fetch_message(reference.message_id)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Whois(bot))
