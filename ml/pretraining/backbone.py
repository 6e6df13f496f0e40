"""Networks of `keras.applications` as backbones: weights fetched or read, converted once, with painted strangers."""

import contextlib
import importlib
import os
import re
import sys
import warnings
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ml.files import folder_whole, sweep
from ml.naming.backbones import SHIPPED, Backbone, BackboneError, BackboneName, prepared_folder
from ml.naming.embedder import Embedder, fingerprint
from ml.pretraining import background, calibration, export
from ml.training.background import Background


@dataclass(frozen=True, slots=True)
class _Application:
    """Where `keras.applications` has a network, and the side in pixels of the pictures that ImageNet taught it on."""

    module: str
    network: str
    size: int


_APPLICATIONS: Final[dict[BackboneName, _Application]] = {
    "inception_v3": _Application("inception_v3", "InceptionV3", 299),
    "xception": _Application("xception", "Xception", 299),
    "resnet50_v2": _Application("resnet_v2", "ResNet50V2", 224),
    "efficientnet_v2_b0": _Application("efficientnet_v2", "EfficientNetV2B0", 224),
    "mobilenet_v2": _Application("mobilenet_v2", "MobileNetV2", 224),
    "mobilenet_v3_small": _Application("mobilenet_v3", "MobileNetV3Small", 224),
}
_STRANGERS: Final = 200


def prepare(name: BackboneName, *, weights: Path | None, home: Path) -> Backbone:
    """Make a backbone ready to run, if it is not.

    The network is cut off behind its pooled features, its own preprocessing goes into the graph, and what comes out
    takes RGB, 0..255. Its strangers are painted: which pictures would serve better, only the operator knows.

    Parameters
    ----------
    name, weights, home
        As for `ml.naming.backbones.resolve`. Keras downloads ImageNet's weights where no file is given.

    Raises
    ------
    BackboneError
        The weights cannot be read or downloaded, or are another network's.
    """
    if name == SHIPPED.name:
        return SHIPPED
    folder = prepared_folder(name, weights=weights, home=home)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / ".preparing"):  # who comes second waits, and finds it done
        sweep(folder)
        if not folder.is_dir():
            converted = export.to_tflite(_network(_APPLICATIONS[name], name, weights))
            with folder_whole(folder) as aside:
                _fill(Backbone.of(name, aside), converted)
    return Backbone.of(name, folder)


def _fill(made: Backbone, converted: bytes) -> None:
    made.embedder.write_bytes(converted)
    embedder = Embedder(made.embedder, threads=os.cpu_count() or 1)
    # Nobody is painted twice, so none is left out for being like another: how like is too like, differs by network.
    ours = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder)).evidence
    painted = background.painted(_STRANGERS, size=embedder.size)
    background.make(painted, embedder, made.background, same=None, learn=partial(calibration.borrowed, ours))


def _network(application: _Application, name: BackboneName, weights: Path | None) -> Any:
    """The network up to its pooled features, from RGB, float32, 0..255."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # read when TensorFlow is imported
    keras: Any = importlib.import_module("keras")
    module: Any = importlib.import_module(f"keras.applications.{application.module}")
    shape = (application.size, application.size, 3)
    try:
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            # Keras only warns of layers that it found no weights for, and leaves them random.
            warnings.simplefilter("error", UserWarning)
            features = getattr(keras.applications, application.network)(
                weights="imagenet" if weights is None else str(weights),
                include_top=False,
                pooling="avg",
                input_shape=shape,
            )
    # Keras downloads with bare exceptions, and h5py and Keras refuse a file with whatever the fault led to.
    except Exception as error:
        first = re.split(r"\.?\s*\n|\. ", str(error).strip())[0]
        raise BackboneError(_why(name, weights, first)) from error
    pixels = keras.Input(shape, name="pixels")
    return keras.Model(pixels, features(module.preprocess_input(pixels)), name=name)


def _why(name: BackboneName, weights: Path | None, fault: str) -> str:
    if weights is None:
        return (
            f"Keras cannot download the ImageNet weights of {name} ({fault}): try again online, or download them "
            "elsewhere and name the file as backbone_weights under [recognition]."
        )
    return (
        f"{weights} does not hold the weights of {name} ({fault}): name a file that Keras saved of that network, as "
        ".weights.h5, or without the classifier (…_notop.h5)."
    )
