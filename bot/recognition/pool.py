"""Recognition off the event loop: a recogniser in each of a few processes, or on a cluster."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot import metrics
from bot.config import Settings
from bot.recognition import worker
from bot.recognition.cluster import Cluster
from bot.recognition.errors import NoWorkers, PictureTooMuch, PictureTooSlow, Stopping, WorkersFail
from bot.recognition.processes import (
    RENEWED_AFTER,
    STARTING,
    NoProcess,
    Processes,
    WorkerDied,
    WorkerHung,
    WorkersClosed,
)
from ml import Recognizer, RecognizerSettings
from ml.naming.backbones import Choice, resolve
from ml.naming.networks import Reading

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


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
        max_bytes=chosen.max_bytes,
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
        self._executor: _Executor
        match chosen.executor:
            case "processes":
                serve = partial(worker.serve, settings=made_of, megabytes=chosen.worker_megabytes)
                self._executor = _Here(
                    Processes(serve, workers=chosen.workers, seconds=chosen.seconds, renew_after=renew_after)
                )
            case "dask":
                self._executor = Cluster(settings, made_of)

    async def start(self) -> None:
        """Have every worker load the models, so that the first picture need not wait.

        Raises
        ------
        CascadeError, EmbedderError
            A part of the recogniser is missing; the message says how to mend it.
        WorkersFail
            They do not come so far, each time.
        """
        await self._executor.start()

    async def run(self, work: Callable[Concatenate[Recognizer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something with a recogniser: a method of it, or a function that takes one, as in `bot.recognition.worker`.

        It takes and gives what can be pickled, and paths of this machine mean nothing to a worker on another: all but
        the folder of a `version`, which the worker is given on its own machine.

        Raises
        ------
        RecognitionError
            The work killed its worker twice, took too long, there was no process for it, or the pool was closed; that
            costs this one answer, and the pool goes on. Whatever else the work raises is raised here.
        """
        return await self._done((work, args, kwargs), first=False)

    async def first(self, work: Callable[Concatenate[Recognizer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, before all that waits for a worker."""
        return await self._done((work, args, kwargs), first=True)

    @metrics.timed("recognise")
    async def _done(self, work: tuple[Any, Any, Any], *, first: bool) -> Any:
        return await self._executor.do(work, first=first)

    def close(self) -> None:
        """Let the workers go; what they were doing is dropped."""
        self._executor.close()


class _Executor(Protocol):
    """Where (work, args, kwargs) is done with a recogniser."""

    async def start(self) -> None: ...

    async def do(self, work: tuple[Any, Any, Any], *, first: bool) -> Any: ...

    def close(self) -> None: ...


class _Here:
    """Processes of this machine; they end what hangs by themselves, counted from when the work begins."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    async def start(self) -> None:
        try:
            await asyncio.gather(*(asyncio.wrap_future(each) for each in self._processes.start()))
        except WorkerDied as error:
            raise WorkersFail("they were killed at once; is there too little memory?") from error
        except WorkerHung as error:
            raise WorkersFail(f"they did not within {STARTING:.0f} seconds") from error
        except NoProcess as error:
            raise WorkersFail(str(error)) from error

    async def do(self, work: tuple[Any, Any, Any], *, first: bool) -> Any:
        try:
            return await asyncio.wrap_future(self._processes.submit(work, first=first))
        except WorkerHung as error:
            raise PictureTooSlow from error
        except (WorkerDied, MemoryError) as error:
            raise PictureTooMuch from error
        except NoProcess as error:
            log.warning("There is no process to look at a picture: %s", error)
            raise NoWorkers from error
        except WorkersClosed as error:
            raise Stopping from error

    def close(self) -> None:
        self._processes.close()
