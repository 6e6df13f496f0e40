"""Embeddings of strangers, which ship with the embedder: of characters that it did not learn.

Only the embeddings are kept. That no likeness of a picture can be drawn from them again is likely, not certain.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.errors import KoredareError
from ml.faces.crops import crop_face, tighten
from ml.faces.face import Box, Face
from ml.naming.embedder import Embedder
from ml.painting import invent, paint
from ml.pictures.reading import Picture, decode
from ml.pretraining import calibration, crops, weights
from ml.training.calibration import Evidence

# A box around the head, as people draw it, against the box that a cascade gives of the same face: medians over 239
# faces that both have. In sides of the cascade's box.
_HEAD: Final = 1.17
_ABOVE: Final = 0.233
# Our embedder's cosine above which two faces are one picture again, or one character alike enough to count once.
SAME: Final = 0.75
_GATE: Final = 0.3  # part of the faces that is kept for comparing versions


class BackgroundError(KoredareError):
    """There is nothing to make a background of, or the boxes cannot be read."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A face of somebody.

    Attributes
    ----------
    crop
        RGB, uint8, shape (height, width, 3).
    source
        What decides which part it is in: the faces of one source stay together.
    character
        Who it is; empty: somebody of their own.
    hand
        Who drew it, as far as known: a source of pictures.
    """

    crop: Picture
    source: bytes
    character: str = ""
    hand: str = ""


def crops_in(*folders: Path, only: Sequence[str] = ("*",)) -> Iterator[Stranger]:
    """Face crops in a folder for each character; those that repeat another are left out.

    Parameters
    ----------
    only
        Patterns (as the shell's) of the characters to take. What stands before a name's first "-" is its hand.
    """
    _, chosen = crops.read(*folders).split(only)
    for place in range(len(chosen)):
        name = chosen.names[int(chosen.labels[place])]
        yield Stranger(tighten(chosen.picture(place)), name.encode(), name, name.partition("-")[0])


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
                yield Stranger(crop_face(picture, _face(*head), size=size), data, hand=str(folder))


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


def make(
    strangers: Iterable[Stranger],
    embedder: Embedder,
    out: Path,
    *,
    same: float | None = SAME,
    learn: Callable[[calibration.Strangers], Evidence] = calibration.learn,
) -> tuple[int, int]:
    """Embed strangers, learn from them how sure to be, and write both as `ml.training.background.Background` reads it.

    Whether a face serves as crowd or for the gate follows from its source: it stays so when faces are added, and the
    faces of one source stay together.

    Parameters
    ----------
    same
        Cosine with another character from which a face counts as there already; None: none does. The default is for
        our own embedder.
    learn
        What tells how sure to be.

    Returns
    -------
    (int, int)
        Faces written, and faces left out because they were there already.

    Raises
    ------
    BackgroundError
        There is not a single face.
    CalibrationError
        There are too few to learn from.
    """
    kept: list[npt.NDArray[np.float32]] = []
    whose: list[str] = []
    hands: list[str] = []
    gate: list[bool] = []
    repeated = 0
    for number, stranger in enumerate(strangers):
        character = stranger.character or f"{number}"
        embedding = embedder.embed([stranger.crop])[0]
        others = [each for each, name in zip(kept, whose, strict=True) if name != character] if same is not None else []
        if same is not None and others and float((np.stack(others) @ embedding).max()) >= same:
            repeated += 1
            continue
        kept.append(embedding)
        whose.append(character)
        hands.append(stranger.hand)
        gate.append(hashlib.sha256(stranger.source).digest()[0] < _GATE * 256)
    if not kept:
        raise BackgroundError("There are no faces to make a background of.")
    embeddings = np.stack(kept)
    characters, by = (np.unique(each, return_inverse=True)[1].astype(np.intp) for each in (whose, hands))
    evidence = learn(calibration.Strangers(embeddings, characters, by))
    arrays = {
        "embeddings": embeddings.astype(np.float16),
        "gate": np.array(gate),
        "characters": characters.astype(np.int32),
        "hands": by.astype(np.int32),
        "evidence": np.array(json.dumps(asdict(evidence))),
        "embedder": np.array(embedder.fingerprint),
    }
    weights.write(out, arrays)
    return len(kept), repeated


def _face(x: float, y: float, width: float, height: float) -> Face:
    """The face in a head's box, as wide and as low as a cascade would have seen it."""
    side = (width * height) ** 0.5 / _HEAD
    left, top = x + (width - side) / 2, y + (height - side) / 2 + _ABOVE * side
    return Face(Box(round(left), round(top), round(side), round(side)), angle=0.0, score=1.0)
