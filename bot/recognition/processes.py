"""Worker processes under supervision: each has a pipe and a thread of its own here, so one's death is nobody else's."""

import logging
import pickle
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import PriorityQueue
from typing import Any, TypeVar

from bot import metrics

T = TypeVar("T")

log = logging.getLogger(__name__)

TRIES = 2  # processes that a piece of work may cost
RENEWED_AFTER = 500  # pieces of work, so that what a library leaks or scatters over the heap has an end
STARTING = 120.0  # seconds until a new process must have begun
_FIRST, _NEXT, _LAST = range(3)
_GRACE = 10.0  # seconds for a killed process to be gone

# Spawned, not forked: the bot has threads, and a worker must not inherit its sockets.
_spawn = get_context("spawn")


class WorkerDied(Exception):
    """The process that did the work died, and so did the one that was given it then."""


class WorkerHung(Exception):
    """The work took longer than it may, and its process was killed."""


class NoProcess(Exception):
    """The machine gives no process, or no thread or file for one; the next piece of work may get it."""


class WorkersClosed(Exception):
    """The workers were let go before the work was done."""


@contextmanager
def _what_the_machine_gives() -> Generator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # of which the second is Python's word for a thread
        raise NoProcess(str(error)) from error


@dataclass(frozen=True, slots=True, order=True)
class _Job:
    """`rank`: what is first, and of like ones what came first; None as work: there is no more."""

    rank: tuple[int, int]
    work: object = field(compare=False)
    future: Future[Any] = field(default_factory=Future[Any], compare=False)


class Processes:
    """Does work in processes that may hang, or be killed at any moment.

    Every piece of work ends: with its result, with the error that it raised, or with `WorkerDied`, `WorkerHung`,
    `NoProcess` or `WorkersClosed`. A process that was killed is replaced and its work given out once more; one that
    hangs is killed, by a clock that does not depend on an event loop. Nothing is shared between two processes, neither
    a pipe nor a lock, so however one of them ends, it can only end its own.

    Parameters
    ----------
    serve
        What a process runs, can be pickled. It sends, when it can begin, and then for every piece of work that it
        receives, one pickled pair: `True` and the result, or `False` and an exception. It returns when the pipe ends.
    workers
        How many processes.
    seconds
        How long a piece of work may take, from when it is given to a process.
    renew_after
        Pieces of work after which a process is replaced.
    """

    def __init__(
        self,
        serve: Callable[[Connection], None],
        *,
        workers: int,
        seconds: float,
        renew_after: int = RENEWED_AFTER,
    ) -> None:
        self._jobs = PriorityQueue[_Job]()
        self._number = count()
        self._workers = [
            _Worker(serve, self._jobs, seconds=seconds, renew_after=renew_after, number=number)
            for number in range(1, workers + 1)
        ]
        self._closed = False

    def start(self) -> list[Future[None]]:
        """Start every process; the futures are done when it can begin, or have the error for which it cannot.

        Raises
        ------
        NoProcess
            There is not even a thread for it.
        """
        for worker in self._workers:
            if worker.ident is None and not self._closed:
                with _what_the_machine_gives():
                    worker.start()
        return [worker.ready for worker in self._workers]

    def submit(self, work: object, *, first: bool = False) -> Future[Any]:
        """Have a piece of work, which can be pickled, done by whichever process is free next, `first` or in turn."""
        job = _Job((_FIRST if first else _NEXT, next(self._number)), work)
        if self._closed:
            job.future.set_exception(WorkersClosed())
        else:
            self.start()
            self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Kill the processes; what they were doing, and what waits, ends with `WorkersClosed`."""
        self._closed = True
        for worker in self._workers:
            worker.close()
        for _ in self._workers:
            self._jobs.put(_Job((_LAST, next(self._number)), None))  # what waits before it ends with `WorkersClosed`
        for worker in self._workers:
            if worker.ident is not None:
                worker.join(_GRACE)


class _Worker(threading.Thread):
    """The supervisor of one process at a time, and the only one who talks to it."""

    def __init__(
        self,
        serve: Callable[[Connection], None],
        jobs: PriorityQueue[_Job],
        *,
        seconds: float,
        renew_after: int,
        number: int,
    ) -> None:
        super().__init__(name=f"worker-{number}", daemon=True)
        self.ready = Future[None]()
        self._serve = serve
        self._jobs = jobs
        self._seconds = seconds
        self._renew_after = renew_after
        self._left = 0  # pieces of work until the process is replaced
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._closing = False
        self._starting = threading.Lock()  # so that `close` and a clock never miss a process that is just beginning

    def run(self) -> None:
        self._settle(self.ready, self._begin)
        while (job := self._jobs.get()).work is not None:
            if job.future.set_running_or_notify_cancel():
                self._settle(job.future, lambda work=job.work: self._done(work))
            if self._left <= 0 and not self._closing:
                self._settle(Future[None](), self._begin)  # now, so that the next picture need not wait for it
        self._end()

    def close(self) -> None:
        self._closing = True
        self._kill()

    def _settle(self, future: Future[T], step: Callable[[], T]) -> None:
        try:
            result = step()
        except Exception as error:  # noqa: BLE001  whatever it is, it is the answer to this one, and the thread goes on
            future.set_exception(WorkersClosed() if self._closing else error)
        else:
            future.set_result(result)

    def _begin(self) -> None:
        self._tried(lambda: None)

    def _done(self, work: object) -> Any:
        message = pickle.dumps(work)
        result = self._tried(lambda: self._answer(message))
        self._left -= 1
        return self._result(result)

    def _result(self, reply: bytes) -> Any:
        well, result = pickle.loads(reply)  # noqa: S301  from our own process
        if well:
            return result
        if isinstance(result, MemoryError):
            self._left = 0
        raise result

    def _tried(self, step: Callable[[], T]) -> T:
        """Do something with a live process; if that dies of it, do it once more with another."""
        for attempt in range(1, TRIES + 1):
            try:
                self._ensure()
                return step()
            except WorkerDied:
                self._end()
                if attempt == TRIES or self._closing:
                    raise
            except WorkerHung:
                self._end()
                raise
        raise AssertionError

    def _ensure(self) -> None:
        if self._left > 0 and self._process is not None and self._process.is_alive():
            return
        self._end()
        with _what_the_machine_gives():
            ours, theirs = _spawn.Pipe()
        with theirs, self._starting:
            if self._closing:
                ours.close()
                raise WorkersClosed
            process = _spawn.Process(target=self._serve, args=(theirs,), name=self.name, daemon=True)
            with _what_the_machine_gives():
                process.start()
            metrics.WORKERS_STARTED.inc()
            self._process, self._pipe = process, ours
        with self._within(STARTING):
            said = ours.recv_bytes()
        self._result(said)
        self._left = self._renew_after

    def _answer(self, message: bytes) -> bytes:
        assert self._pipe is not None
        with self._within(self._seconds):
            self._pipe.send_bytes(message)
            return self._pipe.recv_bytes()

    @contextmanager
    def _within(self, seconds: float) -> Generator[None]:
        """Bound whatever waits for the process: with the process its pipe ends, and with that every wait for it."""
        hung = threading.Event()

        def end() -> None:
            hung.set()
            self._kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        with _what_the_machine_gives():
            clock.start()
        try:
            yield
        except (EOFError, OSError) as error:
            raise (WorkerHung if hung.is_set() else WorkerDied) from error
        finally:
            clock.cancel()

    def _kill(self) -> None:
        with self._starting:
            if self._process is not None:
                self._process.kill()

    def _end(self) -> None:
        with self._starting:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
        if process is None or pipe is None:
            return
        process.kill()
        pipe.close()
        process.join(_GRACE)
        if self._left > 0 and not self._closing:
            metrics.WORKERS_DIED.inc()
            log.warning("A worker ended (exit code %s); another takes its place.", process.exitcode)
        self._left = 0
