"""From a trusted name to an example: the picture is read again, and the face kept to learn from."""

import logging
from itertools import groupby

import discord

from bot.client import Koredare
from bot.database import examples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.pictures import Picture
from bot.recognition import RecognitionError
from ml import Box, PictureError

log = logging.getLogger(__name__)


async def learn(bot: Koredare, guild_id: int) -> int:
    """Keep a sample of every face whose name is trusted and whose poster agreed; gives how many are new.

    The pictures are read from Discord again: until now nothing of them was kept. One that is gone is passed over,
    and tried again with the next retraining.
    """
    if bot.settings.feedback.consent == "never":
        return 0
    quorum = bot.settings.feedback.quorum
    async with bot.database.reading() as session:
        ready = await examples.ready(session, guild_id=guild_id, quorum=quorum)
    learned = 0
    for _, group in groupby(ready, key=lambda face: face.picture_id):
        faces = list(group)
        try:
            data = await _read(bot, faces[0].picture)
            found = await bot.recognition.sample(data, [(Box(*face.box), face.angle) for face in faces])
        except (discord.HTTPException, PictureError, RecognitionError) as error:
            log.warning("Picture %s cannot be learned from: %s", faces[0].picture_id, error)
            continue
        async with bot.database.writing() as session:
            for face, sample in zip(faces, found, strict=True):
                try:
                    await examples.save(session, face.id, sample, quorum=quorum)
                except (NoConsent, NoSuchFace, Unsettled) as error:
                    log.info("Face %s is not learned after all: %s", face.id, error)  # somebody spoke meanwhile
                else:
                    learned += 1
    return learned


async def _read(bot: Koredare, picture: Picture) -> bytes:
    """The bytes of a posted picture, from Discord."""
    if picture.message_id is not None and picture.channel_id is not None:
        channel = bot.get_partial_messageable(picture.channel_id)
        # Asked for anew, because the addresses of attachments expire.
        message = await channel.fetch_message(picture.message_id)
        for attachment in message.attachments:
            if attachment.id == picture.attachment_id:
                return await attachment.read()
    # Uploaded with a slash command: in no message, but at its address for as long as Discord keeps it.
    return await bot.http.get_from_cdn(picture.url or "")
