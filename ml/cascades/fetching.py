"""Getting a cascade that is not ours to ship: from a copy on this machine, or from its author's repository."""

import hashlib
import http.client
import time
import urllib.request
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ml.cascades.detector import CascadeError, read_cascade
from ml.cascades.finding import CLASSIC, FOLDER, CatalogueEntry, given, look_up
from ml.files import written_whole

_MOST_SECONDS: Final = 60.0
_PIECE: Final = 64 * 1024


class FetchFailed(CascadeError):
    """A cascade could not be fetched; nothing was changed on disk."""


def fetch(
    name: str = CLASSIC,
    *,
    destination: Path = FOLDER,
    source: str | None = None,
    timeout: float = 10.0,
    most_seconds: float = _MOST_SECONDS,
) -> Path:
    """Fetch a cascade, check its hash, and put it where it is looked for.

    Taken from the file that `KOREDARE_CASCADE` names, where that is there, else from the author's repository. Written
    aside and renamed: whatever goes wrong, the destination keeps what it had.

    Parameters
    ----------
    name
        As in the catalogue.
    destination
        Folder to put it into; made if it is not there.
    source
        Address to fetch from in place of the catalogue's.
    timeout
        Seconds that the other side may be silent.
    most_seconds
        Seconds that the whole download may take.

    Returns
    -------
    The path of the file.

    Raises
    ------
    FetchFailed
        Nobody answered, or with something else than this cascade; or the file could not be written.
    CascadeAltered
        What `KOREDARE_CASCADE` names is another file.
    CascadeMissing
        There is no cascade of that name.
    """
    entry = look_up(name)
    address = source or entry.source
    local = given() if name == CLASSIC else None
    if local is not None and local.is_file():
        data = read_cascade(local, sha256=entry.sha256)
    elif address is not None:
        data = _checked(_download(address, entry, timeout=timeout, most_seconds=most_seconds), entry, address)
    else:
        raise FetchFailed(f"{name} is part of Koredare and is not fetched: {FOLDER / entry.file}.")
    path = destination / entry.file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:
            aside.write_bytes(data)
    except OSError as error:
        raise FetchFailed(f"{path} cannot be written ({error.strerror}).") from error
    return path


def _download(address: str, entry: CatalogueEntry, *, timeout: float, most_seconds: float) -> bytes:
    deadline = time.monotonic() + most_seconds
    data = bytearray()
    try:
        if urlsplit(address).scheme not in {"https", "http"}:
            raise FetchFailed(f"{address} is not a web address.")
        request = urllib.request.Request(address, headers={"User-Agent": "koredare"})  # noqa: S310  # checked above
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310  # checked above
            while piece := response.read1(_PIECE):
                data += piece
                if len(data) > entry.size:
                    raise FetchFailed(f"{address} is longer than {entry.size:,} bytes: that is not {entry.file}.")
                if time.monotonic() > deadline:
                    raise FetchFailed(f"{address} did not arrive within {most_seconds:g} seconds.")
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise FetchFailed(f"{address} could not be fetched ({error}).") from error
    return bytes(data)


def _checked(data: bytes, entry: CatalogueEntry, address: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != entry.sha256:
        raise FetchFailed(
            f"{address} answered with another file than {entry.file} "
            f"(SHA-256 {entry.sha256[:12]}… expected, {found[:12]}… found)."
        )
    return data
