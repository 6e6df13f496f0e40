"""Face or not: the judge of what cascades propose, a logistic regression on what the embedder sees."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.arrays import DAMAGED, Floats
from ml.errors import KoredareError
from ml.faces.crops import crop_face
from ml.faces.face import Face
from ml.files import written_whole
from ml.naming.embedder import Embedder
from ml.pictures.reading import Picture

_MEND = (
    "take it from the project again, or make it with `python -m ml.pretraining.verifier`; another backbone's, "
    "`koredare backbone PICTURES` makes."
)


class VerifierError(KoredareError):
    """The verifier's file is missing, damaged, or made for another embedder."""


class Verifier:
    """Says how likely each candidate is a face.

    Parameters
    ----------
    path
        A file of `write`.
    embedder
        The one that the file was made with.

    Raises
    ------
    VerifierError
        The file is missing, damaged, or made for another embedder; the message says how to mend it.
    """

    def __init__(self, path: Path, embedder: Embedder) -> None:
        arrays = _read(path)
        if str(arrays["embedder"]) != embedder.fingerprint:
            raise VerifierError(f"{path} was made for another embedder: {_MEND}")
        self._weights = np.asarray(arrays["weights"], np.float32)
        if self._weights.shape != (embedder.dimensions + 1,) or not np.isfinite(self._weights).all():
            raise VerifierError(f"{path} is damaged: {_MEND}")
        self._embedder = embedder

    def judge(self, picture: Picture, candidates: Sequence[Face]) -> list[Face]:
        """Give the same candidates, in the same order, each scored by the probability that it is a face."""
        seen = look(picture, candidates, self._embedder)
        return [
            replace(face, score=float(score))
            for face, score in zip(candidates, probabilities(seen, self._weights), strict=True)
        ]


def look(picture: Picture, candidates: Sequence[Face], embedder: Embedder) -> Floats:
    """What the embedder sees of each candidate: shape (n, dimensions), as it sees the faces that it names."""
    return embedder.embed([crop_face(picture, face, size=embedder.size) for face in candidates])


def probabilities(seen: Floats, weights: Floats) -> Floats:
    """Of `look`'s rows, by weights of which the last one is the constant: shape (n,), 0..1."""
    logits = np.clip(seen @ weights[:-1] + weights[-1], -30, 30)
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def write(path: Path, weights: Floats, embedder: Embedder) -> None:
    """Write what `Verifier` reads; a reader finds the old file or the new one."""
    with written_whole(path) as aside, aside.open("wb") as file:
        np.savez(file, weights=weights.astype(np.float32), embedder=np.array(embedder.fingerprint))


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in ("weights", "embedder")}
    except OSError as error:
        raise VerifierError(f"The verifier {path} cannot be read ({error.strerror or 'damaged'}): {_MEND}") from error
    except DAMAGED as error:
        raise VerifierError(f"{path} is damaged, or is no verifier: {_MEND}") from error
