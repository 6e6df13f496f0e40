"""The command line: every command, its options, what it prints and how it ends.

What is heavy is imported by the command that needs it, so that `--help` answers at once.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.config import Settings
from ml.errors import KoredareError

app = typer.Typer(
    help="Koredare names the anime characters in pictures, and learns from being corrected.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
model = typer.Typer(help="The versions of the model.", no_args_is_help=True)
app.add_typer(model, name="model")

Home = Annotated[
    Path | None, typer.Option(help="Where the bot's data lives. Default: the user data folder of this platform.")
]
Config = Annotated[
    Path | None, typer.Option(help="The configuration. Default: config.toml in the data folder, if there is one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Crops = Annotated[bool, typer.Option("--crops", help="The files are face crops already: detect nothing.")]
Guild = Annotated[
    int | None, typer.Option(help="The id of a Discord server. Default: the model that all servers share.")
]


@app.command(epilog="Example: koredare run --config config.toml")
def run(*, config: Config = None, home: Home = None) -> None:
    """Run the bot on Discord."""
    from bot import client  # noqa: PLC0415

    asyncio.run(client.run(_settings(home, config)))


@app.command(epilog="Example: koredare demo --once")
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play a short tour in the terminal and leave.")] = False,
    out: Annotated[Path, typer.Option(help="Where --once saves the pictures of the replies.")] = Path("demo"),
    port: Annotated[int, typer.Option(help="Of the local page; 0: any that is free.")] = 0,
    home: Home = None,
) -> None:
    """Try the real bot in a simulated Discord: no token, no network."""
    from bot import demo as demonstration  # noqa: PLC0415

    raise typer.Exit(demonstration.play(out=out, home=home) if once else demonstration.serve(port=port, home=home))


@app.command(epilog="Example: koredare whois picture.png --json")
def whois(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pictures.")],
    *,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Write the labelled pictures into this folder.")] = None,
    crops: Crops = False,
    home: Home = None,
) -> None:
    """Name the faces in pictures. Ends with 0 if all were read, with 1 if some were not."""
    from bot import local  # noqa: PLC0415

    settings = _settings(home)
    failed = False
    for answer in local.whois(settings, paths, crops=crops, out=out):
        failed = failed or "error" in answer
        print(json.dumps(answer, ensure_ascii=False) if as_json else local.sentence(answer), flush=True)
    raise typer.Exit(1 if failed else 0)


@app.command(
    "import", epilog="Example: koredare import pictures/    (with pictures/Riko/*.png, pictures/Maki/*.jpg, …)"
)
def import_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with a folder of pictures per character.")],
    *,
    crops: Crops = False,
    home: Home = None,
) -> None:
    """Learn from a folder per character; pictures with no face or several are listed, not learned."""
    from bot import local  # noqa: PLC0415

    typer.echo(asyncio.run(local.import_folder(_settings(home), folder, crops=crops)))


@app.command(epilog="Example: koredare retrain --json")
def retrain(*, as_json: Json = False, guild: Guild = None, home: Home = None) -> None:
    """Retrain from everything trusted. Ends with 0: published, 3: the old version was kept, 1: failed."""
    from bot import local  # noqa: PLC0415

    outcome, text = asyncio.run(local.retrain(_settings(home), guild_id=guild, as_json=as_json))
    typer.echo(text)
    raise typer.Exit(0 if outcome.published else 3)


@model.command("list", epilog="Example: koredare model list --json")
def list_(*, as_json: Json = False, guild: Guild = None, home: Home = None) -> None:
    """The versions, oldest first; the active one is marked."""
    from bot import local  # noqa: PLC0415

    typer.echo(local.list_versions(_settings(home), guild_id=guild, as_json=as_json))


@model.command(epilog="Example: koredare model show v3")
def show(
    version: Annotated[str, typer.Argument(help="As `model list` names it. Default: the active one.")] = "",
    *,
    guild: Guild = None,
    home: Home = None,
) -> None:
    """Everything that was measured of a version, as JSON."""
    from bot import local  # noqa: PLC0415

    typer.echo(local.show_version(_settings(home), version, guild_id=guild))


@model.command(epilog="Example: koredare model rollback v2")
def rollback(
    version: Annotated[str, typer.Argument(help="As `model list` names it. Default: the one before.")] = "",
    *,
    guild: Guild = None,
    home: Home = None,
) -> None:
    """Go back to an earlier version, at once; a running bot follows."""
    from bot import local  # noqa: PLC0415

    typer.echo(local.rollback(_settings(home), version, guild_id=guild))


@app.command(epilog="Example: koredare doctor")
def doctor(*, config: Config = None, home: Home = None) -> None:
    """What is configured, found and missing, and how to mend it. Ends with 1 if something is broken."""
    from bot import checkup  # noqa: PLC0415

    raise typer.Exit(checkup.report(config, home))


def main() -> None:
    """Run a command; errors that a person can mend end it with one sentence and exit code 1."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        app()
    except KoredareError as error:
        sys.stderr.write(f"koredare: {error}\n")
        sys.exit(1)


def _settings(home: Path | None, file: Path | None = None) -> Settings:
    return config.load_settings(file, home=home)
