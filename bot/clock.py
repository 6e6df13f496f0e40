"""What time it is: as the machine's clock says, or where that is wrong, as Discord does with each of its answers.

By a clock that is wrong pictures would be forgotten that are not old, and what is written down meanwhile would be
taken for old when it is put right. So there is one present moment, for all that is written down or deleted for its age.
"""

import logging
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

log = logging.getLogger(__name__)

_WRONG: Final = timedelta(minutes=2)  # Discord's answers take a while, and tell whole seconds


def _passed() -> float:
    """Seconds that passed, also while the machine slept."""
    if sys.platform == "win32":
        return time.monotonic()
    which: Any = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(which)


class _Clock:
    """The machine's clock, and what Discord's last answer said; until there is one, what the clock did at the start.

    What passed since then is counted apart from the clock, which may leap.
    """

    def __init__(self) -> None:
        self._said = datetime.now(UTC), _passed()
        self._wrong = False

    def hear(self, moment: datetime) -> None:
        self._said = moment, _passed()
        off = datetime.now(UTC) - moment
        if self._wrong != (abs(off) > _WRONG):
            self._wrong = not self._wrong
            if self._wrong:
                how = "ahead of" if off > timedelta(0) else "behind"
                log.warning("The machine's clock is %s %s Discord's, by which I go.", abs(off), how)
            else:
                log.info("The machine's clock is right again.")

    def tell(self) -> datetime:
        moment, then = self._said
        said = moment + timedelta(seconds=_passed() - then)
        machine = datetime.now(UTC)
        return machine if abs(machine - said) <= _WRONG else said


_clock: Final = _Clock()  # there is one time


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _clock.tell()


def mark(file: Path) -> None:
    """Have an empty file tell that it is now, by its time."""
    file.touch()
    moment = now().timestamp()
    os.utime(file, (moment, moment))


def marked(file: Path) -> datetime | None:
    """What `mark` had a file tell; None: there is none."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def listening() -> aiohttp.TraceConfig:
    """What hears the time in the answers to all calls of a session."""
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_hear)
    return trace


async def _hear(_session: object, _context: object, ended: aiohttp.TraceRequestEndParams) -> None:
    # That of a picture may be of when it was put on the machine that gives it.
    told = ended.response.headers
    if "Age" not in told and (date := told.get("Date")) is not None:
        hear(date)


def hear(date: str) -> None:
    """Be told what time it is, as HTTP writes it: "Sat, 28 Nov 2026 13:21:22 GMT"; what is none is passed over."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return
    _clock.hear(moment.replace(tzinfo=UTC))
