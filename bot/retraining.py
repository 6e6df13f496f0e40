"""From trusted examples to a published version: gathers, trains in a process of its own, publishes if no worse."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.config import Settings
from bot.database import examples
from bot.database.engine import Database
from ml.embedder import fingerprint
from ml.errors import KoredareError
from ml.recognizer import BACKGROUND, EMBEDDER
from ml.registry import CLASSIFIER, ModelVersion, Registry
from ml.retraining import Job, Report
from ml.training import Examples

Progress = Callable[[str, float], Awaitable[None]]


class RetrainingError(KoredareError):
    """A retraining that did not happen or broke off; the active version is as it was. The message is for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a retraining came to.

    Attributes
    ----------
    report
        What was measured.
    published
        The new version, active from now on; None: the old one was kept, for the reason in the report.
    stale
        Examples left out because they were embedded by another embedder.
    """

    report: Report
    published: ModelVersion | None
    stale: int


async def _silent(stage: str, share: float) -> None:
    del stage, share


async def retrain(
    settings: Settings, database: Database, *, guild_id: int | None, progress: Progress = _silent
) -> Outcome:
    """Train on everything that is trusted, and publish if it is no worse.

    Parameters
    ----------
    guild_id
        Whose model; None: the one that everyone shares.
    progress
        Awaited with the stage ("starting", "training", "measuring") and how much of it is done, 0..1.

    Raises
    ------
    RetrainingError
        One is running already, there is nothing to learn from, or it failed or took too long.
    """
    folder = settings.models(guild_id)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".retraining")
    try:
        with lock.acquire(blocking=False):
            return await _retrain(settings, database, guild_id=guild_id, progress=progress)
    except Timeout as error:
        raise RetrainingError("A retraining is running already; wait for it to end.") from error


async def _retrain(settings: Settings, database: Database, *, guild_id: int | None, progress: Progress) -> Outcome:
    registry = Registry(settings.models(guild_id))
    embedder = await asyncio.to_thread(fingerprint, EMBEDDER)
    async with database.reading() as session:
        found = await examples.examples(session, guild_id=guild_id, quorum=settings.feedback.quorum)
    if settings.feedback.consent == "never":
        found = [example for example in found if example.source == "import"]
    usable = [example for example in found if example.embedder == embedder]
    if not any(not example.held_out for example in usable):
        raise RetrainingError(
            "There is nothing to learn from yet. Correct some faces, or import a folder of pictures; "
            "a name counts once a moderator says it, or enough members agree."
        )
    active = registry.active() or (Registry(settings.models(None)).active() if guild_id is not None else None)
    job = Job(
        Examples.from_bytes(
            [example.embedding for example in usable],
            names=[example.name for example in usable],
            pictures=[example.picture_hash for example in usable],
        ),
        held_out=tuple(example.held_out for example in usable),
        active=None if active is None or active.embedder != embedder else active.folder / CLASSIFIER,
        background=BACKGROUND,
        embedder=embedder,
    )
    registry.sweep()
    with registry.staging() as staging:
        await asyncio.to_thread(job.save, staging)
        report = await _train(staging, minutes=settings.retraining.minutes, progress=progress)
        published = await asyncio.to_thread(registry.publish, staging / "version") if report.promote else None
    return Outcome(report, published, stale=len(found) - len(usable))


async def _train(job: Path, *, minutes: float, progress: Progress) -> Report:
    """Run `python -m ml.retraining` on the job, and read what it prints; killed if it takes too long."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ml.retraining", str(job), stdout=asyncio.subprocess.PIPE, stderr=log
        )
        try:
            async with asyncio.timeout(minutes * 60):
                report = await _follow(process, progress)
                code = await process.wait()
        except TimeoutError as error:
            raise RetrainingError(f"The retraining took over {minutes:g} minutes and was stopped.") from error
        finally:
            with suppress(ProcessLookupError):  # it has ended by itself, as it should
                process.kill()
            await process.wait()
        if code != 0 or report is None:
            log.seek(0)
            last = log.read().decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {code}"]
            raise RetrainingError(f"The retraining failed ({last[0]}); the old version stays.")
    return report


async def _follow(process: asyncio.subprocess.Process, progress: Progress) -> Report | None:
    assert process.stdout is not None
    report = None
    async for line in process.stdout:
        said: dict[str, Any] = json.loads(line)
        if "report" in said:
            report = Report.from_json(said["report"])
        else:
            await progress(said["stage"], said["done"] / said["total"])
    return report
