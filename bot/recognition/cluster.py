"""A Dask cluster: how it is reached, and pictures that its workers look at."""

import asyncio
import logging
import pickle
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from bot.config import Settings
from bot.recognition import elsewhere
from bot.recognition.elsewhere import Made, Reference, Task, VersionMissing
from bot.recognition.errors import ClusterMissing, PictureTooMuch, PictureTooSlow, Stopping, WorkersAway
from ml import RecognizerSettings
from ml.naming.embedder import fingerprint
from ml.versions.version import RegistryError, parts, read

log = logging.getLogger(__name__)

Work: TypeAlias = tuple[Any, tuple[Any, ...], dict[str, Any]]
RETRAINING = "retraining"
"""The resource of a worker, as Dask calls it, that takes retrainings."""


def connect(settings: Settings) -> Any:
    """A client of the cluster that the operator chose, with the keys that it wants; blocks until it answers.

    Raises
    ------
    ClusterMissing
        Dask is not installed, the scheduler cannot be reached, or it does not know our certificate.
    """
    chosen = settings.recognition
    try:
        distributed: Any = import_module("distributed")  # an extra, without types of its own
    except ModuleNotFoundError as error:
        raise ClusterMissing("executor = \"dask\" needs a package: pip install 'koredare[dask]'.") from error
    try:
        security = _security(settings, distributed)
        return distributed.Client(chosen.dask_address, security=security, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterMissing(
            f"The Dask scheduler at {chosen.dask_address} cannot be reached: {error}. Start it, or mend dask_address "
            "under [recognition], and with TLS dask_ca, dask_certificate and dask_key."
        ) from error


def _security(settings: Settings, distributed: Any) -> Any:
    """Our certificate and whose we trust, as Dask wants it; raises OSError and ValueError."""
    chosen = settings.recognition
    keys = {
        "tls_ca_file": chosen.dask_ca,
        "tls_client_cert": chosen.dask_certificate,
        "tls_client_key": chosen.dask_key,
    }
    for path in filter(None, keys.values()):
        if not Path(path).is_file():  # of which the error would not say which one it is
            raise FileNotFoundError(f"there is no file {Path(path).absolute()}")
    security = distributed.Security(**keys, require_encryption=True) if chosen.dask_ca else distributed.Security()
    if chosen.dask_address.startswith("tls:") and not security.get_connection_args("client")["ssl_context"]:
        raise ValueError("it speaks TLS, for which we have no certificate")
    return security


def retrainers(client: Any) -> list[str]:
    """The addresses of the workers that take retrainings."""
    workers: dict[str, dict[str, Any]] = client.scheduler_info(n_workers=-1)["workers"]
    return [address for address, each in workers.items() if each["resources"].get(RETRAINING)]


def about(settings: Settings) -> str:
    """The cluster in a sentence; raises ClusterMissing."""
    client = connect(settings)
    try:
        workers, training = len(client.nthreads()), len(retrainers(client))
    finally:
        client.close()
    retrain = f"{training} of them retrain" if training else "none of them retrains, so the bot's machine does"
    if not workers:
        raise ClusterMissing(f"The Dask scheduler at {settings.recognition.dask_address} answers, but has no workers.")
    return f"Dask scheduler {settings.recognition.dask_address} answers; it has {workers} workers, {retrain}"


class Cluster:
    """Recognisers on a cluster's workers.

    A worker that dies in the middle of a picture costs nobody anything: Dask gives it to another, unless it killed
    several. A lost scheduler is looked for again with the next picture.

    Raises
    ------
    ClusterMissing
        As `connect`.
    """

    def __init__(self, settings: Settings, made_of: RecognizerSettings) -> None:
        chosen = settings.recognition
        embedder = fingerprint(made_of.backbone.embedder)
        self._made = Made.of(made_of, embedder=embedder, seconds=chosen.seconds, url=settings.models.url)
        self._settings = settings
        self._known: dict[Path, Reference] = {}
        self._client = connect(settings)
        self._died: type[Exception] = import_module("distributed").KilledWorker
        self._connecting = asyncio.Lock()
        self._closed = False

    async def start(self) -> None:
        """Have a worker load the models."""
        await self._ask(Task(self._made))

    async def do(self, work: Work, *, first: bool) -> Any:
        """Have a piece of work done by whichever worker is free; which goes `first` is for the scheduler to say.

        Raises
        ------
        RecognitionError
            It took too long or too much, or nobody is there. Whatever else the work raises is raised here.
        """
        del first
        function, args, kwargs = work
        folder: Any = kwargs.get("version")
        if isinstance(folder, Path):
            kwargs = kwargs | {"version": await asyncio.to_thread(self._reference, folder)}
        task = Task(self._made, function, args, kwargs)
        try:
            async with asyncio.timeout(self._settings.recognition.seconds):
                try:
                    return await self._ask(task)
                except VersionMissing:
                    return await self._ask(replace(task, carried=await asyncio.to_thread(parts, folder)))
        except TimeoutError as error:
            raise (PictureTooSlow if await asyncio.to_thread(self._has_workers) else WorkersAway) from error
        except (self._died, MemoryError) as error:
            raise PictureTooMuch from error

    def close(self) -> None:
        """Leave the cluster; what its workers were doing for us is dropped."""
        self._closed = True
        self._client.close()

    async def _ask(self, task: Task) -> Any:
        executor = (await self._connected()).get_executor(pure=False)
        try:
            said = await asyncio.wrap_future(executor.submit(elsewhere.do, task))
        except asyncio.CancelledError as error:
            current = asyncio.current_task()
            if current is None or current.cancelling():
                raise  # somebody does not want it any more
            # The scheduler is gone, and what it was asked with it; or we leave.
            raise (Stopping if self._closed else WorkersAway) from error
        well, result = pickle.loads(said)  # noqa: S301  from our own worker, who could as well run code here
        if not well:
            raise result
        return result

    async def _connected(self) -> Any:
        if self._closed:
            raise Stopping
        async with self._connecting:
            if self._client.status == "closed":
                try:
                    self._client = await asyncio.to_thread(connect, self._settings)
                except ClusterMissing as error:
                    log.warning("%s", error)
                    raise WorkersAway from error
            return self._client

    def _has_workers(self) -> bool:
        try:
            return self._client.status == "running" and bool(self._client.nthreads())
        except OSError:
            return False

    def _reference(self, folder: Path) -> Reference | None:
        """A version that this machine has in a folder, as others know it; None: it was damaged just now."""
        if folder not in self._known:
            try:
                digest = read(folder).digest
            except RegistryError as error:
                log.warning("Nobody is named: %s", error)
                return None
            # A copy from a store lies a folder deeper; its owner is needed to find it there.
            owner = (folder.parent.parent if self._settings.models.url else folder.parent).name
            self._known[folder] = Reference(owner, folder.name, digest)
        return self._known[folder]
