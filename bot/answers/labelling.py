"""The labelled pictures of an answer: drawn with the names that hold now, and drawn again when these change."""

import logging
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import groupby

import discord

from bot.answers import describing
from bot.chat import posted
from bot.chat.lost import LOST
from bot.client import Place
from bot.database.pictures import Face
from bot.database.verdicts import Standing
from bot.recognition.errors import RecognitionError
from ml import Box, PictureError, Recognizer
from ml.drawing.labelled import Label

log = logging.getLogger(__name__)

_SPOILER = "SPOILER_"


def room(place: Place, *, pictures: int) -> int:
    """How many bytes each of some pictures may have in one message there; a little less than Discord allows."""
    guild = place.guild
    limit = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES if guild is None else guild.filesize_limit
    return limit * 9 // 10 // pictures


def labels(faces: Sequence[Face], standings: Mapping[int, Standing]) -> tuple[Label, ...]:
    """What to write at the faces of a picture; what people settled to be no face bears nothing."""
    return tuple(
        Label(face.number, Box(*face.box), name or f"{question or ''}?", known=name is not None)
        for face in faces
        for standing in [standings.get(face.spoken_of)]
        if describing.is_face(standing)
        for name, question in [(describing.name_shown(face, standing), describing.name_asked(face, standing))]
    )


def name_of(number: int, *, of: int, suffix: str) -> str:
    """The file name of one of the pictures of an answer; it says which one it is."""
    return f"whois{suffix}" if of == 1 else f"whois-{number}{suffix}"


def file(data: bytes, name: str, alt: str, *, spoiler: bool) -> discord.File:
    """A labelled picture, to be sent."""
    return discord.File(BytesIO(data), filename=name, spoiler=spoiler, description=alt)


async def renewed(
    place: Place, answer: discord.Message, faces: Sequence[Face], standings: Mapping[int, Standing]
) -> list[discord.Attachment | discord.File]:
    """The pictures of an answer, drawn again where they bear other names than hold now.

    The description of each attachment says which names it bears. A picture that cannot be read any more stays as it
    is: the lines above it are right all the same.
    """
    posted = [list(group) for _, group in groupby(faces, key=lambda face: face.picture_id)]
    shown = {name_of(number, of=len(posted), suffix=""): group for number, group in enumerate(posted, start=1)}
    return [
        await _renewed(place, attachment, shown[name], standings, of=len(posted))
        if (name := _bare(attachment.filename)) in shown
        else attachment
        for attachment in answer.attachments
    ]


async def _renewed(
    place: Place,
    before: discord.Attachment,
    faces: Sequence[Face],
    standings: Mapping[int, Standing],
    *,
    of: int,
) -> discord.Attachment | discord.File:
    picture = faces[0].picture
    alt = describing.alt_text(faces, standings, place.words)
    if before.description == alt:
        return before
    try:
        async with place.bot.queue.again:
            data = await posted.read_picture(place.bot, picture)
            drawing = await place.recognition.run(
                Recognizer.draw, data, labels(faces, standings), max_bytes=room(place, pictures=of)
            )
    except (*LOST, PictureError, RecognitionError) as error:
        log.info("Picture %s is not drawn again: %r", picture.id, error)
        return before
    return file(drawing.data, f"{_bare(before.filename)}{drawing.suffix}", alt, spoiler=before.is_spoiler())


def _bare(filename: str) -> str:
    return filename.removeprefix(_SPOILER).partition(".")[0]
