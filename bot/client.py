"""The bot: what it owns, how it starts, how it stops."""

import asyncio
import gc
import logging
import signal
from contextlib import suppress

import aiohttp
import discord
from discord.ext import commands

from bot.config import TOKEN_VARIABLE, ConfigError, Settings
from bot.database import schema
from bot.database.engine import Database
from bot.recognition import RecognitionPool
from bot.words import Words, language_of, words_in
from ml.errors import KoredareError
from ml.registry import ModelVersion, Registry

log = logging.getLogger(__name__)

COGS = (
    "bot.cogs.errors",
    "bot.cogs.whois",
    "bot.cogs.feedback",
    "bot.cogs.training",
    "bot.cogs.models",
    "bot.cogs.moderation",
    "bot.cogs.privacy",
    "bot.cogs.settings",
)


class Unreachable(KoredareError):
    """Discord does not answer at all."""


class Koredare(commands.AutoShardedBot):
    """Names the faces in posted pictures, and learns from being corrected.

    Attributes
    ----------
    settings
        What the operator chose.
    database
        Open between `setup_hook` and `close`.
    recognition
        The workers; running between `setup_hook` and `close`.
    """

    def __init__(self, settings: Settings) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True, dm_reactions=True
        )
        # Privileged: without it the bot still answers commands, mentions and menus; see docs/operators.md.
        intents.message_content = True
        super().__init__(
            command_prefix=commands.when_mentioned_or(settings.discord.prefix),
            intents=intents,
            # Nobody is ever pinged by an answer.
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=commands.DefaultHelpCommand(no_category="Help"),
            max_messages=None,  # reactions are handled by message id, so no message need be remembered
        )
        self.settings = settings
        self.database = Database(settings.home)
        self.recognition = RecognitionPool(settings)

    async def setup_hook(self) -> None:
        """Prepare the database, start the workers, load the cogs, and tell Discord the commands."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        starting = asyncio.create_task(self.recognition.start())  # its processes load while this one goes on
        await asyncio.to_thread(schema.ensure, self.settings.home)
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.sync()
        await starting
        # What was imported stays for good: unfrozen, each full collection walks it all and holds the loop up for it.
        gc.freeze()

    async def close(self) -> None:
        """Leave Discord, then let go of the workers and the database."""
        await super().close()
        self.recognition.close()
        await self.database.close()

    def model(self, guild_id: int | None) -> ModelVersion | None:
        """The version that answers in a guild: its own, else the one that everyone shares, else none.

        Read from disk each time, so that a version published by any process answers the next picture.
        """
        own = Registry(self.settings.models(guild_id)).active() if guild_id is not None else None
        return own or Registry(self.settings.models(None)).active()

    def words(self, guild_id: int | None) -> Words:
        """What people read in a guild, in its language; English outside of guilds."""
        guild = None if guild_id is None else self.get_guild(guild_id)
        return words_in(language_of(None if guild is None else guild.preferred_locale))


def create_bot(settings: Settings) -> Koredare:
    """Make a bot that has not been started, as `koredare run`, the demo and the tests drive it."""
    return Koredare(settings)


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is told to stop (SIGINT, SIGTERM).

    Raises
    ------
    ConfigError
        There is no token, Discord refuses it, or an intent is not switched on; the message says what to do.
    Unreachable
        Discord cannot be reached.
    """
    token = settings.discord.token.get_secret_value()
    if not token:
        raise ConfigError(
            f"There is no bot token. Set {TOKEN_VARIABLE}, or token under [discord] in "
            f"{settings.home / 'config.toml'}; docs/operators.md shows where Discord gives you one."
        )
    bot = create_bot(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt by itself
            loop.add_signal_handler(number, stop.set)
    async with bot:
        running = asyncio.create_task(bot.start(token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not running.done():
            log.info("Told to stop: leaving Discord.")
            await bot.close()
        try:
            await running
        except discord.LoginFailure as error:
            raise ConfigError("Discord refuses the bot token; make a new one in the developer portal.") from error
        except discord.PrivilegedIntentsRequired as error:
            raise ConfigError(
                "Discord refuses the message content intent: switch it on for your application in the developer "
                "portal, under Bot."
            ) from error
        except aiohttp.ClientConnectionError as error:
            raise Unreachable(f"I cannot reach Discord ({error}). Is this machine online?") from error
