"""The classic steps from pictures to a training set, folder to folder: crop, resize."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, PngImagePlugin

from ml.datasets.folders import UNRECOGNIZED, FileNames, FolderError, LeftOut, labelled, new_folder
from ml.faces.crops import ZOOM, crop_face
from ml.faces.face import Box, Face
from ml.pictures import reading
from ml.pictures.reading import Picture
from ml.pictures.refusals import PictureError
from ml.recognition import NamedFace
from ml.recognizer import Recognizer, RecognizerSettings

# `tighten` cuts a ready-made crop to 0.8 of its side, a little below the middle. Crops are framed so that this gives
# the very square that the recogniser would have cut from the whole picture.
_ZOOM: Final = ZOOM / 0.8
_RAISED: Final = 0.04 * _ZOOM  # sides of the box
_LARGEST: Final = 512  # pixels; nothing that reads crops looks closer
LARGEST_SIZE: Final = 4096
"""Pixels to which `resize` brings a picture at most."""
_PICTURE: Final = "Koredare picture"  # of a PNG's text chunks: SHA-256 of the picture that a crop was cut from

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Written:
    """What came of a step.

    Attributes
    ----------
    files
        How many were written for each character.
    unrecognized, several
        Pictures without a face, and pictures of which several crops were made.
    left_out
        Files that are no pictures, or lie in no character's folder.
    """

    files: dict[str, int] = field(default_factory=dict[str, int])
    unrecognized: int = 0
    several: int = 0
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])


def crop(source: Path, target: Path, *, settings: RecognizerSettings, progress: Progress) -> Written:
    """Cut every face out of the pictures in `source/<character>/`, upright, into `target/<character>/` as PNG.

    A crop is named after its picture; where a picture has several faces, they are numbered from left to right.
    Pictures without a face are copied to `target/unrecognized/<character>/`. A crop remembers its picture, so that
    `split` keeps the crops of one picture together.

    Parameters
    ----------
    settings
        Which cascades look, and how large a picture may be.
    progress
        Called with (files done, files).

    Raises
    ------
    FolderError
        `source` is not a labelled folder, or `target` cannot be written or is not empty.
    CascadeError, EmbedderError
        A part of the recogniser is missing or altered.
    """
    recognizer = Recognizer(settings)
    written = Written()
    with new_folder(target, apart_from=source) as aside:
        for character, path, names in _files(source, written, progress):
            try:
                data = reading.from_file(path, max_bytes=settings.max_bytes)
                faces = recognizer.recognize(data).faces
                picture = reading.decode(data, max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
            except (OSError, PictureError) as error:
                written.left_out.append(LeftOut(path, reason(error)))
                continue
            written.several += len(faces) > 1
            if not faces:
                written.unrecognized += 1
                _copy(path, aside / UNRECOGNIZED / character)
            origin = hashlib.sha256(data).hexdigest()
            for number, face in enumerate(faces, start=1):
                stem = f"{path.stem}-{number}" if len(faces) > 1 else path.stem
                _write(_head(picture, face), aside / character / names.free(stem, ".png"), origin=origin)
                written.files[character] += 1
    return written


def resize(source: Path, target: Path, *, size: int = 96, progress: Progress) -> Written:
    """Bring the pictures in `source/<character>/` to one size, square, into `target/<character>/` as PNG.

    Of a picture that is not square, the middle square is used.

    Parameters
    ----------
    size
        Pixels, at least 24: less is no picture to the recogniser; at most `LARGEST_SIZE`.

    Raises
    ------
    FolderError
        As for `crop`; or the size is less or more.
    """
    if size < reading.MIN_SIDE:
        raise FolderError(
            f"A size of {size} is too small: the recogniser reads pictures from {reading.MIN_SIDE} pixels."
        )
    if size > LARGEST_SIZE:
        raise FolderError(f"A size of {size} is too large: up to {LARGEST_SIZE} pixels are made.")
    written = Written()
    with new_folder(target, apart_from=source) as aside:
        for character, path, names in _files(source, written, progress):
            try:
                data = reading.from_file(path)
                picture = reading.decode(data)
            except (OSError, PictureError) as error:
                written.left_out.append(LeftOut(path, reason(error)))
                continue
            side = min(picture.shape[:2])
            top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
            way = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
            small = cv2.resize(picture[top : top + side, left : left + side], (size, size), interpolation=way)
            where = aside / character / names.free(path.stem, ".png")
            _write(np.asarray(small, np.uint8), where, origin=origin_of(path, data))
            written.files[character] += 1
    return written


def origin_of(path: Path, data: bytes) -> str:
    """SHA-256, hex, of the picture that a crop of ours was cut from; of any other picture, its own."""
    if path.suffix.lower() == ".png":
        with Image.open(path) as image:  # after decoding: it is a picture
            if isinstance(image, PngImagePlugin.PngImageFile) and _PICTURE in image.text:
                return str(image.text[_PICTURE])
    return hashlib.sha256(data).hexdigest()


def reason(error: OSError | PictureError) -> str:
    """Why a file could not be read."""
    return f"it cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)


def _files(source: Path, written: Written, progress: Progress) -> Iterator[tuple[str, Path, FileNames]]:
    """The files of a labelled folder with their character, and the names that are free in the character's folder."""
    found = labelled(source)
    written.left_out += found.left_out
    names = {character: FileNames() for character, _ in found.files}
    written.files.update(dict.fromkeys(names, 0))
    for done, (character, path) in enumerate(found.files, start=1):
        yield character, path, names[character]
        progress(done, len(found.files))


def _head(picture: Picture, face: NamedFace) -> Picture:
    box = face.box
    side = max(box.w, box.h)
    raised = Face(Box(box.x, box.y - round(_RAISED * side), box.w, box.h), face.angle, face.score)
    return crop_face(picture, raised, size=min(_LARGEST, round(side * _ZOOM)), zoom=_ZOOM)


def _write(picture: Picture, path: Path, *, origin: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = PngImagePlugin.PngInfo()
    text.add_text(_PICTURE, origin)
    Image.fromarray(picture).save(path, "PNG", pnginfo=text)


def _copy(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, folder / path.name)
