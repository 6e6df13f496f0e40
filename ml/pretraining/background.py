"""Embeddings of strangers, which ship with the embedder: of characters that it did not learn.

Only the embeddings are kept. That no likeness of a picture can be drawn from them again is likely, not certain.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.errors import KoredareError
from ml.faces.crops import crop_face
from ml.faces.detector import Box, Face
from ml.naming.embedder import Embedder
from ml.painting import invent, paint
from ml.pictures.reading import Picture, decode
from ml.pretraining import weights

# A box around the head, as people draw it, against the box that a cascade gives of the same face: medians over 239
# faces that both have. In sides of the cascade's box.
_HEAD: Final = 1.17
_ABOVE: Final = 0.233
# Our embedder's cosine above which two faces are one picture again, or one character alike enough to count once.
SAME: Final = 0.75
_GATE: Final = 0.3  # part of the faces that is kept for comparing versions
_SUFFIXES: Final = {".jpg", ".jpeg", ".png", ".webp"}


class BackgroundError(KoredareError):
    """There is nothing to make a background of, or the boxes cannot be read."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A face of somebody: its crop, and the bytes of the file that it came from."""

    crop: Picture
    source: bytes


def crops_in(folder: Path) -> Iterator[Stranger]:
    """Each picture in a folder, or in folders in it, as one face, cropped already."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            data = path.read_bytes()
            yield Stranger(decode(data), data)


def faces_in(folder: Path, boxes: Path, *, size: int, leave_out: Collection[str] = ()) -> Iterator[Stranger]:
    """The faces of whole pictures, where people drew boxes around the heads.

    Parameters
    ----------
    boxes
        JSON: `{"a.jpg": [{"box": [x, y, w, h]}, …], …}`, pixels.
    size
        Side of the crops, pixels; they are framed as those that the detector's boxes give.
    leave_out
        Faces to leave out, as `a.jpg:0` for the first box of that picture.

    Raises
    ------
    BackgroundError
        The boxes cannot be read.
    """
    try:
        described: dict[str, list[dict[str, Any]]] = json.loads(boxes.read_text())
        heads = {name: [tuple(map(float, face["box"])) for face in faces] for name, faces in described.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackgroundError(f"{boxes} holds no boxes that I can read ({error}).") from error
    for name, drawn in sorted(heads.items()):
        data = (folder / name).read_bytes()
        picture = decode(data)
        for place, head in enumerate(drawn):
            if f"{name}:{place}" not in leave_out:
                yield Stranger(crop_face(picture, _face(*head), size=size), data)


def painted(count: int, *, size: int) -> Iterator[Stranger]:
    """Faces of invented characters, a picture each: for a backbone of which no stranger's embedding ships.

    Parameters
    ----------
    size
        Side of the crops, pixels; framed as those of `faces_in`.
    """
    for seed in range(count):
        painting = paint(invent(seed), seed=seed)
        crop = crop_face(painting.picture, _face(*painting.heads[0]), size=size)
        yield Stranger(crop, painting.picture.tobytes())


def make(strangers: Iterable[Stranger], embedder: Embedder, out: Path, *, same: float | None = SAME) -> tuple[int, int]:
    """Embed strangers and write them to `background.npz`, as `ml.training.background.Background` reads it.

    Whether a face serves for calibration or for the gate follows from its picture's bytes: it stays so when faces are
    added, and the faces of one picture stay together.

    Parameters
    ----------
    same
        Cosine from which a face counts as there already; None: none does. The default is for our own embedder.

    Returns
    -------
    (int, int)
        Faces written, and faces left out because they were there already.

    Raises
    ------
    BackgroundError
        There is not a single face.
    """
    kept: list[npt.NDArray[np.float32]] = []
    gate: list[bool] = []
    repeated = 0
    for stranger in strangers:
        embedding = embedder.embed([stranger.crop])[0]
        if same is not None and kept and float((np.stack(kept) @ embedding).max()) >= same:
            repeated += 1
            continue
        kept.append(embedding)
        gate.append(hashlib.sha256(stranger.source).digest()[0] < _GATE * 256)
    if not kept:
        raise BackgroundError("There are no faces to make a background of.")
    arrays = {
        "embeddings": np.stack(kept).astype(np.float16),
        "gate": np.array(gate),
        "embedder": np.array(embedder.fingerprint),
    }
    weights.write(out, arrays)
    return len(kept), repeated


def _face(x: float, y: float, width: float, height: float) -> Face:
    """The face in a head's box, as wide and as low as a cascade would have seen it."""
    side = (width * height) ** 0.5 / _HEAD
    left, top = x + (width - side) / 2, y + (height - side) / 2 + _ABOVE * side
    return Face(Box(round(left), round(top), round(side), round(side)), angle=0.0, score=1.0)
