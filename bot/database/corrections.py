"""What people said of a face: a ledger that only grows."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from bot.clock import now
from bot.database import characters
from bot.database.dialects import is_dangling
from bot.database.errors import AlreadyTakenBack, NoGuess, NoSuchFace
from bot.database.ledger import Correction, Said, Via, alive, stands
from bot.database.meanings import called, meanings
from bot.database.pictures import Face, Picture

_LATELY: Final = 200  # corrections
_LATEST: Final = 20  # replies: who brings them up to date may make about one edit a second


async def add(
    session: AsyncSession,
    *,
    face_id: int,
    kind: Said,
    user_id: int | None,
    moderator: bool,
    via: Via,
    name: str | None = None,
    at: datetime | None = None,
) -> Correction:
    """Write down what somebody said of a face; as `say`, by the face's id and a name.

    Parameters
    ----------
    name
        Who it is or is not. None means the model's guess ("right" always speaks of that), or nobody for "not_face".
        A name that the picture's guild does not know becomes a character of that guild.

    Raises
    ------
    NoSuchFace, NoGuess, BadName, ValueError
        As `say` and `guessed`; the name is empty or too long, or does not go with the kind.
    """
    if (kind in ("right", "not_face") and name is not None) or (kind == "name" and name is None):
        raise ValueError(f"{kind!r} does not go with the name {name!r}")
    face = await session.get(Face, face_id)
    if face is None:
        raise NoSuchFace(face_id)
    if kind == "not_face":
        who = None
    else:
        meant = name or guessed(face)
        who = (await characters.get_or_create(session, meant, guild_id=face.picture.guild_id)).id
    return await say(session, face, kind=kind, character_id=who, user_id=user_id, moderator=moderator, via=via, at=at)


def guessed(face: Face) -> str:
    """The name that the model gave a face.

    Raises
    ------
    NoGuess
        It gave none.
    """
    if face.name is None:
        raise NoGuess(face.number)
    return face.name


async def say(
    session: AsyncSession,
    face: Face,
    *,
    kind: Said,
    character_id: int | None,
    user_id: int | None,
    moderator: bool,
    via: Via,
    at: datetime | None = None,
) -> Correction:
    """Write down what somebody said of a face.

    Parameters
    ----------
    face
        As it was loaded, in whatever session.
    character_id
        Who it is or is not; None for "not_face".
    at
        When they said it; None: now.

    Raises
    ------
    NoSuchFace
        When the face has been forgotten.
    ValueError
        When nobody said it and it is not an import.
    """
    if user_id is None and via != "import":
        raise ValueError(f"somebody must have said it by {via}")
    correction = Correction(
        face_id=face.spoken_of,
        kind=kind,
        user_id=user_id,
        moderator=moderator,
        via=via,
        character_id=character_id,
        at=at or now(),
    )
    session.add(correction)
    try:
        await session.flush()
    except IntegrityError as error:
        if is_dangling(error):  # it was there when it was loaded
            raise NoSuchFace(face.id) from error
        raise
    return correction


async def take_back(
    session: AsyncSession,
    *,
    face_id: int,
    user_id: int,
    moderator: bool,
    via: Via,
    kind: Said | None = None,
    said_via: Via | None = None,
) -> Correction | None:
    """Take back the latest thing that a person said of a face and has not taken back yet.

    Parameters
    ----------
    moderator, via
        Of the taking back.
    kind, said_via
        Only look at what was of this kind, and said in this way: removing a reaction takes back no button.

    Returns
    -------
    Correction
        The one taken back; None if there is none.
    """
    said_of = select(func.coalesce(Face.same_as, Face.id)).where(Face.id == face_id)
    latest = select(Correction).where(alive, Correction.face_id.in_(said_of), Correction.user_id == user_id)
    if kind is not None:
        latest = latest.where(Correction.kind == kind)
    if said_via is not None:
        latest = latest.where(Correction.via == said_via)
    correction = await session.scalar(latest.order_by(Correction.id.desc()).limit(1))
    if correction is not None:
        await undo(session, correction, user_id=user_id, moderator=moderator, via=via)
    return correction


async def undo_all(session: AsyncSession, of: int, *, guild_id: int, user_id: int, moderator: bool, via: Via) -> int:
    """Take back everything that a person (`of`) said in a guild and that still stands; gives how many corrections.

    Parameters
    ----------
    user_id, moderator, via
        Of the taking back.
    """
    theirs = await session.scalars(
        select(Correction)
        .join(Face, Face.id == Correction.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .where(alive, Correction.user_id == of, Picture.guild_id == guild_id)
    )
    undone = [
        Correction(face_id=said.face_id, kind="undo", user_id=user_id, moderator=moderator, via=via, undoes=said.id)
        for said in theirs
    ]
    session.add_all(undone)
    await session.flush()
    return len(undone)


async def named_by_others(session: AsyncSession, face_ids: Collection[int], *, user_id: int) -> set[int]:
    """Those of these faces of which another moderator than this one says who they are."""
    named = Correction.kind.in_(("right", "name", "not_face"))
    others = select(Correction.face_id).where(stands, named, Correction.moderator, Correction.user_id != user_id)
    return set(await session.scalars(others.where(Correction.face_id.in_(face_ids))))


async def spoken_of(session: AsyncSession, user_id: int, *, guild_id: int | None = None) -> list[Face]:
    """Faces of our latest replies of which a person said something that stands.

    Parameters
    ----------
    guild_id
        In this guild only; None: in all, and in other people's pictures only, as those of who is forgotten go.
    """
    said = exists().where(Correction.face_id == Face.id, Correction.user_id == user_id, alive)
    where = Picture.poster_id != user_id if guild_id is None else Picture.guild_id == guild_id
    return await of_latest(session, said & where)


async def answers_since(session: AsyncSession, since: datetime) -> list[int]:
    """The replies that show faces of which somebody said something since then, of the last `_LATELY` things said."""
    latest = select(Correction.face_id, Correction.at).order_by(Correction.id.desc()).limit(_LATELY).subquery()
    said = select(latest.c.face_id).where(latest.c.at >= since)
    shown = select(Picture.reply_id).join(Face, Face.picture_id == Picture.id)
    found = await session.scalars(
        shown.where(Picture.reply_id.is_not(None), or_(Face.id.in_(said), Face.same_as.in_(said))).distinct()
    )
    return [each for each in found if each is not None]


async def of_latest(session: AsyncSession, wanted: ColumnElement[bool]) -> list[Face]:
    """Faces for which a condition holds, with their pictures, of our latest replies, newest first."""
    query = select(Face).join(Face.picture).where(wanted)
    newest_first = Picture.reply_id.desc().nulls_last()
    latest = query.with_only_columns(Picture.reply_id).distinct().order_by(newest_first).limit(_LATEST)
    found = await session.scalars(
        query.options(contains_eager(Face.picture)).where(Picture.reply_id.in_(latest)).order_by(newest_first)
    )
    return list(found)


async def lately_named(session: AsyncSession, *, guild_id: int) -> list[str]:
    """What people called faces of a guild in its last corrections; the latest first, by today's names."""
    meaning, names = meanings(guild_id), called(guild_id)
    who = func.coalesce(meaning.c.means, Correction.character_id)
    latest = (
        select(Correction.id, who.label("character_id"))
        .join(Face, Face.id == Correction.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .join(meaning, meaning.c.character_id == Correction.character_id, isouter=True)
        .where(stands, Correction.kind == "name", Picture.guild_id == guild_id)
        .order_by(Correction.id.desc())
        .limit(_LATELY)
        .subquery()
    )
    found = await session.scalars(
        select(names.c.name)
        .join(latest, latest.c.character_id == names.c.character_id)
        .group_by(names.c.character_id, names.c.name)
        .order_by(func.max(latest.c.id).desc())
    )
    return list(found)


async def undo(session: AsyncSession, correction: Correction, *, user_id: int, moderator: bool, via: Via) -> Correction:
    """Take back one correction, one's own or, as a moderator, somebody's; gives the row that says so.

    Raises
    ------
    AlreadyTakenBack
        When it has been.
    ValueError
        When it is an undo itself: say the thing again instead.
    """
    if correction.kind == "undo":
        raise ValueError("an undo cannot be undone")
    if await session.scalar(select(exists().where(Correction.undoes == correction.id))):
        raise AlreadyTakenBack
    row = Correction(
        face_id=correction.face_id,
        kind="undo",
        user_id=user_id,
        moderator=moderator,
        via=via,
        undoes=correction.id,
    )
    session.add(row)
    await session.flush()
    return row
