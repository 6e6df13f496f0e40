"""Files and folders that appear whole, or not at all.

What is written lies beside its place, under a name that begins with a dot, until it is synced and takes its place by
one rename. An error leaves what was there before and nothing beside it; of whoever is killed, `sweep` finds the rest.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Final

_SCRATCH: Final = ".koredare-scratch-"
_SPECIAL: Final = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class FileTooLarge(OSError):
    """A file has more bytes than are read; `size` is how many."""

    def __init__(self, path: Path, size: int, most: int) -> None:
        """Take what it has and what is read at most, in bytes."""
        said = f"It has {size / 2**20:.1f} MB, and {most / 2**20:.0f} MB are read at most"
        super().__init__(errno.EFBIG, said, str(path))
        self.size = size


def check_ordinary(path: Path) -> None:
    """Refuse what is no file: a named pipe, a socket or a device may never end, or never begin.

    Raises
    ------
    OSError
        It is not there, out of reach, a folder, or such a thing; `strerror` says which.
    """
    if stat.S_ISREG(mode := path.stat().st_mode):
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, f"It is {_SPECIAL.get(stat.S_IFMT(mode), 'a special file')}", str(path))


def contents(path: Path, *, most: int) -> bytes:
    """The bytes of a file, of which so many are read at most; of a larger one, none is.

    Raises
    ------
    FileTooLarge
        It has more.
    OSError
        It cannot be read, or is no file, as `check_ordinary`.
    """
    check_ordinary(path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > most else file.read(size + 1)  # one that grows meanwhile is not whole either
    if (size := max(size, len(data))) > most:
        raise FileTooLarge(path, size, most)
    return data


@contextmanager
def written_whole(path: Path) -> Generator[Path]:
    """Where to write a file, nothing being there yet; it replaces `path` at the end, in an existing folder.

    A reader finds the old file or the new one, never a part of it.
    """
    aside = beside(path)
    try:
        yield aside
        put(aside, path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def new_file(path: Path) -> Generator[Path]:
    """As `written_whole`, but nothing that is there is replaced, not even a link that leads nowhere.

    Raises
    ------
    FileExistsError
        There is something of that name, or was put there meanwhile.
    """
    _refuse_taken(path)
    aside = beside(path)
    try:
        yield aside
        put_new(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def put_new(aside: Path, path: Path) -> None:
    """Sync a file, and have it be `path` too, on the same disk; raises as `new_file`."""
    sync(aside)
    try:
        os.link(aside, path)  # which replaces nothing, whoever else writes just then
    except OSError:  # or a disk that knows no links
        _refuse_taken(path)
        aside.replace(path)
    sync_one(path.parent)


def _refuse_taken(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, "it exists already", str(path))


def write_beside(wanted: Path, data: bytes) -> Path:
    """Write a file under a name that is free: the one wanted, else the first with a number; gives it.

    Raises
    ------
    OSError
        It cannot be written; nothing is left of it.
    """
    numbered = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))
    for path in chain([wanted], numbered):
        try:
            with new_file(path) as aside:
                aside.write_bytes(data)
        except FileExistsError:
            continue
        return path
    raise AssertionError("numbers do not end")


@contextmanager
def folder_whole(path: Path) -> Generator[Path]:
    """An empty folder to fill, which becomes `path` at the end; there may be an empty folder, in an existing one."""
    aside = beside(path)
    aside.mkdir()
    try:
        yield aside
        if path.exists():
            path.rmdir()  # fails if somebody put something there meanwhile
        put(aside, path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def printable(name: str) -> str:
    """A file's name as it can be written down: of one that is not UTF-8, the bytes that are not are spelled out."""
    return name.encode("utf-8", "backslashreplace").decode()


def for_owner(path: Path) -> None:
    """Let nobody but its owner read or write a file that is there; where systems know no such thing, change nothing."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    check_ordinary(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(path: Path) -> Path:
    """A name for what will become `path`, or was it until now; nobody else has it, and `sweep` knows it."""
    return path.with_name(f".{_short(path)}-{secrets.token_hex(4)}.part")


def _short(path: Path) -> str:
    """Of a file's name as much as leaves room for more; systems allow 255 bytes, four of them for a sign."""
    return path.name[:50]


@contextmanager
def scratch(folder: Path) -> Generator[Path]:
    """An empty folder in another, for who begins it alone; it is gone afterwards.

    What is left of those whose process was killed is removed first.
    """
    sweep_scratch(folder)
    made = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}new-", dir=folder))
    handle = _held(made)
    try:
        # Only now it has a name by which it is taken for left behind, if nobody holds it.
        made = made.rename(made.with_name(f"{_SCRATCH}{secrets.token_hex(8)}"))
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def sweep_scratch(folder: Path) -> None:
    """Remove what processes that were killed left of their `scratch` in a folder."""
    for left in folder.glob(f"{_SCRATCH}*"):
        if re.fullmatch(r"[0-9a-f]{16}", left.name.removeprefix(_SCRATCH)) and (handle := _held(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)


def _held(folder: Path) -> int | None:
    """What holds a folder until it is closed, or its process ends; None: somebody else does, or it cannot be told."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415  where there is one

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def put(aside: Path, path: Path) -> None:
    """Sync a file or a folder, and rename it: over a file, or where no folder is."""
    sync(aside)
    aside.replace(path)
    sync_one(path.parent)


def sync(path: Path) -> None:
    """Have a file, or a folder with all that is in it, on the disk for good."""
    for folder, _, names in os.walk(path):
        for name in names:
            sync_one(Path(folder, name))
        sync_one(Path(folder))
    if path.is_file():
        sync_one(path)


def sweep(path: Path) -> None:
    """Remove what processes left that were killed while they wrote `path`; only while nobody else writes it."""
    left = re.compile(rf"\.{re.escape(path.name)}-\w{{8}}(\.part)?")
    for each in path.parent.glob(".*"):
        if left.fullmatch(each.name):
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)


def sync_one(path: Path) -> None:
    """Have a file, or that which a folder lists, on the disk for good."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; its renames are journaled
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
