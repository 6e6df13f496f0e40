"""What the demo prints, and where everything else that would be printed goes."""

import logging
import os
import re
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_MARKDOWN = re.compile(r"\*\*|`|\\(?=\W)|^-# |^#+ ", re.MULTILINE)
_BESIDE = 12  # columns for who says it


def say(text: str = "") -> None:
    """Print a line, at once."""
    print(text, flush=True)


def beside(who: str, text: str) -> None:
    """Print what somebody says or does, their name beside it; Discord's markdown is taken out."""
    for number, line in enumerate(_MARKDOWN.sub("", text).splitlines()):
        say(f"{who if number == 0 else '':>{_BESIDE}}  {line}")


class Step:
    """One line that grows while something takes its time; only a terminal is shown the growing."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._started = time.perf_counter()
        self._grows = sys.stdout.isatty()
        self._show("…")

    def advance(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._show(f"{done} of {total}")

    def finish(self, result: str) -> None:
        """It is done, and this came of it."""
        text = f"{self._title}: {result} ({time.perf_counter() - self._started:.0f} s)"
        say(f"\r\033[K{text}" if self._grows else text)

    def _show(self, state: str) -> None:
        if self._grows:
            print(f"\r\033[K{self._title}: {state}", end="", flush=True)


@contextmanager
def quiet(log: Path) -> Generator[None]:
    """Send logs, and what libraries in other languages print, into a file instead of between the demo's lines."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    terminal = os.dup(2)
    level = logging.getLogger().level
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        logging.getLogger().setLevel(logging.INFO)
        yield
    finally:
        logging.getLogger().setLevel(level)
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
