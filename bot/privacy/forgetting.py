"""Forgetting a person, at once and everywhere: database, its copies, and what a retraining left on the disk."""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.client import Koredare
from bot.config import Settings
from bot.database import Database, consents, corrections, erasing, examples
from bot.database.erasing import Held
from bot.database.pictures import Face

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of forgetting a person.

    Attributes
    ----------
    held
        What was held of them, and is gone.
    dropped
        What the next retrainings learn from no more, over all guilds: faces of each character. These were in
        their pictures, or bore their name because this person said so.
    faces
        Of others, of which they spoke, in the latest answers: these are to be brought up to date.
    scrubbed
        The traces on the disk are gone too; if not, they will be, as `Database.scrub` has it.
    """

    held: Held
    dropped: dict[str, int]
    faces: list[Face]
    scrubbed: bool


async def forget(bot: Koredare, user_id: int) -> Forgotten:
    """Forget a person; show the faces of the result afterwards.

    Raises
    ------
    DatabaseBusy
        Nothing was done.
    """
    await asyncio.to_thread(clock.mark, _mark(bot.settings))
    async with bot.telling("forgotten", user_id) as session:
        held = await erasing.held(session, user_id)
        guilds = await erasing.guilds_of(session, user_id)
        faces = await corrections.spoken_of(session, user_id)
        before = await _names(bot, session, guilds)
        await erasing.forget(session, user_id)
        after = await _names(bot, session, guilds)
    # From here on nothing may fail any more: it would be said that they are not forgotten.
    dropped = Counter(name for face, name in before.items() if after.get(face) != name)
    scrubbed = await scrub(bot.settings, bot.database)
    return Forgotten(held, dict(dropped.most_common()), faces, scrubbed)


async def latest(settings: Settings, database: Database) -> datetime | None:
    """When somebody was forgotten last, by whatever process; None: nobody was.

    What they said by reactions stands in chat still, and in no ledger: it must not be taken for what was missed.
    """
    async with database.reading() as session:
        elsewhere = await consents.latest_forgetting(session)
    here = await asyncio.to_thread(clock.marked, _mark(settings))
    return max(filter(None, (here, elsewhere)), default=None)


def _mark(settings: Settings) -> Path:
    """An empty file that tells by its time; whoever says yes later leaves no other trace of it."""
    return settings.home / "forgotten"


async def _names(bot: Koredare, session: AsyncSession, guilds: list[int]) -> dict[tuple[int, int], str]:
    """The name of each example of these guilds, by guild and face."""
    found: dict[tuple[int, int], str] = {}
    for guild_id in guilds:
        names = await examples.names(session, guild_id=guild_id, quorum=bot.at(guild_id).quorum)
        found |= {(guild_id, face): name for face, name in names.items()}
    return found


async def scrub(settings: Settings, database: Database) -> bool:
    """Remove what deleted rows have left on the disk; gives whether that is done, as `Database.scrub`.

    A retraining under way has read its examples, or fails for want of them and says so.
    """
    await asyncio.to_thread(_remove_staged, settings.home)
    return await database.scrub()


def _remove_staged(home: Path) -> None:
    """Remove what retrainings have written down of the examples that they read."""
    try:
        for models in ("models", "cache/models"):  # where models lie in a store
            for left in home.glob(f"{models}/*/.staging-*/*"):
                if left.is_file():
                    left.unlink(missing_ok=True)
    except FileNotFoundError:  # a retraining ended at this moment, and has removed its own
        _remove_staged(home)
    except OSError:
        log.exception("What retrainings have left cannot be removed")
