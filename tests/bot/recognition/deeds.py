"""What the tests of the pool have its workers do."""

import os
import signal
import time
from pathlib import Path

from ml import Recognizer


class Odd(Exception):
    """An error that Python cannot make again out of another process."""

    def __init__(self, *, why: str) -> None:
        super().__init__(f"odd, as {why}")


def nothing(_: Recognizer) -> int:
    """Do nothing; gives the process that did it."""
    return os.getpid()


def weigh(_: Recognizer, data: bytes) -> int:
    """The length of what was sent."""
    return len(data)


def die(_: Recognizer, diary: Path) -> None:
    """Die, as of the kernel's memory killer, and leave a line."""
    with diary.open("a") as written:
        written.write(f"{os.getpid()}\n")
    os.kill(os.getpid(), signal.SIGKILL)


def hang(_: Recognizer) -> None:
    """Do not come back."""
    while True:
        time.sleep(1)


def hang_once(_: Recognizer, diary: Path, data: bytes) -> int:
    """Do not come back, but for the second time; the diary has the process that does not."""
    if diary.exists():
        return len(data)
    diary.write_text(str(os.getpid()))
    hang(_)
    raise AssertionError


def fail(_: Recognizer, error: Exception) -> None:
    """Raise an error."""
    raise error


def fail_oddly(_: Recognizer) -> None:
    """Raise an error that cannot be sent."""
    raise Odd(why="nobody knows")


def give_what_cannot_be_sent(_: Recognizer) -> object:
    """Give back a function without a name."""
    return lambda: None


def fill(_: Recognizer, megabytes: int) -> int:
    """Take so much memory at once."""
    return len(bytearray(megabytes * 2**20))
