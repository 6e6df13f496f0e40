"""What an operator may choose: one TOML file, checked when it is read."""

import errno
import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from rapidfuzz import fuzz, process

from bot import hours, logs
from bot.hours import Hours
from ml import files
from ml.errors import KoredareError
from ml.naming.backbones import BackboneName
from ml.naming.networks import ONNX
from ml.versions.charge import owner_of
from ml.versions.registry import HOME_VARIABLE, Registry, default_home, models
from ml.versions.remote import Remote

EXAMPLE = next(
    path  # in the wheel inside the package, in a checkout where people look first
    for folder in Path(__file__).parents[:2]
    if (path := folder / "config.example.toml").exists()
)
TOKEN_VARIABLE = "KOREDARE_TOKEN"  # noqa: S105  the name of the variable, not a token
DATABASE_VARIABLE = "KOREDARE_DATABASE"
Language: TypeAlias = Literal["en", "ja"]
"""What the bot speaks in chat."""
MOST_QUORUM = 20
_LONGEST = 2**20  # bytes of a configuration; the example has some thousands


class ConfigError(KoredareError):
    """The configuration cannot be used; the message says which line of it, and what is accepted."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _api(address: str) -> str:
    """The address of an API, to which the token goes: nowhere that others on the way could read it."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise ValueError(f"{address!r} is neither an address with https:// nor one with http:// on this machine")
    return address.rstrip("/")


class DiscordSettings(_Table):
    """How the bot meets Discord.

    Attributes
    ----------
    token
        From Discord's developer portal. The variable `KOREDARE_TOKEN` wins over the file.
    prefix
        What text commands begin with.
    message_content
        Ask Discord for the contents of messages that do not mention the bot; without them channels cannot be watched.
    strangers
        What is posted in a watched channel where nobody in a picture is known: "line", or the labelled "picture".
    api
        Where Discord's API is: Discord itself, or something on this machine that stands before it.
    shards
        Into how many connections the bot's servers are divided, in all its processes together; 0: as Discord advises.
    shard_ids
        Which of them this process holds, by their numbers from 0 on; empty: all.
    """

    token: SecretStr = SecretStr("")
    prefix: Annotated[str, Field(min_length=1, max_length=10)] = "!"
    message_content: bool = True
    strangers: Literal["line", "picture"] = "line"
    api: Annotated[str, AfterValidator(_api)] = "https://discord.com/api/v10"
    shards: Annotated[int, Field(ge=0, le=100_000)] = 0
    shard_ids: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _shards_are_there(self) -> Self:
        if not self.shard_ids:
            return self
        if not self.shards:
            raise ValueError("shard_ids needs shards: how many there are in all, the same in every process")
        if strange := [each for each in self.shard_ids if not 0 <= each < self.shards]:
            raise ValueError(
                f"shard_ids has {strange[0]}, and shards = {self.shards} are numbered 0 to {self.shards - 1}"
            )
        if len(set(self.shard_ids)) < len(self.shard_ids):
            raise ValueError("shard_ids has one twice")
        return self

    @property
    def token_is_odd(self) -> bool:
        """Whether the token has signs in it that no token has; what surrounds it is passed over."""
        return re.search(r"[^\x21-\x7e]", self.token.get_secret_value().strip()) is not None

    def holds(self, guild_id: int) -> bool:
        """Whether this process, and no other, is told what happens in a server."""
        return not self.shard_ids or (guild_id >> 22) % self.shards in self.shard_ids


def _database(url: SecretStr) -> SecretStr:
    """The URL of a database of PostgreSQL; nothing of it is repeated, as it may hold a password."""
    value = url.get_secret_value()
    try:
        parts = urlsplit(value)
        fine = not value or (
            parts.scheme in ("postgresql", "postgres") and bool(parts.path.strip("/")) and parts.port != 0
        )
    except ValueError:
        fine = False
    if not fine:
        raise ValueError('that is no URL of a database, as "postgresql://user:password@host/name"')
    return SecretStr(re.sub("^postgres:", "postgresql:", value))


class DatabaseSettings(_Table):
    """Where what is remembered lies.

    Attributes
    ----------
    url
        Of a database of PostgreSQL; empty: in a file in the data folder. The variable `KOREDARE_DATABASE` wins over the
        file.
    """

    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("")


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


def _backbone(value: object) -> object:
    """A name as it is, and the path of an ONNX file as a path."""
    names = get_args(BackboneName)
    if value in names or isinstance(value, Path):
        return value
    if isinstance(value, str) and Path(value).suffix == ONNX:
        return _expanded(value)
    raise ValueError(f"{value!r} is neither {', '.join(names)} nor the path of an {ONNX} file")


_Positive: TypeAlias = Annotated[float, Field(gt=0)]


class OnnxSettings(_Table):
    """How the ONNX file that is the backbone is to be used.

    Attributes
    ----------
    size
        Side of its input, pixels; 0: as the file says.
    mean, std
        What is taken from red, green and blue, 0..1, and what the rest is divided by.
    output
        Which of its outputs is the vector; empty: its only one.
    """

    size: Annotated[int, Field(ge=0, le=1024)] = 0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[_Positive, _Positive, _Positive] = (1.0, 1.0, 1.0)
    output: str = ""


def _file(value: str) -> str:
    return value and str(_expanded(value))


class RecognitionSettings(_Table):
    """How pictures are looked at.

    Attributes
    ----------
    detectors
        Names of cascades, or paths of `.xml` files, in the order in which they are asked: those after the
        first only where it is not sure. Empty: what set-up found, the best first.
    backbone
        The network that turns faces into vectors: the one that ships, or one of `keras.applications` or in an ONNX
        file, which `koredare backbone` prepares.
    backbone_weights
        Path of the weights to prepare one of `keras.applications` from; empty: ImageNet's, downloaded by Keras.
    onnx
        How an ONNX file is to be used.
    executor
        Where recognition runs: "processes" (a picture that kills or hangs its worker costs that one answer), or
        "dask" (a cluster at `dask_address`).
    dask_ca, dask_certificate, dask_key
        Paths of PEM files, for a scheduler that speaks TLS: whose certificates we trust, ours, and its key. Empty: as
        Dask's own configuration has it.
    workers
        Pictures looked at side by side.
    worker_megabytes
        Memory that looking at a picture may take (on Linux; elsewhere it is not bounded).
    seconds
        A picture that takes longer is given up.
    max_megabytes, max_megapixels
        Larger pictures are refused before they are decoded.
    """

    detectors: tuple[Annotated[str, AfterValidator(_file)], ...] = ()
    backbone: Annotated[BackboneName | Path, BeforeValidator(_backbone)] = "koredare"
    backbone_weights: Annotated[str, AfterValidator(_file)] = ""
    onnx: OnnxSettings = OnnxSettings()
    executor: Literal["processes", "dask"] = "processes"
    dask_address: str = ""
    dask_ca: Annotated[str, AfterValidator(_file)] = ""
    dask_certificate: Annotated[str, AfterValidator(_file)] = ""
    dask_key: Annotated[str, AfterValidator(_file)] = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    worker_megabytes: Annotated[int, Field(ge=200, le=65_536)] = 800
    seconds: Annotated[float, Field(gt=0, le=600)] = 20.0
    max_megabytes: Annotated[float, Field(gt=0, le=500)] = 25.0
    max_megapixels: Annotated[float, Field(gt=0, le=200)] = 40.0

    @model_validator(mode="after")
    def _cluster_has_an_address(self) -> Self:
        if self.executor == "dask" and not self.dask_address:
            raise ValueError('executor = "dask" needs dask_address, the scheduler\'s, as "tcp://host:8786"')
        files = (self.dask_ca, self.dask_certificate, self.dask_key)
        if any(files) and not (all(files) and self.dask_address.startswith("tls://")):
            raise ValueError('dask_ca, dask_certificate and dask_key are for a dask_address that begins with "tls://"')
        return self


ConsentPolicy: TypeAlias = Literal["ask", "given", "never"]
"""Whose pictures may be kept to learn from, as in `FeedbackSettings`."""


class FeedbackSettings(_Table):
    """Whose word counts, and whose pictures may be kept.

    Attributes
    ----------
    quorum
        Members who must agree before a name is trusted; a moderator's word is enough alone.
    consent
        "ask": the poster of a corrected picture is asked, once. "given": your members have agreed elsewhere.
        "never": no picture from Discord is ever kept or learned from.
    """

    quorum: Annotated[int, Field(ge=1, le=MOST_QUORUM)] = 2
    consent: ConsentPolicy = "ask"


class PrivacySettings(_Table):
    """How long what people posted is kept.

    Attributes
    ----------
    retention_days
        Pictures posted on Discord that are older are forgotten, with their faces, what was kept of them to learn from,
        and what was said of them; 0: never.
    left_days
        A server that the bot was taken out of so long ago is forgotten, with all that is its own; 0: never.
    """

    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    left_days: Annotated[int, Field(ge=0, le=36_500)] = 30


class RetrainingSettings(_Table):
    """How the bot learns.

    Attributes
    ----------
    every
        What was said in a server waits this long at most, then it is retrained; None: for ever.
    after_corrections
        It is retrained once so much was said; 0: never.
    quiet
        Hours of the day in which no such retraining begins; None: it may at any hour.
    time_zone
        Of these hours, as "Europe/Berlin"; empty: the machine's.
    at_once
        So many run side by side; the others wait.
    minutes
        A retraining that takes longer is stopped, and the old version stays.
    megabytes
        One that needs more memory is stopped likewise (on Linux; elsewhere it is not bounded).
    """

    every: Annotated[timedelta | None, BeforeValidator(hours.duration)] = timedelta(hours=24)
    after_corrections: Annotated[int, Field(ge=0)] = 30
    quiet: Annotated[Hours | None, BeforeValidator(Hours.parse)] = None
    time_zone: Annotated[str, AfterValidator(hours.check_zone)] = ""
    at_once: Annotated[int, Field(ge=1, le=64)] = 1
    minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 10.0
    megabytes: Annotated[int, Field(ge=1024)] = 2048


def _url(value: str) -> str:
    """A URL that fsspec reads; the path of a folder is one too."""
    if not value or "://" in value:
        return value.rstrip("/") if urlsplit(value).path.strip("/") else value
    if (path := _expanded(value)).is_absolute():
        return path.as_uri()
    raise ValueError(f'{value!r} is neither a URL, as "s3://bucket/models", nor the whole path of a folder')


class ModelsSettings(_Table):
    """Where model versions lie.

    Attributes
    ----------
    url
        A store that several machines see, as fsspec knows it; empty: in the data folder, of this machine alone.
    """

    url: Annotated[str, AfterValidator(_url)] = ""


_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:\s]+):(?P<port>\d{1,5})")


def _address(value: str) -> str:
    found = _ADDRESS.fullmatch(value)
    if value and (found is None or int(found["port"]) > 65_535):
        raise ValueError(f'{value!r} is no address with a port, as "127.0.0.1:8080"')
    return value


class HealthSettings(_Table):
    """Where whoever watches the bot asks how it is.

    Attributes
    ----------
    listen
        Address and port of `/healthz` and `/metrics`; empty: there is no such page.
    """

    listen: Annotated[str, AfterValidator(_address)] = ""

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port; None: there is no page."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.listen else None


class LoggingSettings(_Table):
    """What the log on stderr looks like.

    Attributes
    ----------
    level
        What is less important is left out. "debug" has each step of each picture too.
    format
        "text" for people, "json" for machines, an object a line.
    """

    level: logs.Level = "info"
    format: logs.Format = "text"


class Settings(_Table):
    """Everything that can be chosen, and where the bot's data lives."""

    home: Path
    discord: DiscordSettings = DiscordSettings()
    database: DatabaseSettings = DatabaseSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    retraining: RetrainingSettings = RetrainingSettings()
    privacy: PrivacySettings = PrivacySettings()
    logging: LoggingSettings = LoggingSettings()
    health: HealthSettings = HealthSettings()
    models: ModelsSettings = ModelsSettings()

    def registry(self, guild_id: int | None) -> Registry:
        """A guild's model versions; None: those that everyone shares."""
        if not self.models.url:
            return Registry(models(self.home, guild_id))
        return Registry(Remote(self.models.url, owner_of(guild_id), home=self.home))


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


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path!r}: nobody is called so here") from error


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
    return list(table.model_fields) if isinstance(table, type) and issubclass(table, _Table) else []
