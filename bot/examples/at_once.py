"""What trusted examples change before the next retraining: they count from the next picture on, and while trusted."""

import logging

from bot.client import Place
from bot.database import characters, examples
from bot.recognition import worker
from bot.recognition.pool import recognizer_settings
from ml.errors import KoredareError
from ml.naming.learned import Learned
from ml.training.at_once import Lesson
from ml.versions.registry import InCharge

log = logging.getLogger(__name__)


async def learned(place: Place, charge: InCharge) -> Learned | None:
    """What was learned in a place since the version was made that answers there; None: nothing.

    It is made anew where anything was said, taken back or forgotten since it was last asked for.
    """
    if charge.version is None and charge.damaged is not None:
        return None  # whoever is told that nobody is named should find it so
    version = charge.version and charge.version.folder
    async with place.database.reading() as session:
        seen = (await examples.stamp(session), version, place.quorum, place.consent)
    before = place.bot.learned.get(place.id)
    if before is not None and before[0] == seen:
        return before[1]
    try:
        found = await _learned(place, charge)
    except KoredareError as error:  # faces are named as the version names them
        log.warning("What was learned in %s since the last retraining does not count: %s", place.id, error)
        found = None
    place.bot.learned[place.id] = seen, found
    return found


async def _learned(place: Place, charge: InCharge) -> Learned | None:
    async with place.database.reading() as session:
        trusted = await examples.examples(session, guild_id=place.id, quorum=place.quorum)
        called = await characters.names(session, guild_id=place.id)
    lessons = [
        Lesson(
            face=each.face_id,
            name=each.name,
            picture=each.picture_hash,
            embedding=each.embedding,
            embedder=each.embedder,
            held_out=each.held_out,
            trusted=each.trusted,
        )
        for each in trusted
        if place.consent != "never" or each.source == "import"
    ]
    return await place.recognition.run(
        worker.learn,
        lessons,
        version=charge.version and charge.version.folder,
        background=recognizer_settings(place.bot.settings).backbone.background,
        called=called,
    )
