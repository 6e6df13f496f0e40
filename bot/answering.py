"""From a posted picture to an answer in chat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath

import discord

from bot import replies
from bot.client import Koredare
from bot.database import pictures, verdicts
from bot.database.pictures import Face, FaceFound, Picture
from bot.errors import UserError
from bot.recognition import Answer
from bot.views import reply_view
from ml import PictureError
from ml.images import PictureTooHeavy

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".apng"})
MOST_PICTURES = 4  # of one message; a labelled picture each has to fit into one reply
# Discord lets a bot upload 10 MiB to any server; all pictures of a reply share that.
UPLOAD_LIMIT = 9 * 2**20

Send = Callable[..., Awaitable[discord.Message | None]]


@dataclass(frozen=True, slots=True)
class Posted:
    """Pictures that somebody posted.

    Attributes
    ----------
    scope
        The guild, or the conversation if it was posted to the bot alone.
    message_id
        The message that has them; None if they came with a slash command.
    """

    attachments: Sequence[discord.Attachment]
    poster_id: int
    scope: int
    channel_id: int
    message_id: int | None

    @classmethod
    def in_message(cls, message: discord.Message) -> "Posted":
        """The pictures attached to a message; what is no picture by its type and name is left out."""
        return cls(
            [attachment for attachment in message.attachments if is_picture(attachment)][:MOST_PICTURES],
            message.author.id,
            message.channel.id if message.guild is None else message.guild.id,
            message.channel.id,
            message.id,
        )


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment claims to be a picture; whether it is one shows when it is read."""
    by_type = (attachment.content_type or "").startswith("image/")
    return by_type or PurePath(attachment.filename).suffix.lower() in SUFFIXES


async def answer(bot: Koredare, posted: Posted, send: Send, *, asked: bool) -> None:
    """Name the faces in posted pictures, in one reply.

    Parameters
    ----------
    send
        Posts the reply: called with discord.py's `content`, `files`, `view`; gives the message.
    asked
        Somebody wants an answer, so one is given also where there is no face.

    Raises
    ------
    PictureError, RecognitionError
        The only picture could not be read.
    UserError
        There is no picture.
    """
    if not posted.attachments:
        raise UserError(replies.NO_PICTURE)
    guild_model = bot.model(posted.scope)
    rows: list[tuple[Picture, list[FaceFound]]] = []
    files: list[discord.File] = []
    excuses: list[str] = []
    for attachment in posted.attachments:
        try:
            found = await _identify(bot, attachment, guild_model and guild_model.folder, len(posted.attachments))
        except PictureError as error:
            if len(posted.attachments) == 1:
                raise
            excuses.append(f"{discord.utils.escape_markdown(attachment.filename)}: {error}")
            continue
        if not found.recognition.faces:
            continue
        first = sum(len(faces) for _, faces in rows) + 1
        faces = _found(found, first)
        rows.append((_row(posted, attachment, found), faces))
        files.append(_file(found, attachment, faces))
    if not rows:
        if excuses or asked:
            await send(content="\n".join(excuses) or replies.NO_FACE)
        return
    async with bot.database.writing() as session:
        recorded: list[Face] = []
        for picture, faces in rows:
            recorded += await pictures.record(session, picture, faces)
        # What people said when the same picture was answered before holds.
        standings = await verdicts.standings(
            session, [face.id for face in recorded], quorum=bot.settings.feedback.quorum
        )
    content = "\n".join([replies.describe(recorded, standings), *excuses])
    reply = await send(content=content[: replies.MESSAGE_LIMIT], files=files, view=reply_view())
    if reply is not None:
        async with bot.database.writing() as session:
            await pictures.mark_reply(session, [picture.id for picture, _ in rows], reply.id)


async def _identify(bot: Koredare, attachment: discord.Attachment, version: Path | None, sharing: int) -> Answer:
    limit = int(bot.settings.recognition.max_megabytes * 2**20)
    if attachment.size > limit:
        raise PictureTooHeavy(attachment.size, limit)  # before it is even downloaded
    data = await attachment.read()
    return await bot.recognition.identify(data, version=version, max_bytes=UPLOAD_LIMIT // sharing)


def _found(answer: Answer, first: int) -> list[FaceFound]:
    return [
        FaceFound(
            number=number,
            box=face.box,
            angle=face.angle,
            score=face.score,
            name=face.name,
            confidence=face.confidence,
            candidates=face.candidates,
        )
        for number, face in enumerate(answer.recognition.faces, start=first)
    ]


def _row(posted: Posted, attachment: discord.Attachment, answer: Answer) -> Picture:
    return Picture(
        guild_id=posted.scope,
        source="discord",
        channel_id=posted.channel_id,
        message_id=posted.message_id,
        attachment_id=attachment.id,
        # An address expires; it is kept only where there is no message to ask for a new one.
        url=attachment.url if posted.message_id is None else None,
        poster_id=posted.poster_id,
        model=answer.recognition.model,
    )


def _file(answer: Answer, attachment: discord.Attachment, faces: Sequence[FaceFound]) -> discord.File:
    return discord.File(
        BytesIO(answer.picture),
        filename=f"whois{answer.suffix}",
        spoiler=attachment.is_spoiler(),
        description=replies.alt_text(faces),
    )
