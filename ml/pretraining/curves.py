"""The course of a fine-tuning run as a picture."""

import importlib
import json
from pathlib import Path
from typing import Any

from ml.errors import KoredareError


class CurvesError(KoredareError):
    """There is no log, or nothing to draw it with."""


def draw(log: Path, out: Path) -> None:
    """Draw loss, accuracy in training, and naming of characters that were held out, over the epochs.

    Parameters
    ----------
    log
        The `log.jsonl` of a run.
    out
        PNG.

    Raises
    ------
    CurvesError
        There is no log, or matplotlib is not installed.
    """
    try:
        figure: Any = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise CurvesError(f"{error}: curves need the extra `pretrain` (pip install -e '.[pretrain]').") from error
    if not log.exists():
        raise CurvesError(f"There is no log at {log}.")
    lines: list[dict[str, float]] = [json.loads(line) for line in log.read_text().splitlines()]
    drawing = figure.Figure(figsize=(8, 4), layout="constrained")
    for axes, names in zip(drawing.subplots(1, 2), [("loss",), ("accuracy", "held_out")], strict=True):
        for name in names:
            points = [(line["epoch"], line[name]) for line in lines if name in line]
            marker = "o-" if name == "held_out" else "-"
            axes.plot([x for x, _ in points], [y for _, y in points], marker, label=name.replace("_", " "))
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        axes.legend()
    drawing.savefig(out, dpi=100)
