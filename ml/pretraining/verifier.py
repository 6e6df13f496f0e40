"""`python -m ml.pretraining.verifier FOLDER`: makes the verifier, after measuring it on pictures kept out of it."""

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, TypeAdapter, ValidationError

from ml.arrays import Floats
from ml.cascades import CLASSIC, OWN, CascadeMissing, resolve
from ml.faces.detector import Detector
from ml.faces.face import Box, Face
from ml.faces.verifier import VerifierError, look, probabilities, write
from ml.naming.embedder import Embedder
from ml.painting import invent, paint, paint_background
from ml.pictures.reading import Picture, decode
from ml.pictures.refusals import PictureError

FOLDS: Final = 5
_MODELS: Final = Path(__file__).parents[2] / "models"
_PAINTED: Final = 60  # pictures of invented characters, and half as many without any
_NOWHERE: Final = -1  # the fold of what is always learned from

Rectangle = tuple[float, float, float, float]


class _Marked(BaseModel):
    """A face in `boxes.json`, whatever else is said of it there."""

    box: Rectangle


_MARKED: Final = TypeAdapter(dict[str, list[_Marked]])


@dataclass(frozen=True, slots=True)
class Candidates:
    """What cascades proposed.

    Attributes
    ----------
    seen
        float32, shape (n, dimensions): `ml.faces.verifier.look`.
    faces
        bool, shape (n,): which are faces.
    folds
        int, shape (n,): the fold of each one's picture; -1 is in none.
    """

    seen: Floats
    faces: npt.NDArray[np.bool_]
    folds: npt.NDArray[np.int64]


def fold_of(picture: Picture) -> int:
    """Which fold a picture belongs to, 0..4: by what is in it, so that every run parts the pictures alike."""
    return zlib.crc32(np.ascontiguousarray(picture[::8, ::8]).tobytes()) % FOLDS


def collect(folder: Path, embedder: Embedder) -> Candidates:
    """Look at all candidates in `detection/` and `negatives/` of a folder, and in painted pictures.

    A candidate is a face if its middle lies in a true box and the true middle in it. The pictures of `ml.painting`'s
    own cast are not among the painted ones.

    Raises
    ------
    VerifierError
        There are no pictures.
    """
    detector = Detector([source.loosened() for source in _sources()])
    seen: list[Floats] = []
    faces: list[bool] = []
    folds: list[int] = []
    for picture, boxes, fold in [*_marked(folder), *_painted()]:
        candidates = detector.propose(picture)
        seen.append(look(picture, candidates, embedder))
        faces += [any(_meets(face, box) for box in boxes) for face in candidates]
        folds += [fold] * len(candidates)
    if all(fold == _NOWHERE for fold in folds):
        raise VerifierError(f"There are no pictures in {folder / 'detection'} and {folder / 'negatives'}.")
    return Candidates(np.concatenate(seen), np.array(faces, np.bool_), np.array(folds, np.int64))


def fit(candidates: Candidates, *, without: int | None = None, penalty: float = 0.1, steps: int = 15) -> Floats:
    """Fit the regression.

    Parameters
    ----------
    candidates
        What to learn from.
    without
        The fold to leave out.
    penalty
        Of the squared weights, against the sum over candidates, weighted so that both kinds count the same.
    steps
        Of Newton's method; it has settled after ten.

    Returns
    -------
    float32, shape (dimensions + 1,); the last one is the constant.
    """
    kept = candidates.folds != (FOLDS if without is None else without)
    truth = candidates.faces[kept].astype(np.float64)
    x = np.asarray(np.insert(candidates.seen[kept], candidates.seen.shape[1], 1.0, axis=1), np.float64)
    weight = np.asarray(np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean())), np.float64)
    ridge = np.full(x.shape[1], penalty, np.float64)
    ridge[-1] = 1e-6
    weights = np.zeros(x.shape[1], np.float64)
    for _ in range(steps):
        p = np.asarray(1 / (1 + np.exp(-np.clip(x @ weights, -30, 30))), np.float64)
        slope = np.asarray(x.T @ (weight * (p - truth)) + ridge * weights, np.float64)
        curve = np.asarray((x.T * (weight * p * (1 - p))) @ x + np.diag(ridge), np.float64)
        weights -= np.asarray(np.linalg.solve(curve, slope), np.float64)
    return weights.astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the verifier, and say how it does on candidates of pictures that it did not learn from."""
    parser = argparse.ArgumentParser(prog="python -m ml.pretraining.verifier", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds detection/ and negatives/, as for benchmarks/detection.py")
    parser.add_argument("--embedder", type=Path, default=_MODELS / "embedder.tflite", metavar="TFLITE")
    parser.add_argument("--out", type=Path, default=_MODELS / "verifier.npz", metavar="NPZ")
    given = parser.parse_args(arguments)
    embedder = Embedder(given.embedder)
    candidates = collect(given.folder, embedder)
    print(f"{len(candidates.faces)} candidates, {int(candidates.faces.sum())} of them faces.")
    for fold in range(FOLDS):
        held = candidates.folds == fold
        right = (probabilities(candidates.seen[held], fit(candidates, without=fold)) > 0.5) == candidates.faces[held]
        print(f"fold {fold}: {right.mean():.3f} of {int(held.sum())} judged rightly")
    write(given.out, fit(candidates), embedder)
    print(given.out)
    return 0


def _sources() -> list[Any]:
    try:
        return [*resolve([OWN, CLASSIC])]
    except CascadeMissing:
        return [*resolve([OWN])]


def _marked(folder: Path) -> Iterator[tuple[Picture, list[Rectangle], int]]:
    marked = folder / "detection"
    for name, boxes in _boxes(marked / "boxes.json").items():
        picture = _picture(marked / "images" / name)
        yield picture, boxes, fold_of(picture)
    for path in sorted((folder / "negatives").glob("*.*")):
        picture = _picture(path)
        yield picture, [], fold_of(picture)


def _boxes(path: Path) -> dict[str, list[Rectangle]]:
    if not path.is_file():
        return {}
    try:
        marked = _MARKED.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise VerifierError(
            f'{path} holds no boxes that I can read, as {{"a.jpg": [{{"box": [x, y, w, h]}}]}}.'
        ) from error
    return {name: [face.box for face in faces] for name, faces in marked.items()}


def _picture(path: Path) -> Picture:
    try:
        return decode(path.read_bytes())
    except (OSError, PictureError) as error:
        raise VerifierError(f"{path} is no picture that I can read ({error}).") from error


def _painted() -> Iterator[tuple[Picture, list[Box], int]]:
    for seed in range(_PAINTED):
        painting = paint(invent(seed), seed=seed)
        yield painting.picture, list(painting.heads), _NOWHERE
    for seed in range(1000, 1000 + _PAINTED // 2):
        yield paint_background(seed), [], _NOWHERE


def _meets(face: Face, box: Sequence[float]) -> bool:
    return _middle_in(face.box, box) and _middle_in(box, face.box)


def _middle_in(box: Sequence[float], other: Sequence[float]) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return other[0] <= x <= other[0] + other[2] and other[1] <= y <= other[1] + other[3]


if __name__ == "__main__":
    raise SystemExit(main())
