"""How a model came along: faces named rightly and strangers left unnamed, version by version."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ml.drawing.colours import Colour
from ml.drawing.sheet import LINE, QUIET, RIGHT, WRONG, Sheet
from ml.drawing.wording import Wording
from ml.measuring.scores import Score

_LEFT: Final = 70
_TOP: Final = 112
_HEIGHT: Final = 260
_STEP: Final = 46.0  # least points between versions
_ROOM: Final = 390  # that a few versions share; narrow, so that a phone shows the letters large
_MOST: Final = 40  # the newest


@dataclass(frozen=True, slots=True)
class Milestone:
    """One version: its name, whether it answers, and what was measured of it when it was made."""

    name: str
    active: bool
    naming: Score
    strangers: Score


def draw(milestones: Sequence[Milestone], words: Wording) -> bytes:
    """Draw a PNG: two lines over the versions, oldest first, with 95 % intervals (Wilson); the active one is marked.

    Each version was measured on the faces that were held out in its time, so that neighbours are nearly comparable
    and distant ones are not.
    """
    shown = milestones[-_MOST:]
    step = max(_STEP, _ROOM / max(1, len(shown)))
    right = _LEFT + step * len(shown)
    sheet = Sheet(right + 30, _TOP + _HEIGHT + 76)
    sheet.text(28, 40, words("chart-history"), size=20, bold=True)
    sheet.text(28, 62, words("chart-history-below"), colour=QUIET)
    x = 28.0
    for colour, said in ((RIGHT, words("chart-named")), (WRONG, words("chart-strangers"))):
        sheet.dot(x + 5, 86, 4.5, colour)
        x += 16 + sheet.text(x + 16, 86, said, size=11, colour=QUIET, anchor="lm") + 22
    for mark in range(5):
        y = _y(mark / 4)
        sheet.rectangle(_LEFT, y - 0.5, right - _LEFT, 1, LINE)
        sheet.text(_LEFT - 10, y, f"{mark / 4:.0%}", size=11, colour=QUIET, anchor="rm")
    _line(sheet, [each.strangers for each in shown], WRONG, step=step, aside=5)
    _line(sheet, [each.naming for each in shown], RIGHT, step=step, aside=-5)
    for i, each in enumerate(shown):
        x = _LEFT + step * (i + 0.5)
        sheet.text(x, _y(0) + 22, each.name, size=12, anchor="ms", bold=each.active)
        sheet.text(x, _y(0) + 38, words("chart-faces", faces=each.naming.total), size=10, colour=QUIET, anchor="ms")
        if each.active:
            sheet.text(x, _y(0) + 54, words("chart-answers"), size=10, colour=QUIET, anchor="ms")
    return sheet.png()


def _line(sheet: Sheet, scores: Sequence[Score], colour: Colour, *, step: float, aside: float) -> None:
    points = [
        (_LEFT + step * (i + 0.5) + aside, score, score.rate)
        for i, score in enumerate(scores)
        if score.rate is not None
    ]
    rates = [(x, _y(rate)) for x, _, rate in points]
    for (x1, y1), (x2, y2) in pairwise(rates):
        sheet.line(x1, y1, x2, y2, colour, width=1.5)
    for x, score, rate in points:
        low, high = score.interval
        sheet.line(x, _y(low), x, _y(high), colour, width=1)
        for end in (low, high):
            sheet.line(x - 3, _y(end), x + 3, _y(end), colour, width=1)
        sheet.dot(x, _y(rate), 4, colour)


def _y(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)
