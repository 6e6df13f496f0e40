"""Packages that come with an extra, and what in the configuration asks for each."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from bot.config import Settings


class Package(NamedTuple):
    """A package, the extra that brings it, what needs it, and whether that is asked for."""

    name: str
    extra: str
    needed_by: str
    asked: Callable[[Settings], bool]


def _is_on_a_cluster(settings: Settings) -> bool:
    return settings.recognition.executor == "dask"


def _retrains_here(settings: Settings) -> bool:
    return not _is_on_a_cluster(settings)


def _has_a_server(settings: Settings) -> bool:
    return bool(settings.database.url)


def _has_a_store(settings: Settings) -> bool:
    return bool(settings.models.url)


def _is_onnx(settings: Settings) -> bool:
    return isinstance(settings.recognition.backbone, Path)


PACKAGES: Final = (
    Package("tensorflow", "train", "only retraining needs it", _retrains_here),
    Package("distributed", "dask", 'executor = "dask" needs it', _is_on_a_cluster),
    Package("psycopg", "postgres", "url under [database] needs it", _has_a_server),
    Package("fsspec", "store", "url under [models] needs it", _has_a_store),
    Package("onnxruntime", "onnx", "only a backbone in an ONNX file needs it", _is_onnx),
)


def findings(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Of each package that is asked for: whether it is there, and what to say of it."""
    for package in PACKAGES:
        if package.asked(settings):
            there = find_spec(package.name) is not None
            mend = f"is not installed: {package.needed_by}: pip install 'koredare[{package.extra}]'"
            yield there, f"{package.name} {'is installed' if there else mend}"
