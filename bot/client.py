"""The bot: what it owns, and what is to be known wherever something happens."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary

import discord
from discord.ext import commands
from sqlalchemy.ext.asyncio import AsyncSession
from yarl import URL

from bot.calls import Calls, Unreached
from bot.choices import Choices
from bot.config import Settings
from bot.config.tables import ConsentPolicy, DiscordSettings, FeedbackSettings
from bot.database import notices, schema, stores
from bot.database.engine import Database
from bot.database.errors import DatabaseError
from bot.database.moved import Stamp
from bot.database.notices import EVERYONE, Kind, Notice
from bot.database.pictures import Picture
from bot.database.settings import GuildSettings
from bot.gateway import Events, hold
from bot.held import Held
from bot.latest import Latest
from bot.loops import Schedule
from bot.recognition.pool import RecognitionPool
from bot.recognition.queue import Queue
from bot.words import Words, language_of, typed, words_in
from bot.words.commands import Translator
from ml.naming.learned import Learned
from ml.naming.names import Names
from ml.training.at_once import Lesson
from ml.versions.charge import InCharge
from ml.versions.current import Current
from ml.versions.version import ModelVersion

log = logging.getLogger(__name__)

COGS = (
    "bot.others.cog",  # first: the others go by what it reads
    "bot.chat.errors_cog",
    "bot.chat.commands_cog",
    "bot.answers.cog",
    "bot.about.help_cog",
    "bot.whois.cog",
    "bot.correcting.cog",
    "bot.retraining.cog",
    "bot.retraining.versions_cog",
    "bot.correcting.undo_cog",
    "bot.reviewing.suspects_cog",
    "bot.reviewing.cog",
    "bot.privacy.cog",
    "bot.settings.cog",
    "bot.welcome.cog",
    "bot.characters.cog",
    "bot.knowledge.cog",
    "bot.teaching.cog",
    "bot.about.stats_cog",
    "bot.privacy.retention_cog",
    "bot.privacy.leaving_cog",
    "bot.health.cog",
    "bot.catching_up.cog",
)


_REMEMBERED: Final = 10_000  # of what happened, the latest, to know it again


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens: a server, or a conversation of somebody with the bot alone.

    It is made once for an event, by `Koredare.at` or `Koredare.place_of`; what it tells is so when it is asked.

    Attributes
    ----------
    id
        The server's, or that of the conversation's channel: what is posted there belongs to it.
    locale
        Of the Discord of whoever asked, where it was sent; it matters in conversations only.
    """

    bot: "Koredare"
    id: int
    locale: discord.Locale | None = None

    @property
    def database(self) -> Database:
        """The bot's, of all places."""
        return self.bot.database

    @property
    def recognition(self) -> RecognitionPool:
        """The bot's workers."""
        return self.bot.recognition

    @property
    def guild(self) -> discord.Guild | None:
        """The server as Discord sent it; None: a conversation, or a server in which the bot is not (any more)."""
        return self.bot.get_guild(self.id)

    @property
    def chosen(self) -> GuildSettings:
        """What its moderators chose; in a conversation there is nothing to choose."""
        return self.bot.choices.of(self.id)

    @property
    def watched(self) -> tuple[int, ...]:
        """The ids of the channels in which every picture is answered without asking, first watched first."""
        return self.bot.choices.watched(self.id)

    @property
    def words(self) -> Words:
        """What people read here, in its language."""
        if (language := self.chosen.language) is not None:
            return words_in(language)
        guild = self.guild
        return words_in(language_of(self.locale if guild is None else guild.preferred_locale))

    @property
    def quorum(self) -> int:
        """How many members must agree before a name is trusted."""
        return self._feedback.quorum

    @property
    def consent(self) -> ConsentPolicy:
        """Whose pictures may be kept: what was chosen, as the operator allows."""
        return self._feedback.consent

    @property
    def caution(self) -> float:
        """How sure the bot must be before it says a name, as in `GuildSettings`."""
        return self.chosen.caution

    async def in_charge(self) -> InCharge:
        """What answers here: a version of the place's own, else the one that everyone shares, else none."""
        own = await self.bot.models.of(self.id)
        if own.version is not None:
            return own
        shared = await self.bot.models.of(None)
        return replace(shared, damaged=own.damaged or shared.damaged)

    async def model(self) -> ModelVersion | None:
        """The version that answers here, as `in_charge` has it."""
        return (await self.in_charge()).version

    @property
    def _feedback(self) -> FeedbackSettings:
        return self.chosen.feedback(self.bot.settings.feedback)


Event: TypeAlias = (
    "commands.Context[Koredare] | discord.Interaction[Koredare] | discord.Message | discord.RawReactionActionEvent"
)
"""What Discord sends when somebody does something."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a place learns from, and what its characters are called today.

    Attributes
    ----------
    seen
        What it was looked up for: another one where anything of this may be otherwise. The stamp of
        `bot.database.moved`, what answers, and by which rules who is known.
    lessons
        By character; None: it was let go of, for others.
    """

    seen: tuple[Stamp, object, object]
    names: Names
    lessons: Mapping[int, tuple[Lesson, ...]] | None


@dataclass(frozen=True, slots=True)
class Since:
    """What was taught in a place, and what was learned of it since the version was made that answers there."""

    taught: Taught
    learned: Learned | None


class Koredare(commands.AutoShardedBot):
    """Names the faces in posted pictures, and learns from being corrected.

    Attributes
    ----------
    settings
        What the operator chose.
    calls
        What calls Discord.
    database
        Open between `setup_hook` and `close`.
    recognition
        The workers; running between `setup_hook` and `close`.
    choices
        What moderators chose.
    models
        Which version answers for whom.
    queue
        Whose picture they look at next.
    editing
        For the id of an answer, what is held while it is brought up to date; for that of a picture, while it is
        answered.
    behind
        The ids of answers that are still to be brought up to date, as Discord was in trouble.
    unasked
        For the id of a person, the picture for whose sake they are still to be asked whether theirs may be kept.
    asking
        For the id of a person, what is held while they are asked whether their pictures may be kept.
    held
        Pictures that were read again just now.
    since
        What was learned in each place since the version was made that answers there (`bot.examples.at_once`).
    schedule
        What one process alone does, of all that share the database.
    unsure
        What is remembered here may have been written otherwise, and the database did not say.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True, dm_reactions=True
        )
        # Privileged: without it the bot still answers slash commands, mentions and menus; see docs/operators.md.
        intents.message_content = settings.discord.message_content
        super().__init__(
            command_prefix=commands.when_mentioned_or(settings.discord.prefix, typed.wide(settings.discord.prefix)),
            case_insensitive=True,
            strip_after_prefix=True,
            intents=intents,
            # Nobody is ever pinged by an answer.
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,  # bot/about/help_cog.py has ours
            max_messages=None,  # reactions are handled by message id, so no message need be remembered
            **_shards(settings.discord),
        )
        self._store = stores.of(settings)
        self.database = Database(self._store)
        self.recognition = RecognitionPool(settings)
        self.queue = Queue(workers=settings.recognition.workers)
        self.behind: set[int] = set()
        self.unasked: dict[int, Picture] = {}
        self.held = Held()
        self.schedule = Schedule()
        self.unsure = False
        self._heard = Latest[object, str](_REMEMBERED)
        self.since: dict[int, Since] = {}
        self._giving = set[tuple[int, asyncio.Event]]()
        self.editing = WeakValueDictionary[int, asyncio.Lock]()
        self.asking = WeakValueDictionary[int, asyncio.Lock]()
        self.choices = Choices(self.database)
        self.models = Current(settings.registry)

    async def setup_hook(self) -> None:
        """Prepare the database, start the workers, load the cogs."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        starting = asyncio.create_task(self.recognition.start())  # its processes load while this one goes on
        starting.add_done_callback(_look_at)  # who is told to stop does not come to wait for it
        await asyncio.to_thread(schema.ensure, self._store)
        for cog in COGS:
            await self.load_extension(cog)
        _spell_out(self.commands)
        await self.tree.set_translator(Translator())
        await starting
        # What was imported stays for good: unfrozen, each full collection walks it all and holds the loop up for it.
        gc.freeze()

    def _get_state(self, **options: Any) -> Any:
        # All that calls Discord takes what calls from here, after this.
        self.http = self.calls = Calls(self.loop)
        state = super()._get_state(**options)
        Events(state, lambda guild_id: self.get_guild(guild_id) is not None)
        return state

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand on what happens, once: it may be told again where the gateway is resumed, and by who catches up."""
        match args:
            case (discord.Message() as message,) if event == "message":
                about: object = message.id
            case (discord.RawReactionActionEvent() as given,):
                about = given.message_id, given.user_id, str(given.emoji)
            case _:
                about = None
        if about is not None:
            if self._heard.get(about) == event:
                return
            self._heard[about] = event
        super().dispatch(event, *args, **kwargs)

    async def close(self) -> None:
        """Leave Discord, then let go of the workers and the database."""
        try:
            await super().close()
        finally:
            self.recognition.close()
            self.models.close()
            await self.database.close()

    async def on_ready(self) -> None:
        """Say so, for who looks after the bot: at the start, and after each time that Discord was away for long."""
        some = self.settings.discord.shard_ids
        which = f" Shards: {', '.join(map(str, sorted(some)))} of {self.shard_count}." if some else ""
        log.info("Ready. Servers: %d.%s", len(self.guilds), which)

    async def launch_shards(self) -> None:
        """Connect; also to as many shards as are chosen we go where Discord says that its gateway is."""
        if self.settings.discord.shards:
            await self.http.get_bot_gateway()
        await super().launch_shards()

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect one, which is to stay."""
        await super().launch_shard(gateway, shard_id, initial=initial)
        hold(self.shards[shard_id])

    async def get_context(
        self, origin: discord.Message | discord.Interaction, /, *, cls: Any = commands.Context
    ) -> Any:
        """As discord.py reads a command, with its words mended first."""
        ctx = await super().get_context(origin, cls=cls)
        if ctx.interaction is None and ctx.command is not None:
            typed.mend(ctx)
        return ctx

    async def on_message(self, message: discord.Message, /) -> None:
        """Do as a command says; what Discord itself announces, the name of a new thread for one, is none."""
        if not message.is_system():
            await self.process_commands(message)

    @contextmanager
    def giving(self, place_id: int) -> Generator[None]:
        """While an answer is posted and stored; people are quick to speak of it."""
        given = place_id, asyncio.Event()
        self._giving.add(given)
        try:
            yield
        finally:
            self._giving.remove(given)
            given[1].set()

    async def given(self, place_id: int) -> None:
        """Wait until the answers that are posted in a place just now are stored."""
        for where, stored in list(self._giving):
            if where == place_id:
                await stored.wait()

    @property
    def prefix(self) -> str:
        """What a command begins with where we tell people to use one; without the prefix's intent a slash works."""
        return self.settings.discord.prefix if self.intents.message_content else "/"

    def at(self, place_id: int) -> Place:
        """A server by its id, or a conversation by that of its channel."""
        return Place(self, place_id)

    async def there(self, place_id: int) -> Place:
        """As `at`, of a server that another process may look after: Discord is asked what language it is in."""
        place = self.at(place_id)
        if self.settings.discord.holds(place_id) or place.chosen.language is not None:
            return place
        try:
            guild = await self.fetch_guild(place_id, with_counts=False)
        except (discord.HTTPException, Unreached):  # it is a conversation, or nobody tells us just now
            return place
        return replace(place, locale=guild.preferred_locale)

    def place_of(self, event: Event) -> Place:
        """Where something was done: in a server, else in the conversation that its channel is."""
        interaction = event.interaction if isinstance(event, commands.Context) else event
        locale = interaction.locale if isinstance(interaction, discord.Interaction) else None
        if isinstance(event, (discord.Interaction, discord.RawReactionActionEvent)):
            place_id = event.guild_id or event.channel_id
        else:
            place_id = event.channel.id if event.guild is None else event.guild.id
        assert place_id is not None  # an interaction without a channel is a ping, and that is discord.py's
        return Place(self, place_id, locale)

    @asynccontextmanager
    async def telling(self, kind: Kind, about: int) -> AsyncGenerator[AsyncSession]:
        """As `Database.writing`, for what is remembered: once it is written, this process and all others go by it."""
        async with self.database.writing() as session:
            yield session
            await notices.tell(session, kind, about)
        try:
            await self.heed(Notice(kind, about))
        except DatabaseError as error:  # it is written all the same
            log.warning("What was just written (%s %s) could not be read again yet: %s", kind, about, error)
            self.unsure = True

    async def heed(self, notice: Notice) -> None:
        """Go by what was written, by whatever process: what is remembered otherwise is forgotten, or read again."""
        match notice.kind:
            case "settings":
                await self.choices.read(notice.about)
                self.since.pop(notice.about, None)
            case "model":
                await self.models.changed(None if notice.about == EVERYONE else notice.about)
            case "refused" | "forgotten":
                self.held.clear()
                self.since.clear()
                if notice.kind == "forgotten":
                    self.unasked.pop(notice.about, None)


def create_bot(settings: Settings) -> Koredare:
    """Make a bot that has not been started, as `koredare run`, the demo and the tests drive it."""
    return Koredare(settings)


def _shards(chosen: DiscordSettings) -> Any:
    """What of shards discord.py has to be told; nothing, and it asks Discord how many there should be."""
    told = {"shard_count": chosen.shards} if chosen.shards else {}
    return told | ({"shard_ids": list(chosen.shard_ids)} if chosen.shard_ids else {})


def _look_at(done: asyncio.Task[None]) -> None:
    if not done.cancelled():
        done.exception()


def _spell_out(groups: Iterable[commands.Command[Any, ..., Any]]) -> None:
    """Let what a group does by itself be written out, `!settings show`, as it has to be with a slash."""
    for group in groups:
        if isinstance(group, commands.HybridGroup) and group.fallback:
            often = commands.CooldownMapping(group.cooldown, commands.BucketType.user)
            twin = commands.Command(
                group.callback, name=group.fallback, hidden=True, checks=group.checks, cooldown=often
            )
            twin.cog = group.cog
            commands.GroupMixin[Any].add_command(group, twin)
