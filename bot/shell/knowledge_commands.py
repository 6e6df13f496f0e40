"""`koredare knowledge`: what a server has taught the bot, out and in again as one file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.shell.options import Config, Home, TheGuild, path_argument, settings_for
from bot.shell.output import say

app = typer.Typer(help="What a server has taught, as one file.", no_args_is_help=True)


@app.command(epilog="Example: koredare knowledge export club.zip --guild 1234567890")
def export(
    file: Annotated[Path, path_argument(metavar="FILE", help="A file that does not exist yet.")],
    *,
    guild: TheGuild,
    config: Config = None,
    home: Home = None,
) -> None:
    """Write a server's characters, their other names and its trusted faces into one file.

    It names nobody who posted or said anything, but shows faces from their pictures.
    """
    from bot.shell import knowledge  # noqa: PLC0415

    say(asyncio.run(knowledge.export(settings_for(home, config), file, guild_id=guild)))


@app.command("import", epilog="Example: koredare knowledge import club.zip --guild 1234567890")
def take_in(
    file: Annotated[Path, path_argument(metavar="FILE", help="What `knowledge export` wrote.")],
    *,
    guild: TheGuild,
    config: Config = None,
    home: Home = None,
) -> None:
    """Check such a file, and make another server know what it holds; what that server knows already stands."""
    from bot.shell import knowledge  # noqa: PLC0415

    say(asyncio.run(knowledge.take_in(settings_for(home, config), file, guild_id=guild)))
