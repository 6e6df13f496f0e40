"""What time it is: as the machine's clock says, or where that is wrong, as Discord does with each of its answers.

By a clock that is wrong pictures would be forgotten that are not old, and what is written down meanwhile would be
taken for old when it is put right. So there is one present moment for all that is written down, and what is deleted for
its age goes by what Discord said.
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

from ml.errors import KoredareError

log = logging.getLogger(__name__)

_WRONG: Final = timedelta(minutes=2)  # Discord's answers take a while, and tell whole seconds


class NoTime(KoredareError):
    """What time it is nobody knows but the machine's clock, which may be wrong."""

    def __init__(self) -> None:
        super().__init__("Discord has not said what time it is, so nothing is deleted for its age.")


class _Clock:
    """The machine's clock, and by how much Discord's last answer said that another than it is right.

    What passed since that answer is counted apart from the clock, which may leap.
    """

    def __init__(self) -> None:
        self._said: tuple[datetime, float] | None = None
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
        machine, said = datetime.now(UTC), self.said()
        return machine if said is None or abs(machine - said) <= _WRONG else said

    def said(self) -> datetime | None:
        if self._said is None:
            return None
        moment, then = self._said
        return moment + timedelta(seconds=_passed() - then)


_clock: Final = _Clock()  # there is one time


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _clock.tell()


def ago(age: timedelta) -> datetime:
    """The moment before which whatever is older than that was made, to delete it for its age.

    Raises
    ------
    NoTime
        Discord has not said what time it is since this process began.
    """
    if (said := _clock.said()) is None:
        raise NoTime
    return said - age


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


def _passed() -> float:
    """Seconds that passed, also while the machine slept."""
    if sys.platform == "win32":
        return time.monotonic()
    which: Any = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(which)
