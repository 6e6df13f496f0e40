"""Answers that are brought up to date with what people said since."""

import asyncio
import logging
from collections.abc import Iterable

import discord

from bot.answers import describing, labelling
from bot.client import Koredare, Place
from bot.database import pictures, verdicts
from bot.database.pictures import Face

log = logging.getLogger(__name__)


async def show(bot: Koredare, faces: Iterable[Face]) -> None:
    """Bring the answers that show these faces up to date with what people said, one by one."""
    shown = dict.fromkeys((each.reply_id, each.channel_id, each.guild_id) for each in (face.picture for face in faces))
    for reply_id, channel_id, guild_id in shown:
        if reply_id is not None and channel_id is not None and guild_id is not None:
            message = bot.get_partial_messageable(channel_id).get_partial_message(reply_id)
            # One after the other, each with what is said by then: else of two corrections at once one would be lost.
            async with bot.editing.setdefault(reply_id, asyncio.Lock()):
                await _bring_up_to_date(bot.at(guild_id), message)


async def _bring_up_to_date(place: Place, message: discord.PartialMessage) -> None:
    async with place.database.reading() as session:
        faces = await pictures.faces_of_reply(session, message.id)
        if not faces:
            return  # forgotten meanwhile
        standings = await verdicts.standings(session, [face.id for face in faces], quorum=place.quorum)
    lines = describing.describe(faces, standings, place.words)
    try:
        answer = await message.fetch()
        text = describing.with_notes(describing.veiled(lines, answer.attachments), describing.notes_of(answer.content))
        await answer.edit(content=text, attachments=await labelling.renewed(place, answer, faces, standings))
    except discord.HTTPException as error:  # deleted, or out of our reach: what people said counts all the same
        log.info("Answer %s is not brought up to date: %s", message.id, error)
