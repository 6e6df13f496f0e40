"""A simulated Discord: the real bot, a channel, two members and a moderator."""

import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

from bot.client import Koredare, create_bot
from bot.config import load_settings
from bot.recognition import processes
from ml.errors import KoredareError
from tests import databases

CONFIG = """
[recognition]
workers = 1
seconds = 600  # of a picture: slow machines pass the tests too
"""
PATIENCE = 1200.0  # seconds until what hangs is given up; no test waits for it


@dataclass
class Discord:
    """One server with our bot in it.

    `ann` and `ben` are members, `mod` may manage the server; `pictures` is watched, `general` is not.
    """

    env: Env
    home: Path
    guild_id: int
    pictures: ChannelHandle
    general: ChannelHandle
    ann: MemberActor
    ben: MemberActor
    mod: MemberActor

    @property
    def bot(self) -> Koredare:
        assert isinstance(self.env.bot, Koredare)
        return self.env.bot

    @property
    def mention(self) -> str:
        """How people mention the bot."""
        assert self.bot.user is not None
        return f"<@{self.bot.user.id}>"

    async def post(self, who: MemberActor, data: bytes, *, name: str = "picture.png") -> discord.Message:
        """Post a picture in the watched channel; gives the last message after the bot is done."""
        await who.send(self.pictures, attachments=[(name, data)])
        return self.last()

    def last(self, channel: ChannelHandle | None = None) -> discord.Message:
        """The newest message of a channel."""
        message = (channel or self.pictures).last_message
        assert message is not None
        return message

    def again(self, message: discord.Message) -> discord.Message:
        """A message as it is now."""
        return next(each for each in self.pictures.history() if each.id == message.id)

    async def agree(self, poster: MemberActor) -> None:
        """Press yes below the newest question for consent."""
        asked = [m for m in self.pictures.history() if "may I keep" in m.content]
        await poster.click(asked[-1], label="Yes, learn from them")

    async def restart(self) -> None:
        """Stop the bot, and start another on the same data."""
        await self.bot.close()
        await self.env.restart_bot(create_bot(load_settings(home=self.home)))


class PoliteEnv(Env):
    """Forgets errors that the bot has answered in words; all others fail the test at its end."""

    def _record_error(self, error: BaseException) -> None:
        inner = error
        while isinstance(deeper := getattr(inner, "original", None), Exception):
            inner = deeper
        refused = commands.CheckFailure | commands.CommandOnCooldown | app_commands.CheckFailure
        answered = KoredareError | commands.UserInputError | refused
        if not isinstance(inner, answered):
            super()._record_error(error)


@asynccontextmanager
async def running(home: Path, *, more: str = "", intents: discord.Intents | None = None) -> AsyncGenerator[PoliteEnv]:
    """A bot on a data folder, in a simulated Discord; raises at the end what it stumbled over.

    `more` is added to its configuration; `intents`: those that Discord lets it have, all if None.
    """
    (home / "config.toml").write_text(databases.configuration(home) + CONFIG + more)
    bot = create_bot(load_settings(home=home))
    env = PoliteEnv(bot, shard_count=bot.shard_count or 1, settle_timeout=PATIENCE, approved_intents=intents)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()
        await cast("Koredare", env.bot).close()
    env.raise_errors()
    # All that stands below messages is found by its id: what is held of it would be until the bot is stopped.
    assert cast("Koredare", env.bot)._connection._view_store._views == {}


async def furnish(env: PoliteEnv, home: Path, *, locale: str = "en-US") -> Discord:
    """Make the server, its channels and its people; one channel is watched."""
    guild = env.create_guild("Anime club", preferred_locale=locale)
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    made = Discord(
        env,
        home,
        guild.id,
        pictures=guild.create_text_channel("pictures"),
        general=guild.create_text_channel("general"),
        ann=guild.add_member(env.create_user("ann")),
        ben=guild.add_member(env.create_user("ben")),
        mod=guild.add_member(env.create_user("mod"), roles=[moderators]),
    )
    await made.mod.send(made.pictures, "!watch")
    return made


@pytest.fixture(scope="package", autouse=True)
def _workers_begin_at_once() -> Iterator[None]:
    """Have workers forked by a process that has imported what they need; everywhere else they are begun as always."""
    spawn = processes._spawn
    if sys.platform != "win32":
        forking = get_context("forkserver")
        forking.set_forkserver_preload(["bot.recognition.worker"])
        processes._spawn = forking
    yield
    processes._spawn = spawn


# What a module has otherwise it says by fixtures of the same name, and a test by `parametrize`.
@pytest.fixture
def more() -> str:
    """What is added to the bot's configuration."""
    return ""


# The environment is a fixture of its own: simcord's plugin gives the test its clock by it.
@pytest.fixture
async def trained_env(trained_home: Path, more: str) -> AsyncGenerator[PoliteEnv]:
    async with running(trained_home, more=more) as env:
        yield env


@pytest.fixture
async def newborn_env(tmp_path: Path, more: str) -> AsyncGenerator[PoliteEnv]:
    async with running(tmp_path, more=more) as env:
        yield env


@pytest.fixture
async def club(trained_env: PoliteEnv, trained_home: Path) -> Discord:
    """A Discord whose bot knows the characters of the gallery."""
    return await furnish(trained_env, trained_home)


@pytest.fixture
async def newborn(newborn_env: PoliteEnv, tmp_path: Path) -> Discord:
    """A Discord whose bot has never learned anything."""
    return await furnish(newborn_env, tmp_path)
