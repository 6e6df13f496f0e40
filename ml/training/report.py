"""What a retraining found: the gate's verdict, what it rests on, and what changed for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from ml.measuring.scores import Comparison, Score
from ml.naming.names import LONGEST
from ml.training.curve import Step
from ml.training.gate import PROMOTING, Verdict
from ml.training.suspects import Suspect
from ml.versions.version import ModelVersion

_MOST: Final = 2**31  # faces that anything is measured on


@dataclass(frozen=True, slots=True)
class CharacterReport:
    """One character before and after, on held-out faces.

    Attributes
    ----------
    new
        The active version does not know it.
    learned_from
        Faces that the new version learned it from.
    added, gone
        Faces that it was not learned from before, and that it is no longer learned from: forgotten, taken back, or
        given another name.
    renamed_from
        The name under which the active version knows it, if most of its faces bore that.
    """

    name: str
    new: bool
    learned_from: int
    added: int
    gone: int
    renamed_from: str | None
    before: Score
    after: Score


@dataclass(frozen=True, slots=True)
class Answered:
    """So many held-out faces of a character were given a name; None: none."""

    truth: str
    said: str | None
    faces: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a retraining found.

    Attributes
    ----------
    verdict
        Why the new version should be published, or why not; see `ml.training.gate`.
    examples
        Faces that the new version learned from.
    naming
        Held-out faces named rightly by the active version and by the new one.
    strangers
        Background faces that neither was fitted on, left unnamed.
    look_alikes
        The faces of `naming`, left unnamed when their own character was struck out.
    uncounted
        Held-out faces that `naming` and `look_alikes` leave out: only members named them, and the active version
        would name them otherwise; see `ml.training.gate.counted`.
    dropped
        Characters that the active version knows and the new one does not.
    curve
        What more examples brought to those characters that have many.
    suspects
        Examples that look wrong, those that look most wrong first.
    answers
        What the new version made of the held-out faces.
    """

    verdict: Verdict
    examples: int
    naming: Comparison
    strangers: Comparison
    look_alikes: Comparison
    uncounted: int
    characters: tuple[CharacterReport, ...]
    dropped: tuple[str, ...]
    curve: tuple[Step, ...]
    suspects: tuple[Suspect, ...] = ()
    answers: tuple[Answered, ...] = ()

    @property
    def promote(self) -> bool:
        """Whether the new version should replace the active one."""
        return self.verdict in PROMOTING

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, which `from_json` reads."""
        return _ADAPTER.dump_python(self, mode="json")

    @classmethod
    def from_json(cls, raw: object) -> "Report":
        """Rebuild a report.

        Raises
        ------
        ValueError
            Some other version of Koredare wrote it, or somebody made it up who gave a version away.
        """
        report = _ADAPTER.validate_python(raw)
        scores = [score for each in report.compared for score in (each.before, each.after)]
        if not all(0 <= score.right <= score.total <= _MOST for score in scores):
            raise ValueError("so many cannot be right of so many")
        if not all(len(name) <= LONGEST for name in report.named):
            raise ValueError("a name is none")
        return report

    @property
    def compared(self) -> Iterator[Comparison | CharacterReport]:
        """All that tells how many faces were named rightly before and after."""
        yield from (self.naming, self.strangers, self.look_alikes, *self.characters)

    @property
    def named(self) -> Iterator[str]:
        """All names in it."""
        yield from self.dropped
        for each in self.characters:
            yield each.name
        for each in self.answers:
            yield from filter(None, (each.truth, each.said))


_ADAPTER = TypeAdapter(Report)


def measured(version: ModelVersion) -> Report | None:
    """What was measured of a version when it was made; None: an earlier Koredare measured otherwise, or nobody did."""
    try:
        return Report.from_json(version.metrics)
    except ValueError:
        return None
