"""What a model makes of labelled faces: naming, rejecting strangers, calibration, and who is taken for whom."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.measuring.reliability import Reliability, reliability
from ml.measuring.scores import Score
from ml.naming.classifier import Candidate


@dataclass(frozen=True, slots=True)
class Judged:
    """A face whose character is known to us, and what a model made of it.

    Attributes
    ----------
    truth
        Who it is; None: a stranger.
    known
        The model has learned `truth`. A stranger is not known.
    name
        Who the model said it is; None: it did not say.
    confidence
        Probability that the first candidate is right, 0..1.
    candidates
        The likeliest characters, best first, at least one.
    """

    truth: str | None
    known: bool
    name: str | None
    confidence: float
    candidates: tuple[Candidate, ...]

    @property
    def likeliest(self) -> str:
        """The first candidate, whether or not it was sure enough to be said."""
        return self.candidates[0].name

    @property
    def right(self) -> bool:
        """The likeliest name is the true one."""
        return self.likeliest == self.truth


@dataclass(frozen=True, slots=True)
class CharacterResult:
    """One character's faces: how many the likeliest name was right for, that were named rightly, left unnamed."""

    name: str
    likeliest: Score
    named: Score
    unnamed: Score


@dataclass(frozen=True, slots=True)
class Confusion:
    """Who was called what.

    Attributes
    ----------
    rows
        True characters: those that the model knows, those that it does not, then None for strangers; only who has
        faces.
    columns
        What was said: names, then None for "unknown".
    counts
        Faces, shape (len(rows), len(columns)).
    """

    rows: tuple[str | None, ...]
    columns: tuple[str | None, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Faces of one character (None: strangers) that were taken for another.

    Attributes
    ----------
    faces
        Their places in `Evaluation.judged`. Of a character: those whose likeliest name is the wrong one, whether or
        not it was said; of strangers: those that were given the name. The surest first.
    said
        How many of them were given the name.
    """

    truth: str | None
    taken_for: str
    faces: tuple[int, ...]
    said: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a model did on labelled faces.

    Attributes
    ----------
    likeliest
        Of known characters' faces, those whose first candidate is right: top-1 without the threshold.
    named
        Of the same faces, those that were given their own name: top-1 with the threshold.
    rejected, accepted
        Of strangers' faces, those left unnamed, and those given a name.
    characters
        The characters that the model knows, by name.
    unknown_characters
        Characters that it has not learned; they count in none of the scores above.
    """

    judged: tuple[Judged, ...]
    likeliest: Score
    named: Score
    rejected: Score
    accepted: Score
    characters: tuple[CharacterResult, ...]
    unknown_characters: tuple[CharacterResult, ...]
    reliability: Reliability
    confusion: Confusion
    mistaken: tuple[Mistaken, ...]


def evaluate(judged: Sequence[Judged]) -> Evaluation:
    """Put together how well a model did on labelled faces, in any order."""
    known = [each for each in judged if each.known]
    strangers = [each for each in judged if each.truth is None]
    rejected = _share(strangers, lambda each: each.name is None)
    counted = [*known, *strangers]
    return Evaluation(
        judged=tuple(judged),
        likeliest=_share(known, lambda each: each.right),
        named=_share(known, lambda each: each.name == each.truth),
        rejected=rejected,
        accepted=Score(rejected.total - rejected.right, rejected.total),
        characters=_characters(known),
        unknown_characters=_characters([each for each in judged if not each.known and each.truth is not None]),
        reliability=reliability(
            np.array([each.confidence for each in counted], np.float64),
            np.array([each.right for each in counted], bool),
            np.array([each.known for each in counted], bool),
        ),
        confusion=_confusion(judged),
        mistaken=_mistaken(judged),
    )


def _share(faces: Sequence[Judged], holds: Callable[[Judged], bool]) -> Score:
    return Score(sum(map(holds, faces)), len(faces))


def _characters(faces: Sequence[Judged]) -> tuple[CharacterResult, ...]:
    names = sorted({each.truth for each in faces if each.truth is not None}, key=str.casefold)
    mine = [[each for each in faces if each.truth == name] for name in names]
    return tuple(
        CharacterResult(
            name,
            likeliest=_share(those, lambda each: each.right),
            named=_share(those, lambda each: each.name == each.truth),
            unnamed=_share(those, lambda each: each.name is None),
        )
        for name, those in zip(names, mine, strict=True)
    )


def _confusion(judged: Sequence[Judged]) -> Confusion:
    return confusion(
        Counter((each.truth, each.name) for each in judged),
        known={each.truth for each in judged if each.known and each.truth is not None},
    )


def confusion(answers: Mapping[tuple[str | None, str | None], int], *, known: Collection[str]) -> Confusion:
    """Who was called what, from how often each (None: a stranger) was called so (None: was given no name).

    `known`: the characters that the model has learned, at least those of `answers`.
    """
    counts = Counter(answers)
    names = {truth for truth, _ in counts if truth is not None}
    known = sorted(names & set(known), key=str.casefold)
    new = sorted(names - set(known), key=str.casefold)
    strangers = [None] if any(truth is None for truth, _ in counts) else []
    others = sorted({said for _, said in counts if said is not None and said not in known}, key=str.casefold)
    rows = (*known, *new, *strangers)
    columns = (*known, *others, None)
    return Confusion(rows, columns, tuple(tuple(counts[row, column] for column in columns) for row in rows))


def _mistaken(judged: Sequence[Judged]) -> tuple[Mistaken, ...]:
    pairs: dict[tuple[str | None, str], list[int]] = {}
    for place, each in enumerate(judged):
        if not each.right and (each.known or each.name is not None):
            pairs.setdefault((each.truth, each.likeliest), []).append(place)
    found = [
        Mistaken(
            truth,
            taken_for,
            faces=tuple(sorted(places, key=lambda place: -judged[place].confidence)),
            said=sum(judged[place].name is not None for place in places),
        )
        for (truth, taken_for), places in pairs.items()
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.faces), -each.said, each.truth or "", each.taken_for)))
