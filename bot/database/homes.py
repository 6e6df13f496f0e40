"""A data folder: who uses it, and how what lies in it is replaced, all of it or nothing."""

import json
import os
import shutil
import sys
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock

from bot.database.errors import DatabaseError
from ml import files

_IN_USE: Final = ".in-use"
_BOT: Final = ".bot"
STAGED: Final = "restored"
"""What a restore is unpacked as, to be swept by that name."""
_PLAN: Final = ".replacing.json"


class HomeInUse(DatabaseError):
    """Somebody uses a data folder that was to be replaced."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} is in use: stop the bot, and whatever else of Koredare runs on it, then try again.")


class HomeHasBot(DatabaseError):
    """A bot runs on a data folder on which another was to."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"A bot runs on {home} already: stop it, or give this one a data folder of its own with --home."
        )


class HomeBeingReplaced(DatabaseError):
    """What lies in a data folder is being replaced just now."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} is being restored just now: start me again when that is done.")


class BrokenOff(DatabaseError):
    """A replacement that was decided and broken off cannot go on."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(
            f"A restore of {home} was broken off, and cannot go on ({why}): mend that, and start me again."
        )


@contextmanager
def using(home: Path) -> Generator[None]:
    """Use a data folder, beside others who do; it is made if it is missing.

    Raises
    ------
    HomeBeingReplaced
        It is being replaced.
    OSError
        It cannot be made or written.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / _IN_USE, "shared") as mine:
        if not mine:
            raise HomeBeingReplaced(home)
        _sweep(home)
        yield


def _sweep(home: Path) -> None:
    """Remove what commands that were killed left: it is all that is known once more, and nobody is forgotten there."""
    files.sweep_scratch(home)
    if not decided(home) and sys.platform != "win32":
        files.sweep(home / STAGED)  # nobody restores: we use it, which on Windows nobody is told


@contextmanager
def running(home: Path) -> Generator[None]:
    """Use a data folder as a bot that runs on Discord: its notes there are of one process.

    Raises
    ------
    HomeHasBot
        Another does.
    HomeBeingReplaced, OSError
        As `using`.
    """
    with using(home), _locked(home / _BOT, "exclusive") as mine:
        if not mine:
            raise HomeHasBot(home)
        yield


@contextmanager
def alone(home: Path) -> Generator[None]:
    """Have a data folder for oneself; made if it is missing.

    Raises
    ------
    HomeInUse
        Somebody uses it.
    OSError
        It cannot be made or written.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / _IN_USE, "exclusive") as mine:
        if not mine:
            raise HomeInUse(home)
        yield


@contextmanager
def _locked(file: Path, how: Literal["shared", "exclusive"]) -> Generator[bool]:
    """Whether the lock was to be had; it goes with the process, however that ends."""
    if sys.platform == "win32":  # which lets nobody rename what somebody has open
        yield True
        return
    import fcntl  # noqa: PLC0415  where there is one

    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if how == "shared" else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            mine = True
        except BlockingIOError:
            mine = False
        yield mine
    finally:
        os.close(handle)


def replace(home: Path, staged: Path, aside: Path, *, goes: Collection[str]) -> None:
    """Put all that lies in a folder into a home, and what was there aside; killed at any moment, `finish` goes on.

    Parameters
    ----------
    staged
        A folder in the home; everything in it comes.
    aside
        Where in the home to put what goes; not there yet.
    goes
        Names of what is no longer to lie in the home, if it does.
    """
    files.sync(staged)
    comes = sorted(path.name for path in staged.iterdir())
    plan = {"staged": staged.name, "aside": aside.name, "comes": comes, "goes": sorted({*goes, *comes})}
    with files.written_whole(home / _PLAN) as written:
        written.write_text(json.dumps(plan), encoding="utf-8")
    finish(home)


def decided(home: Path) -> bool:
    """Whether a replacement was decided and is not finished."""
    return os.path.lexists(home / _PLAN)


def finish(home: Path) -> None:
    """Go on with a replacement that was decided and then broken off; mostly there is none.

    Whoever opens a home's database goes through here first, so nobody sees a part of it.

    Raises
    ------
    BrokenOff
        It cannot go on; what it was going to do is written down still.
    """
    if not decided(home):
        return
    try:
        with FileLock(home / ".replacing"):
            if decided(home):  # else somebody else has finished it
                _carry_out(home)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenOff(home, str(error)) from error


def _carry_out(home: Path) -> None:
    plan = json.loads((home / _PLAN).read_text(encoding="utf-8"))
    staged, aside = home / plan["staged"], home / plan["aside"]
    aside.mkdir(exist_ok=True)
    for name in plan["goes"]:
        comes = name in plan["comes"]
        if comes and not os.path.lexists(staged / name):
            continue  # it has come
        if os.path.lexists(home / name):
            (home / name).rename(aside / name)
        if comes:
            (staged / name).rename(home / name)
    for folder in (aside, home):
        files.sync_one(folder)
    (home / _PLAN).unlink()
    shutil.rmtree(staged, ignore_errors=True)
