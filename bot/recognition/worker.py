"""What runs in a worker. It imports `ml` only, so that a worker starts in a fraction of a second."""

import io
import logging
import pickle
import signal
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ml import Face, Recognition, Recognizer, RecognizerSettings, Sample
from ml.archives import Archive, Part
from ml.confinement import bound_memory, memory_taken
from ml.drawing import labelled
from ml.drawing.labelled import Encoded, Label
from ml.naming.classifier import ClassifierError
from ml.naming.learned import Learned
from ml.naming.names import AS_SAID, Names
from ml.pictures import reading
from ml.pictures.animation import is_animated
from ml.reviewing import asking, gallery, suspects_sheet
from ml.reviewing.asking import Question, Waiting
from ml.reviewing.gallery import Tile
from ml.reviewing.suspects_sheet import Doubt
from ml.training import at_once
from ml.training.at_once import Lesson
from ml.training.background import Background
from ml.versions import exchange
from ml.versions.version import RegistryError, read_examples

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recognised, the labelled picture as a file with what it bears, and whether what was posted moves.

    `samples`: the faces as they are kept to learn from, as many as were recognised; none unless they were asked for.
    """

    recognition: Recognition
    drawing: Encoded
    labels: tuple[Label, ...]
    animated: bool
    samples: tuple[Sample, ...] = ()


def serve(pipe: Connection, settings: RecognizerSettings, megabytes: int) -> None:
    """Do what comes through a pipe with one recogniser, as `bot.recognition.processes.Processes` wants it.

    `megabytes`: memory that the work may take, beside the recogniser.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which ends its workers
    made: list[Recognizer] = []
    try:
        pipe.send_bytes(reply(lambda: made.append(Recognizer(settings))))
        bound_memory(memory_taken() + megabytes)
        while made:
            work, args, kwargs = pickle.loads(pipe.recv_bytes())  # noqa: S301  from our own bot
            pipe.send_bytes(reply(lambda: work(made[0], *args, **kwargs)))  # noqa: B023  called at once
    except (EOFError, OSError):
        return  # who gave the work is gone


def reply(work: Callable[[], Any]) -> bytes:
    """Do it; gives a pickled pair: `True` and the result, or `False` and the exception, which is raised elsewhere."""
    try:
        return pickle.dumps((True, work()))
    except Exception as error:  # noqa: BLE001  it is raised again where it is waited for
        return _failure(error)


def _failure(error: Exception) -> bytes:
    if reading.out_of_memory(error):
        return pickle.dumps((False, MemoryError(str(error))))
    error.add_note("".join(traceback.format_exception(error)))  # of this process; a traceback cannot be sent
    try:
        failure = pickle.dumps((False, error))
        pickle.loads(failure)  # noqa: S301  our own, a line above
    except Exception:  # noqa: BLE001  an error that cannot be sent is told by what is known of it
        return pickle.dumps((False, RuntimeError("".join(traceback.format_exception(error)))))
    return failure


def _readable(recognizer: Recognizer, version: Path | None) -> Path | None:
    """The version, unless it was damaged since the bot looked: faces without names are better than no answer."""
    try:
        recognizer.candidates((), version=version)  # reads it, once
    except (RegistryError, ClassifierError) as error:
        log.warning("Nobody is named: %s", error)
        return None
    return version


def identify(
    recognizer: Recognizer,
    data: bytes,
    *,
    version: Path | None,
    learned: Learned | None,
    caution: float = 1.0,
    first: int = 1,
    called: Names = AS_SAID,
    max_bytes: int,
    keep: bool = False,
) -> Answer:
    """Name the faces in a picture, draw them, and cut them out to learn from if they are to be kept.

    Parameters
    ----------
    learned, caution
        As in `Recognizer.look`.
    first, called
        As in `Recognition.labels`.
    max_bytes
        That the labelled picture may have.
    keep
        Whether `samples` are wanted.
    """
    picture = recognizer.read(data)
    seen = recognizer.look(picture, version=_readable(recognizer, version), learned=learned, caution=caution)
    labels = seen.labels(first=first, called=called)
    drawing = labelled.drawn(picture, labels, max_bytes=max_bytes)
    samples = recognizer.cut(picture, seen.faces, source=data) if keep else ()
    return Answer(seen, drawing, labels, is_animated(data), tuple(samples))


def learn(recognizer: Recognizer, lessons: Sequence[Lesson], *, version: Path | None, called: Names) -> Learned | None:
    """What was learned since a version was made, as `ml.training.at_once.learn`; None: nothing."""
    classifier = recognizer.classifier(version := _readable(recognizer, version))
    return at_once.learn(
        classifier,
        {} if classifier is None or version is None else read_examples(version),
        [each for each in lessons if each.embedder == recognizer.embedder],
        _background(recognizer),
        called=called,
    )


def take_in_version(recognizer: Recognizer, file: bytes, *, called: str) -> dict[str, bytes]:
    """Check a version that anybody may have made; gives its parts, as `ml.versions.exchange.unpack`."""
    strangers = _background(recognizer).gate
    return exchange.unpack(
        file, called=called, embedder=recognizer.embedder, dimensions=recognizer.dimensions, strangers=strangers
    )


def _background(recognizer: Recognizer) -> Background:
    return Background.load(recognizer.background, embedder=recognizer.embedder)


def questions(
    recognizer: Recognizer,
    waiting: Sequence[Waiting],
    *,
    version: Path | None,
    learned: Learned | None,
    known: Sequence[str],
) -> list[Question]:
    """What to ask of kept faces that nobody has settled, by what a version says of them now."""
    mine = [face for face in waiting if face.embedder == recognizer.embedder]
    said = recognizer.candidates(
        [face.embedding for face in mine], version=_readable(recognizer, version), learned=learned
    )
    return asking.questions(mine, said, known=known)


def parts(_: Recognizer, data: bytes, *, most_parts: int, most_bytes: int) -> list[Part]:
    """What is in a ZIP that anybody may have made; raises as `Archive`."""
    return Archive(io.BytesIO(data), most_parts=most_parts, most_bytes=most_bytes).parts


def sample_part(recognizer: Recognizer, part: Part, packed: bytes, *, most: int) -> list[tuple[Face, Sample]]:
    """As `Recognizer.sample_all`, of a picture in a ZIP of at most so many bytes; raises as `Part.unpack` too."""
    return recognizer.sample_all(part.unpack(packed, most=most))


def shrink(_: Recognizer, crop: bytes, *, max_bytes: int) -> bytes:
    """Save a kept crop anew, in a file of at most `max_bytes`."""
    return labelled.encode(reading.decode(crop), max_bytes=max_bytes).data


def draw_gallery(_: Recognizer, tiles: Sequence[Tile]) -> bytes:
    """Draw faces side by side, as a PNG."""
    return gallery.draw(tiles)


def draw_suspects(_: Recognizer, doubts: Sequence[Doubt]) -> bytes:
    """Draw examples that look wrong, as a PNG."""
    return suspects_sheet.draw(doubts)
