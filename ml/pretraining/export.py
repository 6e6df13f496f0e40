"""The network as a `.tflite` file, which LiteRT runs without TensorFlow."""

import contextlib
import importlib
import io
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ml.naming.embedder import fitted
from ml.painting import CAST, paint
from ml.pictures.reading import Picture

Precision = Literal["float32", "float16", "dynamic", "int8"]


def to_tflite(network: Any, *, precision: Precision = "float16", examples: Iterable[Picture] = ()) -> bytes:
    """Convert a network from `ml.pretraining.network.embedder`.

    Parameters
    ----------
    network
        A `keras.Model`. Keras must run on TensorFlow (`KERAS_BACKEND` unset).
    precision
        "float16" stores weights so, and computes in float32. "dynamic" stores int8 weights and quantises what flows
        between layers while it runs; "int8" has measured it before, on `examples`.
    examples
        Faces, RGB, uint8, of the network's input size, a few hundred; for "int8" only.

    Returns
    -------
    bytes
        From float32, 0..255, shape (n, size, size, 3), n left open, to float32, shape (n, dimensions).
    """
    tf: Any = importlib.import_module("tensorflow")
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if precision == "int8":
        converter.representative_dataset = lambda: ([_as_input(example)] for example in examples)
    with contextlib.redirect_stdout(io.StringIO()):  # the converter lists every variable
        return bytes(converter.convert())


def painted(size: int) -> Iterator[Picture]:
    """520 and 240 faces to quantise on, RGB, uint8, shape (size, size, 3): painted ones, so that any clone can.

    Faces from real pictures quantised it no better (docs/decisions.md).
    """
    for seed in range(40):
        for number, character in enumerate(CAST):
            painting = paint(character, seed=seed)
            x, y, w, h = painting.heads[0]
            face = fitted(painting.picture[y : y + h, x : x + w], size)
            yield face
            if number % 2:  # as the embedder looks a second time
                edge = size // 8
                yield fitted(face[edge:-edge, edge:-edge], size)[:, ::-1]


def _as_input(picture: Picture) -> npt.NDArray[np.float32]:
    return picture.astype(np.float32)[np.newaxis]
