"""Keeping nothing for longer than the operator allows."""

import logging
from datetime import timedelta

from bot import clock
from bot.config import Settings
from bot.database import old_pictures
from bot.database.engine import Database
from bot.database.old_pictures import Expired
from bot.privacy import forgetting

log = logging.getLogger(__name__)


async def enforce(settings: Settings, database: Database) -> Expired:
    """Forget pictures that are older than `[privacy] retention_days`, and what they have left on the disk.

    Raises
    ------
    DatabaseBusy
        Nothing was done.
    """
    days = settings.privacy.retention_days
    before = clock.now() - timedelta(days=days)
    async with database.writing() as session:
        expired = await old_pictures.expire(session, before=before)
    if expired.pictures:
        await forgetting.scrub(settings, database)
        log.info(
            "Forgot %s pictures posted over %s days ago, and %s faces of them that were kept to learn from. Models "
            "made with these answer until the next retraining, which goes without them.",
            expired.pictures,
            days,
            expired.samples,
        )
    return expired
