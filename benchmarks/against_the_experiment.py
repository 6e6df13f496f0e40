"""Pictures a second, bytes to labelled picture: this bot beside the experiment that it grew from, on the same pictures.

    python benchmarks/against_the_experiment.py [DATA]     (DATA/detection/images/*; without, painted pictures)

The experiment looks at one picture after the other: the cascade at full size with its classic settings, Inception v3
at 299 pixels through TensorFlow, a softmax head, boxes and names drawn. Its weights are random, which costs the same
time. "predict" calls the network face by face, as its makers did; "compiled" is the best that can fairly be made of it:
one compiled graph, all faces of a picture at once. TensorFlow and OpenCV use as many threads as they like. This bot's
pool has two processes, as by default. The three take turns, round after round, so that they share whatever else runs;
processor time is printed as well, which other work on the machine hardly changes.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read when TensorFlow is imported

import argparse
import asyncio
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import psutil

from bot.config import load_settings
from bot.recognition import worker
from bot.recognition.pool import RecognitionPool
from ml.cascades import CLASSIC, OWN, CascadeError, find
from ml.drawing.labelled import encode
from ml.painting import CAST, paint

PICTURES = 40
ROUNDS = 5
STUDENT = 2.776  # of its t distribution, 95 %, for five rounds
SIZE = 299
NAMES = tuple(character.name for character in CAST[:4])


class Experiment:
    """The experiment's pipeline, from the bytes of a picture to those of a labelled one."""

    def __init__(self, cascade: Path) -> None:
        keras: Any = importlib.import_module("keras")
        tf: Any = importlib.import_module("tensorflow")
        features = keras.applications.InceptionV3(weights=None, include_top=False, pooling="avg")
        head = keras.layers.Dense(len(NAMES), activation="softmax")(features.output)
        self._network: Any = keras.Model(features.input, head)
        signature = [tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32)]
        self._compiled: Any = tf.function(lambda x: self._network(x, training=False), input_signature=signature)
        self._cascade = cv2.CascadeClassifier(str(cascade))
        self.faces = 0

    def predict(self, crops: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """One call of `predict` for each face."""
        return np.concatenate([self._network.predict(crop[np.newaxis], verbose=0) for crop in crops])

    def compiled(self, crops: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """All faces at once, in a compiled graph."""
        return self._compiled(crops).numpy()

    def label(self, data: bytes, name: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]) -> bytes:
        """Find the faces, name them and draw them."""
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        grey = cv2.equalizeHist(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        boxes = self._cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(30, 30))
        self.faces += len(boxes)
        if len(boxes):
            crops = [cv2.resize(picture[y : y + h, x : x + w, ::-1], (SIZE, SIZE)) for x, y, w, h in boxes]
            scores = name(np.stack(crops).astype(np.float32) / 127.5 - 1)
            for (x, y, w, h), row in zip(boxes, scores, strict=True):
                cv2.rectangle(picture, (x, y), (x + w, y + h), (0, 0, 255), 2)
                text = f"{NAMES[int(row.argmax())]} {row.max():.2f}"
                cv2.putText(picture, text, (x, y - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 255), 2)
        return cv2.imencode(".jpg", picture)[1].tobytes()


def pictures(data: Path | None) -> list[bytes]:
    """Forty picture files."""
    if data is not None:
        return [path.read_bytes() for path in sorted((data / "detection" / "images").iterdir())[:PICTURES]]
    return [encode(paint(CAST[seed % 8], seed=seed).picture, max_bytes=10**7).data for seed in range(PICTURES)]


def classic() -> Path:
    """The cascade that the experiment used, or ours with its settings where that is not here."""
    try:
        return find(CLASSIC)
    except CascadeError:
        print("lbpcascade_animeface is not here: the experiment looks through koredare_lbp instead")
        return find(OWN)


def learned(home: Path) -> Path:
    """Teach this bot four painted characters; gives the version's folder."""
    for character in CAST[:4]:
        folder = home / "gallery" / character.name
        folder.mkdir(parents=True)
        for seed in range(10):
            (folder / f"{seed}.jpg").write_bytes(encode(paint(character, seed=seed).picture, max_bytes=10**7).data)
    for words in (["import", str(home / "gallery")], ["retrain"]):
        command = [sys.executable, "-m", "bot", *words, "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True)
    version = load_settings(home=home).registry(None).active()
    assert version is not None
    return version.folder


def processor_seconds() -> float:
    """Of this process and those that it started."""
    here = psutil.Process()
    times = [each.cpu_times() for each in (here, *here.children(recursive=True))]
    return sum(each.user + each.system for each in times)


async def rate(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Pictures a second, and processor milliseconds a picture, of work on all pictures."""
    used, started = processor_seconds(), time.perf_counter()
    await work()
    return PICTURES / (time.perf_counter() - started), 1000 * (processor_seconds() - used) / PICTURES


async def measure(files: list[bytes], home: Path) -> npt.NDArray[np.float64]:
    """Ours, predict and compiled: shape (rounds, 3, 2), the last axis as `rate` gives it."""
    version = learned(home)
    experiment = Experiment(classic())
    pool = RecognitionPool(load_settings(home=home))

    async def ours() -> None:  # all posted at once
        await asyncio.gather(
            *(pool.run(worker.identify, data, version=version, learned=None, max_bytes=8 * 10**6) for data in files)
        )

    async def theirs(name: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]) -> None:
        for data in files:
            experiment.label(data, name)

    rows: list[list[tuple[float, float]]] = []
    try:
        await pool.start()
        for number in range(ROUNDS + 1):
            row = [
                await rate(ours),
                await rate(partial(theirs, experiment.predict)),
                await rate(partial(theirs, experiment.compiled)),
            ]
            if number:  # the first round traces graphs and fills caches
                rows.append(row)
                print(f"round {number}: " + " ".join(f"{each:6.1f}" for each, _ in row), flush=True)
    finally:
        pool.close()
    seen = experiment.faces / (2 * (ROUNDS + 1) * len(files))
    print(f"{len(files)} pictures; the experiment found {seen:.2f} faces a picture")
    return np.array(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    print("pictures a second: ours, predict, compiled")
    with tempfile.TemporaryDirectory() as home:
        rates = asyncio.run(measure(pictures(parser.parse_args().data), Path(home)))
    for column, name in enumerate(("ours", "predict", "compiled")):
        second, milliseconds = np.median(rates[:, column], axis=0)
        print(f"{name}: {second:.1f} pictures a second, {milliseconds:.0f} ms of processor time each (medians)")
    for column, name in enumerate(("predict", "compiled"), start=1):
        logs = np.log(rates[:, 0] / rates[:, column]) * (1, -1)
        half = STUDENT * logs.std(axis=0, ddof=1) / np.sqrt(ROUNDS)
        (low, used_low), (ratio, used), (high, used_high) = np.exp(logs.mean(axis=0) + np.outer((-1, 0, 1), half))
        print(
            f"{name}: ours is {ratio:.1f} times as fast ({low:.1f} to {high:.1f}; reach: 8), "
            f"with {used:.1f} times less processor time ({used_low:.1f} to {used_high:.1f}); 95 % over {ROUNDS} rounds"
        )


if __name__ == "__main__":
    main()
