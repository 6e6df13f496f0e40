"""The network in Keras is the one that the weights were made for, and what ships is exported from it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.pretraining import check, export, network, weights, whitening
from ml.pretraining.whitening import Whitening

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


def test_what_ships_is_nearly_the_network_in_float32(built: Any, whitened: Whitening) -> None:
    shipped = check.by_litert(check.pattern(), (MODELS / "embedder.tflite").read_bytes())
    assert shipped.shape == (whitened.matrix.shape[1],)
    assert cosine(shipped, check.by_keras(check.pattern(), network.embedder(built, whitened))) > 0.9999


def test_a_clone_can_export_what_ships(built: Any, whitened: Whitening) -> None:
    shipped = (MODELS / "embedder.tflite").read_bytes()
    again = export.to_tflite(network.embedder(built, whitened))
    of_shipped, of_again = (check.by_litert(check.pattern(), file) for file in (shipped, again))
    np.testing.assert_allclose(of_again, of_shipped, atol=1e-3)
    assert abs(len(again) - len(shipped)) < 10_000


def test_whitening_makes_what_one_characters_faces_differ_in_count_less() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(20), 30)
    who, mood = rng.normal(size=(20, 10)), 3 * rng.normal(size=(600, 10))
    faces = np.concatenate([who[labels], mood], axis=1).astype(np.float32) + rng.normal(0, 0.1, (600, 20))
    learned = whitening.whiten(faces.astype(np.float32), labels, also=faces.astype(np.float32), dimensions=20)
    seen = faces @ learned.matrix + learned.offset

    def spread_within(vectors: np.ndarray) -> float:
        means = np.stack([vectors[labels == label].mean(axis=0) for label in range(20)])
        return float(((vectors - means[labels]) ** 2).sum() / ((vectors - vectors.mean(axis=0)) ** 2).sum())

    assert spread_within(faces) > 0.85
    assert spread_within(seen) < 0.8
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=0.01)


def test_a_network_with_other_weights_gives_other_numbers(shipped: weights.Arrays, built: Any) -> None:
    other = dict(shipped)
    other["_bn1.bias"] = np.roll(shipped["_bn1.bias"], 1)
    weights.put_into(built, other)
    try:
        assert cosine(check.by_keras(check.pattern(), built), ORIGINAL) < 0.99
    finally:
        weights.put_into(built, shipped)
