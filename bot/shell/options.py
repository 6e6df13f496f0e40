"""What several commands of the shell take, and the settings that follow from it."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.config import Settings, load_settings
from bot.database.homes import decided, finish
from ml.versions.registry import HOME_VARIABLE

# Whether a path can be read is for its command to say: of many pictures one that cannot costs that one.
path_option = partial(typer.Option, readable=False)
path_argument = partial(typer.Argument, readable=False)

Home = Annotated[
    Path | None,
    path_option(
        help=f"Where the bot's data lives. Default: {HOME_VARIABLE}, else the user data folder of this platform."
    ),
]
Config = Annotated[
    Path | None, path_option(help="The configuration. Default: config.toml in the data folder, if there is one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def guild_option(about: str) -> Any:
    """An option that takes the id of a Discord server, which is never 0 and fits into 64 bits."""
    return typer.Option(help=f"The id of a Discord server{about}", min=1, max=2**63 - 1)


Guild = Annotated[int | None, guild_option(". Default: the model that all servers share.")]
TheGuild = Annotated[int, guild_option(".")]


def settings_for(home: Path | None, file: Path | None) -> Settings:
    """The settings of a data folder, in which all is whole; from now on the log is as they say.

    Raises
    ------
    ConfigError
        They cannot be read; the message says what is wrong with them.
    BrokenOff
        A restore was killed there, and cannot go on.
    """
    settings = load_settings(file, home=home)
    if decided(settings.home):  # a restore that was killed: nobody is to see a part of it
        finish(settings.home)
        settings = load_settings(file, home=home)  # which it may have brought
    logs.begin(level=settings.logging.level, form=settings.logging.format)
    return settings
