"""A scout learns from scenes made of face crops; killed at any time, it goes on where it was."""

import hashlib
import importlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.faces.face import Box
from ml.files import written_whole
from ml.naming.embedder import fitted
from ml.pretraining import checkpoint, export, network, weights
from ml.pretraining.backdrops import Places
from ml.pretraining.crops import Crops
from ml.pretraining.finetune import CHECKPOINT, LOG, Log
from ml.pretraining.framing import frame
from ml.pretraining.objective import OneCycle
from ml.pretraining.scenes import Scenes, targets

keras: Any = importlib.import_module("keras")  # it ships no types
ops: Any = keras.ops

SCOUT: Final = "scout.npz"
FRAMES: Final = "frames.npy"
_FINE: Final = "blocks_4_added"
_COARSE: Final = "blocks_7_added"
_WIDTH: Final = 64
_MOMENTUM: Final = 0.95  # of the norms that are new: a run is short
_KEPT: Final = ("conv_stem", "bn0", "blocks_0_", "blocks_1_", "blocks_2_")  # as the embedder has them


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a scout learns.

    Attributes
    ----------
    steps
        Batches.
    batch
        Scenes of one step.
    size
        Side of a scene, pixels: a multiple of 64.
    rate
        AdamW's highest learning rate.
    painted
        Painted places, and painted figures, among the backgrounds.
    every
        Steps from one line of the log and one checkpoint to the next.
    """

    steps: int = 700
    batch: int = 16
    size: int = 256
    rate: float = 1e-3
    weight_decay: float = 0.01
    painted: int = 160
    seed: int = 0
    every: int = 25


def build(*, size: int) -> Any:
    """The embedder's first blocks, and on top of them what tells, for each square of 8 pixels, whether a face's middle
    lies in it.

    Returns
    -------
    keras.Model
        From RGB, float32, 0..255, shape (n, size, size, 3), to heat, 0..1, (n, size / 8, size / 8, 1), and geometry,
        (n, size / 8, size / 8, 4), as `ml.pretraining.scenes.targets` has them.

    Notes
    -----
    Zhou et al. 2019, "Objects as Points", with maps joined from coarse to fine as Lin et al. 2017 do.
    """
    body = network.build(size=size)
    layers = {layer.name: layer for layer in body.layers}
    fine, coarse = layers[_FINE].output, layers[_COARSE].output
    half = _separable(coarse, "scout_half", stride=2)
    quarter = _separable(half, "scout_quarter", stride=2)
    x = _separable(_joined(quarter, half, "scout_join_half"), "scout_after_half")
    x = _separable(_joined(x, _narrowed(coarse, "scout_coarse"), "scout_join_coarse"), "scout_after_coarse")
    x = _separable(_joined(x, _narrowed(fine, "scout_fine"), "scout_join_fine"), "scout_after_fine")
    x = _separable(x, "scout_last")
    rare = keras.initializers.Constant(-4.0)  # few cells are a face's middle
    heat = keras.layers.Conv2D(1, 1, activation="sigmoid", bias_initializer=rare, name="scout_heat")(x)
    geometry = keras.layers.Conv2D(4, 1, name="scout_geometry")(x)
    return keras.Model(body.input, [heat, geometry], name="scout")


def run(crops: Crops, out: Path, *, start: weights.Arrays, recipe: Recipe | None = None, workers: int = 2) -> Path:
    """Teach a scout, or go on with a run that was cut short.

    Parameters
    ----------
    crops
        Faces to learn from.
    out
        Folder for the checkpoint, the log (`log.jsonl`) and the result; made if need be.
    start
        The embedder's weights.
    workers
        Threads that prepare scenes.

    Returns
    -------
    Path
        The network's weights, in `out`.

    Raises
    ------
    CheckpointError
        `out` holds a run with another recipe or other crops.
    """
    recipe = recipe or Recipe()
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    model = build(size=recipe.size)
    put_body(model, start)
    for layer in model.layers:
        layer.trainable = not layer.name.startswith(_KEPT)
    learner = keras.Model(model.input, keras.layers.Concatenate()(model.outputs))
    optimizer = keras.optimizers.AdamW(OneCycle(recipe.rate, recipe.steps), weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    learner.compile(optimizer, loss=loss)
    optimizer.build(learner.trainable_variables)
    identity = _identity(crops, recipe)
    done = checkpoint.restore(out / CHECKPOINT, learner, identity=identity)
    log = Log(out / LOG, since=done)
    scenes = Scenes(crops, _framed(crops, out / FRAMES), Places.paint(recipe.painted), recipe.size, recipe.seed)
    for step, (pixels, wanted) in _batches(scenes, recipe, since=done, workers=workers):
        score = learner.train_on_batch(pixels, wanted, return_dict=True)
        done = step + 1
        if done % recipe.every == 0 or done == recipe.steps:
            log.add(done, recipe.steps, epoch=done / recipe.steps, loss=float(score["loss"]))
            learner.reset_metrics()
            checkpoint.save(out / CHECKPOINT, learner, step=done, identity=identity)
    weights.write(out / SCOUT, taken_from(model))
    return out / SCOUT


def to_tflite(arrays: weights.Arrays, *, size: int, painted: int = 60) -> bytes:
    """Convert what `run` wrote, for pictures brought to so many pixels.

    Parameters
    ----------
    painted
        It is quantised on so many painted places, and as many figures.
    """
    model = build(size=size)
    put_into(model, arrays)
    places = Places.paint(painted)
    pictures = [*places.empty, *(picture for picture, _ in places.figures)]
    return export.to_tflite(model, precision="int8", examples=[fitted(picture, size) for picture in pictures])


def loss(wanted: Any, said: Any) -> Any:
    """Of heat the focal loss of "Objects as Points", and of geometry the mean distance, both for each face."""
    target, counts = wanted[..., 0], wanted[..., 1]
    heat = ops.clip(said[..., 0], 1e-4, 1 - 1e-4)
    middle = ops.cast(target > 0.999, "float32")
    hit = middle * ops.square(1 - heat) * ops.log(heat)
    miss = (1 - middle) * counts * ops.power(1 - target, 4) * ops.square(heat) * ops.log(1 - heat)
    faces = ops.sum(middle) + 1.0
    inside = wanted[..., 6:]
    apart = ops.sum(ops.abs(said[..., 1:] - wanted[..., 2:6]) * inside) / (ops.sum(inside) + 1.0)
    return -ops.sum(hit + miss) / faces + apart


def put_body(model: Any, arrays: weights.Arrays) -> None:
    """Put the embedder's weights into the blocks that a scout has of it."""
    body = network.build(size=network.SIZE)
    weights.put_into(body, arrays)
    ours = {layer.name: layer for layer in model.layers}
    for layer in body.layers:
        if layer.name in ours and layer.weights:
            ours[layer.name].set_weights(layer.get_weights())


def taken_from(model: Any) -> dict[str, npt.NDArray[Any]]:
    """The network's weights by layer: convolutions in float16, all else in float32."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for layer in model.layers:
        for variable in layer.weights:
            value = np.asarray(variable.numpy(), np.float32)
            arrays[f"{layer.name}.{variable.name}"] = value.astype(np.float16) if value.ndim == 4 else value
    return arrays


def put_into(model: Any, arrays: weights.Arrays) -> None:
    """Put what `taken_from` gave into a network from `build`, of any size."""
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(arrays[f"{layer.name}.{variable.name}"].astype(np.float32))


def _batches(
    scenes: Scenes, recipe: Recipe, *, since: int, workers: int
) -> Iterator[tuple[int, tuple[Floats, Floats]]]:
    def batch(step: int) -> tuple[Floats, Floats]:
        made = [scenes[step * recipe.batch + i] for i in range(recipe.batch)]
        pixels = np.stack([scene.picture for scene in made]).astype(np.float32)
        return pixels, np.stack([targets(scene) for scene in made])

    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(batch, step) for step in range(since, min(since + workers + 1, recipe.steps))]
        for step in range(since, recipe.steps):
            if (ahead := step + workers + 1) < recipe.steps:
                waiting.append(pool.submit(batch, ahead))
            yield step, waiting.pop(0).result()


def _framed(crops: Crops, path: Path) -> list[Box]:
    """`frame`, which takes minutes, once a run."""
    if not path.exists():
        with written_whole(path) as aside, aside.open("wb") as file:
            np.save(file, np.array(frame(crops)))
    return [Box(*(int(value) for value in box)) for box in np.load(path)]


def _separable(x: Any, name: str, *, stride: int = 1) -> Any:
    x = keras.layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False, name=f"{name}_depthwise")(x)
    x = keras.layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_bn0")(x)
    return keras.layers.ReLU(max_value=6.0, name=name)(_narrowed(x, f"{name}_mixed"))


def _narrowed(x: Any, name: str) -> Any:
    x = keras.layers.Conv2D(_WIDTH, 1, use_bias=False, name=f"{name}_conv")(x)
    return keras.layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_bn")(x)


def _joined(small: Any, large: Any, name: str) -> Any:
    grown = keras.layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_grown")(small)
    return keras.layers.Add(name=name)([grown, large])


def _identity(crops: Crops, recipe: Recipe) -> str:
    hashed = hashlib.sha256(json.dumps([asdict(recipe), crops.names, crops.labels.tolist()]).encode())
    for data in crops.files:
        hashed.update(data)
    return hashed.hexdigest()
