"""What goes on in the background outlives whatever goes wrong in it."""

import asyncio
from typing import Any

import pytest
from discord.ext import tasks

from bot.client import Koredare
from bot.database.errors import DatabaseBusy
from tests.e2e.conftest import PoliteEnv

ALL = "[retraining]\nafter_corrections = 3\n[privacy]\nretention_days = 30\n"  # that begin only if somebody wants them


class Broken:
    """A bot of which nothing works."""

    def __init__(self, error: type[BaseException]) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


@pytest.mark.parametrize("more", [ALL])
@pytest.mark.parametrize("error", [DatabaseBusy, ConnectionError, ZeroDivisionError, asyncio.CancelledError])
async def test_every_loop_of_every_cog_goes_on_after_an_error_and_the_log_has_it(
    newborn_env: PoliteEnv, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(newborn_env.bot, Koredare)
    cogs: Any = newborn_env.bot.cogs
    loops = {
        f"{type(cog).__name__}.{name}": (cog, loop)
        for cog in cogs.values()
        for name, made in vars(type(cog)).items()
        if isinstance(made, tasks.Loop) and isinstance(loop := getattr(cog, name), tasks.Loop)
    }
    assert loops.keys() >= {"Training.look", "Retention.look", "Review.drop", "Privacy.scrub"}
    for _, loop in loops.values():
        assert loop.is_running(), "it is to begin with the bot"
        loop.change_interval(seconds=30)
    whole = [(cog, cog.bot) for cog, _ in loops.values()]
    for cog, _ in whole:
        cog.bot = Broken(error)
    rounds = {name: loop.current_loop for name, (_, loop) in loops.items()}
    for _, loop in loops.values():
        loop.restart()
    await newborn_env.advance_time(65)
    for cog, bot in whole:
        cog.bot = bot
    for name, (_, loop) in loops.items():
        assert loop.is_running(), f"{name} ended for good"
        assert loop.current_loop > rounds[name], f"{name} never came round again"
        assert name in caplog.text
    if error is not DatabaseBusy:
        assert error.__name__ in caplog.text
