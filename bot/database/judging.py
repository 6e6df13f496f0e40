"""How the tables of `bot.database.judgements` follow the ledger.

Whatever may change what is thought of a face marks it as stale, by triggers of the database, so that no writer can
forget to: they are in `migrations/versions/0012_judgements.py`.
`Database.writing` then has `catch_up` look at these faces again before it commits.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    case,
    delete,
    event,
    exists,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from bot.database import rules
from bot.database.judgements import WORD, Conduct, Judgement, Kept, Stale, WordRow
from bot.database.ledger import Correction, alive, trusted
from bot.database.meanings import Character, meant_in
from bot.database.pictures import Face, Picture
from bot.database.rules import Said, Word
from bot.database.samples import Sample
from ml.faces.quality import LEARNABLE

_AT_ONCE: Final = 2000  # faces: what is loaded of them takes some megabytes
_Speaker: TypeAlias = tuple[int, int]


_THOUGHTLESS: Final = (Picture, Face, Sample)  # these can come, and be changed, without another thought


class Writing(Session):
    """A session that remembers whether it wrote anything by which what is thought of a face may be another."""

    wrote: bool = False


@event.listens_for(Writing, "after_flush")
def _after_flush(session: Writing, _context: object) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
    changed = (*session.new, *session.dirty)
    session.wrote |= bool(session.deleted) or any(not isinstance(each, _THOUGHTLESS) for each in changed)


@event.listens_for(Writing, "do_orm_execute")
def _on_execute(state: ORMExecuteState) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
    mapper = state.bind_mapper
    thoughtless = state.is_insert and mapper is not None and issubclass(mapper.class_, _THOUGHTLESS)
    if isinstance(state.session, Writing) and not (state.is_select or thoughtless):
        state.session.wrote = True


async def catch_up(session: AsyncSession) -> None:
    """Bring the tables up to date with what was written in this session."""
    writing = session.sync_session
    if not isinstance(writing, Writing):
        return
    await session.flush()
    if writing.wrote:
        await (await session.connection()).run_sync(settle)
        writing.wrote = False


def settle(connection: Connection) -> None:
    """As `catch_up`, whoever wrote."""
    while stale := connection.scalars(_LOOK).all():
        marked = _settle(connection, stale)
        if not marked and len(stale) < _AT_ONCE:
            return


# Built once: to put one of these together takes longer than to carry it out.
_LOOK: Final = select(Stale.face_id).order_by(Stale.face_id).limit(_AT_ONCE)
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
_can_be_learned_from = ~Picture.given & ~Picture.declined & or_(Face.quality.is_(None), Face.quality >= LEARNABLE)
_FACES: Final = (
    select(
        Face.id,
        Picture.guild_id,
        Picture.source,
        Face.name,
        Sample.face_id.label("sample"),
        Sample.held_out,
        case((_can_be_learned_from, Picture.poster_id)).label("poster_id"),
    )
    .join(Picture, Picture.id == Face.picture_id)
    .join(Sample, Sample.face_id == Face.id, isouter=True)
    .where(Face.id.in_(_ASKED))
)
_UNJUDGE: Final = delete(Judgement).where(Judgement.face_id.in_(_ASKED))
_UNMARK: Final = delete(Stale).where(_WHICH)


def _on_day(guild: ColumnElement[bool]) -> tuple[Select[*tuple[Any, ...]], Select[bool]]:
    """What somebody said in a guild on a day, and whether there is anything of it that no trusted person said."""
    on_day = (
        guild,
        WordRow.user_id == bindparam("user"),
        WordRow.at >= bindparam("day"),
        WordRow.at < bindparam("next_day"),
    )
    return select(*WORD).where(*on_day).order_by(WordRow.id), select(exists().where(*on_day, ~WordRow.trusted))


_IN_GUILD: Final = _on_day(WordRow.guild_id == bindparam("guild"))
_FOR_EVERYONE: Final = _on_day(WordRow.guild_id.is_(None))
_UNSAY: Final = delete(WordRow).where(WordRow.id == bindparam("gone"))
_HEAR: Final = update(WordRow).where(WordRow.id == bindparam("changed")).values(heard=bindparam("now"))


def _settle(connection: Connection, faces: Sequence[int]) -> bool:
    """Bring the tables up to date with what was said of the stale faces from the first to the last of these.

    Gives whether others are stale by that.
    """
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
    speakers = {word.speaker for word in (*before.values(), *after.values())}
    tallies = _tallies(connection, {each for each in speakers if each is not None})
    stale = _lost_and_regained(connection, tallies, before.values(), after.values())
    for word in _heard_otherwise(connection, _unlike(before, after)):
        if word.id in after:
            after[word.id] = word
        else:
            stale.add(word.face_id)
    liars = {speaker for speaker, tally in tallies.items() if tally.is_liar}
    _judge(connection, which, said, after.values(), liars)
    connection.execute(_UNMARK, which)
    _mark(connection, stale.difference(faces))
    return not stale.issubset(faces)


def _mark(connection: Connection, faces: Collection[int]) -> None:
    marks = sorted(faces)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        there = set(connection.scalars(select(Stale.face_id).where(Stale.face_id.in_(some))))
        if new := [{"face_id": face_id} for face_id in some if face_id not in there]:
            connection.execute(insert(Stale), new)


def _words(connection: Connection, query: Executable, values: dict[str, Any]) -> list[Word]:
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


def _lost_and_regained(
    connection: Connection, tallies: dict[_Speaker, _Tally], before: Iterable[Word], after: Iterable[Word]
) -> set[int]:
    """Count what rule 2 makes of words; gives the faces of which those spoke whom rule d treats otherwise now."""
    wrong, right = Counter[_Speaker](), Counter[_Speaker]()
    for words, by in ((before, -1), (after, 1)):
        for word in words:
            if word.speaker is not None:
                wrong[word.speaker] += by * word.is_wrong
                right[word.speaker] += by * word.is_right
    spoken_of = set[int]()
    for speaker in {each for each in wrong if wrong[each] or right[each]}:
        was = tallies.get(speaker, _Tally())
        now = tallies[speaker] = _Tally(was.wrong + wrong[speaker], was.right + right[speaker])
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


def _heard_otherwise(connection: Connection, changed: Iterable[Word]) -> list[Word]:
    """Listen again to people on days on which they said something else; gives the words that rules a to c change."""
    found: list[Word] = []
    by_day = groupby(sorted(changed, key=_day), _day)
    for (_, user_id, day), words in by_day:
        some = next(words)
        theirs = {"guild": some.guild_id, "user": user_id, "day": day, "next_day": day + timedelta(days=1)}
        on_day, has_others = _FOR_EVERYONE if some.guild_id is None else _IN_GUILD
        # A moderator may say thousands of things in a day, all of which count.
        if some.trusted and not connection.scalar(has_others, theirs):
            continue
        on_it = _words(connection, on_day, theirs)
        found += [now for was, now in zip(on_it, rules.heard(on_it), strict=True) if was != now]
    if found:
        connection.execute(_HEAR, [{"changed": word.id, "now": word.heard} for word in found])
    return found


def _day(word: Word) -> tuple[int, int, datetime]:
    return word.guild_id or 0, word.user_id or 0, rules.day_of(word)


def _judge(
    connection: Connection,
    which: dict[str, Any],
    said: dict[int, list[Said]],
    words: Iterable[Word],
    liars: Collection[_Speaker],
) -> None:
    on_face: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        on_face[word.face_id].append(word)
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
                "asks": row.poster_id if row.id in said else None,
            }
        )
    connection.execute(_UNJUDGE, which)
    if rows:
        connection.execute(insert(Judgement), rows)


_KEPT: Final[dict[bool | None, Kept]] = {None: "waiting", False: "training", True: "held_out"}
