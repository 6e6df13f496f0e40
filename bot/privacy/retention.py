"""Keeping nothing for longer than the operator allows."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.config import Settings
from bot.database import old_pictures
from bot.database.engine import Database
from bot.database.old_pictures import Expired
from bot.privacy import forgetting

log = logging.getLogger(__name__)


async def enforce(settings: Settings, database: Database, *, now: datetime) -> Expired:
    """Forget pictures that are older than `[privacy] retention_days`, and what they have left on the disk.

    The disk is swept also where nothing is old: the last time may have been kept from it.

    Raises
    ------
    DatabaseBusy
        The rows are gone, but somebody kept reading or writing; the next time will sweep.
    """
    days = settings.privacy.retention_days
    async with database.writing() as session:
        expired = await old_pictures.expire(session, before=now - timedelta(days=days))
    await asyncio.to_thread(forgetting.scrub, settings)
    if expired.pictures:
        log.info(
            "Forgot %s pictures posted over %s days ago, and %s faces of them that were kept to learn from. Models "
            "made with these answer until the next retraining, which goes without them.",
            expired.pictures,
            days,
            expired.samples,
        )
    return expired
