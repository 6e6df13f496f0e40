"""The bot on Discord, from its start to its end: what it says of Discord's troubles, and how it stops."""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

import aiohttp
import discord
from discord.ext import commands
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.calls import DISCORD, Answers, Unreached
from bot.client import Koredare, create_bot
from bot.config import ConfigError, Settings
from bot.config.loading import TOKEN_VARIABLE
from ml.errors import KoredareError

log = logging.getLogger(__name__)

_ANSWERED: Final = 10.0  # seconds that are waited for what is being answered when the bot is told to stop …
_TOLD: Final = 3.0  # … and then for telling those who go without; systemd gives 90 for all
_LEFT: Final = 1.0  # seconds for each thing that is closed
_LONGEST: Final = 200  # signs of what Discord says that are told
_AGAIN: Final = 60.0  # seconds until the same trouble is worth another line
_NETWORK: Final = (
    OSError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    Unreached,
)
_REFUSALS: Final = {
    4004: "Discord refuses the bot token; make a new one in the developer portal.",
    4010: "Discord does not know the shard that I asked for.",
    4011: "Discord wants this bot to be split into more shards than it asked for; start it again.",
    4012: "Discord no longer speaks the version of its gateway that this Koredare does; a newer one is needed.",
    4013: "Discord does not know the intents that this Koredare asks for; a newer one is needed.",
}
"""Codes with which Discord closes the gateway for good."""


class Unreachable(KoredareError):
    """Discord does not answer, or not so that a bot could start."""


class Calm(logging.Filter):
    """Says discord.py's troubles in one line each, and the same trouble once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a line pass, without what led to it where that is the network's doing."""
        if record.levelno < logging.WARNING:
            return True
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, _NETWORK) and record.name != "discord.shard":
            return True
        if self._said.get(str(record.msg), -_AGAIN) > time.monotonic() - _AGAIN:
            return False
        self._said[str(record.msg)] = time.monotonic()
        if error is not None:
            record.msg = f"Discord has trouble: {record.getMessage()} ({repr(error)[:_LONGEST]})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is told to stop (SIGINT, SIGTERM).

    Raises
    ------
    ConfigError
        There is no token, or Discord refuses it; the message says what to do.
    Unreachable
        Discord cannot be reached, has its own trouble, or does not take a bot like this one.
    """
    token = settings.discord.token.get_secret_value()
    if not token:
        raise ConfigError(
            f"There is no bot token. Set {TOKEN_VARIABLE}, or token under [discord] in "
            f"{settings.home / 'config.toml'}; docs/operators.md shows where Discord gives you one."
        )
    if settings.discord.token_is_odd:
        raise ConfigError(
            f"What {TOKEN_VARIABLE}, or token under [discord], has is no bot token: there is a space, a line break or "
            "another sign in it that no token has. Copy it again from the developer portal."
        )
    if 0 < len(settings.discord.shard_ids) < settings.discord.shards and not settings.database.url.get_secret_value():
        raise ConfigError(
            "shard_ids under [discord] leaves shards to other processes. They have to share one database, or who is "
            "forgotten by one is remembered by another: url under [database]."
        )
    if settings.discord.api != DISCORD:  # else it stays where discord.py has it
        Route.BASE = settings.discord.api
    async_context.set(Answers())
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody here speaks
    calm = Calm()
    for name in ("client", "gateway", "shard", "http", "webhook.async_"):
        logging.getLogger(f"discord.{name}").addFilter(calm)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt by itself
            loop.add_signal_handler(number, stop.set)
    try:
        await _serve(create_bot(settings), token, stop)
    except discord.PrivilegedIntentsRequired:
        log.warning(
            "Discord refuses the message content intent, so I go on without it: I cannot watch channels, nor read text "
            "commands that do not mention me. Switch it on for your application in Discord's developer portal, under "
            "Bot, and start me again; or set message_content = false under [discord], and I ask no more."
        )
        discord_settings = settings.discord.model_copy(update={"message_content": False})
        modest = settings.model_copy(update={"discord": discord_settings})
        await _serve(create_bot(modest), token, stop)


async def _serve(bot: Koredare, token: str, stop: asyncio.Event) -> None:
    """Run a bot until it is told to stop."""
    running = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not running.done():
            log.info("Told to stop: leaving Discord.")
            await _finish(bot)
            running.cancel()
            await asyncio.wait({running}, timeout=_LEFT)
            if not running.done():  # discord.py does not heed it where it is just connecting anew
                await _within(_TOLD, bot.close())
        await _why_ended(running)
    finally:
        await _within(_TOLD, bot.close())


async def _finish(bot: Koredare) -> None:
    """Take nothing new, and answer what people wait for, or tell them."""
    await asyncio.gather(*(_within(_LEFT, shard.disconnect()) for shard in bot.shards.values()))
    await _within(_TOLD, bot.remove_cog("Training"))  # a retraining takes minutes, and tells whoever wants it
    answering = {task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)}
    if not answering:
        return
    bot.calls.hurry(_TOLD)
    _, late = await asyncio.wait(answering, timeout=_ANSWERED)
    if late:
        bot.recognition.close()  # what is looked at just now is refused in words
        await asyncio.wait(late, timeout=_TOLD)


_ANSWERING: Final = ("discord.py: on_", "discord-ui-", "CommandTree-invoker")
"""How the tasks are called in which discord.py handles what people do."""


async def _within(seconds: float, doing: Awaitable[object]) -> None:
    """Do something that has to have an end."""
    try:
        async with asyncio.timeout(seconds):
            await doing
    except TimeoutError:
        log.debug("%r took too long", doing)


async def _why_ended(running: "asyncio.Task[None]") -> None:
    """Say in one sentence why a bot ended that nobody told to.

    Raises
    ------
    ConfigError, Unreachable, discord.PrivilegedIntentsRequired
        As `run` has them; the last is for `run` to do something about.
    """
    try:
        await running
    except asyncio.CancelledError:
        pass  # it was told to stop
    except commands.ExtensionFailed as error:
        raise error.original from error  # a cog could not begin: what kept it from that is what there is to say
    except discord.LoginFailure as error:
        raise ConfigError("Discord refuses the bot token; make a new one in the developer portal.") from error
    except discord.PrivilegedIntentsRequired:
        raise
    except discord.ConnectionClosed as error:
        told = _REFUSALS.get(error.code, f"Discord closed the connection for good ({error.code}).")
        raise (ConfigError if error.code == 4004 else Unreachable)(told) from error
    except discord.HTTPException as error:
        told = str(error).partition("\n")[0][:_LONGEST]  # of a proxy it may be a page of HTML
        raise Unreachable(f"Discord does not let me start: {told}. Try again later.") from error
    except Unreached as error:
        raise Unreachable(f"I cannot reach Discord ({error.__cause__ or error}). Is this machine online?") from error
    except discord.GatewayNotFound as error:
        raise Unreachable("Discord has trouble: it does not say where its gateway is. Try again later.") from error
