"""Files and folders that appear whole, or not at all.

What is written lies beside its place, under a name that begins with a dot, until it is synced and takes its place by
one rename. An error leaves what was there before and nothing beside it; of whoever is killed, `sweep` finds the rest.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


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
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(path: Path) -> Path:
    """A name for what will become `path`, or was it until now; nobody else has it, and `sweep` knows it."""
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")


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
