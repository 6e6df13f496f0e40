"""Measuring the model on a labelled folder: `koredare evaluate`."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from bot.config import Settings
from bot.database import samples
from bot.database.opened import opened
from bot.logs import on_a_line
from bot.recognition.pool import recognizer_settings
from bot.shell.output import share
from bot.words import words_in
from ml import Face, NamedFace, PictureError, Recognition, Recognizer
from ml.datasets.folders import STRANGERS, labelled
from ml.errors import KoredareError
from ml.measuring import charts
from ml.measuring.judged import CharacterResult, Evaluation, Judged, evaluate
from ml.measuring.mistakes_chart import Sight
from ml.measuring.scores import Score
from ml.naming.classifier import Classifier
from ml.naming.names import fold, plain
from ml.pictures.reading import from_file
from ml.versions.version import CLASSIFIER

Reason = Literal["no_face", "several_faces", "unreadable", "misplaced"]


class EvaluationFailed(KoredareError):
    """Nothing can be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A file that could not be judged, and why."""

    path: Path
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class _Seen:
    face: NamedFace
    picture_hash: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An evaluation, and what it rests on.

    Attributes
    ----------
    files
        All files found in characters' folders, and what lies beside these.
    sights
        Where each of the evaluation's faces is.
    learned
        Judged pictures that the model's owner holds as examples: on most of them the model was trained.
    """

    folder: Path
    model: str
    threshold: float
    files: int
    not_judged: tuple[NotJudged, ...]
    learned: int
    evaluation: Evaluation
    sights: tuple[Sight, ...]
    charts: dict[str, Path]


def measure(
    settings: Settings,
    folder: Path,
    *,
    crops: bool,
    guild_id: int | None,
    out: Path,
    progress: Callable[[int, int], None],
) -> Measured:
    """Judge the faces in `folder/<character>/*` by the active model, and draw the charts into `out`.

    Parameters
    ----------
    crops
        The files are face crops already; nothing is detected.
    progress
        Called with (files done, files).

    Raises
    ------
    FolderError, EvaluationFailed
        The folder cannot be used, no picture of it can be judged, or there is no model.
    ChartsError
        The charts cannot be written.
    """
    found = labelled(folder)
    version = settings.registry(guild_id).fresh().active()
    if version is None:
        raise EvaluationFailed("There is no model to measure yet: koredare import, then koredare retrain.")
    charts.prepare(out)
    classifier = Classifier.load(version.folder / CLASSIFIER)
    chosen = recognizer_settings(settings)
    recognizer = Recognizer(chosen)
    if classifier is None or version.embedder != recognizer.embedder:
        by = "another embedder" if classifier is not None else "an older Koredare"
        raise EvaluationFailed(f"Model {version.name} was trained with {by}: koredare retrain.")
    known = {fold(name): name for name in classifier.names}
    look = partial(recognizer.recognize_crop if crops else recognizer.recognize, version=version.folder)

    judged: list[Judged] = []
    sights: list[Sight] = []
    hashes: list[str] = []
    not_judged = [NotJudged(each.path, "misplaced", each.reason) for each in found.left_out]
    spelled: dict[str, str] = {}  # characters that the model does not know, as the first folder spells them
    for done, (name, path) in enumerate(found.files, start=1):
        seen = _look(path, look, max_bytes=chosen.max_bytes)
        if isinstance(seen, NotJudged):
            not_judged.append(seen)
        else:
            folded = fold(name)
            truth = None if name == STRANGERS else known.get(folded) or spelled.setdefault(folded, name)
            face, learned = seen.face, truth is not None and folded in known
            judged.append(Judged(truth, learned, face.name, face.confidence, face.candidates))
            sights.append(Sight(path, None if crops else Face(face.box, face.angle, face.score)))
            hashes.append(seen.picture_hash)
        progress(done, len(found.files))
    if not judged:
        raise EvaluationFailed(f"No picture in {folder} shows exactly one face: there is nothing to measure.")
    evaluation = evaluate(judged)
    return Measured(
        folder=folder,
        model=version.name,
        threshold=classifier.calibration.threshold,
        files=len(found.files) + len(found.left_out),
        not_judged=tuple(not_judged),
        learned=asyncio.run(_examples(settings, hashes, guild_id)),
        evaluation=evaluation,
        sights=tuple(sights),
        charts=charts.write(evaluation, sights, out, words_in("en"), model=version.name),
    )


def as_json(measured: Measured) -> dict[str, Any]:
    """What was measured as one object; docs/evaluation.md has its keys."""
    found = measured.evaluation
    why = Counter(each.reason for each in measured.not_judged)
    return {
        "folder": str(measured.folder),
        "model": measured.model,
        "threshold": measured.threshold,
        "pictures": {
            "total": measured.files,
            "judged": len(found.judged),
            **{reason: why[reason] for reason in ("no_face", "several_faces", "unreadable", "misplaced")},
            "learned": measured.learned,
        },
        "top1": _score(found.likeliest),
        "top1_with_threshold": _score(found.named),
        "unknown_rejection": _score(found.rejected),
        "false_accept": _score(found.accepted),
        "calibration": {
            "faces": found.reliability.faces,
            "ece": found.reliability.error,
            "ece_alike": found.reliability.error_alike,
            "ece_by_chance": found.reliability.by_chance,
            "bins": [
                {
                    "from": each.low,
                    "to": each.high,
                    "confidence": each.confidence,
                    "right": _score(each.right),
                    "known": each.known,
                }
                for each in found.reliability.bins
            ],
        },
        "characters": [_character(each) for each in found.characters],
        "unknown_characters": [_character(each) for each in found.unknown_characters],
        "confusion": {
            "rows": [STRANGERS if row is None else row for row in found.confusion.rows],
            "columns": list(found.confusion.columns),
            "counts": [list(row) for row in found.confusion.counts],
        },
        "confused": [
            {
                "truth": STRANGERS if each.truth is None else each.truth,
                "taken_for": each.taken_for,
                "faces": len(each.faces),
                "said": each.said,
                "paths": [str(measured.sights[place].path) for place in each.faces],
            }
            for each in found.mistaken
        ],
        "not_judged": [
            {"path": str(each.path), "reason": each.reason, "message": each.message} for each in measured.not_judged
        ],
        "charts": {name: str(path) for name, path in measured.charts.items()},
    }


def as_text(measured: Measured) -> str:
    """What was measured as people read it."""
    found = measured.evaluation
    reliable = found.reliability
    chance = f"chance alone makes up to {reliable.by_chance:.3f}"
    lines = [
        f"model {measured.model} on {measured.folder}: {len(found.judged)} of {measured.files} files show one face",
        "",
        f"likeliest name is right   {share(found.likeliest)}",
        f"right name said           {share(found.named)}   (said from a confidence of {measured.threshold:.2f})",
        f"strangers left unnamed    {share(found.rejected)}",
        f"strangers given a name    {share(found.accepted)}",
        f"calibration error (ECE)   {reliable.error:.3f} over {reliable.faces} faces; {chance}",
        *(
            [f"  acquaintances and strangers counting alike: {reliable.error_alike:.3f}"]
            if reliable.error_alike is not None
            else []
        ),
    ]
    if measured.learned:
        lines += ["", f"{measured.learned} of these pictures are examples already: they flatter the model."]
    if found.characters:
        lines += ["", *_table(found.characters)]
    for each in found.unknown_characters:
        lines.append(
            f"{plain(each.name)} is not known to this model: {share(each.unnamed)} left unnamed; not counted above"
        )
    if found.mistaken:
        lines += ["", "taken for another:"]
        lines += [
            f"  {plain(each.truth or 'strangers')} for {plain(each.taken_for)}: {len(each.faces)} faces, "
            f"{each.said} given that name"
            for each in found.mistaken
        ]
    if measured.not_judged:
        lines += ["", f"not judged ({len(measured.not_judged)}):"]
        lines += [f"  {on_a_line(each.path)}: {each.message}" for each in measured.not_judged]
    return "\n".join([*lines, "", *(f"drawn: {on_a_line(path)}" for path in measured.charts.values())])


def _table(results: Sequence[CharacterResult]) -> list[str]:
    rows = [["character", "likeliest", "said", "unnamed", "faces"]]
    for each in results:
        rows.append([plain(each.name), *(str(score.right) for score in (each.likeliest, each.named, each.unnamed))])
        rows[-1].append(str(each.named.total))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def _character(result: CharacterResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "top1": _score(result.likeliest),
        "top1_with_threshold": _score(result.named),
        "unnamed": _score(result.unnamed),
    }


def _score(score: Score) -> dict[str, Any]:
    low, high = score.interval
    return {"right": score.right, "total": score.total, "rate": score.rate, "low": low, "high": high}


def _look(path: Path, look: Callable[[bytes], Recognition], *, max_bytes: int) -> _Seen | NotJudged:
    try:
        data = from_file(path, max_bytes=max_bytes)
        faces = look(data).faces
    except OSError as error:
        return NotJudged(path, "unreadable", f"it cannot be read: {error.strerror}")  # a folder, for one
    except PictureError as error:
        return NotJudged(path, "unreadable", str(error))
    if not faces:
        return NotJudged(path, "no_face", "no face found")
    first, *others = faces
    if others:
        return NotJudged(path, "several_faces", f"{len(faces)} faces")
    return _Seen(first, hashlib.sha256(data).hexdigest())


async def _examples(settings: Settings, hashes: Sequence[str], guild_id: int | None) -> int:
    """How many of these pictures are examples of the model's owner, or of everyone."""
    count = 0
    async with opened(settings) as database, database.reading() as session:
        for each in hashes:
            owners = {guild_id, None}
            faces = [await samples.faces_of_hash(session, each, guild_id=owner) for owner in owners]
            count += any(faces)
    return count
