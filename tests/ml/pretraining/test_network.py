"""The network in Keras is the one that the weights were made for, and what ships is exported from it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.pretraining import check, export, weights

MODELS = Path(__file__).parents[3] / "models"
# What the original made of `check.pattern()` with the weights that ship: check.by_pytorch(...), saved by numpy.
ORIGINAL = np.load(Path(__file__).with_name("original.npy"))


def cosine(one: check.Floats, other: check.Floats) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_keras_gives_the_originals_numbers(built: Any) -> None:
    np.testing.assert_allclose(check.by_keras(check.pattern(), built), ORIGINAL, atol=1e-4)


def test_the_stored_numbers_are_the_originals(shipped: weights.Arrays) -> None:
    pytest.importorskip("efficientnet_lite_pytorch", reason="the original comes with the extra `pretrain`")
    pytest.importorskip("torch", reason="the original runs on PyTorch, of the extra `pretrain`")
    np.testing.assert_allclose(check.by_pytorch(check.pattern(), shipped), ORIGINAL, atol=1e-4)


def test_what_ships_gives_nearly_the_originals_numbers() -> None:
    shipped = (MODELS / "embedder.tflite").read_bytes()
    assert cosine(check.by_litert(check.pattern(), shipped), ORIGINAL) > 0.9999


def test_a_clone_can_export_what_ships(built: Any) -> None:
    shipped, again = (MODELS / "embedder.tflite").read_bytes(), export.to_tflite(built)
    of_shipped, of_again = (check.by_litert(check.pattern(), file) for file in (shipped, again))
    np.testing.assert_allclose(of_again, of_shipped, atol=1e-4)
    assert abs(len(again) - len(shipped)) < 10_000


def test_a_network_with_other_weights_gives_other_numbers(shipped: weights.Arrays, built: Any) -> None:
    other = dict(shipped)
    other["_bn1.bias"] = np.roll(shipped["_bn1.bias"], 1)
    weights.put_into(built, other)
    try:
        assert cosine(check.by_keras(check.pattern(), built), ORIGINAL) < 0.99
    finally:
        weights.put_into(built, shipped)
