"""One retraining, in a process of its own: examples in, a measured version folder out.

`python -P -m ml.training.process JOB MEGABYTES` reads the job in the folder JOB, writes the version into
`JOB/version/` and prints one JSON object a line: `{"stage": …, "done": …, "total": …}` while it works,
`{"report": …}` at the end. It publishes nothing: who started it does. It ends when its standard input is closed.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path

import numpy as np

from ml.confinement import confine
from ml.files import digest
from ml.measuring.scores import Measurement, Score, measure
from ml.naming.classifier import Classifier
from ml.naming.examples import Examples
from ml.training.background import Background
from ml.training.curve import learning_curve
from ml.training.fit import train
from ml.training.gate import compare
from ml.training.job import Job
from ml.training.report import Answered, CharacterReport, Report
from ml.training.suspects import suspects
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES, read_examples


def retrain(job: Job, folder: Path, version: Path) -> Report:
    """Train a challenger, measure it against the active version, and write it into the folder `version`.

    Parameters
    ----------
    folder
        Where the job was saved.

    Raises
    ------
    ClassifierError, BackgroundError
        The active version or the background cannot be read.
    """
    background = Background.load(job.background, embedder=job.embedder)
    wrong = suspects(job.examples(folder, np.ones(len(job.faces), bool)), job.faces)
    kept_out = np.array(job.held_out, bool)
    learned, held_out = job.examples(folder, ~kept_out), job.examples(folder, kept_out)
    champion = _champion(job)
    if champion is None:
        job = replace(job, active=None)  # there is none, or an older Koredare's, which names nobody here
    challenger = train(
        learned,
        background,
        progress=lambda done, total: _say(stage="training", done=done, total=total),
    )
    _say(stage="measuring", done=0, total=1)
    measured = _Measured(
        known=() if champion is None else champion.names,
        held_out=held_out,
        before=measure(champion, held_out, background.gate),
        after=measure(challenger, held_out, background.gate),
    )
    answers = _answers(held_out, measured.after)
    report = replace(_report(job, learned, measured), suspects=wrong, answers=answers)
    _write(version, challenger, report, job)
    return report


def _champion(job: Job) -> Classifier | None:
    """The version that answers today, under today's names: a renaming makes it no worse, nor a merge."""
    if job.active is None:
        return None
    champion = Classifier.load(job.active / CLASSIFIER)
    if champion is None:
        return None
    return replace(champion, names=tuple(job.renamed.get(name, name) for name in champion.names))


@dataclass(frozen=True, slots=True)
class _Measured:
    """The held-out faces under the active version, which knows the characters `known`, and under the new one."""

    known: Sequence[str]
    held_out: Examples
    before: Measurement
    after: Measurement


def _report(job: Job, learned: Examples, measured: _Measured) -> Report:
    compared = compare(
        measured.before,
        measured.after,
        names=measured.held_out.names,
        trusted=np.array(job.trusted, bool)[np.array(job.held_out, bool)],
        first=job.active is None,
    )
    learned_names = set(learned.names)
    return Report(
        verdict=compared.verdict,
        examples=len(learned),
        naming=compared.naming,
        strangers=compared.strangers,
        look_alikes=compared.look_alikes,
        uncounted=compared.uncounted,
        characters=_characters(job, measured),
        dropped=tuple(name for name in measured.known if name not in learned_names),
        curve=learning_curve(learned, measured.held_out),
    )


def _characters(job: Job, measured: _Measured) -> tuple[CharacterReport, ...]:
    names = measured.held_out.names
    held_out, before, after = Counter(names), _right(names, measured.before), _right(names, measured.after)
    now = job.learned
    then = read_examples(job.active) if job.active else {}
    bore = {face: name for name, faces in then.items() for face in faces}
    had: dict[str, set[int]] = {}
    for name, faces in then.items():
        had.setdefault(job.renamed.get(name, name), set()).update(faces)
    found: list[CharacterReport] = []
    for name in sorted(now):
        faces, old = set(now[name]), had.get(name, set())
        found.append(
            CharacterReport(
                name=name,
                new=name not in measured.known,
                learned_from=len(faces),
                added=len(faces - old),
                gone=len(old - faces),
                renamed_from=_former_name([bore[face] for face in faces if face in bore], name, faces=len(faces)),
                before=Score(before[name], held_out[name]),
                after=Score(after[name], held_out[name]),
            )
        )
    return tuple(found)


def _right(names: Sequence[str], measured: Measurement) -> Counter[str]:
    """How many faces of each character were given their own name."""
    return Counter(name for name, right in zip(names, measured.named_right.tolist(), strict=True) if right)


def _former_name(bore: list[str], name: str, *, faces: int) -> str | None:
    """The other name that most of a character's faces bore, if any."""
    if not bore or name in bore:
        return None
    former = max(set(bore), key=bore.count)
    return former if bore.count(former) > faces / 2 else None


def _answers(held_out: Examples, measured: Measurement) -> tuple[Answered, ...]:
    counts = Counter(zip(held_out.names, measured.said, strict=True))
    return tuple(Answered(truth, said, faces) for (truth, said), faces in counts.items())


def _write(version: Path, classifier: Classifier, report: Report, job: Job) -> None:
    classifier.save(version / CLASSIFIER)
    description = {
        "created_at": datetime.now(UTC).isoformat(),
        "embedder": job.embedder,
        "background": digest(job.background),
        "koredare": installed("koredare"),
        "threshold": classifier.calibration.threshold,
        "metrics": report.as_json(),
    }
    (version / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=1), encoding="utf-8")
    (version / EXAMPLES).write_text(json.dumps(job.learned, ensure_ascii=False), encoding="utf-8")


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the job in the folder named on the command line."""
    folder, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    confine(megabytes=megabytes)
    _say(stage="starting", done=0, total=1)
    version = folder / "version"
    version.mkdir(exist_ok=True)
    _say(report=retrain(Job.load(folder), folder, version).as_json())


if __name__ == "__main__":
    main()
