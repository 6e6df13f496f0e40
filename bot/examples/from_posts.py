"""From a trusted name to an example: the picture is read again, and the face kept to learn from."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from bot.chat import posted
from bot.client import Place
from bot.database import examples, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled

log = logging.getLogger(__name__)


async def learn(place: Place) -> int:
    """Make an example of every face whose name is trusted and whose poster agreed; gives how many are new.

    Of most, nothing was kept until now: their pictures are read from Discord again. One that is gone is passed over,
    and tried again with the next retraining.
    """
    if place.consent == "never":
        return 0
    quorum = place.quorum
    async with place.database.reading() as session:
        ready = await examples.ready(session, guild_id=place.id, quorum=quorum)
        kept = await samples.kept(session, [face.id for face in ready])
    learned = 0
    async with place.database.writing() as session:
        for face_id in kept:
            with _spoken_meanwhile(face_id):
                await examples.settle(session, face_id, quorum=quorum)
                learned += 1
    async for found in posted.cut_again(place.bot, [face for face in ready if face.id not in kept]):
        async with place.database.writing() as session:
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
