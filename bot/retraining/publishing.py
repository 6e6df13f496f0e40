"""What makes a version answer: publishing, importing and going back, on the disk and in the ledger of versions."""

import asyncio
import logging
from pathlib import Path
from typing import Literal, cast

from bot.config import Settings
from bot.database import notices, versions
from bot.database.engine import Database
from bot.database.versions import Author, EventKind
from bot.recognition import worker
from bot.recognition.pool import RecognitionPool
from ml.versions import exchange
from ml.versions.charge import InCharge
from ml.versions.version import ModelVersion, RegistryError

log = logging.getLogger(__name__)


async def publish(
    settings: Settings,
    database: Database,
    staged: Path,
    *,
    kind: Literal["published", "overridden", "imported"],
    guild_id: int | None,
    by: Author,
    verdict: str | None = None,
    last_correction: int | None = None,
    instead_of: InCharge | None = None,
) -> ModelVersion:
    """Make a staged version answer, write that down, and remove versions that are too old.

    Killed before it is written down, `reconcile` makes up for it. What is kept says how a version was published, and
    the ledger alone by whom: there a person can be forgotten.

    Parameters
    ----------
    staged
        A folder that `Registry.staging` gave, or one in it.
    verdict, last_correction
        As in `VersionEvent`.
    instead_of
        As in `Registry.publish`.

    Raises
    ------
    RegistryError
        The folder does not hold a version, somebody else was quicker, or the store cannot be reached.
    """
    registry = settings.registry(guild_id)
    version = await asyncio.to_thread(
        registry.publish, staged, published={"kind": kind, "via": by.via}, instead_of=instead_of
    )
    async with database.writing() as session:
        await versions.record(
            session,
            kind,
            guild_id=guild_id,
            number=version.number,
            by=by,
            verdict=verdict,
            last_correction=last_correction,
        )
        await notices.tell(session, "model", guild_id or notices.EVERYONE)
    try:
        await asyncio.to_thread(registry.prune)
    except RegistryError as error:  # they go with the next
        log.info("Older versions of %s stay for now: %s", guild_id or "all servers", error)
    return version


async def import_file(
    settings: Settings, database: Database, pool: RecognitionPool, file: Path, *, guild_id: int | None, by: Author
) -> ModelVersion:
    """Make a version answer that was exported to a file, after a worker checked it and tried it on faces.

    Raises
    ------
    ExchangeError
        The file is none, is damaged, was made with another embedder, or does not answer as a version does.
    RecognitionError
        It takes more memory or time than a picture may.
    """
    data = await asyncio.to_thread(exchange.take, file)
    parts = await pool.run(worker.take_in_version, data, called=str(file))
    with settings.registry(guild_id).staging() as staging:
        version = staging / "version"
        version.mkdir()
        for name, part in parts.items():
            (version / name).write_bytes(part)
        return await publish(settings, database, version, kind="imported", guild_id=guild_id, by=by)


async def roll_back(
    settings: Settings, database: Database, name: str, *, guild_id: int | None, by: Author
) -> ModelVersion:
    """Make an earlier version answer; `name` empty: the one before the active one.

    Raises
    ------
    RegistryError
        There is no such version, it is damaged, or the store cannot be reached.
    """
    registry = settings.registry(guild_id)
    await asyncio.to_thread(registry.refresh)
    version = await asyncio.to_thread(lambda: registry.activate(name or registry.predecessor().name))
    async with database.writing() as session:
        await versions.record(session, "rolled_back", guild_id=guild_id, number=version.number, by=by)
        await notices.tell(session, "model", guild_id or notices.EVERYONE)
    return version


def owners(settings: Settings) -> list[int | None]:
    """Whose models this machine knows: guilds by their ids, and None for the one that everyone shares."""
    folder = settings.registry(None).store.folder.parent
    names = sorted(child.name for child in folder.iterdir() if child.is_dir()) if folder.is_dir() else []
    return [None, *(int(name) for name in names if name.isdecimal())]


async def reconcile(settings: Settings, database: Database, *, guild_id: int | None) -> None:
    """Write down which version answers, where the process that saw to it was killed before it could.

    Where a damaged version was put in charge nothing is: that another answers in its place is nobody's doing.
    """
    charge = await asyncio.to_thread(settings.registry(guild_id).in_charge)
    active = charge.version
    if active is None or charge.damaged is not None:
        return
    async with database.writing() as session:
        events = await versions.history(session, guild_id=guild_id)
        numbers = [event.number for event in events if event.number is not None]
        if numbers[-1:] == [active.number]:
            return
        kind = "rolled_back" if active.number in numbers else active.published.get("kind", "published")
        via = active.published.get("via", "shell")
        await versions.record(
            session,
            cast("EventKind", kind),
            guild_id=guild_id,
            number=active.number,
            by=Author(cast("versions.Via", via)),
        )
