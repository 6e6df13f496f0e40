"""The command line: every command, its options, what it prints and how it ends.

What is heavy is imported by the command that needs it, so that `--help` answers at once.
"""

import asyncio
import logging
import re
import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated, Never

import typer

from bot import logs
from bot.config.loading import shows_secret
from bot.logs import on_a_line
from bot.shell import database_commands, keeping, knowledge_commands
from bot.shell.options import Config, Guild, Home, Json, guild_option, path_argument, path_option, settings_for
from bot.shell.output import files_done, json_text, print_anything, say
from ml.errors import KoredareError

app = typer.Typer(
    help="Koredare names the anime characters in pictures, and learns from being corrected.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
model = typer.Typer(help="The versions of the model.", no_args_is_help=True)
app.add_typer(model, name="model")
dataset = typer.Typer(help="The classic steps from pictures to a training set.", no_args_is_help=True)
app.add_typer(dataset, name="dataset")
app.add_typer(knowledge_commands.app, name="knowledge")
app.add_typer(database_commands.app, name="db")

Crops = Annotated[bool, typer.Option("--crops", help="The files are face crops already: detect nothing.")]
Source = Annotated[Path, path_argument(metavar="SRC", help="A folder with a folder of pictures per character.")]
Target = Annotated[Path, path_argument(metavar="DST", help="A folder that does not exist yet, or is empty.")]


def _version(asked: bool) -> None:  # noqa: FBT001  typer calls it so
    if asked:
        print(f"koredare {metadata.version('koredare')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """What can be said before any command."""


@app.command(epilog="Example: koredare run --config config.toml")
def run(*, config: Config = None, home: Home = None) -> None:
    """Run the bot on Discord."""
    from bot import serving  # noqa: PLC0415
    from bot.database import homes, schema, stores  # noqa: PLC0415

    settings = settings_for(home, config)
    logs.begin(level=settings.logging.level, form=settings.logging.format, waiting=False)
    if shows_secret(file := config or settings.home / "config.toml"):
        logging.getLogger(__name__).warning(
            "Others on this machine may read the secrets in %s: chmod 600 %s", file, file
        )
    with homes.running(settings.home):
        schema.ensure(stores.of(settings))  # what is wrong with it is said before anybody meets Discord
        asyncio.run(serving.run(settings))


@app.command(epilog="Example: koredare demo --once")
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play a short tour in the terminal and leave.")] = False,
    out: Annotated[Path, path_option(help="Where --once saves the pictures of the replies.")] = Path("demo"),
    port: Annotated[int, typer.Option(help="Of the local page; 0: any that is free.", min=0, max=65_535)] = 0,
    config: Config = None,
    home: Home = None,
) -> None:
    """Try the real bot in a simulated Discord: no token, no network."""
    from bot import demo as demonstration  # noqa: PLC0415

    raise typer.Exit(
        demonstration.play(out=out, config=config, home=home)
        if once
        else demonstration.serve(port=port, config=config, home=home)
    )


@app.command(epilog="Example: koredare whois picture.png --json")
def whois(
    paths: Annotated[list[Path], path_argument(metavar="PATH...", help="Pictures.")],
    *,
    as_json: Json = False,
    out: Annotated[Path | None, path_option(help="Write the labelled pictures into this folder.")] = None,
    crops: Crops = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Name the faces in pictures. Ends with 0 if all were read, with 1 if some were not."""
    from bot.shell import pictures  # noqa: PLC0415

    settings = settings_for(home, config)
    failed = False
    for answer in pictures.whois(settings, paths, crops=crops, out=out):
        failed = failed or "error" in answer
        say(json_text(answer) if as_json else pictures.sentence(answer))
    raise typer.Exit(1 if failed else 0)


@app.command(
    "import", epilog="Example: koredare import pictures/    (with pictures/Riko/*.png, pictures/Maki/*.jpg, …)"
)
def import_(
    folder: Annotated[Path, path_argument(metavar="DIR", help="A folder with a folder of pictures per character.")],
    *,
    crops: Crops = False,
    guild: Annotated[int | None, guild_option(", which alone learns it. Default: all of them do.")] = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Learn from a folder per character; pictures with no face or several are listed, not learned."""
    from bot.shell import pictures  # noqa: PLC0415

    settings = settings_for(home, config)
    say(asyncio.run(pictures.import_folder(settings, folder, guild_id=guild, crops=crops)))


@app.command(epilog="Example: koredare retrain --json")
def retrain(
    *,
    as_json: Json = False,
    override: Annotated[
        bool, typer.Option("--override", help="Publish even if it is worse; that goes on record.")
    ] = False,
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Retrain from everything trusted. Ends with 0: published, 3: the old version was kept, 1: failed."""
    from bot.shell import versions  # noqa: PLC0415

    gate = "override" if override else "heed"
    settings = settings_for(home, config)
    outcome, text = asyncio.run(versions.retrain(settings, guild_id=guild, gate=gate, as_json=as_json))
    say(text)
    raise typer.Exit(0 if outcome is not None and outcome.published else 3)


@app.command(epilog="Example: koredare backbone strangers/    (with strangers/Mio/*.png, strangers/Ritsu/*.png, …)")
def backbone(
    pictures: Annotated[
        Path | None,
        path_argument(
            metavar="[PICTURES]",
            help="A folder of face crops for each character that the bot is not to know; detection/ and negatives/ "
            "beside them have it learn what a face is. Default: strangers are painted.",
        ),
    ] = None,
    *,
    config: Config = None,
    home: Home = None,
) -> None:
    """Prepare the network that the configuration chooses as backbone; Keras downloads it if no weights are named.

    Takes some minutes, once for each network. With PICTURES, these are its strangers from now on. Then: koredare
    retrain
    """
    from bot.recognition.pool import backbone_choice  # noqa: PLC0415
    from ml.pretraining.backbone import prepare  # noqa: PLC0415

    settings = settings_for(home, config)
    told = partial(typer.echo, err=True)
    ready = prepare(backbone_choice(settings), home=settings.home, pictures=pictures, told=told)
    say(f"The backbone {ready.name} is ready: {ready.embedder}\nNow: koredare retrain")


@model.command("list", epilog="Example: koredare model list --json")
def list_(*, as_json: Json = False, guild: Guild = None, config: Config = None, home: Home = None) -> None:
    """The versions, oldest first; the active one is marked."""
    from bot.shell import versions  # noqa: PLC0415

    say(versions.list_versions(settings_for(home, config), guild_id=guild, as_json=as_json))


@model.command(epilog="Example: koredare model show v3")
def show(
    version: Annotated[str, typer.Argument(help="As `model list` names it. Default: the active one.")] = "",
    *,
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Everything that was measured of a version, as JSON."""
    from bot.shell import versions  # noqa: PLC0415

    say(versions.show_version(settings_for(home, config), version, guild_id=guild))


@model.command(epilog="Example: koredare model rollback v2")
def rollback(
    version: Annotated[str, typer.Argument(help="As `model list` names it. Default: the one before.")] = "",
    *,
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Go back to an earlier version, at once; a running bot follows."""
    from bot.shell import versions  # noqa: PLC0415

    say(asyncio.run(versions.roll_back(settings_for(home, config), version, guild_id=guild)))


@model.command(epilog="Example: koredare model export v3 --to v3.zip")
def export(
    version: Annotated[str, typer.Argument(help="As `model list` names it. Default: the active one.")] = "",
    *,
    to: Annotated[
        Path | None, path_option(metavar="FILE", help="A file that does not exist yet. Default: koredare-VERSION.zip")
    ] = None,
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Write a version into one file, to be used elsewhere; it holds no pictures."""
    from bot.shell import versions  # noqa: PLC0415

    say(versions.export(settings_for(home, config), version, to, guild_id=guild))


@model.command("import", epilog="Example: koredare model import v3.zip")
def import_version(
    file: Annotated[Path, path_argument(metavar="FILE", help="What `model export` wrote.")],
    *,
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Check an exported version, and let it answer; the one before can be gone back to."""
    from bot.shell import versions  # noqa: PLC0415

    say(asyncio.run(versions.take_in(settings_for(home, config), file, guild_id=guild)))


@app.command(epilog="Example: koredare evaluate pictures/    (with pictures/Riko/*.png, …, pictures/_unknown/*.png)")
def evaluate(
    folder: Annotated[
        Path, path_argument(metavar="DIR", help="A folder of pictures per character; _unknown/ holds strangers.")
    ],
    *,
    crops: Crops = False,
    as_json: Json = False,
    out: Annotated[
        Path,
        path_option(help="Where confusion.png, reliability.png and confused.png go, over earlier charts."),
    ] = Path("evaluation"),
    guild: Guild = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Measure the model on a labelled folder: naming, turning strangers away, calibration, who is taken for whom.

    Pictures with no face or several are listed, not judged.
    """
    from bot.shell import evaluating  # noqa: PLC0415

    measured = evaluating.measure(
        settings_for(home, config), folder, crops=crops, guild_id=guild, out=out, progress=files_done()
    )
    say(json_text(evaluating.as_json(measured)) if as_json else evaluating.as_text(measured))


@dataset.command(epilog="Example: koredare dataset crop pictures/ crops/")
def crop(source: Source, target: Target, *, config: Config = None, home: Home = None) -> None:
    """Cut the faces out of pictures: one crop for each face, numbered where a picture has several.

    Pictures in which no face is found are copied to DST/unrecognized/.
    """
    from bot.shell import datasets  # noqa: PLC0415

    say(datasets.crop(settings_for(home, config), source, target))


@dataset.command(epilog="Example: koredare dataset resize crops/ small/ --size 96")
def resize(
    source: Source,
    target: Target,
    *,
    size: Annotated[int, typer.Option(help="Width and height, pixels.")] = 96,
    config: Config = None,
    home: Home = None,
) -> None:
    """Bring pictures to one size, square; of a picture that is not square, the middle is used."""
    del home, config  # every command takes it
    from bot.shell import datasets  # noqa: PLC0415

    say(datasets.resize(source, target, size=size))


@dataset.command(epilog="Example: koredare dataset split small/ sets/    (makes sets/train/ and sets/test/)")
def split(
    source: Source,
    target: Target,
    *,
    share: Annotated[float, typer.Option(help="Of each character's pictures, for testing.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Another one gives another split.")] = 0,
    config: Config = None,
    home: Home = None,
) -> None:
    """Split into DST/train/ and DST/test/ by picture; crops of one picture and near-duplicates stay together.

    Strangers (_unknown/) are only tested on.
    """
    del home, config  # every command takes it
    from bot.shell import datasets  # noqa: PLC0415

    say(datasets.split(source, target, share=share, seed=seed))


@app.command(epilog="Example: koredare doctor")
def doctor(
    *,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read the whole database too, and look at every face that is kept.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="First work out anew who every face is, from all that was said of it.")
    ] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """What is configured, found and missing, and how to mend it. Ends with 1 if something is broken."""
    from bot.shell import checkup  # noqa: PLC0415

    if rebuild:
        from bot.database import rebuilding, schema, stores  # noqa: PLC0415

        schema.ensure(store := stores.of(settings_for(home, config)))
        say(f"Worked out anew: who {rebuilding.rebuild(store):,} faces are.")
    raise typer.Exit(checkup.report(config, home, how="deep" if deep else "quick"))


keeping.add_to(app)


def main() -> None:
    """Run a command; errors that a person can mend end it with one sentence and exit code 1."""
    print_anything()
    logs.begin()
    if any(word == "" or re.fullmatch("--[a-z-]+=", word) for word in sys.argv[1:]):
        _end("One of these words is empty: is a variable not set? Leave out what you do not mean.", code=2)
    try:
        app()
    except KoredareError as error:
        _end(str(error))
    except OSError as error:  # a disk that is full, a folder that is a file: nobody's fault in the code, anywhere
        logging.getLogger(__name__).debug("Traceback", exc_info=error)
        if isinstance(error, FileNotFoundError) and error.filename is None:
            _end("The current folder is gone: go to another one.")
        where = "" if error.filename is None else f"{error.filename}: "
        _end(f"{where}{error.strerror or error}.")


def _end(why: str, *, code: int = 1) -> Never:
    for handler in logging.getLogger().handlers:
        handler.flush()  # what led to it comes before it
    said = "\n".join(map(on_a_line, why.split("\n")))
    sys.stderr.write(f"koredare: {said}\n")
    sys.exit(code)
