"""A review: the faces that would teach most, a sheet of them at a time, and why each is asked."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from bot.answers import describing
from bot.chat import posted, replies
from bot.chat.permissions import Speaker
from bot.chat.places import Channel, shown_to
from bot.client import Place
from bot.database import examples, reviews, samples
from bot.database.errors import NoConsent, NoSuchFace
from bot.database.reviews import Unsettled
from bot.examples import at_once
from bot.recognition import worker
from bot.words import Words
from ml.naming.classifier import Candidate
from ml.naming.names import plain
from ml.reviewing.asking import MOST, Question, Waiting, unknown
from ml.reviewing.gallery import Line, Tile

GROUPS = frozenset({"strangers", "alike"})
_FETCHED = 3 * MOST  # disputed faces whose pictures are read again for one review
_ALT_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked at once: one group of faces that look alike, or up to nine faces one by one.

    Attributes
    ----------
    left
        Questions that follow.
    faces, crops
        Of each face asked for, by id.
    """

    questions: tuple[Question, ...]
    left: int
    faces: dict[int, Unsettled]
    crops: dict[int, bytes]

    @property
    def group(self) -> Question | None:
        """The group, if it is one."""
        return self.questions[0] if self.questions[0].why in GROUPS else None

    @property
    def shown(self) -> list[int]:
        """The faces in the order of their numbers."""
        return [face for question in self.questions for face in question.faces]


async def fetch_disputed(place: Place) -> None:
    """Keep the faces whose answer somebody contradicts, so that they can be shown; of posters who agreed, and for now.

    The model was sure of them when they were posted, so they were not kept then.
    """
    if place.consent == "never":
        return
    async with place.database.reading() as session:
        faces = await reviews.disputed_unkept(session, guild_id=place.id, quorum=place.quorum, limit=_FETCHED)
    async for cuts in posted.cut_again(place.bot, faces):
        async with place.database.writing() as session:
            for face_id, cut in cuts.items():
                try:
                    await examples.keep(session, face_id, cut)
                except (NoConsent, NoSuchFace):
                    continue  # they said no, or had all of it forgotten, meanwhile
            await samples.make_room(session, guild_id=place.id)


async def next_sheet(speaker: Speaker, channel: Channel, *, since: datetime) -> Sheet | None:
    """The next sheet of a review that began then; None: there is nothing to ask, or nothing may be learned here.

    What was posted where not everybody sees it, or where age is restricted, is shown in such places only, and what the
    one who asks cannot see there is not theirs to name.
    """
    place = speaker.place
    if place.consent == "never":
        return None
    charge = await place.in_charge()
    async with place.database.reading() as session:
        found = await reviews.unsettled(session, guild_id=place.id, since=since, quorum=place.quorum)
        seen = await shown_to(speaker, (each.face.picture.channel_id for each in found), channel)
        found = [each for each in found if each.face.picture.channel_id in seen]
        known = await reviews.other_looks(session, guild_id=place.id, asked=[each.face.id for each in found])
        taught = await at_once.taught(session, place, charge)
    asked = await place.recognition.run(
        worker.questions,
        [_waiting(each) for each in found],
        version=charge.version and charge.version.folder,
        learned=(await at_once.since(place, charge, taught)).learned,
        known=known,
    )
    if not asked:
        return None
    chosen = asked[:1] if asked[0].why in GROUPS else list(takewhile(lambda each: each.why not in GROUPS, asked))[:MOST]
    faces = [face for question in chosen for face in question.faces]
    async with place.database.reading() as session:
        crops = await samples.crops(session, faces)
    if len(crops) < len(faces):  # somebody was forgotten meanwhile
        return await next_sheet(speaker, channel, since=since)
    return Sheet(
        tuple(chosen), len(asked) - len(chosen), {each.face.id: each for each in found if each.face.id in faces}, crops
    )


def _waiting(each: Unsettled) -> Waiting:
    return Waiting(
        each.face.id,
        each.embedding,
        each.embedder,
        each.look,
        refused=each.standing.refused,
        disputed=bool(each.standing.votes),
        apart=each.apart,
        skipped=each.skipped,
    )


async def draw(place: Place, sheet: Sheet, words: Words) -> bytes:
    """The faces of a sheet, numbered, as a PNG."""
    captions = {} if sheet.group else {each.faces[0]: _caption(sheet, each, words) for each in sheet.questions}
    tiles = [Tile(sheet.crops[face], captions.get(face, ())) for face in sheet.shown]
    return await place.recognition.run(worker.draw_gallery, tiles)


def describe(sheet: Sheet, words: Words) -> str:
    """Why each face of a sheet is asked, with a way to its picture, and how much follows."""
    group = sheet.group
    if group is None:
        lines = [words("review-singles")]
        lines += [
            words("review-line", number=str(number), why=why(sheet, each, words), link=_link(sheet, each.faces[0]))
            for number, each in enumerate(sheet.questions, start=1)
        ]
    else:
        links = words("comma").join(
            f"[{number}]({_link(sheet, face)})" for number, face in enumerate(group.faces, start=1)
        )
        lines = [why(sheet, group, words), words("review-pictures", links=links)]
    if sheet.left:
        lines.append(words("review-left", left=sheet.left))
    return "\n".join(lines)


def why(sheet: Sheet, question: Question, words: Words) -> str:
    """Why something is asked, in words."""
    match question.why:
        case "strangers":
            return words("review-strangers", faces=len(question.faces))
        case "alike":
            return words("review-alike", faces=len(question.faces), who=_unsure(question, words))
        case "disputed":
            votes = sheet.faces[question.faces[0]].standing.votes
            return words("comma").join(each for vote in votes for each in describing.said(vote, words))
        case "unsure":
            return words("review-unsure", who=_unsure(question, words))
        case "stranger":
            return words("review-stranger")
        case "alone":
            return words("review-alone")


def alt_text(sheet: Sheet, words: Words) -> str:
    """What a screen reader says of a sheet."""
    if sheet.group is not None:
        return words("review-alt-group", faces=len(sheet.group.faces))
    lines = [f"{number}: {why(sheet, each, words)}" for number, each in enumerate(sheet.questions, start=1)]
    return words("review-alt", lines="; ".join(lines))[:_ALT_LIMIT]


def _caption(sheet: Sheet, question: Question, words: Words) -> tuple[Line, ...]:
    """The answers between which to choose, a line each."""
    votes = [vote.name for vote in sheet.faces[question.faces[0]].standing.votes if vote.people]
    names = [words("answer-not-a-face") if name is None else plain(name) for name in votes]
    either = names[:2] or _either(question, words)
    last = words("review-caption", who=either[-1])
    return (Line(either[0]), Line(last, words("review-caption-or"))) if len(either) > 1 else (Line(last),)


def _either(question: Question, words: Words) -> list[str]:
    """The two likeliest answers, of which "somebody new" may be one."""
    nobody = Candidate("", unknown(question.candidates))
    likely = sorted([*question.candidates, nobody], key=lambda each: -each.confidence)[:2]
    return [plain(each.name) or words("review-somebody-new") for each in likely]


def _unsure(question: Question, words: Words) -> str:
    either = [replies.shown(name) for name in _either(question, words)]
    return words("review-either", one=either[0], other=either[1]) if len(either) > 1 else either[0]


def _link(sheet: Sheet, face: int) -> str:
    picture = sheet.faces[face].face.picture
    return f"https://discord.com/channels/{picture.guild_id}/{picture.channel_id}/{picture.reply_id}"
