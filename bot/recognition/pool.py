"""Recognition off the event loop: a recogniser in each of a few processes, or on a cluster."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot import figures
from bot.config import Settings
from bot.recognition import worker
from bot.recognition.processes import RENEWED_AFTER, Processes, WorkerDied, WorkerHung, WorkersClosed
from ml import Recognizer, RecognizerSettings
from ml.errors import KoredareError
from ml.naming.backbones import Choice, resolve
from ml.naming.networks import Reading

P = ParamSpec("P")
T = TypeVar("T")


class RecognitionError(KoredareError):
    """A picture that could not be looked at, through no fault of its format; the message is for the user."""


class PictureTooSlow(RecognitionError):
    """It took longer than the operator allows."""

    code = "picture_too_slow"

    def __init__(self) -> None:
        super().__init__("I gave up on that picture: it took too long. Try a smaller one.")


class PictureTooMuch(RecognitionError):
    """Two workers that looked at it died, or it needs more memory than a worker may take."""

    code = "picture_too_much"

    def __init__(self) -> None:
        super().__init__("That picture was too much for me, sorry. Try another copy of it.")


class Stopping(RecognitionError):
    """The bot ends, and its workers did before this was done."""

    code = "stopping"

    def __init__(self) -> None:
        super().__init__("I am being stopped just now. Ask me again when I am back.")


class ClusterMissing(KoredareError):
    """The Dask cluster that the operator chose is not there."""


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
        backbone=resolve(backbone_choice(settings), home=settings.home),
        home=settings.home,
        max_bytes=int(chosen.max_megabytes * 2**20),
        max_pixels=int(chosen.max_megapixels * 1e6),
    )


def backbone_choice(settings: Settings) -> Choice:
    """Which network the operator chose to turn faces into vectors."""
    chosen, onnx = settings.recognition, settings.recognition.onnx
    weights = Path(chosen.backbone_weights).expanduser() if chosen.backbone_weights else None
    reading = Reading(onnx.mean, onnx.std, size=onnx.size or None, output=onnx.output or None)
    return Choice(chosen.backbone, weights, reading)


class RecognitionPool:
    """Recognisers that look at pictures, side by side and off the event loop.

    Raises
    ------
    ClusterMissing
        The operator chose a cluster, and it cannot be reached.
    """

    def __init__(self, settings: Settings, *, renew_after: int = RENEWED_AFTER) -> None:
        chosen, made_of = settings.recognition, recognizer_settings(settings)
        # Processes end what hangs by themselves, counted from when the work begins; a cluster is only not waited for.
        self._patience = chosen.seconds if chosen.executor == "dask" else None
        self._died: tuple[type[Exception], ...] = (WorkerDied, MemoryError)
        self._executor: _Executor
        match chosen.executor:
            case "processes":
                self._executor = Processes(
                    partial(worker.serve, settings=made_of, megabytes=chosen.worker_megabytes),
                    workers=chosen.workers,
                    seconds=chosen.seconds,
                    renew_after=renew_after,
                )
            case "dask":
                self._executor = cluster = _Cluster(made_of, address=chosen.dask_address)
                self._died += (cluster.died,)

    async def start(self) -> None:
        """Have every worker load the models, so that the first picture need not wait.

        Raises
        ------
        CascadeError, EmbedderError
            A part of the recogniser is missing; the message says how to mend it.
        """
        await asyncio.gather(*(asyncio.wrap_future(each) for each in self._executor.start()))

    async def run(self, work: Callable[Concatenate[Recognizer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something with a recogniser: a method of it, or a function that takes one, as in `bot.recognition.worker`.

        Raises
        ------
        RecognitionError
            The work killed its worker twice, took too long, or the pool was closed; that costs this one answer, and
            the pool goes on. Whatever else the work raises is raised here.
        """
        return await self._done((work, args, kwargs), first=False)

    async def first(self, work: Callable[Concatenate[Recognizer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, before all that waits for a worker."""
        return await self._done((work, args, kwargs), first=True)

    @figures.timed("recognise")
    async def _done(self, work: object, *, first: bool) -> Any:
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.wrap_future(self._executor.submit(work, first=first))
        except (TimeoutError, WorkerHung) as error:
            raise PictureTooSlow from error
        except self._died as error:
            raise PictureTooMuch from error
        except WorkersClosed as error:
            raise Stopping from error

    def close(self) -> None:
        """Let the workers go; what they were doing is dropped."""
        self._executor.close()


class _Executor(Protocol):
    """Where (work, args, kwargs) is done with a recogniser."""

    def start(self) -> "list[Future[None]]": ...

    def submit(self, work: object, *, first: bool = False) -> "Future[Any]": ...

    def close(self) -> None: ...


class _Cluster:
    """A Dask cluster, each of whose threads makes itself a recogniser when it first needs one."""

    def __init__(self, settings: RecognizerSettings, *, address: str) -> None:
        try:
            distributed: Any = import_module("distributed")  # an extra, without types of its own
        except ModuleNotFoundError as error:
            raise ClusterMissing("executor = \"dask\" needs a package: pip install 'koredare[dask]'.") from error
        self._settings = settings
        self.died: type[Exception] = distributed.KilledWorker
        try:
            self._client: Any = distributed.Client(address, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterMissing(
                f"The Dask scheduler at {address} cannot be reached: {error}. Start it, or mend dask_address."
            ) from error
        self._executor: Any = self._client.get_executor(pure=False)

    def start(self) -> "list[Future[None]]":
        return [self._executor.submit(worker.on_the_cluster, self._settings, None)]

    def submit(self, work: object, *, first: bool = False) -> "Future[Any]":
        return self._executor.submit(worker.on_the_cluster, self._settings, work, priority=int(first))

    def close(self) -> None:
        self._client.close()
