"""`python -m ml.pretraining.verifier FOLDER`: makes the verifier, after measuring it on pictures kept out of it."""

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.cascades import resolve
from ml.faces.detector import Detector
from ml.faces.face import Box, Face, same
from ml.faces.scout import Scout
from ml.faces.verifier import VerifierError, look, probabilities, write
from ml.naming.embedder import Embedder
from ml.painting import invent, paint, paint_background
from ml.pictures.reading import Picture
from ml.pretraining import crops, marked
from ml.pretraining.backdrops import Places
from ml.pretraining.crops import Crops
from ml.pretraining.division import CALIBRATING, CHOOSING, MEASURING
from ml.pretraining.framing import frame
from ml.pretraining.marked import Rectangle
from ml.pretraining.scenes import Placed, Scenes
from ml.recognizer import SCOUT, VERIFIER

FOLDS: Final = 5
_EMBEDDER: Final = VERIFIER.with_name("embedder.tflite")
_PAINTED: Final = 60  # pictures of invented characters, and half as many without any
_SCENES: Final = 500  # put together from face crops
_SIZE: Final = 320  # pixels of a scene's side
_PLACES: Final = 10  # painted, and as many figures, for scenes to take place in
_EACH: Final = 2  # crops of one character
_COUNTS: Final = 0.2  # scenes, against all other pictures: they are many, and alike
_NO_FACE: Final = 2.0  # what is none, against faces: seen where nobody is, one is worse than a face missed
_SEED: Final = 7  # of the scenes: others than the scout learned from
_BOLD: Final = 0.06  # heat from which the scout proposes what is hardly ever a face
_BOLDEST: Final = 24  # of these in a picture
_NOWHERE: Final = -1  # the fold of what is always learned from


class _Seen(NamedTuple):
    """A picture, the faces in it, the fold that it is in, and whether it was put together."""

    picture: Picture
    boxes: Sequence[Rectangle]
    fold: int = _NOWHERE
    made: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """What cascades and scout proposed.

    Attributes
    ----------
    seen
        float32, shape (n, dimensions): `ml.faces.verifier.look`.
    faces
        bool, shape (n,): which are faces.
    folds
        int, shape (n,): the fold of each one's picture; -1 is in none.
    made
        bool, shape (n,): which are of scenes that were put together.
    """

    seen: Floats
    faces: npt.NDArray[np.bool_]
    folds: npt.NDArray[np.int64]
    made: npt.NDArray[np.bool_]


def fold_of(picture: Picture) -> int:
    """Which fold a picture belongs to, 0..4: by what is in it, so that every run parts the pictures alike."""
    return zlib.crc32(np.ascontiguousarray(picture[::8, ::8]).tobytes()) % FOLDS


def collect(folder: Path, embedder: Embedder, learned: Crops | None = None) -> Candidates:
    """Look at all that is proposed in `detection/` and `negatives/` of a folder, in painted pictures and in scenes.

    A candidate is a face if its middle lies in a true box and the true middle in it. The pictures of `ml.painting`'s
    own cast are not among the painted ones.

    Parameters
    ----------
    learned
        Faces to put scenes together from, many of them in profile. None: no scenes.

    Raises
    ------
    VerifierError
        There are no pictures, or one cannot be read.
    """
    seen: list[Floats] = []
    faces: list[bool] = []
    folds: list[int] = []
    made: list[bool] = []
    for each, candidates in _proposed(folder, learned):
        seen.append(look(each.picture, candidates, embedder))
        faces += [any(_meets(face, box) for box in each.boxes) for face in candidates]
        folds += [each.fold] * len(candidates)
        made += [each.made] * len(candidates)
    if all(fold == _NOWHERE for fold in folds):
        raise VerifierError(f"There are no pictures in {folder / 'detection'} and {folder / 'negatives'}.")
    return Candidates(
        np.concatenate(seen), np.array(faces, np.bool_), np.array(folds, np.int64), np.array(made, np.bool_)
    )


def fit(candidates: Candidates, *, without: int | None = None, penalty: float = 2.5e-5, steps: int = 12) -> Floats:
    """Fit the regression.

    Parameters
    ----------
    candidates
        What to learn from.
    without
        The fold to leave out.
    penalty
        Of the squared weights, against the mean over candidates, weighted.
    steps
        Of Newton's method; it has settled after ten.

    Returns
    -------
    float32, shape (dimensions + 1,); the last one is the constant.
    """
    kept = candidates.folds != (FOLDS if without is None else without)
    truth = candidates.faces[kept].astype(np.float64)
    x = np.insert(candidates.seen[kept], candidates.seen.shape[1], np.float32(1), axis=1)
    weight = _weights(candidates.faces[kept], candidates.made[kept])
    ridge = np.full(x.shape[1], penalty, np.float64)
    ridge[-1] = 1e-9
    weights = np.zeros(x.shape[1], np.float64)
    for _ in range(steps):
        p = np.asarray(1 / (1 + np.exp(-np.clip(x @ weights, -30, 30))), np.float64)
        slope = np.asarray(x.T @ (weight * (p - truth)) + ridge * weights, np.float64)
        # It only says how far to go: half the digits do, in half the time.
        curve = np.asarray((x.T * (weight * p * (1 - p)).astype(np.float32)) @ x + np.diag(ridge), np.float64)
        weights -= np.asarray(np.linalg.solve(curve, slope), np.float64)
    return weights.astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the verifier, and say how it does on candidates of pictures that it did not learn from."""
    parser = argparse.ArgumentParser(prog="python -m ml.pretraining.verifier", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds detection/ and negatives/, as for benchmarks/detection.py")
    parser.add_argument(
        "--crops", type=Path, nargs="+", default=[], metavar="DIR", help="folders of face crops for each character"
    )
    parser.add_argument("--embedder", type=Path, default=_EMBEDDER, metavar="TFLITE")
    parser.add_argument("--out", type=Path, default=VERIFIER, metavar="NPZ")
    given = parser.parse_args(arguments)
    embedder = Embedder(given.embedder)
    candidates = collect(given.folder, embedder, learned(given.crops))
    print(f"{len(candidates.faces)} candidates, {int(candidates.faces.sum())} of them faces.")
    for fold in range(FOLDS):
        held = candidates.folds == fold
        right = (probabilities(candidates.seen[held], fit(candidates, without=fold)) > 0.5) == candidates.faces[held]
        print(f"fold {fold}: {right.mean():.3f} of {int(held.sum())} judged rightly")
    write(given.out, fit(candidates), embedder)
    print(given.out)
    return 0


def learned(folders: Sequence[Path]) -> Crops | None:
    """Some crops of each character in these folders that teaches the embedder; None without folders.

    Raises
    ------
    CropsError
        There are none.
    """
    if not folders:
        return None
    return crops.some(*folders, each=_EACH, exclude=[*CALIBRATING, *CHOOSING, *MEASURING])


def _pictures(folder: Path, learned: Crops | None) -> Iterator[_Seen]:
    for picture, boxes in marked.pictures(folder):
        yield _Seen(picture, boxes, fold_of(picture))
    for seed in range(_PAINTED):
        painting = paint(invent(seed), seed=seed)
        yield _Seen(painting.picture, list(painting.heads))
    for seed in range(1000, 1000 + _PAINTED // 2):
        yield _Seen(paint_background(seed), [])
    if learned is not None:
        scenes = Scenes(learned, frame(learned), Places.paint(_PLACES), _SIZE, _SEED)
        for number in range(_SCENES):
            scene = scenes[number]
            yield _Seen(scene.picture, [_box(face) for face in scene.faces], made=True)


def _proposed(folder: Path, learned: Crops | None) -> Iterator[tuple[_Seen, list[Face]]]:
    """What the detector's looks propose in each picture; and, where it was not put together, that again, mirrored and
    framed a little otherwise, and what a bolder scout proposes besides, hardly ever a face."""
    detector = Detector([source.loosened() for source in resolve()], scout=Scout(SCOUT))
    bold = Scout(SCOUT, least=_BOLD, most=_BOLDEST)
    rng = np.random.default_rng(0)
    for each in _pictures(folder, learned):
        faces = detector.propose(each.picture)
        yield each, faces
        if not each.made:
            yield _mirrored(each), [_moved(face, each.picture.shape[1], rng) for face in faces]
            besides = bold.propose(each.picture)
            yield each, [face for face in besides if not any(same(face.box, other.box) for other in faces)]


def _mirrored(seen: _Seen) -> _Seen:
    width = seen.picture.shape[1]
    boxes = [(width - x - w, y, w, h) for x, y, w, h in seen.boxes]
    return seen._replace(picture=np.ascontiguousarray(seen.picture[:, ::-1]), boxes=boxes)


def _moved(face: Face, width: int, rng: np.random.Generator) -> Face:
    """A face in the picture mirrored, its box a little larger or smaller, elsewhere and turned."""
    scale = rng.uniform(0.85, 1.2)
    across, down = rng.normal(0, 0.06, 2) * face.box.w
    side = round(face.box.w * scale)
    x = round(face.box.x + face.box.w / 2 + across - face.box.w * scale / 2)
    y = round(face.box.y + face.box.h / 2 + down - face.box.w * scale / 2)
    return Face(Box(width - x - side, y, side, side), -(face.angle + float(rng.normal(0, 8))), face.score)


def _box(face: Placed) -> Rectangle:
    return (face.x - face.side / 2, face.y - face.side / 2, face.side, face.side)


def _weights(faces: npt.NDArray[np.bool_], made: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """What each candidate weighs, 1 in all: all faces together, and all that is none, as much as theirs should."""
    weight = np.zeros(len(faces), np.float64)
    for kind, against in ((faces, 1.0), (~faces, _NO_FACE)):
        for of, counts in ((made, _COUNTS), (~made, 1.0)):
            weight[kind & of] = against * counts / max(1, (kind & of).sum())
    return weight / weight.sum()


def _meets(face: Face, box: Sequence[float]) -> bool:
    return _middle_in(face.box, box) and _middle_in(box, face.box)


def _middle_in(box: Sequence[float], other: Sequence[float]) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return other[0] <= x <= other[0] + other[2] and other[1] <= y <= other[1] + other[3]


if __name__ == "__main__":
    raise SystemExit(main())
