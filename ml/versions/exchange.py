"""A model version as one file, to be carried to another machine."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from ml import files
from ml.archives import Archive
from ml.arrays import DAMAGED, Floats
from ml.errors import KoredareError
from ml.naming.classifier import Classifier
from ml.naming.names import LONGEST, fold, is_own_word, tidy
from ml.versions.version import CLASSIFIER, DESCRIPTION, ModelVersion, described

_SUMS = "sha256.json"
# Not the list of examples: its ids mean nothing elsewhere.
_CARRIED = (CLASSIFIER, DESCRIPTION)
_CHARTS = {"confusion.png", "changes.png"}  # what an earlier Koredare carried beside them
_LARGEST = 64 * 2**20  # bytes of a classifier, unpacked: 30,000 characters
_LONGEST = 8 * 2**20  # bytes of a description
# The arrays of a classifier: kind and dimensions.
_ARRAYS: Final = {"names": ("U", 0), "weights": ("f", 2), "bias": ("f", 1), "crowd": ("f", 2), "calibration": ("f", 1)}
_LARGEST_CROWD = 4096  # strangers, with all of whom each face is compared; ours are 512
_NAMED = 0.2  # of strangers, at most, by a version that is of any use; ours name one in fifty
_RATIO = 100  # times that a version is larger than its file, at most: numbers hardly shrink, what was measured does


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
        with files.new_file(file) as aside, zipfile.ZipFile(aside, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_SUMS, json.dumps(sums))
            for name, data in parts.items():
                archive.writestr(name, data)
    except OSError as error:
        raise ExchangeError(f"{version.name} cannot be written to {file}: {error.strerror}.") from error


def take(file: Path) -> bytes:
    """What is in a file that should hold an exported version, to be unpacked where memory is bounded.

    Raises
    ------
    ExchangeError
        It is not there, cannot be read, or is too large for one.
    """
    try:
        return files.contents(file, most=_LARGEST)
    except files.FileTooLarge as error:
        raise ExchangeError(f"{file} is too large to be an exported version.") from error
    except FileNotFoundError as error:
        raise ExchangeError(f"There is no file {file}.") from error
    except OSError as error:
        raise ExchangeError(f"{file} cannot be read: {error.strerror}.") from error


def unpack(data: bytes, *, called: str, embedder: str, dimensions: int, strangers: Floats) -> dict[str, bytes]:
    """Check an exported version, and try it; gives its parts by the names of their files, to be published.

    Anybody may have made it: call this where memory is bounded. That its sums fit is no proof of anything.

    Parameters
    ----------
    called
        The name of the file, for people.
    embedder, dimensions
        The fingerprint of the embedder in use here, and how many numbers it gives of a face: a version reads the
        embeddings of one embedder only.
    strangers
        Embeddings of faces that no version knows, shape (n, dimensions), on which it is tried.

    Raises
    ------
    ExchangeError
        It is not an exported version, is damaged, was made with another embedder, or names strangers.
    """
    try:
        archive = Archive(
            io.BytesIO(data), most_parts=len(_CARRIED) + len(_CHARTS) + 1, most_bytes=_RATIO * len(data) + 2**20
        )
        sums = cast("dict[str, str]", json.loads(archive.read(_SUMS, most=2**16)))
        if not set(_CARRIED) <= sums.keys() <= {*_CARRIED, *_CHARTS}:
            raise ValueError(f"it holds {sorted(sums)[:9]!a}")
        parts = {name: archive.read(name, most=_LARGEST if name == CLASSIFIER else _LONGEST) for name in _CARRIED}
        for name, part in parts.items():
            if hashlib.sha256(part).hexdigest() != sums[name]:
                raise ValueError(f"{name} was altered")
        made_with = described(parts[DESCRIPTION]).embedder
        if re.fullmatch(r"[0-9a-f]{64}", made_with) is None:
            raise ValueError("its embedder is none")
        if made_with == embedder:
            _check(_arrays(parts[CLASSIFIER]), dimensions)
            _try(parts[CLASSIFIER], strangers)
    except (*DAMAGED, KoredareError) as error:
        raise ExchangeError(
            f"{called} is not a version that I can take ({error}). Export it again with `koredare model export`."
        ) from error
    if made_with != embedder:
        raise ExchangeError(
            f"{called} was made with the embedder {made_with[:12]}, and here {embedder[:12]} is in use: its names "
            "would be wrong. Export one that was trained with the same embedder, or import the pictures and retrain."
        )
    return parts


def _arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a classifier, itself a ZIP; of each no more than it holds is taken."""
    archive = Archive(io.BytesIO(data), most_parts=len(_ARRAYS), most_bytes=_LARGEST)
    if "crowd.npy" not in archive.names:
        raise ValueError("it was trained by an older Koredare")
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, (kind, dimensions) in _ARRAYS.items():
        file = io.BytesIO(archive.read(f"{name}.npy", most=_LARGEST))
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        if (array.dtype.kind, array.ndim) != (kind, dimensions):
            raise ValueError(f"its {name} are none")
        arrays[name] = array
    return arrays


def _check(arrays: Mapping[str, npt.NDArray[Any]], dimensions: int) -> None:
    """Whether the arrays are what a classifier of this embedder has."""
    for name in ("weights", "bias", "crowd", "calibration"):
        with np.errstate(over="ignore"):
            kept = arrays[name].astype(np.float32)  # as the classifier reads it: 1e300 is endless then
        if not np.isfinite(kept).all():
            raise ValueError(f"its {name} are not all numbers")
    names: object = json.loads(str(arrays["names"]))
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in cast("list[Any]", names)):
        raise ValueError("it has no names")
    for name in cast("list[str]", names):
        if name != tidy(name) or not fold(name) or len(name) > LONGEST or is_own_word(name):
            raise ValueError(f"{name[:LONGEST]!a} is no name")
    count = len(set(cast("list[str]", names)))
    if count < len(cast("list[str]", names)):
        raise ValueError("a name comes twice in it")
    wanted = {"weights": (dimensions, count), "bias": (count,), "calibration": (2,)}
    for name, shape in wanted.items():
        if arrays[name].shape != shape:
            raise ValueError(f"its {name} are {arrays[name].shape}, not {shape}")
    if arrays["crowd"].shape[1] != dimensions:
        raise ValueError(f"its crowd is of {arrays['crowd'].shape[1]} dimensions, not {dimensions}")
    if len(arrays["crowd"]) > _LARGEST_CROWD:
        raise ValueError(f"its crowd is of {len(arrays['crowd'])} strangers, not up to {_LARGEST_CROWD}")
    if not 0 < arrays["calibration"][1] <= 1:
        raise ValueError("its threshold is none")


def _try(classifier_file: bytes, strangers: Floats) -> None:
    """Whether a classifier answers as one does: with probabilities, and not with a name for everybody."""
    with TemporaryDirectory(prefix=".koredare-") as folder:
        path = Path(folder) / CLASSIFIER
        path.write_bytes(classifier_file)
        classifier = Classifier.load(path)
    if classifier is None or not len(strangers):
        return
    probabilities = classifier.probabilities(strangers)
    if not (np.isfinite(probabilities).all() and probabilities.min() >= 0 and probabilities.sum(axis=1).max() < 1.001):
        raise ValueError("what it says of a face are no probabilities")
    named = float((probabilities.max(axis=1) >= classifier.calibration.threshold).mean())
    if named > _NAMED:
        raise ValueError(f"it has a name for {named:.0%} of strangers")
