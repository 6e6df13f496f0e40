"""What runs in a worker. It imports `ml` only, so that a worker starts in a fraction of a second."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ml import Box, Face, Recognition, Recognizer, RecognizerSettings, Sample
from ml.charts import suspects
from ml.charts.suspects import Doubt


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recognised, and the labelled picture as the bytes of a file with that suffix (".jpg")."""

    recognition: Recognition
    picture: bytes
    suffix: str


@cache
def _recognizer(settings: RecognizerSettings, thread: int) -> Recognizer:  # noqa: ARG001  one for each thread
    return Recognizer(settings)


def load(settings: RecognizerSettings) -> None:
    """Make this worker's recogniser, so that the first picture need not wait."""
    _recognizer(settings, threading.get_ident())


def identify(settings: RecognizerSettings, data: bytes, version: Path | None, max_bytes: int) -> Answer:
    """Name the faces in a picture, and draw them."""
    recognizer = _recognizer(settings, threading.get_ident())
    recognition, drawing = recognizer.recognize_and_draw(data, version=version, max_bytes=max_bytes)
    return Answer(recognition, drawing.data, drawing.suffix)


def sample(settings: RecognizerSettings, data: bytes, faces: tuple[tuple[Box, float], ...]) -> list[Sample]:
    """Cut faces (box, angle) out of a picture, to learn from."""
    return _recognizer(settings, threading.get_ident()).sample(data, faces)


def sample_all(settings: RecognizerSettings, data: bytes) -> list[tuple[Face, Sample]]:
    """Cut every face out of a picture."""
    return _recognizer(settings, threading.get_ident()).sample_all(data)


def embed_again(settings: RecognizerSettings, crop: bytes) -> bytes:
    """The embedding of a kept crop."""
    return _recognizer(settings, threading.get_ident()).embed_again(crop)


def sample_crop(settings: RecognizerSettings, data: bytes) -> list[tuple[Face, Sample]]:
    """Make a face crop something to learn from."""
    return _recognizer(settings, threading.get_ident()).sample_crop(data)


def draw_suspects(doubts: Sequence[Doubt]) -> bytes:
    """Draw examples that look wrong, as a PNG."""
    return suspects.draw(doubts)
