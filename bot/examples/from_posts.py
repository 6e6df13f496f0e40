"""From a trusted name to an example: the picture is read again, and the face kept to learn from."""

import logging
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from itertools import groupby

import discord

from bot.client import Koredare
from bot.database import examples, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.pictures import Face, Picture
from bot.recognition.pool import RecognitionError
from ml import Box, PictureError, Recognizer, Sample

log = logging.getLogger(__name__)


async def learn(bot: Koredare, guild_id: int) -> int:
    """Make an example of every face whose name is trusted and whose poster agreed; gives how many are new.

    Of most, nothing was kept until now: their pictures are read from Discord again. One that is gone is passed over,
    and tried again with the next retraining.
    """
    if bot.feedback(guild_id).consent == "never":
        return 0
    quorum = bot.feedback(guild_id).quorum
    async with bot.database.reading() as session:
        ready = await examples.ready(session, guild_id=guild_id, quorum=quorum)
        kept = await samples.kept(session, [face.id for face in ready])
    learned = 0
    async with bot.database.writing() as session:
        for face_id in kept:
            with _spoken_meanwhile(face_id):
                await examples.settle(session, face_id, quorum=quorum)
                learned += 1
    async for found in cut_again(bot, [face for face in ready if face.id not in kept]):
        async with bot.database.writing() as session:
            for face_id, cut in found.items():
                with _spoken_meanwhile(face_id):
                    await examples.save(session, face_id, cut, quorum=quorum)
                    learned += 1
    return learned


@contextmanager
def _spoken_meanwhile(face_id: int) -> Generator[None]:
    try:
        yield
    except (NoConsent, NoSuchFace, Unsettled) as error:
        log.info("Face %s is not learned after all: %s", face_id, error)


async def cut_again(bot: Koredare, faces: Sequence[Face]) -> AsyncIterator[dict[int, Sample]]:
    """Cut faces out of their pictures, read from Discord again, picture by picture; what is gone is passed over."""
    for _, group in groupby(sorted(faces, key=lambda face: face.picture_id), key=lambda face: face.picture_id):
        found = list(group)
        try:
            data = await read_picture(bot, found[0].picture)
            cuts = await bot.recognition.run(Recognizer.sample, data, [(Box(*face.box), face.angle) for face in found])
        except (discord.HTTPException, PictureError, RecognitionError) as error:
            log.warning("Picture %s cannot be learned from: %s", found[0].picture_id, error)
            continue
        yield {face.id: cut for face, cut in zip(found, cuts, strict=True)}


async def read_picture(bot: Koredare, picture: Picture) -> bytes:
    """The bytes of a posted picture, from Discord.

    Raises
    ------
    discord.HTTPException, RecognitionError
        It is there no more.
    """
    if picture.message_id is not None and picture.channel_id is not None:
        channel = bot.get_partial_messageable(picture.channel_id)
        # Asked for anew, because the addresses of attachments expire.
        message = await channel.fetch_message(picture.message_id)
        for attachment in message.attachments:
            if attachment.id == picture.attachment_id:
                return await attachment.read()
    # Uploaded with a slash command: in no message, but at its address for as long as Discord keeps it.
    if picture.url is None:
        raise RecognitionError("Its message does not have it any more.")
    return await bot.http.get_from_cdn(picture.url)
