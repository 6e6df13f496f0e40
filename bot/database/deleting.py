"""A character that should not be is deleted: all that was said of it in a guild is taken back, in one go."""

from dataclasses import dataclass

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import characters, corrections, erasing, examples
from bot.database.characters import Called
from bot.database.ledger import Correction, Via, alive
from bot.database.meanings import Character, meanings
from bot.database.pictures import Face, Picture
from bot.database.spellings import Spelling


@dataclass(frozen=True, slots=True)
class Weighed:
    """What deleting a character costs a guild.

    Attributes
    ----------
    corrections
        That speak of it and stand.
    examples
        Faces to learn from that are called so.
    shared
        Faces that were imported for everyone are called so: these are not one guild's to take back.
    faces
        Of which the corrections speak, in the latest answers.
    """

    who: Called
    corrections: int
    examples: int
    shared: bool
    faces: list[Face]


async def weigh(session: AsyncSession, character_id: int, *, guild_id: int, quorum: int) -> Weighed | None:
    """What deleting a character would cost a guild; None: the guild knows no such character."""
    found = await session.get(Character, character_id)
    who = None if found is None else await characters.called_today(session, found.name, guild_id=guild_id)
    if who is None or who.id != character_id:
        return None
    said = _said_of(who, guild_id)
    counts = await examples.counts(session, guild_id=guild_id, quorum=quorum)
    told = said.where(Picture.guild_id == guild_id).with_only_columns(Correction.face_id)
    return Weighed(
        who,
        corrections=len((await session.scalars(told)).all()),
        examples=sum(each.training + each.held_out for each in counts if each.name == who.name),
        shared=bool(await session.scalar(select(exists(said.where(Picture.guild_id.is_(None)))))),
        faces=await corrections.of_latest(session, Face.id.in_(told)),
    )


async def delete_character(
    session: AsyncSession, who: Called, *, guild_id: int, user_id: int, moderator: bool, via: Via
) -> None:
    """Take back everything that was said of a character in a guild, so that its name means nobody any more.

    Parameters
    ----------
    user_id, moderator, via
        Of the taking back.
    """
    said = list(await session.scalars(_said_of(who, guild_id).where(Picture.guild_id == guild_id)))
    session.add_all(
        Correction(face_id=each.face_id, kind="undo", user_id=user_id, moderator=moderator, via=via, undoes=each.id)
        for each in said
    )
    await session.flush()
    # Of a name that came with a file and that nobody has ever said there is nothing to take back.
    if not await session.scalar(select(exists().where(Correction.character_id == who.id))):
        await session.execute(delete(Spelling).where(Spelling.character_id == who.id))
        await erasing.drop_unsaid(session, [who.id])


def _said_of(who: Called, guild_id: int) -> Select[Correction]:
    """What stands of the ledger that speaks of a character, or of one that was merged into it in that guild."""
    meaning = meanings(guild_id)
    merged = select(meaning.c.character_id).where(meaning.c.means == who.id)
    return (
        select(Correction)
        .join(Face, Face.id == Correction.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .where(alive, or_(Correction.character_id == who.id, Correction.character_id.in_(merged)))
    )
