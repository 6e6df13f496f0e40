"""Forgetting a person, at once and everywhere: database, its copies, and what a retraining left on the disk."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from bot.client import Koredare
from bot.config import Settings
from bot.database import corrections, erasing, examples
from bot.database.erasing import Held
from bot.database.pictures import Face


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
    """

    held: Held
    dropped: dict[str, int]
    faces: list[Face]


async def forget(bot: Koredare, user_id: int) -> Forgotten:
    """Forget a person; show the faces of the result afterwards.

    Raises
    ------
    DatabaseBusy
        The rows are gone, but the write-ahead log could not be emptied at once: somebody reads. Saying it again helps.
    """
    async with bot.database.reading() as session:
        held = await erasing.held(session, user_id)
        guilds = await erasing.guilds_of(session, user_id)
        faces = await corrections.spoken_of(session, user_id)
    before = await _names(bot, guilds)
    async with bot.database.writing() as session:
        await erasing.forget(session, user_id)
    bot.held.clear()
    await asyncio.to_thread(scrub, bot.settings)
    after = await _names(bot, guilds)
    dropped = Counter(name for face, name in before.items() if after.get(face) != name)
    return Forgotten(held, dict(dropped.most_common()), faces)


async def _names(bot: Koredare, guilds: list[int]) -> dict[tuple[int, int], str]:
    """The name of each example of these guilds, by guild and face."""
    found: dict[tuple[int, int], str] = {}
    for guild_id in guilds:
        async with bot.database.reading() as session:
            names = await examples.names(session, guild_id=guild_id, quorum=bot.at(guild_id).quorum)
        found |= {(guild_id, face): name for face, name in names.items()}
    return found


def scrub(settings: Settings) -> None:
    """Remove what deleted rows have left on the disk; blocks.

    A retraining under way has read its examples, or fails for want of them and says so.

    Raises
    ------
    DatabaseBusy
        As `bot.database.erasing.scrub`.
    """
    for left in settings.home.glob("models/*/.staging-*/*"):
        if left.is_file():
            left.unlink(missing_ok=True)
    erasing.scrub(settings.home)
