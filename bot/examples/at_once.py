"""What trusted examples change before the next retraining: they count from the next picture on, and while trusted."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.client import Place, Since, Taught
from bot.database import characters, examples, moved
from bot.database.examples import Example
from bot.recognition import worker
from ml.errors import KoredareError
from ml.naming.learned import Learned
from ml.naming.names import Names
from ml.training.at_once import Lesson
from ml.versions.charge import InCharge

log = logging.getLogger(__name__)


_HELD: Final = 100_000  # examples in memory, of all places together: 130 MB


async def taught(session: AsyncSession, place: Place, charge: InCharge) -> Taught:
    """What a place learns from and what its characters are called, for `since`.

    It is read anew where anything was said, taken back, renamed or forgotten since it was last asked for: of those
    characters whose examples may be others by that, so that it takes no longer the more there ever were.
    """
    rules = place.quorum, place.consent
    seen = await moved.stamp(session, place.id), _answering(charge), rules
    held = place.bot.since.get(place.id)
    before = held and held.taught
    if before is not None and before.seen == seen:
        return before
    changed: frozenset[int] | None = None
    if before is not None and before.lessons is not None and before.seen[2] == rules:
        changed = await moved.since(session, place.id, before.seen[0])
    of_whom = await _lessons(session, place, of=changed)
    if before is None or before.lessons is None or changed is None:
        return Taught(seen, await characters.names(session, guild_id=place.id), of_whom)
    others = {who: theirs for who, theirs in before.lessons.items() if who not in changed}
    return Taught(seen, before.names, others | of_whom)


async def since(place: Place, charge: InCharge, taught: Taught) -> Since:
    """What was learned in a place of what it taught since the version was made that answers there."""
    before = place.bot.since.get(place.id)
    if before is not None and before.taught is taught:
        return before
    # Elsewhere people teach too: with what was taught here as it was, nothing need be learned again.
    if before is not None and _content(before.taught) == _content(taught):
        learned = before.learned
    else:
        lessons = [each for theirs in (taught.lessons or {}).values() for each in theirs]
        try:
            learned = await _learned(place, charge, lessons, taught.names)
        except KoredareError as error:  # the version alone answers; the next picture tries again
            log.warning("What was learned in %s since the last retraining does not count: %s", place.id, error)
            return Since(taught, None)
    found = place.bot.since[place.id] = Since(taught, learned)
    _let_go(place.bot.since, place.id)
    return found


def _answering(charge: InCharge) -> object:
    return charge.version and charge.version.folder, charge.damaged


def _content(taught: Taught) -> object:
    return taught.seen[1], taught.names, taught.lessons


async def _lessons(session: AsyncSession, place: Place, *, of: frozenset[int] | None) -> dict[int, tuple[Lesson, ...]]:
    """What a place learns from, by character; `of`: of these alone."""
    if of is not None and not of:
        return {}
    found: dict[int, list[Lesson]] = defaultdict(list)
    for each in await examples.examples(session, guild_id=place.id, quorum=place.quorum, of=of):
        if place.consent != "never" or each.source == "import":
            found[each.character_id].append(_lesson(each))
    return {who: tuple(theirs) for who, theirs in found.items()}


def _let_go(held: dict[int, Since], latest: int) -> None:
    """Hold no more examples than there is room for, those of the places that asked last."""
    held[latest] = held.pop(latest)
    left = _HELD
    for place_id in reversed(held):
        theirs = held[place_id].taught
        left -= sum(map(len, (theirs.lessons or {}).values()))
        if left < 0 and theirs.lessons is not None:
            held[place_id] = replace(held[place_id], taught=replace(theirs, lessons=None))


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
