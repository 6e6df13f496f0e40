"""What runs in a worker. It imports `ml` only, so that a worker starts in a fraction of a second."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ml import Box, Face, Recognition, Recognizer, RecognizerSettings, Sample, drawing, images, review
from ml.animation import is_animated
from ml.charts import gallery, suspects
from ml.charts.gallery import Tile
from ml.charts.suspects import Doubt
from ml.drawing import Encoded, Label
from ml.review import Question, Waiting


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recognised, the labelled picture as a file, and whether what was posted moves.

    `samples`: the faces as they are kept to learn from, as many as were recognised; none unless they were asked for.
    """

    recognition: Recognition
    drawing: Encoded
    animated: bool
    samples: tuple[Sample, ...] = ()


@cache
def _recognizer(settings: RecognizerSettings, thread: int) -> Recognizer:  # noqa: ARG001  one for each thread
    return Recognizer(settings)


def load(settings: RecognizerSettings) -> None:
    """Make this worker's recogniser, so that the first picture need not wait."""
    _recognizer(settings, threading.get_ident())


def identify(settings: RecognizerSettings, data: bytes, version: Path | None, caution: float, max_bytes: int) -> Answer:
    """Name the faces in a picture, and draw them."""
    recognizer = _recognizer(settings, threading.get_ident())
    recognition, drawn = recognizer.recognize_and_draw(data, version=version, caution=caution, max_bytes=max_bytes)
    return Answer(recognition, drawn, is_animated(data))


def identify_and_cut(
    settings: RecognizerSettings, data: bytes, version: Path | None, caution: float, max_bytes: int
) -> Answer:
    """As `identify`, and cut the faces out to learn from, with the embeddings by which they were named."""
    recognizer = _recognizer(settings, threading.get_ident())
    recognition, drawn, samples = recognizer.recognize_draw_and_cut(
        data, version=version, caution=caution, max_bytes=max_bytes
    )
    return Answer(recognition, drawn, is_animated(data), tuple(samples))


def draw(settings: RecognizerSettings, data: bytes, labels: tuple[Label, ...], max_bytes: int) -> Encoded:
    """Label the faces of a picture with names that are known already."""
    picture = images.decode(data, max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
    return drawing.encode(drawing.draw(picture, labels), max_bytes=max_bytes)


def sample(settings: RecognizerSettings, data: bytes, faces: tuple[tuple[Box, float], ...]) -> list[Sample]:
    """Cut faces (box, angle) out of a picture, to learn from."""
    return _recognizer(settings, threading.get_ident()).sample(data, faces)


def sample_all(settings: RecognizerSettings, data: bytes) -> list[tuple[Face, Sample]]:
    """Cut every face out of a picture."""
    return _recognizer(settings, threading.get_ident()).sample_all(data)


def embed_again(settings: RecognizerSettings, crop: bytes) -> bytes:
    """The embedding of a kept crop."""
    return _recognizer(settings, threading.get_ident()).embed_again(crop)


def shrink(crop: bytes, max_bytes: int) -> bytes:
    """Save a kept crop anew, in a file of at most `max_bytes`."""
    return drawing.encode(images.decode(crop), max_bytes=max_bytes).data


def adopt(settings: RecognizerSettings, crop: bytes, picture_hash: str) -> Sample:
    """Make a crop that another Koredare kept a sample of ours."""
    return _recognizer(settings, threading.get_ident()).adopt(crop, picture_hash=picture_hash)


def sample_crop(settings: RecognizerSettings, data: bytes) -> list[tuple[Face, Sample]]:
    """Make a face crop something to learn from."""
    return _recognizer(settings, threading.get_ident()).sample_crop(data)


def questions(
    settings: RecognizerSettings, waiting: tuple[Waiting, ...], version: Path | None, known: tuple[str, ...]
) -> list[Question]:
    """What to ask of kept faces that nobody has settled, by what a version says of them now."""
    recognizer = _recognizer(settings, threading.get_ident())
    mine = [face for face in waiting if face.embedder == recognizer.embedder]
    said = recognizer.candidates([face.embedding for face in mine], version=version)
    return review.questions(mine, said, known=known)


def draw_gallery(tiles: tuple[Tile, ...]) -> bytes:
    """Draw faces side by side, as a PNG."""
    return gallery.draw(tiles)


def draw_suspects(doubts: Sequence[Doubt]) -> bytes:
    """Draw examples that look wrong, as a PNG."""
    return suspects.draw(doubts)
