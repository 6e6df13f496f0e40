"""The process that trains: of this machine, or of a worker of the cluster that takes retrainings."""

import asyncio
import json
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from bot.config import Settings
from bot.recognition import cluster
from ml import files
from ml.errors import KoredareError
from ml.training.job import Job
from ml.training.report import Report
from ml.versions.registry import default_home
from ml.versions.version import DamagedVersion, RegistryError, digest, parts, read, read_examples

Progress = Callable[[str, float], Awaitable[None]]
_LOOKED: Final = 60.0  # seconds after which it is seen whether anybody is left who could do it
VERSION: Final = "version"
"""The folder, in that of a job, where what was trained lies."""

# What NumPy, TensorFlow, C++, the loader of libraries and Python itself say last when there is no memory left.
_NO_MEMORY = (
    "MemoryError",
    "bad_alloc",
    "ResourceExhausted",
    "annot allocate memory",
    "failed to map segment",
    "out of memory",
    "new thread",
    "llocation",
    "without setting an exception",
    "without exception set",
)


_LONGEST_LINE = 2**26  # bytes: a report has some 300 for each character


class RetrainingError(KoredareError):
    """A retraining that did not happen or broke off; the active version is as it was. The message is for people."""


class NoTensorFlow(RetrainingError):
    """It is an extra: who only answers pictures can do without its 1.9 GB."""

    code = "no_tensorflow"

    def __init__(self) -> None:
        super().__init__(
            "Retraining needs TensorFlow, which is not installed where I run: my operator adds it with "
            "`pip install 'koredare[train]'`. Until then I answer by the version that there is, and by what I was told."
        )


class RetrainingTooLong(RetrainingError):
    """It took longer than the operator allows."""

    code = "retraining_too_long"

    def __init__(self, minutes: float) -> None:
        super().__init__(f"The retraining took over {minutes:g} minutes and was stopped.")
        self.minutes = minutes


class RetrainingTooLarge(RetrainingError):
    """It needed more memory than the operator allows."""

    code = "retraining_too_large"

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            f"The retraining needed more than {megabytes} MB of memory and was stopped; the old version stays. "
            "`megabytes` under [retraining] in the configuration allows more."
        )
        self.megabytes = megabytes


class RetrainingFailed(RetrainingError):
    """Its process ended otherwise than it should; `said` is the last that it said."""

    code = "retraining_failed"

    def __init__(self, said: str) -> None:
        super().__init__(f"The retraining failed ({said}); the old version stays.")
        self.said = said


def possible(settings: Settings) -> bool:
    """Whether what trains is installed here, looked for, not loaded; or it may be on the cluster."""
    return settings.recognition.executor == "dask" or find_spec("tensorflow") is not None


async def train(job: Path, settings: Settings, *, progress: Progress) -> Report:
    """Train on a job that was saved in a folder; the version comes into its folder `VERSION`.

    Where pictures are looked at on a cluster, one of those workers trains that were started for it, and there are any:
    it is sent the folder, and sends back what came of it, which is checked.

    Raises
    ------
    RetrainingError
        It failed, took too long or too much, or can be done nowhere.
    ClusterMissing
        There should be a cluster, and it cannot be reached.
    """
    chosen = settings.retraining
    if settings.recognition.executor == "dask":
        client = await asyncio.to_thread(cluster.connect, settings)
        try:
            if await asyncio.to_thread(cluster.retrainers, client):
                return await _elsewhere(client, job, minutes=chosen.minutes, megabytes=chosen.megabytes, say=progress)
        finally:
            await asyncio.to_thread(client.close)
    if find_spec("tensorflow") is None:
        raise NoTensorFlow
    return await _here(job, minutes=chosen.minutes, megabytes=chosen.megabytes, progress=progress)


async def _elsewhere(client: Any, job: Path, *, minutes: float, megabytes: int, say: Progress) -> Report:
    """Have a worker of the cluster train; if it dies, another does."""
    packed = await asyncio.to_thread(_packed, job)
    loop, topic = asyncio.get_running_loop(), f"koredare-{secrets.token_hex(8)}"
    said = asyncio.Queue[tuple[str, float]]()

    def hear(event: tuple[float, tuple[str, float]]) -> None:  # in a thread of the client's
        loop.call_soon_threadsafe(said.put_nowait, event[1])

    client.subscribe_topic(topic, hear)
    executor = client.get_executor(pure=False, resources={cluster.RETRAINING: 1})
    training = asyncio.wrap_future(executor.submit(carry_out, packed, minutes, megabytes, topic))
    del packed
    telling = asyncio.create_task(_tell(said, say))
    try:
        while not (await asyncio.wait({training}, timeout=_LOOKED))[0]:
            if not await asyncio.to_thread(cluster.retrainers, client):
                training.cancel()
                raise RetrainingFailed("no worker that retrains is left")
        trained = await training
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RetrainingFailed("the cluster cannot be reached any more") from error
    except import_module("distributed").KilledWorker as error:
        raise RetrainingFailed("it killed several workers") from error
    finally:
        telling.cancel()
        training.cancel()
    return await asyncio.to_thread(_taken, job, trained)


async def _tell(said: "asyncio.Queue[tuple[str, float]]", progress: Progress) -> None:
    while True:
        await progress(*await said.get())


@dataclass(frozen=True, slots=True)
class Packed:
    """A job on its way: its files, by their paths; a worker's log has nothing of them."""

    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trained:
    """What a worker sends back: the report, the parts of the version, and the digest that these had there."""

    report: dict[str, Any]
    parts: Mapping[str, bytes]
    digest: str


def carry_out(packed: Packed, minutes: float, megabytes: int, topic: str) -> Trained:
    """Train on a job that was sent to this worker, in its own data folder, of which nothing is left there."""
    worker: Any = import_module("distributed").get_worker()

    async def say(stage: str, share: float) -> None:
        worker.log_event(topic, (stage, share))

    if find_spec("tensorflow") is None:
        raise NoTensorFlow
    place = default_home() / "cache" / "retraining"
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.with_name(".retraining")):  # one at a time, so that what a killed one left can go
        files.sweep(place)
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as folder:
            job = Path(folder)
            for name, data in packed.files.items():
                (job / name).parent.mkdir(parents=True, exist_ok=True)
                (job / name).write_bytes(data)
            report = asyncio.run(_here(job, minutes=minutes, megabytes=megabytes, progress=say))
            made = parts(job / VERSION)
    return Trained(report.as_json(), made, digest(made))


def _packed(job: Path) -> Packed:
    return Packed({path.relative_to(job).as_posix(): path.read_bytes() for path in job.rglob("*") if path.is_file()})


def _taken(folder: Path, trained: Trained) -> Report:
    """Put what a worker sent back into the folder of its job, if it is an answer to that."""
    job, version = Job.load(folder), folder / VERSION
    version.mkdir()
    try:
        for name, data in trained.parts.items():
            (version / Path(name).name).write_bytes(data)
        made = read(version, name="v1")  # it has no number yet
        if made.digest != trained.digest:
            raise DamagedVersion(VERSION, "it was altered on its way")
        if (made.embedder, made.background) != (job.embedder, files.digest(job.background)):
            raise DamagedVersion(VERSION, "it was made with another embedder")
        if read_examples(version) != job.learned:
            raise DamagedVersion(VERSION, "it was learned from other faces")
        return Report.from_json(trained.report)
    except (RegistryError, ValueError) as error:
        raise RetrainingFailed(f"what a worker sent back cannot be used: {error}") from error


async def _here(job: Path, *, minutes: float, megabytes: int, progress: Progress) -> Report:
    """Run `python -P -m ml.training.process` on the job, and read what it prints; killed if it takes too long."""
    priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 0
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "ml.training.process", str(job), str(megabytes)),
            stdin=asyncio.subprocess.PIPE,  # held open: it ends when this end of the pipe does, however we end
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            creationflags=priority,
            limit=_LONGEST_LINE,
        )
        try:
            async with asyncio.timeout(minutes * 60):
                report = await _follow(process, progress)
                code = await process.wait()
        except TimeoutError as error:
            raise RetrainingTooLong(minutes) from error
        finally:
            with suppress(ProcessLookupError):  # it has ended by itself, as it should
                process.kill()
            await process.wait()
        if code != 0 or report is None:
            log.seek(0)
            raise _failure(log.read().decode(errors="replace"), code, megabytes=megabytes)
    return report


def _failure(said: str, code: int, *, megabytes: int) -> RetrainingError:
    last = said.strip().splitlines()[-1:] or [f"exit code {code}"]
    # Native code that is refused memory ends the process in one of these ways, without a word.
    ended = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL} if sys.platform != "win32" else set[int]()
    if code in ended or any(sign in said[-4000:] for sign in _NO_MEMORY):
        return RetrainingTooLarge(megabytes)
    return RetrainingFailed(last[0])


async def _follow(process: asyncio.subprocess.Process, progress: Progress) -> Report | None:
    assert process.stdout is not None
    report = None
    async for line in process.stdout:
        said: dict[str, Any] = json.loads(line)
        if "report" in said:
            report = Report.from_json(said["report"])
        else:
            await progress(said["stage"], said["done"] / said["total"])
    return report
