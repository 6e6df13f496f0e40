"""The demo's Discord: a server with two members, a moderator, and the real bot in it, simulated by simcord."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from simcord import Env, MemberActor
from simcord._clock import Clock  # pyright: ignore[reportPrivateUsage]  - there is no public way to set its clock
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle

from bot.client import Koredare, create_bot
from bot.config import Settings
from bot.demo.paintings import portrait
from ml.errors import KoredareError

PATIENCE = 1200.0  # seconds until what hangs is given up; nothing waits for it, a retraining on a busy machine included


@dataclass(frozen=True, slots=True)
class World:
    """A server of anime lovers.

    Attributes
    ----------
    channel
        #pictures.
    you
        The visitor, who may manage the server.
    faces
        What members and the bot look like in chat: address to (name, bytes) of a file.
    """

    env: Env
    bot: Koredare
    channel: ChannelHandle
    you: MemberActor
    ann: MemberActor
    ben: MemberActor
    faces: dict[str, tuple[str, bytes]]

    def last(self) -> discord.Message:
        """The newest message of the channel."""
        message = self.channel.last_message
        assert message is not None
        return message

    def put(self, who: MemberActor, text: str, pictures: list[tuple[str, bytes]]) -> None:
        """Post on somebody's behalf, without waiting for what the bot makes of it."""
        backend = self.env.backend
        attachments = backend.store_attachments(self.channel.id, pictures)
        backend.create_message(self.channel.id, who.id, text, attachments=attachments)


@asynccontextmanager
async def opened(
    settings: Settings, *, background: frozenset[str] = frozenset(), before: Callable[[World], None] | None = None
) -> AsyncGenerator[World]:
    """Build the server, and let the bot into it; both are gone when the block is left.

    Parameters
    ----------
    background
        Names of the bot's coroutines that nobody waits for.
    before
        Called while the bot is not there yet, for what was posted before.
    """
    shown = settings.discord.model_copy(update={"strangers": "picture"})  # there are eyes on everything here
    bot = create_bot(settings.model_copy(update={"discord": shown}))
    env = _Env(bot, shard_count=1, settle_timeout=PATIENCE, check_errors=False)
    env.background = background
    world = _build(env, bot)
    if before is not None:
        env.backend.clock = _WallClock(ago=timedelta(days=1))
        before(world)
    env.backend.clock = _WallClock()
    try:
        await env.start()
        with env.time_context():
            yield world
    finally:
        try:
            await env.shutdown()
        finally:
            await bot.close()


class _WallClock(Clock):
    """Shows the time here, where simcord's own stands still at the beginning of 2026."""

    def __init__(self, *, ago: timedelta = timedelta()) -> None:
        super().__init__()
        self._ago = ago

    def now(self) -> datetime:
        """The local time, said to be UTC: that is what the page shows, which knows no zone but the one it is told."""
        return datetime.now().astimezone().replace(tzinfo=UTC) - self._ago


class _Env(Env):
    """A simulated Discord that is as patient with the bot as the real one."""

    background: frozenset[str] = frozenset()

    def _track_task(self, task: asyncio.Task[Any], generation: int, label: str) -> None:
        super()._track_task(task, generation, label)
        if label in self.background:
            self._external_waits[task] = "works in the background"

    def _record_error(self, error: BaseException) -> None:
        # The page calls everything that raised an action gone wrong, also what the bot has answered in words.
        inner = getattr(error, "original", error)
        if not isinstance(inner, KoredareError | commands.CheckFailure | app_commands.CheckFailure):
            super()._record_error(error)


def _build(env: Env, bot: Koredare) -> World:
    """Ids follow from the order in which things are made here, while the clock still stands still.

    They must be the same each time, so that what the server was taught is there the next time; those of messages,
    made later by another clock, must not, as messages last as long as the process.
    """
    env.backend.bot_user.name = "Koredare"
    guild = env.create_guild("Anime club")
    moderators = guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_guild=True), color=discord.Color.blue().value
    )
    ann = guild.add_member(env.create_user("ann", global_name="Ann", avatar="face"))
    ben = guild.add_member(env.create_user("ben", global_name="Ben", avatar="face"))
    you = guild.add_member(env.create_user("you", global_name="You (moderator)", avatar="face"), roles=[moderators])
    channel = guild.create_text_channel(
        "pictures", topic="Every picture here is answered. Wrong? ❌ or Correct… below it."
    )
    env.backend.bot_user.avatar = "face"
    looks = {env.backend.bot_user.id: (4, 2), ann.id: (1, 7), ben.id: (5, 1), you.id: (6, 3)}
    faces = {
        f"{CDN_BASE}/avatars/{user}/face.png": ("face.jpg", portrait(person, seed=seed))
        for user, (person, seed) in looks.items()
    }
    return World(env, bot, channel, you, ann, ben, faces)
