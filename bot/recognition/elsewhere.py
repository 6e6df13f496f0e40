"""What runs on a cluster's worker, which shares no file system with the bot: it has a data folder of its own.

It is sent pictures, and the names of versions with their digests. A version that it has no copy of it takes from the
store of models, or, where there is none or that is out of its reach, has the bot send it.
"""

import logging
import os
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.recognition.worker import reply
from ml import Recognizer, RecognizerSettings
from ml.errors import KoredareError
from ml.naming.backbones import SHIPPED, Backbone
from ml.versions.cache import Cache
from ml.versions.registry import default_home
from ml.versions.remote import obtain
from ml.versions.version import RegistryError

log = logging.getLogger(__name__)

HUNG: Final = 70  # the exit code of a worker that ended itself: BSD's EX_SOFTWARE


class OtherBackbone(KoredareError):
    """A worker's network is another one than the bot's: the names would be wrong."""

    def __init__(self, home: Path, backbone: str) -> None:
        super().__init__(
            f"A worker with the data folder {home} does not have the backbone {backbone} as the bot does: have it run "
            "the same Koredare, and prepare the same backbone there, or copy the folder `backbones` to it."
        )


class VersionMissing(Exception):
    """A worker does not have a version, and cannot get it by itself."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A version, as it is known on every machine; `digest` as `ModelVersion.digest`."""

    owner: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker's recogniser is made of; nothing in it is a path of the bot's machine.

    Attributes
    ----------
    detectors, max_bytes, max_pixels
        As in `RecognizerSettings`.
    backbone
        The folder of a prepared one, below `backbones` of any data folder, and the file of its embedder; None: the one
        that ships.
    embedder
        Its fingerprint.
    seconds
        How long a picture may take.
    url
        The store of models; empty: there is none.
    """

    detectors: tuple[str, ...]
    backbone: tuple[str, str] | None
    embedder: str
    max_bytes: int
    max_pixels: int
    seconds: float
    url: str

    @classmethod
    def of(cls, settings: RecognizerSettings, *, embedder: str, seconds: float, url: str) -> "Made":
        """As the bot's own would be."""
        found = settings.backbone
        backbone = None if found == SHIPPED else (found.folder.name, found.embedder.name)
        return cls(
            settings.detectors, backbone, embedder, settings.max_bytes, settings.max_pixels, seconds=seconds, url=url
        )

    def settings(self, home: Path) -> RecognizerSettings:
        """As a recogniser wants it, in a data folder of this machine."""
        backbone = SHIPPED
        if self.backbone is not None:
            folder, file = self.backbone
            backbone = Backbone.of(folder, home / "backbones" / folder, suffix=Path(file).suffix)
        return RecognizerSettings(self.detectors, backbone, home, self.max_bytes, self.max_pixels)


@dataclass(slots=True)
class _Bench:
    """Where one thread of a worker works: its recogniser, and the folders of versions that it has looked through."""

    recognizer: Recognizer
    versions: dict[Reference, Path] = field(default_factory=dict[Reference, Path])


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for a worker; it writes nothing of it into its log, where Dask tells what it was given.

    Attributes
    ----------
    function
        It takes a recogniser, and what follows; a version among that is a `Reference`. None: only get ready.
    carried
        The parts of that version, if the bot was asked for them.
    """

    made: Made
    function: Callable[..., Any] | None = None
    args: tuple[Any, ...] = field(default=(), repr=False)
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    carried: Mapping[str, bytes] | None = field(default=None, repr=False)


def do(task: Task) -> bytes:
    """Do a piece of work with a recogniser of this worker's own; gives what `bot.recognition.worker.reply` does.

    Among the errors are `VersionMissing`, if the bot should send the version along, and `OtherBackbone`, if this worker
    would say other names than the bot.
    """
    return reply(lambda: _done(task))


def _done(task: Task) -> Any:
    bench = _bench(task.made, threading.get_ident())
    if task.function is None:
        return None
    kwargs = dict(task.kwargs)
    if isinstance(version := kwargs.get("version"), Reference):
        kwargs["version"] = _folder(task.made, bench, version, task.carried)
    with _within(task.made.seconds):
        return task.function(bench.recognizer, *task.args, **kwargs)


@cache
def _bench(made: Made, thread: int) -> _Bench:  # noqa: ARG001  one for each thread
    settings = made.settings(default_home())
    if not settings.backbone.folder.is_dir():
        raise OtherBackbone(settings.home, settings.backbone.name)
    recognizer = Recognizer(settings)
    if recognizer.embedder != made.embedder:
        raise OtherBackbone(settings.home, settings.backbone.name)
    return _Bench(recognizer)


def _folder(made: Made, bench: _Bench, wanted: Reference, carried: Mapping[str, bytes] | None) -> Path:
    known = bench.versions.get(wanted)
    if known is not None and known.is_dir():
        return known
    copies, about = Cache(default_home()), (wanted.owner, wanted.name, wanted.digest)
    if carried is not None:
        version = copies.put(*about, carried)
    elif (version := copies.find(*about)) is None:
        if not made.url:
            raise VersionMissing
        try:
            version = obtain(made.url, *about, cache=copies)
        except RegistryError as error:
            log.info("The bot is asked for %s of %s: %s", wanted.name, wanted.owner, error)
            raise VersionMissing from error
    bench.versions[wanted] = version.folder
    return version.folder


@contextmanager
def _within(seconds: float) -> Generator[None]:
    """End this process if the block does not end: nothing else ends what hangs in a library.

    Whatever started the worker starts another, and the cluster gives what else it was doing to somebody else.
    """

    def end() -> None:
        log.error("A picture took over %s seconds: this worker ends, to be started again.", seconds)
        os._exit(HUNG)

    clock = threading.Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
