"""From a trusted name to an example: the picture is read again, and the face kept to learn from."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from bot.chat import posted
from bot.client import Koredare
from bot.database import examples, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled

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
    async for found in posted.cut_again(bot, [face for face in ready if face.id not in kept]):
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
