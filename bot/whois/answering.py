"""From posted pictures to an answer in chat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import discord

from bot.answers import describing, labelling
from bot.answers.buttons import reply_view
from bot.chat import refusals
from bot.chat.errors import UserError
from bot.chat.replies import MESSAGE_LIMIT
from bot.client import Koredare, Place
from bot.database import pictures, verdicts
from bot.database.pictures import Face, FaceFound, Picture
from bot.database.verdicts import Standing
from bot.recognition import worker
from bot.recognition.pool import RecognitionError
from bot.recognition.worker import Answer
from bot.whois import strangers
from bot.words import Words
from ml import PictureError, Recognizer
from ml.pictures.reading import PictureTooHeavy

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".apng"})
MOST_PICTURES: Final = 4  # of one message; a labelled picture each has to fit into one reply
TOO_LARGE: Final = 413  # HTTP: Discord does not take so many bytes

Send = Callable[..., Awaitable[discord.Message | None]]


@dataclass(frozen=True, slots=True)
class Posted:
    """Pictures that somebody posted.

    Attributes
    ----------
    attachments
        Those to be looked at; `of` as many.
    place
        Where it belongs, without a locale.
    message_id
        The message that has them; None if they came with a slash command.
    """

    attachments: Sequence[discord.Attachment]
    poster_id: int
    place: Place
    channel_id: int
    message_id: int | None
    of: int = 1

    @classmethod
    def in_message(cls, bot: Koredare, message: discord.Message) -> "Posted":
        """The pictures attached to a message; what is no picture by its type and name is left out."""
        posted = pictures_of(message)
        return cls(
            posted[:MOST_PICTURES],
            message.author.id,
            bot.place_of(message),
            message.channel.id,
            message.id,
            of=len(posted),
        )


@dataclass(slots=True)
class _Seen:
    """A posted picture with faces, and what became of it."""

    attachment: discord.Attachment
    data: bytes
    answer: Answer
    row: Picture
    found: list[FaceFound]
    faces: list[Face]


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment claims to be a picture; whether it is one shows when it is read."""
    by_type = (attachment.content_type or "").startswith("image/")
    return by_type or PurePath(attachment.filename).suffix.lower() in SUFFIXES


def pictures_of(message: discord.Message) -> list[discord.Attachment]:
    """What is attached to a message and claims to be a picture."""
    return [attachment for attachment in message.attachments if is_picture(attachment)]


async def answer(posted: Posted, send: Send, *, asked: bool) -> None:
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
    words = posted.place.words
    if not posted.attachments:
        raise UserError(words("answer-no-picture"))
    seen: list[_Seen] = []
    notes = _Notes(words, posted)
    for attachment in posted.attachments:
        try:
            data, found = await _look(attachment, posted)
        except (PictureError, RecognitionError) as error:
            if len(posted.attachments) == 1:
                raise
            notes.refused(attachment, error)
            continue
        notes.moving += found.animated
        if found.recognition.faces:
            faces = _found(found, first=sum(len(each.found) for each in seen) + 1)
            seen.append(_Seen(attachment, data, found, _row(posted, attachment, found), faces, []))
    if seen:
        await _reply(posted, seen, notes, send)
    elif asked:
        await send(content=notes.below(words("answer-no-face", pictures=len(posted.attachments))))
    elif notes.excuses:
        await send(content="\n".join(notes.excuses)[:MESSAGE_LIMIT])


class _Notes:
    """What is said below the lines of an answer."""

    def __init__(self, words: Words, posted: Posted) -> None:
        self._words = words
        self._posted = posted
        self.excuses: list[str] = []
        self.moving = 0

    def refused(self, attachment: discord.Attachment, error: PictureError | RecognitionError) -> None:
        """One of several pictures could not be read."""
        why = refusals.tell(error, self._words) or str(error)
        self.excuses.append(f"{discord.utils.escape_markdown(attachment.filename)}: {why}")

    def below(self, text: str) -> str:
        """A text, and under it what is to be known of how the pictures were looked at."""
        notes = [*self.excuses]
        if self.moving:
            notes.append(self._words("answer-animated", pictures=len(self._posted.attachments)))
        if self._posted.of > len(self._posted.attachments):
            looked = len(self._posted.attachments)
            notes.append(self._words("answer-looked-at", looked=looked, posted=self._posted.of))
        return describing.with_notes(text, notes)


async def _reply(posted: Posted, seen: list[_Seen], notes: _Notes, send: Send) -> None:
    words = posted.place.words
    async with posted.place.database.writing() as session:
        for each in seen:
            each.faces = await pictures.record(session, each.row, each.found)
        faces = [face for each in seen for face in each.faces]
        # What people said when the same picture was answered before holds; of other faces nobody has spoken yet.
        again = [face.id for face in faces if face.same_as is not None]
        standings = await verdicts.standings(session, again, quorum=posted.place.quorum) if again else {}
    files = [
        await _file(posted.place, each, standings, number=number, of=len(seen))
        for number, each in enumerate(seen, start=1)
    ]
    lines = describing.describe(faces, standings, words)
    text = notes.below(describing.veiled(lines, [each.attachment for each in seen]))
    try:
        reply = await send(content=text, files=files, view=reply_view(words))
    except discord.HTTPException as error:
        if error.status != TOO_LARGE:
            raise
        text = describing.with_notes(text, [words("answer-too-large")])
        reply = await send(content=text, view=reply_view(words))
    if reply is not None:
        async with posted.place.database.writing() as session:
            await pictures.mark_reply(session, [each.row.id for each in seen], reply.id)
            for each in seen:
                await strangers.keep(session, each.faces, each.answer.samples, guild_id=posted.place.id)


async def _look(attachment: discord.Attachment, posted: Posted) -> tuple[bytes, Answer]:
    place = posted.place
    limit = int(place.bot.settings.recognition.max_megabytes * 2**20)
    if attachment.size > limit:
        raise PictureTooHeavy(attachment.size, limit)  # before it is even downloaded
    data = await attachment.read()
    model = place.model
    kept = await strangers.may_keep(place, posted.poster_id)
    identify = worker.identify_and_cut if kept else worker.identify
    return data, await place.recognition.run(
        identify,
        data,
        version=model and model.folder,
        caution=place.caution,
        max_bytes=labelling.room(place, pictures=len(posted.attachments)),
    )


def _found(answer: Answer, *, first: int) -> list[FaceFound]:
    return [
        FaceFound(
            number=number,
            box=face.box,
            angle=face.angle,
            score=face.score,
            name=face.name,
            confidence=face.confidence,
            candidates=face.candidates,
            quality=face.quality,
        )
        for number, face in enumerate(answer.recognition.faces, start=first)
    ]


def _row(posted: Posted, attachment: discord.Attachment, answer: Answer) -> Picture:
    return Picture(
        guild_id=posted.place.id,
        source="discord",
        channel_id=posted.channel_id,
        message_id=posted.message_id,
        attachment_id=attachment.id,
        # An address expires; it is kept only where there is no message to ask for a new one.
        url=attachment.url if posted.message_id is None else None,
        poster_id=posted.poster_id,
        model=answer.recognition.model,
    )


async def _file(place: Place, seen: _Seen, standings: dict[int, Standing], *, number: int, of: int) -> discord.File:
    """The labelled picture: as the worker drew it, unless the names or numbers that hold are others."""
    drawing = seen.answer.drawing
    wanted = labelling.labels(seen.faces, standings)
    if wanted != seen.answer.recognition.labels:
        room = labelling.room(place, pictures=of)
        drawing = await place.recognition.run(Recognizer.draw, seen.data, wanted, max_bytes=room)
    return labelling.file(
        drawing.data,
        labelling.name_of(number, of=of, suffix=drawing.suffix),
        describing.alt_text(seen.faces, standings, place.words),
        spoiler=seen.attachment.is_spoiler(),
    )
