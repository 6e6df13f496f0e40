"""One retraining, in a process of its own: examples in, a measured version folder out.

`python -m ml.retraining JOB` reads `JOB/examples.npz`, writes the version into `JOB/version/` and prints one JSON
object a line: `{"stage": …, "done": …, "total": …}` while it works, `{"report": …}` at the end. It publishes
nothing: who started it does, if the report says so.
"""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ml.background import Background
from ml.classifier import Classifier
from ml.evaluation import Measurement, Score, is_worse, measure
from ml.registry import CLASSIFIER, DESCRIPTION
from ml.training import FALSE_ACCEPT_RATE, Examples, train

# Fewer held-out faces than this cannot show that naming got worse.
ENOUGH_TO_TELL = 10

Verdict = Literal["first", "no_worse", "too_few_to_tell", "naming_worse", "strangers_worse"]
PROMOTING: tuple[Verdict, ...] = ("first", "no_worse", "too_few_to_tell")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a retraining reads.

    Attributes
    ----------
    examples
        All faces with trusted names.
    held_out
        For each example: it is for measuring only, now and in every later version.
    active
        The `classifier.npz` that answers today, or None.
    background
        The `background.npz` that ships with the embedder.
    embedder
        Fingerprint of the embedder that all embeddings come from.
    """

    examples: Examples
    held_out: tuple[bool, ...]
    active: Path | None
    background: Path
    embedder: str

    def save(self, folder: Path) -> None:
        """Write the job into an existing folder."""
        meta = {
            "names": self.examples.names,
            "pictures": self.examples.pictures,
            "held_out": self.held_out,
            "active": None if self.active is None else str(self.active),
            "background": str(self.background),
            "embedder": self.embedder,
        }
        np.savez(
            folder / "examples.npz",
            embeddings=self.examples.embeddings.astype(np.float16),
            meta=np.array(json.dumps(meta)),
        )

    @classmethod
    def load(cls, folder: Path) -> "Job":
        """Read what `save` wrote."""
        with np.load(folder / "examples.npz", allow_pickle=False) as stored:
            embeddings = stored["embeddings"].astype(np.float32)
            meta: dict[str, Any] = json.loads(str(stored["meta"]))
        return cls(
            Examples(embeddings, tuple(meta["names"]), tuple(meta["pictures"])),
            held_out=tuple(meta["held_out"]),
            active=Path(meta["active"]) if meta["active"] else None,
            background=Path(meta["background"]),
            embedder=meta["embedder"],
        )


@dataclass(frozen=True, slots=True)
class CharacterReport:
    """One character before and after, on held-out faces.

    Attributes
    ----------
    new
        The active version does not know it.
    learned_from
        Faces that the new version learned it from.
    """

    name: str
    new: bool
    learned_from: int
    before: Score
    after: Score


@dataclass(frozen=True, slots=True)
class Report:
    """What a retraining found.

    Attributes
    ----------
    verdict
        Why the new version should be published, or why not; see `PROMOTING`.
    examples
        Faces that the new version learned from.
    naming_before, naming_after
        Held-out faces named rightly by the active version and by the new one.
    strangers_before, strangers_after
        Background faces that neither was fitted on, left unnamed.
    """

    verdict: Verdict
    examples: int
    naming_before: Score
    naming_after: Score
    strangers_before: Score
    strangers_after: Score
    characters: tuple[CharacterReport, ...]

    @property
    def promote(self) -> bool:
        """Whether the new version should replace the active one."""
        return self.verdict in PROMOTING

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Report":
        """Rebuild the report from what `dataclasses.asdict` made of it."""
        scores = ("naming_before", "naming_after", "strangers_before", "strangers_after")
        return cls(
            verdict=raw["verdict"],
            examples=raw["examples"],
            **{name: Score(**raw[name]) for name in scores},
            characters=tuple(
                CharacterReport(c["name"], c["new"], c["learned_from"], Score(**c["before"]), Score(**c["after"]))
                for c in raw["characters"]
            ),
        )


def retrain(job: Job, version: Path) -> Report:
    """Train a challenger, measure it against the active version, and write it into the folder `version`.

    Raises
    ------
    ClassifierError, BackgroundError
        The active version or the background cannot be read.
    """
    background = Background.load(job.background, embedder=job.embedder)
    mask = np.array(job.held_out, bool)
    learned, held_out = job.examples.where(~mask), job.examples.where(mask)
    champion = Classifier.load(job.active) if job.active else None
    challenger = train(
        learned,
        background.calibration,
        progress=lambda done, total: _say(stage="training", done=done, total=total),
    )
    _say(stage="measuring", done=0, total=1)
    before = measure(champion, held_out, background.gate)
    after = measure(challenger, held_out, background.gate)
    known = () if champion is None else champion.names
    report = Report(
        decide(before, after, first=champion is None),
        len(learned),
        before.naming,
        after.naming,
        before.strangers,
        after.strangers,
        tuple(
            CharacterReport(
                name=name,
                new=name not in known,
                learned_from=learned.names.count(name),
                before=_score_of(name, held_out, before),
                after=_score_of(name, held_out, after),
            )
            for name in challenger.names
        ),
    )
    _write(version, challenger, report, embedder=job.embedder)
    return report


def decide(before: Measurement, after: Measurement, *, first: bool) -> Verdict:
    """Compare the challenger (`after`) with the active version on the same faces; `first`: there is no such version."""
    if first:
        return "first"
    # Within the rate that the threshold is set for, how many strangers are named is chance.
    too_many = len(after.rejected) - after.rejected.sum() > FALSE_ACCEPT_RATE * len(after.rejected)
    if too_many and is_worse(before.rejected, after.rejected):
        return "strangers_worse"
    if is_worse(before.named_right, after.named_right):
        return "naming_worse"
    return "too_few_to_tell" if len(after.named_right) < ENOUGH_TO_TELL else "no_worse"


def _score_of(name: str, held_out: Examples, measured: Measurement) -> Score:
    mine = [bool(right) for right, true in zip(measured.named_right, held_out.names, strict=True) if true == name]
    return Score(sum(mine), len(mine))


def _write(version: Path, classifier: Classifier, report: Report, *, embedder: str) -> None:
    classifier.save(version / CLASSIFIER)
    description = {
        "created_at": datetime.now(UTC).isoformat(),
        "embedder": embedder,
        "metrics": asdict(report),
    }
    (version / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=1), encoding="utf-8")


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the job in the folder named on the command line."""
    folder = Path(sys.argv[1])
    _say(stage="starting", done=0, total=1)
    version = folder / "version"
    version.mkdir(exist_ok=True)
    _say(report=asdict(retrain(Job.load(folder), version)))


if __name__ == "__main__":
    main()
