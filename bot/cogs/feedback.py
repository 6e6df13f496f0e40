"""Corrections by reaction and in words; the buttons and menus are in `bot.views`."""

import re

import discord
from discord.ext import commands

from bot import errors, feedback, replies, views
from bot.client import Koredare
from bot.consent import ConsentButton
from bot.database import pictures
from bot.database.corrections import Said
from bot.database.pictures import Face
from bot.feedback import Speaker

KINDS: dict[str, Said] = {replies.RIGHT: "right", replies.WRONG: "not", replies.NOT_A_FACE: "not_face"}
WORDS = re.compile(r"(?:(?:face\s*)?#?(?P<number>\d{1,2})\s*(?:\bis\b|[:=.,])?\s+)?(?P<name>\S.*)", re.IGNORECASE)
NOBODY = frozenset({"not a face", "no face", "nobody", "nothing"})


class Feedback(commands.Cog):
    """Say what the bot got right and wrong: react to its answer, or reply to it with a name."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(views.RightButton, views.CorrectButton, views.FaceMenu, views.NameMenu, ConsentButton)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """✅ ❌ 🚫 and digits on an answer, however old it is."""
        emoji = _plain(payload.emoji)
        if payload.user_id == self._id or (emoji not in KINDS and emoji not in _DIGITS):
            return
        faces = await self._faces(payload.message_id)
        if not faces:
            return  # somebody else's message
        try:
            if emoji in KINDS:
                await self._judge(payload, faces, KINDS[emoji])
            else:
                await self._choose(payload, faces, _DIGITS.index(emoji) + 1)
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await self._say(payload, errors.explain(error))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """A reaction taken away counts no more."""
        emoji = _plain(payload.emoji)
        if emoji in KINDS and payload.user_id != self._id and await self._faces(payload.message_id):
            await feedback.take_back(self._speaker(payload), payload.message_id, KINDS[emoji], via="reaction")

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A reply in words to an answer: "2 is Riko", or only "Riko" where there is one face."""
        reference = message.reference
        if message.author.bot or reference is None or reference.message_id is None or not message.content:
            return
        faces = await self._faces(reference.message_id)
        if not faces or (await self.bot.get_context(message)).valid:
            return
        try:
            await errors.reply(message, await self._hear(message, faces))
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await errors.reply(message, errors.explain(error))

    async def _hear(self, message: discord.Message, faces: list[Face]) -> str:
        words = message.content.replace(f"<@{self._id}>", "").strip()
        match = WORDS.fullmatch(words)
        if match is None or (match["number"] is None and len(faces) > 1):
            raise errors.UserError(replies.SAY_WHICH)
        number = int(match["number"] or faces[0].number)
        face = next((face for face in faces if face.number == number), None)
        if face is None:
            raise errors.UserError(replies.no_such_number(number, len(faces)))
        name = match["name"].strip()
        author = message.author
        moderator = author.guild_permissions.manage_guild if isinstance(author, discord.Member) else True
        speaker = Speaker(self.bot, author.id, moderator)
        return await feedback.name(speaker, face.id, None if name.casefold() in NOBODY else name, via="reply")

    async def _judge(self, payload: discord.RawReactionActionEvent, faces: list[Face], kind: Said) -> None:
        speaker = self._speaker(payload)
        if kind == "right":
            await feedback.confirm(speaker, payload.message_id, via="reaction")
        elif len(faces) > 1:
            await self._say(payload, *await views.question(self.bot, payload.message_id))
        else:
            await feedback.refuse(speaker, faces[0], kind, via="reaction")
            if kind == "not":
                await self._ask(payload, faces[0])

    async def _choose(self, payload: discord.RawReactionActionEvent, faces: list[Face], number: int) -> None:
        face = next((face for face in faces if face.number == number), None)
        if face is None:
            raise errors.UserError(replies.no_such_number(number, len(faces)))
        await self._ask(payload, face)

    async def _ask(self, payload: discord.RawReactionActionEvent, face: Face) -> None:
        await self._say(payload, *await views.ask_name(self.bot, face.id, feedback.scope(payload)))

    async def _say(
        self, payload: discord.RawReactionActionEvent, text: str, view: discord.ui.View | None = None
    ) -> None:
        channel = self.bot.get_partial_messageable(payload.channel_id)
        reference = channel.get_partial_message(payload.message_id).to_reference(fail_if_not_exists=False)
        if view is None:
            await channel.send(text, reference=reference)
        else:
            await channel.send(text, reference=reference, view=view)

    async def _faces(self, reply_id: int) -> list[Face]:
        async with self.bot.database.reading() as session:
            return await pictures.faces_of_reply(session, reply_id)

    def _speaker(self, payload: discord.RawReactionActionEvent) -> Speaker:
        # Discord sends the member with a reaction given, not with one taken away, where the weight is of no matter.
        if payload.guild_id is None:
            return Speaker(self.bot, payload.user_id, moderator=True)
        member = payload.member
        return Speaker(
            self.bot, payload.user_id, moderator=member is not None and member.guild_permissions.manage_guild
        )

    @property
    def _id(self) -> int:
        assert self.bot.user is not None
        return self.bot.user.id


_DIGITS = tuple(_ for _ in (emoji.replace("\N{VARIATION SELECTOR-16}", "") for emoji in replies.DIGITS))


def _plain(emoji: discord.PartialEmoji) -> str:
    # Clients differ in whether they send the selector that asks for a coloured picture.
    return emoji.name.replace("\N{VARIATION SELECTOR-16}", "")


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Feedback(bot))
