"""Charts of an evaluation, as PNG files."""

from collections.abc import Sequence
from pathlib import Path

from ml.drawing.wording import Wording
from ml.errors import KoredareError
from ml.measuring import confusion_chart, mistakes_chart, reliability_chart
from ml.measuring.judged import Evaluation
from ml.measuring.mistakes_chart import Sight

__all__ = ["ChartsError", "prepare", "write"]


class ChartsError(KoredareError):
    """The folder for the charts cannot be written."""


def prepare(folder: Path) -> None:
    """Make the folder for the charts, if it is not there.

    Raises
    ------
    ChartsError
        It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, error) from error


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
    drawn = {
        "confusion": confusion_chart.draw(evaluation.confusion, words, about=_about(evaluation, model)),
        "reliability": reliability_chart.draw(evaluation.reliability, model=model),
        "confused": mistakes_chart.draw(evaluation, sights, model=model),
    }
    paths = {name: folder / f"{name}.png" for name in drawn}
    try:
        for name, data in drawn.items():
            paths[name].write_bytes(data)
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
