"""Faces as they are kept to learn from: cut out, embedded, and told apart from others like them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2

from ml.faces.crops import ZOOM, crop_face, tight_face, tighten
from ml.faces.face import Box, Face
from ml.faces.quality import quality
from ml.naming.embedder import Embedder, fitted
from ml.pictures.duplicates import look
from ml.pictures.reading import Picture
from ml.pictures.refusals import DamagedPicture

# What is kept shows half as much again as the embedder reads, so that a later one may read more.
CROP_SIZE: Final = 168
_WIDENED: Final = 1.5


@dataclass(frozen=True, slots=True)
class Sample:
    """A face as it is kept to learn from.

    Attributes
    ----------
    crop
        PNG bytes, 168 × 168, of the face (what was embedded is the middle 112 × 112) and what is around it.
    embedding
        Little-endian float16, as many as the embedder gives: 512 with the one that ships.
    embedder
        Fingerprint of the embedder.
    picture_hash
        SHA-256 of the picture's bytes, hexadecimal.
    perceptual_hash
        How the crop looks, hexadecimal; see `ml.pictures.duplicates.look`.
    quality
        How well the face can be told, 0..1 (`ml.faces.quality`).
    """

    crop: bytes
    embedding: bytes
    embedder: str
    picture_hash: str
    perceptual_hash: str
    quality: float


def cut(picture: Picture, faces: Sequence[Face], embedder: Embedder, *, source: bytes) -> list[Sample]:
    """Cut faces out of a picture whose file is `source`; as many samples, in the same order."""
    kept = [crop_face(picture, face, size=CROP_SIZE, zoom=_WIDENED * ZOOM) for face in faces]
    read = [crop_face(picture, face, size=embedder.size) for face in faces]
    return _samples(faces, kept, read, embedder, picture_hash=hashlib.sha256(source).hexdigest())


def cut_crop(picture: Picture, embedder: Embedder, *, source: bytes) -> Sample:
    """The sample of a picture that is one face crop already."""
    kept = crop_face(picture, tight_face(picture), size=CROP_SIZE, zoom=_WIDENED * ZOOM)
    picture_hash = hashlib.sha256(source).hexdigest()
    return _samples([whole(picture)], [kept], [tighten(picture)], embedder, picture_hash=picture_hash)[0]


def embed_again(kept: Picture, embedder: Embedder) -> bytes:
    """The embedding of a kept crop, as in `Sample.embedding`."""
    return embedder.embed([_read(kept)])[0].astype("<f2").tobytes()


def adopt(kept: Picture, embedder: Embedder, *, picture_hash: str) -> Sample:
    """The sample of a crop that another Koredare kept.

    Raises
    ------
    PictureError
        It is not square, so nobody kept it.
    """
    if kept.shape[0] != kept.shape[1]:
        raise DamagedPicture("PNG")
    kept = fitted(kept, CROP_SIZE)
    return _samples([whole(kept)], [kept], [_read(kept)], embedder, picture_hash=picture_hash)[0]


def whole(picture: Picture) -> Face:
    """The face in a picture that is nothing but that."""
    height, width = picture.shape[:2]
    return Face(Box(0, 0, width, height), angle=0.0, score=1.0)


def _read(kept: Picture) -> Picture:
    """The middle of a kept crop, which is what the embedder reads."""
    edge = round(len(kept) * (1 - 1 / _WIDENED) / 2)
    return kept[edge:-edge, edge:-edge]


def _samples(
    faces: Sequence[Face],
    kept: Sequence[Picture],
    read: Sequence[Picture],
    embedder: Embedder,
    *,
    picture_hash: str,
) -> list[Sample]:
    embeddings = embedder.embed(read).astype("<f2")
    return [
        Sample(
            _png(wide),
            embedding.tobytes(),
            embedder.fingerprint,
            picture_hash,
            look(wide),
            quality(crop, certainty=face.score),
        )
        for face, wide, crop, embedding in zip(faces, kept, read, embeddings, strict=True)
    ]


def _png(crop: Picture) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[1].tobytes()
