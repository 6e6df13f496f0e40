"""What a retraining changed: each character's share of faces named rightly, before and after."""

from typing import Final

from ml.drawing.sheet import INK, LINE, QUIET, RIGHT, WRONG, Sheet, width_of
from ml.drawing.wording import Wording
from ml.measuring.scores import Score
from ml.naming.names import plain
from ml.training.report import Report

_WIDTH: Final = 460  # narrow, so that a phone shows the letters large
_ROW: Final = 26
_TOP: Final = 112
_MOST: Final = 30  # characters: more could not be read
_NAMES: Final = (70, 150)  # least and most points


def draw(report: Report, words: Wording) -> bytes:
    """Draw a PNG: a line for each measured character from its rate before (ring) to that after (dot, with N).

    Blue got better or stayed, orange got worse. Above them all faces held out, and the strangers left unnamed;
    their 95 % intervals are drawn, those of single characters would fill the chart.
    """
    rows = [
        (words("chart-all"), report.naming.before, report.naming.after),
        (words("chart-strangers"), report.strangers.before, report.strangers.after),
    ]
    measured = [each for each in report.characters if each.after.total]
    changed = sorted(measured, key=lambda each: (-abs(each.after.right - each.before.right), each.name))[:_MOST]
    listed = [(plain(each.name), each.before, each.after) for each in sorted(changed, key=lambda c: c.name)]
    side = min(_NAMES[1], max([_NAMES[0], *(width_of(name, 12) * 1.05 for name, _, _ in (*rows, *listed))]))
    sheet = Sheet(_WIDTH, _TOP + _ROW * (len(rows) + len(listed)) + (14 if listed else 0) + 40)
    first = report.verdict == "first"

    sheet.text(28, 40, words("chart-first") if first else words("chart-changes"), size=20, bold=True)
    hidden = len(measured) - len(listed)
    sheet.text(28, 62, words("chart-changes-below", hidden=hidden), colour=QUIET, room=_WIDTH - 56)
    left, right = 28 + side + 16, _WIDTH - 138
    _scale(sheet, left, right, below=_TOP + _ROW * (len(rows) + len(listed)) + (14 if listed else 0))
    if not first:
        _legend(sheet, 28, words)
    y = _TOP + _ROW / 2
    for number, (name, before, after) in enumerate((*rows, *listed)):
        if number == len(rows):
            y += 14
        total = number < len(rows)
        sheet.text(left - 14, y, name, anchor="rm", room=side, bold=total)
        _row(sheet, y, None if first else before, after, words, ends=(left, right), interval=total)
        y += _ROW
    return sheet.png()


def _row(
    sheet: Sheet,
    y: float,
    before: Score | None,
    after: Score,
    words: Wording,
    *,
    ends: tuple[float, float],
    interval: bool,
) -> None:
    left, right = ends
    if after.rate is None:
        sheet.text(left, y, words("chart-none"), size=11, colour=QUIET, anchor="lm")
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
    if before is None or was is None or before == after:
        said = words("chart-of", share=_share(after), total=after.total)
    else:
        said = words("chart-from-to", before=_share(before), share=_share(after), total=after.total)
    sheet.text(right + 12, y, said, size=11, anchor="lm", room=130)


def _share(score: Score) -> str:
    """In percent only where there are enough to speak of percent."""
    return f"{score.right}" if score.few or score.rate is None else f"{score.rate:.0%}"


def _scale(sheet: Sheet, left: float, right: float, *, below: float) -> None:
    for step in range(5):
        x = left + (right - left) * step / 4
        sheet.rectangle(x - 0.25, _TOP - 4, 0.5, below - _TOP + 8, LINE)
        if step % 2 == 0:
            sheet.text(x, below + 22, f"{step / 4:.0%}", size=11, colour=QUIET, anchor="ms")


def _legend(sheet: Sheet, x: float, words: Wording) -> None:
    y = 88.0
    for colour, said in ((RIGHT, words("chart-no-worse")), (WRONG, words("chart-worse"))):
        sheet.line(x + 4, y, x + 22, y, colour, width=2)
        sheet.dot(x + 4, y, 4.5, colour)
        sheet.dot(x + 4, y, 1.5, (255, 255, 255))
        sheet.dot(x + 22, y, 4.5, colour)
        x += 34
        x += sheet.text(x, y, said, size=11, colour=INK, anchor="lm") + 22
