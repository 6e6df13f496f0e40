"""Lengths of time and hours of the day, as an operator writes them."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DURATION = re.compile(r"(\d+)\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_HOURS = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Some hours of every day, from `begin` until just before `end`, over midnight where that is earlier."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: object) -> "Hours | None":
        """Read "23:00-07:00"; None where it is empty.

        Raises
        ------
        ValueError
            It is something else; the message says what is accepted.
        """
        match = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            if text in ("", None):
                return None
            raise ValueError('two times of the day are wanted, as "23:00-07:00", or nothing')
        try:
            begin, end = (datetime.strptime(each, "%H:%M").time() for each in match.groups())  # noqa: DTZ007  of any day
        except ValueError as error:
            raise ValueError(f"{text} is no two times of a day, which go from 0:00 to 23:59") from error
        if begin == end:
            raise ValueError("it ends when it begins: leave it empty, or name two different times")
        return cls(begin, end)

    def __contains__(self, moment: time) -> bool:
        if self.begin < self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end


def duration(text: object) -> timedelta | None:
    """Read "30m", "24h" or "7d"; None where it is empty.

    Raises
    ------
    ValueError
        It is something else, or no time at all; the message says what is accepted.
    """
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        if text in ("", None):
            return None
        raise ValueError('minutes, hours or days are wanted, as "30m", "24h" or "7d", or nothing')
    try:
        length = int(match[1]) * _UNITS[match[2]]
    except (ValueError, OverflowError) as error:
        raise ValueError("that is longer than anybody waits; leave it empty for never") from error
    if not length:
        raise ValueError("that is no time at all; leave it empty for never")
    return length


def check_zone(name: str) -> str:
    """Give back the name of a time zone that this machine knows; empty is its own.

    Raises
    ------
    ValueError
        It knows none of that name.
    """
    try:
        zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'{name!r} is no time zone that I know; they are named like "Europe/Berlin"') from error
    return name


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name; None, which `datetime.astimezone` takes for the machine's own, where it is empty."""
    return ZoneInfo(name) if name else None
