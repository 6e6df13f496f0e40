"""What several commands of the shell take, and the settings that follow from it."""

from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.config import Settings, load_settings
from ml.versions.registry import HOME_VARIABLE

Home = Annotated[
    Path | None,
    typer.Option(
        help=f"Where the bot's data lives. Default: {HOME_VARIABLE}, else the user data folder of this platform."
    ),
]
Config = Annotated[
    Path | None, typer.Option(help="The configuration. Default: config.toml in the data folder, if there is one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Guild = Annotated[
    int | None, typer.Option(help="The id of a Discord server. Default: the model that all servers share.")
]


def settings_for(home: Path | None, file: Path | None) -> Settings:
    """The settings of a data folder; from now on the log is as they say.

    Raises
    ------
    ConfigError
        They cannot be read; the message says what is wrong with them.
    """
    settings = load_settings(file, home=home)
    logs.begin(level=settings.logging.level, form=settings.logging.format)
    return settings
