"""What trusted examples change before the next retraining: they count from the next picture on, and while trusted."""

import logging

from bot.client import Place, Since
from bot.database import characters, examples
from bot.database.characters import Names
from bot.recognition import worker
from bot.recognition.pool import recognizer_settings
from ml.errors import KoredareError
from ml.naming.learned import Learned
from ml.training.at_once import Lesson
from ml.versions.registry import InCharge

log = logging.getLogger(__name__)


async def since(place: Place, charge: InCharge) -> Since:
    """What was learned and renamed in a place since the version was made that answers there.

    It is looked up anew where anything was said, taken back, renamed or forgotten since it was last asked for.
    """
    version = charge.version and charge.version.folder
    async with place.database.reading() as session:
        seen = (await examples.stamp(session), version, place.quorum, place.consent)
        before = place.bot.since.get(place.id)
        if before is not None and before.seen == seen:
            return before
        names = await characters.names(session, guild_id=place.id)
    found = Since(seen, names, await _learned(place, charge, names))
    place.bot.since[place.id] = found
    return found


async def _learned(place: Place, charge: InCharge, names: Names) -> Learned | None:
    if charge.version is None and charge.damaged is not None:
        return None  # whoever is told that nobody is named should find it so
    async with place.database.reading() as session:
        trusted = await examples.examples(session, guild_id=place.id, quorum=place.quorum)
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
    try:
        return await place.recognition.run(
            worker.learn,
            lessons,
            version=charge.version and charge.version.folder,
            background=recognizer_settings(place.bot.settings).backbone.background,
            called=names,
        )
    except KoredareError as error:  # faces are named as the version names them
        log.warning("What was learned in %s since the last retraining does not count: %s", place.id, error)
        return None
