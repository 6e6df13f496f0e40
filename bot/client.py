"""The bot: what it owns, how it starts, how it stops."""

import asyncio
import gc
import logging
import signal
from contextlib import suppress
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord.ext import commands

from bot.config import TOKEN_VARIABLE, ConfigError, FeedbackSettings, Settings
from bot.database import schema
from bot.database import settings as choices
from bot.database.engine import Database
from bot.database.settings import GuildSettings
from bot.recognition.pool import RecognitionPool
from bot.words import Words, language_of, words_in
from bot.words.commands import Translator
from ml.errors import KoredareError
from ml.versions.registry import InCharge, Registry
from ml.versions.version import ModelVersion

log = logging.getLogger(__name__)

COGS = (
    "bot.chat.errors_cog",
    "bot.about.help_cog",
    "bot.whois.cog",
    "bot.correcting.cog",
    "bot.retraining.cog",
    "bot.retraining.versions_cog",
    "bot.reviewing.suspects_cog",
    "bot.reviewing.cog",
    "bot.privacy.cog",
    "bot.settings.cog",
    "bot.characters.cog",
    "bot.knowledge.cog",
    "bot.about.stats_cog",
    "bot.privacy.retention_cog",
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
    editing
        For the id of an answer, what is held while it is brought up to date.
    asking
        For the id of a person, what is held while they are asked whether their pictures may be kept.
    """

    def __init__(self, settings: Settings) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True, dm_reactions=True
        )
        # Privileged: without it the bot still answers slash commands, mentions and menus; see docs/operators.md.
        intents.message_content = settings.discord.message_content
        super().__init__(
            command_prefix=commands.when_mentioned_or(settings.discord.prefix),
            intents=intents,
            # Nobody is ever pinged by an answer.
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,  # bot/about/help_cog.py has ours
            max_messages=None,  # reactions are handled by message id, so no message need be remembered
        )
        self.settings = settings
        self.database = Database(settings.home)
        self.recognition = RecognitionPool(settings)
        self.editing = WeakValueDictionary[int, asyncio.Lock]()
        self.asking = WeakValueDictionary[int, asyncio.Lock]()
        self._chosen: dict[int, GuildSettings] = {}
        self._in_charge: dict[int | None, InCharge] = {}

    async def setup_hook(self) -> None:
        """Prepare the database, start the workers, load the cogs, and tell Discord the commands."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        starting = asyncio.create_task(self.recognition.start())  # its processes load while this one goes on
        await asyncio.to_thread(schema.ensure, self.settings.home)
        async with self.database.reading() as session:
            self._chosen = await choices.everywhere(session)
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.set_translator(Translator())
        await self.tree.sync()
        await starting
        # What was imported stays for good: unfrozen, each full collection walks it all and holds the loop up for it.
        gc.freeze()

    async def close(self) -> None:
        """Leave Discord, then let go of the workers and the database."""
        await super().close()
        self.recognition.close()
        await self.database.close()

    async def in_charge(self, guild_id: int | None) -> InCharge:
        """What answers in a guild: a version of its own, else the one that everyone shares, else none.

        A version published by any process answers the next picture; a file is read only if it has changed.
        """
        own = await self._in_charge_of(guild_id)
        if own.version is not None or guild_id is None:
            return own
        shared = await self._in_charge_of(None)
        return replace(shared, damaged=own.damaged or shared.damaged)

    async def _in_charge_of(self, owner: int | None) -> InCharge:
        known = self._in_charge.get(owner)
        if known is None or not known.holds():
            known = await asyncio.to_thread(Registry(self.settings.models(owner)).in_charge)
            self._in_charge[owner] = known
        return known

    async def model(self, guild_id: int | None) -> ModelVersion | None:
        """The version that answers in a guild, as `in_charge` has it."""
        return (await self.in_charge(guild_id)).version

    @property
    def prefix(self) -> str:
        """What a command begins with where we tell people to use one; without the prefix's intent a slash works."""
        return self.settings.discord.prefix if self.intents.message_content else "/"

    def words(self, guild_id: int | None, *, locale: discord.Locale | None = None) -> Words:
        """What people read in a guild, in its language; outside of guilds in that of the locale."""
        if (chosen := self.guild_settings(guild_id).language) is not None:
            return words_in(chosen)
        guild = None if guild_id is None else self.get_guild(guild_id)
        return words_in(language_of(locale if guild is None else guild.preferred_locale))

    def words_for(self, asked: "commands.Context[Koredare] | discord.Interaction[Koredare]") -> Words:
        """What the one who asked for something reads: in direct messages in the language of their own Discord."""
        interaction = asked if isinstance(asked, discord.Interaction) else asked.interaction
        locale = None if interaction is None else interaction.locale
        return self.words(None if asked.guild is None else asked.guild.id, locale=locale)

    def guild_settings(self, guild_id: int | None) -> GuildSettings:
        """What the moderators of a guild chose; outside of guilds there is nothing to choose."""
        return GuildSettings() if guild_id is None else self._chosen.get(guild_id, GuildSettings())

    async def choose(self, guild_id: int, **chosen: Any) -> None:
        """Do as the moderators of a guild chose, from now on; `chosen` as the attributes of `GuildSettings`."""
        async with self.database.writing() as session:  # where the others that are chosen at the same time are read too
            settings = replace(await choices.get(session, guild_id), **chosen)
            await choices.choose(session, guild_id, settings)
        self._chosen[guild_id] = settings  # now that it is on the disk

    def feedback(self, guild_id: int | None) -> FeedbackSettings:
        """Whose word counts in a guild, and whose pictures may be kept: what it chose, as the operator allows."""
        return self.guild_settings(guild_id).feedback(self.settings.feedback)


def create_bot(settings: Settings) -> Koredare:
    """Make a bot that has not been started, as `koredare run`, the demo and the tests drive it."""
    return Koredare(settings)


async def run(settings: Settings) -> None:
    """Run the bot on Discord until it is told to stop (SIGINT, SIGTERM).

    Raises
    ------
    ConfigError
        There is no token, or Discord refuses it; the message says what to do.
    Unreachable
        Discord cannot be reached.
    """
    token = settings.discord.token.get_secret_value()
    if not token:
        raise ConfigError(
            f"There is no bot token. Set {TOKEN_VARIABLE}, or token under [discord] in "
            f"{settings.home / 'config.toml'}; docs/operators.md shows where Discord gives you one."
        )
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
        except aiohttp.ClientConnectionError as error:
            raise Unreachable(f"I cannot reach Discord ({error}). Is this machine online?") from error
