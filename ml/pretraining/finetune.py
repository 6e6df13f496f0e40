"""Fine-tuning: from ImageNet's weights to an embedder of anime faces; killed at any time, it goes on where it was."""

import hashlib
import importlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.errors import KoredareError
from ml.pretraining import checkpoint, held_out, network, weights, whitening
from ml.pretraining.batches import Batches
from ml.pretraining.crops import Crops
from ml.pretraining.objective import CosineHead, MarginLoss, OneCycle, accuracy

keras: Any = importlib.import_module("keras")  # it ships no types

EMBEDDER: Final = "embedder.npz"
LOG: Final = "log.jsonl"
CHECKPOINT: Final = "checkpoint.npz"


class FinetuneError(KoredareError):
    """There is too little to learn from."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fine-tune.

    Attributes
    ----------
    epochs
        Passes over all crops.
    batch
        Crops of one step.
    size
        Side of the network's input, pixels.
    rate
        AdamW's highest learning rate for the network; the head's is five times that.
    margin
        Cosine by which the right character must win in the end; grows from 0 over the first half.
    joined
        Whether the values that the embedding is made of have to tell characters apart themselves as well, by a head of
        their own, not only those of the last layer.
    every
        Steps from one line of the log and one checkpoint to the next; a run that is killed does so many again at most.
    """

    epochs: int = 11
    batch: int = 96
    size: int = network.SIZE
    rate: float = 6e-4
    weight_decay: float = 0.01
    margin: float = 0.25
    joined: bool = True
    seed: int = 0
    every: int = 25


def run(
    crops: Crops,
    out: Path,
    *,
    start: weights.Arrays,
    recipe: Recipe | None = None,
    held: Crops | None = None,
    workers: int = 2,
) -> Path:
    """Fine-tune, or go on with a run that was cut short.

    The batches follow from the seed alone and a checkpoint holds all the rest, so a run that was interrupted ends as
    one that was not: to the last bit where the backend's operations are repeatable, as the command has them on a CPU.

    Parameters
    ----------
    crops
        To learn from: two characters and one batch at least.
    out
        Folder for the checkpoint, the log (`log.jsonl`) and the result; made if need be.
    start
        Weights to start from.
    held
        Crops of characters that are not learned; how well they are told apart is logged after each epoch.
    workers
        Threads that prepare batches.

    Returns
    -------
    Path
        The network's weights and the whitening of its features, in `out`.

    Raises
    ------
    FinetuneError
        There is too little to learn from.
    CheckpointError
        `out` holds a run with another recipe or other crops.
    WeightsError
        `start`, or the checkpoint, does not fit.
    """
    recipe = recipe or Recipe()
    batches = Batches(crops, recipe.epochs, recipe.batch, recipe.size, recipe.margin, recipe.seed)
    if not len(batches) or len(crops.names) < 2:
        raise FinetuneError(f"{len(crops)} crops of {len(crops.names)} characters are too few to learn from.")
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    embedder = network.build(size=recipe.size)
    weights.put_into(embedder, start)
    features = network.features(embedder)
    model = _compiled(embedder, batches.classes, recipe, steps=len(batches))
    identity = _identity(crops, recipe)
    done = checkpoint.restore(out / CHECKPOINT, model, identity=identity)
    log = Log(out / LOG, since=done)
    for step, (pixels, targets) in batches.since(done, workers=workers):
        told = np.concatenate([targets, targets]) if recipe.joined else targets
        scores = model.train_on_batch(pixels, told, return_dict=True)
        done = step + 1
        if done % batches.in_epoch == 0 and held is not None:
            named = held_out.naming(held, features.predict_on_batch, size=recipe.size)
            log.add(done, len(batches), epoch=done // batches.in_epoch, held_out=named)
        if done % recipe.every == 0 or done == len(batches):
            means = {name: float(score) for name, score in scores.items()}
            log.add(done, len(batches), epoch=done / batches.in_epoch, margin=batches.margin_at(step), **means)
            model.reset_metrics()
            checkpoint.save(out / CHECKPOINT, model, step=done, identity=identity)
    whitened = whitening.fit(crops, features.predict_on_batch, size=recipe.size)
    weights.write(out / EMBEDDER, weights.taken_from(embedder) | whitened.arrays())
    return out / EMBEDDER


class Log:
    """A line of JSON for each report, and the same for people on stderr."""

    def __init__(self, path: Path, *, since: int) -> None:
        """Go on with a log; lines of steps that will be done again are dropped."""
        self._path = path
        self._started, self._since = time.monotonic(), since
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        path.write_text("".join(line for line in lines if json.loads(line)["step"] <= since))

    def add(self, step: int, steps: int, *, epoch: float, **scores: float) -> None:
        seconds = (time.monotonic() - self._started) / (step - self._since)
        line = {"step": step, "epoch": round(epoch, 3)} | {name: round(score, 5) for name, score in scores.items()}
        with self._path.open("a") as file:
            file.write(json.dumps(line | {"seconds_a_step": round(seconds, 3)}) + "\n")
        told = ", ".join(f"{name} {score:.3f}" for name, score in scores.items())
        left = seconds * (steps - step) / 60
        print(f"step {step} of {steps}: {told}; {seconds:.2f} s a step, {left:.0f} min left", file=sys.stderr)


def _compiled(embedder: Any, characters: int, recipe: Recipe, *, steps: int) -> Any:
    told = [CosineHead(characters, name="told_by_last")(embedder.output)]
    if recipe.joined:
        features = keras.layers.BatchNormalization(center=False, scale=False, name="even")(
            network.features(embedder).output
        )
        told.append(CosineHead(characters, name="told_by_joined")(features))
    # Side by side in the batch: one loss is the mean of both.
    model = keras.Model(embedder.input, keras.layers.Concatenate(axis=0)(told) if recipe.joined else told[0])
    optimizer = keras.optimizers.AdamW(OneCycle(recipe.rate, steps), weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta"])
    model.compile(optimizer, loss=MarginLoss(), metrics=[accuracy])
    optimizer.build(model.trainable_variables)
    return model


def _identity(crops: Crops, recipe: Recipe) -> str:
    """Names a run: its recipe and its crops."""
    hashed = hashlib.sha256(json.dumps([asdict(recipe), crops.names, crops.labels.tolist()]).encode())
    for data in crops.files:
        hashed.update(data)
    return hashed.hexdigest()
