"""Of which faces a message speaks that replies to one of ours."""

import re
from typing import Final

import discord

from bot.client import Koredare
from bot.database import pictures
from bot.database.pictures import Face

_ABOUT: Final = re.compile(r"koredare:(?:faces:(?P<reply>\d+)|(?:names|back:face):(?P<face>\d+)).*")
"""The ids of menus and buttons that ask about an answer, or about a face of one."""


async def faces_meant(bot: Koredare, message: discord.Message) -> tuple[list[Face], list[Face]]:
    """All faces of the answer of which a message speaks, and those of them that may be meant; none where it does not.

    It replies to the answer, or to our question about it, which may be about one face alone.
    """
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return [], []
    asked = reference.resolved
    ours = isinstance(asked, discord.Message) and asked.author == bot.user
    about = _about(asked) if isinstance(asked, discord.Message) and ours else None
    if shown := await shown_by(bot, reference.message_id, ours=ours and about is None):
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


async def shown_by(bot: Koredare, message_id: int, *, ours: bool) -> list[Face]:
    """The faces that a message shows, if it is an answer.

    An answer is stored after it was posted: if the message is `ours`, what is being answered just now is waited for.
    """
    async with bot.database.reading() as session:
        shown = await pictures.faces_of_reply(session, message_id)
    if shown or not ours:
        return shown
    await bot.answered()
    async with bot.database.reading() as session:
        return await pictures.faces_of_reply(session, message_id)


def _about(question: discord.Message) -> re.Match[str] | None:
    """What the first menu or button below a message that is about faces says of them."""
    rows = [row for row in question.components if isinstance(row, discord.ActionRow)]
    matches = (_ABOUT.fullmatch(item.custom_id or "") for row in rows for item in row.children)
    return next((match for match in matches if match is not None), None)
