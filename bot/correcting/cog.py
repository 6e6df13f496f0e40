"""Corrections by reaction and in words; the buttons and menus are in `bot.correcting.menus`."""

import logging
from dataclasses import replace

import discord
from discord import ui
from discord.ext import commands

from bot.answers import describing
from bot.answers.meant import faces_meant, shown_by
from bot.characters import pages
from bot.chat import errors, replies
from bot.chat.errors import UserError
from bot.chat.lost import LOST
from bot.chat.permissions import Claim, Speaker, admit
from bot.client import Koredare, Place
from bot.correcting import correct, hearing, menus
from bot.correcting.correct import Naming
from bot.correcting.hearing import Heard
from bot.correcting.taking_back import Asked, TakeBackButton, thanks_view
from bot.correcting.together import Replied, together
from bot.database.characters import find
from bot.database.ledger import Said
from bot.database.pictures import Face
from bot.privacy.consent import ConsentButton
from bot.words import Words
from ml.naming.names import fold

log = logging.getLogger(__name__)

KINDS: dict[str, Said] = {replies.RIGHT: "right", replies.WRONG: "not", replies.NOT_A_FACE: "not_face"}


class Feedback(commands.Cog):
    """Say what the bot got right and wrong: react to its answer, or reply to it with a name."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
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
        if message.author.bot or message.reference is None or not message.content:
            return
        shown, faces = await faces_meant(self.bot, message)
        if not faces or (await self.bot.get_context(message)).valid:
            return
        try:
            await admit(Speaker.writing(self.bot, message), Claim(shown=shown))
            said = _each(hearing.hear(message.content.replace(f"<@{self._id}>", "")), faces)
            answer = await self._answer(message, shown, faces, said)
            if answer is not None:
                await _reply(message, *answer)
        except Exception as error:  # noqa: BLE001  a listener's errors would reach nobody
            await errors.reply(message, errors.explain(error, self.bot.place_of(message).words))

    async def _answer(
        self, message: discord.Message, shown: list[Face], faces: list[Face], said: list[Heard]
    ) -> Asked | None:
        """Follow all that somebody wrote; what is wrong with one thing does not cost the others."""
        speaker = Speaker.writing(self.bot, message)
        words = speaker.place.words
        _require_sense(said, words)
        answers: dict[int, Replied] = {}
        namings: dict[int, Naming] = {}
        for place, heard in enumerate(said):
            # "not Riko, it's Maki": who it is need not be asked any more.
            told = any(each.meaning == "name" and each.number == heard.number for each in said[place + 1 :])
            numbers = (heard.number,) if isinstance(heard.number, int) else ()
            try:
                found = await self._follow(message, shown, faces, heard)
            except UserError as error:
                if len(said) == 1:
                    raise
                found = str(error), ui.View()
            if isinstance(found, Naming):
                namings[place] = found
            elif found is not None and not (heard.meaning == "not" and told):
                answers[place] = Replied(numbers, *found)
        if namings:
            thanks = await correct.name_each(speaker, shown, [*namings.values()], via="reply")
            for (place, each), text in zip(namings.items(), thanks, strict=True):
                below = thanks_view("face", each.face.id, speaker.user_id, words)
                answers[place] = Replied((each.face.number,), text, below)
        return together([answers[place] for place in sorted(answers)], speaker.user_id, words)

    async def _follow(
        self, message: discord.Message, shown: list[Face], faces: list[Face], heard: Heard
    ) -> Asked | Naming | None:
        """Do what was said; gives what to answer, or who is to be named, None where nothing was asked of us.

        `shown`: all faces of the answer, `faces`: those that may be meant.
        """
        speaker = Speaker.writing(self.bot, message)
        words = speaker.place.words
        if heard.meaning == "chat":
            return None
        if heard.meaning == "unclear":
            # People talk below a picture: only what speaks to us, or of a number, is asked back.
            if f"<@{self._id}>" in message.content or any(letter.isdigit() for letter in message.content):
                raise UserError(words("correction-say-how", number=faces[-1].number))
            return None
        if heard.number is None and heard.meaning == "undo":
            await correct.unsay(speaker, shown, [face.id for face in faces], via="reply")
            return words("correction-taken-back"), ui.View()
        if heard.number is None and heard.meaning == "right":
            return await correct.confirm(speaker, shown, via="reply"), ui.View()
        if heard.number is None and (heard.meaning == "who" or (heard.meaning == "stranger" and len(faces) > 1)):
            return await menus.question(speaker.place, shown)
        return await self._of_face(speaker, shown, self._face(faces, heard, speaker), heard)

    def _face(self, faces: list[Face], heard: Heard, speaker: Speaker) -> Face:
        assert heard.number != "all"  # `_each` has told them apart
        if heard.number is None and len(faces) > 1:
            raise UserError(speaker.place.words("correction-say-which"))
        number = faces[0].number if heard.number is None else heard.number
        return _numbered(faces, number, speaker)

    async def _of_face(self, speaker: Speaker, shown: list[Face], face: Face, heard: Heard) -> Asked | Naming:
        words = speaker.place.words
        match heard.meaning:
            case "undo":
                await correct.unsay(speaker, shown, [face.id], via="reply")
                return words("correction-taken-back"), ui.View()
            case "nobody":
                return Naming(face, None)
            case "stranger":
                return await menus.stranger(speaker, shown, face, via="reply")
            case "not":
                await self._require_known(speaker.place, heard.name)  # "not bad" is about nobody
                standing = await correct.refuse(speaker, shown, face, "not", via="reply", who=heard.name)
                text = words("correction-noted-not", who=replies.shown(heard.name))
                return text, (await menus.ask_name(speaker.place, face, standing=standing))[1]
            case "right" if (who := face.name or describing.name_asked(face, None)) is not None:
                return Naming(face, who)
            case "name":
                return await menus.understood(speaker, shown, face, heard.name, via="reply", stated=heard.stated)
            case _:
                return await menus.ask_name(speaker.place, face)

    async def _require_known(self, place: Place, name: str) -> None:
        async with place.database.reading() as session:
            known = await find(session, name, guild_id=place.id)
        if known is None:
            raise await pages.unknown(place, name)

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
        await self._say(payload, *await menus.ask_name(speaker.place, _numbered(faces, number, speaker)))

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
        return await shown_by(self.bot, payload.message_id, ours=ours)

    def _by_bot(self, payload: discord.RawReactionActionEvent) -> bool:
        return payload.user_id == self._id or (payload.member is not None and payload.member.bot)

    @property
    def _id(self) -> int:
        assert self.bot.user is not None
        return self.bot.user.id


_MOST_SAID = 50  # things in one message; there are hardly so many faces in a picture
_DIGITS = tuple(emoji.replace("\N{VARIATION SELECTOR-16}", "") for emoji in replies.DIGITS)


def is_digit(emoji: str) -> bool:
    """Whether a reaction (without the selector that asks for a coloured picture) chooses a face by its number."""
    return emoji in _DIGITS


def _numbered(faces: list[Face], number: int, speaker: Speaker) -> Face:
    face = next((face for face in faces if face.number == number), None)
    if face is None:
        raise UserError(speaker.place.words("correction-no-such-number", number=number, faces=len(faces)))
    return face


def _require_sense(said: list[Heard], words: Words) -> None:
    """Refuse what is more than anybody says at once, or says two things of one face."""
    if len(said) > _MOST_SAID:
        raise UserError(words("correction-too-many", most=_MOST_SAID))
    names: dict[int | None, str] = {}
    for heard in said:
        if heard.meaning != "name" or not isinstance(heard.number, int):
            continue
        if fold(names.setdefault(heard.number, heard.name)) != fold(heard.name):
            raise UserError(words("correction-contradiction", number=heard.number))


def _each(said: list[Heard], faces: list[Face]) -> list[Heard]:
    """What was said of all faces at once, as said of each."""
    return [
        replace(heard, number=number)
        for heard in said
        for number in ([face.number for face in faces] if heard.number == "all" else [heard.number])
    ]


async def _reply(message: discord.Message, text: str, view: ui.View) -> None:
    await message.channel.send(text, view=view, reference=message.to_reference(fail_if_not_exists=False))


def _plain(emoji: discord.PartialEmoji) -> str:
    # Clients differ in whether they send the selector that asks for a coloured picture.
    return emoji.name.replace("\N{VARIATION SELECTOR-16}", "")


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Feedback(bot))
