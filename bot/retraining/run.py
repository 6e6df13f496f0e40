"""From trusted examples to a published version: gathers, trains in a process of its own, publishes if no worse."""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

from filelock import FileLock, Timeout

from bot import figures, room
from bot.config import RetrainingSettings, Settings
from bot.database import characters, examples, suspects, versions
from bot.database import settings as choices
from bot.database.characters import Names
from bot.database.engine import Database
from bot.database.examples import Example
from bot.database.versions import Author
from bot.recognition.pool import recognizer_settings
from bot.retraining import publishing, reembedding
from ml.errors import KoredareError
from ml.files import digest
from ml.naming.embedder import fingerprint
from ml.training.job import Job
from ml.training.report import Report
from ml.versions.registry import Registry
from ml.versions.version import ModelVersion, read_examples

Progress = Callable[[str, float], Awaitable[None]]
Gate: TypeAlias = Literal["heed", "override"]

# What NumPy, TensorFlow, C++, the loader of libraries and Python itself say last when there is no memory left.
_NO_MEMORY = (
    "MemoryError",
    "bad_alloc",
    "ResourceExhausted",
    "annot allocate memory",
    "failed to map segment",
    "out of memory",
    "new thread",
    "llocation",
    "without setting an exception",
    "without exception set",
)


_LONGEST_LINE = 2**26  # bytes: a report has some 300 for each character


class RetrainingError(KoredareError):
    """A retraining that did not happen or broke off; the active version is as it was. The message is for people."""


class AlreadyRetraining(RetrainingError):
    """One at a time."""

    code = "already_retraining"

    def __init__(self) -> None:
        super().__init__("A retraining is running already; wait for it to end.")


class NothingToLearn(RetrainingError):
    """No face has a trusted name."""

    code = "nothing_to_learn"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to learn from yet. Correct some faces, or import a folder of pictures; "
            "a name counts once a moderator says it, or enough members agree."
        )


class NothingNew(RetrainingError):
    """The version that answers was learned from the very same faces."""

    code = "nothing_new"

    def __init__(self, version: str) -> None:
        super().__init__(f"There is nothing new to learn: {version} knows all that is trusted, so it stays.")
        self.version = version


class Overtaken(RetrainingError):
    """Somebody published, imported or went back while this one was trained."""

    code = "overtaken"

    def __init__(self) -> None:
        super().__init__("Meanwhile another version was put in charge, so this one was dropped. Retrain again.")


class NoTensorFlow(RetrainingError):
    """It is an extra: who only answers pictures can do without its 1.9 GB."""

    code = "no_tensorflow"

    def __init__(self) -> None:
        super().__init__(
            "Retraining needs TensorFlow, which is not installed where I run: my operator adds it with "
            "`pip install 'koredare[train]'`. Until then I answer by the version that there is, and by what I was told."
        )


class RetrainingTooLong(RetrainingError):
    """It took longer than the operator allows."""

    code = "retraining_too_long"

    def __init__(self, minutes: float) -> None:
        super().__init__(f"The retraining took over {minutes:g} minutes and was stopped.")
        self.minutes = minutes


class RetrainingTooLarge(RetrainingError):
    """It needed more memory than the operator allows."""

    code = "retraining_too_large"

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            f"The retraining needed more than {megabytes} MB of memory and was stopped; the old version stays. "
            "`megabytes` under [retraining] in the configuration allows more."
        )
        self.megabytes = megabytes


class RetrainingFailed(RetrainingError):
    """Its process ended otherwise than it should; `said` is the last that it said."""

    code = "retraining_failed"

    def __init__(self, said: str) -> None:
        super().__init__(f"The retraining failed ({said}); the old version stays.")
        self.said = said


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a retraining came to.

    Attributes
    ----------
    report
        What was measured.
    before
        The version that answered until then; None: there was none.
    before_shared
        It is the one that everyone shares, and this is the first of the guild's own.
    published
        The new version, active from now on; None: the old one was kept, for the reason in the report.
    stale
        Examples left out because they could not be embedded again with this embedder.
    repeated, unwanted
        Faces with a trusted name that were left aside: they look like another one of the same character; they were
        posted where nothing is learned.
    """

    report: Report
    before: ModelVersion | None
    before_shared: bool
    published: ModelVersion | None
    stale: int
    repeated: int = 0
    unwanted: int = 0

    @property
    def overridden(self) -> bool:
        """Whether a person published it against the gate."""
        return self.published is not None and not self.report.promote


def possible() -> bool:
    """Whether what trains is installed; it is looked for, not loaded."""
    return find_spec("tensorflow") is not None


async def _silent(stage: str, share: float) -> None:
    del stage, share


@figures.counted(figures.RETRAININGS, well="done")
async def retrain(
    settings: Settings,
    database: Database,
    *,
    guild_id: int | None,
    by: Author,
    gate: Gate = "heed",
    progress: Progress = _silent,
    slots: asyncio.Semaphore | None = None,
) -> Outcome:
    """Train on everything that is trusted, and publish if it is no worse.

    Parameters
    ----------
    guild_id
        Whose model; None: the one that everyone shares.
    by
        Whose wish it is, for the record.
    gate
        "override": publish even if it is worse.
    progress
        Awaited with the stage ("waiting", "embedding", "starting", "training", "measuring") and how much of it is done,
        0..1.
    slots
        For as many retrainings as may run side by side; this one waits for its own.

    Raises
    ------
    RetrainingError
        One is running already, there is nothing to learn from, or nothing new, or it failed or took too long; or it
        cannot be done here at all.
    NoRoom
        The disk is nearly full.
    """
    if not possible():
        raise NoTensorFlow
    room.require(settings.home)
    folder = settings.models(guild_id)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".retraining")
    try:
        with lock.acquire(blocking=False):
            await publishing.reconcile(settings, database, guild_id=guild_id)
            slots = slots or asyncio.Semaphore()
            if slots.locked():
                await progress("waiting", 0.0)
            # Of data folders there may be several; a claim is a connection, so not for whoever only waits.
            async with slots, database.claim(f"retraining {guild_id}") as mine:
                if not mine:
                    raise AlreadyRetraining
                return await _retrain(settings, database, guild_id=guild_id, by=by, gate=gate, progress=progress)
    except Timeout as error:
        raise AlreadyRetraining from error


async def _retrain(
    settings: Settings, database: Database, *, guild_id: int | None, by: Author, gate: Gate, progress: Progress
) -> Outcome:
    registry = Registry(settings.models(guild_id))
    backbone = (await asyncio.to_thread(recognizer_settings, settings)).backbone  # large files are looked through
    embedder = await asyncio.to_thread(fingerprint, backbone.embedder)
    await reembedding.embed_again(settings, database, embedder=embedder, guild_id=guild_id, progress=progress)
    async with database.reading() as session:
        feedback = (await choices.get(session, guild_id)).feedback(settings.feedback)
        found = await examples.examples(session, guild_id=guild_id, quorum=feedback.quorum)
        counts = await examples.counts(session, guild_id=guild_id, quorum=feedback.quorum)
        today = await characters.names(session, guild_id=guild_id)
        last_correction = await versions.newest_correction(session)
    distinct = len(found)
    repeated = sum(each.training + each.held_out for each in counts) - distinct
    if feedback.consent == "never":
        found = [example for example in found if example.source == "import"]
    usable = [example for example in found if example.embedder == embedder]
    if not any(not example.held_out for example in usable):
        raise NothingToLearn
    chosen, charge = registry.chosen(), await asyncio.to_thread(registry.in_charge)
    before, own = charge.version, charge.version
    whole = charge.damaged is None
    if before is None and guild_id is not None:
        shared = await asyncio.to_thread(Registry(settings.models(None)).in_charge)
        before, whole = shared.version, whole and shared.damaged is None
    rival = before if before is not None and before.embedder == embedder else None
    registry.sweep()
    if whole and rival is not None and await asyncio.to_thread(_knows, rival, usable, backbone.background):
        raise NothingNew(rival.name)
    with registry.staging() as staging:
        job = _job(usable, active=rival, background=backbone.background, embedder=embedder, today=today)
        await asyncio.to_thread(job.save, staging, (example.embedding for example in usable))
        stale, unwanted = len(found) - len(usable), distinct - len(found)
        del found, usable, job  # large guilds: 150 MB that the bot need not hold for minutes
        report = await _train(staging, settings.retraining, progress=progress)
        async with database.writing() as session:
            await suspects.replace(session, report.suspects, guild_id=guild_id)
        if registry.chosen() != chosen:
            raise Overtaken
        published = None
        if report.promote or gate == "override":
            published = await publishing.publish(
                settings,
                database,
                staging / "version",
                kind="published" if report.promote else "overridden",
                guild_id=guild_id,
                by=by,
                verdict=report.verdict,
                last_correction=last_correction,
            )
    if published is None:
        async with database.writing() as session:
            await versions.record(
                session,
                "kept",
                guild_id=guild_id,
                number=None,
                by=by,
                verdict=report.verdict,
                last_correction=last_correction,
            )
    return Outcome(report, before, before is not own, published, stale, repeated, unwanted)


def _knows(version: ModelVersion, usable: Iterable[Example], background: Path) -> bool:
    """Whether a version was made from these examples, under these names, and of the same strangers."""
    now: dict[str, set[int]] = {}
    for example in usable:
        if not example.held_out:
            now.setdefault(example.name, set()).add(example.face_id)
    then = {name: set(faces) for name, faces in read_examples(version.folder).items()}
    return then == now and version.background == digest(background)


def _job(
    usable: Sequence[Example], *, active: ModelVersion | None, background: Path, embedder: str, today: Names
) -> Job:
    spoken = [] if active is None else list(read_examples(active.folder))
    return Job(
        faces=tuple(example.face_id for example in usable),
        names=tuple(example.name for example in usable),
        pictures=tuple(example.picture_hash for example in usable),
        held_out=tuple(example.held_out for example in usable),
        trusted=tuple(example.trusted for example in usable),
        active=None if active is None else active.folder,
        background=background,
        embedder=embedder,
        renamed={name: today(name) for name in spoken if today(name) != name},
    )


async def _train(job: Path, chosen: RetrainingSettings, *, progress: Progress) -> Report:
    """Run `python -P -m ml.training.process` on the job, and read what it prints; killed if it takes too long."""
    priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 0
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "ml.training.process", str(job), str(chosen.megabytes)),
            stdin=asyncio.subprocess.PIPE,  # held open: it ends when this end of the pipe does, however we end
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            creationflags=priority,
            limit=_LONGEST_LINE,
        )
        try:
            async with asyncio.timeout(chosen.minutes * 60):
                report = await _follow(process, progress)
                code = await process.wait()
        except TimeoutError as error:
            raise RetrainingTooLong(chosen.minutes) from error
        finally:
            with suppress(ProcessLookupError):  # it has ended by itself, as it should
                process.kill()
            await process.wait()
        if code != 0 or report is None:
            log.seek(0)
            raise _failure(log.read().decode(errors="replace"), code, megabytes=chosen.megabytes)
    return report


def _failure(said: str, code: int, *, megabytes: int) -> RetrainingError:
    last = said.strip().splitlines()[-1:] or [f"exit code {code}"]
    # Native code that is refused memory ends the process in one of these ways, without a word.
    ended = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL} if sys.platform != "win32" else set[int]()
    if code in ended or any(sign in said[-4000:] for sign in _NO_MEMORY):
        return RetrainingTooLarge(megabytes)
    return RetrainingFailed(last[0])


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
