"""The demo: the real bot in a simulated Discord, on a local page or as a story in the terminal.

simcord is the simulation; it is imported by the functions only, as it is an extra, and as the processes that paint
import this module too.
"""

import asyncio
import signal
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.config import Settings, load_settings
from bot.config.tables import DatabaseSettings
from bot.database import homes
from ml.errors import KoredareError


class DemoError(KoredareError):
    """The demo cannot begin; the message says why, and what to do."""


def play(*, out: Path, config: Path | None, home: Path | None) -> int:
    """Play the tour in the terminal, and save the pictures of the replies.

    Parameters
    ----------
    out
        A folder; made if it is missing.
    config
        The configuration; None: that of the data folder, if there is one.
    home
        The data folder, the demo's own; None: one that lasts as long as the tour.

    Returns
    -------
    int
        0 if the bot has learned what it was told, as its last answer shows; 1 if not, or if it was stopped.

    Raises
    ------
    DemoError
        simcord is missing, or a folder cannot be used.
    """
    with TemporaryDirectory(prefix="koredare-demo-") as temporary, _home(home or Path(temporary), config) as settings:
        from bot.demo import tour  # noqa: PLC0415

        _make(out)
        return _run(tour.play(out=out.resolve(), settings=settings), stopped=1)


def serve(*, port: int, config: Path | None, home: Path | None) -> int:
    """Serve the page until it is told to stop (Ctrl-C, SIGTERM); gives 0 then.

    Parameters
    ----------
    port
        0: any that is free.
    config
        As for `play`.
    home
        The data folder, the demo's own; None: one in the platform's cache folder, kept for the next time.

    Raises
    ------
    DemoError
        simcord is missing, the folder cannot be used, or the port is in use.
    """
    from bot.demo.preparation import lasting_home  # noqa: PLC0415

    with _home(home or lasting_home(), config) as settings:
        from bot.demo import serving  # noqa: PLC0415

        return _run(serving.serve(port=port, settings=settings), stopped=0)


@contextmanager
def _home(home: Path, config: Path | None) -> Generator[Settings]:
    """The settings of a data folder that the demo works in, with everything but its own lines sent to a file there."""
    from bot.demo.terminal import quiet  # noqa: PLC0415

    if find_spec("simcord") is None:
        raise DemoError("The demo needs simcord, the simulated Discord: pip install 'koredare[demo]'")
    settings = load_settings(config, home=home)
    # Its painted characters are nothing for the database of a bot.
    settings = settings.model_copy(update={"database": DatabaseSettings()})
    _make(settings.home)
    with homes.using(settings.home), quiet(settings.home / "demo.log"):
        yield settings


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(f"{folder} cannot be used: {error.strerror}. Choose another folder.") from error


def _run(work: Coroutine[Any, Any, int], *, stopped: int) -> int:
    """Run to the end, or until a signal asks to stop; whatever was begun is tidied up either way."""

    async def interruptible() -> int:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()

        def stop() -> None:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)  # a second one ends the process at once
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt by itself
                loop.add_signal_handler(number, stop)
        return await work

    try:
        return asyncio.run(interruptible())
    except (asyncio.CancelledError, KeyboardInterrupt):
        return stopped
