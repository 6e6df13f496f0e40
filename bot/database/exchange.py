"""What a guild knows, to be carried elsewhere, and what was carried here: characters, aliases and examples."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import changes, characters, erasing
from bot.database.characters import Known
from bot.database.dialects import before, begins, total
from bot.database.errors import TooManyExamples
from bot.database.examples import Kept, is_held_out, named
from bot.database.ledger import Correction
from bot.database.meanings import Character
from bot.database.pictures import Face, Picture
from bot.database.samples import Sample
from ml import Sample as Cut
from ml.naming.names import Names
from ml.pictures.duplicates import distinct

MOST_EXAMPLES = 100_000  # of one guild, from files and pictures together; 5 KB each
_WRITTEN = 100  # faces in one go: making rows of all holds up everybody
_AT_ONCE = 500  # values in one query: SQLite takes some thousands


@dataclass(frozen=True, slots=True)
class Carried:
    """An example to be carried elsewhere: the character, the crop (PNG), SHA-256 of the picture that it is from."""

    name: str
    crop: bytes
    picture_hash: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of taking knowledge in.

    Attributes
    ----------
    added
        New examples of each character.
    known
        Examples that the guild had already, or that look the same as one of the same character.
    disputed
        Examples that the guild has under another name; that stands.
    aliases
        New ones.
    """

    added: dict[str, int]
    known: int
    disputed: int
    aliases: int


async def examples_of(
    session: AsyncSession, *, guild_id: int | None, quorum: int, posted_in: Collection[int]
) -> list[Carried]:
    """A guild's own examples (None: everyone's), by face id.

    Parameters
    ----------
    posted_in
        Those from pictures that people posted in these channels as well, not only those that were imported.
    """
    own, name = _own(guild_id, quorum=quorum, posted_in=posted_in)
    rows = await session.execute(own.with_only_columns(name, Sample.crop, Sample.picture_hash).order_by(Sample.face_id))
    return [Carried(*row) for row in rows]


async def channels_of(session: AsyncSession, *, guild_id: int) -> list[int]:
    """The channels in which pictures were posted of which anything is kept."""
    rows = await session.scalars(
        select(Picture.channel_id)
        .join(Face, Face.picture_id == Picture.id)
        .join(Sample, Sample.face_id == Face.id)
        .where(Picture.guild_id == guild_id, Picture.source != "import", Picture.channel_id.is_not(None))
        .distinct()
    )
    return [each for each in rows if each is not None]


async def weigh(
    session: AsyncSession, *, guild_id: int | None, quorum: int, posted_in: Collection[int]
) -> tuple[int, int]:
    """How many examples `examples_of` gives, and how many bytes their crops have."""
    own, _ = _own(guild_id, quorum=quorum, posted_in=posted_in)
    size = total(func.length(Sample.crop))
    row = (await session.execute(own.with_only_columns(func.count(), size))).one()
    return row[0], row[1]


def _own(guild_id: int | None, *, quorum: int, posted_in: Collection[int]) -> tuple[Select[int], ColumnElement[str]]:
    query, name, _ = named(guild_id, quorum=quorum)
    taken = (Picture.source == "import") | Picture.channel_id.in_(posted_in)
    return query.where(Picture.guild_id == guild_id, taken), name


async def characters_of(session: AsyncSession, *, guild_id: int | None, named: Iterable[str]) -> list[Known]:
    """Characters to carry along: those of the given names, those that are the guild's own, and those with aliases."""
    own = set(await session.scalars(select(Character.id).where(Character.guild_id == guild_id)))
    wanted = set(named)
    found = await characters.known(session, guild_id=guild_id)
    return [each for each in found if each.name in wanted or each.id in own or each.aliases]


async def take_in(
    session: AsyncSession,
    who: Sequence[Known],
    cuts: Sequence[tuple[str, Cut]],
    *,
    file: str,
    guild_id: int,
    user_id: int | None,
    quorum: int,
) -> TakenIn:
    """Make a guild know what a file holds: an importer's word, which moderators can overrule.

    Parameters
    ----------
    who
        Characters and their aliases; the ids do not matter. An alias that means somebody here already stays theirs.
    cuts
        The name of each face, and the sample to keep of it.
    file
        Where it is from: `remove` finds it by that.

    Raises
    ------
    TooManyNames, TooManyExamples
        The guild would have more than it may.
    """
    named_here = await characters.get_or_create_all(
        session, [*(each.name for each in who), *(name for name, _ in cuts)], guild_id=guild_id
    )
    aliases = await changes.import_aliases(
        session,
        [(named_here[each.name], each.aliases) for each in who],
        file=file,
        guild_id=guild_id,
        user_id=user_id,
    )
    before, called = await _kept(session, guild_id=guild_id, quorum=quorum)
    sides = await _sides(session, {cut.picture_hash for _, cut in cuts})
    today = await characters.names(session, guild_id=guild_id)
    if sum(map(len, before.values())) + len(cuts) > MOST_EXAMPLES:
        raise TooManyExamples(MOST_EXAMPLES)
    named_so = [(named_here[name], cut) for name, cut in cuts]
    # Each face is compared with all that the guild has of the character, while nobody else writes.
    rows, known, disputed = await asyncio.to_thread(_weigh_up, named_so, before, called, sides, today)
    added = Counter(today(character.name) for character, *_ in rows)
    for start in range(0, len(rows), _WRITTEN):
        some = rows[start : start + _WRITTEN]
        faces = [_face(guild_id, f"{file}/{today(character.name)}") for character, *_ in some]
        await _write(session, [(face, *row) for face, row in zip(faces, some, strict=True)])
    return TakenIn(dict(added), known, disputed, aliases)


def _weigh_up(
    cuts: Sequence[tuple[Character, Cut]],
    before: Mapping[str, Sequence[Kept]],
    called: dict[str, str],
    sides: dict[str, bool],
    today: Names,
) -> tuple[list[tuple[Character, Cut, bool]], int, int]:
    """The faces that are new, and on which side each is; how many were known; how many the guild calls otherwise."""
    of: defaultdict[str, list[tuple[Character, Cut]]] = defaultdict(list)
    for character, cut in cuts:
        shown = today(character.name)
        if called.setdefault(cut.perceptual_hash, shown) == shown:
            of[shown].append((character, cut))
    rows: list[tuple[Character, Cut, bool]] = []
    for shown, theirs in of.items():
        looks = [kept.perceptual_hash for kept in before.get(shown, ()) if kept.perceptual_hash is not None]
        pictures = {(kept.picture_hash, kept.held_out) for kept in before.get(shown, ())}
        held_out = sum(side for _, side in pictures)
        for place in distinct([cut.perceptual_hash for _, cut in theirs], known=looks):
            character, cut = theirs[place]
            side = sides.setdefault(cut.picture_hash, is_held_out(len(pictures), held_out))
            if (cut.picture_hash, side) not in pictures:
                pictures.add((cut.picture_hash, side))
                held_out += side
            rows.append((character, cut, side))
    agreed = sum(map(len, of.values()))
    return rows, agreed - len(rows), len(cuts) - agreed


async def _kept(
    session: AsyncSession, *, guild_id: int, quorum: int
) -> tuple[defaultdict[str, list[Kept]], dict[str, str]]:
    """What a guild learns from, by name, and the name of everything that looks like so."""
    query, name, _ = named(guild_id, quorum=quorum)
    rows = await session.execute(
        query.with_only_columns(name, Sample.picture_hash, Sample.perceptual_hash, Sample.held_out)
    )
    before: defaultdict[str, list[Kept]] = defaultdict(list)
    called: dict[str, str] = {}
    for shown, picture_hash, look, held_out in rows:
        before[shown].append(Kept(picture_hash, look, bool(held_out)))
        if look is not None:
            called[look] = shown
    return before, called


async def _sides(session: AsyncSession, picture_hashes: set[str]) -> dict[str, bool]:
    """On which side pictures are that were seen before, in whatever guild."""
    sides: dict[str, bool] = {}
    wanted = sorted(picture_hashes)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = await session.execute(
            select(Sample.picture_hash, Sample.held_out).where(
                Sample.picture_hash.in_(wanted[start : start + _AT_ONCE]), Sample.held_out.is_not(None)
            )
        )
        sides |= {row[0]: bool(row[1]) for row in rows}
    return sides


def _face(guild_id: int, origin: str) -> Face:
    return Face(
        picture=Picture(guild_id=guild_id, source="import", origin=origin),
        number=1,
        x=0,
        y=0,
        w=1,
        h=1,
        angle=0.0,
        score=1.0,
        name=None,
        confidence=0.0,
        candidates=(),
    )


async def _write(session: AsyncSession, rows: Sequence[tuple[Face, Character, Cut, bool]]) -> None:
    session.add_all(face for face, *_ in rows)
    await session.flush()
    for face, character, cut, side in rows:
        session.add(
            Correction(
                face_id=face.id, kind="name", user_id=None, moderator=True, via="import", character_id=character.id
            )
        )
        session.add(
            Sample(
                face_id=face.id,
                held_out=side,
                picture_hash=cut.picture_hash,
                perceptual_hash=cut.perceptual_hash,
                embedder=cut.embedder,
                embedding=cut.embedding,
                crop=cut.crop,
            )
        )
    await session.flush()


async def files(session: AsyncSession, *, guild_id: int) -> dict[str, int]:
    """The files that a guild took knowledge in from, by name, and how many faces of each are left."""
    file = before("/", Picture.origin)
    rows = await session.execute(
        select(file, func.count())
        .where(Picture.guild_id == guild_id, Picture.origin.contains("/"))
        .group_by(file)
        .order_by(file)
    )
    return {row[0]: row[1] for row in rows}


async def remove(session: AsyncSession, file: str, *, guild_id: int) -> int:
    """Delete every face that a guild took in from a file, and names that only it gave; gives how many faces."""
    from_it = (Picture.guild_id == guild_id) & begins(Picture.origin, f"{file}/")
    named = await session.scalars(
        select(Correction.character_id)
        .join(Face, Face.id == Correction.face_id)
        .join(Face.picture)
        .where(from_it, Correction.character_id.is_not(None))
        .distinct()
    )
    characters = [each for each in named if each is not None]
    gone = await session.scalars(delete(Picture).where(from_it).returning(Picture.id))
    faces = len(gone.all())
    await erasing.drop_unsaid(session, characters)
    return faces
