"""When a model is retrained by itself."""

from datetime import datetime

from bot.config.hours import zone
from bot.config.tables import RetrainingSettings


def is_due(chosen: RetrainingSettings, *, now: datetime, since: datetime | None, corrections: int) -> bool:
    """Whether a model should be retrained now, without anybody asking for it.

    Parameters
    ----------
    now
        Aware.
    since
        When the first was said, aware, that the last retraining did not know of; None: nothing.
    corrections
        How much has been said, or taken back, since then; without any, another retraining would find the same.
    """
    if since is None or not corrections:
        return False
    if chosen.quiet is not None and now.astimezone(zone(chosen.time_zone)).time() in chosen.quiet:
        return False
    enough = 0 < chosen.after_corrections <= corrections
    late = chosen.every is not None and now - since >= chosen.every
    return enough or late
