"""Charts of an evaluation, as PNG files."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ml import files
from ml.drawing.sheet import MAKER
from ml.drawing.wording import Wording
from ml.errors import KoredareError
from ml.measuring import confusion_chart, mistakes_chart, reliability_chart
from ml.measuring.judged import Evaluation
from ml.measuring.mistakes_chart import Sight

__all__ = ["ChartsError", "prepare", "write"]

_NAMES: Final = ("confusion", "reliability", "confused")
_HEAD: Final = 256  # bytes of a file, in which it says who made it


class ChartsError(KoredareError):
    """The folder for the charts cannot be written."""


def prepare(folder: Path) -> None:
    """Make the folder for the charts, if it is not there.

    Raises
    ------
    ChartsError
        It cannot be made, or something lies there that has a chart's name and is none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder / f"{name}.png" for name in _NAMES):
            if os.path.lexists(path) and not _is_chart(path):
                raise ChartsError(
                    f"{path} is there already, and is no chart of mine: choose another folder with --out."
                )
    except OSError as error:
        raise _refusal(folder, error) from error


def _is_chart(path: Path) -> bool:
    """Whether a file says of itself that a sheet of ours was saved in it."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f"Software\0{MAKER}".encode() in file.read(_HEAD)


def write(
    evaluation: Evaluation, sights: Sequence[Sight], folder: Path, words: Wording, *, model: str
) -> dict[str, Path]:
    """Draw `confusion.png`, `reliability.png` and `confused.png` into an existing folder, over earlier ones.

    Parameters
    ----------
    sights
        Where each face in `evaluation.judged` is to be seen.
    model
        The name of the version that was measured.

    Returns
    -------
    dict
        "confusion", "reliability" and "confused", and where each is.

    Raises
    ------
    ChartsError
        One cannot be written.
    """
    charts = (
        confusion_chart.draw(evaluation.confusion, words, about=_about(evaluation, model)),
        reliability_chart.draw(evaluation.reliability, model=model),
        mistakes_chart.draw(evaluation, sights, model=model),
    )
    drawn = dict(zip(_NAMES, charts, strict=True))
    paths = {name: folder / f"{name}.png" for name in drawn}
    try:
        for name, data in drawn.items():
            with files.written_whole(paths[name]) as aside:
                aside.write_bytes(data)
    except OSError as error:
        raise _refusal(folder, error) from error
    return paths


def _about(evaluation: Evaluation, model: str) -> str:
    parts = [f"model {model}"]
    if evaluation.named.total:
        parts.append(f"{evaluation.named.rate:.1%} of {evaluation.named.total} faces named rightly")
    if evaluation.rejected.total:
        parts.append(f"{evaluation.rejected.rate:.1%} of {evaluation.rejected.total} strangers left unnamed")
    return " · ".join(parts)


def _refusal(folder: Path, error: OSError) -> ChartsError:
    return ChartsError(f"The charts cannot be written to {folder}: {error.strerror}.")
