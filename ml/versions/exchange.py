"""A model version as one file, to be carried to another machine."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any, cast

from ml import files
from ml.archives import Archive
from ml.errors import KoredareError
from ml.naming.classifier import Classifier
from ml.versions.version import CLASSIFIER, DESCRIPTION, ModelVersion

_SUMS = "sha256.json"
# Not the list of examples: its ids mean nothing elsewhere.
_CARRIED = (CLASSIFIER, DESCRIPTION)
_CHARTS = {"confusion.png", "changes.png"}  # what an earlier Koredare carried beside them
_LARGEST = 512 * 2**20  # bytes of one file inside: 100,000 characters
_ARRAYS = 5  # of a classifier
_RATIO = 100  # times that a version is larger than its file, at most: numbers hardly shrink, what was measured does
# What files that somebody made up raise on their way through `Archive`, json and the classifier.
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, KoredareError)


class ExchangeError(KoredareError):
    """A version cannot be written to that file, or the file is none, is damaged, or does not fit here."""


def export(version: ModelVersion, file: Path) -> None:
    """Write a version into one file, a ZIP with the SHA-256 of each of its parts.

    Raises
    ------
    ExchangeError
        The file exists already or cannot be written.
    """
    parts = {name: (version.folder / name).read_bytes() for name in _CARRIED if (version.folder / name).is_file()}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    try:
        if file.exists():
            raise FileExistsError(17, "it exists already")
        with files.written_whole(file) as aside, zipfile.ZipFile(aside, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_SUMS, json.dumps(sums))
            for name, data in parts.items():
                archive.writestr(name, data)
    except OSError as error:
        raise ExchangeError(f"{version.name} cannot be written to {file}: {error.strerror}.") from error


def unpack(file: Path, folder: Path, *, embedder: str) -> None:
    """Check an exported version and put its parts into an empty folder, to be published.

    Parameters
    ----------
    embedder
        The fingerprint of the embedder in use here: a version reads the embeddings of one embedder only.

    Raises
    ------
    ExchangeError
        The file cannot be read, is not an exported version, is damaged, or was made with another embedder.
    """
    try:
        with file.open("rb") as opened:
            most_bytes = _RATIO * file.stat().st_size + 2**20
            archive = Archive(opened, most_parts=len(_CARRIED) + len(_CHARTS) + 1, most_bytes=most_bytes)
            sums = cast("dict[str, str]", json.loads(archive.read(_SUMS, most=2**16)))
            if not set(_CARRIED) <= sums.keys() <= {*_CARRIED, *_CHARTS}:
                raise ValueError(f"it holds {', '.join(sorted(sums))}")
            for name in _CARRIED:
                expected = sums[name]
                data = archive.read(name, most=_LARGEST)
                if hashlib.sha256(data).hexdigest() != expected:
                    raise ValueError(f"{name} was altered")
                (folder / name).write_bytes(data)
        description = cast("dict[str, Any]", json.loads((folder / DESCRIPTION).read_text(encoding="utf-8")))
        made_with = str(description["embedder"])
        with (folder / CLASSIFIER).open("rb") as opened:  # itself a ZIP, of arrays
            Archive(opened, most_parts=_ARRAYS, most_bytes=_LARGEST)
        if Classifier.load(folder / CLASSIFIER) is None:
            raise ValueError("it was trained by an older Koredare")
    except FileNotFoundError as error:
        raise ExchangeError(f"There is no file {file}.") from error
    except _BROKEN as error:
        raise ExchangeError(
            f"{file} is not a version that I can take ({error}). Export it again with `koredare model export`."
        ) from error
    if made_with != embedder:
        raise ExchangeError(
            f"{file} was made with the embedder {made_with[:12]}, and here {embedder[:12]} is in use: its names would "
            "be wrong. Export one that was trained with the same embedder, or import the pictures and retrain."
        )
