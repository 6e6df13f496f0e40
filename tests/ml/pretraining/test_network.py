"""The network in Keras is the one that the weights were made for, and what ships is exported from it."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ml.arrays import Floats
from ml.faces.crops import tighten
from ml.naming.embedder import fitted as fit_to
from ml.pretraining import check, crops, export, network, weights, whitening
from ml.pretraining.whitening import Whitening

MODELS = Path(__file__).parents[3] / "models"
# What the original made of `check.pattern()` with the weights that ship: check.by_pytorch(...), saved by numpy.
ORIGINAL = np.load(Path(__file__).with_name("original.npy"))

FACES = list(islice(export.painted(112), 30))  # what ships was quantised on all of them


def cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_keras_gives_the_originals_numbers(built: Any) -> None:
    np.testing.assert_allclose(check.by_keras(check.pattern(), built), ORIGINAL, atol=1e-4)


def test_the_stored_numbers_are_the_originals(shipped: weights.Arrays) -> None:
    pytest.importorskip("efficientnet_lite_pytorch", reason="the original comes with the extra `pretrain`")
    pytest.importorskip("torch", reason="the original runs on PyTorch, of the extra `pretrain`")
    np.testing.assert_allclose(check.by_pytorch(check.pattern(), shipped), ORIGINAL, atol=1e-4)


def test_what_ships_sees_a_face_nearly_as_the_network_in_float32_does(built: Any, whitened: Whitening) -> None:
    shipped = (MODELS / "embedder.tflite").read_bytes()
    network_32 = network.embedder(built, whitened)
    for face in FACES[:3]:
        seen = check.by_litert(face, shipped)
        assert seen.shape == (whitened.matrix.shape[1],)
        assert cosine(seen, check.by_keras(face, network_32)) > 0.97


def test_without_quantising_it_is_the_same_network(built: Any, whitened: Whitening) -> None:
    embedder = network.embedder(built, whitened)
    exported = export.to_tflite(embedder, precision="float16")
    assert cosine(check.by_litert(check.pattern(), exported), check.by_keras(check.pattern(), embedder)) > 0.9999


def test_a_clone_can_export_what_ships(built: Any, whitened: Whitening) -> None:
    shipped = (MODELS / "embedder.tflite").read_bytes()
    again = export.to_tflite(network.embedder(built, whitened), precision="int8", examples=FACES)
    assert abs(len(again) - len(shipped)) < 10_000
    assert cosine(check.by_litert(FACES[5], again), check.by_litert(FACES[5], shipped)) > 0.97


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


def test_characters_that_it_did_not_learn_lie_around_the_origin(faces: Path) -> None:
    learned, strangers = crops.read(faces).split(["umi", "maki"])

    def features(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return pixels.mean(axis=(1, 2))

    fitted = whitening.fit(learned, features, size=16, dimensions=2)
    moved = fitted.centred(strangers, features, size=16)
    np.testing.assert_array_equal(moved.matrix, fitted.matrix)
    again = moved.centred(strangers, features, size=16)
    np.testing.assert_allclose(again.offset, moved.offset)
    assert np.abs(moved.offset - fitted.offset).max() > 0.01
    seen = [
        features(fit_to(tighten(strangers.picture(i)), 16)[np.newaxis].astype(np.float32))
        for i in range(len(strangers))
    ]
    embedded = np.concatenate(seen) @ moved.matrix + moved.offset
    means = [embedded[strangers.labels == label].mean(axis=0) for label in (0, 1)]
    np.testing.assert_allclose(np.mean(means, axis=0), 0, atol=1e-2)
