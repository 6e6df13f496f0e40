"""What the ids of a review's menus hold: when it began, and the faces that they are about."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Self

ABOUT: Final = r"(?P<since>[0-9a-z]{1,7}):(?P<faces>[0-9a-z.]*)"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class About:
    """When a review began, and some faces; as text short enough for the 100 characters that Discord has for an id.

    Examples
    --------
    >>> str(About(datetime(2026, 11, 23, tzinfo=UTC), [7, 1000]))
    'toxhc0:7.rs'
    """

    def __init__(self, since: datetime, faces: Sequence[int]) -> None:
        self.since, self.faces = since, tuple(faces)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Read what `str` wrote, from a match of `ABOUT`; what no database could hold is left out."""
        faces = [face for each in match["faces"].split(".") if each and (face := int(each, 36)) < 2**63]
        return cls(datetime.fromtimestamp(int(match["since"], 36), UTC), faces)

    def __str__(self) -> str:
        return f"{_base36(int(self.since.timestamp()))}:{'.'.join(map(_base36, self.faces))}"


def _base36(number: int) -> str:
    return (_base36(number // 36) if number >= 36 else "") + _DIGITS[number % 36]
