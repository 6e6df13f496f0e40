"""The whole of recognition: bytes in, named faces out.

    decode ─▶ detect ─▶ verify ─▶ crop ─▶ embed ─▶ name or "unknown" ─▶ draw

A `Recognizer` belongs to one thread of one process: the cascade and the interpreter below it keep state while they
work. Everything that it takes and gives can be pickled.
"""

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2

from ml import drawing, images
from ml.backbones import SHIPPED, Backbone
from ml.cascades import resolve
from ml.classifier import Candidate, Classifier
from ml.dataset import ZOOM, crop_face, tight_face, tighten
from ml.detector import Box, Detector, Face
from ml.drawing import Label
from ml.duplicates import look
from ml.embedder import Embedder
from ml.images import Picture
from ml.registry import CLASSIFIER, Registry
from ml.verifier import Verifier

VERIFIER = SHIPPED.embedder.with_name("verifier.npz")
# What is kept of an example shows half as much again as the embedder reads, so that a later one may read more.
CROP_SIZE = 168
WIDENED = 1.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecognizerSettings:
    """What a recogniser is made of.

    Attributes
    ----------
    detectors
        Names of cascades, or paths of `.xml` files, in the order in which they are asked: those after the first only
        where it is not sure. Empty: what set-up found, the best first.
    backbone
        What names the faces; that they are faces is always judged with the one that ships.
    home
        The user's data folder, where fetched cascades lie.
    max_bytes, max_pixels
        Larger pictures are refused before they are decoded.
    """

    detectors: tuple[str, ...] = ()
    backbone: Backbone = SHIPPED
    home: Path | None = None
    max_bytes: int = images.MAX_BYTES
    max_pixels: int = images.MAX_PIXELS


@dataclass(frozen=True, slots=True)
class NamedFace:
    """A face and who it seems to be.

    Attributes
    ----------
    box
        Pixels of the upright picture.
    angle
        Degrees, counter-clockwise, that turn the face upright.
    score
        How sure the detector is that this is a face, 0..1.
    name
        Who it is, or None: someone that the classifier does not know.
    confidence
        Probability that the first candidate is right, 0..1.
    candidates
        The likeliest characters, best first, also where `name` is None; empty without a classifier.
    """

    box: Box
    angle: float
    score: float
    name: str | None
    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was seen in a picture: its upright size in pixels, its faces from left to right, and who looked.

    `model` names the version that named the faces, None if there is none yet; `seconds` is how long it took.
    """

    width: int
    height: int
    faces: tuple[NamedFace, ...]
    model: str | None
    seconds: float


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
        How the crop looks, hexadecimal; see `ml.duplicates.look`.
    """

    crop: bytes
    embedding: bytes
    embedder: str
    picture_hash: str
    perceptual_hash: str


class Recognizer:
    """Detector, embedder and classifier, put together.

    Raises
    ------
    CascadeError, EmbedderError, VerifierError
        A part is missing or altered; the message says how to mend it.
    """

    def __init__(self, settings: RecognizerSettings | None = None) -> None:
        self._settings = settings or RecognizerSettings()
        backbone = self._settings.backbone
        self._embedder = Embedder(backbone.embedder)
        verifier = Verifier(VERIFIER, self._embedder if backbone == SHIPPED else Embedder(SHIPPED.embedder))
        self._detector = Detector(resolve(self._settings.detectors, home=self._settings.home), judge=verifier)
        # A version's folder never changes, so what was read once holds for ever; a worker may serve many guilds.
        self._classifier = lru_cache(maxsize=16)(self._load)

    @property
    def embedder(self) -> str:
        """Fingerprint of the embedder; a classifier fits one embedder only."""
        return self._embedder.fingerprint

    def recognize(self, data: bytes, *, version: Path | None = None) -> Recognition:
        """Find and name the faces in a picture.

        Parameters
        ----------
        data
            A picture file: JPEG, PNG, WebP, GIF or AVIF.
        version
            The folder of a model version; without one, or with one that was trained on another embedder's
            embeddings, every face is unknown.

        Raises
        ------
        PictureError
            The bytes are not a picture that can be read; the message is for the user.
        RegistryError, ClassifierError
            The version cannot be read.
        """
        return self._recognize(self._decode(data), version)

    def recognize_crop(self, data: bytes, *, version: Path | None = None) -> Recognition:
        """Name a picture that is a face crop already; nothing is detected. Otherwise as `recognize`."""
        started = time.perf_counter()
        picture = self._decode(data)
        return self._name(picture, [_whole(picture)], [tighten(picture)], version, started)

    def recognize_and_draw(
        self, data: bytes, *, version: Path | None = None, max_bytes: int
    ) -> tuple[Recognition, drawing.Encoded]:
        """As `recognize`, and the picture with a labelled box on every face, as a file of at most `max_bytes`."""
        picture = self._decode(data)
        recognition = self._recognize(picture, version)
        labels = [
            Label(number, face.box, face.name or "?", known=face.name is not None)
            for number, face in enumerate(recognition.faces, start=1)
        ]
        return recognition, drawing.encode(drawing.draw(picture, labels), max_bytes=max_bytes)

    def sample(self, data: bytes, faces: Sequence[tuple[Box, float]]) -> list[Sample]:
        """Cut known faces (box, angle) out of a picture, to learn from; as many samples, in the same order.

        Raises
        ------
        PictureError
            The bytes are not a picture that can be read.
        """
        return self._cut(data, self._decode(data), [Face(box, angle, 1.0) for box, angle in faces])

    def sample_all(self, data: bytes) -> list[tuple[Face, Sample]]:
        """Find the faces in a picture, from left to right, and cut them out to learn from."""
        picture = self._decode(data)
        faces = self._detect(picture)
        return list(zip(faces, self._cut(data, picture, faces), strict=True))

    def sample_crop(self, data: bytes) -> list[tuple[Face, Sample]]:
        """As `sample_all`, of a picture that is one face crop already."""
        picture = self._decode(data)
        kept = crop_face(picture, tight_face(picture), size=CROP_SIZE, zoom=WIDENED * ZOOM)
        return [(_whole(picture), self._samples(data, [kept], [tighten(picture)])[0])]

    def embed_again(self, crop: bytes) -> bytes:
        """The embedding of a kept crop: as `Sample.embedding`, of a `Sample.crop` that may be another embedder's.

        Raises
        ------
        PictureError
            The crop is damaged.
        """
        kept = self._decode(crop)
        edge = round(len(kept) * (1 - 1 / WIDENED) / 2)
        return self._embedder.embed([kept[edge:-edge, edge:-edge]])[0].astype("<f2").tobytes()

    def _decode(self, data: bytes) -> Picture:
        return images.decode(data, max_bytes=self._settings.max_bytes, max_pixels=self._settings.max_pixels)

    def _load(self, version: Path) -> Classifier | None:
        if Registry(version.parent).get(version.name).embedder != self._embedder.fingerprint:
            _log.warning("Model %s is another embedder's: nobody is named until a retraining.", version.name)
            return None
        return Classifier.load(version / CLASSIFIER)

    def _recognize(self, picture: Picture, version: Path | None) -> Recognition:
        started = time.perf_counter()
        faces = self._detect(picture)
        crops = [crop_face(picture, face, size=self._embedder.size) for face in faces]
        return self._name(picture, faces, crops, version, started)

    def _detect(self, picture: Picture) -> list[Face]:
        return sorted(self._detector.detect(picture), key=lambda face: (face.box.x, face.box.y))

    def _name(
        self,
        picture: Picture,
        faces: Sequence[Face],
        crops: Sequence[Picture],
        version: Path | None,
        started: float,
    ) -> Recognition:
        classifier = None if version is None else self._classifier(version)
        said: list[tuple[str | None, tuple[Candidate, ...]]] = [(None, ())] * len(faces)
        if classifier is not None and faces:
            ranked = classifier.candidates(self._embedder.embed(crops))
            said = [(classifier.decide(candidates), candidates) for candidates in ranked]
        named = tuple(
            NamedFace(
                face.box,
                face.angle,
                face.score,
                name,
                candidates[0].confidence if candidates else 0.0,
                candidates,
            )
            for face, (name, candidates) in zip(faces, said, strict=True)
        )
        height, width = picture.shape[:2]
        model = version.name if version is not None and classifier is not None else None
        return Recognition(width, height, named, model, time.perf_counter() - started)

    def _cut(self, data: bytes, picture: Picture, faces: Sequence[Face]) -> list[Sample]:
        kept = [crop_face(picture, face, size=CROP_SIZE, zoom=WIDENED * ZOOM) for face in faces]
        return self._samples(data, kept, [crop_face(picture, face, size=self._embedder.size) for face in faces])

    def _samples(self, data: bytes, kept: Sequence[Picture], crops: Sequence[Picture]) -> list[Sample]:
        if not crops:
            return []
        embeddings = self._embedder.embed(crops).astype("<f2")
        picture_hash = hashlib.sha256(data).hexdigest()
        return [
            Sample(_png(crop), embedding.tobytes(), self._embedder.fingerprint, picture_hash, look(crop))
            for crop, embedding in zip(kept, embeddings, strict=True)
        ]


def _whole(picture: Picture) -> Face:
    height, width = picture.shape[:2]
    return Face(Box(0, 0, width, height), angle=0.0, score=1.0)


def _png(crop: Picture) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[1].tobytes()
