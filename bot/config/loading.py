"""The configuration as it is read: a TOML file, two variables of the environment, and what is said of mistakes."""

import errno
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError
from rapidfuzz import fuzz, process

from bot.config.tables import DatabaseSettings, Settings, Table
from ml import files
from ml.errors import KoredareError
from ml.versions.registry import HOME_VARIABLE, default_home

EXAMPLE = next(
    path  # in the wheel inside the package, in a checkout where people look first
    for folder in Path(__file__).parents[1:3]
    if (path := folder / "config.example.toml").exists()
)
TOKEN_VARIABLE = "KOREDARE_TOKEN"  # noqa: S105  the name of the variable, not a token
DATABASE_VARIABLE = "KOREDARE_DATABASE"
_LONGEST: Final = 2**20  # bytes of a configuration; the example has some thousands
_WANTED: Final = {  # in place of words that are about Python
    "model_type": "a table is wanted, its name in brackets on a line of its own and its settings below",
    "tuple_type": 'a list in brackets is wanted, as ["one", "another"]',
    "string_type": "text in quotes is wanted",
    "bool_type": "true or false is wanted",
    "bool_parsing": "true or false is wanted",
    "int_type": "a whole number is wanted",
    "int_parsing": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "float_type": "a number is wanted",
    "float_parsing": "a number is wanted",
}


class ConfigError(KoredareError):
    """The configuration cannot be used; the message says which line of it, and what is accepted."""


def load_settings(path: Path | None = None, *, home: Path | None = None) -> Settings:
    """Read the configuration.

    Parameters
    ----------
    path
        A TOML file; None: `config.toml` in the data folder where there is one, else the defaults.
    home
        The data folder; None: that of `KOREDARE_HOME`, else the platform's.

    Raises
    ------
    ConfigError
        The file is missing, is not TOML, or holds something that is not accepted.
    """
    home = _data_folder(home)
    file = path or home / "config.toml"
    tables: dict[str, object] = {}
    if path is not None or os.path.lexists(file):
        try:
            tables = tomllib.loads(text_of(file))
        except OSError as error:
            raise ConfigError(f"I cannot read {file}: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"{file} is not valid TOML: {error}.") from error
    if "home" in tables:
        raise ConfigError(f"{file}: the data folder is chosen with --home, not in the file.")
    try:
        settings = Settings.model_validate({**tables, "home": home})
    except ValidationError as error:
        raise ConfigError(_explain(file, error)) from None  # pydantic repeats what was given, secrets too
    if url := os.environ.get(DATABASE_VARIABLE):
        try:
            database = DatabaseSettings(url=SecretStr(database_url(url)))
        except ConfigError as error:
            raise ConfigError(f"{DATABASE_VARIABLE}: {error}") from None
        settings = settings.model_copy(update={"database": database})
    if token := os.environ.get(TOKEN_VARIABLE):
        discord = settings.discord.model_copy(update={"token": SecretStr(token)})
        settings = settings.model_copy(update={"discord": discord})
    return settings


def database_url(url: str) -> str:
    """The URL of a database, checked.

    Raises
    ------
    ConfigError
        It is none.
    """
    try:
        return DatabaseSettings(url=SecretStr(url)).url.get_secret_value()
    except ValidationError as error:
        raise ConfigError(f"{_said(error.errors()[0]['msg'])}.") from None


def _data_folder(home: Path | None) -> Path:
    """The whole path of the data folder, which need not be there yet."""
    try:
        folder = (home or default_home()).expanduser().resolve()
    except RuntimeError as error:  # nobody is called so, or links go in a circle
        raise ConfigError(
            f"{home or HOME_VARIABLE} is no data folder ({error}): choose another with --home."
        ) from error
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        raise ConfigError(f"The data folder cannot be {folder}, as {there} is no folder: choose another with --home.")
    return folder


def text_of(file: Path) -> str:
    """The text of a configuration, with or without the mark that Windows puts before UTF-8; it may come by a pipe.

    Raises
    ------
    OSError
        It cannot be read, or is none by its size.
    UnicodeDecodeError
        It is not UTF-8.
    """
    if file.is_fifo() and not file.is_symlink():  # one of `<(…)` is a link; behind another there may be nobody
        files.check_ordinary(file)
    with file.open("rb") as opened:
        data = opened.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
    return data.decode("utf-8-sig")


def _explain(file: Path, error: ValidationError) -> str:
    lines = [f"{file} has something that I do not accept:"]
    for problem in error.errors(include_url=False, include_context=False):
        where = ".".join(str(part) for part in problem["loc"])
        said = _WANTED.get(problem["type"]) or _said(problem["msg"])
        if problem["type"] == "extra_forbidden":
            said = "there is no such setting" + _meant(where)
        lines.append(f"  {where}: {said}")
    lines.append(f"{EXAMPLE} explains every setting.")
    return "\n".join(lines)


def _said(problem: str) -> str:
    said = problem.removeprefix("Value error, ")
    return f"{said[0].lower()}{said[1:]}"


def _meant(where: str) -> str:
    """The setting, or the table, whose name is most like one that there is not, as a question."""
    table, _, name = where.rpartition(".")
    tables = {name: _fields(field.annotation) for name, field in Settings.model_fields.items() if name != "home"}
    names = {f"{each}.{setting}": setting for each, settings in tables.items() for setting in settings}
    here = {each: setting for each, setting in names.items() if each.startswith(f"{table}.")}
    for choices in (here, names | ({} if table else {each: each for each in tables})):
        if (found := process.extractOne(name, choices, scorer=fuzz.ratio, score_cutoff=75)) is not None:
            return f"; did you mean {found[2]}?"
    return ""


def _fields(table: Any) -> list[str]:
    """The names of a table's settings."""
    return list(table.model_fields) if isinstance(table, type) and issubclass(table, Table) else []


def shows_secret(file: Path) -> bool:
    """Whether a configuration holds the token, or the password of the database, and others may read it."""
    try:
        tables = tomllib.loads(text_of(file))
        exposed = os.name == "posix" and bool(file.stat().st_mode & 0o077)
    except (OSError, ValueError, RecursionError):  # whoever reads it in earnest says what is wrong with it
        return False
    return exposed and bool(secrets_in(tables))


def secrets_in(tables: dict[str, Any]) -> list[str]:
    """What in the tables of a configuration nobody else is to read; they may hold anything."""
    token, url = _in(tables, "discord", "token"), _in(tables, "database", "url")
    told = re.search(r"://[^/@]*:[^/]*@|password", url)  # there may be none in it: libpq knows other places
    return [secret for secret in (token, url if told else "") if secret]


def _in(tables: dict[str, Any], table: str, name: str) -> str:
    settings = tables.get(table)
    return str(settings.get(name) or "") if isinstance(settings, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
