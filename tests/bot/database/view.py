"""Who a face is, by the rules, as one query over the whole ledger: slow, and what the tables must agree with."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, and_, case, cast, distinct, extract, func, or_, select, union

from bot.database import rules
from bot.database.ledger import Correction, alive, trusted
from bot.database.meanings import meanings
from bot.database.pictures import Face, Picture


def claims(faces: Select[int], *, guild_id: int | None, quorum: int) -> CTE:
    """What is said of each of these faces, a row for each face and character, and whether that is settled.

    Parameters
    ----------
    guild_id
        Whose characters: two that were merged there are one. None: everyone's.
    quorum
        How many members must agree where no moderator has spoken; at least 1.

    Returns
    -------
    CTE
        Columns face_id, character_id (NULL: not a face), people, against, counting (those of `people` whose word
        counts), trusted (someone trusted decided it), settled (at most one row of a face is).
    """
    if quorum < 1:
        raise ValueError(f"a quorum of {quorum} settles everything")
    asked = faces.cte("asked")
    heard = _heard(_words(_said(asked, guild_id=guild_id)))
    counted = (
        select(
            heard.c.face_id,
            heard.c.character_id,
            func.count().filter(~heard.c.against).label("people"),
            func.count().filter(heard.c.against).label("against"),
            func.count().filter(~heard.c.against, heard.c.counts).label("counting"),
            func.count().filter(heard.c.against, heard.c.counts).label("counting_against"),
            func.max(heard.c.upheld).label("trusted"),
        )
        .where(heard.c.face_id.in_(select(asked.c.id)))
        .group_by(heard.c.face_id, heard.c.character_id)
        .cte("counted")
    )
    agreed = and_(
        counted.c.counting >= quorum,
        counted.c.counting == func.sum(counted.c.counting).over(partition_by=counted.c.face_id),
        counted.c.counting_against == 0,
    )
    # Both can hold, but never of two characters: a trusted word for one is a voice against unanimity for another.
    return select(
        counted.c.face_id,
        counted.c.character_id,
        counted.c.people,
        counted.c.against,
        counted.c.counting,
        (counted.c.trusted == 1).label("trusted"),
        or_(counted.c.trusted == 1, agreed).label("settled"),
    ).cte("claims")


def _said(asked: CTE, *, guild_id: int | None) -> CTE:
    """What stands of the ledger, of the faces asked about and of all others of which the same members have spoken.

    Columns beside the ledger's own: character_id (of the character that it means today), against, trusted, latest (of
    the same person, face and character), word (the id of what the person last called the face).
    """
    meaning = meanings(guild_id)
    who = func.coalesce(meaning.c.means, Correction.character_id)
    members = select(Correction.user_id).where(
        Correction.face_id.in_(select(asked.c.id)), Correction.user_id.is_not(None), ~Correction.moderator
    )
    reach = union(select(asked.c.id), select(Correction.face_id).where(Correction.user_id.in_(members)))
    against = Correction.kind == "not"
    person: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id]}
    same: dict[str, Any] = {"partition_by": [Correction.face_id, Correction.user_id, who]}
    last_of_same: ColumnElement[int] = func.max(Correction.id).over(**same)
    return (
        select(
            Correction.id,
            Correction.face_id,
            Correction.user_id,
            who.label("character_id"),
            Correction.at,
            against.label("against"),
            trusted.label("trusted"),
            (Correction.id == last_of_same).label("latest"),
            func.max(Correction.id).filter(~against).over(**person).label("word"),
        )
        .join(meaning, meaning.c.character_id == Correction.character_id, isouter=True)
        .where(Correction.face_id.in_(reach), alive)
        .cte("said")
    )


def _words(said: CTE) -> CTE:
    """What each person says last of each character of a face, and what trusted people make of that.

    Further columns: guild_id, picture_id, upheld (rule 2 settles the face as this character), overruled (rule 2
    settles the face otherwise, or somebody trusted says "not" that).
    """
    face: dict[str, Any] = {"partition_by": said.c.face_id}
    claim: dict[str, Any] = {"partition_by": [said.c.face_id, said.c.character_id]}
    naming = func.max(said.c.id).filter(~said.c.against, said.c.trusted)
    refusing = func.max(said.c.id).filter(said.c.against, said.c.trusted)
    last = (
        select(
            said,
            naming.over(**claim).label("trusted_word"),
            func.coalesce(refusing.over(**claim), 0).label("trusted_refusal"),
            naming.over(**face).label("last_trusted_word"),
        )
        .where(said.c.latest, or_(said.c.against, said.c.id == said.c.word))
        .cte("last")
    )
    upheld = case(
        (and_(last.c.trusted_word == last.c.last_trusted_word, last.c.trusted_word > last.c.trusted_refusal), 1),
        else_=0,
    )
    judged = select(last, upheld.label("upheld")).cte("judged")
    decided = func.max(judged.c.upheld).over(partition_by=judged.c.face_id)
    refused = judged.c.trusted_refusal > func.coalesce(judged.c.trusted_word, 0)
    return (
        select(
            judged,
            Picture.guild_id,
            Face.picture_id,
            and_(judged.c.upheld == 0, or_(decided == 1, refused)).label("overruled"),
        )
        .join(Face, Face.id == judged.c.face_id)
        .join(Picture, Picture.id == Face.picture_id)
        .cte("words")
    )


def _heard(words: CTE) -> CTE:
    """The words, and whether each counts (rules a to d)."""
    who = (words.c.guild_id, words.c.user_id)
    at = cast(words.c.at, String)
    day, minute = func.substr(at, 1, 10), func.substr(at, 1, 16)
    bursts = (
        select(*who, minute.label("minute"))
        .group_by(*who, minute)
        .having(func.count(distinct(words.c.picture_id)) > rules.BURST)
        .cte("bursts")
    )
    # Who says "not X" of an X is overruled; who says it of another is not upheld by that, which would be cheap.
    wrong = func.count().filter(
        or_(and_(words.c.against, words.c.upheld == 1), and_(~words.c.against, words.c.overruled))
    )
    right = func.count().filter(~words.c.against, words.c.upheld == 1)
    liars = (
        select(*who).where(~words.c.trusted).group_by(*who).having(wrong >= rules.OVERRULED, wrong > right).cte("liars")
    )
    # A snowflake holds the moment when the account was made. One from the future tells of a clock that is wrong.
    made = words.c.user_id.op("/")(2**22) / 1000 + 1_420_070_400
    age = extract("epoch", words.c.at) - made
    nth = func.row_number().over(partition_by=[*who, day], order_by=words.c.id)
    ordinary = and_(
        ~age.between(0, rules.NEW_ACCOUNT.total_seconds()),
        bursts.c.minute.is_(None),
        nth <= rules.PER_DAY,
        liars.c.user_id.is_(None),
    )
    return (
        select(words, or_(words.c.trusted, ordinary).label("counts"))
        .join(
            bursts,
            (bursts.c.user_id == words.c.user_id)
            & (bursts.c.guild_id == words.c.guild_id)
            & (bursts.c.minute == minute),
            isouter=True,
        )
        .join(liars, (liars.c.user_id == words.c.user_id) & (liars.c.guild_id == words.c.guild_id), isouter=True)
        .cte("heard")
    )
