"""From a trusted name to an example: the picture is read again, and the face kept to learn from."""

import logging
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager

from bot import disk
from bot.chat import posted
from bot.client import Place
from bot.database import examples, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.pictures import Face

log = logging.getLogger(__name__)


async def learn(place: Place, faces: Iterable[Face]) -> int:
    """Make an example of each of these faces whose name is trusted and whose poster agreed; gives how many are new.

    Of most, nothing was kept until now: their pictures are read from Discord again. One that is gone is passed over,
    and tried again with the next retraining; so are all where the disk is nearly full.
    """
    return await _learn(place, among=[face.spoken_of for face in faces])


async def learn_all(place: Place) -> int:
    """As `learn`, of all faces of a place: after a yes to the question for consent, and before a retraining."""
    return await _learn(place, among=None)


async def _learn(place: Place, *, among: Sequence[int] | None) -> int:
    if place.consent == "never":
        return 0
    quorum = place.quorum
    async with place.database.reading() as session:
        ready = await examples.ready(session, guild_id=place.id, quorum=quorum, among=among)
        kept = await samples.kept(session, [face.id for face in ready]) if ready else []
    learned = 0
    if kept:
        async with place.database.writing() as session:
            for face_id in kept:
                with _spoken_meanwhile(face_id):
                    await examples.settle(session, face_id, quorum=quorum)
                    learned += 1
    if len(kept) == len(ready) or not disk.enough(place.bot.settings.home, what="No face is kept to learn from"):
        return learned
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
