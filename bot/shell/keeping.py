"""`koredare backup` and `koredare restore`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.shell.options import Config, Home, settings_for


def add_to(app: typer.Typer) -> None:
    """Have a command line know both."""
    app.command(epilog="Example: koredare backup /mnt/backups/koredare.zip")(backup)
    app.command(epilog="Example: koredare restore /mnt/backups/koredare.zip")(restore)


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file that does not exist yet. Default: koredare-DATE-TIME.zip"),
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
    typer.echo(
        f"{saved.file} ({saved.size / 2**20:.1f} MB) holds the database, {saved.versions} model versions and "
        f"{left_out}; restored on trial, it is whole."
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `koredare backup` wrote.")],
    *,
    config: Config = None,
    home: Home = None,
) -> None:
    """Check a backup and put it in the place of all that the data folder holds; that is put aside, not deleted.

    Stop the bot first. A configuration that is there stays; what was deleted since the backup was made comes back.
    """
    from bot.keeping.restoring import restore as put_back  # noqa: PLC0415

    restored = put_back(file, settings_for(home, config).home)
    typer.echo(f"Restored as of {restored.contents.made_at.astimezone():%Y-%m-%d %H:%M}.")
    if restored.aside is not None:
        typer.echo(f"What was there before lies in {restored.aside}: delete it once you need it no more.")
    if restored.config:
        typer.echo("Its configuration came along, without the token: set that before you start the bot.")
