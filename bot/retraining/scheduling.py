"""When a model is retrained by itself."""

from datetime import datetime

from bot.config import RetrainingSettings
from bot.hours import zone


def is_due(chosen: RetrainingSettings, *, now: datetime, last: datetime | None, corrections: int) -> bool:
    """Whether a model should be retrained now, without anybody asking for it.

    Parameters
    ----------
    now
        Aware.
    last
        When it was last retrained, aware, whether or not that published anything; None: never.
    corrections
        How much has been said, or taken back, since then; without any, another retraining would find the same.
    """
    if not corrections or (chosen.quiet is not None and now.astimezone(zone(chosen.time_zone)).time() in chosen.quiet):
        return False
    enough = 0 < chosen.after_corrections <= corrections
    late = chosen.every is not None and (last is None or now - last >= chosen.every)
    return enough or late
