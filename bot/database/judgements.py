"""What comes of the rules (`bot.database.rules`), kept in tables, so that no answer goes through all that was said.

The ledger stays the truth: these tables follow it, and `bot.database.rebuilding` makes them anew. Whatever may change
what is thought of a face marks it as stale, by triggers of the database (in `migrations/versions/0013_judgements.py`,
where all of this is that only SQLite understands), so that no writer can forget to; `Database.writing` then calls
`catch_up` before it commits. Who reads these tables in a session that has written calls it before.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Select,
    bindparam,
    delete,
    exists,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import rules
from bot.database.base import Base, one_of
from bot.database.characters import Character, meant_in
from bot.database.ledger import Correction, alive, trusted
from bot.database.pictures import Face, Picture
from bot.database.rules import Said, Word
from bot.database.samples import Sample

Kept: TypeAlias = Literal["waiting", "training", "held_out"]

_AT_ONCE: Final = 2000  # faces: what is loaded of them takes some megabytes


class WordRow(Base):
    """A `Word`: what a person says last of a character of a face."""

    __tablename__ = "words"
    __table_args__ = (Index("ix_words_speaker", "guild_id", "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Its face may be gone, and what was said of that: then it has to be counted no more, before it goes too.
    face_id: Mapped[int] = mapped_column(index=True)
    guild_id: Mapped[int | None]
    picture_id: Mapped[int]
    user_id: Mapped[int | None]
    at: Mapped[datetime]
    character_id: Mapped[int | None]
    against: Mapped[bool]
    trusted: Mapped[bool]
    upheld: Mapped[bool]
    overruled: Mapped[bool]
    heard: Mapped[bool]


class Conduct(Base):
    """How many words of a person in a guild rule 2 has overruled and upheld."""

    __tablename__ = "conducts"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrong: Mapped[int]
    right: Mapped[int]


class Judgement(Base):
    """Who a face is; of each face that is kept, or of which something stands.

    Attributes
    ----------
    guild_id
        As of the picture.
    posted
        On Discord, not imported.
    guess
        As of the face: what the model, or who taught it, called it.
    kept
        None: nothing is kept of it. "waiting": until it has a name. "training", "held_out": it is an example, while it
        is settled to be somebody.
    character_id, voices
        As of `bot.database.rules.Judged`: it is settled where there are as many voices as the quorum asks for.
    said
        How many corrections of it stand.
    """

    __tablename__ = "judgements"
    __table_args__ = (
        # Each has all that its readers ask for, so that they read nothing else.
        Index("ix_judgements_known", "guild_id", "character_id", "kept", "voices"),
        Index("ix_judgements_open", "guild_id", "kept", "face_id", "voices", "posted", "said"),
        Index("ix_judgements_guessed", "guild_id", "guess"),
    )

    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[int | None]
    posted: Mapped[bool]
    guess: Mapped[str | None]
    kept: Mapped[Kept | None] = mapped_column(one_of("kept", get_args(Kept)))
    character_id: Mapped[int | None]
    voices: Mapped[int]
    said: Mapped[int]


class Stale(Base):
    """A face of which the tables do not say yet what the ledger does."""

    __tablename__ = "stale"

    face_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


WORD: Final = [getattr(WordRow, name) for name in Word._fields]
_Speaker: TypeAlias = tuple[int, int]


async def catch_up(session: AsyncSession) -> None:
    """Bring the tables up to date with what was written in this session; where nothing was, that is one look."""
    if "writes" in session.info:
        await session.flush()
        await (await session.connection()).run_sync(settle)


def settle(connection: Connection) -> None:
    """As `catch_up`, whoever wrote."""
    while stale := connection.scalars(select(Stale.face_id).order_by(Stale.face_id).limit(_AT_ONCE)).all():
        _settle(connection, stale)


# Built once: to put one of these together takes longer than to carry it out.
_WHICH: Final = Stale.face_id.between(bindparam("first"), bindparam("last"))
_ASKED: Final = select(Stale.face_id).where(_WHICH)
_SAID: Final = (
    select(
        Correction.id,
        Correction.face_id,
        Picture.guild_id,
        Face.picture_id,
        Correction.user_id,
        Correction.at,
        meant_in(Picture.guild_id).label("character_id"),
        (Correction.kind == "not").label("against"),
        trusted.label("trusted"),
    )
    .join(Face, Face.id == Correction.face_id)
    .join(Picture, Picture.id == Face.picture_id)
    .join(Character, Character.id == Correction.character_id, isouter=True)
    .where(Correction.face_id.in_(_ASKED), alive)
    .order_by(Correction.face_id, Correction.id)
)
_BEFORE: Final = select(*WORD).where(WordRow.face_id.in_(_ASKED))
_FACES: Final = (
    select(Face.id, Picture.guild_id, Picture.source, Face.name, Sample.face_id.label("sample"), Sample.held_out)
    .join(Picture, Picture.id == Face.picture_id)
    .join(Sample, Sample.face_id == Face.id, isouter=True)
    .where(Face.id.in_(_ASKED))
)
_UNJUDGE: Final = delete(Judgement).where(Judgement.face_id.in_(_ASKED))
_UNMARK: Final = delete(Stale).where(_WHICH)
_ON_DAY: Final = (
    WordRow.guild_id.is_not_distinct_from(bindparam("guild")),
    WordRow.user_id == bindparam("user"),
    WordRow.at >= bindparam("day"),
    WordRow.at < bindparam("next_day"),
)
_DAY: Final = select(*WORD).where(*_ON_DAY).order_by(WordRow.id)
_HAS_OTHERS: Final = select(exists().where(*_ON_DAY, ~WordRow.trusted))
_UNSAY: Final = delete(WordRow).where(WordRow.id == bindparam("gone"))
_HEAR: Final = update(WordRow).where(WordRow.id == bindparam("changed")).values(heard=bindparam("now"))


def _settle(connection: Connection, faces: Sequence[int]) -> None:
    """Bring the tables up to date with what was said of the stale faces from the first to the last of these."""
    which = {"first": faces[0], "last": faces[-1]}
    rows = map(Said._make, connection.execute(_SAID, which))
    said = {face_id: list(of_face) for face_id, of_face in groupby(rows, lambda each: each.face_id)}
    before = {word.id: word for word in _words(connection, _BEFORE, which)}
    after = {
        # What the other words of the day made of one (rules b and c) holds until these are others.
        word.id: word._replace(heard=before[word.id].heard) if word.id in before else word
        for of_face in said.values()
        for word in rules.words(of_face)
    }
    _write(connection, before, after)
    stale = _lost_and_regained(connection, before.values(), after.values())
    for word in _heard_otherwise(connection, _unlike(before, after)):
        if word.id in after:
            after[word.id] = word
        else:
            stale.add(word.face_id)
    _judge(connection, which, said, after.values())
    connection.execute(_UNMARK, which)
    _mark(connection, stale.difference(faces))


def _mark(connection: Connection, faces: Collection[int]) -> None:
    marks = sorted(faces)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        there = set(connection.scalars(select(Stale.face_id).where(Stale.face_id.in_(some))))
        if new := [{"face_id": face_id} for face_id in some if face_id not in there]:
            connection.execute(insert(Stale), new)


def _words(connection: Connection, query: Select[Any], values: dict[str, Any]) -> list[Word]:
    return [Word._make(row) for row in connection.execute(query, values)]


def _unlike(before: dict[int, Word], after: dict[int, Word]) -> list[Word]:
    """The words that came or went."""
    return [before[each] for each in before.keys() - after.keys()] + [after[each] for each in after.keys() - before]


def _write(connection: Connection, before: dict[int, Word], after: dict[int, Word]) -> None:
    gone = [{"gone": each} for each, word in before.items() if after.get(each) != word]
    come = [word._asdict() for each, word in after.items() if before.get(each) != word]
    if gone:
        connection.execute(_UNSAY, gone)
    if come:
        connection.execute(insert(WordRow), come)


class _Tally(NamedTuple):
    wrong: int = 0
    right: int = 0

    @property
    def is_liar(self) -> bool:
        return rules.is_liar(wrong=self.wrong, right=self.right)


def _lost_and_regained(connection: Connection, before: Iterable[Word], after: Iterable[Word]) -> set[int]:
    """Count what rule 2 makes of words; gives the faces of which those spoke whom rule d treats otherwise now."""
    wrong, right = Counter[_Speaker](), Counter[_Speaker]()
    for words, by in ((before, -1), (after, 1)):
        for word in words:
            if word.speaker is not None:
                wrong[word.speaker] += by * word.is_wrong
                right[word.speaker] += by * word.is_right
    touched = {each for each in wrong if wrong[each] or right[each]}
    known = _tallies(connection, touched)
    spoken_of = set[int]()
    for speaker in touched:
        was = known.get(speaker, _Tally())
        now = _Tally(was.wrong + wrong[speaker], was.right + right[speaker])
        guild_id, user_id = speaker
        connection.execute(delete(Conduct).where(Conduct.guild_id == guild_id, Conduct.user_id == user_id))
        if now != _Tally():
            connection.execute(insert(Conduct).values(guild_id=guild_id, user_id=user_id, **now._asdict()))
        if was.is_liar != now.is_liar:
            theirs = select(WordRow.face_id).where(WordRow.guild_id == guild_id, WordRow.user_id == user_id)
            spoken_of |= set(connection.scalars(theirs))
    return spoken_of


def _tallies(connection: Connection, speakers: Collection[_Speaker]) -> dict[_Speaker, _Tally]:
    if not speakers:
        return {}
    rows = connection.execute(
        select(Conduct.guild_id, Conduct.user_id, Conduct.wrong, Conduct.right).where(
            tuple_(Conduct.guild_id, Conduct.user_id).in_(speakers)
        )
    )
    return {(row.guild_id, row.user_id): _Tally(row.wrong, row.right) for row in rows}


def liars_among(connection: Connection, speakers: Iterable[_Speaker | None]) -> set[_Speaker]:
    """Those of these people, each with a guild, who have lost their voice there by rule d."""
    known = _tallies(connection, {each for each in speakers if each is not None})
    return {speaker for speaker, tally in known.items() if tally.is_liar}


def _heard_otherwise(connection: Connection, changed: Iterable[Word]) -> list[Word]:
    """Listen again to people on days on which they said something else; gives the words that rules a to c change."""
    found: list[Word] = []
    by_day = groupby(sorted(changed, key=_day), _day)
    for (_, user_id, day), words in by_day:
        some = next(words)
        theirs = {"guild": some.guild_id, "user": user_id, "day": day, "next_day": day + timedelta(days=1)}
        # A moderator may say thousands of things in a day, all of which count.
        if some.trusted and not connection.scalar(_HAS_OTHERS, theirs):
            continue
        on_it = _words(connection, _DAY, theirs)
        found += [now for was, now in zip(on_it, rules.heard(on_it), strict=True) if was != now]
    if found:
        connection.execute(_HEAR, [{"changed": word.id, "now": word.heard} for word in found])
    return found


def _day(word: Word) -> tuple[int, int, datetime]:
    return word.guild_id or 0, word.user_id or 0, rules.day_of(word)


def _judge(connection: Connection, which: dict[str, Any], said: dict[int, list[Said]], words: Iterable[Word]) -> None:
    on_face: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        on_face[word.face_id].append(word)
    liars = liars_among(connection, {word.speaker for of_face in on_face.values() for word in of_face})
    rows: list[dict[str, Any]] = []
    for row in connection.execute(_FACES, which):
        if row.id not in said and row.sample is None:
            continue
        judged = rules.judge(on_face[row.id], liars=liars)
        rows.append(
            {
                "face_id": row.id,
                "guild_id": row.guild_id,
                "posted": row.source == "discord",
                "guess": row.name,
                "kept": None if row.sample is None else _KEPT[row.held_out],
                "character_id": judged.character_id,
                "voices": judged.voices,
                "said": len(said.get(row.id, ())),
            }
        )
    connection.execute(_UNJUDGE, which)
    if rows:
        connection.execute(insert(Judgement), rows)


_KEPT: Final[dict[bool | None, Kept]] = {None: "waiting", False: "training", True: "held_out"}
