"""A guild's knowledge, out and in again as one file."""

from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot import disk
from bot.answers import labelling
from bot.chat.cooldowns import costs
from bot.chat.errors import UserError
from bot.chat.items import acknowledge
from bot.chat.lost import typing
from bot.chat.permissions import Speaker, moderators_only
from bot.chat.replies import MESSAGE_LIMIT, fit, shown
from bot.client import Koredare
from bot.database import exchange as stored
from bot.database.exchange import TakenIn
from bot.knowledge import archive
from bot.knowledge.archive import MOST_BYTES
from bot.words import Words

Context = commands.Context[Koredare]
_NAMES = 15  # characters told one by one after an import


class Knowledge(commands.Cog):
    """Carry what a server knows elsewhere, or take in what another knew."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot

    @commands.hybrid_group(fallback="show", ignore_extra=False, case_insensitive=True)
    @moderators_only
    async def knowledge(self, ctx: Context) -> None:
        """The files that were imported here, and how many faces of each are left."""
        place = self.bot.place_of(ctx)
        async with self.bot.database.reading() as session:
            files = await stored.files(session, guild_id=place.id)
        lines = [place.words("knowledge-file", file=shown(file), faces=faces) for file, faces in files.items()]
        await ctx.send(fit([place.words("knowledge-files", files=len(files)), *lines]))

    @costs("whole server")
    @knowledge.command()
    @moderators_only
    async def export(self, ctx: Context) -> None:
        """Characters, other names and trusted faces of this server as one file, for you alone."""
        speaker = Speaker.of(ctx)
        place = speaker.place
        await ctx.defer(ephemeral=True)
        async with self.bot.database.reading() as session:
            posted_in = [] if place.consent == "never" else await stored.channels_of(session, guild_id=place.id)
        seen = [each for each in posted_in if await speaker.sees(each)]
        data, held = await archive.export(
            self.bot.database,
            self.bot.recognition,
            guild_id=place.id,
            quorum=place.quorum,
            posted_in=seen,
            max_bytes=labelling.room(place, pictures=1),
            words=place.words,
        )
        text = place.words("knowledge-exported", characters=len(held.characters), faces=len(held.examples))
        if len(seen) < len(posted_in):
            text = f"{text} {place.words('knowledge-unseen')}"
        file = discord.File(BytesIO(data), "koredare-knowledge.zip")
        if ctx.interaction is not None:
            await ctx.send(text, file=file, ephemeral=True)
            return
        try:  # whose faces these are did not agree to have them posted before everybody
            await ctx.author.send(text, file=file)
        except discord.Forbidden as error:
            raise UserError(place.words("knowledge-no-messages")) from error
        await ctx.send(place.words("knowledge-sent"))

    @costs("thousands of rows")
    @knowledge.command(name="import")
    @moderators_only
    @app_commands.describe(file="What `knowledge export` wrote, here or elsewhere")
    async def take_in(self, ctx: Context, file: discord.Attachment) -> None:
        """Learn what a file of another server holds; what this server knows already stands."""
        place = self.bot.place_of(ctx)
        if file.size > MOST_BYTES:
            raise UserError(place.words("knowledge-too-heavy", megabytes=MOST_BYTES // 2**20))
        disk.require(self.bot.settings.home)
        async with typing(ctx):
            data = await file.read()
            contents = await archive.read(self.bot.recognition, data, place.words)
            name = archive.called(file.filename)
            outcome = await archive.take_in(
                self.bot.database,
                self.bot.recognition,
                data,
                contents,
                file=name,
                guild_id=place.id,
                user_id=ctx.author.id,
                quorum=place.quorum,
                words=place.words,
            )
        await ctx.send(_told(outcome, name, place.words, prefix=self.bot.prefix))

    @knowledge.command()
    @moderators_only
    @app_commands.describe(file="As `knowledge show` names it")
    async def remove(self, ctx: Context, *, file: str) -> None:
        """Forget every face that came with a file."""
        place = self.bot.place_of(ctx)
        await acknowledge(ctx)
        async with self.bot.database.writing() as session:
            gone = await stored.remove(session, file, guild_id=place.id)
            if not gone:  # as they had posted it, "my club.zip"
                file = archive.called(file)
                gone = await stored.remove(session, file, guild_id=place.id)
        if not gone:
            raise UserError(place.words("knowledge-no-such-file", file=shown(file[:80])))
        await ctx.send(place.words("knowledge-removed", file=shown(file), faces=gone))

    @remove.autocomplete("file")
    async def _files(self, interaction: discord.Interaction[Koredare], typed: str) -> list[app_commands.Choice[str]]:
        speaker = Speaker.of(interaction)
        if speaker.alone or not speaker.moderator:
            return []
        async with self.bot.database.reading() as session:
            files = await stored.files(session, guild_id=speaker.place.id)
        return [app_commands.Choice(name=file, value=file) for file in files if typed.lower() in file.lower()][:25]


def _told(outcome: TakenIn, file: str, words: Words, *, prefix: str) -> str:
    """What came of an import."""
    faces = sum(outcome.added.values())
    most = sorted(outcome.added.items(), key=lambda each: (-each[1], each[0]))
    names = [shown(name) if len(most) == 1 else f"{shown(name)} ({count})" for name, count in most[:_NAMES]]
    while len(words("comma").join(names)) > MESSAGE_LIMIT // 2:
        names.pop()
    lines = [
        words(
            "knowledge-added",
            faces=faces,
            characters=len(most),
            names=words("comma").join(names),
            aliases=outcome.aliases,
        ),
        words("knowledge-passed-over", known=outcome.known, disputed=outcome.disputed),
        words("knowledge-next", faces=faces, file=shown(file), prefix=prefix),
    ]
    return fit([line.strip() for line in lines if line.strip()])


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Knowledge(bot))
