"""`koredare doctor`: what is configured, found and missing, and the mend for each."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy.exc import DBAPIError

from bot import disk
from bot.config import Settings
from bot.config.loading import EXAMPLE, TOKEN_VARIABLE, shows_secret
from bot.database import schema, stores
from bot.database.errors import DatabaseError
from bot.recognition import cluster
from bot.recognition.pool import recognizer_settings
from bot.retraining.publishing import owners
from bot.shell import packages, thorough
from bot.shell.options import settings_for
from bot.shell.output import say
from ml.cascades import resolve
from ml.cascades.finding import VARIABLE as CASCADE_VARIABLE
from ml.cascades.finding import given
from ml.errors import KoredareError
from ml.faces.detector import Detector
from ml.faces.verifier import Verifier
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import Embedder, fingerprint
from ml.recognizer import VERIFIER
from ml.training.background import Background
from ml.training.report import measured
from ml.versions.reaching import reach, shown
from ml.versions.version import RegistryError

WARNED: Final = 2 * 2**30  # bytes left on the disk below which it is said


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    fine
        False: the bot does not work, or not fully, until it is mended.
    text
        What was found, or what is wrong and how to mend it.
    """

    fine: bool
    text: str


def report(file: Path | None, home: Path | None, *, how: Literal["quick", "deep"] = "quick") -> int:
    """Print all findings; gives the exit code, 1 if something needs mending.

    Parameters
    ----------
    how
        "deep": read all of the database too, and look at every face that is kept.
    """
    try:
        settings = settings_for(home, file)
    except KoredareError as error:
        findings = [Finding(fine=False, text=str(error))]
    else:
        findings = [_configuration(file or settings.home / "config.toml"), *_look(settings)]
        if how == "deep":
            findings += _all_of(Finding(fine=fine, text=text) for fine, text in thorough.findings(settings))
    for finding in findings:
        say(f"{'ok   ' if finding.fine else 'MEND '} {finding.text}")
    return 0 if all(finding.fine for finding in findings) else 1


def _look(settings: Settings) -> Iterator[Finding]:
    yield _data_folder(settings)
    yield from _all_of(_room(settings))
    yield _token(settings)
    yield _message_content(settings)
    yield _database(settings)
    if (named := given()) is not None and not named.is_file():
        yield Finding(fine=False, text=f"{CASCADE_VARIABLE} names {named}, and no file is there: mend or unset it")
    yield _try(lambda: f"detectors: {_detectors(settings)}")
    yield _try(lambda: f"verifier: {_verifier()}")
    yield _try(lambda: _backbone(settings))
    if settings.models.url:
        yield _try(lambda: _store(settings))
    yield _try(lambda: _model(settings))
    yield from _all_of(_damaged(settings))
    yield from _all_of(_lost(settings))
    if settings.recognition.executor == "dask":
        yield _try(lambda: _cluster(settings))
    for fine, text in packages.findings(settings):
        yield Finding(fine=fine, text=text)


def _configuration(file: Path) -> Finding:
    if shows_secret(file):
        return Finding(fine=False, text=f"others on this machine may read the secrets in {file}: chmod 600 {file}")
    if file.exists():
        return Finding(fine=True, text=f"configuration {file}")
    return Finding(fine=True, text=f"no configuration: copy {EXAMPLE}, which explains every setting, to {file}")


def _data_folder(settings: Settings) -> Finding:
    home = settings.home
    folder = next(path for path in (home, *home.parents) if path.exists())
    if not os.access(folder, os.W_OK):
        return Finding(fine=False, text=f"data folder {home}: cannot be written; choose another with --home")
    return Finding(fine=True, text=f"data folder {home}" + ("" if home.exists() else " (made when it is first used)"))


def _room(settings: Settings) -> Iterator[Finding]:
    free = disk.left(settings.home)
    said = f"its disk has {free / 2**20:.0f} MB left"
    if free < disk.LEAST:
        said += (
            ": nothing is kept of pictures, retrained or backed up until there is more; what people say still counts"
        )
    elif free < WARNED:
        said += (
            f": below {disk.LEAST / 2**20:.0f} MB nothing more is kept of pictures, retrained or backed up; make room"
        )
    if free < WARNED:
        yield Finding(fine=False, text=said)
    if aside := ", ".join(path.name for path in sorted(settings.home.glob("before-restore-*"))):
        yield Finding(
            fine=True,
            text=f"what lay there before a restore still does, with whom was forgotten since; yours to delete: {aside}",
        )


def _token(settings: Settings) -> Finding:
    if settings.discord.token_is_odd:
        return Finding(
            fine=False, text="what is set as bot token has a sign in it that no token has, as a space: copy it again"
        )
    if settings.discord.token.get_secret_value():
        return Finding(fine=True, text="bot token is set")
    return Finding(
        fine=False,
        text=f"no bot token: set {TOKEN_VARIABLE}, or token in {settings.home / 'config.toml'} (`koredare demo` and "
        "the commands for local files need none)",
    )


def _message_content(settings: Settings) -> Finding:
    if not settings.discord.message_content:
        return Finding(fine=True, text="message content is not asked for, so channels cannot be watched")
    return Finding(
        fine=True,
        text="message content is asked for: watching channels needs the Message Content Intent, in Discord's developer "
        "portal under Bot",
    )


def _database(settings: Settings) -> Finding:
    try:
        store = stores.of(settings)
        if not store.exists():
            if any(settings.home.glob("models/*/v*")):
                how = "db copy FOLDER URL" if settings.database.url.get_secret_value() else "restore FILE"
                return Finding(
                    fine=False, text=f"database {store.name} is gone, but there are models: `koredare {how}`"
                )
            return Finding(fine=True, text=f"database {store.name} (made when it is first used)")
    except (DatabaseError, OSError) as error:
        return _kept_from(error)
    found = store.condition()
    if found.schema is not None and found.schema not in schema.known():
        return Finding(fine=False, text=str(schema.strange(store.name, found.schema)))
    return Finding(fine=found.fine, text=found.said)


def _lost(settings: Settings) -> Iterator[Finding]:
    """Models of which the database knows, and of which no version is there any more."""
    try:
        store = stores.of(settings)
        if not store.exists():
            return
        with store.reading() as connection:
            events = connection.exec_driver_sql(
                "SELECT guild_id, number FROM version_events WHERE id IN "
                "(SELECT max(id) FROM version_events WHERE number IS NOT NULL GROUP BY guild_id)"
            ).all()
    except (DBAPIError, DatabaseError):
        return  # it is found damaged, or cannot be reached
    for guild_id, number in events:
        charge = settings.registry(guild_id).fresh().in_charge()
        if charge.version is None and charge.damaged is None:
            whose, guild = ("", "") if guild_id is None else (f" of server {guild_id}", f" --guild {guild_id}")
            text = (
                f"model v{number}{whose} is gone: `koredare restore FILE`, or learn it anew, `koredare retrain{guild}`"
            )
            yield Finding(fine=False, text=text)


def _detectors(settings: Settings) -> str:
    sources = resolve(settings.recognition.detectors, home=settings.home)
    Detector(sources)
    return ", ".join(source.name for source in sources)


def _verifier() -> str:
    Verifier(VERIFIER, Embedder(SHIPPED.embedder))
    return VERIFIER.stem


def _backbone(settings: Settings) -> str:
    backbone = recognizer_settings(settings).backbone
    embedder = Embedder(backbone.embedder)
    background = Background.load(backbone.background, embedder=embedder.fingerprint)
    strangers = len(background.crowd) + len(background.gate)
    about = f"backbone {backbone.name} ({embedder.fingerprint[:12]}), with {strangers} background faces"
    if backbone == SHIPPED:
        return about
    if backbone.judge == backbone:
        Verifier(backbone.verifier, embedder)
        about += " and a verifier of its own"
    return f"{about}, in {backbone.folder}"


def _store(settings: Settings) -> str:
    where = f"store of models {shown(settings.models.url)}"
    if reach(settings.models.url):
        return f"{where} can be reached"
    if any(settings.registry(None).store.folder.parent.glob("*/record.json")):
        raise RegistryError(f"{where} is empty, though I know versions of it: is it mounted?")
    return f"{where} can be reached; nothing was published there yet"


def _model(settings: Settings) -> str:
    active = settings.registry(None).fresh().active()
    if active is None:
        return "no model yet, so every face is unknown: `koredare import DIR`, then `koredare retrain`"
    if active.embedder != fingerprint(recognizer_settings(settings).backbone.embedder):
        raise RegistryError(
            f"model {active.name} was trained with another embedder, so every face is unknown: `koredare retrain`"
        )
    report = measured(active)
    return f"model {active.name}, " + (
        "made by an earlier Koredare" if report is None else f"from {report.examples} faces"
    )


def _cluster(settings: Settings) -> str:
    return cluster.about(settings)


def _damaged(settings: Settings) -> Iterator[Finding]:
    """Versions that are set aside, of all servers."""
    for owner in owners(settings):
        whose, guild = ("", "") if owner is None else (f" of server {owner}", f" --guild {owner}")
        registry = settings.registry(owner)
        try:
            charge, (_, damaged) = registry.in_charge(), registry.look()
        except RegistryError as error:
            yield Finding(fine=False, text=str(error))
            continue
        for name, why in damaged.items():
            yield Finding(fine=False, text=f"version {name}{whose} is damaged ({why}): set aside, and yours to delete")
        if charge.damaged is not None:
            instead = "nobody is named" if charge.version is None else f"{charge.version.name} answers"
            mend = f"`koredare retrain{guild}`, or `koredare model rollback{guild} VERSION`"
            where = charge.damaged.where
            yield Finding(fine=False, text=f"{where} is damaged, so {instead}{whose and ' there'}: {mend}")


def _try(look: Callable[[], str]) -> Finding:
    try:
        return Finding(fine=True, text=look())
    except (KoredareError, OSError) as error:
        return _kept_from(error)


def _all_of(findings: Iterator[Finding]) -> Iterator[Finding]:
    """What is found, and what kept us from looking further there: the rest is looked at all the same."""
    try:
        yield from findings
    except (KoredareError, DBAPIError, OSError) as error:
        yield _kept_from(error)


def _kept_from(error: Exception) -> Finding:
    where = f"{error.filename}: " if isinstance(error, OSError) and error.filename is not None else ""
    return Finding(fine=False, text=f"{where}{getattr(error, 'strerror', None) or error}")
