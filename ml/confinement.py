"""How a process is kept in its place: at low priority, within its memory, and no longer than its parent."""

import importlib
import os
import sys
import threading
from pathlib import Path
from typing import Any

OUTLIVED = 75  # the exit code of one whose parent is gone: BSD's EX_TEMPFAIL, try again


def confine(*, megabytes: int) -> None:
    """Confine this process, which trains; call it before anything heavy is imported.

    Priority and memory are bounded where the platform can: the priority by POSIX (on Windows who starts it sees to
    it), the memory by Linux alone, where `MemoryError` or the end of the process follows. On all of them the process
    ends when its standard input does, which its parent must hold open, and which the operating system closes when
    the parent is killed.
    """
    if sys.platform != "win32":
        os.nice(10)
    bound_memory(megabytes)
    threading.Thread(target=_end_with_the_parent, name="parent", daemon=True).start()


def bound_memory(megabytes: int) -> None:
    """Let this process take no more memory than that, on Linux: `MemoryError` or the end of the process follows."""
    if sys.platform == "linux":
        resource: Any = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, megabytes * 2**20))


def memory_taken() -> int:
    """Megabytes of this process that count against `bound_memory`; 0 where it does not bound."""
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text().split()[5])  # data and stack, proc(5)
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _end_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(OUTLIVED)  # at once: the staging folder is swept by the next retraining
