"""What is kept, carried away and let go: `koredare backup`, `koredare restore` and `koredare forget`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.config import Settings
from bot.shell.options import Config, Home, TheGuild, path_argument, settings_for
from bot.shell.output import say


def add_to(app: typer.Typer) -> None:
    """Have a command line know all three."""
    app.command(epilog="Example: koredare backup /mnt/backups/koredare.zip")(backup)
    app.command(epilog="Example: koredare restore /mnt/backups/koredare.zip")(restore)
    app.command(epilog="Example: koredare forget --guild 1234567890")(forget)


def backup(
    file: Annotated[
        Path | None,
        path_argument(metavar="[FILE]", help="A file that does not exist yet. Default: koredare-DATE-TIME.zip"),
    ] = None,
    *,
    config: Config = None,
    home: Home = None,
) -> None:
    """Write all that the data folder holds into one file, also while the bot runs, and try whether it can be restored.

    The token is left out; faces and who said what are in it, so keep it where only you can read it.
    """
    from bot.keeping.backup import back_up  # noqa: PLC0415

    saved = back_up(settings_for(home, config), file, config=config)
    left_out = "its configuration without the token" if saved.config else "no configuration"
    database = "the database" if saved.contents.schema else "no database yet"
    say(
        f"{saved.file} ({saved.size / 2**20:.1f} MB) holds {database}, {saved.versions} model versions and "
        f"{left_out}; restored on trial, it is whole."
    )


def restore(
    file: Annotated[Path, path_argument(metavar="FILE", help="What `koredare backup` wrote.")],
    *,
    config: Config = None,
    home: Home = None,
) -> None:
    """Check a backup and put it in the place of all that the data folder holds; that is put aside, not deleted.

    Stop the bot first. A configuration that is there stays; what was deleted since the backup was made comes back.
    """
    from bot.keeping.restoring import restore as put_back  # noqa: PLC0415

    restored = put_back(file, settings_for(home, config))
    say(f"Restored as of {restored.contents.made_at.astimezone():%Y-%m-%d %H:%M}.")
    if restored.aside is not None:
        say(f"What was there before lies in {restored.aside}: delete it once you need it no more.")
    if restored.config:
        say("Its configuration came along, without the token: look it through, and set that, before you start the bot.")


def forget(
    *,
    guild: TheGuild,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Delete all that is a server's: pictures' places, faces, corrections, names, settings, models, at once.

    What people agreed to holds in all servers and stays; so do backups, and answers in chat. A bot that is still in
    the server begins anew with it.
    """
    settings = settings_for(home, config)
    what = asyncio.run(_held(settings, guild))
    if not (yes or _agrees(f"Delete what there is of server {guild}: {what}?")):
        raise typer.Abort
    done = asyncio.run(_forget(settings, guild))
    later = "" if done else " Traces are still on the disk: a bot overwrites them as soon as the database lets it."
    say(f"Server {guild} is forgotten: {what}.{later}")


def _agrees(question: str) -> bool:
    """Ask on the terminal; Ctrl-C ends the command here as anywhere, where `typer.confirm` takes it for a no."""
    sys.stderr.write(f"{question} [y/N]: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


async def _held(settings: Settings, guild_id: int) -> str:
    from bot.database import departures  # noqa: PLC0415
    from bot.database.opened import opened  # noqa: PLC0415

    async with opened(settings) as database, database.reading() as session:
        held = await departures.belongings(session, guild_id)
    versions = len(settings.registry(guild_id).fresh().store.names())
    return f"{held.pictures} pictures, {held.corrections} corrections and {versions} model versions"


async def _forget(settings: Settings, guild_id: int) -> bool:
    from bot.database.opened import opened  # noqa: PLC0415
    from bot.privacy import leaving  # noqa: PLC0415

    async with opened(settings) as database:
        return await leaving.forget(settings, database, guild_id)
