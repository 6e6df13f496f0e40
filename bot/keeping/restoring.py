"""Puts a backup back: into a folder beside the data first, then in its place all at once."""

import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.clock import now
from bot.config import Settings
from bot.database import homes
from bot.keeping.contents import CONFIG, DATABASE, FOLDERS, BackupError, Contents, unpack
from ml import files


@dataclass(frozen=True, slots=True)
class Restored:
    """What came, and where lies what was there before.

    Attributes
    ----------
    aside
        None: there was nothing.
    config
        Whether the backup's configuration was taken; one that is there stays.
    """

    contents: Contents
    aside: Path | None
    config: bool


def restore(file: Path, settings: Settings) -> Restored:
    """Replace what a data folder knows by a backup; killed at any moment, it holds the old or the new, whole.

    Raises
    ------
    BackupError
        The file is no backup, is damaged, or was made by a newer Koredare; or the folder cannot be written; or the
        database is none of the folder's.
    HomeInUse
        The bot, or another command, is using the folder.
    NoRoom
        It would not fit beside what is there.
    """
    home = settings.home
    if settings.database.url.get_secret_value():
        raise BackupError(
            "The database is one of PostgreSQL, and a restore replaces files: restore this into a folder of its own, "
            "with --home, then `koredare db copy` that folder into an empty database; docs/operators.md has the steps."
        )
    try:
        with homes.alone(home):
            homes.finish(home)
            files.sweep(home / homes.STAGED)
            staged = files.beside(home / homes.STAGED)
            staged.mkdir(mode=0o700)
            try:
                contents = unpack(file, staged)
                config = (staged / CONFIG).exists() and not (home / CONFIG).exists()
                if not config:
                    (staged / CONFIG).unlink(missing_ok=True)
                copies = [path.name for path in home.glob(f"{Path(DATABASE).stem}.before-*")]
                goes = [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", *FOLDERS, *copies]
                before = [name for name in goes if (home / name).exists()]
                aside = _unused(home / f"before-restore-{now():%Y%m%d-%H%M%S}")
                homes.replace(home, staged, aside, goes=goes)
            finally:
                # Once it is decided, what is left of it is needed: `homes.finish` goes on with it.
                if not homes.decided(home):
                    shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise BackupError(f"{error.filename or home} cannot be written: {error.strerror or error}.") from error
    if not before:
        aside.rmdir()
    return Restored(contents, aside if before else None, config)


def _unused(path: Path) -> Path:
    numbered = (path if number == 1 else path.with_name(f"{path.name}-{number}") for number in count(1))
    return next(each for each in numbered if not each.exists())
