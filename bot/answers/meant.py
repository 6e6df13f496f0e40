"""Of which faces a message speaks that replies to one of ours."""

import logging
import re
from datetime import timedelta
from typing import Final

import discord

from bot.chat.items import ids_below
from bot.chat.lost import LOST
from bot.chat.posted import attached
from bot.client import Koredare, Place
from bot.database import pictures
from bot.database.pictures import Face

log = logging.getLogger(__name__)

_LATELY: Final = timedelta(days=1)  # how long people in a thread speak of what was answered there
_NEXT: Final = 25  # messages behind a question among which its answer is looked for
_ABOUT: Final = re.compile(r"koredare:(?:faces:(?P<reply>\d+)|(?:names|back:face):(?P<face>\d+)).*")
"""The ids of menus and buttons that ask about an answer, or about a face of one."""
_SHEETS: Final = ("koredare:review:", "koredare:suspects")


def may_speak_of_faces(message: discord.Message) -> bool:
    """Whether a message may be about an answer, by where it stands; most of what people write is not."""
    return message.reference is not None or message.guild is None or isinstance(message.channel, discord.Thread)


async def faces_meant(bot: Koredare, message: discord.Message) -> tuple[list[Face], list[Face]]:
    """All faces of the answer of which a message speaks, and those of them that may be meant; none where it does not.

    It replies to the answer, or to our question about it, which may be about one face alone.
    """
    reference = message.reference
    if reference is None:
        return [], []
    return await _of_reply(bot, message, reference, reference.resolved)


async def _of_reply(
    bot: Koredare, message: discord.Message, reference: discord.MessageReference, asked: object
) -> tuple[list[Face], list[Face]]:
    """As `faces_meant`, of what a reference leads to."""
    if reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return [], []
    ours = isinstance(asked, discord.Message) and asked.author == bot.user
    about = _about(asked) if isinstance(asked, discord.Message) and ours else None
    if shown := await shown_by(bot.place_of(message), reference.message_id, ours=ours and about is None):
        return shown, shown
    if about is None:
        return [], []
    async with bot.database.reading() as session:
        if about["reply"] is not None:
            shown = await pictures.faces_of_reply(session, int(about["reply"]))
            return shown, shown
        face_id, here = int(about["face"]), bot.place_of(message).id
        shown = [face for face in await pictures.shown_with(session, [face_id]) if face.picture.guild_id == here]
        return shown, [face for face in shown if face.id == face_id]


async def faces_beside(bot: Koredare, message: discord.Message) -> list[Face]:
    """All faces of an answer of which a message may speak that does not reply to it; none if there is no such answer.

    It replies to the picture, to whoever asked about it or spoke of it, or to the answer forwarded; it is in a thread
    below one, or with one; or it follows the latest, where somebody is alone with us.
    """
    reference = message.reference
    if reference is None and message.guild is None:
        async with bot.database.reading() as session:
            return await pictures.answered_last(session, guild_id=bot.place_of(message).id)
    if reference is None:
        # A thread has the id of what it is below.
        if below := await shown_by(bot.place_of(message), message.channel.id, ours=False):
            return below
        lately = discord.utils.time_snowflake(message.created_at - _LATELY)
        async with bot.database.reading() as session:
            return await pictures.answered_in_channel(session, message.channel.id, since=lately)
    about = reference.resolved
    if reference.type is not discord.MessageReferenceType.reply or not isinstance(about, discord.Message):
        return []
    forwarded = about.reference.message_id if about.message_snapshots and about.reference is not None else None
    if forwarded is not None and (shown := await shown_by(bot.place_of(message), forwarded, ours=False)):
        return shown
    if found := attached(about):
        async with bot.database.reading() as session:
            attachments = [each.id for each in found]
            before = await pictures.answered_before(session, attachments, guild_id=bot.place_of(message).id)
            replies = [face.picture.reply_id for face in before if face.picture.reply_id is not None]
            return await pictures.faces_of_reply(session, replies[0]) if replies else []
    if about.reference is not None and (shown := await _spoken_of(bot, message, about, about.reference)):
        return shown
    return await _answered(bot, about) if (await bot.get_context(about)).valid or _mentions(bot, about) else []


async def _spoken_of(
    bot: Koredare, message: discord.Message, by: discord.Message, reference: discord.MessageReference
) -> list[Face]:
    """All faces of the answer of which somebody else spoke, by whose reply a message stands."""
    shown, _ = await _of_reply(bot, message, reference, None)
    if shown or reference.message_id is None:
        return shown
    try:  # they may have replied to our thanks
        asked = await by.channel.fetch_message(reference.message_id)
    except LOST as error:
        log.debug("To what %s replies cannot be told: %s", by.id, error)
        return []
    return (await _of_reply(bot, message, reference, asked))[0]


def _mentions(bot: Koredare, message: discord.Message) -> bool:
    return bot.user is not None and f"<@{bot.user.id}>" in message.content


async def _answered(bot: Koredare, asking: discord.Message) -> list[Face]:
    """The faces of our answer to a message by which somebody asked, if it came among the next."""
    try:
        after = [each async for each in asking.channel.history(limit=_NEXT, after=asking) if each.author == bot.user]
    except LOST as error:
        log.debug("What was answered to %s cannot be told: %s", asking.id, error)
        return []
    to = (each for each in after if each.reference is not None and each.reference.message_id == asking.id)
    for each in to:
        if shown := await shown_by(bot.place_of(asking), each.id, ours=False):
            return shown
    return []


async def shown_by(place: Place, message_id: int, *, ours: bool) -> list[Face]:
    """The faces that a message shows, if it is an answer.

    An answer is stored after it was posted: if the message is `ours`, those that are posted just now are waited for.
    """
    async with place.database.reading() as session:
        shown = await pictures.faces_of_reply(session, message_id)
    if shown or not ours:
        return shown
    await place.bot.given(place.id)
    async with place.database.reading() as session:
        return await pictures.faces_of_reply(session, message_id)


def is_sheet(bot: Koredare, message: discord.Message) -> bool:
    """Whether a message replies to a sheet of faces that moderators are asked about, which has numbers of its own."""
    asked = None if message.reference is None else message.reference.resolved
    if not isinstance(asked, discord.Message) or asked.author != bot.user:
        return False
    return any(each.startswith(_SHEETS) for each in ids_below(asked))


def _about(question: discord.Message) -> re.Match[str] | None:
    """What the first menu or button below a message that is about faces says of them."""
    matches = map(_ABOUT.fullmatch, ids_below(question))
    return next((match for match in matches if match is not None), None)
