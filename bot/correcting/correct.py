"""What somebody says of an answer: written down, shown in the answer, and followed up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import describing, update
from bot.chat.errors import UserError
from bot.chat.permissions import Speaker
from bot.chat.replies import shown
from bot.client import Place
from bot.database import characters, corrections, examples, pictures, verdicts
from bot.database.corrections import Said, Via
from bot.database.pictures import Face
from bot.examples import from_posts
from bot.privacy import consent
from bot.words import Words
from ml.faces.quality import LEARNABLE


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


async def confirm(speaker: Speaker, reply_id: int, *, via: Via) -> None:
    """Every name in the answer is right; faces without a name are left as they are."""
    faces = await _faces(speaker, reply_id)
    named = [face for face in faces if face.name is not None]
    if not named:
        raise UserError(speaker.place.words("correction-nobody-named"))
    await _write(speaker, [face.id for face in named], "right", via=via)
    await follow(speaker.place, faces)


async def refuse(speaker: Speaker, face: Face, kind: Said, *, via: Via, who: str | None = None) -> None:
    """A face is not this character ("not"; None: whom the answer says), or no face ("not_face")."""
    if kind == "not" and who is None and face.name is None:
        return  # there is nothing to refuse: it was unknown
    await _write(speaker, [face.id], kind, via=via, who=who)
    await follow(speaker.place, [face])


async def name(speaker: Speaker, face_id: int, who: str | None, *, via: Via) -> str:
    """A face is this character (None: no face); gives the sentence to thank with."""
    place, words = speaker.place, speaker.place.words
    async with place.database.reading() as session:
        face = await session.get(Face, face_id)
        if face is None:
            raise Forgotten(words)
        known = who is None or await characters.find(session, who, guild_id=place.id) is not None
    await _write(speaker, [face_id], "not_face" if who is None else "name", via=via, who=who)
    async with place.database.reading() as session:
        standing = (await verdicts.standings(session, [face_id], quorum=place.quorum))[face_id]
        called = None if who is None else await _called(session, who, place.id)
    await follow(place, [face])
    taught = not speaker.alone and place.consent != "never"
    poor = face.quality is not None and face.quality < LEARNABLE
    poster_id = face.picture.poster_id
    learned = taught and not poor and (poster_id is None or await consent.agreed(place, poster_id))
    said = [describing.noted(called, standing, words, quorum=place.quorum, taught=learned)]
    if called is not None and not known:
        said.append(words("correction-somebody-new", who=shown(called)))
    if called is not None and taught and poor:
        said.append(words("correction-too-poor"))
    return " ".join(said)


async def name_all(speaker: Speaker, face_ids: Collection[int], who: str | None, *, via: Via) -> list[Face]:
    """Several faces are this character (None: no faces); `follow` the faces of the result afterwards.

    Raises
    ------
    Forgotten
        None of them is there any more.
    """
    async with speaker.place.database.reading() as session:
        found = [await session.get(Face, face_id) for face_id in face_ids]
    faces = [face for face in found if face is not None]
    if not faces:
        raise Forgotten(speaker.place.words)
    await _write(speaker, [face.id for face in faces], "not_face" if who is None else "name", via=via, who=who)
    return faces


async def _called(session: AsyncSession, who: str, guild_id: int | None) -> str:
    """What a character is called today, whom people may name by any spelling."""
    character = await characters.find(session, who, guild_id=guild_id)
    return who if character is None else (await characters.names(session, guild_id=guild_id))(character.name)


async def take_back(speaker: Speaker, reply_id: int, kind: Said, *, via: Via) -> None:
    """What this person said in this way of the faces of an answer counts no more."""
    faces = await _faces(speaker, reply_id)
    async with speaker.place.database.writing() as session:
        for face in faces:
            await corrections.take_back(
                session,
                face_id=face.id,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via=via,
                kind=kind,
                said_via=via,
            )
    await update.show(speaker.place.bot, faces)


async def unsay(speaker: Speaker, *face_ids: int, via: Via) -> None:
    """The last thing that this person said of each of these faces counts no more.

    Raises
    ------
    UserError
        There is no such thing.
    """
    async with speaker.place.database.writing() as session:
        undone = [
            await corrections.take_back(
                session, face_id=face_id, user_id=speaker.user_id, moderator=speaker.moderator, via=via
            )
            for face_id in face_ids
        ]
        faces = [face for face_id in face_ids if (face := await session.get(Face, face_id)) is not None]
    if not any(undone):
        raise UserError(speaker.place.words("correction-nothing-to-take-back"))
    await update.show(speaker.place.bot, faces)


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


async def _faces(speaker: Speaker, reply_id: int) -> list[Face]:
    async with speaker.place.database.reading() as session:
        faces = await pictures.faces_of_reply(session, reply_id)
    if not faces:
        raise Forgotten(speaker.place.words)
    return faces


async def _write(speaker: Speaker, face_ids: Iterable[int], kind: Said, *, via: Via, who: str | None = None) -> None:
    async with speaker.place.database.writing() as session:
        for face_id in face_ids:
            await corrections.add(
                session,
                face_id=face_id,
                kind=kind,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via=via,
                name=who,
            )


async def follow(place: Place, faces: Sequence[Face]) -> None:
    """After a correction: show it, ask the poster if need be, and learn what is allowed."""
    await update.show(place.bot, faces)
    for picture in {face.picture_id: face.picture for face in faces}.values():
        await consent.ask(place, picture)
    await from_posts.learn(place)
