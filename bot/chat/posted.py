"""Posted pictures, read from Discord again: before its poster agreed one is held in memory only, and for a while."""

import logging
from collections.abc import AsyncIterator, Sequence
from itertools import groupby

import discord

from bot.chat.lost import LOST
from bot.client import Koredare
from bot.database.pictures import Face, Picture
from bot.recognition.errors import RecognitionError
from ml import Box, PictureError, Recognizer, Sample

log = logging.getLogger(__name__)


async def cut_again(bot: Koredare, faces: Sequence[Face]) -> AsyncIterator[dict[int, Sample]]:
    """Cut faces out of their pictures, read from Discord again, picture by picture; what is gone is passed over."""
    for _, group in groupby(sorted(faces, key=lambda face: face.picture_id), key=lambda face: face.picture_id):
        found = list(group)
        try:
            async with bot.queue.again:
                data = await read_picture(bot, found[0].picture)
                places = [(Box(*face.box), face.angle) for face in found]
                cuts = await bot.recognition.run(Recognizer.sample, data, places)
        except (*LOST, PictureError, RecognitionError) as error:
            log.warning("Picture %s cannot be learned from: %r", found[0].picture_id, error)
            continue
        yield {face.id: cut for face, cut in zip(found, cuts, strict=True)}


async def read_picture(bot: Koredare, picture: Picture) -> bytes:
    """The bytes of a posted picture, from Discord, or as they were read from there just now.

    Raises
    ------
    LOST, RecognitionError
        It is there no more, or Discord cannot be reached (`bot.chat.lost`).
    """
    if picture.attachment_id is None or (data := bot.held.get(picture.attachment_id)) is None:
        data = await _read(bot, picture)
    if picture.attachment_id is not None:
        bot.held.put(picture.attachment_id, data, message_id=picture.message_id)
    return data


def attached(message: discord.Message) -> list[discord.Attachment]:
    """What came with a message: its own files, and those of the messages that it forwards."""
    forwarded = [attachment for snapshot in message.message_snapshots for attachment in snapshot.attachments]
    return [*message.attachments, *forwarded]


async def _read(bot: Koredare, picture: Picture) -> bytes:
    if picture.message_id is not None and picture.channel_id is not None:
        channel = bot.get_partial_messageable(picture.channel_id)
        # Asked for anew, because the addresses of attachments expire.
        message = await channel.fetch_message(picture.message_id)
        for attachment in attached(message):
            if attachment.id == picture.attachment_id:
                return await attachment.read()
    # Uploaded with a slash command: in no message, but at its address for as long as Discord keeps it.
    if picture.url is None:
        raise RecognitionError("Its message does not have it any more.")
    return await bot.http.get_from_cdn(picture.url)
