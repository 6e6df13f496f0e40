"""Looks again, after a start and after an outage, at what was posted and said meanwhile.

What was missed is handed on as if Discord told of it now; whatever was heard or answered is not handed on again: this
bot remembers what it heard, and another's answers stand below what they answer, in the ledger, and in the database.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import discord
from discord.abc import Messageable
from discord.ext import commands

from bot import clock
from bot.answers import update
from bot.answers.buttons import ALL_RIGHT
from bot.chat.items import ids_below
from bot.chat.lost import LOST, passes, unless_lost
from bot.chat.permissions import posts
from bot.chat.posted import attached
from bot.client import Koredare
from bot.correcting.cog import KINDS, is_digit
from bot.database import corrections, pictures
from bot.database.errors import DatabaseError
from bot.database.ledger import said_by_reaction
from bot.database.pictures import Face
from bot.loops import every, outliving
from bot.privacy import forgetting

log = logging.getLogger(__name__)

_LONGEST: Final = timedelta(hours=1)  # what is older is no conversation any more
_UNNOTICED: Final = timedelta(minutes=2)  # a connection may be dead for two heartbeats before anybody notices
_MOST_MESSAGES: Final = 100  # of a channel, the latest
_MOST_PEOPLE: Final = 25  # who gave the same reaction to an answer
_MOST_CHANNELS: Final = 100


class CatchingUp(commands.Cog):
    """Hears what was said while the bot was away.

    Where Discord has trouble still, or the database is busy, it is heard later.
    """

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._mark: Path = bot.settings.home / "seen"  # an empty file; when it was touched Discord last told us things
        self._looking = asyncio.Lock()
        self._told = set[int]()  # the servers of which it tells us
        self._beginning = set[int]()  # the shards that are about to be told anew
        self._unlisted: dict[int, datetime] = {}  # those whose channels are to be listed, and since when to be read
        self._unread: dict[int, tuple[Messageable, datetime]] = {}  # the channels, by their ids, and since when

    async def cog_load(self) -> None:
        """Begin; answers may not show yet what was said of them just before the bot was stopped."""
        if (since := await asyncio.to_thread(clock.marked, self._mark)) is not None:
            async with self.bot.database.reading() as session:
                self.bot.behind |= set(await corrections.answers_since(session, since - _UNNOTICED))
        self.see.start()

    async def cog_unload(self) -> None:
        """End."""
        self.see.cancel()

    @every(minutes=1)
    async def see(self) -> None:
        """Look at what is left, and note that Discord tells us things."""
        if self.bot.is_ready() and not self._looking.locked():
            await self._catch_up()

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Discord is about to tell us things anew."""
        self._beginning.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """It does so, but not what happened before."""
        self._beginning.discard(shard_id)
        self._told |= {guild.id for guild in self.bot.guilds if guild.shard_id == shard_id and not guild.unavailable}
        await self._missed(shard_id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Nor what happened in a server before it told us of that, which may be later than of the others."""
        if guild.id not in self._told and guild.shard_id not in self._beginning:
            self._told.add(guild.id)
            await self._missed(guild.shard_id)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """It does not tell us of a server for a while."""
        self._told.discard(guild.id)

    async def _missed(self, shard_id: int) -> None:
        with outliving("Looking at what was missed"):
            if (since := await asyncio.to_thread(clock.marked, self._mark)) is not None:  # it was there before
                self._unlisted.setdefault(shard_id, since - _UNNOTICED)
            await self._catch_up()

    async def _catch_up(self) -> None:
        async with self._looking:
            began, found, earliest = time.perf_counter(), 0, clock.now() - _LONGEST
            await update.catch_up(self.bot)
            for shard_id, since in list(self._unlisted.items()):
                for channel_id, channel in (await self._channels(shard_id)).items():
                    self._unread.setdefault(channel_id, (channel, since))
                del self._unlisted[shard_id]
            for channel_id, (channel, since) in list(self._unread.items()):
                del self._unread[channel_id]
                try:
                    found += await self._look(channel, max(since, earliest))
                except LOST as error:
                    log.info("Looking at what was missed in %s came to nothing: %r", channel_id, error)
                    if passes(error) and since > earliest:
                        self._unread[channel_id] = channel, since
                except DatabaseError:
                    self._unread[channel_id] = channel, since
                    raise
            if found:
                passed = time.perf_counter() - began
                log.info("Heard %d things that were said while I was away, in %.1f s.", found, passed)
            told = not self._beginning and not any(shard.is_closed() for shard in self.bot.shards.values())
            if told and not self._unlisted and not self._unread:
                await asyncio.to_thread(clock.mark, self._mark)

    async def _channels(self, shard_id: int) -> dict[int, Messageable]:
        """Those of a shard that are watched, their threads, and where something was answered lately, conversations too.

        By their ids.
        """
        guilds = {guild.id: guild for guild in self.bot.guilds if guild.shard_id == shard_id}
        watched = {each for guild_id in guilds for each in self.bot.at(guild_id).watched}
        async with self.bot.database.reading() as session:
            answered = await pictures.answered_in(session, since=clock.now() - timedelta(days=1))
        # Who is alone with the bot is the first shard's.
        lately = {each: of for each, of in answered.items() if of in guilds or (of == each and shard_id == 0)}
        threads = {
            thread.id
            for guild in guilds.values()
            for thread in guild.threads
            if {thread.id, thread.parent_id} & watched
        }
        found: dict[int, Messageable] = {}
        for each in sorted(watched | threads | lately.keys(), reverse=True):
            channel = self.bot.get_channel(each)
            if channel is None and lately.get(each) == each:  # Discord does not tell at the start who was
                with unless_lost(f"Looking at what was missed in conversation {each}"):
                    channel = await self.bot.fetch_channel(each)
            if isinstance(channel, Messageable):
                found[each] = channel
            if len(found) == _MOST_CHANNELS:
                break
        return found

    async def _look(self, channel: Any, since: datetime) -> int:
        """Hand on what was missed in a channel; gives how much that was."""
        latest = [message async for message in channel.history(limit=_MOST_MESSAGES)]
        replied = {
            message.reference.message_id for message in latest if message.reference and message.author == self.bot.user
        }
        missed = 0
        for message in reversed(latest):
            try:
                missed += await self._hear(message, since, replied)
            except LOST as error:
                if passes(error):
                    raise
                log.info("Looking at what was missed of %s came to nothing: %r", message.id, error)  # who did it left
        return missed

    async def _hear(self, message: discord.Message, since: datetime, replied: set[int | None]) -> int:
        if message.author == self.bot.user and (asked := await self._half_given(message, since)) is not None:
            await message.delete()
            self.bot.dispatch("message", asked)
            return 1
        if message.author == self.bot.user:
            return await self._reactions(message, replied)
        if message.created_at > since and message.id not in replied and await self._speaks_to_us(message):
            self.bot.dispatch("message", message)
            return 1
        return 0

    async def _half_given(self, answer: discord.Message, since: datetime) -> discord.Message | None:
        """What asked for an answer that was posted, and not stored, as the bot was killed just then.

        Nobody could correct it, so it is given anew.
        """
        asked = None if answer.reference is None else answer.reference.resolved
        if ALL_RIGHT not in ids_below(answer) or answer.created_at <= since:
            return None
        if await self._before_forgetting(answer) or not isinstance(asked, discord.Message):
            return None
        await self.bot.given(self.bot.place_of(answer).id)  # else it may be about to be stored
        async with self.bot.database.reading() as session:
            stored = await pictures.faces_of_reply(session, answer.id)
        return None if stored else asked

    async def _before_forgetting(self, answer: discord.Message) -> bool:
        """Whether somebody was forgotten since: what they said is in no ledger, and to be heard no more."""
        forgotten = await forgetting.latest(self.bot.settings, self.bot.database)
        return forgotten is not None and answer.created_at < forgotten

    async def _speaks_to_us(self, message: discord.Message) -> bool:
        """Whether a message has pictures that nobody has looked at, or replies to something of ours."""
        if not posts(message):
            return False
        if posted := attached(message):
            place = self.bot.place_of(message)
            async with self.bot.database.reading() as session:
                return not await pictures.answered_before(session, [each.id for each in posted], guild_id=place.id)
        reference = message.reference
        to = reference.resolved if reference is not None else None
        return isinstance(to, discord.Message) and to.author == self.bot.user

    async def _reactions(self, answer: discord.Message, replied: set[int | None]) -> int:
        """Hand on the reactions to an answer of ours that are not in the ledger."""
        given = [each for each in answer.reactions if isinstance(each.emoji, str)]
        if not given or await self._before_forgetting(answer):
            return 0
        async with self.bot.database.reading() as session:
            shown = await pictures.faces_of_reply(session, answer.id)
        if not shown:
            return 0
        missed = 0
        for reaction in given:
            emoji = str(reaction.emoji)
            async for person in reaction.users(limit=_MOST_PEOPLE):
                if not person.bot and await self._unheard(shown, emoji, person.id, replied, answer):
                    await self._hand_on(answer, emoji, person.id)
                    missed += 1
        return missed

    async def _unheard(
        self, shown: Sequence[Face], emoji: str, user_id: int, replied: set[int | None], answer: discord.Message
    ) -> bool:
        plain = emoji.replace("\N{VARIATION SELECTOR-16}", "")
        if is_digit(plain) or (plain in KINDS and KINDS[plain] != "right" and len(shown) > 1):
            return answer.id not in replied  # it is asked about, below the answer
        if plain not in KINDS:
            return False
        kinds = ("right", "name") if KINDS[plain] == "right" else (KINDS[plain],)
        async with self.bot.database.reading() as session:
            return not await said_by_reaction(session, [face.spoken_of for face in shown], user_id=user_id, kinds=kinds)

    async def _hand_on(self, answer: discord.Message, emoji: str, user_id: int) -> None:
        assert self.bot.user is not None
        data: Any = {
            "message_id": answer.id,
            "channel_id": answer.channel.id,
            "user_id": user_id,
            "message_author_id": self.bot.user.id,
            "burst": False,
            "type": 0,
        }
        if answer.guild is not None:
            data["guild_id"] = answer.guild.id
        payload = discord.RawReactionActionEvent(data, discord.PartialEmoji(name=emoji), "REACTION_ADD")
        if answer.guild is not None:
            payload.member = answer.guild.get_member(user_id) or await answer.guild.fetch_member(user_id)
        self.bot.dispatch("raw_reaction_add", payload)


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(CatchingUp(bot))
