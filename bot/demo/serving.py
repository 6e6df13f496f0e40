"""`koredare demo`: the page, from the preparation to Ctrl-C."""

import asyncio
import logging
import os
import socket
import sys
import webbrowser

from bot.config import Settings
from bot.demo import DemoError
from bot.demo.cog import Visitors
from bot.demo.page import dressed, keep_alive
from bot.demo.paintings import Gallery
from bot.demo.preparation import prepare
from bot.demo.scenes import Album, agree, begin, hang_up
from bot.demo.terminal import say
from bot.demo.world import opened

log = logging.getLogger(__name__)

BACKGROUND = frozenset({"retrain"})  # goes on while visitors do other things


async def serve(*, port: int, settings: Settings) -> int:
    """Prepare, let the bot in, and serve the page until it is closed; gives the exit code.

    Raises
    ------
    DemoError
        The folder is not the demo's own, or the port is in use.
    """
    _check(port)
    say("Koredare's demo: the real bot in a simulated Discord.")
    gallery = await prepare(settings)
    async with opened(settings, background=BACKGROUND, before=lambda world: hang_up(world, gallery)) as world:
        await world.bot.add_cog(Visitors(world.bot, Album(world, gallery).post))
        await world.bot.tree.sync()
        await begin(world)
        async with dressed(world, port=port) as preview:
            company = [asyncio.create_task(keep_alive(world, preview)), asyncio.create_task(agree(world))]
            for task in company:
                task.add_done_callback(_report)
            try:
                await _announce(preview.url, gallery, settings)
                await preview.wait_closed()
            finally:
                for task in company:
                    task.cancel()
    return 0


def _check(port: int) -> None:
    """Find out before the preparation, not after it."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise DemoError(
                f"Port {port} cannot be used: {error}. Choose another with --port, or leave --port out for one that "
                "is free."
            ) from error


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("The page goes on without %s", task.get_coro(), exc_info=error)


async def _announce(url: str, gallery: Gallery, settings: Settings) -> None:
    say(f"\n  {url}\n")
    # In a thread, as some browsers are waited for, and the page must answer them meanwhile.
    if _has_screen() and await asyncio.to_thread(webbrowser.open, url):
        say("This page is open in your browser now.")
    else:
        say("Open this address in a browser on this machine.")
    say(f"Pictures to show it, beside your own: {gallery.folder}")
    say(f"What you teach it stays in {settings.home}; delete that folder to begin anew. Ctrl-C ends the demo.")


def _has_screen() -> bool:
    """Whether somebody would see a browser: not over SSH, not in a script."""
    if not sys.stdout.isatty() or "SSH_CONNECTION" in os.environ:
        return False
    return not sys.platform.startswith("linux") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())
