"""Pictures in which people marked the faces, and those without a face: what a verifier is taught and measured with."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from ml.faces.verifier import VerifierError
from ml.pictures.reading import Picture, PictureError, decode

Rectangle = tuple[float, float, float, float]


class _Marked(BaseModel):
    """A face in `boxes.json`, whatever else is said of it there."""

    box: Rectangle


class _Corrected(BaseModel):
    """What is right, by picture, where the `boxes.json` of this SHA-256 is wrong."""

    of: str
    boxes: dict[str, list[Rectangle]]


_MARKED: Final = TypeAdapter(dict[str, list[_Marked]])
_CORRECTED: Final = Path(__file__).with_name("corrected.json")


def boxes(path: Path) -> dict[str, list[Rectangle]]:
    """The faces' boxes (x, y, w, h) in a `boxes.json`, by the pictures' names; empty if there is no such file.

    `corrected.json` beside this module mends one such file, known by its SHA-256: faces that it lacks, in groups above
    all, and boxes without a face.

    Raises
    ------
    VerifierError
        The file cannot be read.
    """
    if not path.is_file():
        return {}
    try:
        written = path.read_bytes()
        marked = _MARKED.validate_json(written)
    except (OSError, ValidationError) as error:
        raise VerifierError(
            f'{path} holds no boxes that I can read, as {{"a.jpg": [{{"box": [x, y, w, h]}}]}}.'
        ) from error
    corrected = _Corrected.model_validate_json(_CORRECTED.read_bytes())
    mended = corrected.boxes if hashlib.sha256(written).hexdigest() == corrected.of else {}
    return {name: [face.box for face in faces] for name, faces in marked.items()} | mended


def pictures(folder: Path) -> Iterator[tuple[Picture, list[Rectangle]]]:
    """Those in `detection/` (`images/` and `boxes.json`) and `negatives/` of a folder, with their faces' boxes.

    Raises
    ------
    VerifierError
        A file cannot be read.
    """
    marked = folder / "detection"
    for name, faces in boxes(marked / "boxes.json").items():
        yield _read(marked / "images" / name), faces
    for path in sorted((folder / "negatives").glob("*.*")):
        yield _read(path), []


def _read(path: Path) -> Picture:
    try:
        return decode(path.read_bytes())
    except (OSError, PictureError) as error:
        raise VerifierError(f"{path} is no picture that I can read ({error}).") from error
