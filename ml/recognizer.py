"""The whole of recognition: a picture in, named faces out.

    decode ─▶ detect ─▶ verify ─▶ crop ─▶ embed ─▶ name or "unknown" ─▶ draw

A `Recognizer` belongs to one thread of one process: the cascade and the interpreter below it keep state while they
work. Everything that it takes and gives can be pickled.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ml.cascades import resolve
from ml.drawing import labelled
from ml.drawing.labelled import Label
from ml.faces import samples
from ml.faces.crops import crop_face, tighten
from ml.faces.detector import Detector, Seen
from ml.faces.face import Box, Face
from ml.faces.quality import NAMEABLE, quality
from ml.faces.samples import CROP_SIZE, Sample, whole
from ml.faces.scout import Scout
from ml.faces.verifier import Verifier
from ml.naming.backbones import SHIPPED, Backbone, check
from ml.naming.classifier import Candidate, Classifier
from ml.naming.embedder import Embedder
from ml.naming.learned import Learned
from ml.pictures import reading
from ml.pictures.reading import Picture, PictureSource
from ml.recognition import NamedFace, Recognition
from ml.versions.registry import Registry, default_home, models
from ml.versions.version import CLASSIFIER, read

VERIFIER = SHIPPED.verifier
SCOUT = SHIPPED.folder / "scout.tflite"
Version: TypeAlias = Path | str
"""A model version: its folder, or its name ("v3") among those that everyone shares in the data folder."""

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
        What names the faces; if it has no verifier, that they are faces is judged with the one that ships.
    home
        The data folder, where fetched cascades and versions lie; this platform's, as `koredare` uses it, if none is
        given.
    max_bytes, max_pixels
        Larger pictures are refused before they are decoded.
    """

    detectors: tuple[str, ...] = ()
    backbone: Backbone = SHIPPED
    home: Path = field(default_factory=default_home)
    max_bytes: int = reading.MAX_BYTES
    max_pixels: int = reading.MAX_PIXELS


class Recognizer:
    """Detector, embedder and classifier, put together.

    Raises
    ------
    CascadeError, EmbedderError, ScoutError, VerifierError
        A part is missing or altered; the message says how to mend it.

    Examples
    --------
    `home` is a data folder in which `koredare import` and `koredare retrain` have made the version v1.

    >>> from ml import Recognizer, RecognizerSettings
    >>> from ml.painting import CAST, paint
    >>> recognizer = Recognizer(RecognizerSettings(home=home))
    >>> picture = paint((CAST[0], CAST[3]), seed=7, size=(1200, 600)).picture
    >>> [face.name for face in recognizer.recognize(picture, version="v1").faces] == [CAST[0].name, CAST[3].name]
    True

    Without a version, faces are found but nobody is named:

    >>> [(face.name, face.candidates) for face in recognizer.recognize(picture).faces]
    [(None, ()), (None, ())]
    """

    def __init__(self, settings: RecognizerSettings | None = None) -> None:
        self._settings = settings or RecognizerSettings()
        backbone = self._settings.backbone
        judge = backbone.judge
        for each in {judge, SHIPPED}:  # the scout is always ours
            check(each)
        self._embedder = Embedder(backbone.embedder)
        verifier = Verifier(judge.verifier, self._embedder if judge == backbone else Embedder(judge.embedder))
        sources = resolve(self._settings.detectors, home=self._settings.home)
        self._detector = Detector(sources, judge=verifier, scout=Scout(SCOUT))
        # A version's folder never changes, so what was read once holds for ever; a worker may serve many guilds.
        self._loaded = lru_cache(maxsize=16)(self._load)

    @property
    def embedder(self) -> str:
        """Fingerprint of the embedder; a classifier fits one embedder only."""
        return self._embedder.fingerprint

    @property
    def background(self) -> Path:
        """The file of the backbone's background faces, as `ml.training.background.Background` reads it."""
        return self._settings.backbone.background

    @property
    def dimensions(self) -> int:
        """How many numbers the embedder gives of a face."""
        return self._embedder.dimensions

    def recognize(self, picture: PictureSource, *, version: Version | None = None) -> Recognition:
        """Find and name the faces in a picture.

        Parameters
        ----------
        picture
            A picture file (JPEG, PNG, WebP, GIF, AVIF or HEIC) as bytes or by its path, a Pillow picture, or RGB,
            uint8, of shape (height, width, 3).
        version
            Who names the faces: a name ("v3") among the versions that everyone shares in the data folder, or a
            version's folder. Without one, or with one of another embedder, every face is unknown.

        Returns
        -------
        Recognition
            Boxes are pixels of the upright picture.

        Raises
        ------
        PictureError
            It is not a picture that can be read; the message is for the user.
        OSError
            There is no such file.
        ValueError
            An array of another shape or kind.
        RegistryError, ClassifierError
            There is no such version, or it cannot be read.
        """
        return self.look(self.read(picture), version=version)

    def recognize_crop(self, picture: PictureSource, *, version: Version | None = None) -> Recognition:
        """Name a picture that is a face crop already; nothing is detected. Otherwise as `recognize`."""
        started = time.perf_counter()
        picture = self.read(picture)
        return self._name(picture, [whole(picture)], [tighten(picture)], version, started)

    def read(self, source: PictureSource) -> Picture:
        """The pixels of a picture, for `look` and `cut`; raises as `recognize`."""
        return reading.read(source, max_bytes=self._settings.max_bytes, max_pixels=self._settings.max_pixels)

    def look(
        self,
        picture: Picture,
        *,
        version: Version | None = None,
        learned: Learned | None = None,
        caution: float = 1.0,
    ) -> Recognition:
        """As `recognize`, of pixels that `read` gave, which are left as they are.

        Parameters
        ----------
        learned
            What was learned since the version was made.
        caution
            As in `Classifier.decide`.
        """
        started = time.perf_counter()
        faces, more = self._detect(picture)
        crops = [crop_face(picture, face, size=self._embedder.size) for face in faces]
        seen = self._name(picture, faces, crops, version, started, learned=learned, caution=caution)
        return replace(seen, more=more)

    def cut(self, picture: Picture, faces: Sequence[NamedFace], *, source: bytes) -> list[Sample]:
        """Each face of a picture as it is kept, from the look that named it: nothing is embedded twice.

        Parameters
        ----------
        picture, faces
            What `read` gave of `source`, and `look` of that, a moment ago.
        """
        seen = [Face(face.box, face.angle, face.score) for face in faces]
        return samples.cut(picture, seen, self._embedder, source=source)

    def draw(self, data: bytes, labels: Sequence[Label], *, max_bytes: int) -> labelled.Encoded:
        """A picture with labels on faces whose names are known already, as a file of at most `max_bytes`."""
        return labelled.drawn(self.read(data), labels, max_bytes=max_bytes)

    def candidates(
        self, embeddings: Sequence[bytes], *, version: Version | None = None, learned: Learned | None = None
    ) -> list[tuple[Candidate, ...]]:
        """What a version says of kept faces (`Sample.embedding`, of this embedder); nothing where there is none."""
        classifier = self._joined(version, learned)
        if classifier is None or not embeddings:
            return [()] * len(embeddings)
        return classifier.candidates(np.stack([np.frombuffer(each, "<f2") for each in embeddings]).astype(np.float32))

    def sample(self, data: bytes, faces: Sequence[tuple[Box, float]]) -> list[Sample]:
        """Cut known faces (box, angle) out of a picture, to learn from; as many samples, in the same order.

        Raises
        ------
        PictureError
            The bytes are not a picture that can be read.
        """
        known = [Face(box, angle, 1.0) for box, angle in faces]
        return samples.cut(self.read(data), known, self._embedder, source=data)

    def sample_all(self, data: bytes) -> list[tuple[Face, Sample]]:
        """Find the faces in a picture, from left to right, and cut them out to learn from."""
        picture = self.read(data)
        faces, _ = self._detect(picture)
        return list(zip(faces, samples.cut(picture, faces, self._embedder, source=data), strict=True))

    def sample_crop(self, data: bytes) -> list[tuple[Face, Sample]]:
        """As `sample_all`, of a picture that is one face crop already."""
        picture = self.read(data)
        return [(whole(picture), samples.cut_crop(picture, self._embedder, source=data))]

    def embed_again(self, crop: bytes) -> bytes:
        """The embedding of a kept crop: as `Sample.embedding`, of a `Sample.crop` that may be another embedder's.

        Raises
        ------
        PictureError
            The crop is damaged.
        """
        return samples.embed_again(self.read(crop), self._embedder)

    def adopt(self, crop: bytes, *, picture_hash: str) -> Sample:
        """A sample from a crop that another Koredare kept; of its file nothing is kept but the pixels.

        Raises
        ------
        PictureError
            The crop is damaged, not square, or larger than crops are kept.
        """
        kept = reading.decode(crop, max_bytes=self._settings.max_bytes, max_pixels=CROP_SIZE**2)
        return samples.adopt(kept, self._embedder, picture_hash=picture_hash)

    def classifier(self, version: Version | None) -> Classifier | None:
        """What a version names faces by; None where it is another embedder's, or an older Koredare's."""
        if version is None:
            return None
        return self._loaded(version)

    def _joined(self, version: Version | None, learned: Learned | None) -> Classifier | None:
        known = self.classifier(version)
        return known if learned is None else learned.joined(known)

    def _load(self, asked: Version) -> Classifier | None:
        version = read(asked) if isinstance(asked, Path) else Registry(models(self._settings.home)).get(asked)
        if version.embedder != self._embedder.fingerprint:
            _log.warning("Model %s is another embedder's: nobody is named until a retraining.", version.name)
            return None
        classifier = Classifier.load(version.folder / CLASSIFIER)
        if classifier is None:
            _log.warning("Model %s is an older Koredare's: nobody is named until a retraining.", version.name)
        return classifier

    def _detect(self, picture: Picture) -> Seen:
        faces, more = self._detector.look(picture)
        return Seen(sorted(faces, key=lambda face: (face.box.x, face.box.y)), more)

    def _name(
        self,
        picture: Picture,
        faces: Sequence[Face],
        crops: Sequence[Picture],
        version: Version | None,
        started: float,
        *,
        learned: Learned | None = None,
        caution: float = 1.0,
    ) -> Recognition:
        classifier = self._joined(version, learned)
        ranked: list[tuple[Candidate, ...]] = [()] * len(faces)
        if classifier is not None and faces:
            ranked = classifier.candidates(self._embedder.embed(crops))
        named: list[NamedFace] = []
        for face, crop, candidates in zip(faces, crops, ranked, strict=True):
            clear = quality(crop, certainty=face.score)
            name = None if classifier is None or clear < NAMEABLE else classifier.decide(candidates, caution=caution)
            confidence = candidates[0].confidence if candidates else 0.0
            named.append(NamedFace(face.box, face.angle, face.score, clear, name, confidence, candidates))
        height, width = picture.shape[:2]
        model = Path(version).name if version is not None and self.classifier(version) is not None else None
        return Recognition(width, height, tuple(named), model, time.perf_counter() - started)
