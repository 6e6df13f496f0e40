"""The commands of `python -m ml.pretraining` that need Keras."""

import argparse
import importlib
from dataclasses import fields
from typing import Any

import numpy as np

from ml.embedder import Embedder
from ml.pretraining import check, crops, curves, export, finetune, network, weights


def check_network(given: argparse.Namespace) -> int:
    """Compare the network with its PyTorch original, and with what is exported of it; 1 if they differ."""
    arrays = weights.read(given.weights)
    built = _network(arrays)
    picture = check.pattern()
    original = check.by_pytorch(picture, arrays)
    ours = check.by_keras(picture, built)
    exported = check.by_litert(picture, export.to_tflite(built))
    difference = float(np.abs(ours - original).max())
    cosine = float(ours @ exported / np.linalg.norm(ours) / np.linalg.norm(exported))
    print(f"Keras against PyTorch: 1280 values up to {original.max():.2f} differ by at most {difference:.1e}.")
    print(f"LiteRT, float16, against Keras: cosine {cosine:.7f}.")
    return 0 if difference < 1e-4 and cosine > 0.9999 else 1


def export_network(given: argparse.Namespace) -> int:
    """Write the `.tflite` file."""
    given.out.write_bytes(export.to_tflite(_network(weights.read(given.weights), size=given.size)))
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, SHA-256 {Embedder(given.out).fingerprint}")
    return 0


def finetune_network(given: argparse.Namespace) -> int:
    """Fine-tune, then draw the curves."""
    _make_repeatable()
    start = weights.read(given.start) if given.start else weights.imagenet()
    learned, held = crops.read(given.folder, limit=given.limit).split(given.exclude)
    print(f"{len(learned)} crops of {len(learned.names)} characters; {learned.repeated} more repeat others.")
    chosen = {field.name: getattr(given, field.name) for field in fields(finetune.Recipe) if field.name in given}
    recipe = finetune.Recipe(**chosen)
    written = finetune.run(
        learned, given.out, start=start, recipe=recipe, held=held if len(held) else None, workers=given.workers
    )
    print(written)
    curves.draw(given.out / finetune.LOG, given.out / "curves.png")
    return 0


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
