"""Who is in this picture? All the ways to ask."""

from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot import answering, errors, replies
from bot.answering import Posted
from bot.client import Koredare
from bot.database import channels, pictures
from bot.errors import UserError


class Whois(commands.Cog):
    """Name the faces in pictures."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        # A cog cannot hold a message menu; it is added by hand, and taken away with the cog.
        self._menu = app_commands.ContextMenu(name="Who is this?", callback=self.who_is_this)
        bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @commands.hybrid_command()
    @app_commands.describe(picture="The picture to look at")
    async def whois(self, ctx: commands.Context[Koredare], picture: discord.Attachment | None = None) -> None:
        """Name the faces in a picture: attach one, or use this in reply to one."""
        if ctx.interaction is not None:
            await ctx.defer()
            attachments = [picture] if picture is not None else []
            scope = ctx.channel.id if ctx.guild is None else ctx.guild.id
            posted = Posted(attachments, ctx.author.id, scope, ctx.channel.id, message_id=None)
            await answering.answer(self.bot, posted, ctx.send, asked=True)
        else:
            posted = await find_picture(ctx.message, me=self.bot.user)
            async with ctx.typing():
                await answering.answer(self.bot, posted, replying_to(ctx.message), asked=True)

    async def who_is_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Name the faces in the message that the menu was opened on."""
        await interaction.response.defer()
        posted = Posted.in_message(message)

        async def send(**what: object) -> discord.Message:
            return await interaction.followup.send(**what, wait=True)  # pyright: ignore  # noqa: PGH003

        await answering.answer(self.bot, posted, send, asked=True)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer pictures in watched channels, and whoever mentions the bot."""
        if message.author.bot or (await self.bot.get_context(message)).valid:
            return
        posted = Posted.in_message(message)
        mentioned = self.bot.user is not None and f"<@{self.bot.user.id}>" in message.content
        if not posted.attachments and await self._answers_us(message):
            return  # a correction in words
        if not mentioned and not (posted.attachments and await self._is_watched(message)):
            return
        try:
            if mentioned:
                posted = await find_picture(message, me=self.bot.user)
            async with message.channel.typing():
                await answering.answer(self.bot, posted, replying_to(message), asked=mentioned)
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await errors.reply(message, errors.explain(error))

    async def _answers_us(self, message: discord.Message) -> bool:
        if message.reference is None or message.reference.message_id is None:
            return False
        async with self.bot.database.reading() as session:
            return bool(await pictures.faces_of_reply(session, message.reference.message_id))

    async def _is_watched(self, message: discord.Message) -> bool:
        async with self.bot.database.reading() as session:
            return await channels.is_watched(session, message.channel.id)


def replying_to(message: discord.Message) -> answering.Send:
    """Post in reply to a message, also if it has been deleted meanwhile."""
    return partial(message.channel.send, reference=message.to_reference(fail_if_not_exists=False))


async def find_picture(message: discord.Message, *, me: discord.ClientUser | None) -> Posted:
    """The pictures of a message, or of the message that it answers.

    Raises
    ------
    UserError
        There is none, or it is an answer of `me`.
    """
    posted = Posted.in_message(message)
    reference = message.reference
    if not posted.attachments and reference is not None and reference.message_id is not None:
        answered = reference.cached_message or await message.channel.fetch_message(reference.message_id)
        posted = Posted.in_message(answered)
        if answered.author == me:
            raise UserError(replies.MY_OWN)
    if not posted.attachments:
        raise UserError(replies.NO_PICTURE)
    return posted


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Whois(bot))
