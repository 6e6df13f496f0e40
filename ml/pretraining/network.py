"""The embedder's network: EfficientNet-Lite0 in plain Keras, without a classifier on top."""

import importlib
from dataclasses import dataclass
from typing import Any, Final

from ml.pretraining.whitening import Whitening

keras: Any = importlib.import_module("keras")  # it ships no types

SIZE: Final = 112
# Blocks whose maps are the embedding. The layers behind them have specialised in the characters that were learned;
# those before them tell unseen ones apart better (docs/measurements.md).
DEPTHS: Final = (8, 10, 11, 13, 15)
_WIDEST: Final = 1280


@dataclass(frozen=True, slots=True)
class _Stage:
    """A run of equal inverted-residual blocks; only the first one strides and changes the width."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    width: int


# Table 1 of the paper; "Lite" leaves out squeeze-and-excite and takes ReLU6 for swish.
_STAGES: Final = (
    _Stage(blocks=1, kernel=3, stride=1, expansion=1, width=16),
    _Stage(blocks=2, kernel=3, stride=2, expansion=6, width=24),
    _Stage(blocks=2, kernel=5, stride=2, expansion=6, width=40),
    _Stage(blocks=3, kernel=3, stride=2, expansion=6, width=80),
    _Stage(blocks=3, kernel=5, stride=1, expansion=6, width=112),
    _Stage(blocks=4, kernel=5, stride=2, expansion=6, width=192),
    _Stage(blocks=1, kernel=3, stride=1, expansion=6, width=320),
)


def build(*, size: int = SIZE) -> Any:
    """Build the network with random weights.

    Parameters
    ----------
    size
        Side of the square input, pixels.

    Returns
    -------
    keras.Model
        From RGB, float32, 0..255, shape (n, size, size, 3) to the last convolution's maps, averaged: float32,
        0..6, shape (n, 1280); `features` gives what an embedding is made of. The pixels are normalised inside,
        (x - 127) / 128. Layers are named after the arrays of `ml.pretraining.weights`: `blocks_3_expand_conv` for
        `_blocks.3._expand_conv.weight`.

    Notes
    -----
    Tan and Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", in its authors'
    variant Lite0.
    """
    pixels = keras.Input((size, size, 3), name="pixels")
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128, name="normalised")(pixels)
    x = _convolution(x, "conv_stem", filters=32, kernel=3, stride=2)
    x = _relu6(_norm(x, "bn0"), "stem")
    number, width = 0, 32
    for stage in _STAGES:
        for repeat in range(stage.blocks):
            x = _block(x, f"blocks_{number}", stage, stride=1 if repeat else stage.stride, width=width)
            number, width = number + 1, stage.width
    x = _convolution(x, "conv_head", filters=_WIDEST, kernel=1)
    x = _relu6(_norm(x, "bn1"), "head")
    return keras.Model(pixels, keras.layers.GlobalAveragePooling2D(name="embedding")(x), name="embedder")


def features(network: Any) -> Any:
    """The part of a network from `build` that embeddings come from.

    Returns
    -------
    keras.Model
        From the same pixels to the maps of the blocks in `DEPTHS`, averaged and joined: float32, shape (n, 928).
    """
    layers = {layer.name: layer for layer in network.layers}
    pooled = [
        keras.layers.GlobalAveragePooling2D(name=f"pooled_{block}")(
            layers.get(f"blocks_{block}_added", layers[f"blocks_{block}_bn2"]).output
        )
        for block in DEPTHS
    ]
    return keras.Model(network.input, keras.layers.Concatenate(name="joined")(pooled), name="features")


def embedder(network: Any, whitening: Whitening) -> Any:
    """What is exported: `features`, whitened; from pixels to float32, shape (n, dimensions)."""
    joined = features(network)
    whitened = keras.layers.Dense(whitening.matrix.shape[1], name="whitened")
    model = keras.Model(joined.input, whitened(joined.output), name="embedder")
    whitened.set_weights([whitening.matrix, whitening.offset])
    return model


def _block(x: Any, name: str, stage: _Stage, *, stride: int, width: int) -> Any:
    """Inverted residual: widen, filter each map by itself, narrow; add the input where the shapes allow it."""
    before = x
    if stage.expansion != 1:
        x = _convolution(x, f"{name}_expand_conv", filters=width * stage.expansion, kernel=1)
        x = _relu6(_norm(x, f"{name}_bn0"), f"{name}_expanded")
    x = keras.layers.DepthwiseConv2D(
        stage.kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )(x)
    x = _relu6(_norm(x, f"{name}_bn1"), f"{name}_filtered")
    x = _convolution(x, f"{name}_project_conv", filters=stage.width, kernel=1)
    x = _norm(x, f"{name}_bn2")
    if stride == 1 and width == stage.width:
        x = keras.layers.Add(name=f"{name}_added")([x, before])
    return x


def _convolution(x: Any, name: str, *, filters: int, kernel: int, stride: int = 1) -> Any:
    return keras.layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, name=name)(x)


def _norm(x: Any, name: str) -> Any:
    return keras.layers.BatchNormalization(epsilon=1e-3, name=name)(x)


def _relu6(x: Any, name: str) -> Any:
    return keras.layers.ReLU(max_value=6.0, name=name)(x)
