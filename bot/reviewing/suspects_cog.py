"""The faces that looked wrong at the last retraining."""

from collections.abc import Sequence
from io import BytesIO

import discord
from discord.ext import commands

from bot.chat import replies
from bot.chat.cooldowns import costs
from bot.chat.lost import typing
from bot.chat.permissions import Speaker, moderators_only
from bot.chat.places import shown_to
from bot.chat.replies import ALT_TEXT, fit, quoted
from bot.client import Koredare
from bot.database import samples, suspects
from bot.database.pictures import Face
from bot.database.suspects import Suspected
from bot.recognition import worker
from bot.reviewing.suspects_menu import SuspectMenu, suspects_view
from bot.words import Words
from ml.naming.names import plain
from ml.reviewing.gallery import MOST
from ml.reviewing.suspects_sheet import Doubt


class Moderation(commands.Cog):
    """Keep what is learned right."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(SuspectMenu)

    @costs("drawing")
    @commands.hybrid_command()
    @moderators_only
    async def suspects(self, ctx: commands.Context[Koredare]) -> None:
        """The faces that looked wrong at the last retraining, to correct or to confirm."""
        speaker = Speaker.of(ctx)
        place, words = speaker.place, speaker.place.words
        async with typing(ctx):
            async with place.database.reading() as session:
                found = await suspects.unanswered(session, guild_id=place.id, quorum=place.quorum)
            seen = await shown_to(speaker, (each.face.picture.channel_id for each in found), ctx.channel)
            found = [each for each in found if each.face.picture.channel_id in seen]
            if not found:
                await ctx.send(words("suspects-none"))
                return
            shown = found[:MOST]
            async with self.bot.database.reading() as session:
                crops = await samples.crops(session, [each.face.id for each in shown])
            sheet = await place.recognition.run(
                worker.draw_suspects, [Doubt(crops[each.face.id], each.name, each.looks_like) for each in shown]
            )
        file = discord.File(BytesIO(sheet), "suspects.png", description=_alt_text(shown, words))
        text = _told(shown, words, total=len(found), guild_id=place.id)
        await ctx.send(text, file=file, view=suspects_view(shown, words))


def _told(found: Sequence[Suspected], words: Words, *, total: int, guild_id: int) -> str:
    """The faces of a sheet: what each is called, what it looks like, where it is from, and what to do."""
    lines = [words("suspects-head", faces=total)]
    for number, each in enumerate(found, start=1):
        source = _source(each.face, words, guild_id=guild_id)
        name, other = replies.shown(each.name), replies.shown(each.looks_like)
        lines.append(words("suspects-line", number=number, name=name, other=other, source=source))
    lines.append(words("suspects-what-to-do"))
    if total > len(found):
        lines.append(words("suspects-more", faces=total - len(found)))
    return fit(lines)


def _source(face: Face, words: Words, *, guild_id: int) -> str:
    picture = face.picture
    if picture.source != "import":
        link = f"https://discord.com/channels/{guild_id}/{picture.channel_id}/{picture.reply_id}"
        return words("suspects-answer", link=link)
    if picture.origin is None:
        return words("suspects-imported-somewhere")
    return words("suspects-imported", folder=quoted(picture.origin))


def _alt_text(found: Sequence[Suspected], words: Words) -> str:
    """What a screen reader says of a sheet of faces that look wrong."""
    lines = [
        words("suspects-alt-line", number=n, name=plain(each.name), other=plain(each.looks_like))
        for n, each in enumerate(found, start=1)
    ]
    return words("suspects-alt", lines="; ".join(lines))[:ALT_TEXT]


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Moderation(bot))
