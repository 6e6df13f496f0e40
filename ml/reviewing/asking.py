"""Which faces teach most if somebody names them: strangers who look alike, and those that the model wavers about."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from ml.arrays import Floats
from ml.naming.classifier import Candidate
from ml.pictures.duplicates import distinct

Why: TypeAlias = Literal["strangers", "alike", "disputed", "unsure", "stranger", "alone"]

MOST: Final = 9  # faces asked for at once: as many as there are digits to call them by
# Of strangers posted among one another, with an embedder that knows none of them: of the faces grouped at 0.5, 98 %
# are of whom the group is, 91 % of the groups are of one character throughout (docs/measurements.md). Lower finds more
# and mixes more, and one word names them all.
LIKENESS: Final = 0.5
FEWEST: Final = 3  # two faces that look alike may be one picture again, or chance
# The two likeliest answers are less than this apart: the model would as soon have said the other.
WAVERING: Final = 0.5
_LIKELIEST: Final = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept face that nobody has settled.

    Attributes
    ----------
    face
        Its id.
    embedding, embedder, look
        As of `ml.Sample`; `look` may be unknown.
    refused
        Names that people said it is not.
    disputed
        People have said something of it, which settles nothing.
    apart
        Somebody said that it is not who the faces are that it looks like.
    skipped
        Somebody did not want to say who it is.
    """

    face: int
    embedding: bytes
    embedder: str
    look: str | None
    refused: frozenset[str] = frozenset()
    disputed: bool = False
    apart: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Who is this, or who are these?

    Attributes
    ----------
    faces
        Ids: one; of "strangers" and "alike" 3 to 9, the most typical first.
    why
        "strangers": nobody known, who look alike. "alike": they look alike, and the model is not sure who they are.
        "disputed": people have not agreed. "unsure": the model wavers. "stranger": set apart from others by somebody.
        "alone": nobody known, like no other.
    candidates
        The likeliest, best first, without those that people refused; the mean where there are several faces.
    """

    faces: tuple[int, ...]
    why: Why
    candidates: tuple[Candidate, ...]


def questions(
    waiting: Sequence[Waiting], candidates: Sequence[Sequence[Candidate]], *, known: Sequence[str] = ()
) -> list[Question]:
    """What to ask, that first which would teach most: whole groups, disputes, what the model wavers about, strangers.

    Parameters
    ----------
    candidates
        What the model says of each face now.
    known
        Looks of faces that are settled: what repeats one of these, or another face, is not asked.

    Notes
    -----
    That this order teaches more than chance is measured by `benchmarks/reviewing.py`.
    """
    said = [
        tuple(each for each in likely if each.name not in face.refused)
        for face, likely in zip(waiting, candidates, strict=True)
    ]
    rows = [row for row in _once(waiting, known) if not _known(waiting[row], said[row])]
    free = [row for row in rows if not (waiting[row].disputed or waiting[row].apart)]
    groups = [[free[place] for place in group] for group in lookalikes(_embeddings([waiting[row] for row in free]))]
    asked: list[tuple[tuple[bool, int, float], Question]] = []
    for group in groups:
        shown = group[:MOST]
        refused = {name for row in shown for name in waiting[row].refused}
        likeliest = _mean([said[row] for row in shown], refused=refused)
        why: Why = "strangers" if _stranger(likeliest) else "alike"
        order = (all(waiting[row].skipped for row in shown), 0, -len(group))
        asked.append((order, Question(tuple(waiting[row].face for row in shown), why, likeliest)))
    grouped = {row for group in groups for row in group}
    for row in rows:
        face, likeliest = waiting[row], said[row]
        if row in grouped:
            continue
        why, rank = _why_alone(face, likeliest)
        asked.append(((face.skipped, rank, certainty(likeliest)), Question((face.face,), why, likeliest)))
    return [question for _, question in sorted(asked, key=lambda each: each[0])]


def _why_alone(face: Waiting, likeliest: Sequence[Candidate]) -> tuple[Why, int]:
    """Why a face is asked for that belongs to no group, and when."""
    if face.disputed:
        return "disputed", 1
    if not _stranger(likeliest):
        return "unsure", 2
    return ("stranger", 2) if face.apart or certainty(likeliest) < WAVERING else ("alone", 3)


def _once(waiting: Sequence[Waiting], known: Sequence[str]) -> list[int]:
    """Rows of the faces that look like none before them and none that is known."""
    looks = [(row, face.look) for row, face in enumerate(waiting) if face.look is not None]
    first = {looks[place][0] for place in distinct([look for _, look in looks], known=known)}
    return [row for row, face in enumerate(waiting) if face.look is None or row in first]


def _known(face: Waiting, candidates: Sequence[Candidate]) -> bool:
    """Whether the model has learned meanwhile who it is, and nobody says otherwise."""
    sure = certainty(candidates) >= WAVERING and not _stranger(candidates)
    return sure and not (face.disputed or face.apart)


def _stranger(candidates: Sequence[Candidate]) -> bool:
    return not candidates or unknown(candidates) >= candidates[0].confidence


def _mean(said: Sequence[Sequence[Candidate]], *, refused: Collection[str]) -> tuple[Candidate, ...]:
    total: dict[str, float] = defaultdict(float)
    for likely in said:
        for each in likely:
            if each.name not in refused:
                total[each.name] += each.confidence / len(said)
    return tuple(Candidate(*each) for each in sorted(total.items(), key=lambda each: -each[1])[:_LIKELIEST])


def _embeddings(faces: Sequence[Waiting]) -> Floats:
    rows = [np.frombuffer(face.embedding, "<f2").astype(np.float32) for face in faces]
    return np.stack(rows) if rows else np.empty((0, 0), np.float32)


def lookalikes(embeddings: Floats, *, likeness: float = LIKENESS) -> list[list[int]]:
    """Group at least `FEWEST` faces that look alike, the largest group first, and in each the most typical face first.

    Parameters
    ----------
    embeddings
        float32, shape (n, dimensions), rows of unit length; of some hundreds of faces.
    likeness
        Least mean cosine between the faces of one half of a group and those of the other, wherever it grew together.

    Returns
    -------
    list of list of int
        Row numbers; each is in one group at most.

    Notes
    -----
    Average linkage (Sokal and Michener 1958), its similarities updated as by Lance and Williams 1967: at equal purity
    it gathers more of a character's faces than single linkage, DBSCAN or complete linkage (docs/decisions.md).
    """
    alike = embeddings @ embeddings.T
    groups = {row: [row] for row in range(len(embeddings))}
    between = alike.astype(np.float64)
    np.fill_diagonal(between, -np.inf)
    while len(groups) > 1:
        one, other = divmod(int(between.argmax()), len(between))
        if between[one, other] < likeness:
            break
        sizes = len(groups[one]), len(groups[other])
        merged = (sizes[0] * between[one] + sizes[1] * between[other]) / sum(sizes)
        between[one], between[:, one] = merged, merged
        between[other], between[:, other] = -np.inf, -np.inf
        between[one, one] = -np.inf
        groups[one] += groups.pop(other)
    found = [rows for rows in groups.values() if len(rows) >= FEWEST]
    typical = [sorted(rows, key=lambda row: (-alike[row, rows].mean(), row)) for rows in found]
    return sorted(typical, key=lambda rows: (-len(rows), rows[0]))


def certainty(candidates: Sequence[Candidate]) -> float:
    """How far the likeliest answer is ahead of the next one, 0..1; "a stranger" is an answer too.

    Notes
    -----
    Margin sampling (Scheffer, Decomain and Wrobel 2001): small where the first two names are close, and where the
    first is as probable as that nobody known is there.
    """
    answers = sorted([*(each.confidence for each in candidates), unknown(candidates)], reverse=True)
    return answers[0] - answers[1] if len(answers) > 1 else 1.0


def unknown(candidates: Sequence[Candidate]) -> float:
    """How probable it is that a face with these candidates is nobody's that the model knows, 0..1."""
    return max(0.0, 1.0 - sum(each.confidence for each in candidates))


def worth_keeping(candidates: Sequence[Candidate]) -> bool:
    """Whether a face may be asked for, by what the model says of it: it does not know the face, or wavers."""
    return _stranger(candidates) or certainty(candidates) < WAVERING
