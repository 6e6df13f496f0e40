"""Is the network in Keras the one that the weights were made for? Number by number against its PyTorch original."""

import importlib
from typing import Any

import numpy as np

from ml.arrays import Floats
from ml.errors import KoredareError
from ml.pictures.reading import Picture
from ml.pretraining import weights
from ml.pretraining.network import SIZE


class CheckError(KoredareError):
    """The original is not installed."""


def pattern(size: int = SIZE) -> Picture:
    """A picture from a formula, the same on every machine: waves of three lengths, one for each channel.

    Returns
    -------
    RGB, uint8, shape (size, size, 3).
    """
    y, x, channel = np.indices((size, size, 3))
    return ((x * x * (3 + channel) + y * (7 * x + 11) + 40 * channel) // (9 + 5 * channel) % 256).astype(np.uint8)


def by_pytorch(picture: Picture, arrays: weights.Arrays) -> Floats:
    """What the package `efficientnet-lite-pytorch` makes of a picture with these weights: float32, shape (1280,).

    Raises
    ------
    CheckError
        The package, or PyTorch, is not installed.
    """
    try:
        torch: Any = importlib.import_module("torch")
        package: Any = importlib.import_module("efficientnet_lite_pytorch")
    except ImportError as error:
        raise CheckError(f"{error}: the original needs the extra `pretrain` (pip install -e '.[pretrain]').") from error
    # It pads for the size that it is told; by itself it takes 224, and at 112 two layers would be padded otherwise.
    original = package.EfficientNet.from_name("efficientnet-lite0", image_size=len(picture))
    state = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
    absent = original.load_state_dict(state, strict=False)
    if absent.unexpected_keys or any(not name.startswith("_fc.") for name in absent.missing_keys):
        raise CheckError(f"The original has other weights: {absent}.")
    normalised = (picture.astype(np.float32) - 127) / 128
    with torch.no_grad():
        maps = original.eval().extract_features(torch.from_numpy(normalised.transpose(2, 0, 1)[np.newaxis]))
    return maps.mean((0, 2, 3)).numpy()


def by_keras(picture: Picture, network: Any) -> Floats:
    """What a network from `ml.pretraining.network` makes of a picture: float32, shape (values,)."""
    return np.asarray(network.predict_on_batch(picture.astype(np.float32)[np.newaxis]))[0]


def by_litert(picture: Picture, exported: bytes) -> Floats:
    """What an exported network makes of a picture: float32, shape (dimensions,)."""
    litert: Any = importlib.import_module("ai_edge_litert.interpreter")
    interpreter = litert.Interpreter(model_content=exported, num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture.astype(np.float32)[np.newaxis])
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0]
