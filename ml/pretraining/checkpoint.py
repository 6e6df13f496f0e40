"""The state of a fine-tuning run in one file, from which it goes on."""

from pathlib import Path
from typing import Any

import numpy as np

from ml.errors import KoredareError
from ml.files import sweep
from ml.pretraining import weights


class CheckpointError(KoredareError):
    """The checkpoint belongs to a run with other settings or other crops."""


def save(path: Path, model: Any, *, step: int, identity: str) -> None:
    """Write all variables of a compiled `keras.Model` and of its optimizer; the file is replaced in one go.

    Parameters
    ----------
    step
        Steps done.
    identity
        Names the settings and the data of the run.
    """
    arrays = {f"{i:04}": np.asarray(variable.numpy()) for i, variable in enumerate(_variables(model))}
    weights.write(path, arrays | {"step": np.array(step), "identity": np.array(identity)}, compress=False)


def restore(path: Path, model: Any, *, identity: str) -> int:
    """Put a checkpoint, if there is one, into the model and its optimizer.

    Returns
    -------
    int
        Steps done; 0 without a checkpoint.

    Raises
    ------
    CheckpointError
        It is another run's.
    WeightsError
        It is damaged.
    """
    sweep(path)
    if not path.exists():
        return 0
    arrays = weights.read(path)
    if str(arrays["identity"]) != identity:
        raise CheckpointError(
            f"{path} belongs to a run with other settings or crops: choose another folder, or remove it."
        )
    for i, variable in enumerate(_variables(model)):
        variable.assign(arrays[f"{i:04}"])
    return int(arrays["step"])


def _variables(model: Any) -> list[Any]:
    return [*model.weights, *model.optimizer.variables]
