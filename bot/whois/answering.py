"""From posted pictures to an answer in chat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import discord

from bot import logs, metrics
from bot.answers import describing, labelling
from bot.answers.buttons import reply_view
from bot.calls import NoPicture
from bot.chat import errors
from bot.chat.errors import UserError
from bot.chat.lost import LOST
from bot.chat.replies import MESSAGE_LIMIT, quoted
from bot.client import Place, Since
from bot.database import consents, pictures, verdicts
from bot.database.pictures import Face, Picture
from bot.database.verdicts import Standing
from bot.examples import at_once
from bot.recognition import worker
from bot.recognition.errors import RecognitionError
from bot.recognition.limits import StillBusy
from bot.recognition.tickets import Asked, Withdrawn
from bot.recognition.worker import Answer
from bot.whois import strangers
from bot.whois.attachments import Posted
from bot.whois.turns import Send, Turns
from bot.words import Words
from ml import PictureError, Recognizer
from ml.naming.names import Names
from ml.pictures.refusals import PictureTooHeavy, PictureTooSmall, UnsupportedPicture
from ml.versions.charge import InCharge

_NOT_MEANT: Final = (PictureTooSmall, UnsupportedPicture)
"""What nobody posts to be told who it is, an emote or a drawing program's file: refused only to those who ask."""
TOO_LARGE: Final = 413  # HTTP: Discord does not take so many bytes


@dataclass(frozen=True, slots=True)
class _Seen:
    """A posted picture with faces, and what was seen in it; `first`: the number of its first face."""

    attachment: discord.Attachment
    data: bytes
    answer: Answer
    row: Picture
    first: int

    def faces(self, before: Sequence[Face]) -> list[Face]:
        """Its faces, to be stored or shown."""
        return pictures.faces_of(self.row, self.answer.recognition.faces, first=self.first, before=before)


@dataclass(frozen=True, slots=True)
class _Known:
    """By what pictures are judged, as it is when their turn comes; `kept`: their faces may be kept."""

    charge: InCharge
    since: Since
    kept: bool

    @classmethod
    async def of(cls, posted: Posted) -> Self:
        charge = await posted.place.in_charge()
        async with posted.place.database.reading() as session:
            taught = await at_once.taught(session, posted.place, charge)
            said = await consents.get(session, posted.poster_id)
        since = await at_once.since(posted.place, charge, taught)
        return cls(charge, since, await strangers.may_keep(posted.place, posted.poster_id, said))


@metrics.timed("answer")
@metrics.counted(metrics.MESSAGES, well="answered")
async def answer(posted: Posted, send: Send, *, by: int, asking: discord.Message | None, asked: bool) -> None:
    """Name the faces in posted pictures, in one reply, when it is their turn.

    Parameters
    ----------
    send
        Posts the reply: called with discord.py's `content`, `files`, `view`; gives the message.
    by
        Who wants to know, by their id.
    asking
        The message by which they do; None: it is an interaction.
    asked
        Somebody wants an answer, so one is given also where there is no face.

    Raises
    ------
    PictureError, RecognitionError
        The only picture could not be read, or too many wait.
    UserError
        There is no picture, or it was deleted while it waited.
    """
    place = posted.place
    if not posted.attachments:
        raise UserError(place.words("answer-no-picture"))
    logs.about(picture=posted.attachments[0].id, message=posted.message_id)
    messages = {each for each in (posted.message_id, asking and asking.id) if each is not None}
    sizes = [each.size for each in posted.attachments if each.size <= place.bot.settings.recognition.max_bytes]
    wanted = Asked(place.id, by, posted.channel_id, messages, pictures=len(posted.attachments), size=sum(sizes))
    queue = place.bot.queue
    # Of two who ask about the same picture at once the second waits, and its faces are known as the first one's.
    alone = place.bot.editing.setdefault(posted.attachments[0].id, asyncio.Lock())
    try:
        with queue.enter(wanted) as ticket:
            async with alone, Turns(queue, ticket, place.words, send, asking) as turns:
                await _answer(posted, turns, send, asked=asked)
    except StillBusy:
        if asking is None:
            raise
    except Withdrawn as gone:
        if asking is None or gone.message_id not in (None, asking.id):
            raise UserError(place.words("error-gone")) from gone


async def _answer(posted: Posted, turns: Turns, send: Send, *, asked: bool) -> None:
    words = posted.place.words
    seen: list[_Seen] = []
    notes = _Notes(words, posted)
    known: _Known | None = None
    first = 1
    for attachment in posted.attachments:
        try:
            _require_light(attachment, posted.place)
            async with turns.turn() as beside:
                known = known or await _Known.of(posted)
                data, found = await _look(attachment, posted, known, first=first, beside=beside)
        except (PictureError, RecognitionError, *LOST) as error:
            if not asked and isinstance(error, _NOT_MEANT):
                continue
            if len(posted.attachments) == 1:
                raise
            notes.refused(attachment, errors.explain(error, words))
            continue
        notes.moving += found.animated
        notes.more |= found.recognition.more
        if found.recognition.faces:
            seen.append(_Seen(attachment, data, found, _row(posted, attachment, found), first))
            first += len(found.recognition.faces)
    if seen and known is not None:
        notes.damage = describing.damage(known.charge, words, prefix=posted.place.bot.prefix)
        await _reply(posted, seen, known.since.taught.names, notes, send, asked=asked)
    elif asked:
        await send(content=notes.below(words("answer-no-face", pictures=len(posted.attachments))))
    elif notes.excuses:
        await send(content="\n".join(notes.excuses)[:MESSAGE_LIMIT])


class _Notes:
    """What is said below the lines of an answer."""

    def __init__(self, words: Words, posted: Posted) -> None:
        self._words = words
        self._posted = posted
        self.damage: str | None = None
        self.excuses: list[str] = []
        self.moving = 0
        self.more = False

    def refused(self, attachment: discord.Attachment, why: str) -> None:
        """One of several pictures could not be read, or could not be had from Discord."""
        self.excuses.append(f"{quoted(attachment.filename)}: {why}")

    def below(self, text: str) -> str:
        """A text, and under it what is to be known of how the pictures were looked at."""
        notes = [*self.excuses] if self.damage is None else [self.damage, *self.excuses]
        if self.moving:
            notes.append(self._words("answer-animated", pictures=len(self._posted.attachments)))
        if self.more:
            notes.append(self._words("answer-more-faces"))
        if self._posted.of > len(self._posted.attachments):
            looked = len(self._posted.attachments)
            notes.append(self._words("answer-looked-at", looked=looked, posted=self._posted.of))
        return describing.with_notes(text, notes)


@metrics.timed("reply")
async def _reply(posted: Posted, seen: list[_Seen], names: Names, notes: _Notes, send: Send, *, asked: bool) -> None:
    place, words = posted.place, posted.place.words
    async with place.database.reading() as session:
        attachments = [each.attachment.id for each in seen]
        before = await pictures.answered_before(session, attachments, guild_id=place.id)
        # What people said when the same picture was answered before holds; of other faces nobody has spoken yet.
        quorum = place.quorum
        standings = await verdicts.standings_of(session, before, guild_id=place.id, quorum=quorum) if before else {}
    shown = [pictures.today(each.faces(before), names) for each in seen]
    every = [face for faces in shown for face in faces]
    if not asked and place.bot.settings.discord.strangers == "line" and describing.nobody_known(every, standings):
        lines, files = describing.in_a_line(every, words, prefix=place.bot.prefix), []
    else:
        lines = describing.describe(every, standings, words)
        files = [
            await _file(place, each, faces, standings, number=number, of=len(seen))
            for number, (each, faces) in enumerate(zip(seen, shown, strict=True), start=1)
        ]
    text = notes.below(describing.veiled(lines, [each.attachment for each in seen]))
    with place.bot.giving(place.id):
        try:
            reply = await send(content=text, files=files, view=reply_view(words))
        except discord.HTTPException as error:
            if error.status != TOO_LARGE:
                raise
            text = describing.with_notes(text, [words("answer-too-large")])
            reply = await send(content=text, view=reply_view(words))
        await _remember(posted, seen, before, reply)


@metrics.timed("store")
async def _remember(posted: Posted, seen: list[_Seen], before: Sequence[Face], reply: discord.Message | None) -> None:
    """Store what was answered, and keep what may be asked about."""
    place = posted.place
    async with place.database.writing() as session:
        if before:  # somebody may have been forgotten since
            attachments = [each.attachment.id for each in seen]
            before = await pictures.answered_before(session, attachments, guild_id=place.id)
        rows = [each.faces(before) for each in seen]
        for each in seen:
            each.row.reply_id = None if reply is None else reply.id
        await pictures.store(session, [face for faces in rows for face in faces])
        cut = [
            (face, sample)
            for each, faces in zip(seen, rows, strict=True)
            for face, sample in zip(faces, each.answer.samples, strict=False)
        ]
        await strangers.keep(session, cut, guild_id=place.id)


def _require_light(attachment: discord.Attachment, place: Place) -> None:
    """Refuse what is too large before it is even downloaded."""
    if attachment.size > (limit := place.bot.settings.recognition.max_bytes):
        raise PictureTooHeavy(attachment.size, limit)


async def _look(
    attachment: discord.Attachment, posted: Posted, known: _Known, *, first: int, beside: bool
) -> tuple[bytes, Answer]:
    place, version = posted.place, known.charge.version
    run = place.recognition.first if beside else place.recognition.run
    data = await attachment.read()
    try:
        return data, await run(
            worker.identify,
            data,
            version=version and version.folder,
            learned=known.since.learned,
            caution=place.caution,
            first=first,
            called=known.since.taught.names,
            max_bytes=labelling.room(place, pictures=len(posted.attachments)),
            keep=known.kept,
        )
    except PictureError as error:
        if len(data) != attachment.size:  # it is not what was posted
            raise NoPicture(f"{len(data)} bytes instead of {attachment.size}", gone=False) from error
        raise


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
        declined=posted.declined,
    )


async def _file(
    place: Place,
    seen: _Seen,
    faces: Sequence[Face],
    standings: Mapping[int, Standing],
    *,
    number: int,
    of: int,
) -> discord.File:
    """The labelled picture: as the worker drew it, unless people said something else of the same picture before."""
    drawing = seen.answer.drawing
    wanted = labelling.labels(faces, standings)
    if wanted != seen.answer.labels:
        room = labelling.room(place, pictures=of)
        drawing = await place.recognition.run(Recognizer.draw, seen.data, wanted, max_bytes=room)
    return labelling.file(
        drawing.data,
        labelling.name_of(number, of=of, suffix=drawing.suffix),
        describing.alt_text(faces, standings, place.words),
        spoiler=seen.attachment.is_spoiler(),
    )
