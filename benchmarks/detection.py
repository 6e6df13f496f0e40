"""How many faces are found, how many of the finds are faces, and how long it takes; side by side.

    python benchmarks/detection.py [FOLDER] [--detectors NAME,NAME …]

FOLDER may hold `detection/` (`images/` and `boxes.json`: {"0000.jpg": [{"box": [x, y, w, h]}, …]}), `negatives/`
(pictures without anime faces) and `seed/` (pictures of one character each, in folders). Without it, painted pictures
are measured. `groups.json` beside this file corrects the boxes of one such `boxes.json`, known by its SHA-256: faces
that it lacks, in groups above all, and boxes without a face. A find counts when its centre lies in the true box and the
true centre in it, one to one. Intervals: 95 %, bootstrap over pictures. "Nothing chosen on": the half of the pictures
(by their names) on which the order of looks and its limits were not chosen. "Verified": as the bot does it; in FOLDER
each picture is judged by a verifier that has not seen it, nor the rest of its fifth (the file that ships has seen all
of `detection/` and `negatives/`). Times: of the processor, one thread, the decoded picture to its faces.
"""

import argparse
import hashlib
import json
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ml.cascades import CLASSIC, OWN, CascadeError, find, resolve
from ml.faces.detector import Detector
from ml.faces.face import Box, Face
from ml.faces.finders import FinderSource
from ml.faces.scout import Scout
from ml.faces.verifier import Verifier, write
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import Embedder
from ml.painting import CAST, paint, paint_background
from ml.pictures.reading import Grey, Picture, decode
from ml.pretraining import verifier as learning
from ml.recognizer import SCOUT, VERIFIER

_CORRECTED = Path(__file__).with_name("groups.json")
_GROUP = 3
_DRAWS = 2000
_KINDS = {".jpg", ".jpeg", ".png", ".webp", ".gif"}

Reader = Callable[[], Picture]
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Marked:
    """A picture, read when it is needed, its true boxes (x, y, w, h), and whether anything was chosen on it."""

    read: Reader
    boxes: Sequence[Rectangle]
    chosen_on: bool = False


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is measured on: with marked faces, without any face, and of one character each."""

    marked: list[Marked]
    without: list[Reader]
    single: list[Reader]


class ClassicSettings:
    """The cascade as everybody runs it: full size, histogram equalised, 1.1, 5 neighbours, 30 pixels."""

    name = f"{CLASSIC}, classic settings"

    def __init__(self) -> None:
        self._classifier = cv2.CascadeClassifier(str(find(CLASSIC)))

    def open(self) -> "ClassicSettings":
        return self

    def loosened(self) -> "ClassicSettings":
        return self

    def detect(self, picture: Grey, *, detail: float = 1.0, seen: float = 0.0) -> list[Face]:
        del detail, seen  # it always looks at all
        found = self._classifier.detectMultiScale(
            cv2.equalizeHist(picture), scaleFactor=1.1, minNeighbors=5, minSize=(30, 30)
        )
        return [Face(Box(*(int(value) for value in box)), angle=0.0, score=1.0) for box in found]


class CrossValidated:
    """Detectors with a verifier for each fold; the one that has not seen a picture looks at it."""

    def __init__(self, sources: Sequence[FinderSource], verifiers: Sequence[Verifier]) -> None:
        scout = Scout(SCOUT)  # it learned from none of these pictures
        self._detectors = [Detector(sources, judge=verifier, scout=scout) for verifier in verifiers]

    def detect(self, picture: Picture) -> list[Face]:
        return self._detectors[learning.fold_of(picture) % len(self._detectors)].detect(picture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--detectors", action="append", metavar="NAME,NAME", help="measure these together instead")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    configurations = _configurations(chosen.detectors)
    pictures = _load(chosen.folder) if chosen.folder else _paint()
    faces = sum(len(marked.boxes) for marked in pictures.marked)
    print(
        f"{'in ' + str(chosen.folder) if chosen.folder else 'painted pictures'}: {len(pictures.marked)} pictures with "
        f"{faces} faces, {len(pictures.without)} without, {len(pictures.single)} of one character\n"
    )
    print(
        f"| finder | recall | precision | F1 | recall, nothing chosen on | recall, {_GROUP} faces and more "
        "| false where no face is | one character: found | ms, median | ms, mean |"
    )
    print(f"|{' --- |' * 10}")
    for sources in configurations:
        print(_row(Detector(sources).detect, " + ".join(source.name for source in sources), pictures), flush=True)
    verifiers = _verifiers(chosen.folder)
    for sources in configurations:
        if not isinstance(sources[0], ClassicSettings):
            name = " + ".join(source.name for source in sources)
            print(_row(CrossValidated(sources, verifiers).detect, f"{name}, verified", pictures), flush=True)


def _verifiers(folder: Path | None) -> list[Verifier]:
    """One for each fold of a folder; without a folder the one that ships."""
    embedder = Embedder(SHIPPED.embedder)
    if folder is None:
        return [Verifier(VERIFIER, embedder)]
    candidates = learning.collect(folder, embedder)
    verifiers: list[Verifier] = []
    with tempfile.TemporaryDirectory() as place:
        for fold in range(learning.FOLDS):
            path = Path(place) / f"{fold}.npz"
            write(path, learning.fit(candidates, without=fold), embedder)
            verifiers.append(Verifier(path, embedder))
    return verifiers


def _configurations(wanted: list[str] | None) -> list[Sequence[FinderSource]]:
    if wanted:
        return [resolve(names.split(",")) for names in wanted]
    configurations: list[Sequence[FinderSource]] = [resolve([OWN])]
    try:
        configurations = [[ClassicSettings()], resolve([CLASSIC]), *configurations, resolve([CLASSIC, OWN])]
    except CascadeError as error:
        print(f"{error}\n")
    return configurations


def _row(detect: Callable[[Picture], list[Face]], name: str, pictures: Pictures) -> str:
    milliseconds: list[float] = []

    def look(read: Reader) -> list[Face]:
        picture = read()
        started = time.thread_time()
        faces = detect(picture)
        milliseconds.append(1000 * (time.thread_time() - started))
        return faces

    counts = np.array(
        [(len(marked.boxes), *_compare(look(marked.read), marked.boxes)) for marked in pictures.marked], np.int64
    ).reshape(-1, 3)
    taken = (
        [f"{value:.0f}" for value in (np.median(milliseconds), np.mean(milliseconds))] if milliseconds else ["–"] * 2
    )
    fresh = np.array([not marked.chosen_on for marked in pictures.marked], np.bool_)
    false = sum(len(look(read)) for read in pictures.without)
    found = sum(bool(look(read)) for read in pictures.single)
    cells = [
        name,
        *_rates(counts),
        _recall(counts[fresh]),
        _recall(counts[counts[:, 0] >= _GROUP]),
        f"{false} in {len(pictures.without)}" if pictures.without else "–",
        f"{found} of {len(pictures.single)} {_wilson(found, len(pictures.single))}" if pictures.single else "–",
        *taken,
    ]
    return f"| {' | '.join(cells)} |"


def _rates(counts: npt.NDArray[np.int64]) -> list[str]:
    """Recall, precision and F1 with their intervals, from rows of (true, found, right), one a picture."""
    if not len(counts):
        return ["–"] * 3
    draws = np.random.default_rng(0).integers(len(counts), size=(_DRAWS, len(counts)))
    true, found, right = np.moveaxis(np.vstack([counts.sum(0)[None], counts[draws].sum(1)]), 1, 0)
    values = [right / true, right / np.maximum(found, 1), 2 * right / (true + found)]
    low, high = np.quantile(np.array(values)[:, 1:], [0.025, 0.975], axis=1)
    return [f"{values[i][0]:.3f} ({low[i]:.3f}–{high[i]:.3f})" for i in range(3)]


def _recall(counts: npt.NDArray[np.int64]) -> str:
    """With what it is of: "0.946 (0.885–0.982), 56 in 16"."""
    return f"{_rates(counts)[0]}, {counts[:, 0].sum()} in {len(counts)}"


def _wilson(hits: int, n: int) -> str:
    z = 1.96
    centre, reach = (hits + z * z / 2) / (n + z * z), z * (hits * (n - hits) / n + z * z / 4) ** 0.5 / (n + z * z)
    return f"({centre - reach:.3f}–{centre + reach:.3f})"


def _compare(faces: Sequence[Face], truth: Sequence[Rectangle]) -> tuple[int, int]:
    """How many were found, and how many of them rightly; the best face chooses first."""
    left = list(truth)
    right = 0
    for face in faces:
        match = next((box for box in left if _centre_in(box, face.box) and _centre_in(face.box, box)), None)
        if match is not None:
            left.remove(match)
            right += 1
    return len(faces), right


def _centre_in(box: Rectangle, other: Rectangle) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return other[0] <= x <= other[0] + other[2] and other[1] <= y <= other[1] + other[3]


def _load(folder: Path) -> Pictures:
    marked = folder / "detection" if (folder / "detection").is_dir() else folder
    return Pictures(
        [
            Marked(_file(marked / "images" / name), boxes, chosen_on=zlib.crc32(name.encode()) % 2 == 0)
            for name, boxes in _boxes(marked / "boxes.json").items()
        ],
        _files(folder / "negatives"),
        _files(folder / "seed"),
    )


def _boxes(file: Path) -> dict[str, list[Rectangle]]:
    if not file.is_file():
        return {}
    written = file.read_bytes()
    boxes = {name: [face["box"] for face in faces] for name, faces in json.loads(written).items()}
    corrected = json.loads(_CORRECTED.read_text())
    return boxes | corrected["boxes"] if hashlib.sha256(written).hexdigest() == corrected["of"] else boxes


def _files(folder: Path) -> list[Reader]:
    return [_file(path) for path in sorted(folder.rglob("*")) if path.suffix.lower() in _KINDS]


def _file(path: Path) -> Reader:
    return lambda: decode(path.read_bytes())


def _paint() -> Pictures:
    alone = [paint(character, seed=seed) for character in CAST for seed in range(8)]
    pairs = [paint([CAST[i], CAST[i - 1]], seed=i, size=(900, 640)) for i in range(len(CAST))]
    marked = [Marked(lambda painting=painting: painting.picture, painting.heads) for painting in [*alone, *pairs]]
    places = [paint_background(seed) for seed in range(40)]
    return Pictures(marked, [lambda place=place: place for place in places], [])


if __name__ == "__main__":
    main()
