"""The reliability diagram: whether confidences keep what they promise."""

from typing import Final

from ml.drawing.sheet import GROUND, INK, LINE, PAPER, QUIET, RIGHT, WRONG, Sheet, mixed
from ml.measuring.reliability import Bin, Reliability

_WIDTH: Final = 560
_LEFT: Final = 76
_TOP: Final = 104
_SIDE: Final = 420
_COUNTS: Final = 84  # height of the histogram


def draw(found: Reliability, *, model: str) -> bytes:
    """Draw the diagram as a PNG.

    Above: for each bin of confidence, the share of right names with its 95 % interval, against the line on which
    they would be the same. Below: how many faces are in each bin.
    """
    below = _TOP + _SIDE + 26
    sheet = Sheet(_WIDTH, below + _COUNTS + 86)
    sheet.text(28, 40, "Does the confidence keep its promise?", size=20, bold=True)
    known = sum(each.known for each in found.bins)
    who = f"{known} faces of known characters, {found.faces - known} of strangers"
    alike = "" if found.error_alike is None else f", {found.error_alike:.3f} if both kinds count alike"
    sheet.text(28, 62, f"model {model} · {who}", colour=QUIET)
    error = f"calibration error (ECE) {found.error:.3f}{alike}; by chance up to {found.by_chance:.3f}"
    sheet.text(28, 80, error, colour=QUIET, room=_WIDTH - 56)
    _grid(sheet, below)
    most = max(1, *(each.right.total for each in found.bins))
    for each in found.bins:
        _column(sheet, each, below, most)
    for each in found.bins:
        _point(sheet, each)
    _legend(sheet, below + _COUNTS + 66)
    sheet.text(_LEFT + _SIDE / 2, below + _COUNTS + 42, "confidence shown", colour=QUIET, anchor="ms")
    sheet.text(26, _TOP + _SIDE / 2, "names that were right", colour=QUIET, anchor="mm", upwards=True)
    sheet.text(26, below + _COUNTS / 2, "faces", colour=QUIET, anchor="mm", upwards=True)
    return sheet.png()


def _legend(sheet: Sheet, y: float) -> None:
    x = float(_LEFT)
    shades = (
        (mixed(RIGHT, 0.6), "known characters"),
        (mixed(INK, 0.3), "strangers"),
        (mixed(WRONG, 0.35), "promise and truth apart"),
    )
    for colour, words in shades:
        sheet.rectangle(x, y - 10, 12, 12, colour)
        x += 18 + sheet.text(x + 18, y, words, size=11, colour=QUIET) + 20


def _grid(sheet: Sheet, below: float) -> None:
    sheet.rectangle(_LEFT, _TOP, _SIDE, _SIDE, GROUND)
    for step in range(6):
        share = step / 5
        x, y = _LEFT + _SIDE * share, _TOP + _SIDE * (1 - share)
        sheet.rectangle(_LEFT, y - 0.5, _SIDE, 1, PAPER)
        sheet.rectangle(x - 0.5, _TOP, 1, _SIDE, PAPER)
        sheet.text(_LEFT - 10, y, f"{share:.0%}", size=11, colour=QUIET, anchor="rm")
        sheet.text(x, below + _COUNTS + 20, f"{share:.0%}", size=11, colour=QUIET, anchor="ms")
    sheet.dashes(_LEFT, _TOP + _SIDE, _LEFT + _SIDE, _TOP, QUIET)


def _column(sheet: Sheet, each: Bin, below: float, most: int) -> None:
    """The gap between promise and truth, above; the number of faces, below."""
    x, wide = _LEFT + _SIDE * each.low, _SIDE * (each.high - each.low)
    tall = (_COUNTS - 16) * each.right.total / most
    of_known = tall * each.known / max(1, each.right.total)
    sheet.rectangle(x + 2, below + _COUNTS - tall, wide - 4, tall - of_known, mixed(INK, 0.3))
    sheet.rectangle(x + 2, below + _COUNTS - of_known, wide - 4, of_known, mixed(RIGHT, 0.6))
    sheet.rectangle(x + 2, below + _COUNTS - 0.5, wide - 4, 1, LINE)
    if each.confidence is None or each.right.rate is None:
        return
    sheet.text(x + wide / 2, below + _COUNTS - tall - 4, str(each.right.total), size=10, colour=QUIET, anchor="ms")
    high, low = max(each.confidence, each.right.rate), min(each.confidence, each.right.rate)
    sheet.rectangle(x + 2, _y(high), wide - 4, _y(low) - _y(high), mixed(WRONG, 0.35))


def _point(sheet: Sheet, each: Bin) -> None:
    if each.confidence is None or each.right.rate is None:
        return
    x, y = _LEFT + _SIDE * each.confidence, _y(each.right.rate)
    low, high = each.right.interval
    sheet.line(x, _y(low), x, _y(high), INK, width=1.2)
    for end in (low, high):
        sheet.line(x - 4, _y(end), x + 4, _y(end), INK, width=1.2)
    sheet.dot(x, y, 4.5, RIGHT)


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
