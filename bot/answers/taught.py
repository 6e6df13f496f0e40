"""What an answer to a lesson says and shows: whom it taught, by how many faces, what people made of that."""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal, TypeAlias

import discord

from bot.answers.describing import fitting
from bot.chat.lost import LOST
from bot.chat.replies import ALT_TEXT, MESSAGE_LIMIT, shown
from bot.client import Place
from bot.database import samples
from bot.database.pictures import Face
from bot.database.verdicts import Standing
from bot.recognition import worker
from bot.recognition.errors import RecognitionError
from bot.words import Words
from ml.naming.names import plain
from ml.reviewing.gallery import Line, Tile

log = logging.getLogger(__name__)

SHEET: Final = "taught"
"""What the picture of such an answer is called; by that it is told from other answers."""

_SHOWN: Final = 60  # faces on a sheet

How: TypeAlias = Literal["moderator", "members", "wanting", "disputed"]


def is_one(answer: discord.Message) -> bool:
    """Whether an answer is one to a lesson."""
    return any(map(_is_sheet, answer.attachments))


def describe(faces: Sequence[Face], standings: Mapping[int, Standing], words: Words, *, quorum: int) -> str:
    """A line for all faces that stand alike among people, and one for what is still asked."""
    alike: dict[tuple[How, int], Counter[str]] = defaultdict(Counter)
    for face in faces:
        if (stands := _how(standings[face.spoken_of], quorum)) is not None:
            name, how, wanting = stands
            alike[how, wanting][name] += 1
    lines = [_line(names, how, wanting, words) for (how, wanting), names in alike.items()]
    if asked := asked_about(faces, standings):
        lines.append(words("taught-which", pictures=len({face.picture_id for face in asked})))
    return fitting(lines, MESSAGE_LIMIT // 2, "\n", words) if lines else words("taught-nobody")


def asked_about(faces: Sequence[Face], standings: Mapping[int, Standing]) -> list[Face]:
    """The faces of pictures with several of them, of none of which anybody has said who it is."""
    spoken = {face.picture_id for face in faces if face.name is not None or standings[face.spoken_of].votes}
    return [face for face in faces if face.picture_id not in spoken]


def _how(standing: Standing, quorum: int) -> tuple[str, How, int] | None:
    """Whom people take a face for, how that stands, and how many more must agree; None: for nobody."""
    if (verdict := standing.verdict) is not None:
        return None if verdict.name is None else (verdict.name, "moderator" if verdict.trusted else "members", 0)
    names = [vote for vote in standing.votes if vote.name is not None and vote.people]
    if not names:
        return None
    name = names[0].name or ""
    return (name, "disputed", 0) if len(names) > 1 else (name, "wanting", max(quorum - names[0].counting, 1))


def _line(names: Counter[str], how: How, wanting: int, words: Words) -> str:
    said = words("taught-how", how=how, wanting=wanting)
    if len(names) == 1:
        ((name, faces),) = names.items()
        return words("taught-one", name=shown(name), faces=faces, how=said)
    each = [f"{shown(name)} ({faces})" for name, faces in sorted(names.items())]
    listed = fitting(each, MESSAGE_LIMIT // 3, words("comma"), words)
    return words("taught-several", faces=names.total(), characters=len(names), how=said, names=listed)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: faces with their numbers, and what a screen reader says of them."""

    faces: list[Face]
    below: list[tuple[Line, ...]]
    alt: str


def sheet(faces: Sequence[Face], standings: Mapping[int, Standing], shown_of: Collection[int], words: Words) -> Sheet:
    """All faces that one character was taught by, or one of each character with how many there are; those asked about.

    Parameters
    ----------
    shown_of
        The ids of the faces that can be drawn.
    """
    drawable = [face for face in faces if face.id in shown_of]
    if len({face.name for face in faces} - {None}) < 2:
        # The one name there is stands above the sheet, where it changes with what people say.
        told = [(face, "?" if face.name is None else plain(face.name), 0) for face in drawable]
    else:
        of: dict[str, list[Face]] = defaultdict(list)
        for face in faces:
            if (stands := _how(standings[face.spoken_of], 1)) is not None:
                of[stands[0]].append(face)
        first = {name: next((face for face in each if face.id in shown_of), None) for name, each in of.items()}
        told = [(face, plain(name), len(of[name])) for name, face in sorted(first.items()) if face is not None]
        told += [(face, "?", 0) for face in asked_about(faces, standings) if face.id in shown_of]
    told = told[:_SHOWN]
    lines = [f"{face.number}: {name}" + (f" ({count})" if count else "") for face, name, count in told]
    below = [(Line(name, f"{count} ×"),) if count else (Line(name),) if name == "?" else () for _, name, count in told]
    return Sheet([face for face, _, _ in told], below, words("taught-alt", lines="; ".join(lines))[:ALT_TEXT])


async def drawn(place: Place, made: Sheet, crops: Mapping[int, bytes], *, spoiler: bool) -> discord.File:
    """The picture of a sheet, to be sent."""
    tiles = [Tile(crops[face.id], below, str(face.number)) for face, below in zip(made.faces, made.below, strict=True)]
    data = await place.recognition.run(worker.draw_gallery, tiles)
    return discord.File(BytesIO(data), f"{SHEET}.png", spoiler=spoiler, description=made.alt)


async def renewed(
    place: Place, answer: discord.Message, faces: Sequence[Face], standings: Mapping[int, Standing]
) -> list[discord.Attachment | discord.File]:
    """The files of an answer, its sheet drawn again where it bears names that hold no more."""
    before = next(each for each in answer.attachments if _is_sheet(each))
    files: list[discord.Attachment | discord.File] = list(answer.attachments)
    if len({face.name for face in faces} - {None}) < 2:
        return files
    async with place.database.reading() as session:
        kept = set(await samples.kept(session, [face.spoken_of for face in faces]))
        made = sheet(faces, standings, {face.id for face in faces if face.spoken_of in kept}, place.words)
        if before.description == made.alt or not made.faces:
            return files
        found = await samples.crops(session, [face.spoken_of for face in made.faces])
    try:
        crops = {face.id: found[face.spoken_of] for face in made.faces}
        files[files.index(before)] = await drawn(place, made, crops, spoiler=before.is_spoiler())
    except (*LOST, RecognitionError) as error:
        log.info("The sheet of %s is not drawn again: %r", answer.id, error)
    return files


def _is_sheet(attachment: discord.Attachment) -> bool:
    return attachment.filename.removeprefix("SPOILER_").startswith(f"{SHEET}.")
