"""What the command line prints, wherever that goes: a terminal, a file, another program, in whatever encoding."""

import io
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import typer

from bot.logs import on_a_line
from ml.measuring.scores import Score


def print_anything() -> None:
    """Let no sign end a command that a terminal or a file cannot show or tell: it is spelled out, as `\\u68a8`."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print what a command found, at once; a name in it, which may be anybody's, moves no terminal."""
    sys.stdout.write("".join(f"{on_a_line(line)}\n" for line in text.split("\n")))
    sys.stdout.flush()


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON that stays JSON in any encoding; names are legible where it has all signs."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    # A name of a file that is no UTF-8 holds halves of signs; spelled out by `print_anything` they are JSON's own.
    text = json.dumps(value, ensure_ascii=not unicode, indent=indent)
    return re.sub("[\x7f-\x9f]", lambda sign: f"\\u{ord(sign[0]):04x}", text)  # terminals heed them


def share(score: Score) -> str:
    """A share as people read it: in percent with its 95 % interval, or, of a few, as so many of so many."""
    if score.rate is None:
        return "none to measure"
    if score.few:
        return f"{score.right} of {score.total}"
    low, high = score.interval
    return f"{score.rate:.1%} of {score.total} ({low:.0%}..{high:.0%})"


def files_done() -> Callable[[int, int], None]:
    """A bar on stderr for a command's files: how many are done, and how long the others will take; a terminal's alone.

    Returns
    -------
    callable
        To be called with (files done, files) each time.
    """
    bars: list[Any] = []  # the one, once it is known how many files there are

    def show(done: int, total: int) -> None:
        if not bars:
            bar = typer.progressbar(
                length=total, label="files", show_pos=True, file=sys.stderr, hidden=not sys.stderr.isatty()
            )
            bars.append(bar)
        bars[0].update(done - bars[0].pos)
        if done == total:
            bars[0].render_finish()

    return show
