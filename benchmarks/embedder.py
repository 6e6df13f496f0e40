"""The embedder that ships beside the same network stored otherwise: size, speed, agreement, naming.

    python benchmarks/embedder.py [DATA]

One core. With DATA, a folder that holds `unseen/<character>/` and `faces/<character>/`, the crops of `unseen` are named
by the nearest mean of 5 and of 20 of them, and int8 is measured as well, quantised on crops of `faces`.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read when TensorFlow is imported

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.naming.embedder import Embedder, fitted
from ml.pictures.reading import Picture
from ml.pretraining import crops, export, held_out, network, weights, whitening
from ml.pretraining.check import pattern
from ml.pretraining.crops import Crops

MODELS = Path(__file__).parents[1] / "models"
SHIPPED = MODELS / "embedder.tflite"
FACES = 300
DRAWS = 20
START = """
import sys, time
import cv2, numpy
from pathlib import Path
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
before, started = resident(), time.perf_counter()
from ml.naming.embedder import Embedder
imported = time.perf_counter()
embedder = Embedder(Path(sys.argv[1]))
embedder.embed([numpy.zeros((112, 112, 3), numpy.uint8)])
ready = time.perf_counter()
print(f"import {1000 * (imported - started):.0f} ms, load and first face {1000 * (ready - imported):.0f} ms,",
      f"{resident() - before:.0f} MB on top of NumPy and OpenCV")
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one file."""

    name: str
    megabytes: float
    milliseconds: float
    cosines: npt.NDArray[np.float32] | None = None
    named: tuple[str, ...] = ()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    data: Path | None = parser.parse_args().data
    done = subprocess.run([sys.executable, "-c", START, SHIPPED], capture_output=True, text=True, check=True)
    print(f"start: {done.stdout.strip()}\n")
    unseen = crops.read(data / "unseen") if data else None
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(path, unseen) for path in [SHIPPED, *others(Path(folder), data)]]
    show(rows, unseen)


def others(folder: Path, data: Path | None) -> list[Path]:
    """The same network, stored otherwise."""
    arrays, whitened = whitening.parted(weights.read(MODELS / "embedder.npz"))
    assert whitened is not None
    built = network.build()
    weights.put_into(built, arrays)
    embedder = network.embedder(built, whitened)
    precisions: list[export.Precision] = ["float32", "dynamic", *(("int8",) if data else ())]
    paths = [folder / f"{precision}.tflite" for precision in precisions]
    for precision, path in zip(precisions, paths, strict=True):
        examples: list[Picture] = []
        if precision == "int8" and data:
            known = crops.read(data / "faces", limit=6)
            examples = [fitted(known.picture(i), network.SIZE) for i in range(min(len(known), FACES))]
        path.write_bytes(export.to_tflite(embedder, precision=precision, examples=examples))
    return paths


def measured(path: Path, unseen: Crops | None) -> Row:
    """Run one file."""
    embedder = Embedder(path)
    name, megabytes = path.stem, path.stat().st_size / 1e6
    picture = pattern()
    times: list[float] = []
    for number in range(FACES):
        another = np.roll(picture, number, axis=1)  # an embedder remembers what it has just seen
        started = time.perf_counter()
        embedder.embed([another])
        times.append(1000 * (time.perf_counter() - started))
    if unseen is None:
        return Row(name, megabytes, float(np.median(times)))
    vectors = embedder.embed([unseen.picture(i) for i in range(len(unseen))])
    named = tuple(naming(vectors, unseen, shots) for shots in (5, 20))
    return Row(name, megabytes, float(np.median(times)), vectors, named)


def naming(vectors: npt.NDArray[np.float32], unseen: Crops, shots: int) -> str:
    """Balanced accuracy: mean and standard deviation over the draws."""
    drawn = [held_out.named_by_means(vectors, unseen.labels, shots=shots, seed=seed) for seed in range(DRAWS)]
    return f"{np.mean(drawn):.3f} ± {np.std(drawn):.3f}"


def show(rows: list[Row], unseen: Crops | None) -> None:
    """Print a line for each file, with its ratio to the one that ships."""
    shipped = rows[0]
    exact = next(row for row in rows if row.name == "float32").cosines
    print(
        f"{'file':<10} {'MB':>6} {'ms a face':>10} {'ratio':>6}",
        "  cosine (least)    5 crops        20 crops" if unseen else "",
    )
    for row in rows:
        ratio = row.milliseconds / shipped.milliseconds
        line = f"{row.name:<10} {row.megabytes:6.2f} {row.milliseconds:10.2f} {ratio:6.2f}"
        if row.cosines is not None and exact is not None:
            cosines = (row.cosines * exact).sum(axis=1)
            line += f"  {cosines.mean():.5f} ({cosines.min():.4f})  {'  '.join(row.named)}"
        print(line)
    print(f"\nms: a face, looked at twice, median of {FACES}; ratio: to what ships.")
    if unseen:
        print(
            f"named: {len(unseen)} crops of {len(unseen.names)} characters, {DRAWS} draws, mean ± standard deviation."
        )


if __name__ == "__main__":
    main()
