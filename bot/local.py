"""What the command line does with local files and the data folder, without Discord."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import importing, retraining
from bot.config import Settings
from bot.database import Database, schema
from bot.recognition import recognizer_settings
from bot.retraining import Outcome
from ml import NamedFace, PictureError, Recognition, Recognizer
from ml.evaluation import Score
from ml.registry import ModelVersion, Registry, RegistryError

UPLOAD_LIMIT = 64 * 2**20  # a file on disk may be large


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[Database]:
    """The database of a data folder, made or migrated as needed."""
    settings.home.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(schema.ensure, settings.home)
    opened = Database(settings.home)
    try:
        yield opened
    finally:
        await opened.close()


def whois(settings: Settings, paths: Iterable[Path], *, crops: bool, out: Path | None) -> Iterator[dict[str, Any]]:
    """Name the faces in files: one object each, in their order, as `koredare whois --json` prints it."""
    recognizer = Recognizer(recognizer_settings(settings))
    active = Registry(settings.models(None)).active()
    version = None if active is None else active.folder
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        try:
            data = path.read_bytes()
            if crops:
                recognition = recognizer.recognize_crop(data, version=version)
            elif out is not None:
                recognition, drawing = recognizer.recognize_and_draw(data, version=version, max_bytes=UPLOAD_LIMIT)
                (out / f"{path.stem}{drawing.suffix}").write_bytes(drawing.data)
            else:
                recognition = recognizer.recognize(data, version=version)
        except OSError as error:
            yield _failure(path, "unreadable", f"{path} cannot be read: {error.strerror}.")
        except PictureError as error:
            yield _failure(path, error.code, str(error))
        else:
            yield _success(path, recognition)


def sentence(answer: dict[str, Any]) -> str:
    """One answer of `whois` as people read it."""
    if "error" in answer:
        return f"{answer['path']}: {answer['error']['message']}"
    who = [
        f"{face['name']} ({face['confidence']:.0%})" if face["name"] is not None else "someone I don't know"
        for face in answer["faces"]
    ]
    return f"{answer['path']}: {', '.join(who) or 'no face found'}"


async def import_folder(settings: Settings, folder: Path, *, crops: bool) -> str:
    """Import a folder per character; gives the summary, and writes down what was left out."""
    async with database(settings) as opened:
        found = await importing.import_folder(settings, opened, folder, crops=crops, progress=count_files)
    lines = [f"{name}: {count} new faces" for name, count in found.learned.items()]
    if found.known:
        lines.append(f"{found.known} pictures were known already.")
    if found.left_out:
        listing = settings.home / "not-imported.txt"
        left_out = [f"{each.path}: {each.reason}" for each in found.left_out]
        listing.write_text("\n".join(left_out) + "\n", encoding="utf-8")
        lines += [f"{len(left_out)} left out (the list is in {listing}):", *(f"  {line}" for line in left_out)]
    lines.append("Now: koredare retrain")
    return "\n".join(lines)


async def retrain(settings: Settings, *, guild_id: int | None, as_json: bool) -> tuple[Outcome, str]:
    """Retrain, with progress on stderr; gives the outcome, and what to print of it."""
    async with database(settings) as opened:
        outcome = await retraining.retrain(settings, opened, guild_id=guild_id, progress=_stage)
    published = outcome.published and outcome.published.name
    if as_json:
        report = {
            "promoted": outcome.published is not None,
            "version": published,
            "reason": outcome.report.verdict,
            "stale": outcome.stale,
            **asdict(outcome.report),
        }
        return outcome, json.dumps(report, ensure_ascii=False)
    report = outcome.report
    lines = [
        f"published {published}" if published else "the old version was kept",
        f"reason: {report.verdict}",
        f"learned from {report.examples} faces of {len(report.characters)} characters",
        f"held-out faces named rightly: {_share(report.naming_before)} -> {_share(report.naming_after)}",
        f"strangers left unnamed: {_share(report.strangers_before)} -> {_share(report.strangers_after)}",
    ]
    if outcome.stale:
        lines.append(f"{outcome.stale} faces were left out: another embedder made them")
    return outcome, "\n".join(lines)


def list_versions(settings: Settings, *, guild_id: int | None, as_json: bool) -> str:
    """The versions of a model, oldest first."""
    registry = Registry(settings.models(guild_id))
    active = registry.active()
    versions = registry.versions()
    if as_json:
        return json.dumps([_row(version, active) for version in versions])
    if not versions:
        return "No version yet. Import pictures or correct answers, then: koredare retrain"
    lines: list[str] = []
    for version in versions:
        mark = "*" if version == active else " "
        when = version.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        naming = _share(Score(**version.metrics["naming_after"]))
        lines.append(f"{mark} {version.name:<5} {when}  {version.metrics['examples']:>6} faces  held out: {naming}")
    return "\n".join(lines)


def show_version(settings: Settings, name: str, *, guild_id: int | None) -> str:
    """Everything that was measured of a version, as JSON."""
    registry = Registry(settings.models(guild_id))
    version = registry.get(name) if name else registry.active()
    if version is None:
        raise RegistryError("There is no version yet: koredare import, then koredare retrain.")
    return json.dumps({**_row(version, registry.active()), "metrics": version.metrics}, ensure_ascii=False, indent=1)


def rollback(settings: Settings, name: str, *, guild_id: int | None) -> str:
    """Make an earlier version the active one."""
    registry = Registry(settings.models(guild_id))
    version = registry.activate(name or registry.predecessor().name)
    return f"{version.name} answers from now on."


def _success(path: Path, recognition: Recognition) -> dict[str, Any]:
    return {
        "path": str(path),
        "width": recognition.width,
        "height": recognition.height,
        "faces": [_face(face) for face in recognition.faces],
        "model": recognition.model,
        "seconds": round(recognition.seconds, 4),
    }


def _face(face: NamedFace) -> dict[str, Any]:
    return {
        "box": list(face.box),
        "angle": face.angle,
        "score": round(face.score, 4),
        "name": face.name,
        "confidence": round(face.confidence, 4),
        "candidates": [{"name": each.name, "confidence": round(each.confidence, 4)} for each in face.candidates],
    }


def _failure(path: Path, code: str, message: str) -> dict[str, Any]:
    return {"path": str(path), "error": {"code": code, "message": message}}


def _row(version: ModelVersion, active: ModelVersion | None) -> dict[str, Any]:
    return {
        "name": version.name,
        "active": version == active,
        "created_at": version.created_at.isoformat(),
        "embedder": version.embedder,
        "examples": version.metrics["examples"],
    }


def _share(score: Score) -> str:
    if score.rate is None:
        return "none to measure"
    low, high = score.interval
    return f"{score.rate:.0%} of {score.total} ({low:.0%}..{high:.0%})"


def count_files(done: int, total: int) -> None:
    """Say on stderr how many files are done."""
    sys.stderr.write(f"\r{done} of {total} files" + ("\n" if done == total else ""))
    sys.stderr.flush()


async def _stage(stage: str, share: float) -> None:
    sys.stderr.write(f"{stage}: {share:.0%}\n")
