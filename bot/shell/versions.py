"""What the command line does with the versions of a model, without Discord."""

import sys
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.database.opened import opened
from bot.database.versions import Author
from bot.recognition.pool import RecognitionPool
from bot.retraining import publishing, reports, run
from bot.retraining.run import Gate, NothingNew, Outcome
from bot.shell.output import json_text, say, share
from ml.errors import KoredareError
from ml.training.report import measured
from ml.versions import exchange
from ml.versions.version import ModelVersion, RegistryError

_OPERATOR = Author("shell")


async def retrain(settings: Settings, *, guild_id: int | None, gate: Gate, as_json: bool) -> tuple[Outcome | None, str]:
    """Retrain, with progress on stderr; gives the outcome, None where nothing is new, and what to print of it."""
    try:
        async with opened(settings) as database:
            outcome = await run.retrain(settings, database, guild_id=guild_id, by=_OPERATOR, gate=gate, progress=_stage)
    except NothingNew as kept:
        said = {"promoted": False, "version": None, "reason": kept.code}
        return None, json_text(said) if as_json else str(kept)
    except KoredareError as error:
        if as_json:
            say(
                json_text({"promoted": False, "version": None, "reason": error.code or "failed", "message": str(error)})
            )
        raise
    if not as_json:
        return outcome, reports.printed(outcome)
    said = {
        "promoted": outcome.published is not None,
        "version": outcome.published and outcome.published.name,
        "reason": outcome.report.verdict,
        "stale": outcome.stale,
        **outcome.report.as_json(),
    }
    return outcome, json_text(said)


def list_versions(settings: Settings, *, guild_id: int | None, as_json: bool) -> str:
    """The versions of a model, oldest first; below them those that are damaged."""
    registry = settings.registry(guild_id).fresh()
    active = registry.active()
    versions, damaged = registry.look()
    if as_json:
        rows = [_row(version, active) for version in versions]
        return json_text(rows + [_set_aside(name, why) for name, why in damaged.items()])
    if not versions and not damaged:
        return "No version yet. Import pictures or correct answers, then: koredare retrain"
    lines: list[str] = []
    for version in versions:
        mark = "*" if version == active else " "
        when = version.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        how = version.published.get("kind", "")
        lines.append(f"{mark} {version.name:<5} {when}  {how:<10}  {_measured(version)}")
    lines += [f"! {name:<5} damaged ({why}) and set aside" for name, why in damaged.items()]
    return "\n".join(lines)


def show_version(settings: Settings, name: str, *, guild_id: int | None) -> str:
    """Everything that was measured of a version, as JSON."""
    version = _version(settings, name, guild_id=guild_id)
    active = settings.registry(guild_id).active()
    return json_text({**_row(version, active), "metrics": version.metrics}, indent=1)


async def roll_back(settings: Settings, name: str, *, guild_id: int | None) -> str:
    """Make an earlier version the active one."""
    async with opened(settings) as database:
        version = await publishing.roll_back(settings, database, name, guild_id=guild_id, by=_OPERATOR)
    return f"{version.name} answers from now on."


def export(settings: Settings, name: str, file: Path | None, *, guild_id: int | None) -> str:
    """Write a version into one file; its name is made up where none is given."""
    version = _version(settings, name, guild_id=guild_id)
    target = file or Path(f"koredare-{version.name}.zip")
    exchange.export(version, target)
    return f"{version.name} is in {target}. Take it in elsewhere with: koredare model import {target}"


async def take_in(settings: Settings, file: Path, *, guild_id: int | None) -> str:
    """Make an exported version the active one."""
    pool = RecognitionPool(settings)
    try:
        async with opened(settings) as database:
            version = await publishing.import_file(settings, database, pool, file, guild_id=guild_id, by=_OPERATOR)
    finally:
        pool.close()
    return f"It is {version.name} here, and answers from now on. Go back with: koredare model rollback"


def _version(settings: Settings, name: str, *, guild_id: int | None) -> ModelVersion:
    registry = settings.registry(guild_id).fresh()
    version = registry.get(name) if name else registry.active()
    if version is None:
        raise RegistryError("There is no version yet: koredare import, then koredare retrain.")
    return version


def _row(version: ModelVersion, active: ModelVersion | None) -> dict[str, Any]:
    report = measured(version)
    return {
        "name": version.name,
        "active": version == active,
        "created_at": version.created_at.isoformat(),
        "embedder": version.embedder,
        "threshold": version.threshold,
        "published": version.published,
        "examples": None if report is None else report.examples,
        "damaged": None,
    }


def _set_aside(name: str, why: str) -> dict[str, Any]:
    unknown = dict.fromkeys(("created_at", "embedder", "threshold", "published", "examples"))
    return {"name": name, "active": False, **unknown, "damaged": why}


def _measured(version: ModelVersion) -> str:
    report = measured(version)
    if report is None:
        return "measured by an earlier Koredare"
    return (
        f"{report.examples:>6} faces  held out: {share(report.naming.after)}  "
        f"strangers left unnamed: {share(report.strangers.after)}"
    )


async def _stage(stage: str, share: float) -> None:
    sys.stderr.write(f"{stage}: {share:.0%}\n")
