"""What somebody says of an answer: written down, shown in the answer, and followed up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot import disk
from bot.answers import describing, update
from bot.chat.errors import UserError
from bot.chat.permissions import Speaker
from bot.chat.replies import shown as shown_name
from bot.client import Place
from bot.database import characters, corrections, examples
from bot.database.characters import Called
from bot.database.ledger import Said, Via
from bot.database.pictures import Face
from bot.database.verdicts import Standing
from bot.examples import from_posts
from bot.privacy import consent
from bot.words import Words
from ml.faces.quality import LEARNABLE

_LEARNING: Final[dict[consent.Leave, describing.Learning]] = {"yes": "next", "no": "refused", "asked": "waits"}


class Forgotten(UserError):
    """An answer, or a face of it, that is not in the database."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("answer-forgotten"))


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of undoing everything that a person said.

    Attributes
    ----------
    corrections
        That counted until now.
    examples
        Faces to learn from that lost their name, or got another.
    faces
        Of which the person spoke, in the latest answers: these are to be brought up to date.
    """

    corrections: int
    examples: int
    faces: list[Face]


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known after a correction.

    Attributes
    ----------
    standings
        How all faces of the answers stand, by what people speak of (`Face.spoken_of`).
    leave
        Of the corrected pictures with settled faces, by id: whether they are learned from.
    """

    standings: dict[int, Standing]
    leave: dict[int, consent.Leave]


@dataclass(frozen=True, slots=True)
class Naming:
    """A face is this character (None: no face); `meant`: whom the name means, where that has been looked for."""

    face: Face
    who: str | None
    meant: Called | None = None


async def confirm(speaker: Speaker, shown: Sequence[Face], *, via: Via) -> str:
    """Every name in the answer is right; of an answer that only asks for names, yes. Gives the thanks.

    Faces without a name are left as they are, and where names are said, so are those that one is asked for: what the
    yes is about could not be told.

    Parameters
    ----------
    shown
        All faces of the answer, or of the answers, of which somebody speaks: as `admit` gives them, here and below.
    """
    standings = await update.standings_of(speaker.place, shown)
    said = [(face, who) for face in shown if (who := _name_said(face, standings[face.spoken_of])) is not None]
    asked = [
        (face, who) for face in shown if (who := describing.name_asked(face, standings[face.spoken_of])) is not None
    ]
    if not said and not asked:
        raise UserError(speaker.place.words("correction-nobody-named"))
    async with speaker.place.database.writing() as session:
        for face, name in said or asked:
            who = await characters.get_or_create(session, name, guild_id=speaker.place.id)
            await _say(session, speaker, face, "right" if name == face.name else "name", who.id, via=via)
    faces = [face for face, _ in said or asked]
    followed = await follow(speaker.place, shown, faces)
    words, learning = speaker.place.words, {_learning(speaker, face, followed) for face in faces}
    thanks = [words("correction-thanks")]
    if "waits" in learning:
        yours = all(face.picture.poster_id == speaker.user_id for face in faces)
        thanks.append(words("correction-thanks-waits", yours="yes" if yours else "no"))
    if "never" in learning:
        thanks.append(words("never-learned"))
    return " ".join(thanks)


async def refuse(
    speaker: Speaker, shown: Sequence[Face], face: Face, kind: Said, *, via: Via, who: str | None = None
) -> Standing | None:
    """A face is not this character ("not"; None: whom the answer says now, or asks for), or no face ("not_face").

    Gives how it stands then; None if there is nothing to refuse, as it was unknown.
    """
    place, character = speaker.place, None
    meant = who or (await name_meant(speaker, face) if kind == "not" else None)
    if kind == "not" and meant is None:
        return None
    async with place.database.writing() as session:
        if kind == "not" and meant is not None:
            character = (await characters.get_or_create(session, meant, guild_id=place.id)).id
        await _say(session, speaker, face, kind, character, via=via)
    return (await follow(place, shown, [face])).standings[face.spoken_of]


async def name_meant(speaker: Speaker, face: Face) -> str | None:
    """Whom a "yes" or a "no" is about that is said of one face: whom the answer says now, or asks for."""
    standing = (await update.standings_of(speaker.place, [face]))[face.spoken_of]
    return _name_said(face, standing) or describing.name_asked(face, standing)


def _name_said(face: Face, standing: Standing) -> str | None:
    """The name that an answer says of a face: settled, guessed, or the only one that people say of a stranger."""
    shown = describing.name_shown(face, standing)
    if shown is not None or standing.verdict is not None:
        return shown
    votes = [vote for vote in standing.votes if vote.people]
    return votes[0].name if len(votes) == 1 and not votes[0].against else None


async def name(
    speaker: Speaker, shown: Sequence[Face], face_id: int, who: str | None, *, meant: Called | None = None, via: Via
) -> str:
    """A face is this character (None: no face); gives the sentence to thank with.

    `meant`: the character of that name, where it has been looked for already.
    """
    naming = Naming(one(speaker, shown, face_id), who, meant)
    (thanks,) = await name_each(speaker, shown, [naming], via=via)
    return thanks


async def name_each(speaker: Speaker, shown: Sequence[Face], namings: Sequence[Naming], *, via: Via) -> list[str]:
    """Several faces are each somebody; all is written at once, and shown once. Gives the thanks for each."""
    place = speaker.place
    async with place.database.writing() as session:
        called = [await _called(session, place, each.who, each.meant) for each in namings]
        for each, (who, _) in zip(namings, called, strict=True):
            await _say(session, speaker, each.face, "name" if who else "not_face", who and who.id, via=via)
    followed = await follow(place, shown, [each.face for each in namings])
    return [
        _thanks(speaker, followed, each.face, who and who.name, new=new)
        for each, (who, new) in zip(namings, called, strict=True)
    ]


def _thanks(speaker: Speaker, followed: Followed, face: Face, today: str | None, *, new: bool) -> str:
    place, words = speaker.place, speaker.place.words
    learning = _learning(speaker, face, followed)
    standing = followed.standings[face.spoken_of]
    yours = face.picture.poster_id == speaker.user_id
    said = [describing.noted(today, standing, words, quorum=place.quorum, learning=learning, yours=yours)]
    if today is not None and new:
        said.append(words("correction-somebody-new", who=shown_name(today)))
    if today is not None and _is_poor(face) and not speaker.alone and place.consent != "never":
        said.append(words("correction-too-poor"))
    return " ".join(said)


async def name_all(
    speaker: Speaker, shown: Sequence[Face], face_ids: Collection[int], who: str | None, *, via: Via
) -> tuple[list[Face], str | None]:
    """Several faces are this character (None: no faces); `follow` them afterwards. Gives them, and its name today."""
    place, faces = speaker.place, [face for face in shown if face.id in face_ids]
    async with place.database.writing() as session:
        called, _ = await _called(session, place, who, None)
        for face in faces:
            await _say(session, speaker, face, "name" if called else "not_face", called and called.id, via=via)
    return faces, called and called.name


async def _called(
    session: AsyncSession, place: Place, who: str | None, meant: Called | None
) -> tuple[Called | None, bool]:
    """Whom a name means, None for no face; and whether they are somebody new."""
    if who is None or meant is not None:
        return meant, False
    return await characters.called_or_new(session, who, guild_id=place.id)


async def take_back(speaker: Speaker, shown: Sequence[Face], kind: Said, *, via: Via) -> None:
    """What this person said in this way of the faces of an answer counts no more; a yes may have been to a name."""
    kinds: tuple[Said, ...] = ("right", "name") if kind == "right" else (kind,)
    async with speaker.place.database.writing() as session:
        for face, each in product(shown, kinds):
            await corrections.take_back(
                session,
                face_id=face.id,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via=via,
                kind=each,
                said_via=via,
            )
    await _renew(speaker.place, shown)


async def unsay(speaker: Speaker, shown: Sequence[Face], face_ids: Collection[int], *, via: Via) -> None:
    """The last thing that this person said of each of these faces counts no more.

    Raises
    ------
    UserError
        There is no such thing.
    """
    if not await unsay_all(speaker, shown, face_ids, via=via):
        raise UserError(speaker.place.words("correction-nothing-to-take-back"))


async def unsay_all(speaker: Speaker, shown: Sequence[Face], face_ids: Collection[int], *, via: Via) -> bool:
    """As `unsay`; gives whether there was anything to take back."""
    async with speaker.place.database.writing() as session:
        undone = [
            await corrections.take_back(
                session, face_id=face_id, user_id=speaker.user_id, moderator=speaker.moderator, via=via
            )
            for face_id in face_ids
        ]
    if any(undone):
        await _renew(speaker.place, shown)
    return any(undone)


async def undo_all(speaker: Speaker, of: int) -> Undone:
    """Everything that a person said in a guild counts no more; show the faces of the result afterwards."""
    place = speaker.place
    async with place.database.reading() as session:
        before = await examples.names(session, guild_id=place.id, quorum=place.quorum)
        faces = await corrections.spoken_of(session, of, guild_id=place.id)
    async with place.database.writing() as session:
        undone = await corrections.undo_all(
            session, of, guild_id=place.id, user_id=speaker.user_id, moderator=speaker.moderator, via="command"
        )
    async with place.database.reading() as session:
        after = await examples.names(session, guild_id=place.id, quorum=place.quorum)
    return Undone(undone, sum(before.get(face) != after.get(face) for face in before.keys() | after.keys()), faces)


async def follow(place: Place, shown: Sequence[Face], faces: Sequence[Face]) -> Followed:
    """After a correction of some faces: show it, ask their posters if need be, and learn what is allowed."""
    standings = await _renew(place, shown)
    settled = [face for face in faces if standings[face.spoken_of].verdict is not None]
    of = {face.picture_id: face.picture for face in settled}
    leave: dict[int, consent.Leave] = {each: await consent.leave(place, picture) for each, picture in of.items()}
    for picture in {face.picture_id: face.picture for face in faces}.values():
        if leave.get(picture.id, "asked") == "asked":
            await consent.ask(place, picture)
    named = [face for face in settled if leave[face.picture_id] == "yes" and _name(standings[face.spoken_of])]
    if named:
        await from_posts.learn(place, named)
    return Followed(standings, leave)


def _learning(speaker: Speaker, face: Face, followed: Followed) -> describing.Learning:
    """Whether a face is learned that was corrected, if it is settled to be somebody."""
    place = speaker.place
    if _name(followed.standings[face.spoken_of]) is None or speaker.alone:
        return "none"
    if place.consent == "never":
        return "never"
    if _is_poor(face):
        return "none"
    learning = _LEARNING[followed.leave[face.picture_id]]
    full = learning == "next" and not disk.enough(place.bot.settings.home, what="A correction waits to be learned from")
    return "no room" if full else learning


def _is_poor(face: Face) -> bool:
    return face.quality is not None and face.quality < LEARNABLE


def _name(standing: Standing) -> str | None:
    return None if standing.verdict is None else standing.verdict.name


async def _renew(place: Place, shown: Sequence[Face]) -> dict[int, Standing]:
    """Bring the answers that show these faces, which are all of theirs, up to date."""
    standings: dict[int, Standing] = {}
    for _, faces in groupby(shown, key=lambda face: face.picture.reply_id):
        standings |= await update.renew(place.bot, list(faces))
    return standings


async def _say(
    session: AsyncSession, speaker: Speaker, face: Face, kind: Said, character_id: int | None, *, via: Via
) -> None:
    await corrections.say(
        session,
        face,
        kind=kind,
        character_id=character_id,
        user_id=speaker.user_id,
        moderator=speaker.moderator,
        via=via,
    )


def one(speaker: Speaker, shown: Sequence[Face], face_id: int) -> Face:
    """The face of that id; raises `Forgotten` if it is not among them."""
    face = next((face for face in shown if face.id == face_id), None)
    if face is None:
        raise Forgotten(speaker.place.words)
    return face
