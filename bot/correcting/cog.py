"""Corrections by reaction and in words; the buttons and menus are in `bot.correcting.menus`."""

import logging

import discord
from discord import ui
from discord.ext import commands

from bot.answers.meant import shown_by
from bot.chat import errors, replies
from bot.chat.errors import UserError
from bot.chat.lost import LOST, unless_lost
from bot.chat.permissions import Claim, Speaker, admit
from bot.client import Koredare
from bot.correcting import correct, menus, wording
from bot.correcting.replying import Reply, numbered
from bot.correcting.taking_back import TakeBackButton
from bot.database.ledger import Said
from bot.database.pictures import Face
from bot.latest import Latest
from bot.privacy import consent
from bot.privacy.consent import ConsentButton

log = logging.getLogger(__name__)

KINDS: dict[str, Said] = {replies.RIGHT: "right", replies.WRONG: "not", replies.NOT_A_FACE: "not_face"}


class Feedback(commands.Cog):
    """Say what the bot got right and wrong: react to its answer, or reply to it with a name."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self._heard = Latest[int, tuple[int, frozenset[int]]](
            _REMEMBERED
        )  # what was last replied in words, to be edited
        bot.add_dynamic_items(
            menus.RightButton, menus.CorrectButton, menus.FaceMenu, menus.NameMenu, TakeBackButton, ConsentButton
        )

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """✅ ❌ 🚫 and digits on an answer, however old it is."""
        emoji = _plain(payload.emoji)
        if self._by_bot(payload) or (emoji not in KINDS and emoji not in _DIGITS):
            return
        faces = await self._faces(payload)
        if not faces:
            return  # somebody else's message
        try:
            await admit(Speaker.reacting(self.bot, payload), Claim(shown=faces))
            if emoji in KINDS:
                await self._judge(payload, faces, KINDS[emoji])
            else:
                await self._choose(payload, faces, _DIGITS.index(emoji) + 1)
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await self._excuse(payload, error)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """A reaction taken away counts no more."""
        emoji = _plain(payload.emoji)
        if emoji not in KINDS or self._by_bot(payload):
            return
        faces = await self._faces(payload)
        if not faces:
            return
        try:
            speaker = Speaker.reacting(self.bot, payload)
            await admit(speaker, Claim(shown=faces))
            await correct.take_back(speaker, faces, KINDS[emoji], via="reaction")
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await self._excuse(payload, error)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """What is deleted is held no longer."""
        self.bot.held.drop(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """What is deleted is held no longer."""
        for message_id in payload.message_ids:
            self.bot.held.drop(message_id)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A reply in words to an answer, or to a question about it: "2 is Riko", or only "Riko" for a single face."""
        if not message.author.bot and message.content and not (await self.bot.get_context(message)).valid:
            await self._hear(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """What somebody has mended in such a reply; of which face it speaks no more, of that it counts no more."""
        message = payload.message
        # Discord edits messages too, to pin them or to show what they link to.
        said, spoken_of = self._heard.get(message.id, (hash(message.content), frozenset[int]()))
        if said == hash(message.content) or (await self.bot.get_context(message)).valid:
            return
        if message.guild is not None and not isinstance(message.author, discord.Member):
            with unless_lost("Asking who edits a message"):  # whose word it is counts
                message.author = await message.guild.fetch_member(message.author.id)
        await self._hear(message, before=spoken_of)

    async def _hear(self, message: discord.Message, *, before: frozenset[int] = frozenset()) -> None:
        try:
            if await self._consents(message):
                return
            reply = await Reply.to(self.bot, message)
            if reply is None:
                return
            await admit(reply.speaker, Claim(shown=reply.shown))
            self._heard[message.id] = hash(message.content), reply.spoken_of
            taken_back = await reply.take_back(before)
            answer = await (reply.without_undoing() if taken_back else reply).follow()
            if answer is None and taken_back:
                answer = reply.speaker.place.words("correction-taken-back"), ui.View()
            if answer is not None:
                await _reply(message, *answer)
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await errors.reply(message, errors.explain(error, self.bot.place_of(message).words))

    async def _consents(self, message: discord.Message) -> bool:
        """Whether a message is a yes or a no in reply to our question for consent, which takes its place then."""
        question = None if message.reference is None else message.reference.resolved
        if not isinstance(question, discord.Message) or question.author != self.bot.user:
            return False
        poster_id, yes = consent.asked_of(question), wording.agrees(wording.as_meant(message.content))
        if poster_id is None or (yes is None and poster_id != message.author.id):
            return False
        speaker = Speaker.writing(self.bot, message)
        if yes is None:
            raise UserError(speaker.place.words("consent-say-how"))
        await admit(speaker, Claim(owner=poster_id, not_yours="not your picture"))

        async def tell(text: str) -> None:
            await question.edit(content=text, view=None)

        await consent.take(self.bot, poster_id, yes=yes, words=speaker.place.words, tell=tell)
        return True

    async def _judge(self, payload: discord.RawReactionActionEvent, faces: list[Face], kind: Said) -> None:
        speaker = Speaker.reacting(self.bot, payload)
        if kind == "right":
            await correct.confirm(speaker, faces, via="reaction")
        elif len(faces) > 1:
            purpose = "name" if kind == "not" else "none"
            await self._say(payload, *await menus.question(speaker.place, faces, purpose=purpose))
        else:
            standing = await correct.refuse(speaker, faces, faces[0], kind, via="reaction")
            if kind == "not":
                await self._say(payload, *await menus.ask_name(speaker.place, faces[0], standing=standing))

    async def _choose(self, payload: discord.RawReactionActionEvent, faces: list[Face], number: int) -> None:
        speaker = Speaker.reacting(self.bot, payload)
        await self._say(payload, *await menus.ask_name(speaker.place, numbered(faces, number, speaker)))

    async def _excuse(self, payload: discord.RawReactionActionEvent, error: Exception) -> None:
        text = errors.explain(error, self.bot.place_of(payload).words)
        try:
            await self._say(payload, text)
        except LOST as unsaid:
            log.warning("A reaction to %s cannot be answered %r: %s", payload.message_id, text, unsaid)

    async def _say(
        self, payload: discord.RawReactionActionEvent, text: str, view: discord.ui.View | None = None
    ) -> None:
        channel = self.bot.get_partial_messageable(payload.channel_id)
        reference = channel.get_partial_message(payload.message_id).to_reference(fail_if_not_exists=False)
        if view is None:
            await channel.send(text, reference=reference)
        else:
            await channel.send(text, reference=reference, view=view)

    async def _faces(self, payload: discord.RawReactionActionEvent) -> list[Face]:
        ours = payload.message_author_id in (None, self._id)  # it is not told of a reaction that is taken away
        return await shown_by(self.bot.place_of(payload), payload.message_id, ours=ours)

    def _by_bot(self, payload: discord.RawReactionActionEvent) -> bool:
        return payload.user_id == self._id or (payload.member is not None and payload.member.bot)

    @property
    def _id(self) -> int:
        assert self.bot.user is not None
        return self.bot.user.id


_REMEMBERED = 1000  # replies, by a hash of their words and the ids of the faces of which they spoke
_DIGITS = tuple(emoji.replace("\N{VARIATION SELECTOR-16}", "") for emoji in replies.DIGITS)


def is_digit(emoji: str) -> bool:
    """Whether a reaction (without the selector that asks for a coloured picture) chooses a face by its number."""
    return emoji in _DIGITS


async def _reply(message: discord.Message, text: str, view: ui.View) -> None:
    await message.channel.send(text, view=view, reference=message.to_reference(fail_if_not_exists=False))


def _plain(emoji: discord.PartialEmoji) -> str:
    # Clients differ in whether they send the selector that asks for a coloured picture.
    return emoji.name.replace("\N{VARIATION SELECTOR-16}", "")


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Feedback(bot))
