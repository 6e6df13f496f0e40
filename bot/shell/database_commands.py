"""`koredare db`: the database, carried from one place to another."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.shell.options import Config, Home, settings_for
from bot.shell.output import say

if TYPE_CHECKING:
    from bot.database.stores import Store

app = typer.Typer(help="Where the bot's rows are.", no_args_is_help=True)

_PLACE = "A data folder, or the URL of a database of PostgreSQL."


@app.callback()
def about() -> None:
    """Where the bot's rows are."""


@app.command(
    "copy", epilog="Example: koredare db copy ~/.local/share/koredare postgresql://koredare@db.example/koredare"
)
def copy_(
    source: Annotated[str, typer.Argument(metavar="FROM", help=_PLACE)],
    target: Annotated[str, typer.Argument(metavar="TO", help=_PLACE)],
    *,
    config: Config = None,
    home: Home = None,
) -> None:
    """Put all rows of one database into another, empty one, and compare them; broken off, it goes on where it was.

    Stop the bots of both first. A password is better left to ~/.pgpass or PGPASSWORD than typed. Models and
    configuration stay where they are.
    """
    del home, config  # every command takes it
    from bot.database import copying  # noqa: PLC0415
    from bot.database.errors import DatabaseError  # noqa: PLC0415

    if "://" not in source + target and Path(source).resolve() == Path(target).resolve():
        raise DatabaseError(f"{source} and {target} are one data folder: there is nothing to copy.")
    rows = 0

    def told(table: str, number: int) -> None:
        nonlocal rows
        rows += number
        say(f"{table}: {number:,} rows, the same in both")

    with _place(source) as from_, _place(target) as to:
        copying.copy(from_, to, told=told)
        say(f"Copied {rows:,} rows from {from_.name} to {to.name}. Nothing was taken away.")


@contextmanager
def _place(word: str) -> Generator["Store"]:
    """Where rows are, which nobody else uses as far as this machine knows."""
    from bot.config.loading import database_url  # noqa: PLC0415
    from bot.database import homes, stores  # noqa: PLC0415

    if "://" in word:
        with tempfile.TemporaryDirectory() as folder:
            yield stores.at(Path(folder), url=database_url(word))
    else:
        home = settings_for(Path(word), None).home
        with homes.alone(home):
            yield stores.SqliteFile(home)
