"""What the log looks like: a line for each thing that happened, ours and the libraries', as text or JSON.

Everybody logs with `logging`; structlog gives the lines their form, and adds what they are about.
"""

import logging
import os
import re
import sys
import threading
from contextlib import suppress
from queue import SimpleQueue
from threading import Event
from typing import Any, Final, Literal, TextIO, TypeAlias

import structlog
from structlog.typing import EventDict, Processor

Level: TypeAlias = Literal["debug", "info", "warning", "error"]
Format: TypeAlias = Literal["text", "json"]

# Below "info" discord.py writes down what it sends and gets: everybody's words, of which the log holds none.
_OURS: Final = ("bot", "ml")
_QUIET: Final = {"alembic": logging.WARNING, "aiohttp.access": logging.WARNING}
# Signs that end a line, move the cursor or turn the direction of writing.
_MOVING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HELD: Final = 10_000  # lines that wait to be written
_PATIENCE: Final = 2.0  # seconds that the end of a process waits for them
_KNOWN: Final = ("timestamp", "level", "logger", "event", "exception", "stack")


class _Aside(logging.Handler):
    """Writes lines in a thread of its own: who reads them may stall, a stopped terminal or a full pipe; a bot must not.

    Of what is not read thousands of lines are held; those that follow are lost, and counted.
    """

    def __init__(self, to: TextIO) -> None:
        super().__init__()
        self._to = to
        self._said = SimpleQueue[str | Event]()
        self._lost = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        if self._said.qsize() >= _HELD:
            self._lost += 1
            return
        if self._lost:
            told = f"{self._lost} lines of the log were lost here, as nobody read it."
            self._lost = 0
            self._said.put(self.format(logging.LogRecord(__name__, logging.WARNING, "", 0, told, (), None)))
        self._said.put(self.format(record))

    def flush(self) -> None:
        """Wait until what was said so far is written, if that does not take long."""
        written = Event()
        self._said.put(written)
        written.wait(_PATIENCE)

    def _write(self) -> None:
        while True:
            said = self._said.get()
            if isinstance(said, Event):
                said.set()
                continue
            rest = f"{said}\n".encode(self._to.encoding, "backslashreplace")
            with suppress(OSError, ValueError):  # a full disk, or nobody there any more: there is nowhere to say so
                while rest:  # past the stream, whose lock we would hold while we wait, and the process could not end
                    rest = rest[os.write(self._to.fileno(), rest) :]


def begin(*, level: Level = "info", form: Format = "text", to: TextIO | None = None, waiting: bool = True) -> None:
    """Have all of this process's logs written so from now on, to stderr if nothing else is said.

    `waiting`: whoever logs waits until it is written; a bot does not.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True) if form == "json" else _local_time,
    ]
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=True) if form == "json" else _line
    stream = to or sys.stderr
    handler = logging.StreamHandler(stream) if waiting else _Aside(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    root = logging.getLogger()
    for before in [each for each in root.handlers if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)]:
        root.removeHandler(before)
    root.addHandler(handler)
    chosen = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(chosen, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(chosen)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(chosen, least))


def about(**ids: int | str | None) -> None:
    """Have every further line of this task, and of the tasks that it starts, say what it is about.

    Examples
    --------
    >>> about(picture=1290000000000000001)
    """
    structlog.contextvars.bind_contextvars(**{name: value for name, value in ids.items() if value is not None})


def on_a_line(text: object) -> str:
    """What may be anybody's, as the name of a file is, with all spelled out that would move a terminal or begin a line.

    Examples
    --------
    >>> on_a_line("梨子\\n\\x1b[2J.png")
    '梨子\\\\n\\\\x1b[2J.png'
    """
    return _MOVING.sub(lambda sign: sign[0].encode("unicode_escape").decode(), str(text))


def _local_time(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """As the log has always had it: the machine's time, to the second."""
    record: logging.LogRecord = event["_record"]
    event["timestamp"] = logging.Formatter().formatTime(record)
    return event


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    """One line; whatever else belongs to it is set in, so that nobody's name can begin a line that looks like ours."""
    ids = "".join(f" {name}={value}" for name, value in event.items() if name not in _KNOWN)
    head = f"{event['timestamp']} {str(event['level']).upper()} {event['logger']}: {event['event']}"
    more = [str(event[name]) for name in ("exception", "stack") if event.get(name)]
    first, *others = head.split("\n")
    return "\n".join(on_a_line(each) for each in [first + ids, *(f"    {line}" for line in _lines(others, more))])


def _lines(others: list[str], more: list[str]) -> list[str]:
    return [*others, *(line for text in more for line in text.split("\n"))]
