"""The commands of `python -m ml.pretraining` that need Keras."""

import argparse
import importlib
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ml.naming.embedder import Embedder
from ml.pretraining import check, crops, curves, export, finetune, network, scout, weights, whitening

Recipe = TypeVar("Recipe", finetune.Recipe, scout.Recipe)


def check_network(given: argparse.Namespace) -> int:
    """Compare the network with its PyTorch original, and with what is exported of it; 1 if they differ."""
    arrays, whitened = whitening.parted(weights.read(given.weights))
    built = _network(arrays)
    picture = check.pattern()
    original = check.by_pytorch(picture, arrays)
    ours = check.by_keras(picture, built)
    difference = float(np.abs(ours - original).max())
    embedder = network.embedder(built, _needed(whitened, given.weights))
    before, after = check.by_keras(picture, embedder), check.by_litert(picture, export.to_tflite(embedder))
    cosine = float(before @ after / np.linalg.norm(before) / np.linalg.norm(after))
    print(f"Keras against PyTorch: 1280 values up to {original.max():.2f} differ by at most {difference:.1e}.")
    print(f"LiteRT, float16, against Keras: cosine {cosine:.7f}.")
    return 0 if difference < 1e-4 and cosine > 0.9999 else 1


def export_network(given: argparse.Namespace) -> int:
    """Write the `.tflite` file."""
    arrays, whitened = whitening.parted(weights.read(given.weights))
    built = _network(arrays, size=given.size)
    embedder = network.embedder(built, _needed(whitened, given.weights))
    given.out.write_bytes(export.to_tflite(embedder, precision="int8", examples=export.painted(given.size)))
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, SHA-256 {Embedder(given.out).fingerprint}")
    return 0


def finetune_network(given: argparse.Namespace) -> int:
    """Fine-tune, then draw the curves."""
    _make_repeatable()
    start = whitening.parted(weights.read(given.start))[0] if given.start else weights.imagenet()
    learned, held = crops.read(*given.folder, limit=given.limit).split(given.exclude)
    print(f"{len(learned)} crops of {len(learned.names)} characters; {learned.repeated} more repeat others.")
    recipe = _recipe(finetune.Recipe, given)
    written = finetune.run(
        learned, given.out, start=start, recipe=recipe, held=held if len(held) else None, workers=given.workers
    )
    print(written)
    curves.draw(given.out / finetune.LOG, given.out / "curves.png")
    return 0


def scout_network(given: argparse.Namespace) -> int:
    """Teach a scout, and write its `.tflite` file."""
    _make_repeatable()
    start = whitening.parted(weights.read(given.weights))[0]
    learned, _ = crops.read(*given.folder, limit=given.limit).split(given.exclude)
    recipe = _recipe(scout.Recipe, given)
    written = scout.run(learned, given.run, start=start, recipe=recipe, workers=given.workers)
    given.out.write_bytes(scout.to_tflite(weights.read(written), size=given.sees))
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, from {len(learned)} crops")
    return 0


def _needed(whitened: whitening.Whitening | None, source: Path) -> whitening.Whitening:
    if whitened is None:
        raise weights.WeightsError(
            f"{source} holds no whitening, so it is no embedder yet: `python -m ml.pretraining finetune` adds one, or "
            "`python -m ml.pretraining whiten` with the crops that it learned from."
        )
    return whitened


def whiten_network(given: argparse.Namespace) -> int:
    """Fit the whitening of a network's features, and write both into one file."""
    arrays, _ = whitening.parted(weights.read(given.weights))
    learned, _ = crops.read(*given.folder, limit=given.limit).split(given.exclude)
    features = network.features(_network(arrays))
    whitened = whitening.fit(learned, features.predict_on_batch, size=network.SIZE)
    weights.write(given.out, arrays | whitened.arrays())
    print(given.out)
    return 0


def centre_network(given: argparse.Namespace) -> int:
    """Move the origin of a network's embeddings to characters that it did not learn; in place."""
    arrays, whitened = whitening.parted(weights.read(given.weights))
    _, strangers = crops.read(*given.folder).split(given.only)
    features = network.features(_network(arrays))
    centred = _needed(whitened, given.weights).centred(strangers, features.predict_on_batch, size=network.SIZE)
    weights.write(given.weights, arrays | centred.arrays())
    print(f"{given.weights}: around {len(strangers)} faces of {len(strangers.names)} characters")
    return 0


def _recipe(kind: type[Recipe], given: argparse.Namespace) -> Recipe:
    """What was asked for; the rest as the recipe has it."""
    return kind(**{field.name: getattr(given, field.name) for field in fields(kind) if field.name in given})


def _make_repeatable() -> None:
    """Let sums be added up in the same order each time; a tenth slower. Some operations cannot do that on a GPU."""
    keras: Any = importlib.import_module("keras")
    if keras.backend.backend() == "tensorflow":
        tf: Any = importlib.import_module("tensorflow")
        if not tf.config.list_physical_devices("GPU"):
            tf.config.experimental.enable_op_determinism()


def _network(arrays: weights.Arrays, *, size: int = network.SIZE) -> Any:
    built = network.build(size=size)
    weights.put_into(built, arrays)
    return built
