"""A data folder for the demo: pictures painted, some of them imported, the shared model trained. All of it real."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from bot.config import Settings
from bot.database.opened import opened
from bot.database.stores.sqlite import database_path
from bot.database.versions import Author
from bot.demo import DemoError
from bot.demo.paintings import EACH, KNOWN, LEARNED, NEW, Gallery
from bot.demo.terminal import Step
from bot.examples import from_folder
from bot.retraining import run
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import fingerprint
from ml.painting import Character
from ml.versions.registry import Registry

_PICTURES = "demo-pictures"


def lasting_home() -> Path:
    """Where the page's data is kept from one time to the next, so that what visitors taught it is not lost.

    A folder for each embedder: what one has learned is nothing to another.
    """
    return platformdirs.user_cache_path("koredare-demo", appauthor=False) / fingerprint(SHIPPED.embedder)[:8]


def gallery(settings: Settings) -> Gallery:
    """The painted pictures of a data folder."""
    return Gallery(settings.home / _PICTURES)


async def prepare(settings: Settings, *, new: Sequence[Character] = NEW, seeds: Sequence[int] = range(EACH)) -> Gallery:
    """Paint, import and train what is missing, with a line in the terminal for each step.

    Parameters
    ----------
    new
        The characters to paint beside those that are imported.
    seeds
        The pictures to paint of each; those to be imported are among them.

    Raises
    ------
    DemoError
        The folder is not the demo's own.
    """
    home, pictures = settings.home, gallery(settings)
    # A bot whose database is elsewhere still has its models here.
    if (database_path(home).exists() or (home / "models").exists()) and not pictures.folder.exists():
        raise DemoError(
            f"{home} holds the data of a bot, and the demo would mix its painted characters into it. "
            "Give the demo a folder of its own with --home, or leave --home out."
        )
    if Registry(settings.models(None)).active() is None:
        await _import(settings, pictures)
        await _train(settings, pictures, new, seeds)
    else:
        await pictures.fill([*KNOWN, *new], seeds)
    return pictures


async def _import(settings: Settings, pictures: Gallery) -> None:
    step = Step(f"Painting {LEARNED} pictures of each of {len(KNOWN)} characters")
    await pictures.fill(KNOWN, range(LEARNED), progress=step.advance)
    step.finish("done")
    step = Step("Importing them")
    with pictures.selection(KNOWN, range(LEARNED)) as folder:
        async with opened(settings) as database:
            imported = await from_folder.import_folder(settings, database, folder, crops=False, progress=step.advance)
    faces = sum(imported.learned.values()) + imported.known
    left_out = f"; in {len(imported.left_out)} pictures I found no face, or several" if imported.left_out else ""
    step.finish(f"{faces} faces{left_out}")


async def _train(settings: Settings, pictures: Gallery, new: Sequence[Character], seeds: Sequence[int]) -> None:
    """Train the first model; as that leaves a core idle, paint the rest meanwhile."""
    step = Step("Training the first model, painting more pictures")
    painting = asyncio.create_task(pictures.fill([*KNOWN, *new], seeds))
    try:
        async with opened(settings) as database:
            await run.retrain(settings, database, guild_id=None, by=Author("shell"))
        await painting
    finally:
        painting.cancel()
        await asyncio.gather(painting, return_exceptions=True)
    step.finish(f"it knows {', '.join(character.name for character in KNOWN)}")
