"""The confusion matrix: who was called what."""

from typing import Final

from ml.drawing.colours import Colour
from ml.drawing.sheet import GROUND, INK, QUIET, RIGHT, WRONG, Sheet, ink_on, mixed, width_of
from ml.drawing.wording import Wording
from ml.measuring.judged import Confusion
from ml.measuring.scores import Score
from ml.naming.names import plain

_MOST: Final = 40  # rows, and columns besides "unknown": more could not be read
_MARGIN: Final = 28
_LABELS: Final = (60, 190)  # least and most points for names
_NEUTRAL: Final[Colour] = (122, 132, 144)


def draw(found: Confusion, words: Wording, *, about: str) -> bytes:
    """Draw the matrix as a PNG: a row for each true character, a column for each answer.

    Blue is right, orange is wrong, grey is "unknown" where a name would have been right; the deeper, the larger the
    share of the row.

    Parameters
    ----------
    about
        A line below the heading: which model, and how well it did.
    """
    rows, columns = _shown(found)
    cell = max(22.0, min(64.0, 560 / max(len(rows), len(columns))))
    letters = min(13.0, max(9.0, cell * 0.42))
    names = [plain(name) if (name := found.rows[row]) is not None else words("chart-no-name") for row in rows]
    answers = [
        plain(name) if (name := found.columns[column]) is not None else words("chart-unknown") for column in columns
    ]
    side = min(_LABELS[1], max([_LABELS[0], *(width_of(name, letters) for name in names)])) + 12
    top = min(_LABELS[1], max([_LABELS[0], *(width_of(name, letters) for name in answers)])) + 14
    hidden = len(found.rows) - len(rows)
    left, above = _MARGIN + 22 + side, (110 if hidden else 92) + top
    right = 96  # the column of totals
    width = max(470.0, left + cell * len(columns) + right + _MARGIN)
    sheet = Sheet(width, above + cell * len(rows) + 56)

    room = width - 2 * _MARGIN
    sheet.text(_MARGIN, 40, words("chart-confusion"), size=20, bold=True, room=room)
    sheet.text(_MARGIN, 62, about, size=12, colour=QUIET, room=room)
    if hidden:
        sheet.text(_MARGIN, 80, words("chart-rows-hidden", hidden=hidden), size=12, colour=QUIET, room=room)
    for i, answer in enumerate(answers):
        x = left + cell * (i + 0.5)
        quiet = columns[i] == len(found.columns) - 1
        colour = QUIET if quiet else INK
        sheet.text(x, above - 8, answer, size=letters, colour=colour, anchor="lm", room=top - 10, upwards=True)
    for j, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = above + cell * j
        colour = QUIET if found.rows[row] is None else INK
        sheet.text(left - 10, y + cell / 2, name, size=letters, colour=colour, anchor="rm", room=side - 10)
        _row(sheet, found, row, columns, words, corner=(left, y), cell=cell)
    sheet.text(
        left - side - 14, above + cell * len(rows) / 2, words("chart-true"), colour=QUIET, anchor="mm", upwards=True
    )
    sheet.text(left, above - top - 6, words("chart-called"), colour=QUIET)
    sheet.text(left + cell * len(columns) + 14, above - 8, words("chart-right"), size=letters, colour=QUIET)
    _legend(sheet, left, above + cell * len(rows) + 34, words)
    return sheet.png()


def _row(
    sheet: Sheet,
    found: Confusion,
    row: int,
    columns: list[int],
    words: Wording,
    *,
    corner: tuple[float, float],
    cell: float,
) -> None:
    left, y = corner
    total = sum(found.counts[row])
    for i, column in enumerate(columns):
        count, x = found.counts[row][column], left + cell * i
        hit = found.columns[column] == _right_answer(found, row)
        unnamed = found.columns[column] is None
        hue = RIGHT if hit else _NEUTRAL if unnamed else WRONG
        fill = mixed(hue, 0.14 + 0.86 * count / total) if count else GROUND
        sheet.rectangle(x + 1, y + 1, cell - 2, cell - 2, fill)
        if hit:
            sheet.frame(x + 1, y + 1, cell - 2, cell - 2, RIGHT, line=1)
        if count:
            size = min(15.0, cell * 0.42, cell * 0.8 / (0.58 * len(str(count))))
            sheet.text(x + cell / 2, y + cell / 2, str(count), size=size, colour=ink_on(fill), anchor="mm", bold=hit)
    rights = found.counts[row][found.columns.index(_right_answer(found, row))]
    size = min(13.0, cell * 0.42)
    score = Score(rights, total)
    share = f"{rights}" if score.few else f"{rights / total:.0%}"
    said = words("chart-of", share=share, total=total)
    sheet.text(left + cell * len(columns) + 14, y + cell / 2, said, size=size, anchor="lm")


def _legend(sheet: Sheet, x: float, y: float, words: Wording) -> None:
    said = (words("chart-right"), words("chart-wrong-name"), words("chart-left-unnamed"))
    for hue, meaning in zip((RIGHT, WRONG, _NEUTRAL), said, strict=True):
        for step, share in enumerate((0.25, 0.6, 1.0)):
            sheet.rectangle(x + 12 * step, y - 10, 12, 12, mixed(hue, share))
        x += 44
        x += sheet.text(x, y, meaning, size=11, colour=QUIET) + 18


def _shown(found: Confusion) -> tuple[list[int], list[int]]:
    """Which rows and columns there is room for: those with the most mistakes, in their order."""
    wrong_in_row = [
        sum(counts) - counts[found.columns.index(_right_answer(found, row))] for row, counts in enumerate(found.counts)
    ]
    rows = sorted(sorted(range(len(found.rows)), key=lambda row: -wrong_in_row[row])[:_MOST])
    shown = {found.rows[row] for row in rows}
    names = [column for column, name in enumerate(found.columns) if name is not None]
    used = {column: sum(found.counts[row][column] for row in rows) for column in names}
    ranked = sorted(names, key=lambda column: (found.columns[column] not in shown, -used[column]))
    return rows, [*sorted(ranked[:_MOST]), len(found.columns) - 1]


def _right_answer(found: Confusion, row: int) -> str | None:
    """Its name; None ("unknown") for strangers and for characters that the model does not know."""
    return found.rows[row] if found.rows[row] in found.columns else None
