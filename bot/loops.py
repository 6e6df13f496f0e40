"""What the bot does again and again in the background: one time may fail, and the next comes all the same."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeAlias, TypeVar

from discord.ext import commands, tasks

from ml.errors import KoredareError

log = logging.getLogger(__name__)

C = TypeVar("C", bound=commands.Cog)
Once: TypeAlias = Callable[[C], Coroutine[Any, Any, None]]


def every(*, hours: float = 0, minutes: float = 0) -> Callable[[Callable[[C], Awaitable[None]]], "tasks.Loop[Once[C]]"]:
    """Make a method of a cog a loop in the background, to be started and cancelled with the cog.

    Of itself a loop of `discord.ext.tasks` ends for good at the first error, and nothing says so.

    Examples
    --------
    >>> class Cleaning(commands.Cog):
    ...     @every(hours=24)
    ...     async def sweep(self) -> None: ...
    """

    def looping(work: Callable[[C], Awaitable[None]]) -> "tasks.Loop[Once[C]]":
        @wraps(work)
        async def once(cog: C) -> None:
            with outliving(work.__qualname__):
                await work(cog)

        return tasks.loop(hours=hours, minutes=minutes)(once)

    return looping


class Schedule:
    """Loops that one process alone runs, of all that share a database.

    Attributes
    ----------
    mine
        Whether that is this one, just now.
    """

    def __init__(self) -> None:
        self.mine = False
        self._loops: list[tasks.Loop[Any]] = []

    def add(self, loop: "tasks.Loop[Any]") -> None:
        """Have a loop run for as long as the schedule is ours; each time that we take it the loop begins at once."""
        self._loops.append(loop)
        if self.mine:
            loop.start()

    def remove(self, loop: "tasks.Loop[Any]") -> None:
        """End a loop for good."""
        if loop in self._loops:
            self._loops.remove(loop)
        loop.cancel()

    def take(self) -> None:
        """It is ours from now on."""
        self.mine = True
        for loop in self._loops:
            loop.start()

    async def give_up(self) -> None:
        """It is not ours any more; nothing of it is under way when this returns."""
        self.mine = False
        under_way = [task for loop in self._loops if (task := loop.get_task()) is not None and not task.done()]
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


@contextmanager
def outliving(what: str) -> Generator[None]:
    """Let whatever goes wrong in the block end the block alone, with a line in the log that says what it was."""
    try:
        yield
    except KoredareError as error:
        log.warning("%s: %s", what, error)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise  # we are told to stop
        log.exception("%s was broken off", what)  # something that was waited for was
    except Exception:
        log.exception("%s failed", what)
