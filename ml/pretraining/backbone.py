"""A backbone, made ready: a network of `keras.applications`, converted, or an ONNX file, and what each needs beside it.

What ours has besides: strangers, how sure to be by them, and a verifier.
"""

import contextlib
import importlib
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ml.arrays import Floats
from ml.faces.verifier import write
from ml.files import folder_whole, sweep
from ml.naming.backbones import (
    EMBEDDER,
    SHIPPED,
    Backbone,
    BackboneError,
    BackboneName,
    Choice,
    onnx_file,
    place,
    resolve,
)
from ml.naming.embedder import Embedder, EmbedderError, fingerprint
from ml.naming.networks import NetworkFile, Unfit
from ml.pretraining import background, calibration, export, verifier
from ml.pretraining.calibration import CalibrationError, Strangers
from ml.training.background import Background
from ml.training.background import BackgroundError as Unreadable
from ml.training.calibration import Evidence

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Application:
    """Where `keras.applications` has a network, and the side in pixels of the pictures that ImageNet taught it on."""

    module: str
    network: str
    size: int


_APPLICATIONS: Final[dict[BackboneName, _Application]] = {
    "inception_v3": _Application("inception_v3", "InceptionV3", 299),
    "efficientnet_v2_b0": _Application("efficientnet_v2", "EfficientNetV2B0", 224),
    "mobilenet_v3_small": _Application("mobilenet_v3", "MobileNetV3Small", 224),
}
_PAINTED: Final = 200
_FEWEST: Final = 20  # characters; of fewer it may happen that none is left to compare versions on


def prepare(choice: Choice, *, home: Path, pictures: Path | None = None, told: Told = lambda _: None) -> Backbone:
    """Make a backbone ready to run, if it is not; what is damaged or an older Koredare's is made again.

    A network of Keras is cut off behind its pooled features, and its own preprocessing goes into the graph, so that
    what comes out takes RGB, 0..255. Of an ONNX file a copy is kept.

    Parameters
    ----------
    home
        The data folder, as for `ml.naming.backbones.resolve`. Keras downloads ImageNet's weights where no file is
        given.
    pictures
        A folder of face crops for each of its strangers, from which it learns how sure to be; and `detection/` and
        `negatives/`, as `ml.pretraining.verifier` reads them, of which a verifier is made. They take the place of what
        it had. None: strangers are painted, how sure to be is what ours learned, and ours tells what is a face.
    told
        Called with sentences: what is going on, and what was made of what.

    Raises
    ------
    BackboneError
        The network cannot be read or downloaded, or is none; there are too few strangers; or it is the one that ships.
    CropsError, VerifierError
        There are no crops, or a picture cannot be read.
    OnnxMissing
        It is an ONNX file, and onnxruntime is not installed.
    """
    made = place(choice, home=home)
    if made == SHIPPED:
        if pictures is not None:
            raise BackboneError(
                "The backbone koredare comes with strangers and a verifier: choose another under [recognition] to make "
                "them from your pictures."
            )
        return made
    made.folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(made.folder.parent / ".preparing"):  # who comes second waits, and finds it done
        sweep(made.folder)
        if not _runs(made):
            network = _onnx(choice) if isinstance(choice.network, Path) else _converted(choice.network, choice.weights)
            shutil.rmtree(made.folder, ignore_errors=True)
            with folder_whole(made.folder) as aside:
                network.write(aside, EMBEDDER)
                _teach(Backbone.of(made.name, aside, suffix=network.suffix), pictures, told)
        elif pictures is not None or not _knows_strangers(made):
            _teach(made, pictures, told)
    return resolve(choice, home=home)


def _runs(made: Backbone) -> bool:
    try:
        Embedder(made.embedder)
    except EmbedderError:
        return False
    return True


def _knows_strangers(made: Backbone) -> bool:
    try:
        Background.load(made.background, embedder=fingerprint(made.embedder))
    except Unreadable:
        return False
    return True


def _teach(made: Backbone, pictures: Path | None, told: Told) -> None:
    """Make what belongs to the network; nothing is written before all that is read was found good."""
    embedder = Embedder(made.embedder, threads=os.cpu_count() or 1)
    # Nobody is left out for being like another: how like is too like, differs by network.
    make = partial(background.make, embedder=embedder, out=made.background, same=None)
    if pictures is None:
        told(f"It looks at {_PAINTED} painted strangers; real ones are worth far more: koredare backbone PICTURES")
        make(background.painted(_PAINTED, size=embedder.size), learn=_borrowed)
        return
    strangers = _strangers(pictures)
    judge: Floats | None = None
    if all((pictures / name).is_dir() for name in ("detection", "negatives")):
        told("It looks at what cascades take for faces, which takes longest.")
        judge = verifier.fit(verifier.collect(pictures, embedder))
    told(f"It looks at {len(strangers)} faces of strangers, and learns how sure to be.")
    make(strangers, learn=partial(_learned, told=told))
    if judge is not None:
        write(made.verifier, judge, embedder)
        told("Whether something is a face, it judges itself.")
    else:
        made.verifier.unlink(missing_ok=True)
        told(f"Whether something is a face, ours judges: {pictures} holds no detection/ and negatives/.")


def _strangers(pictures: Path) -> list[background.Stranger]:
    found = list(background.crops_in(pictures))
    characters = len({stranger.character for stranger in found})
    if characters < _FEWEST:
        raise BackboneError(
            f"{pictures} holds crops of {characters} characters, and strangers should be {_FEWEST} at least: add some, "
            "or leave the folder away to have them painted."
        )
    return found


def _borrowed(strangers: Strangers) -> Evidence:
    """What ours learned of how sure to be, on this network's scale."""
    ours = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder)).evidence
    return calibration.borrowed(ours, strangers)


def _learned(strangers: Strangers, *, told: Told) -> Evidence:
    def tell(servers: int) -> None:
        if servers % 50 == 0:
            told(f"{servers} of at most {calibration.SERVERS} servers simulated")

    try:
        return calibration.learn(strangers, told=tell)
    except CalibrationError as error:
        told(f"How sure to be is what our network learned, on this one's scale. {error}")
        return _borrowed(strangers)


def _onnx(choice: Choice) -> NetworkFile:
    file = onnx_file(choice)
    try:
        file.start()
    except Unfit as error:
        raise BackboneError(f"{choice.network} cannot be the backbone: {error}.") from error
    return file


def _converted(name: BackboneName, weights: Path | None) -> NetworkFile:
    return NetworkFile(export.to_tflite(_network(_APPLICATIONS[name], name, weights)))


def _network(application: _Application, name: BackboneName, weights: Path | None) -> Any:
    """The network up to its pooled features, from RGB, float32, 0..255."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # read when TensorFlow is imported
    if find_spec("tensorflow") is None:
        raise BackboneError(f"Preparing {name} needs TensorFlow, which is not installed: pip install 'koredare[train]'")
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
