"""Servers that the bot was taken out of: what is theirs goes, after a while or at once."""

import asyncio
import logging
from collections.abc import Collection
from datetime import timedelta

from bot import clock
from bot.config import Settings
from bot.database import departures, notices
from bot.database.engine import Database
from bot.privacy import forgetting

log = logging.getLogger(__name__)


async def notice(settings: Settings, database: Database, guild_ids: Collection[int]) -> None:
    """Compare the servers that the bot is in with those of which it has something, as far as we hold their shards."""
    async with database.writing() as session:
        await departures.back(session, guild_ids)
        missed = [each for each in await departures.missed(session, guild_ids) if settings.discord.holds(each)]
        for guild_id in missed:
            await departures.left(session, guild_id)
    for guild_id in missed:
        tell(settings, guild_id)


def tell(settings: Settings, guild_id: int) -> None:
    """Say in the log that the bot is in a server no more, and when its data goes."""
    days = settings.privacy.left_days
    when = f"goes in {days} days, unless I am let in again" if days else "stays"
    log.info(
        "I am not in server %s any more. Its data %s; at once: koredare forget --guild %s", guild_id, when, guild_id
    )


async def enforce(settings: Settings, database: Database) -> list[int]:
    """Delete what is theirs of servers that the bot left more than `[privacy] left_days` ago; gives which.

    Raises
    ------
    DatabaseError
        Of those that are left nothing was done.
    """
    before = clock.now() - timedelta(days=settings.privacy.left_days)
    async with database.reading() as session:
        due = await departures.due(session, before=before)
    for guild_id in due:
        await forget(settings, database, guild_id)
        log.info("Server %s is forgotten: I left it more than %s days ago.", guild_id, settings.privacy.left_days)
    return list(due)


async def forget(settings: Settings, database: Database, guild_id: int) -> bool:
    """Delete all that is a server's: rows, models, and what is left of them on the disk; gives whether that is done.

    The model that everybody shares learned nothing from it: that knows imports for everyone alone. If not all is
    overwritten on the disk yet, it will be, as `Database.scrub` has it.

    Raises
    ------
    DatabaseError, RegistryError
        Not all was done; it may be asked for again.
    """
    await asyncio.to_thread(settings.registry(guild_id).erase)  # first: what cannot be reached now is tried again
    async with database.writing() as session:
        await departures.erase(session, guild_id)
        await notices.tell(session, "settings", guild_id)
        await notices.tell(session, "model", guild_id)  # other machines let go of their copies
    return await forgetting.scrub(settings, database)
