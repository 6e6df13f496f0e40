"""From attached pictures, or a ZIP of them, to lessons: a picture, the faces in it, and whom it is to teach."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import discord

from bot.chat import refusals
from bot.chat.errors import UserError
from bot.chat.lost import LOST
from bot.client import Place
from bot.database.pictures import Picture
from bot.recognition import worker
from bot.recognition.errors import RecognitionError
from bot.recognition.tickets import Asked, Withdrawn
from bot.teaching.folders import whose
from ml import Face, PictureError, Recognizer, Sample
from ml.archives import ArchiveError, NotAnArchive, Part, TooManyParts
from ml.pictures.refusals import PictureTooHeavy

MOST: Final = 10  # pictures of one message, as Discord has it
MOST_ZIPPED: Final = 2_000  # pictures in a ZIP
_AT_ONCE: Final = 4  # more would hold up everybody's pictures
_EMPTY: Final = b"PK\x05\x06"  # how a ZIP begins that holds nothing
_RATIO: Final = 20  # times that a ZIP's files are larger than itself, at most: pictures hardly shrink

Found = list[tuple[Face, Sample]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that nothing is learned from, and why, in the words of the place."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A picture that shows a character, as it was looked at.

    Attributes
    ----------
    file
        What people call the picture.
    picture
        As it is to be stored.
    faces
        From left to right, as they are to be kept.
    """

    name: str
    file: str
    picture: Picture
    faces: Found


@dataclass(frozen=True, slots=True)
class Given:
    """Pictures to teach with.

    Attributes
    ----------
    picture
        What is to be stored of each, but for its attachment.
    upload
        Whoever teaches uploaded them for that, or posted them before: so they may be learned from.
    declined
        Nobody could ever agree to that.
    by
        Whoever teaches.
    """

    place: Place
    channel_id: int
    message_id: int | None
    poster_id: int
    upload: bool
    declined: bool
    by: int

    def picture(self, *, origin: str, attachment: discord.Attachment | None = None) -> Picture:
        """What is to be stored of one of them."""
        return Picture(
            guild_id=self.place.id,
            source="discord",
            channel_id=self.channel_id,
            message_id=self.message_id,
            attachment_id=attachment and attachment.id,
            url=attachment.url if attachment is not None and self.message_id is None else None,
            poster_id=self.poster_id,
            origin=origin if self.upload else None,
            declined=self.declined,
        )


Looked = Lesson | LeftOut
Looks = AsyncIterator[Sequence[Looked]]


async def attached(given: Given, attachments: Sequence[discord.Attachment], name: str) -> Looks:
    """Look at attached pictures of a character, a few at a time."""

    async def look(attachment: discord.Attachment) -> Looked:
        found = await _tried(given.place, attachment.filename, _read(given, attachment))
        if isinstance(found, LeftOut):
            return found
        picture = given.picture(origin=attachment.filename, attachment=attachment)
        return Lesson(name, attachment.filename, picture, found)

    for start in range(0, len(attachments), _AT_ONCE):
        yield await asyncio.gather(*map(look, attachments[start : start + _AT_ONCE]))


async def _read(given: Given, attachment: discord.Attachment) -> Found:
    limit = given.place.bot.settings.recognition.max_bytes
    if attachment.size > limit:
        raise PictureTooHeavy(attachment.size, limit)  # before it is even downloaded
    async with _turn(given, attachment.size):
        return await given.place.recognition.run(Recognizer.sample_all, await attachment.read())


@asynccontextmanager
async def _turn(given: Given, size: int) -> AsyncGenerator[None]:
    """Look at a picture of so many bytes when it is its turn: lessons stand in line with what is posted."""
    messages = () if given.message_id is None else (given.message_id,)
    asked = Asked(given.place.id, given.by, given.channel_id, messages, pictures=1, size=size)
    queue = given.place.bot.queue
    with queue.enter(asked) as ticket:
        async with queue.turn(ticket):
            yield


@dataclass(frozen=True, slots=True)
class Zipped:
    """A ZIP of pictures.

    Attributes
    ----------
    parts
        Its pictures, each with the character that it is to teach.
    left_out
        Its other files.
    """

    file: str
    data: bytes
    parts: Sequence[tuple[str, Part]]
    left_out: Sequence[LeftOut]


async def unzip(place: Place, attachment: discord.Attachment, name: str | None) -> Zipped:
    """What is in a ZIP: a folder for each character, or files named after them; or all of one (`name`).

    Raises
    ------
    UserError
        It is too large, no ZIP that can be read, or holds no pictures of anybody.
    """
    words = place.words
    limit = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES if place.guild is None else place.guild.filesize_limit
    if attachment.size > limit:
        raise UserError(words("teach-zip-too-heavy", megabytes=limit // 2**20, guild=str(place.id)))
    data = await attachment.read()
    most = 2 * MOST_ZIPPED  # folders and what systems leave behind are counted too
    try:
        parts = await place.recognition.run(worker.parts, data, most_parts=most, most_bytes=_RATIO * len(data))
    except TooManyParts as error:
        raise UserError(words("teach-zip-unfit", reason="too-many", most=MOST_ZIPPED)) from error
    except NotAnArchive as error:
        reason = "nobody" if data.startswith(_EMPTY) else "damaged" if data.startswith(b"PK") else "other"
        raise UserError(words("teach-zip-unfit", reason=reason, most=MOST_ZIPPED)) from error
    except ArchiveError as error:
        raise UserError(words("teach-zip-unfit", reason="damaged", most=MOST_ZIPPED)) from error
    named = whose([part.name for part in parts], everyones=name)
    taught = [(who, part) for part in parts if (who := named.get(part.name)) is not None]
    if not taught:
        raise UserError(words("teach-zip-unfit", reason="nobody", most=MOST_ZIPPED))
    if len(taught) > MOST_ZIPPED:
        raise UserError(words("teach-zip-unfit", reason="too-many", most=MOST_ZIPPED))
    left_out = [LeftOut(file, words("teach-nobodys")) for file, who in named.items() if who is None]
    return Zipped(attachment.filename, data, taught, left_out)


async def zipped(given: Given, archive: Zipped, origin: str) -> Looks:
    """Look at the pictures of a ZIP, a few at a time; `origin`: what to call it."""
    most = given.place.bot.settings.recognition.max_bytes

    async def look(name: str, part: Part) -> Looked:
        packed = archive.data[part.start : part.start + part.length]

        async def sampled() -> Found:
            async with _turn(given, 0):  # it is here already, with the ZIP
                return await given.place.recognition.run(worker.sample_part, part, packed, most=most)

        found = await _tried(given.place, part.name, sampled())
        if isinstance(found, LeftOut):
            return found
        return Lesson(name, PurePosixPath(part.name).name, given.picture(origin=f"{origin}/{name}"), found)

    for start in range(0, len(archive.parts), _AT_ONCE):
        yield await asyncio.gather(*(look(*each) for each in archive.parts[start : start + _AT_ONCE]))


async def _tried(place: Place, file: str, work: Awaitable[Found]) -> Found | LeftOut:
    """What was found in a file, or why it could not be looked at."""
    words = place.words
    try:
        return await work
    except (PictureError, RecognitionError) as error:
        return LeftOut(file, refusals.tell(error, words) or str(error))
    except ArchiveError:
        return LeftOut(file, words("teach-damaged"))
    except (*LOST, Withdrawn):
        return LeftOut(file, words("teach-gone"))
