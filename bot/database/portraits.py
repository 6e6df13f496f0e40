"""What a guild knows of one character: where its examples come from, who is taken for it, and some of its faces."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import literal, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.characters import Known, find, known, names
from bot.database.judgements import Judgement
from bot.database.meanings import Character, called, meanings
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample
from bot.database.verdicts import FaceIds, about, settled


@dataclass(frozen=True, slots=True)
class Portrait:
    """A character as a guild knows it.

    Attributes
    ----------
    posted, imported, shared
        Its examples: from pictures posted in the guild, from what the guild imported, and from what was imported for
        everyone.
    confused_with
        Whom the bot took for it, or it for whom, in pictures that people have settled, the most often first.
    faces
        A face of each picture that it has examples in, and the channel where that was posted (None: it was imported);
        those first that somebody trusted named.
    """

    known: Known
    posted: int
    imported: int
    shared: int
    confused_with: tuple[tuple[str, int], ...]
    faces: dict[int, int | None]


async def portrait(session: AsyncSession, name: str, *, guild_id: int | None, quorum: int) -> Portrait | None:
    """What a guild knows of a character, by any of its names; None if it means nobody.

    Nothing of another guild is in it.
    """
    character = await find(session, name, guild_id=guild_id)
    if character is None:
        return None
    (who,) = [each for each in await known(session, guild_id=guild_id) if each.id == character.id]
    today = await names(session, guild_id=guild_id)
    claim, name_of = settled(guild_id, quorum=quorum, faces=_about(who, guild_id)), called(guild_id)
    rows = await session.execute(
        select(
            claim.c.face_id,
            claim.c.trusted,
            name_of.c.name,
            Face.name.label("guess"),
            Picture.source,
            Picture.given.label("given"),
            Picture.guild_id,
            Picture.channel_id,
            Sample.picture_hash,
        )
        .join(name_of, name_of.c.character_id == claim.c.character_id)
        .join(Face, Face.id == claim.c.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .join(Sample, Sample.face_id == claim.c.face_id, isouter=True)
        .order_by(claim.c.trusted.desc(), claim.c.face_id)
    )
    kept: dict[str, tuple[int, int | None]] = {}
    origins, confused = Counter[str](), Counter[str]()
    for row in rows:
        guess = row.guess and today(row.guess)
        if row.name == who.name and row.picture_hash is not None:
            origins["shared" if row.guild_id is None else row.source] += 1
            kept.setdefault(row.picture_hash, (row.face_id, row.channel_id))
        if guess is not None and not row.given and guess != row.name and who.name in (guess, row.name):
            confused[row.name if guess == who.name else guess] += 1
    return Portrait(
        who,
        posted=origins["discord"],
        imported=origins["import"],
        shared=origins["shared"],
        confused_with=tuple(confused.most_common()),
        faces=dict(kept.values()),
    )


def _about(who: Known, guild_id: int | None) -> FaceIds:
    """Faces that are settled to be this character, or that the bot took for it."""
    meaning = meanings(guild_id)
    same = select(meaning.c.character_id).where(meaning.c.means == who.id)
    first = select(Character.name).where(or_(Character.id == who.id, Character.id.in_(same)))
    guessed = union(first, *(select(literal(name)) for name in (who.name, *who.aliases)))
    own, everyones = (
        select(Judgement.face_id).where(guild, Judgement.guess.in_(guessed))
        for guild in (Judgement.guild_id == guild_id, Judgement.guild_id.is_(None))
    )
    return select(union(about([who.id], guild_id=guild_id), own, everyones).subquery().c.face_id)
