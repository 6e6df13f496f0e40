"""What a retraining changed: each character's share of faces named rightly, before and after."""

from typing import Final

from ml.drawing.sheet import INK, LINE, QUIET, RIGHT, WRONG, Sheet, width_of
from ml.measuring.scores import Score
from ml.naming.names import plain
from ml.training.report import Report

_WIDTH: Final = 460  # narrow, so that a phone shows the letters large
_ROW: Final = 26
_TOP: Final = 112
_MOST: Final = 30  # characters: more could not be read
_NAMES: Final = (70, 150)  # least and most points


def draw(report: Report) -> bytes:
    """Draw a PNG: a line for each measured character from its rate before (ring) to that after (dot, with N).

    Blue got better or stayed, orange got worse. Above them all faces set aside, and the strangers left unnamed;
    their 95 % intervals are drawn, those of single characters would fill the chart.
    """
    rows = [
        ("all faces set aside", report.naming.before, report.naming.after),
        ("strangers left unnamed", report.strangers.before, report.strangers.after),
    ]
    measured = [each for each in report.characters if each.after.total]
    changed = sorted(measured, key=lambda each: (-abs(each.after.right - each.before.right), each.name))[:_MOST]
    listed = [(plain(each.name), each.before, each.after) for each in sorted(changed, key=lambda c: c.name)]
    side = min(_NAMES[1], max([_NAMES[0], *(width_of(name, 12) * 1.05 for name, _, _ in (*rows, *listed))]))
    sheet = Sheet(_WIDTH, _TOP + _ROW * (len(rows) + len(listed)) + (14 if listed else 0) + 40)
    first = report.verdict == "first"

    sheet.text(28, 40, "What this retraining came to" if first else "Before and after", size=20, bold=True)
    hidden = len(measured) - len(listed)
    more = f"; {hidden} characters changed less" if hidden else ""
    sheet.text(28, 62, f"answered rightly, of faces kept from training{more}", colour=QUIET)
    left, right = 28 + side + 16, _WIDTH - 138
    _scale(sheet, left, right, below=_TOP + _ROW * (len(rows) + len(listed)) + (14 if listed else 0))
    _legend(sheet, 28, first=first)
    y = _TOP + _ROW / 2
    for number, (name, before, after) in enumerate((*rows, *listed)):
        if number == len(rows):
            y += 14
        total = number < len(rows)
        sheet.text(left - 14, y, name, anchor="rm", room=side, bold=total)
        _row(sheet, y, None if first else before, after, ends=(left, right), interval=total)
        y += _ROW
    return sheet.png()


def _row(
    sheet: Sheet, y: float, before: Score | None, after: Score, *, ends: tuple[float, float], interval: bool
) -> None:
    left, right = ends
    if after.rate is None:
        sheet.text(left, y, "none to measure", size=11, colour=QUIET, anchor="lm")
        return
    x = left + (right - left) * after.rate
    was = None if before is None else before.rate
    colour = WRONG if was is not None and was > after.rate else RIGHT
    if interval:
        low, high = (left + (right - left) * bound for bound in after.interval)
        sheet.line(low, y, high, y, LINE, width=6)
    if was is not None:
        start = left + (right - left) * was
        sheet.line(start, y, x, y, colour, width=2)
        sheet.dot(start, y, 4.5, colour)
        sheet.dot(start, y, 1.5, (255, 255, 255))
    sheet.dot(x, y, 4.5, colour)
    words = f"{after.rate:.0%} of {after.total}" if was is None else f"{was:.0%} → {after.rate:.0%} of {after.total}"
    sheet.text(right + 12, y, words, size=11, anchor="lm", room=130)


def _scale(sheet: Sheet, left: float, right: float, *, below: float) -> None:
    for step in range(5):
        x = left + (right - left) * step / 4
        sheet.rectangle(x - 0.25, _TOP - 4, 0.5, below - _TOP + 8, LINE)
        if step % 2 == 0:
            sheet.text(x, below + 22, f"{step / 4:.0%}", size=11, colour=QUIET, anchor="ms")


def _legend(sheet: Sheet, x: float, *, first: bool) -> None:
    if first:
        return
    y = 88.0
    for colour, words in ((RIGHT, "no worse"), (WRONG, "worse")):
        sheet.line(x + 4, y, x + 22, y, colour, width=2)
        sheet.dot(x + 4, y, 4.5, colour)
        sheet.dot(x + 4, y, 1.5, (255, 255, 255))
        sheet.dot(x + 22, y, 4.5, colour)
        x += 34
        x += sheet.text(x, y, f"before, after: {words}", size=11, colour=INK, anchor="lm") + 22
