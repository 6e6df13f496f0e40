"""What trusted examples change before the next retraining: they count from the next picture on, and while trusted."""

import logging
from collections.abc import Sequence

from bot.client import Place, Since
from bot.database import characters, examples, moved
from bot.database.characters import Names
from bot.database.examples import Example
from bot.recognition import worker
from ml.errors import KoredareError
from ml.naming.learned import Learned
from ml.training.at_once import Lesson
from ml.versions.charge import InCharge

log = logging.getLogger(__name__)


async def since(place: Place, charge: InCharge) -> Since:
    """What was learned and renamed in a place since the version was made that answers there.

    It is looked up anew where anything was said, taken back, renamed or forgotten since it was last asked for.
    """
    answering = charge.version and charge.version.folder, charge.damaged
    async with place.database.reading() as session:
        seen = (await moved.stamp(session, place.id), answering, place.quorum, place.consent)
        before = place.bot.since.get(place.id)
        if before is not None and before.seen == seen:
            return before
        names = await characters.names(session, guild_id=place.id)
        trusted = await examples.examples(session, guild_id=place.id, quorum=place.quorum)
    lessons = [_lesson(each) for each in trusted if place.consent != "never" or each.source == "import"]
    # Elsewhere people teach too: with what was taught here as it was, nothing need be learned again.
    taught = (
        answering,
        names,
        hash(tuple((each.face, each.name, each.embedder, each.held_out, each.trusted) for each in lessons)),
    )
    if before is not None and before.taught == taught:
        learned = before.learned
    else:
        try:
            learned = await _learned(place, charge, lessons, names)
        except KoredareError as error:  # the version alone answers; the next picture tries again
            log.warning("What was learned in %s since the last retraining does not count: %s", place.id, error)
            return Since(seen, taught, names, None)
    found = place.bot.since[place.id] = Since(seen, taught, names, learned)
    return found


def _lesson(example: Example) -> Lesson:
    return Lesson(
        face=example.face_id,
        name=example.name,
        picture=example.picture_hash,
        embedding=example.embedding,
        embedder=example.embedder,
        held_out=example.held_out,
        trusted=example.trusted,
    )


async def _learned(place: Place, charge: InCharge, lessons: Sequence[Lesson], names: Names) -> Learned | None:
    if charge.version is None and charge.damaged is not None:
        return None  # whoever is told that nobody is named should find it so
    return await place.recognition.run(
        worker.learn,
        lessons,
        version=charge.version and charge.version.folder,
        called=names,
    )
