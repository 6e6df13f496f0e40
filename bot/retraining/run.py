"""From trusted examples to a published version: gathers, trains in a process of its own, publishes if no worse."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from filelock import FileLock, Timeout

from bot import disk, metrics
from bot.config import Settings
from bot.database import characters, examples, suspects, versions
from bot.database import settings as choices
from bot.database.engine import Database
from bot.database.examples import Example
from bot.database.versions import Author
from bot.recognition.pool import recognizer_settings
from bot.retraining import publishing, reembedding
from bot.retraining.training import (
    VERSION,
    NoTensorFlow,
    Progress,
    RetrainingError,
    possible,
    train,
)
from ml.files import digest
from ml.naming.embedder import fingerprint
from ml.naming.names import Names
from ml.training.job import Job
from ml.training.report import Report
from ml.versions.version import ModelVersion, Overtaken, read_examples

Gate: TypeAlias = Literal["heed", "override"]


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


async def _silent(stage: str, share: float) -> None:
    del stage, share


@metrics.counted(metrics.RETRAININGS, well="done")
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
    RegistryError
        Another version was put in charge meanwhile, or the store of versions cannot be reached.
    RetrainingError
        One is running already, there is nothing to learn from, or nothing new, or it failed or took too long; or it
        cannot be done here at all.
    NoRoom
        The disk is nearly full.
    """
    if not possible(settings):
        raise NoTensorFlow
    disk.require(settings.home)
    folder = settings.registry(guild_id).store.folder
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".retraining")
    try:
        with lock.acquire(blocking=False):
            for owner in {guild_id, None}:
                await asyncio.to_thread(settings.registry(owner).refresh)
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
    settings: Settings,
    database: Database,
    *,
    guild_id: int | None,
    by: Author,
    gate: Gate,
    progress: Progress,
) -> Outcome:
    registry = settings.registry(guild_id)
    backbone = (await asyncio.to_thread(recognizer_settings, settings)).backbone  # large files are looked through
    embedder = await asyncio.to_thread(fingerprint, backbone.embedder)
    await reembedding.embed_again(settings, database, embedder=embedder, guild_id=guild_id, progress=progress)
    found = await _gather(settings, database, guild_id=guild_id, embedder=embedder)
    charge = await asyncio.to_thread(registry.in_charge)
    before, own = charge.version, charge.version
    whole = charge.damaged is None
    if before is None and guild_id is not None:
        shared = await asyncio.to_thread(settings.registry(None).in_charge)
        before, whole = shared.version, whole and shared.damaged is None
    rival = before if before is not None and before.embedder == embedder else None
    registry.sweep()
    if whole and rival is not None and await asyncio.to_thread(_knows, rival, found.usable, backbone.background):
        raise NothingNew(rival.name)
    with registry.staging() as staging:
        job = _job(found, active=rival, background=backbone.background, embedder=embedder)
        await asyncio.to_thread(job.save, staging, (example.embedding for example in found.usable))
        del job
        found.usable.clear()  # large guilds: 150 MB that the bot need not hold for minutes
        report = await train(staging, settings, progress=progress)
        async with database.writing() as session:
            await suspects.replace(session, report.suspects, guild_id=guild_id)
        if registry.chosen() != charge.chosen:
            raise Overtaken
        published = None
        if report.promote or gate == "override":
            published = await publishing.publish(
                settings,
                database,
                staging / VERSION,
                kind="published" if report.promote else "overridden",
                guild_id=guild_id,
                by=by,
                verdict=report.verdict,
                last_correction=found.last_correction,
                instead_of=charge,
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
                last_correction=found.last_correction,
            )
    return Outcome(report, before, before is not own, published, found.stale, found.repeated, found.unwanted)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is trusted, as it was before a retraining; `stale`, `repeated`, `unwanted` as of `Outcome`."""

    usable: list[Example]
    stale: int
    repeated: int
    unwanted: int
    names: Names
    last_correction: int | None


async def _gather(settings: Settings, database: Database, *, guild_id: int | None, embedder: str) -> _Found:
    async with database.reading() as session:
        feedback = (await choices.get(session, guild_id)).feedback(settings.feedback)
        distinct = await examples.examples(session, guild_id=guild_id, quorum=feedback.quorum)
        counts = await examples.counts(session, guild_id=guild_id, quorum=feedback.quorum)
        names = await characters.names(session, guild_id=guild_id)
        last_correction = await versions.newest_correction(session)
    only_imported = feedback.consent == "never"
    wanted = [example for example in distinct if not only_imported or example.source == "import"]
    usable = [example for example in wanted if example.embedder == embedder]
    if all(example.held_out for example in usable):
        raise NothingToLearn
    return _Found(
        usable,
        stale=len(wanted) - len(usable),
        repeated=sum(each.training + each.held_out for each in counts) - len(distinct),
        unwanted=len(distinct) - len(wanted),
        names=names,
        last_correction=last_correction,
    )


def _knows(version: ModelVersion, usable: Iterable[Example], background: Path) -> bool:
    """Whether a version was made from these examples, under these names, and of the same strangers."""
    now: dict[str, set[int]] = {}
    for example in usable:
        if not example.held_out:
            now.setdefault(example.name, set()).add(example.face_id)
    then = {name: set(faces) for name, faces in read_examples(version.folder).items()}
    return then == now and version.background == digest(background)


def _job(found: _Found, *, active: ModelVersion | None, background: Path, embedder: str) -> Job:
    usable, today = found.usable, found.names
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
