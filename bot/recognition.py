"""Recognition off the event loop: a pool of workers behind `concurrent.futures.Executor`."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot import worker
from bot.config import RecognitionSettings, Settings
from bot.worker import Answer
from ml import Box, Face, RecognizerSettings, Sample
from ml.backbones import resolve
from ml.charts.gallery import Tile
from ml.charts.suspects import Doubt
from ml.drawing import Encoded, Label
from ml.errors import KoredareError
from ml.review import Question, Waiting

P = ParamSpec("P")
T = TypeVar("T")


class RecognitionError(KoredareError):
    """A picture that could not be looked at, through no fault of its format; the message is for the user."""


class PictureTooSlow(RecognitionError):
    """It took longer than the operator allows."""

    def __init__(self) -> None:
        super().__init__("I gave up on that picture: it took too long. Try a smaller one.")


class PictureTooMuch(RecognitionError):
    """The worker that looked at it died."""

    def __init__(self) -> None:
        super().__init__("That picture was too much for me, sorry. Try another copy of it.")


def recognizer_settings(settings: Settings) -> RecognizerSettings:
    """What the operator chose, as the recogniser wants it.

    Raises
    ------
    BackboneError
        The chosen backbone is not ready to run; the message says how to mend it.
    """
    chosen = settings.recognition
    return RecognizerSettings(
        detectors=chosen.detectors,
        backbone=resolve(chosen.backbone, weights=weights_path(settings), home=settings.home),
        home=settings.home,
        max_bytes=int(chosen.max_megabytes * 2**20),
        max_pixels=int(chosen.max_megapixels * 1e6),
    )


def weights_path(settings: Settings) -> Path | None:
    """The file of weights that the operator named for the backbone; None: those that Keras downloads."""
    chosen = settings.recognition.backbone_weights
    return Path(chosen).expanduser() if chosen else None


class RecognitionPool:
    """Workers that look at pictures.

    Raises, from every method: `ml.PictureError` for a picture that cannot be read, `RecognitionError` where the
    worker died or took too long; either costs that one answer, and the pool goes on.
    """

    def __init__(self, settings: Settings) -> None:
        chosen = settings.recognition
        self._seconds = chosen.seconds
        self._workers = chosen.workers
        self._recognizer = recognizer_settings(settings)
        self._executor = _executor(chosen)

    async def start(self) -> None:
        """Have every worker load the models, so that the first picture need not wait.

        Raises
        ------
        CascadeError, EmbedderError
            A part of the recogniser is missing; the message says how to mend it.
        """
        await asyncio.gather(*(self._run(worker.load, self._recognizer) for _ in range(self._workers)))

    async def identify(self, data: bytes, *, version: Path | None, caution: float = 1.0, max_bytes: int) -> Answer:
        """Name the faces in a picture, and draw them; the drawing stays under `max_bytes`.

        `caution`: as in `ml.classifier.Classifier.decide`.
        """
        return await self._run(worker.identify, self._recognizer, data, version, caution, max_bytes)

    async def identify_and_cut(
        self, data: bytes, *, version: Path | None, caution: float = 1.0, max_bytes: int
    ) -> Answer:
        """As `identify`, with the faces cut out to learn from, where their poster agreed."""
        return await self._run(worker.identify_and_cut, self._recognizer, data, version, caution, max_bytes)

    async def questions(
        self, waiting: Sequence[Waiting], *, version: Path | None, known: Sequence[str]
    ) -> list[Question]:
        """What to ask of kept faces that nobody has settled; parameters as of `ml.review.questions`."""
        return await self._run(worker.questions, self._recognizer, tuple(waiting), version, tuple(known))

    async def draw(self, data: bytes, labels: tuple[Label, ...], *, max_bytes: int) -> Encoded:
        """Label the faces of a picture with names that are known already, in a file of at most `max_bytes`."""
        return await self._run(worker.draw, self._recognizer, data, labels, max_bytes)

    async def sample(self, data: bytes, faces: Sequence[tuple[Box, float]]) -> list[Sample]:
        """Cut faces (box, angle) out of a picture, to learn from."""
        return await self._run(worker.sample, self._recognizer, data, tuple(faces))

    async def sample_all(self, data: bytes) -> list[tuple[Face, Sample]]:
        """Cut every face out of a picture."""
        return await self._run(worker.sample_all, self._recognizer, data)

    async def embed_again(self, crop: bytes) -> bytes:
        """The embedding of a kept crop."""
        return await self._run(worker.embed_again, self._recognizer, crop)

    async def shrink(self, crop: bytes, *, max_bytes: int) -> bytes:
        """A kept crop, saved anew in a file of at most `max_bytes`."""
        return await self._run(worker.shrink, crop, max_bytes)

    async def adopt(self, crop: bytes, *, picture_hash: str) -> Sample:
        """A sample from a crop that another Koredare kept."""
        return await self._run(worker.adopt, self._recognizer, crop, picture_hash)

    async def sample_crop(self, data: bytes) -> list[tuple[Face, Sample]]:
        """As `sample_all`, of a picture that is one face crop already."""
        return await self._run(worker.sample_crop, self._recognizer, data)

    async def draw_gallery(self, tiles: Sequence[Tile]) -> bytes:
        """Draw faces side by side, as a PNG."""
        return await self._run(worker.draw_gallery, tuple(tiles))

    async def draw_suspects(self, doubts: Sequence[Doubt]) -> bytes:
        """Draw examples that look wrong, as a PNG."""
        return await self._run(worker.draw_suspects, tuple(doubts))

    def close(self) -> None:
        """Let the workers go; what they were doing is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            async with asyncio.timeout(self._patience()):
                return await asyncio.wrap_future(self._executor.submit(work, *args, **kwargs))
        except TimeoutError as error:
            raise PictureTooSlow from error
        except ProcessExpired as error:
            raise PictureTooMuch from error

    def _patience(self) -> float | None:
        # The process pool counts from when the work begins and kills what hangs; the others cannot be killed.
        return None if isinstance(self._executor, _Processes) else self._seconds


class _Processes(Executor):
    """Pebble's pool, which replaces a worker that died or hung, as an `Executor`."""

    def __init__(self, *, workers: int, seconds: float) -> None:
        # Spawned, not forked: the bot has threads, and a worker must not inherit its sockets.
        self._pool = ProcessPool(max_workers=workers, context=get_context("spawn"))
        self._seconds = seconds

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return self._pool.schedule(fn, args=args, kwargs=kwargs, timeout=self._seconds)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        if wait:
            self._pool.join()


class _Cluster(Executor):
    """A Dask cluster as an `Executor` that can be shut down like the others: it lets go of the cluster."""

    def __init__(self, *, address: str) -> None:
        distributed: Any = import_module("distributed")  # an extra, without types of its own
        self._client: Any = distributed.Client(address, set_as_default=False)
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        self._client.close()


def _executor(settings: RecognitionSettings) -> Executor:
    match settings.executor:
        case "processes":
            return _Processes(workers=settings.workers, seconds=settings.seconds)
        case "threads":
            return ThreadPoolExecutor(settings.workers, thread_name_prefix="recognition")
        case "dask":
            return _Cluster(address=settings.dask_address)
